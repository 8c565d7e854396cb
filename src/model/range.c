/* range.c - see range.h. */
#include "range.h"

#include <math.h>

#include "../rows/rows.h"

attrib_status attrib__range_read(attrib_context *context, uint32_t dtype, double low, double high,
                                 attrib__range *range) {
  *range = (attrib__range){.clipped = low != 0 || high != 0,
                           .low = low,
                           .high = high,
                           .lowest = attrib__rows_round(dtype, low),
                           .highest = attrib__rows_round(dtype, high)};
  if (range->clipped && (!(low < high) || !isfinite(low) || !isfinite(high)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->low = %g, high = %g: must be finite, low below high, or both 0", low, high);
  attrib__rows_narrow(dtype, &range->low, &range->high);
  if (range->clipped && range->low > range->high)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->low = %.17g, high = %.17g: the model's dtype has no value in between", low, high);
  return ATTRIB_OK;
}

void attrib__row_extent(const attrib_model *model, const void *row, double *low, double *high) {
  double values[ATTRIB__BLOCK];
  attrib__rows_load(model->dtype, row, 0, 1, low);
  *high = *low;
  for (int64_t begin = 0; begin < model->n_inputs; begin += ATTRIB__BLOCK) {
    int64_t n = attrib__block_length(begin, model->n_inputs);
    attrib__rows_load(model->dtype, row, begin, n, values);
    for (int64_t i = 0; i < n; i++) {
      if (values[i] < *low) *low = values[i];
      if (values[i] > *high) *high = values[i];
    }
  }
}

attrib_status attrib__range_holds(attrib_context *context, const attrib__range *range, const char *name,
                                  const attrib_model *model, const void *row) {
  double low, high;
  if (!range->clipped) return ATTRIB_OK;
  attrib__row_extent(model, row, &low, &high);
  if (low >= range->lowest && high <= range->highest) return ATTRIB_OK;
  return attrib__fail(
      context, ATTRIB_E_ARGUMENT,
      "options->low = %.9g, high = %.9g: the %s runs from %.9g to %.9g, beyond what rows are clipped to", range->lowest,
      range->highest, name, low, high);
}
