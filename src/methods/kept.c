/* kept.c - see kept.h. */
#include "kept.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/clones.h"
#include "../rows/sum.h"

void attrib__kept_layout(attrib__kept *kept, attrib__arena *arena) {
  kept->positive = attrib__carve(arena, kept->count, sizeof *kept->positive);
  kept->negative = attrib__carve(arena, kept->count, sizeof *kept->negative);
  kept->weights = attrib__carve(arena, kept->count, sizeof *kept->weights);
  kept->counts = attrib__carve(arena, kept->count, sizeof *kept->counts);
}

void attrib__kept_clear(attrib__kept *kept) {
  memset(kept->positive, 0, (size_t)kept->count * sizeof *kept->positive);
  memset(kept->negative, 0, (size_t)kept->count * sizeof *kept->negative);
  memset(kept->weights, 0, (size_t)kept->count * sizeof *kept->weights);
  memset(kept->counts, 0, (size_t)kept->count * sizeof *kept->counts);
}

/* Adding 0 changes no sum, and takes no branch. */
ATTRIB__CLONES static void take(bool strict, bool squared, double weight, int64_t n, const double *restrict values,
                                double *restrict positive, double *restrict negative, double *restrict weights,
                                int64_t *restrict counts) {
  for (int64_t i = 0; i < n; i++) {
    double value = values[i], part = weight * (squared ? value * value : value);
    bool keeps = strict ? value > 0 : value >= 0;
    positive[i] += keeps ? part : 0;
    negative[i] += keeps ? 0 : part;
    weights[i] += keeps ? weight : 0;
    counts[i] += keeps;
  }
}

void attrib__kept_take(attrib__kept *kept, double weight, int64_t begin, int64_t n, const double *values) {
  take(kept->strict, kept->squared, weight, n, values, kept->positive + begin, kept->negative + begin,
       kept->weights + begin, kept->counts + begin);
}

/* The mean of what was kept is its part of the whole over its share: where that is 1, as it stands. */
static double attribution_of(const attrib__kept *kept, double total, int64_t e) {
  const double positive = kept->positive[e] / kept->unit;
  if (kept->undivided || !(kept->weights[e] > 0)) return positive;
  return positive / (kept->weights[e] / total);
}

attrib_status attrib__kept_judge(const attrib__kept *kept, attrib_context *context, double total,
                                 attrib_report *report) {
  attrib__sum sum = {0};
  for (int64_t e = 0; e < kept->count; e++) {
    double attribution = attribution_of(kept, total, e);
    if (!isfinite(attribution))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "the attribution of %s %" PRId64 " overflows", kept->kind, e);
    if (!isfinite(kept->negative[e]))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "what %s %" PRId64 " drops overflows", kept->kind, e);
    attrib__sum_add(&sum, attribution);
  }
  report->attribution_sum = attrib__sum_value(&sum);
  if (isfinite(report->attribution_sum)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
}

void attrib__kept_write(const attrib__kept *kept, double total, double *attributions, const attrib_report *report) {
  for (int64_t e = 0; e < kept->count; e++) {
    if (attributions != NULL) attributions[e] = attribution_of(kept, total, e);
    if (report->kept_weight != NULL) report->kept_weight[e] = kept->weights[e] / total;
    if (report->positive != NULL) report->positive[e] = kept->positive[e] / kept->unit;
    if (report->negative != NULL) report->negative[e] = kept->negative[e] / kept->unit;
    if (report->standard_errors != NULL) report->standard_errors[e] = (double)NAN;
  }
  if (report->kept != NULL) memcpy(report->kept, kept->counts, (size_t)kept->count * sizeof *report->kept);
}
