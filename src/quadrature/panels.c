/* panels.c - see panels.h. Constants as measured: a margin with which 1,563 of 1,564 claims held on networks and
 * photographs (tests/bench), the other by 3 % not; and one per cent of the effort where no error has been seen. */
#include "panels.h"

#include <math.h>

static const double safety = 1.4, exploration = 0.01;

/* Parts narrower than this have ends that a float hardly tells apart. */
static const double narrowest = 0x1p-23;

attrib__panels_state attrib__panels_look(const attrib__panel *panels, int64_t count, bool residual) {
  attrib__panels_state state = {0};
  double slope_square = 0;
  for (int64_t k = 0; k < count; k++) {
    const attrib__panel *p = &panels[k];
    double parts = (double)p->parts / p->width;
    state.squares += p->square;
    state.parts += (double)p->parts;
    state.pooled |= p->gaps > 1;
    state.residual += p->rise - p->slope;
    state.missed += p->missed;
    state.spread += p->square * (parts * parts);
    state.norm += p->norm;
    slope_square += p->slope_square;
  }
  /* All gradients 0 and f changes all the same: the residual must count. */
  state.kappa = state.norm == 0 || slope_square == 0 ? 1 : sqrt(state.norm / slope_square);
  if (!residual) state.kappa = state.residual = state.missed = 0;
  return state;
}

double attrib__panels_error(const attrib__panels_state *state) {
  return safety * fmax(sqrt(state->squares), state->kappa * fmax(fabs(state->residual), sqrt(state->missed)));
}

double attrib__panels_priority(const attrib__panels_state *state, const attrib__panel *panel) {
  double parts = (double)panel->parts, width = panel->width;
  if (width * (double)panel->gaps / parts <= narrowest) return 0;
  double missed = state->kappa * state->kappa * panel->missed;
  double unseen =
      state->pooled ? state->squares * parts / state->parts : width * width * width / (parts * parts) * state->spread;
  return ((1 - exploration) * panel->square + exploration * unseen + missed) / parts;
}

static double badness(const attrib__panels_state *state, const attrib__panel *panel) {
  return panel->square + state->kappa * state->kappa * panel->missed;
}

const attrib__panel *attrib__panels_worst(const attrib__panels_state *state, const attrib__panel *panels,
                                          int64_t count) {
  const attrib__panel *worst = panels;
  for (int64_t k = 1; k < count; k++)
    if (badness(state, &panels[k]) > badness(state, worst)) worst = &panels[k];
  return worst;
}
