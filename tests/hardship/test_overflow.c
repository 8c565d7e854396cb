/* Numbers that no array can have: a clean status that names the argument, nothing written, no arithmetic past the edge.
 */
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

static const char *message; /* of the last refusal, for the test that looks at it */
static char message_text[512];

/* One integrated-gradients call with everything in reach of the tests. */
typedef struct call {
  stage s;
  meter m;
  attrib_context *context;
  attrib_model model;
  attrib_baselines set;
  attrib_ig_options options;
  attrib_report *report;
} call;

static int32_t ATTRIB_CALL fetch_zeros(int64_t index, void *row, void *user) {
  (void)index;
  const stage *s = user;
  memset(row, 0, (size_t)s->n * sizeof(double));
  return 0;
}

static void open_call(call *c) {
  stage_open(&c->s, ATTRIB_F64, 5, 3, 3);
  meter_start(&c->m);
  c->m.limit = 1 << 20; /* so that a huge request fails the same on every machine */
  c->context = meter_context(&c->m, 1, 0, NULL);
  c->model = c->s.model;
  c->set = (attrib_baselines){.struct_size = sizeof c->set, .count = 3, .stride = c->s.stride, .rows = c->s.rows};
  c->options = (attrib_ig_options){.struct_size = sizeof c->options, .points = 3};
  c->report = report_open(500);
}

static void close_call(call *c) {
  report_close(c->report);
  attrib_context_destroy(c->context);
  meter_finish(&c->m);
  stage_close(&c->s);
}

/* The status; on a refusal nothing was written and the message is kept. Called and pulled agree. */
static attrib_status make_call(call *c) {
  double *attributions = untouched(c->s.n);
  attrib_status status =
      attrib_integrated_gradients(c->context, &c->model, c->s.input, 0, &c->set, &c->options, attributions, c->report);
  if (status < 0) assert_true(is_untouched(attributions, c->s.n));
  strcpy(message_text, attrib_context_error(c->context));
  message = message_text;
  assert_true((status < 0) == (message[0] != '\0'));
  if (status < 0) assert_null(strchr(message, '\n'));
  free(attributions);
  attrib_run *run;
  attrib_status pulled =
      attrib_integrated_gradients_start(c->context, &c->model, c->s.input, 0, &c->set, &c->options, &run);
  if (status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_MEMORY || status == ATTRIB_E_ARGUMENT) {
    bool from_report = strstr(message, "report") != NULL; /* which the pull form does not take here */
    if (!from_report) assert_int_equal(pulled, status);
  }
  attrib_run_destroy(run);
  return status;
}

static void refuse(call *c, attrib_status expected, const char *name) {
  attrib_status status = make_call(c);
  if (status != expected || strstr(message, name) == NULL)
    fail_msg("%s instead of %s with \"%s\": \"%s\"", attrib_status_name(status), attrib_status_name(expected), name,
             message);
}

static void inputs(void **state) {
  (void)state;
  call c;
  open_call(&c);
  const int64_t none[] = {0, -1, INT64_MIN}, many[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 8, INT64_MAX / 8 - 1};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    c.model.n_inputs = none[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "n_inputs");
  }
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      c.model.dtype = dtype;
      c.model.n_inputs = many[i];
      refuse(&c, ATTRIB_E_OVERFLOW, "n_inputs");
    }
  c.model = c.s.model;
  const uint32_t dtypes[] = {0, 3, 255, UINT32_MAX};
  for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++) {
    c.model.dtype = dtypes[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "dtype");
  }
  close_call(&c);
}

static void outputs(void **state) {
  (void)state;
  call c;
  open_call(&c);
  double *outputs = untouched(1);
  const int64_t many[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 8 + 1};
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
    c.model.n_outputs = many[i];
    assert_int_equal(attrib_outputs(c.context, &c.model, &c.set, ATTRIB_NO_TARGET, NULL, outputs, NULL),
                     ATTRIB_E_OVERFLOW);
  }
  c.model = c.s.model;
  c.model.n_outputs = -1;
  refuse(&c, ATTRIB_E_ARGUMENT, "n_outputs");
  c.model = c.s.model;
  attrib_baselines set = {.struct_size = sizeof set, .fetch = fetch_zeros, .fetch_user = &c.s};
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) { /* no array of outputs is that long */
    set.count = many[i];
    assert_int_equal(attrib_outputs(c.context, &c.model, &set, 0, NULL, outputs, NULL), ATTRIB_E_OVERFLOW);
    assert_int_equal(attrib_outputs(c.context, &c.model, &set, ATTRIB_NO_TARGET, NULL, outputs, NULL),
                     ATTRIB_E_OVERFLOW);
  }
  assert_true(is_untouched(outputs, 1));
  free(outputs);
  close_call(&c);
}

static void rows_and_batches(void **state) {
  (void)state;
  call c;
  open_call(&c);
  c.options.points = (int64_t)1 << 50;
  const uint32_t rows[] = {UINT32_MAX, UINT32_MAX - 1, 1u << 31, 1u << 20};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    c.model.max_rows = rows[i];
    refuse(&c, ATTRIB_E_MEMORY, "memory");
  }
  /* Few rows in all: the batch is no larger than they are. */
  c.options.points = 3;
  c.model.max_rows = UINT32_MAX;
  assert_int_equal(make_call(&c), ATTRIB_OK);
  /* Where even the number of bytes does not fit: long rows, all that may be out. */
  attrib_context *wide = meter_context(&c.m, 1, 4096, NULL);
  c.options.points = (int64_t)1 << 50;
  c.options.n_groups = INT64_MAX / 8;
  c.options.groups = c.s.groups;
  double *attributions = untouched(c.s.n);
  attrib_status status =
      attrib_integrated_gradients(wide, &c.model, c.s.input, 0, &c.set, &c.options, attributions, NULL);
  assert_true(status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_MEMORY);
  assert_true(is_untouched(attributions, c.s.n));
  free(attributions);
  attrib_context_destroy(wide);
  close_call(&c);
}

static void context_numbers(void **state) {
  (void)state;
  const uint32_t workers[] = {1025, 65536, UINT32_MAX}, in_flight[] = {4097, UINT32_MAX};
  attrib_context_options options = {.struct_size = sizeof options};
  for (size_t i = 0; i < sizeof workers / sizeof workers[0]; i++) {
    attrib_context *context = (attrib_context *)&options;
    options.workers = workers[i];
    assert_int_equal(attrib_context_create(&options, &context), ATTRIB_E_ARGUMENT);
    assert_null(context);
  }
  options.workers = 0;
  for (size_t i = 0; i < sizeof in_flight / sizeof in_flight[0]; i++) {
    attrib_context *context = (attrib_context *)&options;
    options.in_flight = in_flight[i];
    assert_int_equal(attrib_context_create(&options, &context), ATTRIB_E_ARGUMENT);
    assert_null(context);
  }
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3000);
  s.model.max_rows = 1;
  options.in_flight = 4096; /* the most there may be */
  attrib_context *context;
  assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
  double *results = untouched(s.n);
  assert_int_equal(scene_play(&s, SCENE_IG_FETCHED, context, results, NULL), ATTRIB_OK);
  assert_int_equal(scene_pull(&s, SCENE_IG_FETCHED, context, 16, results, NULL), ATTRIB_OK);
  free(results);
  attrib_context_destroy(context);
  stage_close(&s);
}

static void sets(void **state) {
  (void)state;
  call c;
  open_call(&c);
  const attrib_baselines given = c.set;
  const int64_t none[] = {0, -1, INT64_MIN};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    c.set.count = none[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "count");
  }
  c.set = given;
  const int64_t many[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 8};
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
    c.set.count = many[i];
    refuse(&c, ATTRIB_E_OVERFLOW, "baselines");
    c.set = given;
    c.set.stride = many[i];
    refuse(&c, ATTRIB_E_OVERFLOW, "baselines");
    c.set = given;
  }
  const int64_t close[] = {1, 4, -1, INT64_MIN};
  for (size_t i = 0; i < sizeof close / sizeof close[0]; i++) {
    c.set.stride = close[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "stride");
  }
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .fetch = fetch_zeros, .fetch_user = &c.s};
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++)
    for (int64_t points = rule == ATTRIB_RULE_TRAPEZOID ? 2 : 1; points < 100; points += 97) {
      c.options.rule = rule;
      c.options.points = points;
      c.set.count = INT64_MAX;
      refuse(&c, ATTRIB_E_OVERFLOW, "baselines");
      if (points == 1) continue;
      c.set.count = INT64_MAX / points + 1;
      refuse(&c, ATTRIB_E_OVERFLOW, "baselines");
    }
  double weights[3] = {1.7e308, 1.7e308, 1};
  c.set = given;
  c.options.rule = 0;
  c.set.weights = weights;
  refuse(&c, ATTRIB_E_ARGUMENT, "weights");
  close_call(&c);
}

/* More rows than could ever be evaluated are no error: the model stops them. */
static void endless_runs(void **state) {
  (void)state;
  call c;
  open_call(&c);
  stage_fault(&c.s, FAULT_STOP, 40, false);
  c.model.max_rows = 4;
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .fetch = fetch_zeros, .fetch_user = &c.s};
  const struct {
    int64_t count, points;
  } sizes[] = {{1, (int64_t)1 << 52}, {1000, (int64_t)1 << 52}, {INT64_MAX / 4, 2}, {INT64_MAX / 1024, 1000}};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
    for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
      c.set.count = sizes[i].count;
      c.options.points = sizes[i].points;
      c.options.rule = rule;
      if (rule == ATTRIB_RULE_GAUSS_LEGENDRE && sizes[i].points > 1000000) { /* finding one node would take years */
        refuse(&c, ATTRIB_E_ARGUMENT, "points");
        continue;
      }
      assert_int_equal(make_call(&c), ATTRIB_CANCELLED);
      assert_int_equal(c.report->stop_reason, ATTRIB_STOP_CALLBACK);
      assert_true(c.report->evaluations + c.report->output_evaluations <= 40);
    }
  close_call(&c);
}

static void options(void **state) {
  (void)state;
  call c;
  open_call(&c);
  const attrib_ig_options given = c.options;
  const int64_t points[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX / 2};
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    c.options.points = points[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "points");
  }
  c.options = given;
  c.options.groups = c.s.groups;
  const int64_t groups[] = {-1, INT64_MIN, 1};
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
    c.options.n_groups = groups[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "groups");
  }
  const int64_t many[] = {INT64_MAX, INT64_MAX / 16, INT64_MAX / 64};
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
    c.options.n_groups = many[i];
    attrib_status status = make_call(&c);
    assert_true(status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_MEMORY);
  }
  c.options = given;
  const uint32_t rules[] = {7, 100, UINT32_MAX};
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    c.options.rule = rules[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "rule");
  }
  /* The most that the adaptive rule takes: too much for the meter, or until the model stops it. */
  c.options = (attrib_ig_options){.struct_size = sizeof c.options,
                                  .rule = ATTRIB_RULE_ADAPTIVE,
                                  .round_rows = 1 << 20,
                                  .max_vectors = 1 << 20,
                                  .max_evaluations = (int64_t)1 << 52,
                                  .tolerance = 1e-300};
  stage_fault(&c.s, FAULT_STOP, 40, false);
  assert_int_equal(make_call(&c), ATTRIB_E_MEMORY);
  c.options.round_rows = 1000;
  c.options.max_vectors = 1000;
  assert_int_equal(make_call(&c), ATTRIB_CANCELLED);
  stage_fault(&c.s, FAULT_NONE, 0, false);
  c.options = given;
  c.options.flags = UINT32_MAX;
  refuse(&c, ATTRIB_E_UNSUPPORTED, "flags");
  close_call(&c);
}

static void knots(void **state) {
  (void)state;
  call c;
  open_call(&c);
  double *attributions = untouched(c.s.n);
  const struct {
    int64_t knots, stride;
    attrib_status status;
  } wrong[] = {{1, 0, ATTRIB_E_ARGUMENT},
               {0, 0, ATTRIB_E_ARGUMENT},
               {-1, 0, ATTRIB_E_ARGUMENT},
               {INT64_MIN, 0, ATTRIB_E_ARGUMENT},
               {3, 4, ATTRIB_E_ARGUMENT},
               {3, -1, ATTRIB_E_ARGUMENT},
               {3, INT64_MIN, ATTRIB_E_ARGUMENT},
               {INT64_MAX, 0, ATTRIB_E_OVERFLOW},
               {INT64_MAX / 40 + 1, 0, ATTRIB_E_OVERFLOW},
               {2, INT64_MAX, ATTRIB_E_OVERFLOW},
               {3, INT64_MAX / 2, ATTRIB_E_OVERFLOW}};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    attrib_path path = {
        .struct_size = sizeof path, .knots = wrong[i].knots, .stride = wrong[i].stride, .rows = c.s.rows};
    assert_int_equal(attrib_path_gradients(c.context, &c.model, 0, &path, NULL, attributions, NULL), wrong[i].status);
  }
  attrib_path path = {.struct_size = sizeof path, .knots = 3, .stride = c.s.stride, .rows = c.s.rows};
  c.options.points = (int64_t)1 << 52;
  stage_fault(&c.s, FAULT_STOP, 40, false);
  assert_int_equal(attrib_path_gradients(c.context, &c.model, 0, &path, &c.options, attributions, NULL),
                   ATTRIB_CANCELLED);
  free(attributions);
  close_call(&c);
}

static void report_buffers(void **state) {
  (void)state;
  call c;
  open_call(&c);
  attrib_trace_point *trace = malloc(3 * sizeof *trace);
  assert_non_null(trace);
  c.report->trace = trace;
  c.report->trace_capacity = 3;
  const int64_t short_strides[] = {1, 8, sizeof *trace - 1, -1, INT64_MIN};
  for (size_t i = 0; i < sizeof short_strides / sizeof short_strides[0]; i++) {
    c.report->trace_stride = short_strides[i];
    refuse(&c, ATTRIB_E_ARGUMENT, "trace_stride");
  }
  const int64_t long_strides[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 3 + 1};
  for (size_t i = 0; i < sizeof long_strides / sizeof long_strides[0]; i++) {
    c.report->trace_stride = long_strides[i];
    refuse(&c, ATTRIB_E_OVERFLOW, "trace");
  }
  c.report->trace_stride = 0;
  c.report->trace_capacity = -1;
  refuse(&c, ATTRIB_E_ARGUMENT, "trace_capacity");
  c.report->trace_capacity = INT64_MAX;
  refuse(&c, ATTRIB_E_OVERFLOW, "trace");
  c.report->trace_capacity = 3;
  assert_int_equal(make_call(&c), ATTRIB_OK);
  assert_int_equal(c.report->trace_count, 3); /* of 9: the buffer has exactly three places */
  c.report->trace = NULL;
  char *buffer = c.report->message;
  c.report->message_capacity = -1;
  refuse(&c, ATTRIB_E_ARGUMENT, "message_capacity");
  c.report->message_capacity = INT64_MIN;
  refuse(&c, ATTRIB_E_ARGUMENT, "message_capacity");
  c.report->message_capacity = 500;
  c.report->message = buffer;
  attrib_run *run;
  assert_int_equal(attrib_integrated_gradients_start(c.context, &c.model, c.s.input, 0, &c.set, &c.options, &run),
                   ATTRIB_OK);
  assert_int_equal(attrib_run_set_trace(run, trace, 3, INT64_MAX / 2), ATTRIB_E_OVERFLOW);
  assert_int_equal(attrib_run_set_trace(run, trace, INT64_MAX, 0), ATTRIB_E_OVERFLOW);
  assert_int_equal(attrib_run_set_trace(run, trace, -1, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_set_trace(run, trace, 3, 1), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_set_trace(run, NULL, 3, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_set_trace(run, trace, 3, 0), ATTRIB_OK);
  attrib_run_destroy(run);
  free(trace);
  close_call(&c);
}

static void generators_and_pictures(void **state) {
  (void)state;
  call c;
  open_call(&c);
  double *row = untouched(c.s.n);
  assert_int_equal(attrib_baseline_mean(c.context, ATTRIB_F64, INT64_MAX, &c.set, row),
                   ATTRIB_E_ARGUMENT); /* stride < n */
  c.set.stride = 0;
  attrib_status status = attrib_baseline_mean(c.context, ATTRIB_F64, INT64_MAX, &c.set, row);
  assert_int_equal(status, ATTRIB_E_OVERFLOW);
  attrib_baselines made = {.struct_size = sizeof made, .count = 1, .fetch = fetch_zeros, .fetch_user = &c.s};
  const int64_t lengths[] = {INT64_MAX, INT64_MAX / 8, INT64_MAX / 16};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    status = attrib_baseline_mean(c.context, ATTRIB_F64, lengths[i], &made, row);
    assert_true(status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_MEMORY);
  }
  const int64_t sides[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 24, (int64_t)1 << 32};
  for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
    double colour[1] = {1};
    attrib_image shape = {.struct_size = sizeof shape, .width = sides[i], .height = sides[i], .channels = 1};
    assert_int_equal(attrib_image_fill(c.context, ATTRIB_F64, &shape, colour, row), ATTRIB_E_OVERFLOW);
    assert_int_equal(attrib_image_blur(c.context, ATTRIB_F64, &shape, c.s.input, 1, row), ATTRIB_E_OVERFLOW);
    assert_int_equal(attrib_image_reduce(c.context, &shape, row, ATTRIB_REDUCE_SUM, row), ATTRIB_E_OVERFLOW);
    shape = (attrib_image){.struct_size = sizeof shape,
                           .width = 2,
                           .height = 2,
                           .channels = 1,
                           .x_stride = sides[i],
                           .y_stride = sides[i],
                           .channel_stride = sides[i]};
    status = attrib_image_blur(c.context, ATTRIB_F64, &shape, c.s.input, 1, row);
    assert_true(status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_ARGUMENT);
  }
  const int64_t counts[] = {INT64_MAX, INT64_MAX / 2, INT64_MAX / 4};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    double scale;
    assert_int_equal(attrib_image_scale(c.context, counts[i], 0, ATTRIB_SIGN_BOTH, row, &scale), ATTRIB_E_OVERFLOW);
    assert_int_equal(attrib_image_normalise(c.context, counts[i], 0, ATTRIB_SIGN_BOTH, 0, row), ATTRIB_E_OVERFLOW);
    assert_int_equal(attrib_image_colorize(c.context, counts[i], row, ATTRIB_PALETTE_DIVERGING, (uint8_t *)row),
                     ATTRIB_E_OVERFLOW);
    assert_int_equal(
        attrib_image_overlay(c.context, counts[i] / 2 + INT64_MAX / 4, (uint8_t *)row, 0.5, (uint8_t *)row),
        ATTRIB_E_OVERFLOW); /* 4 bytes each */
  }
  assert_true(is_untouched(row, c.s.n));
  free(row);
  close_call(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(inputs),
      cmocka_unit_test(outputs),
      cmocka_unit_test(rows_and_batches),
      cmocka_unit_test(context_numbers),
      cmocka_unit_test(sets),
      cmocka_unit_test(endless_runs),
      cmocka_unit_test(options),
      cmocka_unit_test(knots),
      cmocka_unit_test(report_buffers),
      cmocka_unit_test(generators_and_pictures),
  };
  return cmocka_run_group_tests_name("hardship: overflow", tests, NULL, NULL);
}
