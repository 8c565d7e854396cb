/* test_interactions_rows.c - interactions against their definition in plain loops: rows, weights, groups, fetched
 * baselines, features that do not move; report, trace, memory, failures and arguments. */
#include "interactions.h"

enum { N = 1025, LINES = 4, GROUPS = 4, OUTPUTS = 2, FEATURE = 600 };
static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};
static const analytic_fn functions[OUTPUTS] = {f_waves, f_linear};

/* Arguments in blocks of their size. Of the baselines one weighs nothing, and in one the feature stays where it is. */
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

static void set_up(setting *s, uint32_t dtype) {
  static const double weights[LINES] = {3, 0, 1, 4}, target_weights[OUTPUTS] = {.75, -2};
  *s = (setting){.dtype = dtype};
  s->parameters = exact_block(N * sizeof(double));
  s->x = exact_block(N * sizeof(double));
  s->b = exact_block(N * LINES * sizeof(double));
  fill_random(1, s->parameters, N);
  fill_rounded(dtype, 2, s->x, N);
  fill_rounded(dtype, 3, s->b, N * LINES);
  s->b[2 * N + FEATURE] = s->x[FEATURE];
  for (int64_t i = 0; i < N * LINES; i += 13) s->b[i] = s->x[i % N]; /* others that do not move */
  s->b[FEATURE] = s->b[3 * N + FEATURE] = -.75;
  s->input = as_row(dtype, s->x, N);
  s->rows = as_row(dtype, s->b, N * LINES);
  s->analytic = (analytic){
      .functions = functions, .n_outputs = OUTPUTS, .n_inputs = N, .parameters = s->parameters, .dtype = dtype};
  s->model = analytic_model(&s->analytic);
  s->weights = exact_copy(weights, sizeof weights);
  s->target_weights = exact_copy(target_weights, sizeof target_weights);
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

static void use_fetch(setting *s) {
  s->set.rows = NULL;
  s->set.fetch = fetch_row;
  s->set.fetch_user = s;
}

static attrib_status explain(setting *s, const attrib_interactions_options *options, double *row,
                             attrib_report *report) {
  const int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  return attrib_interactions(NULL, &s->model, s->input, target, FEATURE, &s->set, options, row, report);
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

static double combined(const setting *s, const double *target_weights, const double *x, double *gradient) {
  double value = 0, *part = exact_block(N * sizeof *part);
  memset(gradient, 0, N * sizeof *gradient);
  for (int k = 0; k < OUTPUTS; k++) {
    if (target_weights[k] == 0) continue;
    value += target_weights[k] * functions[k](x, N, part, s->parameters);
    for (int i = 0; i < N; i++) gradient[i] += target_weights[k] * part[i];
  }
  for (int i = 0; i < N; i++) gradient[i] = rounded(s->dtype, gradient[i]);
  free(part);
  return value;
}

/* The integral of -c^power ln c times the hat of node k, by Simpson on many pieces; the singular one from its series
 * c^(p + 1) (1 - (p + 1) ln c) / (p + 1)^2. */
static double hat_weight(int power, int64_t points, int64_t k) {
  enum { PIECES = 2000 };
  const double n = (double)points;
  double sum = 0;
  for (int64_t m = k; m <= k + 1; m++) { /* from (m - 1) / n to m / n */
    if (m < 1 || m > points) continue;
    if (m == 1) {
      const double p = power + 1, top = 1 / n;
      const double flat = pow(top, p) * (1 - p * log(top)) / (p * p);
      const double rising = n * pow(top, p + 1) * (1 - (p + 1) * log(top)) / ((p + 1) * (p + 1));
      sum += m == k ? rising : flat - rising;
      continue;
    }
    for (int q = 0; q <= 2 * PIECES; q++) {
      const double t = q / (2.0 * PIECES), c = ((double)(m - 1) + t) / n;
      const double simpson = (q == 0 || q == 2 * PIECES ? 1 : q % 2 == 1 ? 4 : 2) / (6.0 * PIECES * n);
      sum += simpson * (m == k ? t : 1 - t) * -log(c) * (power == 1 ? c : 1);
    }
  }
  return sum;
}

/* What the header says, line by line and node by node. *target: the feature's integrated gradient. */
static void recompute(const setting *s, const double *target_weights, int64_t points, double width, double *row,
                      double *target) {
  double *p = exact_block(N * sizeof *p), *above = exact_block(N * sizeof *above);
  double *below = exact_block(N * sizeof *below);
  const double root = cbrt(s->dtype == ATTRIB_F32 ? (double)FLT_EPSILON : DBL_EPSILON), x = s->x[FEATURE];
  memset(row, 0, N * sizeof *row);
  *target = 0;
  for (int line = 0; line < LINES; line++) {
    const double *b = s->b + line * N, way = x - b[FEATURE], weight = s->weights[line] / 8;
    const double least = root * fmax(fabs(way), root * fmax(fabs(x), fabs(b[FEATURE])));
    for (int64_t k = 0; k <= points && way != 0 && weight > 0; k++) {
      const double c = (double)k / (double)points, h = width > 0 ? width : k % 2 == 0 ? least : least / 2;
      for (int i = 0; i < N; i++) p[i] = k == points ? s->x[i] : rounded(s->dtype, b[i] + c * (s->x[i] - b[i]));
      const double node = p[FEATURE], up = rounded(s->dtype, node + h), down = rounded(s->dtype, node - h);
      p[FEATURE] = up;
      const double f_up = combined(s, target_weights, p, above);
      p[FEATURE] = down;
      const double f_down = combined(s, target_weights, p, below);
      const double slope = width > 0 ? (f_up - f_down) / (up - down) : (above[FEATURE] + below[FEATURE]) / 2;
      const double plain = hat_weight(0, points, k), times_c = hat_weight(1, points, k);
      for (int j = 0; j < N; j++)
        row[j] += weight * times_c * way * (s->x[j] - b[j]) * (above[j] - below[j]) / (up - down);
      row[FEATURE] += weight * plain * way * slope;
      /* Simpson's weights; the points below are even. */
      *target += weight * way * slope * (k == 0 || k == points ? 1 : k % 2 == 1 ? 4 : 2) / (3 * (double)points);
    }
  }
  free(p);
  free(above);
  free(below);
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  static const int64_t points[] = {2, 6, 20};
  static const double widths[] = {0, .05, 3};
  for (int t = 0; t < 2; t++)
    for (int p = 0; p < 3; p++)
      for (int w = 0; w < 3; w++)
        for (int weighted = 0; weighted < 2; weighted++) {
          setting s;
          set_up(&s, dtypes[t]);
          attrib_interactions_options options = with_points(points[p], widths[w]);
          if (weighted) options.target_weights = s.target_weights;
          double *row = untouched(N), *expected = exact_block(N * sizeof *expected), target, largest = 0, sum = 0;
          attrib_report report = {.struct_size = sizeof report};
          assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
          const double one_hot[OUTPUTS] = {1, 0};
          recompute(&s, weighted ? s.target_weights : one_hot, points[p], widths[w], expected, &target);
          for (int i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
          for (int i = 0; i < N; i++) sum += expected[i];
          assert_true(largest > .05);
          /* What rounding of a double divided by h leaves, where sums are formed in another order. */
          const double tolerance = widths[w] > 0 || dtypes[t] == ATTRIB_F32 ? 1e-11 : 1e-9;
          for (int i = 0; i < N; i++) assert_near(row[i], expected[i], tolerance, largest);
          assert_near(report.attribution_sum, sum, tolerance, largest);
          assert_near(report.completeness_target, target, tolerance, largest);
          assert_int_equal(report.evaluations, 2 * 2 * (points[p] + 1)); /* two baselines count */
          assert_int_equal(report.output_evaluations, 0);
          assert_int_equal(s.analytic.rows, report.evaluations);
          assert_int_equal(report.points, points[p]);
          assert_true(report.rule == 0 && isnan(report.objective) && isnan(report.unassigned));

          double *grouped = untouched(GROUPS), sums[GROUPS] = {0};
          options.groups = s.groups;
          options.n_groups = GROUPS;
          assert_int_equal(explain(&s, &options, grouped, NULL), ATTRIB_OK);
          for (int i = 0; i < N; i++) sums[s.groups[i]] += row[i];
          for (int g = 0; g < GROUPS; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 100);
          assert_true(grouped[3] == 0);
          free(grouped);
          free(expected);
          free(row);
          tear_down(&s);
        }
}

/* Fetched rows give the bits of rows in memory; those of the line on which the feature stays are not looked at. */
static void fetched_baselines_give_the_same_bits(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t max_rows = 1; max_rows <= 31; max_rows += 6) {
      setting s;
      set_up(&s, dtypes[t]);
      s.model.max_rows = max_rows;
      attrib_interactions_options options = with_points(5, t == 0 ? .25 : 0);
      attrib_report report = {.struct_size = sizeof report};
      double *row = untouched(N), *fetched = untouched(N), sum;
      assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
      assert_int_equal(report.evaluations, 2 * 2 * 6);
      sum = report.attribution_sum;
      use_fetch(&s);
      assert_int_equal(explain(&s, &options, fetched, &report), ATTRIB_OK);
      assert_same_bits(row, fetched, N);
      assert_int_equal(report.evaluations, 3 * 2 * 6);
      assert_int_equal(s.fetched, 3);
      assert_same_bits(&sum, &report.attribution_sum, 1);
      free(fetched);
      free(row);
      tear_down(&s);
    }
}

/* 0 without a row where that is known, and with rows that say NaN where it is not. */
static void a_feature_that_does_not_move(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int fetched = 0; fetched < 2; fetched++) {
      setting s;
      set_up(&s, dtypes[t]);
      s.set.weights = NULL;
      s.set.count = 1;
      size_t size = dtypes[t] == ATTRIB_F32 ? sizeof(float) : sizeof(double);
      memmove(s.rows, (char *)s.rows + 2 * N * size, N * size);
      if (fetched) use_fetch(&s);
      spoiler spoilt = {.inner = &s.analytic, .output_row = -1, .gradient_row = 3, .feature = 5, .fail_from_row = -1};
      spoilt.gradient = NAN;
      s.model = spoiled_model(&spoilt);
      attrib_interactions_options options = with_points(4, fetched ? 1e-30 : 0); /* nor is the width asked about */
      attrib_report report = {.struct_size = sizeof report};
      double *row = untouched(N);
      assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
      for (int i = 0; i < N; i++) assert_true(row[i] == 0);
      assert_int_equal(report.evaluations, fetched ? 10 : 0);
      assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
      assert_true(report.completeness_target == 0 && report.completeness_relative == 0 && report.attribution_sum == 0);
      attrib_run *run;
      assert_int_equal(attrib_interactions_start(NULL, &s.model, s.input, 0, FEATURE, &s.set, &options, &run),
                       ATTRIB_OK);
      attrib_batch *batch;
      if (!fetched) {
        assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
        assert_null(batch);
        assert_int_equal(attrib_run_done(run), 1);
      }
      attrib_run_destroy(run);
      free(row);
      tear_down(&s);
    }
}

/* -- report, trace, memory ---------------------------------------------------------------------------------------- */

/* Node by node what the row sums up to, under the weights of the trapezoid's cells. */
static void the_trace_is_what_nodes_add(void **state) {
  (void)state;
  enum { POINTS = 4, ROWS = 2 * 2 * (POINTS + 1) };
  for (int w = 0; w < 2; w++) {
    setting s;
    set_up(&s, ATTRIB_F64);
    attrib_interactions_options options = with_points(POINTS, w == 0 ? 0 : .5);
    attrib_trace_point *trace = exact_block(ROWS * sizeof *trace);
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = ROWS};
    double *row = untouched(N), *p = exact_block(N * sizeof *p), total = 0;
    assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, ROWS);
    for (int line = 0; line < 2; line++) {
      const double share = line == 0 ? .375 : .5, *b = s.b + (line == 0 ? 0 : 3 * N);
      for (int r = 0; r < 2 * (POINTS + 1); r++) {
        const attrib_trace_point *point = &trace[line * 2 * (POINTS + 1) + r];
        const double c = (r / 2) / (double)POINTS, h = w == 0 ? report.sigma / (r / 2 % 2 + 1) : .5;
        const double cell = (r / 2 == 0 || r / 2 == POINTS ? .5 : 1) / POINTS;
        assert_true(point->alpha == c && point->baseline == (line == 0 ? 0 : 3));
        assert_int_equal(point->row_id, line * 2 * (POINTS + 1) + r);
        for (int i = 0; i < N; i++) p[i] = b[i] + c * (s.x[i] - b[i]);
        p[FEATURE] += r % 2 == 0 ? h : -h;
        assert_near(point->output, f_waves(p, N, NULL, NULL), 1e-9, 1);
        if (r % 2 == 0)
          assert_true(point->weight == 0 && point->slope == 0);
        else
          assert_near(point->weight, share * cell, ROUND_OFF, 1);
        total += point->weight * point->slope;
      }
    }
    assert_near(total, report.attribution_sum, ROUND_OFF, 100);
    free(p);
    free(row);
    free(trace);
    tear_down(&s);
  }
}

/* Without a width that of the line on which the feature goes farthest. */
static void the_report_has_the_largest_width(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  s.set.weights = NULL;
  s.set.count = 1;
  double longest = 0, *row = untouched(N);
  attrib_interactions_options options = with_points(3, 0);
  ((double *)s.rows)[N + FEATURE] = s.b[N + FEATURE] = s.x[FEATURE] + .001; /* far less than the first */
  for (; s.set.count <= LINES; s.set.count++) {
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
    longest = fmax(longest, fabs(s.x[FEATURE] - s.b[(s.set.count - 1) * N + FEATURE]));
    assert_near(report.sigma, cbrt(DBL_EPSILON) * longest, ROUND_OFF, 1);
  }
  free(row);
  tear_down(&s);
}

static void memory_does_not_grow(void **state) {
  (void)state;
  int64_t bytes[3];
  for (int k = 0; k < 3; k++) {
    setting s;
    set_up(&s, ATTRIB_F32);
    s.model.max_rows = 4;
    s.set.count = k == 1 ? 1 : LINES;
    attrib_interactions_options options = with_points(k == 2 ? 60 : 5, .5);
    attrib_report report = {.struct_size = sizeof report};
    double *row = untouched(N);
    assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
    bytes[k] = report.peak_bytes;
    free(row);
    tear_down(&s);
  }
  assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
}

/* -- failures ----------------------------------------------------------------------------------------------------- */

/* One that does not move may have any gradient. */
static void gradients_of_what_moves_must_be_finite(void **state) {
  (void)state;
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  const double w[] = {1, 2, 3}, x[] = {1, 1, 1}, b[] = {0, 1, 0};
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 3; k++)
      for (int64_t feature = 1; feature < 3; feature++)
        for (uint32_t max_rows = 1; max_rows <= 6; max_rows++) {
          const analytic_fn linear = f_linear;
          analytic a;
          single_model(&a, &linear, dtypes[t], 3, w);
          spoiler s = {.inner = &a, .output_row = 9, .gradient_row = 5, .feature = feature, .fail_from_row = -1};
          s.gradient = bad[k];
          s.output = feature == 1 ? 12 : NAN; /* later, and so not what is reported */
          attrib_model model = spoiled_model(&s);
          model.max_rows = max_rows;
          void *input = as_row(dtypes[t], x, 3), *start = as_row(dtypes[t], b, 3);
          attrib_baselines set = one_baseline(start);
          attrib_interactions_options options = with_points(4, 0);
          attrib_report report = {.struct_size = sizeof report};
          double *row = untouched(3);
          assert_status(attrib_interactions(context, &model, input, 0, 0, &set, &options, row, &report),
                        feature == 1 ? ATTRIB_OK : ATTRIB_E_NONFINITE, context);
          if (feature == 2) {
            assert_names(attrib_context_error(context), "row 5 (baseline 0, alpha 0.5): the gradient of input 2 is");
            assert_int_equal(report.failed_row, 5);
            assert_true(is_untouched(row, 3));
          }
          free(row);
          free(start);
          free(input);
        }
  attrib_context_destroy(context);
}

static double steep(const double *x, int64_t n, double *g, const void *p) {
  const double scale = *(const double *)p;
  (void)n;
  if (g != NULL) g[0] = x[0] > .5 ? scale : -scale;
  if (g != NULL) g[1] = scale;
  return x[0] > .5 ? scale : -scale;
}

static void what_overflows_is_said(void **state) {
  (void)state;
  const analytic_fn f = steep;
  const double scale = 1.7e308, x[] = {1, 1}, b[] = {0, 0};
  attrib_context *context = new_context(1, 0);
  for (int w = 0; w < 2; w++) {
    analytic a;
    attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, &scale);
    attrib_baselines set = one_baseline(b);
    attrib_interactions_options options = with_points(4, w == 0 ? .4 : 0);
    double *row = untouched(2);
    assert_status(attrib_interactions(context, &model, x, 0, 0, &set, &options, row, NULL), ATTRIB_E_OVERFLOW, context);
    assert_names(attrib_context_error(context), "the attribution of input 0 overflows");
    assert_true(is_untouched(row, 2));
    free(row);
  }
  attrib_context_destroy(context);
}

/* The row is held against the feature's attribution. */
static void a_threshold(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  attrib_interactions_options options = with_points(3, 0);
  attrib_report report = {.struct_size = sizeof report};
  double *row = untouched(N);
  assert_int_equal(explain(&s, &options, row, &report), ATTRIB_OK);
  assert_true(report.completeness_relative > 1e-4);
  options.completeness_threshold = report.completeness_relative;
  assert_int_equal(explain(&s, &options, row, NULL), ATTRIB_OK);
  options.completeness_threshold = report.completeness_relative / 2;
  assert_status(attrib_interactions(context, &s.model, s.input, 0, FEATURE, &s.set, &options, row, NULL),
                ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "is above options->completeness_threshold = ");
  for (int i = 0; i < N; i++) assert_true(isfinite(row[i]));
  free(row);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static void the_default_is_50_points(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F32);
  attrib_interactions_options zero = with_points(0, 0), fifty = with_points(50, 0);
  attrib_report report = {.struct_size = sizeof report};
  double *row[3];
  const attrib_interactions_options *const given[] = {NULL, &zero, &fifty};
  for (int k = 0; k < 3; k++) {
    row[k] = untouched(N);
    assert_int_equal(attrib_interactions(NULL, &s.model, s.input, 0, FEATURE, &s.set, given[k], row[k], &report),
                     ATTRIB_OK);
    assert_int_equal(report.points, 50);
    assert_int_equal(report.evaluations, 2 * 2 * 51);
    assert_same_bits(row[0], row[k], N);
  }
  for (int k = 0; k < 3; k++) free(row[k]);
  tear_down(&s);
}

typedef struct wrong {
  int64_t feature;
  attrib_interactions_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const wrong wrongs[] = {
    {-1, {0}, ATTRIB_E_ARGUMENT, "feature = -1: must be in [0, 1025)"},
    {N, {0}, ATTRIB_E_ARGUMENT, "feature = 1025: must be in [0, 1025)"},
    {0, {.flags = 4}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x4"},
    {0, {.points = -3}, ATTRIB_E_ARGUMENT, "options->points = -3"},
    {0, {.points = (INT64_C(1) << 50) + 1}, ATTRIB_E_ARGUMENT, "options->points = 1125899906842625"},
    {0, {.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {0, {.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {0, {.width = -.5}, ATTRIB_E_ARGUMENT, "options->width = -0.5: must be finite and not negative"},
    {0, {.width = (double)NAN}, ATTRIB_E_ARGUMENT, "options->width = "},
    {0, {.width = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->width = inf"},
    {0, {.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {0, {.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {0, {.target_weights = (const double[]){1, 1}}, ATTRIB_E_ARGUMENT, "target = 0"},
};

/* In both forms, and nothing is evaluated. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  setting s;
  set_up(&s, ATTRIB_F64);
  double *row = untouched(N);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_interactions_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_interactions(context, &s.model, s.input, 0, wrongs[k].feature, &s.set, &options, row, NULL),
                  wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_interactions_start(context, &s.model, s.input, 0, wrongs[k].feature, &s.set, &options, &run),
                  wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  assert_status(attrib_interactions(context, NULL, s.input, 0, 0, &s.set, NULL, row, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "model is NULL");
  assert_status(attrib_interactions(context, &s.model, NULL, 0, 0, &s.set, NULL, row, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "input is NULL");
  assert_status(attrib_interactions(context, &s.model, s.input, 0, 0, NULL, NULL, row, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "baselines is NULL");
  assert_status(attrib_interactions(context, &s.model, s.input, 0, 0, &s.set, NULL, NULL, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "attributions is NULL");
  attrib_interactions_options lost = with_points(4, 1e-20);
  assert_status(attrib_interactions(context, &s.model, s.input, 0, FEATURE, &s.set, &lost, row, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->width = 1e-20: too small beside input 600, which is -0.75");
  attrib_interactions_options many = with_points(INT64_C(1) << 50, 0);
  s.set =
      (attrib_baselines){.struct_size = sizeof s.set, .count = INT64_C(1) << 12, .fetch = fetch_row, .fetch_user = &s};
  assert_status(attrib_interactions(context, &s.model, s.input, 0, 0, &s.set, &many, row, NULL), ATTRIB_E_OVERFLOW,
                context);
  assert_names(attrib_context_error(context), "options->points = 1125899906842624 for 4096 baselines: too many rows");
  assert_true(is_untouched(row, N) && s.analytic.calls == 0 && s.fetched == 0);
  free(row);
  tear_down(&s);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(fetched_baselines_give_the_same_bits),
      cmocka_unit_test(a_feature_that_does_not_move),
      cmocka_unit_test(the_trace_is_what_nodes_add),
      cmocka_unit_test(the_report_has_the_largest_width),
      cmocka_unit_test(memory_does_not_grow),
      cmocka_unit_test(gradients_of_what_moves_must_be_finite),
      cmocka_unit_test(what_overflows_is_said),
      cmocka_unit_test(a_threshold),
      cmocka_unit_test(the_default_is_50_points),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests_name("interactions_rows", tests, NULL, NULL);
}
