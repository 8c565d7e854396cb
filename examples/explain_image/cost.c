#include "cost.h"

#include <string.h>

double cost_of_search(const pair *p) {
  static const struct {
    const char *name;
    double rows;
  } searches[] = {{"max-entropy", 90}, {"near-zero", 77}, {"ascent", 2}}; /* as --list has them */
  for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++)
    if (strcmp(p->baseline, searches[i].name) == 0) return searches[i].rows;
  return 0;
}

static int64_t baseline_rows(const pair *p) {
  if ((p->method->flags & METHOD_RANKS) != 0) return 2; /* black and white */
  if (!is_of_many_rows(p->baseline)) return 1;
  return p->samples > 0 ? p->samples : strcmp(p->baseline, "other-class") == 0 ? 1 : 10;
}

double cost_of_map(const pair *p) {
  const uint32_t takes = p->method->takes;
  const common_options *o = &p->options;
  const int64_t paths = baseline_rows(p);
  if (o->points > 0) return (double)(o->points + 1) * (double)paths;
  if ((takes & TAKES_SAMPLES) != 0 && p->samples > 0) return (double)p->samples + 1;
  if ((takes & TAKES_TOLERANCE) == 0 || (takes & TAKES_SAMPLES) != 0) return (double)p->method->rows;
  const bool many = paths > 1 && 16 * paths > p->method->rows; /* the adaptive rule's most gradients */
  return (double)(o->max_evaluations > 0 ? o->max_evaluations : many ? 16 * paths : p->method->rows);
}
