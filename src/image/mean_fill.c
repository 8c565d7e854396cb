/* mean_fill.c - a picture of the mean colour of another. */
#include <inttypes.h>
#include <math.h>

#include "../context/context.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "shape.h"

/* The first pixel and the mean difference from it: of equal ones it is what they are, to the last bit. */
static double mean_of(uint32_t dtype, const attrib_image *shape, const void *input, int64_t channel) {
  attrib__sum sum = {0};
  double first, value;
  attrib__rows_load(dtype, input, attrib__image_offset(shape, 0, 0, channel), 1, &first);
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++) {
      attrib__rows_load(dtype, input, attrib__image_offset(shape, x, y, channel), 1, &value);
      attrib__sum_add(&sum, value - first);
    }
  return first + attrib__sum_value(&sum) / ((double)shape->width * (double)shape->height);
}

static attrib_status fill(attrib_context *context, uint32_t dtype, const attrib_image *given, const void *input,
                          void *row) {
  attrib_image shape;
  attrib_status status = attrib__image_read_shape(context, dtype, given, &shape);
  if (status < 0) return status;
  if (input == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "input is NULL");
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  status = attrib__image_check_finite(context, dtype, &shape, "input", input);
  if (status < 0) return status;
  for (int64_t c = 0; c < shape.channels; c++) /* all of them before the first element is written */
    if (!isfinite(mean_of(dtype, &shape, input, c)))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "input: the sum over channel %" PRId64 " overflows", c);
  for (int64_t c = 0; c < shape.channels; c++) {
    const double mean = mean_of(dtype, &shape, input, c);
    for (int64_t y = 0; y < shape.height; y++)
      for (int64_t x = 0; x < shape.width; x++)
        attrib__rows_store(dtype, row, attrib__image_offset(&shape, x, y, c), 1, &mean);
  }
  return ATTRIB_OK;
}

attrib_status attrib_image_mean_fill(attrib_context *given, uint32_t dtype, const attrib_image *shape,
                                     const void *input, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = fill(context, dtype, shape, input, row);
  attrib__end(context, &local);
  return status;
}
