/* outcome.h - calls of expected gradients and SmoothGrad with everything they give. Include after fixture.h. */
#ifndef ATTRIB_TESTS_OUTCOME_H
#define ATTRIB_TESTS_OUTCOME_H

#include "fixture.h"

enum { MOST_TRACED = 9000 };

/* What a call came to: attributions, standard errors and trace in blocks of their very size. */
typedef struct outcome {
  attrib_status status;
  int64_t count; /* attributions */
  double *phi, *errors;
  attrib_trace_point *trace;
  attrib_report report;
  char message[600];
} outcome;

static inline void prepare_outcome(outcome *o, int64_t count) {
  *o = (outcome){.count = count, .phi = untouched(count), .errors = untouched(count)};
  o->trace = exact_block(MOST_TRACED * sizeof *o->trace);
  o->report = (attrib_report){.struct_size = sizeof o->report,
                              .trace = o->trace,
                              .trace_capacity = MOST_TRACED,
                              .standard_errors = o->errors,
                              .message = o->message,
                              .message_capacity = sizeof o->message};
}

static inline void free_outcome(outcome *o) {
  free(o->phi);
  free(o->errors);
  free(o->trace);
}

static inline attrib_eg_options eg_options(uint32_t sampler, int64_t samples, uint64_t seed) {
  return (attrib_eg_options){
      .struct_size = sizeof(attrib_eg_options), .sampler = sampler, .seed = seed, .samples = samples};
}

static inline attrib_smoothgrad_options smooth_options(uint32_t form, uint32_t flags, int64_t samples, uint64_t seed) {
  return (attrib_smoothgrad_options){
      .struct_size = sizeof(attrib_smoothgrad_options), .form = form, .flags = flags, .samples = samples, .seed = seed};
}

/* To be freed by the caller. */
static inline outcome expect_gradients(const attrib_model *model, const void *input, const attrib_baselines *baselines,
                                       const attrib_eg_options *options) {
  outcome o;
  prepare_outcome(&o, options->n_groups > 0 ? options->n_groups : model->n_inputs);
  int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  o.status = attrib_expected_gradients(NULL, model, input, target, baselines, options, o.phi, &o.report);
  return o;
}

static inline outcome smooth(const attrib_model *model, const void *input, const attrib_smoothgrad_options *options) {
  outcome o;
  prepare_outcome(&o, options->n_groups > 0 ? options->n_groups : model->n_inputs);
  int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  o.status = attrib_smoothgrad(NULL, model, input, target, options, o.phi, &o.report);
  return o;
}

/* The call went well. */
#define assert_outcome(o, expected) check_outcome(&(o), (expected), __FILE__, __LINE__)

static inline void check_outcome(const outcome *o, attrib_status expected, const char *file, int line) {
  if (o->status == expected) return;
  print_error("%s instead of %s: %s\n", attrib_status_name(o->status), attrib_status_name(expected), o->message);
  _fail(file, line);
}

/* A set of `count` rows in memory. */
static inline attrib_baselines rows_of(const void *rows, int64_t count, const double *weights) {
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = count, .rows = rows, .weights = weights};
}

#endif
