/* total.c - see total.h. */
#include "total.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "attributions.h"

void attrib__total_layout(attrib__total *total, attrib__arena *arena) {
  total->sums = attrib__carve(arena, total->n, sizeof *total->sums);
  total->by_group = attrib__carve(arena, total->n_groups, sizeof *total->by_group);
}

void attrib__total_clear(attrib__total *total) {
  memset(total->sums, 0, (size_t)total->n * sizeof *total->sums);
}

int64_t attrib__total_count(const attrib__total *total) {
  return total->groups != NULL ? total->n_groups : total->n;
}

attrib_status attrib__total_judge(attrib__total *total, attrib_context *context, attrib_report *report) {
  memset(total->by_group, 0, (size_t)total->n_groups * sizeof *total->by_group);
  for (int64_t i = 0; i < total->n && total->groups != NULL; i++)
    attrib__sum_add(&total->by_group[total->groups[i]], total->sums[i]);
  attrib_status status =
      attrib__attributions_check(context, total->kind != NULL ? total->kind : "input", total->n, total->sums);
  for (int64_t g = 0; g < total->n_groups && status == ATTRIB_OK; g++)
    if (!isfinite(attrib__sum_value(&total->by_group[g])))
      status = attrib__fail(context, ATTRIB_E_OVERFLOW, "the attribution of group %" PRId64 " overflows", g);
  if (status < 0) return status;
  report->attribution_sum = attrib__attributions_sum(total->n, total->sums);
  if (isfinite(report->attribution_sum)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
}

void attrib__total_write(const attrib__total *total, double *attributions, const attrib_report *report) {
  if (attributions != NULL && total->groups == NULL)
    memcpy(attributions, total->sums, (size_t)total->n * sizeof *attributions);
  for (int64_t g = 0; g < total->n_groups && attributions != NULL; g++)
    attributions[g] = attrib__sum_value(&total->by_group[g]);
  for (int64_t i = 0; i < attrib__total_count(total) && report->standard_errors != NULL; i++)
    report->standard_errors[i] = (double)NAN;
}
