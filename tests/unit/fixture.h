/* fixture.h - what the tests of the attribution calls share: exact-size rows, tolerances with a scale, a call as a
 * value, and a model that misbehaves on demand. Include after cmocka's headers. */
#ifndef ATTRIB_TESTS_FIXTURE_H
#define ATTRIB_TESTS_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

#include "analytic.h"

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

/* Sixteen rounding errors: a handful of operations on numbers of the stated scale. */
#define ROUND_OFF 0x1p-48
#define F32_ROUND_OFF 0x1p-20

/* |actual - expected| <= tolerance * scale, and not NaN. */
#define assert_near(actual, expected, tolerance, scale) \
  check_near((actual), (expected), (tolerance), (scale), __FILE__, __LINE__)

static inline void check_near(double actual, double expected, double tolerance, double scale, const char *file,
                              int line) {
  if (fabs(actual - expected) <= tolerance * scale) return;
  print_error("%.17g is not within %g x %g of %.17g\n", actual, tolerance, scale, expected);
  _fail(file, line);
}

/* The same bits, signs of zeros and payloads of NaNs included. */
#define assert_same_bits(a, b, count) check_same_bits((a), (b), (count), __FILE__, __LINE__)

static inline void check_same_bits(const double *a, const double *b, int64_t count, const char *file, int line) {
  for (int64_t i = 0; i < count; i++) {
    if (memcmp(&a[i], &b[i], sizeof *a) == 0) continue;
    print_error("[%" PRId64 "]: %a is not %a\n", i, a[i], b[i]);
    _fail(file, line);
  }
}

/* A message that names something. */
#define assert_names(message, text) check_names((message), (text), __FILE__, __LINE__)

static inline void check_names(const char *message, const char *text, const char *file, int line) {
  if (strstr(message, text) != NULL) return;
  print_error("\"%s\" is not named in \"%s\"\n", text, message);
  _fail(file, line);
}

/* A status, with its name and the context's message where it is another. */
#define assert_status(actual, expected, context) check_status((actual), (expected), (context), __FILE__, __LINE__)

static inline void check_status(attrib_status actual, attrib_status expected, const attrib_context *context,
                                const char *file, int line) {
  if (actual == expected) return;
  print_error("%s instead of %s: %s\n", attrib_status_name(actual), attrib_status_name(expected),
              attrib_context_error(context));
  _fail(file, line);
}

static inline void *exact_block(size_t size) {
  void *block = malloc(size);
  if (block == NULL) abort();
  return block;
}

/* A copy in a block of its very size. */
static inline void *exact_copy(const void *bytes, size_t size) {
  return memcpy(exact_block(size), bytes, size);
}

/* n doubles that hold what no call writes. */
static inline double *untouched(int64_t n) {
  double *values = exact_block((size_t)n * sizeof *values);
  for (int64_t i = 0; i < n; i++) values[i] = -12345.5;
  return values;
}

static inline bool is_untouched(const double *values, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    if (values[i] != -12345.5) return false;
  return true;
}

static inline attrib_context *new_context(uint32_t workers, uint32_t in_flight) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = workers, .in_flight = in_flight};
  attrib_context *context;
  assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
  return context;
}

/* Numbers in [-1, 1) that are the same everywhere. */
static inline double random_number(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(int64_t)(*state >> 11) * 0x1p-52 - 1;
}

static inline void fill_random(uint64_t seed, double *values, int64_t n) {
  for (int64_t i = 0; i < n; i++) values[i] = random_number(&seed);
}

/* An attribution call as a value, to make it in either form. */
typedef enum call_kind { CALL_GRADIENT, CALL_INTEGRATED, CALL_PATH, CALL_EXPECTED, CALL_SMOOTHGRAD } call_kind;

typedef struct call {
  call_kind kind;
  attrib_model model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_path *path;
  const attrib_ig_options *options;
  const attrib_eg_options *eg_options;
  const attrib_smoothgrad_options *smooth_options;
} call;

static inline attrib_status make_call(attrib_context *context, const call *c, double *attributions,
                                      attrib_report *report) {
  switch (c->kind) {
    case CALL_GRADIENT:
      return attrib_gradient(context, &c->model, c->input, c->target, c->options, attributions, report);
    case CALL_INTEGRATED:
      return attrib_integrated_gradients(context, &c->model, c->input, c->target, c->baselines, c->options,
                                         attributions, report);
    case CALL_PATH:
      return attrib_path_gradients(context, &c->model, c->target, c->path, c->options, attributions, report);
    case CALL_EXPECTED:
      return attrib_expected_gradients(context, &c->model, c->input, c->target, c->baselines, c->eg_options,
                                       attributions, report);
    case CALL_SMOOTHGRAD:
      return attrib_smoothgrad(context, &c->model, c->input, c->target, c->smooth_options, attributions, report);
  }
  return ATTRIB_E_ARGUMENT;
}

static inline attrib_status start_call(attrib_context *context, const call *c, attrib_run **run) {
  switch (c->kind) {
    case CALL_GRADIENT: return attrib_gradient_start(context, &c->model, c->input, c->target, c->options, run);
    case CALL_INTEGRATED:
      return attrib_integrated_gradients_start(context, &c->model, c->input, c->target, c->baselines, c->options, run);
    case CALL_PATH: return attrib_path_gradients_start(context, &c->model, c->target, c->path, c->options, run);
    case CALL_EXPECTED:
      return attrib_expected_gradients_start(context, &c->model, c->input, c->target, c->baselines, c->eg_options, run);
    case CALL_SMOOTHGRAD:
      return attrib_smoothgrad_start(context, &c->model, c->input, c->target, c->smooth_options, run);
  }
  return ATTRIB_E_ARGUMENT;
}

/* One baseline in memory. */
static inline attrib_baselines one_baseline(const void *row) {
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = 1, .rows = row};
}

static inline attrib_ig_options with_rule(uint32_t rule, int64_t points) {
  return (attrib_ig_options){.struct_size = sizeof(attrib_ig_options), .rule = rule, .points = points};
}

/* A model of one function in an analytic of the test's. */
static inline attrib_model single_model(analytic *a, const analytic_fn *function, uint32_t dtype, int64_t n,
                                        const void *parameters) {
  *a = (analytic){.functions = function, .n_outputs = 1, .n_inputs = n, .parameters = parameters, .dtype = dtype};
  return analytic_model(a);
}

/* A model that answers as `inner` does and then spoils rows, by their ids. */
typedef struct spoiler {
  analytic *inner;
  int64_t output_row, gradient_row, feature; /* -1 = none */
  double output, gradient;
  bool forget_output, forget_gradient; /* leave it unwritten instead */
  int64_t fail_from_row;               /* the batch that holds this row returns fail_code; -1 = none */
  int32_t fail_code;
} spoiler;

static inline void spoil_row(const attrib_batch *b, const spoiler *s, int64_t r, double was_output,
                             const void *was_row) {
  size_t size = b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  if (b->row_ids[r] == s->output_row) b->outputs[r * b->output_stride] = s->forget_output ? was_output : s->output;
  if (b->row_ids[r] != s->gradient_row || b->gradients == NULL) return;
  int64_t k = r * b->gradient_stride + s->feature;
  if (s->forget_gradient)
    memcpy((char *)b->gradients + (size_t)k * size, (const char *)was_row + (size_t)k * size, size);
  else if (b->dtype == ATTRIB_F32)
    ((float *)b->gradients)[k] = (float)s->gradient;
  else
    ((double *)b->gradients)[k] = s->gradient;
}

/* What `evaluate` gives, spoilt. */
static inline int32_t evaluate_spoilt(const attrib_batch *b, const spoiler *s, attrib_model_fn evaluate, void *user) {
  size_t size = (size_t)(b->rows * b->gradient_stride) * (b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  double *outputs = exact_copy(b->outputs, (size_t)(b->rows * b->output_stride) * sizeof *outputs);
  void *gradients = b->gradients == NULL ? NULL : exact_copy(b->gradients, size);
  int32_t status = evaluate(b, user);
  for (int64_t r = 0; r < b->rows && status == 0; r++) {
    spoil_row(b, s, r, outputs[r * b->output_stride], gradients);
    if (b->row_ids[r] == s->fail_from_row) status = s->fail_code;
  }
  free(outputs);
  free(gradients);
  return status;
}

static inline int32_t ATTRIB_CALL spoiler_evaluate(const attrib_batch *b, void *user) {
  const spoiler *s = user;
  return evaluate_spoilt(b, s, analytic_evaluate, s->inner);
}

static inline attrib_model spoiled_model(spoiler *s) {
  attrib_model model = analytic_model(s->inner);
  model.evaluate = spoiler_evaluate;
  model.user = s;
  return model;
}

#endif
