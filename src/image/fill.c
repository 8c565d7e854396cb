/* fill.c - a picture of one colour. */
#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "../context/context.h"
#include "../rows/rows.h"
#include "shape.h"

static attrib_status check_values(attrib_context *context, uint32_t dtype, int64_t channels, const double *values) {
  for (int64_t c = 0; c < channels; c++) {
    if (!isfinite(values[c]))
      return attrib__fail(context, ATTRIB_E_NONFINITE, "values[%" PRId64 "] = %g: must be finite", c, values[c]);
    if (dtype == ATTRIB_F32 && fabs(values[c]) > (double)FLT_MAX)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "values[%" PRId64 "] = %g: does not fit ATTRIB_F32", c,
                          values[c]);
  }
  return ATTRIB_OK;
}

static attrib_status fill(attrib_context *context, uint32_t dtype, const attrib_image *given, const double *values,
                          void *row) {
  attrib_image shape;
  attrib_status status = attrib__image_read_shape(context, dtype, given, &shape);
  if (status < 0) return status;
  if (values == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "values is NULL");
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  status = check_values(context, dtype, shape.channels, values);
  if (status < 0) return status;
  for (int64_t y = 0; y < shape.height; y++)
    for (int64_t x = 0; x < shape.width; x++)
      for (int64_t c = 0; c < shape.channels; c++)
        attrib__rows_store(dtype, row, attrib__image_offset(&shape, x, y, c), 1, &values[c]);
  return ATTRIB_OK;
}

attrib_status attrib_image_fill(attrib_context *given, uint32_t dtype, const attrib_image *shape, const double *values,
                                void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = fill(context, dtype, shape, values, row);
  attrib__end(context, &local);
  return status;
}
