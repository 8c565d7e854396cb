/* Baselines that are searched for: exact values, and what holds of every method. */
#include "fixture.h"

#include "method_checks.h"

/* z1 = x1 + 2 x2, z2 = 3. */
static double z_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? 1 : i == 1 ? 2 : 0;
  return x[0] + 2 * x[1];
}
static double z_second(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return 3;
}
static const analytic_fn plane[] = {z_first, z_second};

static double softmax(const double *z, int64_t count, int64_t k) {
  double sum = 0;
  for (int64_t j = 0; j < count; j++) sum += exp(z[j] - z[k]);
  return 1 / sum;
}

static void entropy_on_a_plane(void **state) {
  (void)state;
  const double start[] = {2, 2};
  analytic a = {.functions = plane, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  const attrib_search_options options = {.struct_size = sizeof options, .goal = 1e-14};
  attrib_report report = {.struct_size = sizeof report};
  double row[2];
  assert_int_equal(attrib_baseline_max_entropy(NULL, &model, start, &options, row, &report), ATTRIB_OK);
  assert_near(row[0], 1.4, 1e-6, 1); /* the projection: the gradient always lies along (1, 2) */
  assert_near(row[1], .8, 1e-6, 1);
  assert_near(report.objective, log(2), 1e-12, 1);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_TOLERANCE);
  /* Integrated gradients of z1 - z2 from it: (.6, 2.4). */
  const attrib_baselines set = one_baseline(row);
  const double weights[] = {1, -1};
  const attrib_ig_options ig = {.struct_size = sizeof ig, .points = 1, .target_weights = weights};
  double v[2];
  assert_int_equal(attrib_integrated_gradients(NULL, &model, start, ATTRIB_NO_TARGET, &set, &ig, v, NULL), ATTRIB_OK);
  assert_near(v[0], .6, 1e-6, 1);
  assert_near(v[1], 2.4, 1e-6, 1);
}

/* Softmax of z1 among K classes whose other logits are 3; parameters: K. */
static double p_first(const double *x, int64_t n, double *g, const void *p) {
  const double others = *(const double *)p - 1, value = 1 / (1 + others * exp(3 - z_first(x, n, g, NULL)));
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] *= value * (1 - value);
  return value;
}

/* At the baseline every class has 1/K, and logits without their mean are 0, so that integrated gradients sum to
 * f(x) - 1/K and to f(x). Of z1 = 6 and K - 1 logits of 3: p = 1 / (1 + (K - 1) e^-3), and z1 less the mean is
 * 3 (K - 1) / K. All lies along (1, 2), and the way from (1.4, .8) to (2, 2) is (.6, 1.2): shares are 1/5 and 4/5. */
static void entropy_leaves_one_in_k(void **state) {
  (void)state;
  static const analytic_fn three[] = {z_first, z_second, z_second}, probability = p_first;
  static const struct {
    int64_t classes;
    double entropy, probability, gain, centred, shares[2], parts[2];
  } cases[] = {{2, .69314718056, .5, .452574126822, 1.5, {.0905148253645, .362059301458}, {.3, 1.2}},
               {3, 1.09861228867, 1. / 3, .576109665179, 2, {.115221933036, .460887732143}, {.4, 1.6}}};
  const double x[] = {2, 2};
  for (int k = 0; k < 2; k++) {
    const double count = (double)cases[k].classes, weights[] = {1 - 1 / count, -1 / count, -1 / count};
    analytic a = {.functions = three, .n_outputs = cases[k].classes, .n_inputs = 2, .dtype = ATTRIB_F64}, sure;
    const attrib_model model = analytic_model(&a), p = single_model(&sure, &probability, ATTRIB_F64, 2, &count);
    const attrib_search_options options = {.struct_size = sizeof options, .goal = 1e-14};
    attrib_report report = {.struct_size = sizeof report};
    double row[2], v[2];
    assert_int_equal(attrib_baseline_max_entropy(NULL, &model, x, &options, row, &report), ATTRIB_OK);
    assert_near(row[0], 1.4, 1e-6, 1);
    assert_near(row[1], .8, 1e-6, 1);
    assert_near(report.objective, cases[k].entropy, 1e-10, 1);
    const attrib_baselines set = one_baseline(row);
    attrib_ig_options ig = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 30);
    assert_int_equal(attrib_integrated_gradients(NULL, &p, x, 0, &set, &ig, v, &report), ATTRIB_OK);
    assert_near(report.baseline_output, cases[k].probability, 1e-6, 1);
    assert_near(report.completeness_target, cases[k].gain, 1e-6, 1);
    for (int i = 0; i < 2; i++) assert_near(v[i], cases[k].shares[i], 1e-6, 1);
    ig.target_weights = weights;
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, ATTRIB_NO_TARGET, &set, &ig, v, &report), ATTRIB_OK);
    assert_near(report.baseline_output, 0, 1e-6, 1);
    assert_near(report.output, cases[k].centred, ROUND_OFF, 4);
    for (int i = 0; i < 2; i++) assert_near(v[i], cases[k].parts[i], 1e-6, 1);
  }
}

/* Within [0, 1]: x1 + 2 x2 = 3 only at the corner (1, 1); within [0, .9] nowhere, and the search says so. */
static void entropy_within_a_range(void **state) {
  (void)state;
  analytic a = {.functions = plane, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  attrib_search_options options = {.struct_size = sizeof options, .low = 0, .high = 1};
  char message[200];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  double row[2];
  assert_int_equal(attrib_baseline_max_entropy(NULL, &model, NULL, &options, row, &report), ATTRIB_OK);
  assert_true(row[0] + 2 * row[1] > 2.8 && row[0] <= 1 && row[1] <= 1);
  options.high = .9;
  assert_int_equal(attrib_baseline_max_entropy(NULL, &model, NULL, &options, row, &report), ATTRIB_NOT_CONVERGED);
  assert_near(row[0], .9, ROUND_OFF, 1);
  assert_near(row[1], .9, ROUND_OFF, 1);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
  assert_names(message, "entropy");
}

/* Of two classes under one plane the nearest row is a projection: along (1, 2), to where z1 is that of the bound; but
 * for a thousandth that refinement leaves below it. */
static void near_zero_on_a_plane(void **state) {
  (void)state;
  const double start[] = {.3, .5, 7};
  analytic a = {.functions = plane, .n_outputs = 2, .n_inputs = 3, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  attrib_report report = {.struct_size = sizeof report};
  double row[3];
  assert_int_equal(attrib_baseline_near_zero(NULL, &model, start, 0, NULL, row, &report), ATTRIB_OK);
  const double z[] = {row[0] + 2 * row[1], 3};
  assert_true(softmax(z, 2, 0) <= 1e-3);
  assert_near(report.objective, softmax(z, 2, 0), 1e-12, 1);
  const double wanted = 3 + log(1e-3 / (1 - 1e-3));
  assert_near(row[1] - start[1], 2 * (row[0] - start[0]), ROUND_OFF, 4);
  assert_true(z[0] <= wanted + ROUND_OFF && z[0] >= wanted - 1e-3);
  assert_true(row[2] == start[2]);
  /* The start's own class is refused. */
  char message[200];
  report = (attrib_report){.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  row[0] = -1;
  assert_int_equal(attrib_baseline_near_zero(NULL, &model, start, 1, NULL, row, &report), ATTRIB_E_ARGUMENT);
  assert_names(message, "target = 1");
  assert_true(row[0] == -1);
}

/* Recalibration from it: every feature is valid, and gets step |w_i|. */
static void ascent_of_a_linear_model(void **state) {
  (void)state;
  static const analytic_fn linear = f_linear;
  const double w[] = {1, -2, 0}, x[] = {.25, .5, .75};
  analytic a;
  const attrib_model model = single_model(&a, &linear, ATTRIB_F64, 3, w);
  attrib_ascent_options options = {.struct_size = sizeof options, .step = .125};
  attrib_report report = {.struct_size = sizeof report};
  double row[3], v[3];
  assert_int_equal(attrib_baseline_ascent(NULL, &model, x, 0, &options, row, &report), ATTRIB_OK);
  assert_true(row[0] == .125 && row[1] == .625 && row[2] == .75);
  assert_near(report.output - report.baseline_output, .375, ROUND_OFF, 1);
  const attrib_baselines set = one_baseline(row);
  const attrib_recalibration_options valid = {.struct_size = sizeof valid, .mode = ATTRIB_RECALIBRATE_VALID_REF};
  assert_int_equal(attrib_recalibrated_gradients(NULL, &model, x, 0, &set, &valid, v, NULL), ATTRIB_OK);
  assert_near(v[0], .125, ROUND_OFF, 1);
  assert_near(v[1], .25, ROUND_OFF, 1);
  options.steps = 4;
  options.low = 0;
  options.high = 1;
  assert_int_equal(attrib_baseline_ascent(NULL, &model, x, 0, &options, row, &report), ATTRIB_OK);
  assert_true(row[0] == 0 && row[1] == 1 && row[2] == .75); /* clipped */
  assert_int_equal(report.evaluations, 4);
}

/* -- what holds of every method ----------------------------------------------------------------------------------- */

enum { N = 5 };

typedef struct search_case {
  void *start;
  attrib_search_options options;
  attrib_ascent_options ascent;
} search_case;

static attrib_status call_entropy(attrib_context *context, const attrib_model *models, void *row, attrib_report *report,
                                  void *user) {
  const search_case *c = user;
  return attrib_baseline_max_entropy(context, models, c->start, &c->options, row, report);
}
static attrib_status start_entropy(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const search_case *c = user;
  return attrib_baseline_max_entropy_start(context, models, c->start, &c->options, run);
}
static attrib_status call_near_zero(attrib_context *context, const attrib_model *models, void *row,
                                    attrib_report *report, void *user) {
  const search_case *c = user;
  return attrib_baseline_near_zero(context, models, c->start, 0, &c->options, row, report);
}
static attrib_status start_near_zero(attrib_context *context, const attrib_model *models, attrib_run **run,
                                     void *user) {
  const search_case *c = user;
  return attrib_baseline_near_zero_start(context, models, c->start, 0, &c->options, run);
}
static attrib_status call_ascent(attrib_context *context, const attrib_model *models, void *row, attrib_report *report,
                                 void *user) {
  const search_case *c = user;
  return attrib_baseline_ascent(context, models, c->start, 0, &c->ascent, row, report);
}
static attrib_status start_ascent(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const search_case *c = user;
  return attrib_baseline_ascent_start(context, models, c->start, 0, &c->ascent, run);
}

static double slanted(const double *x, int64_t n, double *g, const void *p) {
  return f_linear(x, n, g, p) + .5;
}
static double tilted(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    f += i % 2 == 0 ? x[i] : -x[i];
    if (g != NULL) g[i] = i % 2 == 0 ? 1 : -1;
  }
  return f;
}
static const analytic_fn classes[] = {slanted, f_waves, tilted};

static void check_all(checked_method method) {
  const double w[N] = {.5, -1, .25, 2, -.75};
  for (int which = 0; which < 2; which++) {
    const uint32_t dtype = which == 0 ? ATTRIB_F64 : ATTRIB_F32;
    double values[N];
    fill_random(3, values, N);
    search_case c = {.options = {.struct_size = sizeof c.options, .low = -2, .high = 2, .goal = 1e-2},
                     .ascent = {.struct_size = sizeof c.ascent, .steps = 5, .step = .25, .low = -1, .high = 1}};
    c.start = as_row(dtype, values, N);
    analytic a = {.functions = classes, .n_outputs = 3, .n_inputs = N, .parameters = w, .dtype = dtype};
    method.models[0] = analytic_model(&a);
    method.model_count = 1;
    method.attributions = N;
    method.user = &c;
    /* Rows are written in the model's type; no gradient lies on a path. */
    method.attribution_size = dtype == ATTRIB_F64 ? sizeof(double) : sizeof(float);
    if (dtype == ATTRIB_F32) method.start = NULL; /* whose result is in doubles */
    attrib_report report = {.struct_size = sizeof report};
    double row[N];
    method.expected = method.call(NULL, method.models, row, &report, &c);
    assert_int_equal(method.expected, ATTRIB_OK);
    method.untraced_rows = report.evaluations;
    assert_true(report.evaluations > 1 && report.output_evaluations > 0);
    method_check_all(&method);
    free(c.start);
  }
}

static void entropy_like_every_method(void **state) {
  (void)state;
  check_all((checked_method){.name = "max entropy", .call = call_entropy, .start = start_entropy});
}
static void near_zero_like_every_method(void **state) {
  (void)state;
  check_all((checked_method){.name = "near zero", .call = call_near_zero, .start = start_near_zero});
}
static void ascent_like_every_method(void **state) {
  (void)state;
  check_all((checked_method){.name = "ascent", .call = call_ascent, .start = start_ascent});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entropy_on_a_plane),          cmocka_unit_test(entropy_leaves_one_in_k),
      cmocka_unit_test(entropy_within_a_range),      cmocka_unit_test(near_zero_on_a_plane),
      cmocka_unit_test(ascent_of_a_linear_model),    cmocka_unit_test(entropy_like_every_method),
      cmocka_unit_test(near_zero_like_every_method), cmocka_unit_test(ascent_like_every_method),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
