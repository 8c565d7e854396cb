/* retraining_options.c - the arguments of attrib_retraining at the door. */
#include <inttypes.h>

#include "../base/first_size.h"
#include "../baselines/checks.h"
#include "../methods/options.h"
#include "../random/philox.h"
#include "flags.h"
#include "retraining.h"

static const double default_fractions[] = {0.1, 0.3, 0.5, 0.7, 0.9};
enum { DEFAULT_FRACTIONS = sizeof default_fractions / sizeof default_fractions[0], DEFAULT_REPEATS = 5 };

static attrib_status check_fractions(attrib_context *context, attrib_retraining_options *options) {
  if (options->fractions == NULL) {
    if (options->n_fractions != 0)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->n_fractions = %" PRId64 ": fractions is NULL",
                          options->n_fractions);
    options->fractions = default_fractions;
    options->n_fractions = DEFAULT_FRACTIONS;
  }
  if (options->n_fractions < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->n_fractions = %" PRId64 ": must be at least 1",
                        options->n_fractions);
  for (int64_t f = 0; f < options->n_fractions; f++) {
    const attrib_status status = attrib__fraction_check(context, "options->fractions", options->fractions[f]);
    if (status < 0) return status;
  }
  return ATTRIB_OK;
}

static attrib_status check_flags(attrib_context *context, const attrib_retraining_options *options) {
  uint32_t taken = ATTRIB_METRIC_RANDOM;
  if ((options->flags & ATTRIB_METRIC_RANDOM) == 0) { /* an order by chance is neither of these */
    taken |= ATTRIB_METRIC_ABSOLUTE | ATTRIB_METRIC_UNIT_SCORES;
    if (options->test != ATTRIB_RETRAIN_DIFF) taken |= ATTRIB_METRIC_LOWEST_FIRST;
  }
  return attrib__metric_flags(context, options->flags, taken);
}

static attrib_status read_options(attrib_context *context, const attrib_retraining_options *given,
                                  attrib_retraining_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_RETRAINING_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->test > ATTRIB_RETRAIN_DIFF)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->test = %" PRIu32 ": no ATTRIB_RETRAIN_*", options->test);
  if (options->reserved0 != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->reserved0: this version knows no use for it");
  status = check_flags(context, options);
  if (status < 0) return status;
  if (options->repeats == 0) options->repeats = DEFAULT_REPEATS;
  if (options->repeats < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->repeats = %" PRId64 ": must not be negative",
                        options->repeats);
  return check_fractions(context, options);
}

/* A set of rows that are not averaged. */
static attrib_status read_set(attrib_context *context, const char *name, const attrib_baselines *given, uint32_t dtype,
                              int64_t n, attrib__baselines *set) {
  const attrib_model shape = {.dtype = dtype, .n_inputs = n}; /* the reader knows lengths and types from a model */
  const attrib_status status = attrib__baselines_read(context, name, given, &shape, set);
  if (status < 0 || set->set.weights == NULL) return status;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->weights must be NULL: every row counts alike", name);
}

static attrib_status read_scores(attrib_context *context, const attrib_baselines *given, attrib__retraining *self) {
  self->random = (self->options.flags & ATTRIB_METRIC_RANDOM) != 0;
  const int64_t units = self->ablating.units.count;
  if (self->random && given != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "scores must be NULL with RANDOM: an order by chance has none");
  if (self->random && units > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " units are too many for RANDOM", units);
  if (self->random) return ATTRIB_OK;
  const bool per_unit = (self->options.flags & ATTRIB_METRIC_UNIT_SCORES) != 0;
  attrib_status status =
      read_set(context, "scores", given, ATTRIB_F64, per_unit ? units : self->ablating.units.n, &self->scores);
  if (status == ATTRIB_OK && self->scores.set.count != self->rows.set.count)
    status = attrib__fail(context, ATTRIB_E_ARGUMENT, "scores->count = %" PRId64 ": the data set has %" PRId64 " rows",
                          self->scores.set.count, self->rows.set.count);
  return status;
}

static attrib_status read_replacements(attrib_context *context, uint32_t dtype, int64_t n, attrib__retraining *self) {
  const attrib_baselines *given = self->options.replacements;
  const attrib__units *units = &self->ablating.units;
  self->mean = given == NULL;
  if (self->mean) self->means = units->shape.width > 0 ? units->shape.channels : n;
  if (self->mean) return ATTRIB_OK;
  attrib_status status = read_set(context, "options->replacements", given, dtype, n, &self->replacements);
  const int64_t count = self->replacements.set.count;
  if (status == ATTRIB_OK && count != 1 && count != self->rows.set.count)
    status = attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->replacements->count = %" PRId64 ": must be 1 or the data set's %" PRId64 " rows",
                          count, self->rows.set.count);
  return status;
}

static attrib_status check_counts(attrib_context *context, attrib__retraining *self) {
  const attrib_retraining_options *options = &self->options;
  int64_t cells, trainings, draws;
  self->sides = options->test == ATTRIB_RETRAIN_DIFF ? 2 : 1;
  if (options->repeats > INT64_MAX - 2 || !attrib__count_multiply(options->n_fractions, options->repeats + 2, &cells) ||
      !attrib__count_multiply(cells, self->sides, &trainings) || (uint64_t)trainings > PTRDIFF_MAX / sizeof(double) ||
      !attrib__count_multiply(options->repeats, self->rows.set.count, &draws))
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "options->repeats = %" PRId64 " of %" PRId64 " fractions are too many trainings",
                        options->repeats, options->n_fractions);
  self->set.trainings = self->sides * options->n_fractions * options->repeats;
  return ATTRIB_OK;
}

attrib_status attrib__retraining_read(attrib_context *context, uint32_t dtype, int64_t n, const attrib_baselines *rows,
                                      const attrib_baselines *scores, const attrib_retraining_options *given,
                                      attrib__retraining *self) {
  *self = (attrib__retraining){.context = context, .failed_row = -1};
  attrib_retraining_options *options = &self->options;
  attrib_status status = read_options(context, given, options);
  if (status == ATTRIB_OK) status = attrib__check_dtype(context, "", dtype);
  if (status < 0) return status;
  if (n < 1) return attrib__fail(context, ATTRIB_E_ARGUMENT, "n_inputs = %" PRId64 ": must be at least 1", n);
  status = read_set(context, "rows", rows, dtype, n, &self->rows);
  if (status == ATTRIB_OK)
    status = attrib__units_read(context, dtype, n, options->shape, options->n_groups, options->groups,
                                &self->ablating.units);
  if (status == ATTRIB_OK) status = read_scores(context, scores, self);
  if (status == ATTRIB_OK) status = read_replacements(context, dtype, n, self);
  if (status == ATTRIB_OK) status = check_counts(context, self);
  self->set.struct_size = sizeof self->set;
  self->set.dtype = dtype;
  self->set.n_inputs = n;
  self->set.count = self->rows.set.count;
  return status;
}
