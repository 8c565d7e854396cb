/* range.h - the range in which the elements of rows are kept. */
#ifndef ATTRIB_SRC_RANGE_H
#define ATTRIB_SRC_RANGE_H

#include <stdbool.h>

#include <attrib/model.h>

#include "../context/context.h"

typedef struct attrib__range {
  bool clipped;           /* false: anywhere */
  double low, high;       /* the outermost values of the model's dtype */
  double lowest, highest; /* as the caller gave them, rounded to it: what a row may hold from the start */
} attrib__range;

/* options->low and high: finite, low below high, or both 0 for no range. */
attrib_status attrib__range_read(attrib_context *context, uint32_t dtype, double low, double high,
                                 attrib__range *range);

/* E_ARGUMENT where a row, which is finite, leaves the range; `name` is the argument's. */
attrib_status attrib__range_holds(attrib_context *context, const attrib__range *range, const char *name,
                                  const attrib_model *model, const void *row);

/* Least and greatest element of a row, which is finite. */
void attrib__row_extent(const attrib_model *model, const void *row, double *low, double *high);

static inline double attrib__range_clip(const attrib__range *range, double value) {
  if (!range->clipped) return value;
  return value < range->low ? range->low : value > range->high ? range->high : value;
}

#endif
