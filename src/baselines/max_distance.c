/* max_distance.c - the reference row that is as far from the input as the range allows. */
#include <attrib/baselines.h>

#include "checks.h"

static attrib_status check(attrib_context *context, uint32_t dtype, int64_t n, const void *input, double low,
                           double high, const void *row) {
  attrib_status status = attrib__check_row_arguments(context, dtype, n, row);
  if (status < 0) return status;
  if (input == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "input is NULL");
  status = attrib__check_range(context, "", dtype, low, high);
  if (status < 0) return status;
  int64_t wrong = attrib__rows_find_nonfinite(dtype, input, n);
  if (wrong < 0) return ATTRIB_OK;
  double value;
  attrib__rows_load(dtype, input, wrong, 1, &value);
  return attrib__fail(context, ATTRIB_E_NONFINITE, "input[%" PRId64 "] = %g: must be finite", wrong, value);
}

static void fill_farther_end(uint32_t dtype, int64_t n, const void *input, double low, double high, void *row) {
  const double middle = 0.5 * low + 0.5 * high; /* low + high may overflow */
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t count = attrib__block_length(begin, n);
    attrib__rows_load(dtype, input, begin, count, values);
    for (int64_t i = 0; i < count; i++) values[i] = values[i] < middle ? high : low;
    attrib__rows_store(dtype, row, begin, count, values);
  }
}

attrib_status attrib_baseline_max_distance(attrib_context *given, uint32_t dtype, int64_t n, const void *input,
                                           double low, double high, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = check(context, dtype, n, input, low, high, row);
  if (status == ATTRIB_OK) fill_farther_end(dtype, n, input, low, high, row);
  attrib__end(context, &local);
  return status;
}
