/* compare.c - what two maps have in common. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <attrib/agreement.h>

#include "../base/first_size.h"
#include "../base/arena.h"
#include "../image/shape.h"
#include "../rows/rows.h"
#include "compare_options.h"
#include "difference.h"
#include "ranks.h"
#include "result.h"
#include "ssim.h"

typedef struct comparing {
  attrib_context *context;
  attrib_comparison_options options;
  attrib_image shape; /* width 0 = none */
  int64_t count;
  const double *a, *b;
  attrib__ranker ranker;
  double *deviations_a, *deviations_b;
  unsigned char *top; /* per value: IN_A and IN_B */
  attrib_comparison found;
} comparing;

enum { IN_A = 1, IN_B = 2 };

static attrib_status check_map(attrib_context *context, const char *name, int64_t count, const double *map) {
  if (map == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
  const int64_t i = attrib__rows_find_nonfinite(ATTRIB_F64, map, count);
  if (i < 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_NONFINITE, "%s[%" PRId64 "] = %g: must be finite", name, i, map[i]);
}

/* -- quantities --------------------------------------------------------------------------------------------------- */

static void missing(comparing *c, uint32_t bit, const char *what) {
  if (c->found.undefined == 0) attrib__fail(c->context, ATTRIB_UNDEFINED, "%s", what);
  c->found.undefined |= bit;
}

static void mark_top(const comparing *c, unsigned char mark) {
  for (int64_t place = 0; place < c->options.top_count; place++) c->top[c->ranker.order[place]] |= mark;
}

static void find_ranks(comparing *c, bool absolute) {
  const bool marks = absolute == ((c->options.flags & ATTRIB_METRIC_ABSOLUTE) != 0);
  const bool varies_a = attrib__rank_deviations(&c->ranker, c->a, absolute, c->deviations_a);
  if (marks) mark_top(c, IN_A);
  const bool varies_b = attrib__rank_deviations(&c->ranker, c->b, absolute, c->deviations_b);
  if (marks) mark_top(c, IN_B);
  const double correlation = attrib__rank_correlation(c->count, c->deviations_a, c->deviations_b);
  *(absolute ? &c->found.absolute_rank_correlation : &c->found.rank_correlation) = correlation;
  if (!isnan(correlation)) return;
  const char *which = varies_a ? "b" : varies_b ? "a" : "a and b";
  char what[100];
  snprintf(what, sizeof what, "no rank correlation exists: the %s of %s are the same everywhere",
           absolute ? "sizes" : "values", which);
  missing(c, absolute ? ATTRIB_COMPARE_ABSOLUTE_RANKS : ATTRIB_COMPARE_RANKS, what);
}

static void find_overlap(comparing *c) {
  int64_t both = 0;
  for (int64_t i = 0; i < c->count; i++) both += c->top[i] == (IN_A | IN_B);
  c->found.top_count = c->options.top_count;
  c->found.top_overlap = (double)both / (double)c->options.top_count;
}

static double largest_size(int64_t count, const double *map) {
  double largest = 0;
  for (int64_t i = 0; i < count; i++) largest = fmax(largest, fabs(map[i]));
  return largest;
}

static void find_flips(comparing *c) {
  const double least_a = c->options.noise * largest_size(c->count, c->a);
  const double least_b = c->options.noise * largest_size(c->count, c->b);
  int64_t flips = 0;
  for (int64_t i = 0; i < c->count; i++) {
    const double a = c->a[i], b = c->b[i];
    if (a == 0 || b == 0 || fabs(a) < least_a || fabs(b) < least_b) continue;
    c->found.sign_count++;
    flips += (a > 0) != (b > 0);
  }
  c->found.sign_flips = c->found.sign_count == 0 ? (double)NAN : (double)flips / (double)c->found.sign_count;
  if (c->found.sign_count == 0)
    missing(c, ATTRIB_COMPARE_SIGNS, "no sign flips exist: no value has a sign above the noise in both maps");
}

/* E_OVERFLOW where the range of the maps does not fit. */
static attrib_status find_ssim(comparing *c) {
  double low = c->a[0], high = c->a[0];
  c->found.ssim = c->found.range = (double)NAN;
  if (c->shape.width == 0) return ATTRIB_OK;
  for (int64_t i = 0; i < c->count; i++) {
    low = fmin(low, fmin(c->a[i], c->b[i]));
    high = fmax(high, fmax(c->a[i], c->b[i]));
  }
  c->found.range = c->options.range > 0 ? c->options.range : high - low;
  if (!isfinite(c->found.range))
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "the range of both maps, from %g to %g, overflows", low, high);
  const char *why = attrib__ssim_missing(&c->shape, c->found.range);
  if (why == NULL) c->found.ssim = attrib__ssim(&c->shape, c->a, c->b, c->found.range);
  if (why == NULL && isnan(c->found.ssim)) why = "options->range is too small for SSIM of these maps";
  if (why != NULL) missing(c, ATTRIB_COMPARE_SSIM, why);
  return ATTRIB_OK;
}

static attrib_status find_difference(comparing *c) {
  const attrib__difference d = attrib__difference_find(c->count, c->a, c->b);
  c->found.relative_difference = d.relative;
  c->found.largest_difference = d.largest;
  c->found.largest_index = d.largest_index;
  if (isinf(d.relative))
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW,
                        "a[%" PRId64 "] - b[%" PRId64 "] = %g - %g: the difference, or its ratio to a, overflows",
                        d.largest_index, d.largest_index, c->a[d.largest_index], c->b[d.largest_index]);
  if (isnan(d.relative)) missing(c, ATTRIB_COMPARE_RELATIVE, "no relative difference exists: a is 0 everywhere");
  return ATTRIB_OK;
}

/* -- thresholds --------------------------------------------------------------------------------------------------- */

/* sign: 1 = at least the threshold, -1 = at most. */
static void judge(comparing *c, uint32_t bit, const char *name, double value, double threshold, int sign) {
  if (threshold == 0 || sign * value >= sign * threshold) return;
  if (c->found.failed == 0)
    attrib__fail(c->context, ATTRIB_DISAGREE, "the %s is %.6g: options->%s_%s = %g", name, value,
                 sign > 0 ? "min" : "max", name, threshold);
  c->found.failed |= bit;
}

static attrib_status judge_all(comparing *c) {
  const attrib_comparison_options *o = &c->options;
  const attrib_comparison *f = &c->found;
  judge(c, ATTRIB_COMPARE_RANKS, "rank_correlation", f->rank_correlation, o->min_rank_correlation, 1);
  judge(c, ATTRIB_COMPARE_ABSOLUTE_RANKS, "absolute_rank_correlation", f->absolute_rank_correlation,
        o->min_absolute_rank_correlation, 1);
  judge(c, ATTRIB_COMPARE_TOP, "top_overlap", f->top_overlap, o->min_top_overlap, 1);
  judge(c, ATTRIB_COMPARE_SIGNS, "sign_flips", f->sign_flips, o->max_sign_flips, -1);
  judge(c, ATTRIB_COMPARE_SSIM, "ssim", f->ssim, o->min_ssim, 1);
  judge(c, ATTRIB_COMPARE_RELATIVE, "relative_difference", f->relative_difference, o->max_relative_difference, -1);
  judge(c, ATTRIB_COMPARE_LARGEST, "difference", f->largest_difference, o->max_difference, -1);
  if (f->failed != 0) return ATTRIB_DISAGREE;
  return f->undefined != 0 ? ATTRIB_UNDEFINED : ATTRIB_OK;
}

/* -- the call ----------------------------------------------------------------------------------------------------- */

static void lay_out(void *state, attrib__arena *arena) {
  comparing *c = state;
  attrib__ranker_layout(&c->ranker, c->count, arena);
  c->deviations_a = attrib__carve(arena, c->count, sizeof *c->deviations_a);
  c->deviations_b = attrib__carve(arena, c->count, sizeof *c->deviations_b);
  c->top = attrib__carve(arena, c->count, sizeof *c->top);
}

static attrib_status prepare(const attrib_comparison_options *given, const attrib_comparison *result, comparing *c) {
  attrib_status status = attrib__image_check_count(c->context, c->count, sizeof(double));
  if (status == ATTRIB_OK)
    status = attrib__comparison_options_read(c->context, given, c->count, &c->options, &c->shape);
  if (status == ATTRIB_OK)
    status = attrib__out_struct_check(c->context, "comparison", result, ATTRIB__FIRST_COMPARISON);
  if (status == ATTRIB_OK) status = check_map(c->context, "a", c->count, c->a);
  if (status == ATTRIB_OK) status = check_map(c->context, "b", c->count, c->b);
  if (status < 0) return status;
  size_t bytes;
  status = attrib__lay_out(c->context, lay_out, c, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "count = %" PRId64 ": needs more scratch than memory can be",
                        c->count);
  if (status == ATTRIB_OK) memset(c->top, 0, (size_t)c->count);
  return status;
}

attrib_status attrib_compare_maps(attrib_context *given, int64_t count, const double *a, const double *b,
                                  const attrib_comparison_options *options, attrib_comparison *comparison) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  comparing c = {.context = context, .count = count, .a = a, .b = b};
  status = prepare(options, comparison, &c);
  if (status == ATTRIB_OK) status = find_difference(&c);
  if (status == ATTRIB_OK) {
    find_ranks(&c, false);
    find_ranks(&c, true);
    find_overlap(&c);
    find_flips(&c);
    status = find_ssim(&c);
  }
  if (status == ATTRIB_OK) status = judge_all(&c);
  if (status >= 0) attrib__out_struct_write(&c.found, sizeof c.found, comparison);
  attrib__end(context, &local);
  return status;
}
