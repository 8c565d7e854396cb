/* normalise.c - the scale of a map, and a map on that scale. */
#include <inttypes.h>
#include <math.h>

#include "../context/context.h"
#include "percentile.h"
#include "shape.h"

#define DEFAULT_PERCENTILE 99.0

/* The percentile, or the largest value where that is 0. */
static double find_scale(int64_t count, double percentile, uint32_t mode, const double *map) {
  double scale = attrib__image_percentile(count, percentile == 0 ? DEFAULT_PERCENTILE : percentile, mode, map);
  return scale > 0 ? scale : attrib__image_percentile(count, 100, mode, map);
}

/* Not divided where it would be clipped: by a tiny scale the quotient may overflow, and 0 / 0 is an empty map. */
static double divide_clipped(double size, double scale) {
  if (size == 0) return 0;
  return size < scale ? size / scale : 1;
}

static attrib_status check(attrib_context *context, int64_t count, double percentile, uint32_t mode,
                           const double *map) {
  attrib_status status = attrib__image_check_count(context, count, sizeof *map);
  if (status < 0) return status;
  if (!(percentile >= 0 && percentile <= 100))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "percentile = %g: must be in [0, 100]", percentile);
  if (mode < ATTRIB_SIGN_BOTH || mode > ATTRIB_SIGN_ABSOLUTE)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "mode = %" PRIu32 ": must be one of ATTRIB_SIGN_*", mode);
  if (map == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "map is NULL");
  return ATTRIB_OK;
}

static attrib_status scale_map(attrib_context *context, int64_t count, double percentile, uint32_t mode,
                               const double *map, double *scale) {
  attrib_status status = check(context, count, percentile, mode, map);
  if (status < 0) return status;
  if (scale == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "scale is NULL");
  status = attrib__image_check_map(context, count, map);
  if (status < 0) return status;
  *scale = find_scale(count, percentile, mode, map);
  return ATTRIB_OK;
}

static attrib_status normalise_map(attrib_context *context, int64_t count, double percentile, uint32_t mode,
                                   double fixed_scale, double *map) {
  attrib_status status = check(context, count, percentile, mode, map);
  if (status < 0) return status;
  if (!(fixed_scale >= 0 && isfinite(fixed_scale)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "fixed_scale = %g: must be finite and at least 0", fixed_scale);
  if (fixed_scale > 0 && percentile != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "percentile = %g: must be 0 where fixed_scale = %g rules",
                        percentile, fixed_scale);
  status = attrib__image_check_map(context, count, map);
  if (status < 0) return status;

  double scale = fixed_scale > 0 ? fixed_scale : find_scale(count, percentile, mode, map);
  for (int64_t i = 0; i < count; i++) {
    double share = divide_clipped(attrib__image_shown(map[i], mode), scale);
    map[i] = mode == ATTRIB_SIGN_BOTH && map[i] < 0 ? -share : share;
  }
  return ATTRIB_OK;
}

attrib_status attrib_image_scale(attrib_context *given, int64_t count, double percentile, uint32_t mode,
                                 const double *map, double *scale) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = scale_map(context, count, percentile, mode, map, scale);
  attrib__end(context, &local);
  return status;
}

attrib_status attrib_image_normalise(attrib_context *given, int64_t count, double percentile, uint32_t mode,
                                     double fixed_scale, double *map) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = normalise_map(context, count, percentile, mode, fixed_scale, map);
  attrib__end(context, &local);
  return status;
}
