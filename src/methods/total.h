/* total.h - attributions that are one running sum per feature: judged, summed by group, handed out. */
#ifndef ATTRIB_SRC_TOTAL_H
#define ATTRIB_SRC_TOTAL_H

#include <attrib/report.h>

#include "../base/arena.h"
#include "../context/context.h"
#include "../rows/sum.h"

typedef struct attrib__total {
  int64_t n, n_groups;   /* n_groups 0 = by feature */
  const int32_t *groups; /* n labels, or NULL */
  const char *kind;      /* what has an attribution, for messages; NULL = "input" */
  double *sums;          /* n */
  attrib__sum *by_group; /* n_groups */
} attrib__total;

/* Carves sums and by_group (counting: memory NULL), whose sizes are set. */
void attrib__total_layout(attrib__total *total, attrib__arena *arena);
void attrib__total_clear(attrib__total *total);

/* Attributions given out: features or groups. */
int64_t attrib__total_count(const attrib__total *total);

/* Sums up by group, and fills in report->attribution_sum; E_OVERFLOW names the first that is not finite. */
attrib_status attrib__total_judge(attrib__total *total, attrib_context *context, attrib_report *report);

/* What judge found fit: attributions (may be NULL), and NaN for the report's standard errors. */
void attrib__total_write(const attrib__total *total, double *attributions, const attrib_report *report);

#endif
