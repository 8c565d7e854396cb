/* fill.c - the constant reference row. */
#include <attrib/baselines.h>

#include "checks.h"

static attrib_status fill(attrib_context *context, uint32_t dtype, int64_t n, double value, void *row) {
  attrib_status status = attrib__check_row_arguments(context, dtype, n, row);
  if (status < 0) return status;
  status = attrib__check_value(context, "", "value", dtype, value);
  if (status < 0) return status;
  double values[ATTRIB__BLOCK];
  for (int i = 0; i < ATTRIB__BLOCK; i++) values[i] = value;
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t count = attrib__block_length(begin, n);
    attrib__rows_store(dtype, row, begin, count, values);
  }
  return ATTRIB_OK;
}

attrib_status attrib_baseline_fill(attrib_context *given, uint32_t dtype, int64_t n, double value, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = fill(context, dtype, n, value, row);
  attrib__end(context, &local);
  return status;
}
