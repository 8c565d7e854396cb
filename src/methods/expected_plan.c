/* expected_plan.c - f(x); then rounds of draws, each as large as all before it: outputs of the baselines a round
 * visits, then its draws, visit by visit. */
#include "expected_state.h"

static int64_t round_size(const attrib__expected *self) {
  return attrib__expected_draws_of(self, self->rounds + 1) - attrib__expected_draws_of(self, self->rounds);
}

static int64_t round_rows(const attrib__expected *self) {
  return round_size(self) * (self->tally.lattice ? self->lines.baselines.used : 1);
}

static void begin_round(attrib__expected *self) {
  self->phase = self->tally.lattice && self->rounds > 0 ? ATTRIB__PHASE_DRAWS : ATTRIB__PHASE_OUTPUTS;
  self->in_visit = self->visit.draws = 0;
  attrib__draws_begin(&self->draws, self->rounds, round_size(self));
}

/* f(x), from the first baseline that is visited: every line ends at the input. */
static bool plan_input(attrib__expected *self, attrib__row *row) {
  attrib__visit visit;
  attrib__draws_visit(&self->draws, &visit);
  begin_round(self);
  row->alpha = 1;
  row->baseline = visit.baseline;
  return true;
}

static bool plan_output(attrib__expected *self, attrib__row *row) {
  attrib__visit visit;
  if (!attrib__draws_visit(&self->draws, &visit)) {
    begin_round(self);
    self->phase = ATTRIB__PHASE_DRAWS;
    return false;
  }
  row->alpha = 0;
  row->baseline = visit.baseline;
  row->mass = visit.mass * (double)visit.draws;
  return true;
}

static bool plan_draw(attrib__expected *self, attrib__row *row) {
  attrib__visit *visit = &self->visit;
  if (self->in_visit == visit->draws) {
    self->in_visit = 0;
    if (!attrib__draws_visit(&self->draws, visit)) {
      self->phase = ATTRIB__PHASE_ROUND_END;
      return false;
    }
  }
  self->planned_mass += visit->mass;
  *row = (attrib__row){.question = &self->ask_gradient,
                       .baseline = visit->baseline,
                       .alpha = attrib__draws_alpha(&self->draws, visit, self->in_visit),
                       .weight = visit->mass / (double)self->draws.size,
                       .nth = self->in_visit++,
                       .of = visit->draws,
                       .mass = visit->mass,
                       .share = visit->mass / self->planned_mass};
  self->planned++;
  return true;
}

/* Strata have come near the number of baselines and were not enough, and the budget pays for a lattice over them all.
 */
static bool changes_to_lattice(const attrib__expected *self) {
  int64_t used = self->lines.baselines.used;
  return self->options.then_lattice && !self->tally.lattice && self->planned >= used / 2 &&
         2 * used <= self->options.sampling.max_evaluations - self->planned;
}

static void change_to_lattice(attrib__expected *self) {
  self->options.sampler = self->draws.sampler = ATTRIB_SAMPLER_LATTICE;
  self->options.first_round = 2;
  attrib__tally_change(&self->tally);
  self->rounds = 0;
  self->discarded = self->planned;
  self->output_mass = self->baseline_output = 0;
}

/* All draws of the round are in: is it enough? */
static bool next_round(attrib__expected *self) {
  if (self->stop_reason != ATTRIB_STOP_NONE) return false;
  if (!self->judged) {
    attrib__expected_settle(self);
    self->error = attrib__error_find(self->entries.count, attrib__expected_conclude(self), self->tally.errors);
    self->rounds++;
    self->judged = true;
  }
  bool change = changes_to_lattice(self);
  int64_t next = change ? 2 * self->lines.baselines.used : round_rows(self);
  if (!attrib__sampling_goes_on(&self->options.sampling, self->error, self->planned, next, &self->stop_reason))
    return false;
  self->judged = false;
  if (change) change_to_lattice(self);
  if (self->tally.lattice) {
    attrib__tally_restart(&self->tally);
    self->planned_mass = 0;
  }
  begin_round(self);
  return true;
}

attrib__plan attrib__expected_plan(void *state, bool settled, attrib__row *row) {
  attrib__expected *self = state;
  row->question = &self->ask_output;
  if (self->phase == ATTRIB__PHASE_INPUT && plan_input(self, row)) return ATTRIB__PLAN_ROW;
  for (;;) {
    if (self->phase == ATTRIB__PHASE_OUTPUTS && plan_output(self, row)) return ATTRIB__PLAN_ROW;
    if (self->phase == ATTRIB__PHASE_DRAWS && plan_draw(self, row)) return ATTRIB__PLAN_ROW;
    if (self->phase != ATTRIB__PHASE_ROUND_END) continue;
    if (!attrib__sampling_open(&self->options.sampling)) return ATTRIB__PLAN_END;
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (!next_round(self)) return ATTRIB__PLAN_END;
  }
}
