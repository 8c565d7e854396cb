/* expected_result.c - of the draws: a tally (tally.h), what it comes to, and how far it is off. */
#include <math.h>
#include <string.h>

#include "attributions.h"
#include "expected_state.h"

/* What the errors add up to, the identity says. Where half of the standard errors' sum does not cover it, they are too
 * small: draws that matter were missed. Then they are widened until they account for it. */
static void widen(attrib__expected *self, const double *values) {
  double *errors = self->tally.errors, target = self->output - self->baseline_output;
  double off = 2 * fabs(attrib__attributions_sum(self->entries.count, values) - target);
  double sum = attrib__attributions_sum(self->entries.count, errors);
  if (!(off > sum) || !isfinite(off)) return;
  bool noise = sum <= 1e-6 * off; /* no draw shows anything: nothing says whose error it is */
  for (int64_t i = 0; i < self->entries.count; i++)
    errors[i] = noise ? off / (double)self->entries.count : errors[i] * (off / sum);
}

const double *attrib__expected_conclude(attrib__expected *self) {
  const double *values = attrib__tally_conclude(&self->tally, attrib__expected_round_is_in(self));
  if (self->tally.halves && !self->tally.anew && !self->entries.unit_displacement) widen(self, values);
  return values;
}

void attrib__expected_settle(attrib__expected *self) {
  attrib__tally_settle(&self->tally);
  self->settled_baseline_output = self->baseline_output;
}

/* Draws that the values hold. */
static int64_t samples(const attrib__expected *self) {
  if (self->tally.anew) return self->discarded;
  if (self->tally.rounds == 0) return self->taken;
  return attrib__expected_draws_of(self, self->tally.rounds) * (self->tally.lattice ? self->lines.baselines.used : 1);
}

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *value) {
  (void)r;
  attrib__tally_take(&((attrib__expected *)state)->tally, row, begin, n, value);
}

static void take_output(attrib__expected *self, const attrib__row *row, double output) {
  if (row->question->gradients) {
    attrib__masses_add(&self->tally.masses, row->mass);
    self->taken++;
  } else if (row->alpha == 1) {
    self->output = output;
  } else {
    self->output_mass += row->mass;
    self->baseline_output += row->mass / self->output_mass * (output - self->baseline_output);
  }
}

attrib__fault attrib__expected_reduce(void *state, attrib__results *results) {
  attrib__expected *self = state;
  attrib__fault fault = attrib__entries_take(&self->entries, results, take, self);
  int64_t count = fault.status < 0 ? fault.row : results->count;
  for (int64_t r = 0; r < count; r++) take_output(self, &results->rows[r], results->outputs[r]);
  return fault;
}

/* Only of whole rounds is the mean of f over the draws used known. */
static attrib_status judge_sum(attrib__expected *self, attrib_context *context, const double *values,
                               attrib_report *report) {
  report->output = self->output;
  report->attribution_sum = attrib__attributions_sum(self->entries.count, values);
  if (!isfinite(report->attribution_sum))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
  if (!attrib__expected_round_is_in(self) && self->tally.rounds == 0) return ATTRIB_OK;
  report->baseline_output = self->tally.rounds > 0 ? self->settled_baseline_output : self->baseline_output;
  if (self->entries.unit_displacement) return ATTRIB_OK;
  return attrib__completeness(context, self->options.completeness_threshold, report);
}

attrib_status attrib__expected_result(void *state, attrib_context *context, double *attributions,
                                      attrib_report *report) {
  attrib__expected *self = state;
  const int64_t count = self->entries.count;
  report->seed = self->options.seed;
  /* A doubling that came in after the run was stopped, which the planner has not seen. */
  if (attrib__expected_round_is_in(self) && (self->tally.anew || self->taken - self->discarded > samples(self)))
    attrib__expected_settle(self);
  report->samples = samples(self);
  report->sampler = self->tally.anew ? ATTRIB_SAMPLER_STRATIFIED : self->options.sampler;
  if (report->sampler == ATTRIB_SAMPLER_LATTICE)
    report->points = attrib__expected_draws_of(self, self->tally.rounds > 0 ? self->tally.rounds : 1);
  const double *values = attrib__expected_conclude(self);
  attrib_status status =
      attrib__attributions_check(context, self->entries.groups == NULL ? "input" : "group", count, values);
  if (status < 0) return status;
  report->error_estimate = attrib__error_find(count, values, self->tally.errors).relative;
  status = judge_sum(self, context, values, report);
  if (status < 0) return status;
  attrib_status converged = attrib__sampling_judge(context, &self->options.sampling, self->stop_reason, report);
  size_t size = (size_t)count * sizeof *values;
  if (attributions != NULL) memcpy(attributions, values, size);
  if (report->standard_errors != NULL) memcpy(report->standard_errors, self->tally.errors, size);
  return converged != ATTRIB_OK ? converged : status;
}
