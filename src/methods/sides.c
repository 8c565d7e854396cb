/* sides.c - see sides.h. */
#include "sides.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include <attrib/model.h>

#include "../rows/rows.h"

static double element(uint32_t dtype, const void *row, int64_t i) {
  double value;
  attrib__rows_load(dtype, row, i, 1, &value);
  return value;
}

/* The usual cube root of the rounding error, where the error by higher derivatives meets that by rounding of what is
 * subtracted; in units of the feature's way, over which a path integral takes f to vary. Points have rounding errors,
 * too, by their distance from 0: of h these are no larger a part. */
static double offset_for_derivatives(uint32_t dtype, double from, double to, bool half) {
  const bool is_float = dtype == ATTRIB_F32;
  const double root = cbrt(is_float ? (double)FLT_EPSILON : DBL_EPSILON);
  const double offset = root * fmax(fabs(to - from), root * fmax(fabs(from), fabs(to)));
  return fmax(half ? offset / 2 : offset, is_float ? (double)FLT_MIN : DBL_MIN);
}

attrib__sides attrib__sides_of(uint32_t dtype, const attrib__row *row, int64_t feature, double width, bool half) {
  const double from = element(dtype, row->from, feature), to = element(dtype, row->to, feature);
  attrib__sides sides = {.way = to - from, .offset = width > 0 ? width : offset_for_derivatives(dtype, from, to, half)};
  const double node = row->alpha == 1 ? to : attrib__rows_round(dtype, from + row->alpha * sides.way);
  sides.above = attrib__rows_round(dtype, node + sides.offset);
  sides.below = attrib__rows_round(dtype, node - sides.offset);
  return sides;
}

/* The ends are farthest from 0, where numbers are farthest apart and nearest to the largest. */
attrib_status attrib__sides_check(attrib_context *context, uint32_t dtype, const attrib__row *row, int64_t feature,
                                  double width) {
  for (int end = 0; end < 2; end++) {
    attrib__row there = *row;
    there.alpha = end;
    const attrib__sides sides = attrib__sides_of(dtype, &there, feature, width, true);
    const double node = element(dtype, end == 0 ? row->from : row->to, feature);
    if (!isfinite(sides.above) || !isfinite(sides.below))
      return attrib__fail(context, ATTRIB_E_OVERFLOW,
                          "baseline %" PRId64 ": input %" PRId64 " = %g, and %g off it there is no number",
                          row->baseline, feature, node, sides.offset);
    if (!(sides.below < node && node < sides.above))
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->width = %g: too small beside input %" PRId64 ", which is %.9g at baseline %" PRId64
                          " or the input",
                          width, feature, node, row->baseline);
  }
  return ATTRIB_OK;
}
