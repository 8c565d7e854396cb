/* halving.c - see halving.h. */
#include "halving.h"

#include <math.h>
#include <string.h>

/* Halvings asked for count as if each took an eighth of the panel's priority. */
static int64_t best_panel(const attrib__halvings *h, const attrib__panels_state *state) {
  int64_t best = -1;
  double most = 0;
  for (int64_t k = 0; k < h->count; k++) {
    attrib__panel ahead = h->panels[k];
    double priority = attrib__panels_priority(state, &ahead);
    ahead.parts <<= ahead.pending;
    if (attrib__panels_priority(state, &ahead) == 0) continue; /* cannot be halved again */
    priority = ldexp(priority, -3 * ahead.pending);
    if (priority > most) {
      most = priority;
      best = k;
    }
  }
  return best;
}

static int64_t waiting(const attrib__halvings *h) {
  int64_t nodes = -h->taken;
  for (int64_t i = 0; i < h->queued; i++) nodes += h->queue[i].parts;
  return nodes;
}

/* Gap by gap, part by part. */
static attrib__step next_step(attrib__halvings *h, const attrib__panels_state *state) {
  const attrib__halving *halving = &h->queue[0];
  const attrib__panel *panel = &h->panels[halving->panel];
  const int64_t parts = halving->parts / panel->gaps; /* of each gap */
  if (h->taken == 0) h->gap = panel->first;
  const attrib__gap *gap = &h->gaps[h->gap];
  const double width = panel->width / (double)parts;
  const attrib__step step = {.line = gap->line,
                             .alpha = gap->start + width * ((double)h->part + 0.5),
                             .half = width / 2,
                             .kept = state->squares > 0 ? fmax(1 - panel->square / state->squares, 0) : 0,
                             .gap = h->gap,
                             .panel = halving->panel,
                             .first = h->taken == 0,
                             .last = h->taken == halving->parts - 1};
  h->taken++;
  if (++h->part == parts) {
    h->part = 0;
    h->gap = gap->next;
  }
  if (step.last) {
    h->taken = 0;
    memmove(h->queue, h->queue + 1, (size_t)--h->queued * sizeof *h->queue);
  }
  return step;
}

int64_t attrib__halvings_choose(attrib__halvings *h, const attrib__panels_state *state, int64_t wanted,
                                attrib__step *steps) {
  while (waiting(h) < wanted) {
    int64_t k = best_panel(h, state);
    if (k < 0) break;
    attrib__panel *panel = &h->panels[k];
    h->queue[h->queued++] = (attrib__halving){(int32_t)k, panel->parts << panel->pending};
    panel->pending++;
  }
  int64_t chosen = 0;
  while (chosen < wanted && h->queued > 0) steps[chosen++] = next_step(h, state);
  return chosen;
}

void attrib__halvings_take(attrib__halvings *h, const attrib__step *step, double slope, double norm) {
  if (step->first) h->slope = h->norm = h->slope_square = 0;
  h->slope += step->half * slope;
  h->gaps[step->gap].coming += step->half * slope;
  h->norm += step->half * norm;
  h->slope_square += step->half * (slope * slope);
}

void attrib__halvings_finish(attrib__halvings *h, const attrib__step *step, double change2) {
  attrib__panel *panel = &h->panels[step->panel];
  panel->square = fmax(change2 / 3, panel->square / 16);
  panel->slope = panel->slope / 2 + h->slope;
  panel->norm = panel->norm / 2 + h->norm;
  panel->slope_square = panel->slope_square / 2 + h->slope_square;
  panel->missed = 0;
  for (int64_t g = panel->first; g >= 0; g = h->gaps[g].next) {
    attrib__gap *gap = &h->gaps[g];
    gap->slope = gap->slope / 2 + gap->coming;
    gap->coming = 0;
    panel->missed += (gap->rise - gap->slope) * (gap->rise - gap->slope);
  }
  panel->parts *= 2;
  panel->pending--;
}
