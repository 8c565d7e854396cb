/* test_randomisation.c - a model of two layers whose parameters are randomised under a gradient, an edge detector and a
 * map of the first layer alone: what is found, against plain loops; callbacks that fail, stop and lie at every call. */
#include "fixture.h"

#include "meter.h"

enum { SIDE = 11, N = SIDE * SIDE, HIDDEN = 5, LAYERS = 2, ROWS = LAYERS + 1, COLUMNS = 4, VALUES = ROWS * COLUMNS };

typedef struct parameters {
  double top[HIDDEN], bottom[HIDDEN * N];
} parameters;

typedef enum which_map { GRADIENT, EDGES, BOTTOM, FLAT, ZEROS, UNWRITTEN, INFINITE, HUGE_MAP } which_map;

typedef struct subject {
  parameters now, learnt;
  double x[N];
  which_map which;
  attrib_context *context; /* of the explanation; NULL = none */
  attrib_context *cancels; /* a context that is cancelled during call cancel_at */
  int64_t calls, explains, restores, cancel_at;
  int64_t answer_at, bad_restore; /* the call that gives `answer`; -1 = none. RESTORE fails */
  int32_t answer;
  uint64_t seeds[LAYERS];
  bool layer_open, wrong; /* a LAYER that no RESTORE has followed; callbacks came in an order they should not */
} subject;

/* f = sum of top_j tanh(bottom_j x). */
static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  const parameters *p = &((subject *)user)->now;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *x = (const double *)batch->inputs + r * batch->input_stride;
    double *gradient = batch->gradients == NULL ? NULL : (double *)batch->gradients + r * batch->gradient_stride;
    batch->outputs[r * batch->output_stride] = 0;
    for (int i = 0; i < N && gradient != NULL; i++) gradient[i] = 0;
    for (int j = 0; j < HIDDEN; j++) {
      double z = 0;
      for (int i = 0; i < N; i++) z += p->bottom[j * N + i] * x[i];
      batch->outputs[r * batch->output_stride] += p->top[j] * tanh(z);
      for (int i = 0; i < N && gradient != NULL; i++)
        gradient[i] += p->top[j] * (1 - tanh(z) * tanh(z)) * p->bottom[j * N + i];
    }
  }
  return 0;
}

static void draw_layer(parameters *p, int64_t layer, uint64_t seed) {
  if (layer == 0)
    fill_random(seed, p->top, HIDDEN);
  else
    fill_random(seed, p->bottom, HIDDEN * N);
  for (int k = 0; k < HIDDEN * N && layer == 1; k++) p->bottom[k] *= 0.2;
}

static bool answers(subject *s, int32_t *answer) {
  const int64_t nth = s->calls++;
  if (nth == s->cancel_at) attrib_context_cancel(s->cancels);
  *answer = nth == s->answer_at ? s->answer : 0;
  return *answer != 0;
}

static int32_t ATTRIB_CALL explain(const void *input, double *map, attrib_report *report, void *user) {
  subject *s = user;
  const double *x = input;
  int32_t answer;
  s->explains++;
  s->wrong |= input != s->x || report->struct_size != sizeof *report || report->evaluations != 0;
  if (answers(s, &answer)) {
    snprintf(report->message, (size_t)report->message_capacity, "so it is");
    return answer;
  }
  for (int i = 0; i < N && s->which != GRADIENT && s->which != UNWRITTEN; i++) {
    map[i] = i % SIDE == 0 ? 0 : x[i] - x[i - 1];
    if (s->which == BOTTOM) map[i] = s->now.bottom[i];
    if (s->which == FLAT) map[i] = 3;
    if (s->which == ZEROS) map[i] = 0;
    if (s->which == INFINITE && i == 5) map[i] = INFINITY;
    if (s->which == HUGE_MAP) map[i] = s->now.bottom[i] > 0 ? DBL_MAX : -DBL_MAX;
  }
  if (s->which != GRADIENT) return 0;
  const attrib_model model = {
      .struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = N, .n_outputs = 1, .evaluate = evaluate, .user = s};
  return attrib_gradient(s->context, &model, input, 0, NULL, map, report);
}

static int32_t ATTRIB_CALL randomise(uint32_t action, int64_t layer, uint64_t seed, void *user) {
  subject *s = user;
  int32_t answer;
  if (action == ATTRIB_RANDOMISE_RESTORE) {
    s->wrong |= !s->layer_open || layer != 0 || seed != 0;
    s->layer_open = false;
    s->restores++;
    s->now = s->learnt;
    return (int32_t)s->bad_restore;
  }
  s->wrong |= action != ATTRIB_RANDOMISE_LAYER || layer < 0 || layer >= LAYERS;
  s->layer_open = true;
  draw_layer(&s->now, layer, seed); /* though it fails */
  s->seeds[layer] = seed;
  answers(s, &answer);
  return answer;
}

static void set_up(subject *s, which_map which) {
  *s = (subject){.which = which, .answer_at = -1, .cancel_at = -1};
  draw_layer(&s->learnt, 0, 100);
  draw_layer(&s->learnt, 1, 101);
  fill_random(102, s->x, N);
  s->now = s->learnt;
}

static attrib_randomisable randomisable(subject *s) {
  return (attrib_randomisable){.struct_size = sizeof(attrib_randomisable),
                               .map_length = N,
                               .layers = LAYERS,
                               .explain = explain,
                               .explain_user = s,
                               .randomise = randomise,
                               .randomise_user = s};
}

static const attrib_image picture = {.struct_size = sizeof picture, .width = SIDE, .height = SIDE, .channels = 1};

static attrib_randomisation_options of_order(uint32_t order, bool with_shape) {
  return (attrib_randomisation_options){.struct_size = sizeof(attrib_randomisation_options),
                                        .order = order,
                                        .seed = UINT64_C(0x123456789abcdef),
                                        .shape = with_shape ? &picture : NULL};
}

/* Whatever happened: the model is what it was, and RESTORE came when it should. */
static void assert_in_order(const subject *s) {
  assert_memory_equal(&s->now, &s->learnt, sizeof s->now);
  assert_false(s->wrong || s->layer_open);
}

static attrib_status check(subject *s, attrib_context *context, uint32_t order, double *values, attrib_report *report) {
  const attrib_randomisable r = randomisable(s);
  const attrib_randomisation_options o = of_order(order, true);
  return attrib_randomisation_check(context, &r, s->x, &o, values, report);
}

/* -- what is found ------------------------------------------------------------------------------------------------ */

static double plain_spearman(const double *a, const double *b, bool sizes) {
  double xy = 0, xx = 0, yy = 0;
  for (int i = 0; i < N; i++) {
    double x = 0, y = 0; /* twice the rank above the mean: how many are below less how many are above */
    for (int k = 0; k < N; k++) {
      const double da = sizes ? fabs(a[i]) - fabs(a[k]) : a[i] - a[k],
                   db = sizes ? fabs(b[i]) - fabs(b[k]) : b[i] - b[k];
      x += (da > 0) - (da < 0), y += (db > 0) - (db < 0);
    }
    xy += x * y, xx += x * x, yy += y * y;
  }
  return xy / sqrt(xx * yy);
}

static void plain_gradient(const parameters *p, const double *x, double *map) {
  for (int i = 0; i < N; i++) map[i] = 0;
  for (int j = 0; j < HIDDEN; j++) {
    double z = 0;
    for (int i = 0; i < N; i++) z += p->bottom[j * N + i] * x[i];
    for (int i = 0; i < N; i++) map[i] += p->top[j] / (cosh(z) * cosh(z)) * p->bottom[j * N + i];
  }
}

static void assert_row(const double *row, const double *a, const double *b) {
  double square = 0, distance = 0, most_a = 0, most_b = 0, shown_a[N], shown_b[N];
  for (int i = 0; i < N; i++) {
    square += a[i] * a[i], distance += (a[i] - b[i]) * (a[i] - b[i]);
    most_a = fmax(most_a, fabs(a[i])), most_b = fmax(most_b, fabs(b[i]));
  }
  for (int i = 0; i < N; i++) shown_a[i] = a[i] / most_a, shown_b[i] = b[i] / most_b;
  const attrib_comparison_options o = {.struct_size = sizeof o, .range = 2, .shape = &picture};
  attrib_comparison compared = {.struct_size = sizeof compared};
  assert_int_equal(attrib_compare_maps(NULL, N, shown_a, shown_b, &o, &compared), ATTRIB_OK);
  assert_near(row[ATTRIB_SANITY_RANKS], plain_spearman(a, b, false), ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_ABSOLUTE_RANKS], plain_spearman(a, b, true), ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_SSIM], compared.ssim, 64 * ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_DIFFERENCE], sqrt(distance / square), 64 * ROUND_OFF, 1);
}

static void assert_control(const double *row) {
  assert_true(row[0] == 1 && row[1] == 1 && row[2] == 1 && row[3] == 0);
}

/* A gradient against plain loops over the same parameters; both orders begin with the same row. */
static void gradients(void **state) {
  (void)state;
  double values[2][VALUES];
  subject s;
  for (uint32_t order = 0; order < 2; order++) {
    set_up(&s, GRADIENT);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(check(&s, NULL, order, values[order], &report), ATTRIB_OK);
    assert_in_order(&s);
    assert_int_equal(s.restores, order == ATTRIB_SANITY_CASCADING ? 1 : LAYERS);
    assert_true(s.explains == LAYERS + 2 && s.seeds[0] != s.seeds[1]);
    assert_true(report.evaluations == LAYERS + 2 && report.output_evaluations == 0 && report.model_calls == LAYERS + 2);
    assert_true(report.seed == UINT64_C(0x123456789abcdef) && report.stop_reason == ATTRIB_STOP_COMPLETE);
    assert_true(report.peak_bytes > 10 * N * (int64_t)sizeof(double) && report.failed_row == -1);
    double original[N], map[N];
    plain_gradient(&s.learnt, s.x, original);
    parameters p = s.learnt;
    for (int layer = 0; layer < LAYERS; layer++) {
      if (order == ATTRIB_SANITY_INDEPENDENT) p = s.learnt;
      draw_layer(&p, layer, s.seeds[layer]);
      plain_gradient(&p, s.x, map);
      assert_row(values[order] + layer * COLUMNS, original, map);
      assert_true(values[order][layer * COLUMNS + ATTRIB_SANITY_ABSOLUTE_RANKS] < 0.9);
    }
    assert_control(values[order] + LAYERS * COLUMNS);
  }
  assert_same_bits(values[0], values[1], COLUMNS);
  assert_true(values[0][COLUMNS] != values[1][COLUMNS]);
}

/* An edge detector knows no parameters: 1 at every layer. A map of the first layer changes with that alone. */
static void maps_that_do_not_depend_on_layers(void **state) {
  (void)state;
  for (uint32_t order = 0; order < 2; order++) {
    subject s;
    double values[VALUES];
    set_up(&s, EDGES);
    assert_int_equal(check(&s, NULL, order, values, NULL), ATTRIB_OK);
    for (int row = 0; row < ROWS; row++) assert_control(values + row * COLUMNS);
    set_up(&s, BOTTOM);
    assert_int_equal(check(&s, NULL, order, values, NULL), ATTRIB_OK);
    assert_control(values);
    assert_true(fabs(values[COLUMNS]) < 0.5 && values[COLUMNS + ATTRIB_SANITY_DIFFERENCE] > 0.5);
    assert_control(values + 2 * COLUMNS);
    assert_in_order(&s);
  }
}

static void without_a_shape_and_other_seeds(void **state) {
  (void)state;
  subject s;
  double values[VALUES], other[VALUES];
  set_up(&s, GRADIENT);
  const attrib_randomisable r = randomisable(&s);
  attrib_randomisation_options o = of_order(0, false);
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, values, NULL), ATTRIB_OK);
  for (int row = 0; row < ROWS; row++) assert_true(isnan(values[row * COLUMNS + ATTRIB_SANITY_SSIM]));
  const uint64_t seed = s.seeds[0];
  o.seed++;
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, other, NULL), ATTRIB_OK);
  assert_true(s.seeds[0] != seed && other[0] != values[0]);
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, NULL, other, NULL), ATTRIB_OK);
}

/* A control that is not 1: the map changes from call to call, which a check should know. */
static int32_t ATTRIB_CALL restless(const void *input, double *map, attrib_report *report, void *user) {
  (void)input, (void)report;
  fill_random((uint64_t)((subject *)user)->explains++, map, N);
  return 0;
}

static void the_control_tells(void **state) {
  (void)state;
  subject s;
  double values[VALUES];
  set_up(&s, EDGES);
  attrib_randomisable r = randomisable(&s);
  r.explain = restless;
  assert_int_equal(attrib_randomisation_check(NULL, &r, NULL, NULL, values, NULL), ATTRIB_OK);
  assert_true(fabs(values[LAYERS * COLUMNS]) < 0.9);
}

static void what_does_not_exist(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, FLAT);
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "a map of one value everywhere has no rank correlation");
  assert_true(isnan(values[0]) && isnan(values[1]) && values[2] == 1 && values[3] == 0);
  set_up(&s, ZEROS);
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_UNDEFINED, context);
  assert_true(isnan(values[0]) && isnan(values[1]) && values[2] == 1 && isnan(values[3]));
  set_up(&s, EDGES);
  const attrib_randomisable r = randomisable(&s);
  attrib_image line = picture;
  line.width = N, line.height = 1;
  attrib_randomisation_options o = of_order(0, true);
  o.shape = &line;
  attrib_report report = {.struct_size = sizeof report};
  assert_status(attrib_randomisation_check(context, &r, s.x, &o, values, &report), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "11 x 11 pixels: seen first at the map with layer 0 randomised");
  assert_true(values[0] == 1 && isnan(values[2]) && report.stop_reason == ATTRIB_STOP_COMPLETE);
  assert_in_order(&s);
  attrib_context_destroy(context);
}

/* -- callbacks ---------------------------------------------------------------------------------------------------- */

/* Rows of the table that are there after so many calls; explain and randomise come in turn, explain first. */
static void assert_prefix(const double *values, const double *whole, int64_t calls) {
  const int64_t rows = calls == 2 * LAYERS + 2 ? ROWS : calls <= 2 ? 0 : (calls - 1) / 2;
  assert_same_bits(values, whole, rows * COLUMNS);
  for (int64_t i = rows * COLUMNS; i < VALUES; i++) assert_true(isnan(values[i]));
}

static void callbacks_fail_and_stop_at_every_call(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (uint32_t order = 0; order < 2; order++)
    for (int bad_restore = 0; bad_restore < 2; bad_restore++)
      for (int32_t answer = -7; answer <= 7; answer += 14)
        for (int64_t at = 0; at < 2 * LAYERS + 2; at++) {
          subject s;
          double whole[VALUES], *values = untouched(VALUES);
          char message[200];
          set_up(&s, GRADIENT);
          assert_status(check(&s, context, order, whole, NULL), ATTRIB_OK, context);
          set_up(&s, GRADIENT);
          s.answer_at = at, s.answer = answer, s.bad_restore = bad_restore * 9;
          attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
          const attrib_status status = check(&s, context, order, values, &report);
          assert_in_order(&s);
          assert_string_equal(message, attrib_context_error(context));
          if (bad_restore && s.restores > 0) { /* outweighs what came before */
            assert_true(status == ATTRIB_E_CALLBACK && report.model_status == 9 && is_untouched(values, VALUES));
            assert_names(message, "returned 9 for ATTRIB_RANDOMISE_RESTORE");
          } else if (answer < 0) {
            assert_true(status == ATTRIB_E_CALLBACK && report.model_status == -7 && is_untouched(values, VALUES));
            assert_names(message, at == 0 || at % 2 == 0 || at == 5 ? "explain returned -7" : "randomise returned -7");
            if (at % 2 == 0) assert_names(message, ": so it is");
            assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
          } else {
            assert_true(status == ATTRIB_CANCELLED && report.model_status == 7 && message[0] == '\0');
            assert_int_equal(report.stop_reason, ATTRIB_STOP_CALLBACK);
            assert_prefix(values, whole, at);
            assert_int_equal(report.evaluations, at == 5 ? 3 : (at + 1) / 2);
          }
          free(values);
        }
  attrib_context_destroy(context);
}

static void maps_that_are_no_numbers(void **state) {
  (void)state;
  static const struct {
    which_map which;
    attrib_status status;
    const char *names;
  } cases[] = {{UNWRITTEN, ATTRIB_E_NONFINITE, "left value 0 unwritten of the map of the model as it is"},
               {INFINITE, ATTRIB_E_NONFINITE, "value 5 of the map of the model as it is is inf"},
               {HUGE_MAP, ATTRIB_E_OVERFLOW, "the difference to the map with layer 1 randomised overflows"}};
  attrib_context *context = new_context(1, 0);
  for (int k = 0; k < COUNT(cases); k++) {
    subject s;
    double *values = untouched(VALUES);
    set_up(&s, cases[k].which);
    assert_status(check(&s, context, 0, values, NULL), cases[k].status, context);
    assert_names(attrib_context_error(context), cases[k].names);
    assert_true(is_untouched(values, VALUES));
    assert_in_order(&s);
    free(values);
  }
  attrib_context_destroy(context);
}

/* A restore that fails outweighs what was found wrong with a map. */
static void a_failing_restore_outweighs_a_map(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, HUGE_MAP);
  s.bad_restore = -4;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_CALLBACK, context);
  assert_names(attrib_context_error(context), "returned -4 for ATTRIB_RANDOMISE_RESTORE");
  attrib_context_destroy(context);
}

/* The metric's context is in use while it explains. */
static void its_own_context_is_busy(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, GRADIENT);
  s.context = context;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_CALLBACK, context);
  assert_names(attrib_context_error(context), "explain returned -7");
  attrib_context_destroy(context);
}

/* -- cancelling --------------------------------------------------------------------------------------------------- */

typedef struct listener {
  int64_t calls, stop_at, rows;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  l->rows = progress->evaluations;
  return l->calls++ == l->stop_at;
}

static void cancelled_at_every_call(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double whole[VALUES], values[VALUES];
  subject s;
  set_up(&s, GRADIENT);
  assert_status(check(&s, context, 0, whole, NULL), ATTRIB_OK, context);
  attrib_report report = {.struct_size = sizeof report};
  attrib_context_cancel(context);
  assert_status(check(&s, context, 0, values, &report), ATTRIB_CANCELLED, context);
  assert_prefix(values, whole, 0);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_CANCEL);
  for (int64_t at = 0; at < 2 * LAYERS + 2; at++) {
    set_up(&s, GRADIENT);
    s.cancels = context, s.cancel_at = at;
    const attrib_status status = check(&s, context, 0, values, &report);
    assert_in_order(&s);
    if (at == 2 * LAYERS + 1) { /* too late */
      assert_status(status, ATTRIB_OK, context);
      assert_same_bits(values, whole, VALUES);
    } else {
      assert_status(status, ATTRIB_CANCELLED, context);
      assert_prefix(values, whole, at + 1);
    }
  }
  for (int64_t at = -1; at < LAYERS + 2; at++) {
    listener l = {.stop_at = at};
    set_up(&s, GRADIENT);
    assert_int_equal(attrib_context_set_progress(context, listen, &l), ATTRIB_OK);
    const attrib_status status = check(&s, context, 0, values, &report);
    assert_in_order(&s);
    const bool whole_way = at < 0 || at == LAYERS + 1;
    assert_status(status, whole_way ? ATTRIB_OK : ATTRIB_CANCELLED, context);
    assert_int_equal(l.calls, whole_way ? LAYERS + 2 : at + 1);
    assert_int_equal(l.rows, l.calls);
    assert_int_equal(report.stop_reason, whole_way ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_PROGRESS);
  }
  attrib_context_destroy(context);
}

/* -- memory, arguments -------------------------------------------------------------------------------------------- */

static void memory_runs_out(void **state) {
  (void)state;
  subject s;
  double *values = untouched(VALUES);
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  set_up(&s, GRADIENT);
  m.fail_at = m.allocations;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_MEMORY, context);
  assert_true(is_untouched(values, VALUES) && s.calls == 0);
  m.fail_at = -1;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_OK, context);
  const int64_t made = m.allocations;
  assert_status(check(&s, context, 1, values, NULL), ATTRIB_OK, context);
  assert_int_equal(m.allocations, made);
  attrib_context_destroy(context);
  meter_finish(&m);
  free(values);
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double *values = untouched(VALUES);
  set_up(&s, EDGES);
  const attrib_randomisable good = randomisable(&s);
  attrib_randomisable bad[8];
  for (int k = 0; k < 8; k++) bad[k] = good;
  bad[0].flags = 1, bad[1].map_length = 0, bad[2].layers = 0, bad[3].explain = NULL, bad[4].randomise = NULL;
  bad[5].map_length = INT64_MAX / 16, bad[6].layers = INT64_MAX, bad[7].layers = INT64_MAX / 8;
  static const struct {
    attrib_status status;
    const char *names;
  } expected[] = {{ATTRIB_E_UNSUPPORTED, "subject->flags = 0x1"},
                  {ATTRIB_E_ARGUMENT, "subject->map_length = 0"},
                  {ATTRIB_E_ARGUMENT, "subject->layers = 0"},
                  {ATTRIB_E_ARGUMENT, "subject->explain is NULL"},
                  {ATTRIB_E_ARGUMENT, "subject->randomise is"},
                  {ATTRIB_E_OVERFLOW, "subject->map_length"},
                  {ATTRIB_E_OVERFLOW, "layers = "},
                  {ATTRIB_E_OVERFLOW, "layers = "}};
  for (int k = 0; k < 8; k++) {
    assert_status(attrib_randomisation_check(context, &bad[k], s.x, NULL, values, NULL), expected[k].status, context);
    assert_names(attrib_context_error(context), expected[k].names);
  }
  attrib_randomisation_options o = of_order(2, false);
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->order = 2");
  o = of_order(0, false), o.reserved0 = 5;
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_UNSUPPORTED, context);
  assert_names(attrib_context_error(context), "reserved0 = 5");
  o = of_order(0, true);
  attrib_image small = picture;
  small.height = 10, o.shape = &small;
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->shape: 11 x 10");
  assert_status(attrib_randomisation_check(context, NULL, s.x, NULL, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "subject is NULL");
  assert_status(attrib_randomisation_check(context, &good, s.x, NULL, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "values is NULL");
  assert_true(is_untouched(values, VALUES) && s.calls == 0);
  free(values);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients),
      cmocka_unit_test(maps_that_do_not_depend_on_layers),
      cmocka_unit_test(without_a_shape_and_other_seeds),
      cmocka_unit_test(the_control_tells),
      cmocka_unit_test(what_does_not_exist),
      cmocka_unit_test(callbacks_fail_and_stop_at_every_call),
      cmocka_unit_test(maps_that_are_no_numbers),
      cmocka_unit_test(a_failing_restore_outweighs_a_map),
      cmocka_unit_test(its_own_context_is_busy),
      cmocka_unit_test(cancelled_at_every_call),
      cmocka_unit_test(memory_runs_out),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
