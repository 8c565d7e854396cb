/* The trace: one point per gradient row, in row order, from which alpha-curves are drawn. */
#include "methods.h"

static double square(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? 2 * x[0] : 0;
  return x[0] * x[0];
}

static const analytic_fn squared = square;

static attrib_report with_trace(attrib_trace_point *points, int64_t capacity) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .trace = points, .trace_capacity = capacity};
}

/* f = x^2 from 0 to 1: the cumulative attribution S(alpha) is alpha^2, so a quarter at one half (not the running mean,
 * .5). */
static void the_cumulative_curve_of_a_square(void **state) {
  (void)state;
  enum { POINTS = 100 };
  analytic a;
  attrib_model model = single_model(&a, &squared, ATTRIB_F64, 1, NULL);
  const double x = 1, b = 0;
  attrib_baselines set = one_baseline(&b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, POINTS);
  attrib_trace_point *trace = exact_block(POINTS * sizeof *trace);
  attrib_report report = with_trace(trace, POINTS);
  double phi;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &set, &options, &phi, &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, POINTS);
  double sum = 0;
  for (int j = 0; j < POINTS; j++) {
    assert_near(trace[j].alpha, (j + .5) / POINTS, ROUND_OFF, 1);
    assert_near(trace[j].weight, 1.0 / POINTS, ROUND_OFF, 1);
    assert_near(trace[j].output, trace[j].alpha * trace[j].alpha, ROUND_OFF, 1);
    assert_near(trace[j].slope, 2 * trace[j].alpha, ROUND_OFF, 2);
    assert_true(isnan(trace[j].error));
    assert_int_equal(trace[j].baseline, 0);
    assert_int_equal(trace[j].row_id, j + 2); /* after f(x) and f(b) */
    sum += trace[j].weight * trace[j].slope;
    if (j == 49) assert_near(sum, .25, ROUND_OFF, 1);
  }
  assert_near(sum, 1, ROUND_OFF, 1);
  free(trace);
}

/* Over several baselines, and segments of a path: weights hold the baseline's, the slope is d f / d alpha of the line.
 */
static void baselines_and_segments_are_numbered(void **state) {
  (void)state;
  enum { POINTS = 3, LINES = 3 };
  analytic a;
  attrib_model model = single_model(&a, &squared, ATTRIB_F64, 1, NULL);
  const double x = 3, rows[] = {1, 7, 2}, weights[] = {1, 0, 3}, knots[] = {0, 1, 3, 2};
  attrib_trace_point trace[POINTS * LINES];
  double phi;
  attrib_baselines set = {.struct_size = sizeof set, .count = LINES, .rows = rows, .weights = weights};
  attrib_ig_options options = with_rule(ATTRIB_RULE_RIGHT, POINTS);
  attrib_report report = with_trace(trace, COUNT(trace));
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &set, &options, &phi, &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, 2 * POINTS);
  for (int r = 0; r < 2 * POINTS; r++) {
    int line = r < POINTS ? 0 : 2;
    double at = rows[line] + trace[r].alpha * (x - rows[line]);
    assert_int_equal(trace[r].baseline, line);
    assert_int_equal(trace[r].row_id, r + 2); /* after f of the two baselines */
    assert_near(trace[r].alpha, (r % POINTS + 1) / (double)POINTS, ROUND_OFF, 1);
    assert_near(trace[r].weight, weights[line] / 4 / POINTS, ROUND_OFF, 1);
    assert_near(trace[r].output, at * at, ROUND_OFF, 9);
    assert_near(trace[r].slope, 2 * at * (x - rows[line]), ROUND_OFF, 9);
  }
  attrib_path path = {.struct_size = sizeof path, .knots = 4, .rows = knots};
  report = with_trace(trace, COUNT(trace));
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, &phi, &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, LINES * POINTS);
  for (int r = 0; r < LINES * POINTS; r++) {
    int k = r / POINTS;
    double at = knots[k] + trace[r].alpha * (knots[k + 1] - knots[k]);
    assert_int_equal(trace[r].baseline, k);
    assert_near(trace[r].weight, 1.0 / POINTS, ROUND_OFF, 1);
    assert_near(trace[r].slope, 2 * at * (knots[k + 1] - knots[k]), ROUND_OFF, 9);
  }
}

/* Where a method leaves the displacement out, so does the slope: weight * slope still sums to the attributions' sum. */
static void the_slope_of_a_mean_gradient_is_the_sum_of_the_gradient(void **state) {
  (void)state;
  enum { N = 513, POINTS = 4 };
  attrib_trace_point trace[POINTS];
  double phi[N], sum = 0;
  method_case c;
  make_method(&c, 11, ATTRIB_F64, N);
  c.options.points = POINTS;
  attrib_report report = with_trace(trace, POINTS);
  assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
  for (int j = 0; j < POINTS; j++) sum += trace[j].weight * trace[j].slope;
  assert_near(sum, report.attribution_sum, ROUND_OFF, N);
  free_method(&c);
}

/* The slope sums n products of order 1 without losing digits to their number. */
static void the_slope_is_the_sum_over_all_features(void **state) {
  (void)state;
  static const int64_t sizes[] = {1, 7, 511, 512, 513, 1025};
  for (int64_t k = 0; k < COUNT(sizes); k++) {
    method_case c;
    make_method(&c, 4, ATTRIB_F64, sizes[k]);
    c.options.points = 1; /* so that the slope is the sum of the attributions */
    attrib_trace_point point;
    attrib_report report = with_trace(&point, 1);
    double *phi = untouched(sizes[k]);
    assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
    long double sum = 0;
    for (int64_t i = 0; i < sizes[k]; i++) sum += phi[i];
    assert_near(point.slope, (double)sum, ROUND_OFF, (double)sizes[k]);
    assert_near(report.attribution_sum, (double)sum, ROUND_OFF, (double)sizes[k]);
    free(phi);
    free_method(&c);
  }
}

/* Rows beyond the capacity are not traced, and the attributions do not know whether anything is. */
static void a_short_trace_holds_the_first_rows(void **state) {
  (void)state;
  enum { N = 7, POINTS = 9 };
  attrib_trace_point whole[POINTS];
  double phi[2][N];
  method_case c;
  make_method(&c, 4, ATTRIB_F64, N);
  attrib_report report = with_trace(whole, POINTS);
  assert_int_equal(make_call(NULL, &c.call, phi[0], &report), ATTRIB_OK);
  for (uint32_t max_rows = 1; max_rows <= 10; max_rows += 3)
    for (int64_t capacity = 0; capacity <= POINTS; capacity++) {
      c.call.model.max_rows = max_rows;
      attrib_trace_point *trace = exact_block((size_t)capacity * sizeof *trace + 1);
      report = with_trace(trace, capacity);
      assert_int_equal(make_call(NULL, &c.call, phi[1], &report), ATTRIB_OK);
      assert_int_equal(report.trace_count, capacity);
      assert_int_equal(report.trace_capacity, capacity);
      assert_int_equal(report.trace_stride, 0); /* the caller's fields stay as they were given */
      if (capacity > 0) assert_memory_equal(trace, whole, (size_t)capacity * sizeof *trace);
      assert_same_bits(phi[0], phi[1], N);
      free(trace);
    }
  report = (attrib_report){.struct_size = sizeof report, .trace_capacity = 5}; /* no buffer, no trace */
  assert_int_equal(make_call(NULL, &c.call, phi[1], &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, 0);
  free_method(&c);
}

/* A newer caller's points are longer: what lies between ours stays as it was. Strides need not be aligned. */
static void points_lie_a_stride_apart(void **state) {
  (void)state;
  enum { N = 3, POINTS = 9 };
  static const size_t strides[] = {sizeof(attrib_trace_point), sizeof(attrib_trace_point) + 8,
                                   sizeof(attrib_trace_point) + 1, 3 * sizeof(attrib_trace_point)};
  attrib_trace_point dense[POINTS];
  double phi[N];
  method_case c;
  make_method(&c, 4, ATTRIB_F64, N);
  attrib_report report = with_trace(dense, POINTS);
  assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
  for (int64_t k = 0; k < COUNT(strides); k++) {
    size_t stride = strides[k], size = (POINTS - 1) * stride + sizeof(attrib_trace_point);
    unsigned char *block = exact_block(size); /* nothing after the last point */
    memset(block, 0x77, size);
    report = with_trace((attrib_trace_point *)(void *)block, POINTS);
    report.trace_stride = (int64_t)stride;
    assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_stride, stride);
    for (size_t j = 0; j < POINTS; j++) assert_memory_equal(block + j * stride, &dense[j], sizeof dense[j]);
    for (size_t i = 0; i < size; i++)
      if (i % stride >= sizeof(attrib_trace_point)) assert_int_equal(block[i], 0x77);
    free(block);
  }
  free_method(&c);
}

/* 1 over the size of the doubling that row j belongs to: the first two are of one size, each later one is twice as
 * large. */
static double share_in_doubling(int64_t j, int64_t first) {
  int64_t size = first;
  while (j >= 2 * size) size *= 2;
  return 1 / (double)size;
}

/* Draws of expected gradients: every one traced, where it lies and what it weighs; weight * slope sums to what the
 * attributions sum to. */
static void draws_are_traced(void **state) {
  (void)state;
  enum { N = 9, CAPACITY = 300 };
  static attrib_trace_point trace[CAPACITY];
  for (int which = METHOD_EG_IID; which < METHOD_SMOOTH_PAIRS; which++) {
    method_case c;
    make_method(&c, which, ATTRIB_F64, N);
    double phi[N], point[N], sum = 0, weights = 0;
    attrib_report report = with_trace(trace, CAPACITY);
    assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
    bool whole = isnan(report.tolerance); /* none, and so one doubling */
    assert_int_equal(report.trace_count, report.evaluations < CAPACITY ? report.evaluations : CAPACITY);
    for (int64_t j = 0; j < report.trace_count; j++) {
      assert_true(trace[j].alpha >= 0 && trace[j].alpha < 1);
      assert_in_range(trace[j].baseline, 0, c.baselines.count - 1);
      assert_true(trace[j].row_id > (j == 0 ? 0 : trace[j - 1].row_id) && isnan(trace[j].error));
      sum += trace[j].weight * trace[j].slope;
      weights += trace[j].weight;
      if (which == METHOD_EG_NOISE || which == METHOD_EG_CHANGED || which == METHOD_EG_TARGET_WEIGHTS) continue;
      const double *from = (const double *)c.rows + trace[j].baseline * N, *to = c.input;
      for (int i = 0; i < N; i++) point[i] = from[i] + trace[j].alpha * (to[i] - from[i]);
      assert_near(trace[j].output, f_waves(point, N, NULL, NULL), ROUND_OFF, N);
    }
    int64_t first = which == METHOD_EG_LATTICE_ROUNDS ? 96 : 64, strata = which == METHOD_EG_CHANGED ? 128 : CAPACITY;
    for (int64_t j = 0; j < report.trace_count && !whole; j++)
      assert_near(trace[j].weight, j < strata ? share_in_doubling(j, first) : 1.0 / 280, ROUND_OFF, 1);
    if (whole) assert_near(weights, 1, ROUND_OFF, 1);
    if (whole) assert_near(sum, report.attribution_sum, ROUND_OFF, N);
    free_method(&c);
  }
}

/* Samples of SmoothGrad lie on no path: they are numbered, and the slope is the sum of what is averaged, before it is
 * squared. */
static void samples_are_traced(void **state) {
  (void)state;
  enum { N = 9, CAPACITY = 100 };
  attrib_trace_point trace[CAPACITY];
  for (int which = METHOD_SMOOTH_PAIRS; which < METHOD_COUNT; which++) {
    method_case c;
    make_method(&c, which, ATTRIB_F64, N);
    double phi[N], sum = 0, outputs = 0;
    attrib_report report = with_trace(trace, CAPACITY);
    assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, report.evaluations < CAPACITY ? report.evaluations : CAPACITY);
    for (int64_t j = 0; j < report.trace_count; j++) {
      assert_true(isnan(trace[j].alpha) && isnan(trace[j].error));
      assert_int_equal(trace[j].baseline, j);
      assert_int_equal(trace[j].row_id, j + 1); /* after f(x) */
      if (which == METHOD_SMOOTH_ROUNDS) assert_true(trace[j].weight == share_in_doubling(j, 32));
      sum += trace[j].weight * trace[j].slope;
      outputs += trace[j].weight * trace[j].output;
    }
    uint32_t form = c.smooth_options.form;
    if (which != METHOD_SMOOTH_ROUNDS) assert_near(outputs, report.baseline_output, ROUND_OFF, N);
    if (which != METHOD_SMOOTH_ROUNDS && form != ATTRIB_SMOOTH_SQUARED && form != ATTRIB_SMOOTH_VARIANCE)
      assert_near(sum, report.attribution_sum, ROUND_OFF, N);
    free_method(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cumulative_curve_of_a_square),
      cmocka_unit_test(baselines_and_segments_are_numbered),
      cmocka_unit_test(the_slope_of_a_mean_gradient_is_the_sum_of_the_gradient),
      cmocka_unit_test(the_slope_is_the_sum_over_all_features),
      cmocka_unit_test(a_short_trace_holds_the_first_rows),
      cmocka_unit_test(points_lie_a_stride_apart),
      cmocka_unit_test(draws_are_traced),
      cmocka_unit_test(samples_are_traced),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
