/* retraining.c - ROAR, KAR and DiffROAR: which trainings are made, and what they give. */
#include "retraining.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../random/philox.h"

/* 64 bits of the generator's own: a uniform number has fewer. */
static uint64_t repeat_seed(uint64_t seed, int64_t repeat) {
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  const uint32_t counter[4] = {0, ATTRIB__STREAM_RETRAINING, (uint32_t)repeat, (uint32_t)((uint64_t)repeat >> 32)};
  uint32_t words[4];
  attrib__philox(counter, key, words);
  return (uint64_t)words[1] << 32 | words[0];
}

static void describe(attrib__retraining *self, int64_t repeat, int64_t fraction, int64_t side) {
  attrib_retraining_set *set = &self->set;
  set->part = self->options.test == ATTRIB_RETRAIN_ROAR ? ATTRIB_ABLATE_REPLACE_FIRST : ATTRIB_ABLATE_KEEP_FIRST;
  set->flags = side == 1 ? ATTRIB_METRIC_LOWEST_FIRST : self->options.flags & ATTRIB_METRIC_LOWEST_FIRST;
  set->repeat = repeat;
  set->seed = repeat_seed(self->options.seed, repeat);
  set->fraction = self->options.fractions[fraction];
  set->library = self;
}

static attrib_status stopped(attrib__retraining *self, uint32_t reason) {
  self->stop_reason = reason;
  return ATTRIB_CANCELLED;
}

/* One training. What a row of its data set met counts before what the callback makes of it. */
static attrib_status train_once(attrib__retraining *self, attrib_train_fn train, void *user, double *accuracy) {
  const attrib_retraining_set *set = &self->set;
  const int32_t code = train(set, accuracy, user);
  if (self->row_status < 0) return self->row_status;
  if (self->row_status > 0) return stopped(self, ATTRIB_STOP_CALLBACK);
  if (code != 0) self->callback_status = code;
  if (code > 0) return stopped(self, ATTRIB_STOP_CALLBACK);
  if (code < 0)
    return attrib__fail(self->context, ATTRIB_E_CALLBACK,
                        "train returned %" PRId32 " for training %" PRId64 " (fraction %g, repeat %" PRId64 ")", code,
                        set->training, set->fraction, set->repeat);
  if (!isfinite(*accuracy))
    return attrib__fail(self->context, ATTRIB_E_NONFINITE,
                        "train gave accuracy %g for training %" PRId64 " (fraction %g, repeat %" PRId64 ")", *accuracy,
                        set->training, set->fraction, set->repeat);
  return ATTRIB_OK;
}

static attrib_status tell(attrib__retraining *self) {
  const attrib_progress progress = {.struct_size = sizeof progress,
                                    .evaluations = self->set.training,
                                    .planned = self->set.trainings,
                                    .error_estimate = (double)NAN};
  if (self->context->progress == NULL) return ATTRIB_OK;
  if (self->context->progress(&progress, self->context->progress_user) == 0) return ATTRIB_OK;
  return stopped(self, ATTRIB_STOP_PROGRESS);
}

/* Of the last training a request to stop comes too late. */
static attrib_status train_all(attrib__retraining *self, attrib_train_fn train, void *user) {
  const attrib_retraining_options *options = &self->options;
  for (int64_t repeat = 0; repeat < options->repeats; repeat++)
    for (int64_t f = 0; f < options->n_fractions; f++)
      for (int64_t side = 0; side < self->sides; side++) {
        if (atomic_load(&self->context->cancel) != 0) return stopped(self, ATTRIB_STOP_CANCEL);
        double accuracy = (double)NAN;
        describe(self, repeat, f, side);
        attrib_status status = train_once(self, train, user, &accuracy);
        if (status != ATTRIB_OK) return status;
        self->accuracies[side][f * options->repeats + repeat] = accuracy;
        self->set.training++;
        status = tell(self);
        if (status != ATTRIB_OK && self->set.training < self->set.trainings) return status;
      }
  self->stop_reason = ATTRIB_STOP_COMPLETE;
  return ATTRIB_OK;
}

static double repeat_value(const attrib__retraining *self, int64_t f, int64_t repeat) {
  const int64_t at = f * self->options.repeats + repeat;
  return self->sides == 1 ? self->accuracies[0][at] : self->accuracies[0][at] - self->accuracies[1][at];
}

/* Mean and standard error of the repeats that are there. False where they overflow. */
static bool summarise(const attrib__retraining *self, int64_t f, double *mean, double *error) {
  attrib__sum sum = {0}, squares = {0};
  int64_t count = 0;
  *mean = *error = (double)NAN;
  for (; count < self->options.repeats && !isnan(repeat_value(self, f, count)); count++)
    attrib__sum_add(&sum, repeat_value(self, f, count));
  if (count == 0) return true;
  *mean = attrib__sum_value(&sum) / (double)count;
  for (int64_t r = 0; r < count; r++) {
    const double off = repeat_value(self, f, r) - *mean;
    attrib__sum_add(&squares, off * off);
  }
  if (count > 1) *error = sqrt(attrib__sum_value(&squares) / (double)(count - 1) / (double)count);
  return isfinite(*mean) && (count < 2 || isfinite(*error));
}

/* Everything is known to be finite before anything of the caller's is written. */
static attrib_status write_values(const attrib__retraining *self, double *values, const attrib_report *report) {
  const int64_t repeats = self->options.repeats, fractions = self->options.n_fractions;
  double mean, error;
  for (int64_t f = 0; f < fractions; f++)
    if (!summarise(self, f, &mean, &error))
      return attrib__fail(self->context, ATTRIB_E_OVERFLOW, "the mean of accuracies at fraction %g overflows",
                          self->options.fractions[f]);
  for (int64_t f = 0; f < fractions; f++) {
    double *of = values + f * (repeats + 2);
    (void)summarise(self, f, &of[0], &of[1]);
    for (int64_t r = 0; r < repeats; r++) of[2 + r] = repeat_value(self, f, r);
    if (report->standard_errors != NULL) report->standard_errors[f] = of[1];
  }
  const size_t bytes = (size_t)(fractions * repeats) * sizeof(double);
  if (self->sides == 2 && report->positive != NULL) memcpy(report->positive, self->accuracies[0], bytes);
  if (self->sides == 2 && report->negative != NULL) memcpy(report->negative, self->accuracies[1], bytes);
  return ATTRIB_OK;
}

/* Memory for all that was read, and nothing known yet. */
static attrib_status prepare(attrib__retraining *self) {
  size_t bytes;
  const attrib_status status = attrib__lay_out(self->context, attrib__retraining_layout, self, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(self->context, ATTRIB_E_OVERFLOW, "n_inputs = %" PRId64 ": does not fit the address space",
                        self->set.n_inputs);
  if (status < 0) return status;
  attrib__units_build(&self->ablating.units);
  for (int64_t side = 0; side < self->sides; side++)
    for (int64_t i = 0; i < self->options.n_fractions * self->options.repeats; i++)
      self->accuracies[side][i] = (double)NAN;
  return ATTRIB_OK;
}

static attrib_status run(attrib__retraining *self, attrib_train_fn train, void *user, double *values,
                         const attrib_report *report) {
  attrib_status status = prepare(self);
  if (status == ATTRIB_OK && self->mean) {
    status = attrib__retraining_find_mean(self);
    if (status > 0) self->stop_reason = ATTRIB_STOP_CALLBACK;
  }
  if (status == ATTRIB_OK) status = train_all(self, train, user);
  if (status < 0) return status;
  const attrib_status written = write_values(self, values, report);
  return written < 0 ? written : status;
}

attrib_status attrib_retraining(attrib_context *given, uint32_t dtype, int64_t n_inputs, const attrib_baselines *rows,
                                const attrib_baselines *scores, attrib_train_fn train, void *user,
                                const attrib_retraining_options *options, double *values, attrib_report *given_report) {
  const double started = attrib__seconds();
  attrib_context local, *context;
  attrib_report report;
  attrib__retraining self = {.failed_row = -1};
  attrib_status status = attrib__call_enter(given, &local, &context, given_report, &report);
  if (status < 0) return status;
  if (train == NULL) status = attrib__fail(context, ATTRIB_E_ARGUMENT, "train is NULL");
  if (status == ATTRIB_OK && values == NULL) status = attrib__fail(context, ATTRIB_E_ARGUMENT, "values is NULL");
  if (status == ATTRIB_OK) status = attrib__retraining_read(context, dtype, n_inputs, rows, scores, options, &self);
  if (status == ATTRIB_OK) {
    status = run(&self, train, user, values, &report);
    atomic_store(&context->cancel, 0);
  }
  report.model_status = self.callback_status;
  report.stop_reason = self.stop_reason;
  report.points = self.options.repeats;
  report.samples = self.set.training;
  report.seed = self.options.seed;
  report.failed_row = self.failed_row;
  report.peak_bytes = attrib_context_memory(context);
  report.elapsed_seconds = attrib__seconds() - started;
  attrib__call_leave(context, &local, status, &report, given_report);
  return status;
}
