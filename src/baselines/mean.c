/* mean.c - the mean of a set of rows, as one baseline. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/size.h"
#include "../rows/rows.h"
#include "baselines.h"

/* Adds weight * row to the sums. */
static void add_row(const attrib__baselines *set, const void *row, double weight, double *sums) {
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < set->n; begin += ATTRIB__BLOCK) {
    int64_t n = set->n - begin < ATTRIB__BLOCK ? set->n - begin : ATTRIB__BLOCK;
    attrib__rows_load(set->dtype, row, begin, n, values);
    for (int64_t i = 0; i < n; i++) sums[begin + i] += weight * values[i];
  }
}

static attrib_status mean(attrib_context *context, uint32_t dtype, int64_t n, const attrib_baselines *given,
                          void *row) {
  /* The set's reader knows lengths and types from a model. */
  const attrib_model shape = {.dtype = dtype, .n_inputs = n};
  if (attrib__element_size(dtype) == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "dtype = %" PRIu32 ": must be ATTRIB_F32 (1) or ATTRIB_F64 (2)",
                        dtype);
  if (n < 1) return attrib__fail(context, ATTRIB_E_ARGUMENT, "n = %" PRId64 ": must be at least 1", n);
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  attrib__baselines set;
  attrib_status status = attrib__baselines_read(context, "set", given, &shape, &set);
  if (status < 0) return status;

  size_t bytes = 0;
  if (!attrib__size_add(&bytes, (uint64_t)n, sizeof(double)) ||
      !attrib__size_add(&bytes, (uint64_t)n, attrib__element_size(dtype)))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "n = %" PRId64 ": does not fit the address space", n);
  double *sums = attrib__workspace(context, bytes);
  if (sums == NULL) return attrib__fail_memory(context, bytes);
  memset(sums, 0, (size_t)n * sizeof *sums);
  set.cache = sums + n;
  for (int64_t i = 0; i < set.set.count; i++) {
    const void *source;
    int32_t ignored = 0;
    double weight = set.set.weights == NULL ? 1 : set.set.weights[i];
    if (weight == 0) continue;
    status = attrib__baselines_row(context, &set, i, &source, &ignored);
    if (status > 0) /* a mean of some of the rows is no result */
      return attrib__fail(context, ATTRIB_E_CALLBACK, "set->fetch stopped at row %" PRId64, i);
    if (status < 0) return status;
    add_row(&set, source, weight, sums);
  }
  for (int64_t i = 0; i < n; i++) {
    sums[i] /= set.total_weight; /* once, at the end: the mean of equal rows is that row */
    if (!isfinite(sums[i]))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "set: the sum over element %" PRId64 " overflows", i);
  }
  attrib__rows_store(dtype, row, 0, n, sums);
  return ATTRIB_OK;
}

attrib_status attrib_baseline_mean(attrib_context *given, uint32_t dtype, int64_t n, const attrib_baselines *set,
                                   void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = mean(context, dtype, n, set, row);
  attrib__end(context, &local);
  return status;
}
