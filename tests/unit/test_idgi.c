/* IDGI: values in closed form, the identity, a recomputation by plain loops, options, report and trace. */
#include "fixture.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};
static const analytic_fn product = f_product, linear = f_linear, saturating = f_saturating;

static attrib_idgi_options with_points(int64_t points) {
  return (attrib_idgi_options){.struct_size = sizeof(attrib_idgi_options), .points = points};
}

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* f from b to x in n points; what comes out is in the caller's phi[n_inputs]. */
static attrib_report explain(const analytic_fn *f, const void *parameters, uint32_t dtype, int64_t n, const double *b,
                             const double *x, int64_t points, double *phi) {
  analytic a;
  attrib_model model = single_model(&a, f, dtype, n, parameters);
  void *input = as_row(dtype, x, n), *start = as_row(dtype, b, n);
  attrib_baselines set = one_baseline(start);
  attrib_idgi_options options = with_points(points);
  attrib_report report = fresh_report();
  double *exact = untouched(n);
  assert_int_equal(attrib_idgi(NULL, &model, input, 0, &set, &options, exact, &report), ATTRIB_OK);
  memcpy(phi, exact, (size_t)n * sizeof *phi);
  free(exact);
  free(start);
  free(input);
  return report;
}

#define VALUES(...)  \
  (const double[]) { \
    __VA_ARGS__      \
  }

/* -- closed forms ------------------------------------------------------------------------------------------------- */

/* At the origin the gradient is 0, which in the official code makes all attributions NaN. */
static void unlike_the_official_code_a_zero_gradient_leaves_its_step_unassigned(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    double phi[2];
    attrib_report report = explain(&product, NULL, dtypes[t], 2, VALUES(0, 0), VALUES(1, 1), 4, phi);
    assert_true(phi[0] == .46875 && phi[1] == .46875);
    assert_true(report.unassigned == .0625 && report.completeness_target == 1);
    assert_true(report.attribution_sum == .9375 && report.completeness_error == -.0625);
    assert_true(report.completeness_relative == .0625);
  }
}

static void shares_go_by_squares_of_the_gradient_not_by_the_displacement(void **state) {
  (void)state;
  const double w[] = {1, 2};
  for (int t = 0; t < 2; t++)
    for (int64_t points = 1; points <= 50; points += 7) {
      double phi[2];
      attrib_report report = explain(&linear, w, dtypes[t], 2, VALUES(0, 0), VALUES(1, 1), points, phi);
      assert_near(phi[0], .6, ROUND_OFF, 3);
      assert_near(phi[1], 2.4, ROUND_OFF, 3);
      assert_true(report.unassigned == 0);
      explain(&linear, w, dtypes[t], 2, VALUES(0, 1), VALUES(1, 1), points, phi); /* x2 does not move */
      assert_near(phi[0], .2, ROUND_OFF, 1);
      assert_near(phi[1], .8, ROUND_OFF, 1);
    }
}

/* Down a ramp that ends on a plateau: at 2, 1.5 and 1 the slope is 0, and from 1 to .5 f loses a half for it. */
static void a_step_off_a_plateau_is_unassigned(void **state) {
  (void)state;
  double phi;
  attrib_report report = explain(&saturating, NULL, ATTRIB_F64, 1, VALUES(2), VALUES(0), 4, &phi);
  assert_true(phi == -.5 && report.unassigned == -.5 && report.completeness_target == -1);
  report = explain(&saturating, NULL, ATTRIB_F64, 1, VALUES(0), VALUES(2), 4, &phi);
  assert_true(phi == 1 && report.unassigned == 0);
}

static void nothing_is_shared_out_where_nothing_changes(void **state) {
  (void)state;
  const double w[] = {0, 0, 0};
  double phi[3];
  attrib_report report = explain(&linear, w, ATTRIB_F64, 3, VALUES(1, 2, 3), VALUES(4, 5, 6), 5, phi);
  for (int i = 0; i < 3; i++) assert_true(phi[i] == 0);
  assert_true(report.unassigned == 0 && report.completeness_target == 0 && report.completeness_relative == 0);
  const double v[] = {1, 2, 0};
  report = explain(&linear, v, ATTRIB_F64, 3, VALUES(1, 2, 3), VALUES(1, 2, 3), 5, phi); /* the baseline itself */
  for (int i = 0; i < 3; i++) assert_true(phi[i] == 0);
  assert_true(report.unassigned == 0 && report.completeness_target == 0);
}

/* Squares that overflow or vanish: 9 and 16 parts of 25 whatever the unit. Below the normal numbers the weights have
 * few digits themselves. */
static void gradients_of_any_size(void **state) {
  (void)state;
  static const double units[] = {1, 1e-30, 1e30, 1e-100, 1e100, 1e-170, 1e170, 1e-300, 1e307};
  for (int64_t k = 0; k < COUNT(units); k++) {
    const double w[] = {3 * units[k], 0, -4 * units[k]};
    double phi[3];
    attrib_report report = explain(&linear, w, ATTRIB_F64, 3, VALUES(0, 0, 0), VALUES(1, 1, -1), 3, phi);
    assert_near(phi[0], units[k] * (7 * 9.0 / 25), ROUND_OFF, 7 * units[k]);
    assert_near(phi[2], units[k] * (7 * 16.0 / 25), ROUND_OFF, 7 * units[k]);
    assert_true(phi[1] == 0 && report.unassigned == 0);
  }
  const double tiny[] = {0x3p-1074, 0x4p-1074}, mixed[] = {1e200, 1e-200}, far[] = {1e-320, 1};
  double phi[2];
  explain(&linear, tiny, ATTRIB_F64, 2, VALUES(0, 0), VALUES(0x1p600, 0x1p600), 1, phi);
  assert_near(phi[0], 0x7p-474 * 9 / 25, ROUND_OFF, 0x7p-474);
  assert_near(phi[1], 0x7p-474 * 16 / 25, ROUND_OFF, 0x7p-474);
  explain(&linear, mixed, ATTRIB_F64, 2, VALUES(0, 0), VALUES(1, 1), 2, phi);
  assert_true(phi[0] == 1e200 && phi[1] == 0);
  explain(&linear, far, ATTRIB_F64, 2, VALUES(0, 0), VALUES(1, 1), 2, phi);
  assert_true(phi[0] == 0 && phi[1] == 1);
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

enum { N = 1025, LINES = 3, GROUPS = 4, OUTPUTS = 2 };
static const analytic_fn functions[OUTPUTS] = {f_waves, f_linear};

/* Arguments in blocks of their size. */
typedef struct setting {
  uint32_t dtype;
  double *parameters, *x, *b; /* as the model's type holds them */
  void *input, *rows;
  analytic analytic;
  attrib_model model;
  attrib_baselines set;
  double *weights, *target_weights;
  int32_t *groups;
  int64_t fetched;
} setting;

static double rounded(uint32_t dtype, double value) {
  return dtype == ATTRIB_F32 ? (double)(float)value : value;
}

static void set_up(setting *s, uint32_t dtype) {
  *s = (setting){.dtype = dtype};
  s->parameters = exact_block(N * sizeof(double));
  s->x = exact_block(N * sizeof(double));
  s->b = exact_block(N * LINES * sizeof(double));
  fill_random(1, s->parameters, N);
  fill_random(2, s->x, N);
  fill_random(3, s->b, N * LINES);
  for (int i = 0; i < N; i++) s->x[i] = rounded(dtype, s->x[i]);
  for (int i = 0; i < N * LINES; i++) s->b[i] = rounded(dtype, s->b[i]);
  s->input = as_row(dtype, s->x, N);
  s->rows = as_row(dtype, s->b, N * LINES);
  s->analytic = (analytic){
      .functions = functions, .n_outputs = OUTPUTS, .n_inputs = N, .parameters = s->parameters, .dtype = dtype};
  s->model = analytic_model(&s->analytic);
  s->weights = exact_copy(VALUES(3, 0, 1), LINES * sizeof(double));
  s->target_weights = exact_copy(VALUES(.75, -2), OUTPUTS * sizeof(double));
  s->groups = exact_block(N * sizeof(int32_t));
  for (int i = 0; i < N; i++) s->groups[i] = i % 3; /* group 3 is empty */
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
}

static void tear_down(setting *s) {
  free(s->parameters);
  free(s->x);
  free(s->b);
  free(s->input);
  free(s->rows);
  free(s->weights);
  free(s->target_weights);
  free(s->groups);
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  setting *s = user;
  size_t size = N * (s->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  s->fetched++;
  return 0;
}

static double combined(const setting *s, const double *target_weights, const double *x, double *gradient) {
  double value = 0, *part = exact_block(N * sizeof *part);
  memset(gradient, 0, N * sizeof *gradient);
  for (int k = 0; k < OUTPUTS; k++) {
    value += target_weights[k] * functions[k](x, N, part, s->parameters);
    for (int i = 0; i < N; i++) gradient[i] += target_weights[k] * part[i];
  }
  for (int i = 0; i < N; i++) gradient[i] = rounded(s->dtype, gradient[i]);
  free(part);
  return value;
}

/* The definition, baseline by baseline and step by step from the baseline on. */
static void recompute(const setting *s, const double *target_weights, int64_t points, double *phi) {
  double *point = exact_block(N * sizeof *point), *gradient = exact_block(N * sizeof *gradient);
  double *next = exact_block(N * sizeof *next);
  memset(phi, 0, N * sizeof *phi);
  for (int k = 0; k < LINES; k++) {
    const double *b = s->b + k * N;
    for (int64_t j = 0; j < points; j++) {
      double alpha = (double)j / (double)points, after = (double)(j + 1) / (double)points, square = 0;
      for (int i = 0; i < N; i++) {
        point[i] = rounded(s->dtype, b[i] + alpha * (s->x[i] - b[i]));
        next[i] = j + 1 == points ? s->x[i] : rounded(s->dtype, b[i] + after * (s->x[i] - b[i]));
      }
      double f_next = combined(s, target_weights, next, gradient), f = combined(s, target_weights, point, gradient);
      for (int i = 0; i < N; i++) square += gradient[i] * gradient[i];
      for (int i = 0; i < N; i++) phi[i] += s->weights[k] / 4 * (f_next - f) * gradient[i] * gradient[i] / square;
    }
  }
  free(next);
  free(gradient);
  free(point);
}

/* The model is asked for the same points, so what differs is the order of sums. f is of the order of 100. */
static void agrees_with_the_definition(void **state) {
  (void)state;
  static const int64_t points[] = {1, 2, 7};
  for (int t = 0; t < 2; t++)
    for (int p = 0; p < 3; p++)
      for (int weighted = 0; weighted < 2; weighted++) {
        setting s;
        set_up(&s, dtypes[t]);
        attrib_idgi_options options = with_points(points[p]);
        if (weighted) options.target_weights = s.target_weights;
        double *phi = untouched(N), *expected = exact_block(N * sizeof *expected), largest = 0;
        attrib_report report = fresh_report();
        assert_int_equal(
            attrib_idgi(NULL, &s.model, s.input, weighted ? ATTRIB_NO_TARGET : 0, &s.set, &options, phi, &report),
            ATTRIB_OK);
        recompute(&s, weighted ? s.target_weights : VALUES(1, 0), points[p], expected);
        for (int i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
        assert_true(largest > .01);
        for (int i = 0; i < N; i++) assert_near(phi[i], expected[i], ROUND_OFF, largest);
        assert_near(report.attribution_sum + report.unassigned, report.completeness_target, ROUND_OFF, 1000);
        assert_int_equal(report.evaluations, 2 * points[p]); /* one baseline weighs nothing */
        assert_int_equal(report.output_evaluations, 1);
        assert_int_equal(report.points, points[p]);
        assert_true(report.rule == 0 && isnan(report.error_estimate) && isnan(report.objective));
        assert_int_equal(s.analytic.rows, 2 * points[p] + 1);

        double *grouped = untouched(GROUPS), sums[GROUPS] = {0};
        options.groups = s.groups;
        options.n_groups = GROUPS;
        assert_int_equal(
            attrib_idgi(NULL, &s.model, s.input, weighted ? ATTRIB_NO_TARGET : 0, &s.set, &options, grouped, NULL),
            ATTRIB_OK);
        for (int i = 0; i < N; i++) sums[s.groups[i]] += phi[i];
        for (int g = 0; g < GROUPS; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 1000);
        assert_true(grouped[3] == 0);
        free(grouped);
        free(expected);
        free(phi);
        tear_down(&s);
      }
}

/* Fetched rows give the bits of rows in memory, and each that weighs something is fetched once. */
static void fetched_baselines_give_the_same_bits(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t max_rows = 1; max_rows <= 11; max_rows += 5) {
      setting s;
      set_up(&s, dtypes[t]);
      s.model.max_rows = max_rows;
      attrib_idgi_options options = with_points(5);
      double *phi = untouched(N), *fetched = untouched(N);
      assert_int_equal(attrib_idgi(NULL, &s.model, s.input, 0, &s.set, &options, phi, NULL), ATTRIB_OK);
      s.set.rows = NULL;
      s.set.fetch = fetch_row;
      s.set.fetch_user = &s;
      assert_int_equal(attrib_idgi(NULL, &s.model, s.input, 0, &s.set, &options, fetched, NULL), ATTRIB_OK);
      assert_same_bits(phi, fetched, N);
      assert_int_equal(s.fetched, 2);
      free(fetched);
      free(phi);
      tear_down(&s);
    }
}

/* -- report and trace --------------------------------------------------------------------------------------------- */

/* From the input back: sorted by alpha, weight times slope adds up to f_j - f(b) at node j. */
static void the_trace_is_the_gain_of_f(void **state) {
  (void)state;
  enum { POINTS = 6 };
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_idgi_options options = with_points(POINTS);
  attrib_trace_point *trace = exact_block(2 * POINTS * sizeof *trace);
  attrib_report report = fresh_report();
  report.trace = trace;
  report.trace_capacity = 2 * POINTS;
  double *phi = untouched(N), total = 0;
  assert_int_equal(attrib_idgi(NULL, &s.model, s.input, 0, &s.set, &options, phi, &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, 2 * POINTS);
  for (int line = 0; line < 2; line++) {
    const attrib_trace_point *points = trace + line * POINTS;
    double share = line == 0 ? .75 : .25, cumulative = 0, edge = 0;
    for (int j = 0; j < POINTS; j++) {
      const attrib_trace_point *p = &points[POINTS - 1 - j];
      assert_int_equal(p->baseline, line == 0 ? 0 : 2);
      assert_int_equal(p->row_id, 1 + line * POINTS + POINTS - 1 - j);
      assert_near(p->alpha, edge, ROUND_OFF, 1);
      assert_near(p->weight, share / POINTS, ROUND_OFF, 1);
      assert_near(cumulative, share * (p->output - points[POINTS - 1].output), ROUND_OFF, 1000);
      edge += p->weight / share;
      cumulative += p->weight * p->slope;
    }
    assert_near(edge, 1, ROUND_OFF, 1);
    assert_near(cumulative, share * (report.output - points[POINTS - 1].output), ROUND_OFF, 1000);
    total += cumulative;
  }
  assert_near(total, report.attribution_sum, ROUND_OFF, 1000);
  assert_near(report.baseline_output, .75 * trace[POINTS - 1].output + .25 * trace[2 * POINTS - 1].output, ROUND_OFF,
              1000);
  free(phi);
  free(trace);
  tear_down(&s);
}

/* What goes to no feature is no part of the slope either. */
static void an_unassigned_step_has_slope_0(void **state) {
  (void)state;
  const double x[] = {1, 1}, b[] = {0, 0}, slopes[] = {1.75, 1.25, .75, 0};
  analytic a;
  attrib_model model = single_model(&a, &product, ATTRIB_F64, 2, NULL);
  attrib_baselines set = one_baseline(b);
  attrib_idgi_options options = with_points(4);
  attrib_trace_point trace[4];
  attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = 4};
  double phi[2];
  assert_int_equal(attrib_idgi(NULL, &model, x, 0, &set, &options, phi, &report), ATTRIB_OK);
  for (int r = 0; r < 4; r++) {
    assert_true(trace[r].alpha == (3 - r) / 4.0 && trace[r].weight == .25);
    assert_true(trace[r].slope == slopes[r]);
  }
}

static void memory_does_not_grow(void **state) {
  (void)state;
  int64_t bytes[3];
  for (int k = 0; k < 3; k++) {
    setting s;
    set_up(&s, ATTRIB_F32);
    s.model.max_rows = 4;
    s.set.count = k == 1 ? 1 : LINES;
    attrib_idgi_options options = with_points(k == 2 ? 100 : 9);
    attrib_report report = fresh_report();
    double *phi = untouched(N);
    assert_int_equal(attrib_idgi(NULL, &s.model, s.input, 0, &s.set, &options, phi, &report), ATTRIB_OK);
    bytes[k] = report.peak_bytes;
    free(phi);
    tear_down(&s);
  }
  assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
}

/* -- failures ----------------------------------------------------------------------------------------------------- */

/* A feature that does not move has its share all the same: its gradient is looked at. */
static void every_gradient_must_be_finite(void **state) {
  (void)state;
  const double w[] = {1, 2, 3}, x[] = {1, 1, 1}, b[] = {0, 1, 0};
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 3; k++)
      for (uint32_t max_rows = 1; max_rows <= 6; max_rows++) {
        analytic a;
        single_model(&a, &linear, dtypes[t], 3, w);
        spoiler s = {.inner = &a, .output_row = 5, .gradient_row = 3, .feature = 1, .fail_from_row = -1};
        s.gradient = bad[k];
        s.output = NAN; /* later, and so not what is reported */
        attrib_model model = spoiled_model(&s);
        model.max_rows = max_rows;
        void *input = as_row(dtypes[t], x, 3), *start = as_row(dtypes[t], b, 3);
        attrib_baselines set = one_baseline(start);
        attrib_idgi_options options = with_points(8);
        attrib_report report = fresh_report();
        double *phi = untouched(3);
        assert_status(attrib_idgi(context, &model, input, 0, &set, &options, phi, &report), ATTRIB_E_NONFINITE,
                      context);
        assert_names(attrib_context_error(context), "row 3 (baseline 0, alpha 0.625): the gradient of input 1 is");
        assert_int_equal(report.failed_row, 3);
        assert_true(is_untouched(phi, 3));
        free(phi);
        free(start);
        free(input);
      }
  attrib_context_destroy(context);
}

static double cliff(const double *x, int64_t n, double *g, const void *p) {
  const double *slope = p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = *slope;
  return x[0] > .5 ? 1.7e308 : -1.7e308;
}

static void gains_that_overflow(void **state) {
  (void)state;
  static const analytic_fn functions_of_test[] = {cliff};
  static const char *const names[] = {"what is given to no feature overflows", "the attribution of input 0 overflows"};
  const double slopes[] = {0, 1}, x[] = {1, 1}, b[] = {0, 0};
  attrib_context *context = new_context(1, 0);
  for (int k = 0; k < 2; k++) {
    analytic a;
    attrib_model model = single_model(&a, functions_of_test, ATTRIB_F64, 2, &slopes[k]);
    attrib_baselines set = one_baseline(b);
    attrib_idgi_options options = with_points(3);
    double *phi = untouched(2);
    assert_status(attrib_idgi(context, &model, x, 0, &set, &options, phi, NULL), ATTRIB_E_OVERFLOW, context);
    assert_names(attrib_context_error(context), names[k]);
    assert_true(is_untouched(phi, 2));
    free(phi);
  }
  attrib_context_destroy(context);
}

/* The part that is unassigned is what completeness_threshold is about. */
static void a_threshold_on_what_is_unassigned(void **state) {
  (void)state;
  const double x[] = {1, 1}, b[] = {0, 0};
  attrib_context *context = new_context(1, 0);
  analytic a;
  attrib_model model = single_model(&a, &product, ATTRIB_F64, 2, NULL);
  attrib_baselines set = one_baseline(b);
  attrib_idgi_options options = with_points(4);
  double phi[2];
  options.completeness_threshold = .0625;
  assert_status(attrib_idgi(context, &model, x, 0, &set, &options, phi, NULL), ATTRIB_OK, context);
  options.completeness_threshold = .0624;
  assert_status(attrib_idgi(context, &model, x, 0, &set, &options, phi, NULL), ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "options->completeness_threshold = 0.0624");
  assert_true(phi[0] == .46875);
  attrib_context_destroy(context);
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static void the_default_is_50_points(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F32);
  attrib_idgi_options zero = with_points(0), fifty = with_points(50);
  attrib_report report = fresh_report();
  double *phi[3];
  const attrib_idgi_options *const given[] = {NULL, &zero, &fifty};
  for (int k = 0; k < 3; k++) {
    phi[k] = untouched(N);
    assert_int_equal(attrib_idgi(NULL, &s.model, s.input, 0, &s.set, given[k], phi[k], &report), ATTRIB_OK);
    assert_int_equal(report.points, 50);
    assert_same_bits(phi[0], phi[k], N);
  }
  for (int k = 0; k < 3; k++) free(phi[k]);
  tear_down(&s);
}

typedef struct wrong {
  attrib_idgi_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const wrong wrongs[] = {
    {{.flags = 4}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x4"},
    {{.points = -3}, ATTRIB_E_ARGUMENT, "options->points = -3"},
    {{.points = (INT64_C(1) << 52) + 1}, ATTRIB_E_ARGUMENT, "options->points = 4503599627370497"},
    {{.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {{.target_weights = (const double[]){1, 1}}, ATTRIB_E_ARGUMENT, "target = 0"},
};

/* In both forms, and nothing is evaluated. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  setting s;
  set_up(&s, ATTRIB_F64);
  double *phi = untouched(N);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_idgi_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_idgi(context, &s.model, s.input, 0, &s.set, &options, phi, NULL), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_idgi_start(context, &s.model, s.input, 0, &s.set, &options, &run), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  assert_status(attrib_idgi(context, NULL, s.input, 0, &s.set, NULL, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "model is NULL");
  assert_status(attrib_idgi(context, &s.model, NULL, 0, &s.set, NULL, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "input is NULL");
  assert_status(attrib_idgi(context, &s.model, s.input, 0, NULL, NULL, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "baselines is NULL");
  assert_status(attrib_idgi(context, &s.model, s.input, 0, &s.set, NULL, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "attributions is NULL");
  attrib_idgi_options many = with_points(INT64_C(1) << 52);
  s.set =
      (attrib_baselines){.struct_size = sizeof s.set, .count = INT64_C(1) << 12, .fetch = fetch_row, .fetch_user = &s};
  assert_status(attrib_idgi(context, &s.model, s.input, 0, &s.set, &many, phi, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "options->points = 4503599627370496 for 4096 baselines: too many rows");
  s.set.count = INT64_C(60247241209);
  many.points = 153092023; /* INT64_MAX rows with a gradient, and one without */
  assert_status(attrib_idgi(context, &s.model, s.input, 0, &s.set, &many, phi, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "too many rows");
  assert_true(is_untouched(phi, N) && s.analytic.calls == 0 && s.fetched == 0);
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unlike_the_official_code_a_zero_gradient_leaves_its_step_unassigned),
      cmocka_unit_test(shares_go_by_squares_of_the_gradient_not_by_the_displacement),
      cmocka_unit_test(a_step_off_a_plateau_is_unassigned),
      cmocka_unit_test(nothing_is_shared_out_where_nothing_changes),
      cmocka_unit_test(gradients_of_any_size),
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(fetched_baselines_give_the_same_bits),
      cmocka_unit_test(the_trace_is_the_gain_of_f),
      cmocka_unit_test(an_unassigned_step_has_slope_0),
      cmocka_unit_test(memory_does_not_grow),
      cmocka_unit_test(every_gradient_must_be_finite),
      cmocka_unit_test(gains_that_overflow),
      cmocka_unit_test(a_threshold_on_what_is_unassigned),
      cmocka_unit_test(the_default_is_50_points),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
