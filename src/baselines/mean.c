/* mean.c - the mean of a set of rows, as one baseline. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/size.h"
#include "../rows/rows.h"
#include "baselines.h"

/* A mean as the first row plus the weighted mean of what the others differ from it: of equal rows it is that row. */
typedef struct running_mean {
  double *first, *shift; /* n each */
  bool started;
} running_mean;

static void add_row(const attrib__baselines *set, const void *row, double weight, running_mean *mean) {
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < set->n; begin += ATTRIB__BLOCK) {
    int64_t n = attrib__block_length(begin, set->n);
    attrib__rows_load(set->dtype, row, begin, n, values);
    for (int64_t i = 0; i < n; i++) {
      if (!mean->started) mean->first[begin + i] = values[i];
      mean->shift[begin + i] += weight * (values[i] - mean->first[begin + i]);
    }
  }
  mean->started = true;
}

/* Reads every row into the mean; the result ends up in first. */
static attrib_status add_rows(attrib_context *context, attrib__baselines *set, running_mean *mean) {
  memset(mean->shift, 0, (size_t)set->n * sizeof *mean->shift);
  for (int64_t k = 0; k < set->set.count; k++) {
    const void *row;
    int32_t ignored = 0;
    double weight = attrib__baselines_weight(set, k);
    if (weight == 0) continue;
    attrib_status status = attrib__baselines_row(context, set, k, &row, &ignored);
    if (status > 0) /* a mean of some of the rows is no result */
      return attrib__fail(context, ATTRIB_E_CALLBACK, "set->fetch stopped at row %" PRId64, k);
    if (status < 0) return status;
    add_row(set, row, weight, mean);
  }
  for (int64_t i = 0; i < set->n; i++) {
    mean->first[i] += mean->shift[i];
    if (!isfinite(mean->first[i]))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "set: the mean of element %" PRId64 " overflows", i);
  }
  return ATTRIB_OK;
}

static attrib_status mean_of_set(attrib_context *context, uint32_t dtype, int64_t n, const attrib_baselines *given,
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
  if (!attrib__size_add(&bytes, (uint64_t)n, 2 * sizeof(double)) ||
      !attrib__size_add(&bytes, (uint64_t)n, attrib__element_size(dtype)))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "n = %" PRId64 ": does not fit the address space", n);
  double *memory = attrib__workspace(context, bytes);
  if (memory == NULL) return attrib__fail_memory(context, bytes);
  running_mean mean = {.first = memory, .shift = memory + n};
  set.cache = memory + 2 * n;
  status = add_rows(context, &set, &mean);
  if (status == ATTRIB_OK) attrib__rows_store(dtype, row, 0, n, mean.first);
  return status;
}

attrib_status attrib_baseline_mean(attrib_context *given, uint32_t dtype, int64_t n, const attrib_baselines *set,
                                   void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = mean_of_set(context, dtype, n, set, row);
  attrib__end(context, &local);
  return status;
}
