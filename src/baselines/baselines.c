/* baselines.c - see baselines.h. */
#include "baselines.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "noise.h"

void attrib__baselines_layout(attrib__baselines *b, attrib__arena *arena) {
  if (b->set.fetch != NULL) b->cache = attrib__carve(arena, b->n, attrib__element_size(b->dtype));
}

double attrib__baselines_weight(const attrib__baselines *b, int64_t index) {
  return (b->set.weights == NULL ? 1.0 : b->set.weights[index]) / b->total_weight;
}

int64_t attrib__baselines_used_from(const attrib__baselines *b, int64_t index) {
  while (index < b->set.count && !(attrib__baselines_weight(b, index) > 0)) index++;
  return index;
}

static attrib_status check_weights(attrib_context *context, attrib__baselines *b) {
  const double *weights = b->set.weights;
  b->used = b->set.count;
  b->total_weight = (double)b->set.count;
  if (weights == NULL) return ATTRIB_OK;
  attrib__sum total = {0};
  b->used = 0;
  for (int64_t i = 0; i < b->set.count; i++) {
    if (!(weights[i] >= 0) || !isfinite(weights[i]))
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->weights[%" PRId64 "] = %g: must be finite and not negative",
                          b->name, i, weights[i]);
    attrib__sum_add(&total, weights[i]);
  }
  b->total_weight = attrib__sum_value(&total);
  if (!(b->total_weight > 0) || !isfinite(b->total_weight))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->weights: their sum is %g; it must be positive and finite",
                        b->name, b->total_weight);
  for (int64_t i = 0; i < b->set.count; i++) b->used += attrib__baselines_weight(b, i) > 0;
  return ATTRIB_OK;
}

attrib_status attrib__baselines_read(attrib_context *context, const char *name, const attrib_baselines *given,
                                     const attrib_model *model, attrib__baselines *b) {
  *b = (attrib__baselines){.name = name, .dtype = model->dtype, .n = model->n_inputs, .cached = -1, .checked = -1};
  attrib_status status = attrib__read_struct(context, name, given, ATTRIB__FIRST_BASELINES, &b->set, sizeof b->set);
  if (status < 0) return status;
  attrib_baselines *set = &b->set;
  if (set->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "%s->flags = 0x%" PRIx32 ": this version knows none", name,
                        set->flags);
  if (set->count < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->count = %" PRId64 ": must be at least 1", name, set->count);
  if ((set->rows == NULL) == (set->fetch == NULL))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s: exactly one of rows and fetch must be given, not %s", name,
                        set->rows == NULL ? "neither" : "both");
  if (set->fetch != NULL && set->stride != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->stride = %" PRId64 ": must be 0 where rows are fetched", name,
                        set->stride);
  if (set->stride == 0) set->stride = b->n;
  if (set->stride < b->n)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "%s->stride = %" PRId64 ": must be 0 or at least the model's %" PRId64 " inputs", name,
                        set->stride, b->n);
  if (set->rows != NULL && set->stride > (int64_t)(PTRDIFF_MAX / attrib__element_size(b->dtype)) / set->count)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "%s: %" PRId64 " rows, %" PRId64 " apart, do not fit the address space", name, set->count,
                        set->stride);
  if (set->fetch == attrib_noise_fetch) {
    status = attrib__noise_check(context, set->fetch_user, b->dtype, b->n);
    if (status < 0) return status;
  }
  return check_weights(context, b);
}

static attrib_status fetch(attrib_context *context, attrib__baselines *b, int64_t index, int32_t *callback_status) {
  b->cached = b->checked = -1;
  attrib__rows_mark(b->dtype, b->cache, 0, b->n);
  int32_t code = b->set.fetch(index, b->cache, b->set.fetch_user);
  if (code != 0) *callback_status = code;
  if (code > 0) return ATTRIB_CANCELLED;
  if (code < 0) {
    return attrib__fail(context, ATTRIB_E_CALLBACK, "%s->fetch returned %" PRId32 " for row %" PRId64, b->name, code,
                        index);
  }
  b->cached = index;
  return ATTRIB_OK;
}

attrib_status attrib__baselines_row(attrib_context *context, attrib__baselines *b, int64_t index, const void **row,
                                    int32_t *callback_status) {
  if (b->set.rows != NULL) {
    *row = attrib__const_element(b->dtype, b->set.rows, index * b->set.stride);
  } else {
    if (b->cached != index) {
      attrib_status status = fetch(context, b, index, callback_status);
      if (status != ATTRIB_OK) return status;
    }
    *row = b->cache;
  }
  if (b->checked == index) return ATTRIB_OK;
  int64_t bad = attrib__rows_find_nonfinite(b->dtype, *row, b->n);
  if (bad >= 0) {
    double value;
    attrib__rows_load(b->dtype, *row, bad, 1, &value);
    if (attrib__rows_find_mark(b->dtype, *row, bad, 1) >= 0)
      return attrib__fail(context, ATTRIB_E_NONFINITE,
                          "%s: row %" PRId64 ", element %" PRId64 " was left unwritten by fetch", b->name, index, bad);
    return attrib__fail(context, ATTRIB_E_NONFINITE, "%s: row %" PRId64 ", element %" PRId64 " is %g: must be finite",
                        b->name, index, bad, value);
  }
  b->checked = index;
  return ATTRIB_OK;
}
