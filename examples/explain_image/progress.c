#include "progress.h"

#include <stdio.h>

#include "interrupt.h"

void progress_begin(progress *p, int64_t maps, double cost) {
  *p = (progress){.maps = maps};
  work_bar_begin(&p->bar, cost, 0);
}

static void begin_phase(progress *p, const char *phase, double cost) {
  p->rows += p->within + p->current;
  p->within = p->current = 0;
  p->phase = phase;
  p->part = cost;
}

void progress_map(progress *p, double cost) {
  p->map++;
  p->behind += p->cost;
  p->cost = cost;
  p->before = 0;
  begin_phase(p, NULL, cost);
}

void progress_phase(progress *p, const char *phase, double cost) {
  if (p->within + p->current > 0) p->before += p->part; /* else nothing of what was to come has come */
  begin_phase(p, phase, cost);
}

void progress_end(const progress *p) {
  work_bar_end(&p->bar);
}

/* Of all the maps, as far as the rows of this one tell: a method may call the library several times. */
static double find_done(const progress *p, int64_t rows, int64_t to_come) {
  const double all = p->part > (double)(rows + to_come) ? p->part : (double)(rows + to_come);
  const double of_map = p->before + (all > 0 ? p->part * (double)rows / all : 0);
  return p->behind + (of_map < p->cost ? of_map : p->cost);
}

int32_t ATTRIB_CALL progress_show(const attrib_progress *now, void *user) {
  progress *p = user;
  char text[160], of[48] = "";
  const double elapsed = work_bar_elapsed(&p->bar);
  if (now->evaluations < p->current) p->within += p->current; /* another call */
  p->current = now->evaluations;
  const int64_t rows = p->within + p->current;
  const int64_t to_come = now->planned > now->evaluations ? now->planned - now->evaluations : 0;
  const double done = find_done(p, rows, to_come);
  if (done > p->shown) p->shown = done;
  if (now->planned > 0 && p->within == 0 && p->phase == NULL)
    snprintf(of, sizeof of, " of %lld", (long long)now->planned);
  else if ((double)rows <= p->part)
    snprintf(of, sizeof of, " of up to %.0f", p->part); /* it may be done with fewer */
  snprintf(text, sizeof text, "map %lld of %lld, %s%s%lld%s rows, %.0f rows/s", (long long)p->map, (long long)p->maps,
           p->phase == NULL ? "" : p->phase, p->phase == NULL ? "" : ", ", (long long)rows, of,
           elapsed > 0 ? (double)(p->rows + rows) / elapsed : 0.0);
  work_bar_show(&p->bar, p->shown, text);
  return interrupted() ? 1 : 0;
}
