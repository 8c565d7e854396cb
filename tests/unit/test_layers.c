/* Layer attributions: exact values, identities, and what holds of every method. */
#include "fixture.h"

#include "method_checks.h"

/* g(x) = (relu x1, relu(x2 - 1)), h = a1 a2. */
static double g_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 && x[0] > 0;
  return fmax(x[0], 0);
}
static double g_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1 && x[1] > 1;
  return fmax(x[1] - 1, 0);
}
static const analytic_fn kinks[] = {g_first, g_second};

/* g(x) = (x1 + 1, x2). */
static double b_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0] + 1;
}
static double b_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1;
  return x[1];
}
static const analytic_fn biased[] = {b_first, b_second};

static const analytic_fn product = f_product;

typedef struct cut_model {
  analytic body, head;
  attrib_model models[2];
} cut_model;

static void make_cut(cut_model *c, const analytic_fn *body, const analytic_fn *head, uint32_t dtype) {
  c->body = (analytic){.functions = body, .n_outputs = 2, .n_inputs = 2, .dtype = dtype};
  c->head = (analytic){.functions = head, .n_outputs = 1, .n_inputs = 2, .dtype = dtype};
  c->models[0] = analytic_model(&c->body);
  c->models[1] = analytic_model(&c->head);
}

static void expect_layer(const cut_model *c, uint32_t form, int64_t points, uint32_t rule, const double *x,
                         double first, double second, double target, double tolerance) {
  static const double zero[2];
  const attrib_layer_options options = {.struct_size = sizeof options, .form = form, .points = points, .rule = rule};
  attrib_report report = {.struct_size = sizeof report};
  double v[2];
  assert_int_equal(attrib_layer_attributions(NULL, &c->models[0], &c->models[1], x, 0, zero, &options, v, &report),
                   ATTRIB_OK);
  assert_near(v[0], first, tolerance, 4);
  assert_near(v[1], second, tolerance, 4);
  assert_near(report.completeness_target, target, ROUND_OFF, 4);
  assert_near(report.completeness_error, first + second - target, tolerance, 4);
  assert_near(report.completeness_relative, fabs(first + second - target) / fabs(target), tolerance, 4);
}

/* h(g(x)) as one model: relu x1 relu(x2 - 1). */
static double composed(const double *x, int64_t n, double *g, const void *p) {
  const double a[] = {g_first(x, n, NULL, p), g_second(x, n, NULL, p)};
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? (x[0] > 0) * a[1] : i == 1 ? (x[1] > 1) * a[0] : 0;
  return a[0] * a[1];
}
static const analytic_fn whole = composed;

/* From the input itself: 4/3 and 8/3, with midpoints that have the kink, at a third of the way, at the end of a cell.
 * And the attribution error of gradient times activation, (4, 4) against T = 4: 100 %. */
static void exact_input_and_error(void **state) {
  (void)state;
  static const double x[] = {2, 3}, zero[2];
  const attrib_baselines set = one_baseline(zero);
  const attrib_ig_options ig = with_rule(ATTRIB_RULE_MIDPOINT, 6);
  const attrib_layer_options line = {.struct_size = sizeof line, .rule = ATTRIB_RULE_MIDPOINT, .points = 6},
                             times = {.struct_size = sizeof times, .form = ATTRIB_LAYER_TIMES_ACTIVATION};
  analytic a;
  const attrib_model model = single_model(&a, &whole, ATTRIB_F64, 2, NULL);
  double v[2];
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &ig, v, NULL), ATTRIB_OK);
  assert_near(v[0], 4. / 3, ROUND_OFF, 4);
  assert_near(v[1], 8. / 3, ROUND_OFF, 4);
  assert_int_equal(attrib_layer_attributions(NULL, NULL, &model, x, 0, zero, &line, v, NULL), ATTRIB_OK);
  assert_near(v[0], 4. / 3, ROUND_OFF, 4);
  assert_near(v[1], 8. / 3, ROUND_OFF, 4);
  cut_model c;
  make_cut(&c, kinks, &product, ATTRIB_F64);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_layer_attributions(NULL, &c.models[0], &c.models[1], x, 0, zero, &times, v, &report),
                   ATTRIB_OK);
  assert_true(v[0] == 4 && v[1] == 4 && report.attribution_sum == 8);
  assert_true(report.completeness_target == 4 && report.completeness_error == 4 && report.completeness_relative == 1);
}

static void exact_values(void **state) {
  (void)state;
  const double x[] = {2, 3};
  cut_model c;
  make_cut(&c, kinks, &product, ATTRIB_F64);
  expect_layer(&c, ATTRIB_LAYER_LINE, 0, 0, x, 2, 2, 4, ROUND_OFF); /* adaptive */
  expect_layer(&c, ATTRIB_LAYER_LINE, 1, ATTRIB_RULE_MIDPOINT, x, 2, 2, 4, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_PATH, 3, 0, x, 4. / 3, 8. / 3, 4, ROUND_OFF); /* knots at the kink: exact */
  expect_layer(&c, ATTRIB_LAYER_PATH, 1000, 0, x, 4. / 3, 8. / 3, 4, 1e-3);
  expect_layer(&c, ATTRIB_LAYER_TIMES_ACTIVATION, 0, 0, x, 4, 4, 4, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_TAYLOR, 0, 0, x, 0, 0, 4, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_GRADIENT, 0, 0, x, 2, 2, 4, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_CAM, 0, 0, x, 4, 4, 4, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_DIFFERENCE, 0, 0, x, 2, 2, 4, ROUND_OFF);
  /* The baseline's image is (1, 0), not 0: the sum is f(x) - f(x') = 9, not h(a). */
  make_cut(&c, biased, &product, ATTRIB_F64);
  expect_layer(&c, ATTRIB_LAYER_LINE, 4, 0, x, 3, 6, 9, ROUND_OFF);
  expect_layer(&c, ATTRIB_LAYER_TAYLOR, 0, 0, x, 0, 3, 9, ROUND_OFF);
}

/* Methods of one point by the baseline that they imply: gradient times input is integrated gradients from 0 by one node
 * at the end of the line, first-order Taylor from x' by one node at its start. Of f = x1^3 from 1 to 3: 81 and 6. */
static void one_point_is_a_rule_of_one_node(void **state) {
  (void)state;
  static const analytic_fn cube = f_cube;
  static const double x[] = {3}, starts[][1] = {{0}, {1}};
  static const struct {
    uint32_t form, rule;
    double expected;
  } cases[] = {{ATTRIB_LAYER_TIMES_ACTIVATION, ATTRIB_RULE_RIGHT, 81}, {ATTRIB_LAYER_TAYLOR, ATTRIB_RULE_LEFT, 6}};
  for (int k = 0; k < 2; k++) {
    analytic a;
    const attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
    const attrib_layer_options o = {.struct_size = sizeof o, .form = cases[k].form};
    const attrib_baselines set = one_baseline(starts[k]);
    const attrib_ig_options one = with_rule(cases[k].rule, 1);
    double v, by_rule;
    assert_int_equal(attrib_layer_attributions(NULL, NULL, &model, x, 0, starts[1], &o, &v, NULL), ATTRIB_OK);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &one, &by_rule, NULL), ATTRIB_OK);
    assert_true(v == cases[k].expected && by_rule == v);
  }
}

enum { N = 6, LAYER = 5 };

typedef struct layer_case {
  void *input, *baseline;
  int32_t *groups;
  attrib_image shape;
  attrib_layer_options options;
} layer_case;

static attrib_status call_layer(attrib_context *context, const attrib_model *models, void *values,
                                attrib_report *report, void *user) {
  const layer_case *c = user;
  return attrib_layer_attributions(context, &models[0], &models[1], c->input, 0, c->baseline, &c->options, values,
                                   report);
}
static attrib_status start_layer(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const layer_case *c = user;
  return attrib_layer_attributions_start(context, &models[0], &models[1], c->input, 0, c->baseline, &c->options, run);
}
static attrib_status call_input(attrib_context *context, const attrib_model *models, void *values,
                                attrib_report *report, void *user) {
  const layer_case *c = user;
  return attrib_layer_attributions(context, NULL, models, c->input, 0, c->baseline, &c->options, values, report);
}
static attrib_status start_input(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const layer_case *c = user;
  return attrib_layer_attributions_start(context, NULL, models, c->input, 0, c->baseline, &c->options, run);
}

/* Body: waves of the inputs, shifted by the number of the activation. */
static double wave(const double *x, int64_t n, double *g, int k) {
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    f += sin(x[i] + (double)(k * i)) / (double)(1 + k);
    if (g != NULL) g[i] = cos(x[i] + (double)(k * i)) / (double)(1 + k);
  }
  return f;
}
#define WAVE(k)                                                                  \
  static double wave_##k(const double *x, int64_t n, double *g, const void *p) { \
    (void)p;                                                                     \
    return wave(x, n, g, k);                                                     \
  }
WAVE(0)
WAVE(1) WAVE(2) WAVE(3) WAVE(4) static const analytic_fn waves[LAYER] = {wave_0, wave_1, wave_2, wave_3, wave_4};
static const analytic_fn head_waves = f_waves;

static void check_form(uint32_t form, uint32_t dtype, bool cut, bool grouped) {
  double values[N];
  const int64_t n = cut ? LAYER : N;
  fill_random(5, values, N);
  layer_case c = {.options = {.struct_size = sizeof c.options, .form = form}};
  c.input = as_row(dtype, values, N);
  fill_random(6, values, N);
  c.baseline = as_row(dtype, values, N);
  c.groups = exact_copy((int32_t[]){0, 2, 1, 0, 1, 2}, (size_t)n * sizeof(int32_t));
  c.shape = (attrib_image){.struct_size = sizeof c.shape, .width = n, .height = 1, .channels = 1};
  if (form == ATTRIB_LAYER_ODAM) c.options.shape = &c.shape;
  if (form == ATTRIB_LAYER_PATH) c.options.points = 11;
  if (form == ATTRIB_LAYER_LINE && grouped) c.options.points = 7;
  if (grouped) {
    c.options.groups = c.groups;
    c.options.n_groups = 3;
  }
  analytic body = {.functions = waves, .n_outputs = LAYER, .n_inputs = N, .dtype = dtype};
  analytic head = {.functions = &head_waves, .n_outputs = 1, .n_inputs = n, .dtype = dtype};
  const bool untraced = form == ATTRIB_LAYER_DIFFERENCE || (form == ATTRIB_LAYER_LINE && !grouped);
  checked_method method = {.name = "layer",
                           .models = {cut ? analytic_model(&body) : analytic_model(&head), analytic_model(&head)},
                           .model_count = cut ? 2 : 1,
                           .attributions = grouped ? 3 : n,
                           .trace_sums = !untraced,
                           .call = cut ? call_layer : call_input,
                           .start = cut ? start_layer : start_input,
                           .user = &c};
  method_check_all(&method);
  free(c.input);
  free(c.baseline);
  free(c.groups);
}

static void like_every_method(void **state) {
  (void)state;
  for (uint32_t form = ATTRIB_LAYER_LINE; form <= ATTRIB_LAYER_DIFFERENCE; form++) {
    check_form(form, ATTRIB_F64, true, form % 2 == 0);
    check_form(form, ATTRIB_F32, true, form % 2 == 1);
    if (form != ATTRIB_LAYER_PATH) check_form(form, ATTRIB_F64, false, false);
  }
}

/* LINE of a cut model can be continued, and gives what one long run gives. */
static void a_line_is_continued(void **state) {
  (void)state;
  double x[N], b[N], once[LAYER], twice[LAYER];
  fill_random(7, x, N);
  fill_random(8, b, N);
  analytic body = {.functions = waves, .n_outputs = LAYER, .n_inputs = N, .dtype = ATTRIB_F64};
  analytic head = {.functions = &head_waves, .n_outputs = 1, .n_inputs = LAYER, .dtype = ATTRIB_F64};
  const attrib_model models[] = {analytic_model(&body), analytic_model(&head)};
  attrib_layer_options options = {.struct_size = sizeof options, .tolerance = 1e-5, .max_evaluations = 20};
  attrib_report report = {.struct_size = sizeof report};
  attrib_run *run;
  assert_int_equal(attrib_layer_attributions_start(NULL, &models[0], &models[1], x, 0, b, &options, &run), ATTRIB_OK);
  for (int round = 0; round < 2; round++) {
    while (!attrib_run_done(run)) {
      attrib_batch *batch;
      assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
      if (batch == NULL) continue;
      analytic *asked = batch->flags & ATTRIB_BATCH_SECOND_MODEL ? &head : &body;
      assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, asked)), ATTRIB_OK);
    }
    assert_int_equal(attrib_run_result(run, twice, &report), round == 0 ? ATTRIB_NOT_CONVERGED : ATTRIB_OK);
    if (round == 0) assert_int_equal(attrib_run_extend(run, 0, 2000, 0), ATTRIB_OK);
  }
  attrib_run_destroy(run);
  options.max_evaluations = 2000;
  assert_int_equal(attrib_layer_attributions(NULL, &models[0], &models[1], x, 0, b, &options, once, &report),
                   ATTRIB_OK);
  assert_same_bits(once, twice, LAYER);
  assert_int_equal(report.output_evaluations, 2);

  options = (attrib_layer_options){.struct_size = sizeof options, .form = ATTRIB_LAYER_PATH};
  assert_int_equal(attrib_layer_attributions_start(NULL, &models[0], &models[1], x, 0, b, &options, &run), ATTRIB_OK);
  assert_int_equal(attrib_run_extend(run, .1, 0, 0), ATTRIB_E_UNSUPPORTED);
  attrib_run_destroy(run);
}

/* g(x) = (x2, x1); h has the gradient (DBL_MAX, 1), and a value that does not overflow. */
static double g_of_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0];
}
static double h_steep(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? DBL_MAX : 1;
  return x[n - 1];
}

/* What has no attribution is an activation, or an input where the layer is the input. */
static void what_overflows_is_said(void **state) {
  (void)state;
  static const analytic_fn swapped[] = {b_second, g_of_first}, steep = h_steep;
  static const struct {
    uint32_t form, rule;
    int64_t points;
    double from, to; /* of x1 and x2 */
    bool cut;
    const char *message;
  } cases[] = {
      {ATTRIB_LAYER_DIFFERENCE, 0, 0, -1.5e308, 1.5e308, true, "the attribution of activation 0 overflows"},
      {ATTRIB_LAYER_DIFFERENCE, 0, 0, -1.5e308, 1.5e308, false, "the attribution of input 0 overflows"},
      {ATTRIB_LAYER_PATH, 0, 4, -.75, .75, true, "the attribution of activation 0 overflows"},
      /* weights that sum to one and a rounding */
      {ATTRIB_LAYER_LINE, ATTRIB_RULE_MIDPOINT, 11, 0, 1, true, "the attribution of activation 0 overflows"},
      {ATTRIB_LAYER_LINE, ATTRIB_RULE_MIDPOINT, 11, 0, 1, false, "the attribution of input 0 overflows"},
  };
  attrib_context *context = new_context(1, 0);
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const double b[] = {cases[k].from, cases[k].from}, x[] = {cases[k].to, cases[k].to};
    cut_model c;
    make_cut(&c, swapped, &steep, ATTRIB_F64);
    double *v = untouched(2);
    const attrib_layer_options options = {
        .struct_size = sizeof options, .form = cases[k].form, .rule = cases[k].rule, .points = cases[k].points};
    assert_int_equal(attrib_layer_attributions(context, cases[k].cut ? &c.models[0] : NULL, &c.models[1], x, 0, b,
                                               &options, v, NULL),
                     ATTRIB_E_OVERFLOW);
    assert_names(attrib_context_error(context), cases[k].message);
    assert_true(is_untouched(v, 2));
    free(v);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_values),
      cmocka_unit_test(exact_input_and_error),
      cmocka_unit_test(one_point_is_a_rule_of_one_node),
      cmocka_unit_test(like_every_method),
      cmocka_unit_test(a_line_is_continued),
      cmocka_unit_test(what_overflows_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
