/* reduce.c - the channels of a pixel become one number. */
#include <inttypes.h>
#include <math.h>

#include "../context/context.h"
#include "../rows/sum.h"
#include "shape.h"

static double reduce_pixel(const attrib_image *shape, const double *pixel, uint32_t mode) {
  attrib__sum sum = {0, 0};
  double largest = 0;
  for (int64_t c = 0; c < shape->channels; c++) {
    double value = pixel[c * shape->channel_stride];
    largest = fmax(largest, fabs(value));
    attrib__sum_add(&sum, mode == ATTRIB_REDUCE_SUM_ABS ? fabs(value) : value);
  }
  if (mode == ATTRIB_REDUCE_MAX_ABS) return largest;
  double total = attrib__sum_value(&sum);
  return mode == ATTRIB_REDUCE_ABS_SUM ? fabs(total) : total;
}

static const double *pixel_at(const attrib_image *shape, const double *attributions, int64_t x, int64_t y) {
  return attributions + attrib__image_offset(shape, x, y, 0);
}

/* Sums of finite numbers can still overflow; the map is written only where none does. */
static attrib_status check_sums(attrib_context *context, const attrib_image *shape, const double *attributions,
                                uint32_t mode) {
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      if (!isfinite(reduce_pixel(shape, pixel_at(shape, attributions, x, y), mode)))
        return attrib__fail(context, ATTRIB_E_NONFINITE,
                            "attributions at x = %" PRId64 ", y = %" PRId64 ": the sum of the channels overflows", x,
                            y);
  return ATTRIB_OK;
}

static attrib_status reduce(attrib_context *context, const attrib_image *given, const double *attributions,
                            uint32_t mode, double *map) {
  attrib_image shape;
  attrib_status status = attrib__image_read_shape(context, ATTRIB_F64, given, &shape);
  if (status < 0) return status;
  if (attributions == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "attributions is NULL");
  if (mode < ATTRIB_REDUCE_SUM || mode > ATTRIB_REDUCE_MAX_ABS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "mode = %" PRIu32 ": must be one of ATTRIB_REDUCE_*", mode);
  if (map == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "map is NULL");
  status = attrib__image_check_finite(context, ATTRIB_F64, &shape, "attributions", attributions);
  if (status < 0) return status;
  status = check_sums(context, &shape, attributions, mode);
  if (status < 0) return status;
  for (int64_t y = 0; y < shape.height; y++)
    for (int64_t x = 0; x < shape.width; x++)
      map[y * shape.width + x] = reduce_pixel(&shape, pixel_at(&shape, attributions, x, y), mode);
  return ATTRIB_OK;
}

attrib_status attrib_image_reduce(attrib_context *given, const attrib_image *shape, const double *attributions,
                                  uint32_t mode, double *map) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = reduce(context, shape, attributions, mode, map);
  attrib__end(context, &local);
  return status;
}
