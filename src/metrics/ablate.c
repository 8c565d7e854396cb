/* ablate.c - see ablate.h; and the public call for one row. */
#include "ablate.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../baselines/checks.h"
#include "../rows/rows.h"
#include "flags.h"

void attrib__ablating_layout(attrib__ablating *self, attrib__arena *arena) {
  attrib__units_layout(&self->units, arena);
  self->sums = attrib__carve(arena, self->units.count, sizeof *self->sums);
  self->ranks = attrib__carve(arena, self->units.count, sizeof *self->ranks);
  self->order = attrib__carve(arena, self->units.count, sizeof *self->order);
  self->scratch = attrib__carve(arena, self->units.count, sizeof *self->scratch);
}

void attrib__ablating_scores(const attrib__ablating *self, uint32_t flags, const double *scores) {
  attrib__units_scores(&self->units, (flags & ATTRIB_METRIC_UNIT_SCORES) != 0, (flags & ATTRIB_METRIC_ABSOLUTE) != 0,
                       scores, self->sums);
}

void attrib__ablating_row(const attrib__ablating *self, uint32_t flags, uint32_t part, int64_t count, const void *input,
                          const void *replacement, void *row) {
  const attrib__units *units = &self->units;
  /* From the lowest up, and still the lower number first of equal ones. */
  for (int64_t u = 0; u < units->count && (flags & ATTRIB_METRIC_LOWEST_FIRST) != 0; u++)
    self->sums[u] = -self->sums[u];
  attrib__units_rank(units, self->sums, self->ranks, self->order, self->scratch);
  if (row != input) attrib__rows_copy(units->dtype, input, 0, units->n, row);
  const bool keep = part == ATTRIB_ABLATE_KEEP_FIRST;
  attrib__units_copy_ranked(units, self->ranks, keep ? count : 0, keep ? units->count : count, replacement, row);
}

/* The quotient is rounded, so m / units is not above a fraction that was written as the same quotient, or as its
 * decimals. The product is off by less than one, for counts that a double holds; then quotients decide. */
int64_t attrib__fraction_count(double fraction, int64_t units) {
  int64_t m = (int64_t)(fraction * (double)units);
  if (m > units) m = units;
  while (m > 0 && (double)m / (double)units > fraction) m--;
  while (m < units && (double)(m + 1) / (double)units <= fraction) m++;
  return m;
}

attrib_status attrib__fraction_check(attrib_context *context, const char *name, double fraction) {
  if (fraction >= 0 && fraction <= 1) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s = %g: must be in [0, 1]", name, fraction);
}

typedef struct row_request {
  uint32_t dtype;
  int64_t n;
  const void *input, *replacement;
  const double *scores;
  double fraction;
  void *row;
} row_request;

static attrib_status check_row(attrib_context *context, const row_request *r, const char *name, const void *row) {
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
  const int64_t bad = attrib__rows_find_nonfinite(r->dtype, row, r->n);
  if (bad < 0) return ATTRIB_OK;
  double value;
  attrib__rows_load(r->dtype, row, bad, 1, &value);
  return attrib__fail(context, ATTRIB_E_NONFINITE, "%s[%" PRId64 "] = %g: must be finite", name, bad, value);
}

static attrib_status read_options(attrib_context *context, const attrib_ablate_options *given,
                                  attrib_ablate_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_ABLATE_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  status = attrib__metric_flags(context, options->flags,
                                ATTRIB_METRIC_ABSOLUTE | ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_LOWEST_FIRST);
  if (status < 0) return status;
  if (options->part > ATTRIB_ABLATE_KEEP_FIRST)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->part = %" PRIu32 ": no ATTRIB_ABLATE_*", options->part);
  if (options->reserved0 != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->reserved0: this version knows no use for it");
  return ATTRIB_OK;
}

static void lay_out(void *state, attrib__arena *arena) {
  attrib__ablating_layout(state, arena);
}

static attrib_status ablate(attrib_context *context, const row_request *r, const attrib_ablate_options *given) {
  attrib_ablate_options options;
  attrib_status status = read_options(context, given, &options);
  if (status < 0) return status;
  status = attrib__check_dtype(context, "", r->dtype);
  if (status < 0) return status;
  if (r->n < 1) return attrib__fail(context, ATTRIB_E_ARGUMENT, "n_inputs = %" PRId64 ": must be at least 1", r->n);
  status = attrib__fraction_check(context, "fraction", r->fraction);
  if (status < 0) return status;
  attrib__ablating self = {.scratch = NULL};
  status = attrib__units_read(context, r->dtype, r->n, options.shape, options.n_groups, options.groups, &self.units);
  if (status < 0) return status;
  size_t bytes;
  status = attrib__lay_out(context, lay_out, &self, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "n_inputs = %" PRId64 ": does not fit the address space", r->n);
  if (status < 0) return status;
  if (r->row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  status = check_row(context, r, "input", r->input);
  if (status < 0) return status;
  status = check_row(context, r, "replacement", r->replacement);
  if (status < 0) return status;
  const bool per_unit = (options.flags & ATTRIB_METRIC_UNIT_SCORES) != 0;
  status = attrib__units_check_scores(context, &self.units, per_unit, r->scores);
  if (status < 0) return status;
  attrib__units_build(&self.units);
  attrib__ablating_scores(&self, options.flags, r->scores);
  const int64_t count = attrib__fraction_count(r->fraction, self.units.count);
  attrib__ablating_row(&self, options.flags, options.part, count, r->input, r->replacement, r->row);
  return ATTRIB_OK;
}

attrib_status attrib_ablate_row(attrib_context *given, uint32_t dtype, int64_t n_inputs, const void *input,
                                const double *scores, const void *replacement, double fraction,
                                const attrib_ablate_options *options, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  const row_request request = {dtype, n_inputs, input, replacement, scores, fraction, row};
  status = ablate(context, &request, options);
  attrib__end(context, &local);
  return status;
}
