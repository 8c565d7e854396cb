#include "progress.h"

#include <stdio.h>

#include "interrupt.h"

void progress_begin(progress *p, int64_t maps, double cost) {
  *p = (progress){.maps = maps};
  work_bar_begin(&p->bar, cost, 0);
}

void progress_map(progress *p, double cost) {
  p->map++;
  p->behind += p->cost;
  p->cost = cost;
  p->rows += p->current;
  p->current = 0;
}

void progress_end(const progress *p) {
  work_bar_end(&p->bar);
}

int32_t ATTRIB_CALL progress_show(const attrib_progress *now, void *user) {
  progress *p = user;
  char text[128], planned[32] = "";
  const double elapsed = work_bar_elapsed(&p->bar);
  double share = now->planned > 0 ? (double)now->evaluations / (double)now->planned : 0;
  if (share > 1) share = 1;
  p->current = now->evaluations;
  if (now->planned > 0) snprintf(planned, sizeof planned, " of %lld", (long long)now->planned);
  snprintf(text, sizeof text, "map %lld of %lld, %lld%s rows, %.0f rows/s", (long long)p->map, (long long)p->maps,
           (long long)now->evaluations, planned, elapsed > 0 ? (double)(p->rows + p->current) / elapsed : 0.0);
  work_bar_show(&p->bar, p->behind + share * p->cost, text);
  return interrupted() ? 1 : 0;
}
