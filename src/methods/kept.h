/* kept.h - contributions kept or dropped by their sign, entry by entry, and what they come to. For recalibrated
 * attributions, which keep what is not negative and average over that alone. */
#ifndef ATTRIB_SRC_KEPT_H
#define ATTRIB_SRC_KEPT_H

#include <stdbool.h>

#include <attrib/report.h>

#include "../base/arena.h"
#include "../context/context.h"

typedef struct attrib__kept {
  bool strict;                 /* keep > 0 instead of >= 0 */
  bool squared;                /* squares are summed, kept by the sign of what is squared */
  bool undivided;              /* an attribution is the sum of what was kept instead of its mean */
  double unit;                 /* what weights are parts of: positive and negative are given over it */
  const char *kind;            /* of the entries, for messages: "input" or "group" */
  int64_t count;               /* entries; the vectors' length */
  double *positive, *negative; /* sums of weight times value: of what was kept, of what was dropped */
  double *weights;             /* of what was kept */
  int64_t *counts;
} attrib__kept;

void attrib__kept_layout(attrib__kept *kept, attrib__arena *arena);
void attrib__kept_clear(attrib__kept *kept);

/* One value for each of the entries [begin, begin + n). */
void attrib__kept_take(attrib__kept *kept, double weight, int64_t begin, int64_t n, const double *values);

/* Fills in report->attribution_sum; E_OVERFLOW names the first entry that is not finite. total: the weight of all that
 * was to be taken, formed in the order of the takes, so that no share of it is above 1. */
attrib_status attrib__kept_judge(const attrib__kept *kept, attrib_context *context, double total,
                                 attrib_report *report);

/* What judge found fit: attributions (may be NULL) and the report's buffers. */
void attrib__kept_write(const attrib__kept *kept, double total, double *attributions, const attrib_report *report);

#endif
