/* test_sensitivity_n.c - sensitivity-n: exact values, plain loops over the points that the model saw, and what has no
 * correlation. */
#include "faithful.h"
#include "statistics.h"

enum { MOST_ROWS = 8000 };

/* x1 x2 + x2 x3 at (1, 2, 3) from zeros: of one unit each pair is (score, 2 score), of two f always falls by 8. */
static void exact_values(void **state) {
  (void)state;
  static const double x[] = {1, 2, 3}, zeros[3], scores[] = {1, 4, 3};
  static const analytic_fn chain[] = {f_chain};
  static const int64_t sizes[] = {1, 2, 3};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a;
    attrib_model model = single_model(&a, chain, dtype, 3, NULL);
    void *input = as_row(dtype, x, 3), *row = as_row(dtype, zeros, 3);
    const attrib_baselines baselines = one_baseline(row);
    const attrib_sensitivity_n_options options = {.struct_size = sizeof options, .n_sizes = 3, .sizes = sizes};
    double values[3], errors[3];
    char message[300];
    attrib_report report = {.struct_size = sizeof report,
                            .standard_errors = errors,
                            .message = message,
                            .message_capacity = sizeof message};
    assert_int_equal(attrib_sensitivity_n(NULL, &model, input, 0, scores, &baselines, &options, values, &report),
                     ATTRIB_UNDEFINED);
    assert_near(values[0], 1, ROUND_OFF, 1);
    assert_true(isnan(values[1]) && isnan(values[2]));
    assert_true(report.objective == values[0] && report.output == 8);
    assert_true(isnan(errors[0]) && isnan(errors[1]) && isnan(errors[2]));
    assert_int_equal(report.samples, 100);
    assert_int_equal(report.points, 3);
    assert_int_equal(report.output_evaluations, 1 + 2 * 100); /* of size 3 there is nothing to ask */
    assert_int_equal(report.evaluations, 0);
    assert_names(message, "2 of 3 sizes have no correlation, first n = 2 of 3 units: f changes by the same");
    free(input);
    free(row);
  }
}

/* The units of a point that have been replaced; each whole, by this baseline. */
static int64_t replaced_units(const faithful *f, const double *point, int64_t baseline, int64_t units,
                              const int32_t *unit_of, bool *gone) {
  const double *row = f->row_values + baseline * f->n;
  int64_t count = 0;
  for (int64_t u = 0; u < units; u++) gone[u] = false;
  for (int64_t i = 0; i < f->n; i++) {
    const int64_t u = unit_of == NULL ? i : unit_of[i];
    assert_true(point[i] == f->values[i] || point[i] == row[i]);
    count += point[i] == row[i] && !gone[u];
    gone[u] = gone[u] || point[i] == row[i];
  }
  for (int64_t i = 0; i < f->n; i++) assert_true((point[i] == row[i]) == gone[unit_of == NULL ? i : unit_of[i]]);
  return count;
}

typedef double (*value_fn)(const faithful *f, const double *point);

static double logit(const faithful *f, const double *point) {
  return f->recorder.function(point, f->n, NULL, f->recorder.inner.parameters);
}

/* Holds values against plain loops; sizes[i] 0: of any size. Returns the number of rows. */
static int64_t expect_plain(const faithful *f, int64_t units, const int32_t *unit_of, const double *unit_scores,
                            const int64_t *sizes, int64_t n_sizes, value_fn value, const double *values) {
  const int64_t subsets = f->sizes.subsets == 0 ? 100 : f->sizes.subsets;
  double *said = untouched(subsets), *fell = untouched(subsets), total = 0;
  bool gone[64];
  int64_t row = 1, count = f->baselines.count;
  for (int64_t b = 0; b < count; b++) total += f->baselines.weights == NULL ? 1 : f->baselines.weights[b];
  assert_memory_equal(point_of(f, 0), f->values, (size_t)f->n * sizeof(double));
  for (int64_t i = 0; i < n_sizes; i++) {
    for (int64_t k = 0; k < subsets; k++) {
      fell[k] = value(f, f->values);
      for (int64_t b = 0; b < count; b++) {
        const double weight = f->baselines.weights == NULL ? 1 : f->baselines.weights[b];
        if (weight == 0) continue;
        const int64_t size = replaced_units(f, point_of(f, row), b, units, unit_of, gone);
        assert_true(sizes[i] == 0 || size == sizes[i]);
        fell[k] -= weight / total * value(f, point_of(f, row));
        row++;
      }
      said[k] = 0;
      for (int64_t u = 0; u < units; u++) said[k] += gone[u] ? unit_scores[u] : 0;
    }
    assert_near(values[i], plain_pearson(said, fell, subsets), 64 * ROUND_OFF, 1);
    assert_true(fabs(values[i]) < .999);
  }
  assert_int_equal(f->recorder.rows, row);
  assert_int_equal(f->report.output_evaluations, row);
  free(said);
  free(fell);
  return row;
}

static const int64_t some_sizes[] = {1, 5, 17, 23};

static void open_case(faithful *f, uint32_t dtype) {
  open_faithful(f, dtype, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f->sizes.sizes = some_sizes;
  f->sizes.n_sizes = COUNT(some_sizes);
  f->sizes.seed = 3;
}

static void inputs_by_plain_loops(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int way = 0; way < 4; way++) { /* one baseline; three with weights, in memory and fetched; three equal ones */
      faithful f;
      double values[COUNT(some_sizes)];
      open_case(&f, dtype);
      if (way > 0) f.baselines.count = FAITHFUL_BASELINES;
      if (way == 1 || way == 2) f.baselines.weights = f.weights;
      if (way == 2) fetch_baselines(&f);
      assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
      expect_plain(&f, FAITHFUL_N, NULL, f.scores, some_sizes, COUNT(some_sizes), logit, values);
      double mean = 0;
      for (int64_t i = 0; i < COUNT(some_sizes); i++) mean += values[i] / (double)COUNT(some_sizes);
      assert_near(f.report.objective, mean, ROUND_OFF, 1);
      assert_true(f.report.seed == 3 && f.report.message[0] == '\0');
      close_faithful(&f);
    }
}

static void unit_sums(const faithful *f, int64_t units, const int32_t *unit_of, bool absolute, double *sums) {
  for (int64_t u = 0; u < units; u++) sums[u] = 0;
  for (int64_t i = 0; i < f->n; i++) sums[unit_of[i]] += f->scores[i];
  for (int64_t u = 0; u < units && absolute; u++) sums[u] = fabs(sums[u]);
}

/* Pixels of both channels, and groups; signed, absolute, and scores that are of units already. */
static void units_by_plain_loops(void **state) {
  (void)state;
  static const int64_t sizes[] = {1, 3, 6};
  int32_t pixels[FAITHFUL_N], groups[FAITHFUL_N];
  for (int i = 0; i < FAITHFUL_N; i++) pixels[i] = i / 2, groups[i] = (i * 3 + i / 9) % 7;
  for (int by_group = 0; by_group < 2; by_group++)
    for (int way = 0; way < 3; way++) {
      faithful f;
      double values[COUNT(sizes)], sums[FAITHFUL_N];
      const int64_t units = by_group ? 7 : 12;
      const int32_t *unit_of = by_group ? groups : pixels;
      open_case(&f, ATTRIB_F64);
      f.sizes.sizes = sizes;
      f.sizes.n_sizes = COUNT(sizes);
      f.sizes.subsets = 40;
      if (by_group) f.sizes.groups = groups, f.sizes.n_groups = 7;
      if (!by_group) f.sizes.shape = &faithful_shape;
      f.sizes.flags = way == 1 ? ATTRIB_METRIC_ABSOLUTE : way == 2 ? ATTRIB_METRIC_UNIT_SCORES : 0;
      unit_sums(&f, units, unit_of, way == 1, sums);
      if (way == 2) memcpy(sums, f.scores, (size_t)units * sizeof *sums);
      assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
      expect_plain(&f, units, unit_of, sums, sizes, COUNT(sizes), logit, values);
      close_faithful(&f);
    }
}

/* A group without inputs may be in a subset, where it changes nothing. */
static void empty_groups(void **state) {
  (void)state;
  static const int64_t sizes[] = {1};
  int32_t groups[FAITHFUL_N];
  faithful f;
  double value;
  bool gone[3];
  int64_t none = 0;
  for (int i = 0; i < FAITHFUL_N; i++) groups[i] = i % 2 * 2; /* never 1 */
  open_case(&f, ATTRIB_F64);
  f.sizes = (attrib_sensitivity_n_options){
      .struct_size = sizeof f.sizes, .n_sizes = 1, .sizes = sizes, .n_groups = 3, .groups = groups};
  assert_int_equal(call_sensitivity_n(&f, NULL, &value), ATTRIB_OK);
  for (int64_t k = 1; k <= 100; k++) none += replaced_units(&f, point_of(&f, k), 0, 3, groups, gone) == 0;
  assert_true(fabs((double)none - 100 / 3.0) <= MOST_SIGMAS * sqrt(200 / 9.0));
  close_faithful(&f);
}

static const analytic_fn classes[] = {f_waves, f_linear};
static double class_weights[FAITHFUL_N];

static double probability(const faithful *f, const double *point) {
  const double a = f_waves(point, f->n, NULL, NULL), b = f_linear(point, f->n, NULL, class_weights);
  return 1 / (1 + exp(b - a));
}

static double largest(const faithful *f, const double *point) {
  return probability(f, point) >= .5 ? 1 : 0;
}

static double weighted(const faithful *f, const double *point) {
  return 2 * f_waves(point, f->n, NULL, NULL) - 3 * f_linear(point, f->n, NULL, class_weights);
}

static void responses_by_plain_loops(void **state) {
  (void)state;
  static const int64_t sizes[] = {4, 12};
  static const double target_weights[] = {2, -3};
  static const value_fn functions[] = {probability, largest, weighted};
  fill_random(8, class_weights, FAITHFUL_N);
  for (int way = 0; way < 3; way++) {
    faithful f;
    double values[COUNT(sizes)];
    open_case(&f, ATTRIB_F64);
    f.recorder.inner.functions = classes;
    f.recorder.inner.parameters = class_weights;
    f.recorder.inner.n_outputs = f.model.n_outputs = 2;
    f.sizes.sizes = sizes;
    f.sizes.n_sizes = COUNT(sizes);
    f.sizes.flags = way == 0 ? ATTRIB_METRIC_SOFTMAX : way == 1 ? ATTRIB_METRIC_ACCURACY : 0;
    if (way == 2) f.sizes.target_weights = target_weights;
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
    expect_plain(&f, FAITHFUL_N, NULL, f.scores, sizes, COUNT(sizes), functions[way], values);
    assert_near(f.report.output, functions[way](&f, f.values), ROUND_OFF, 10);
    close_faithful(&f);
  }
}

/* 19 of 24 units are 80 %: 19^(i / 9), rounded. With coins 10 % to 90 %, each unit by itself. */
static void default_sizes(void **state) {
  (void)state;
  static const int64_t sizes[] = {1, 1, 2, 3, 4, 5, 7, 10, 14, 19}, any[9];
  faithful f;
  double values[10];
  bool gone[FAITHFUL_N];
  open_case(&f, ATTRIB_F64);
  f.sizes.sizes = NULL;
  f.sizes.n_sizes = 0;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  expect_plain(&f, FAITHFUL_N, NULL, f.scores, sizes, 10, logit, values);
  assert_int_equal(f.report.points, 10);
  f.sizes.flags = ATTRIB_SENSITIVITY_N_COINS;
  f.sizes.subsets = 200;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  expect_plain(&f, FAITHFUL_N, NULL, f.scores, any, 9, logit, values);
  assert_int_equal(f.report.points, 9);
  for (int i = 0; i < 9; i++) {
    double count = 0, p = (i + 1) / 10.0;
    for (int64_t k = 0; k < 200; k++)
      count += (double)replaced_units(&f, point_of(&f, 1 + 200 * i + k), 0, FAITHFUL_N, NULL, gone);
    assert_true(fabs(count - 4800 * p) <= MOST_SIGMAS * sqrt(4800 * p * (1 - p)));
  }
  /* sizes with coins are n / units */
  f.sizes.sizes = some_sizes;
  f.sizes.n_sizes = 3;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  expect_plain(&f, FAITHFUL_N, NULL, f.scores, any, 3, logit, values);
  for (int i = 0; i < 3; i++) {
    double count = 0, p = (double)some_sizes[i] / FAITHFUL_N;
    for (int64_t k = 0; k < 200; k++)
      count += (double)replaced_units(&f, point_of(&f, 1 + 200 * i + k), 0, FAITHFUL_N, NULL, gone);
    assert_true(fabs(count - 4800 * p) <= MOST_SIGMAS * sqrt(4800 * p * (1 - p)));
  }
  close_faithful(&f);
}

/* Exact contributions of a linear f: 1 for every size; against them -1; and no scale of the scores matters. */
static void linear_models(void **state) {
  (void)state;
  double weights[FAITHFUL_N], values[10], others[10];
  fill_random(12, weights, FAITHFUL_N);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    faithful f;
    open_faithful(&f, dtype, FAITHFUL_N, f_linear, weights, MOST_ROWS);
    for (int64_t i = 0; i < f.n; i++) f.scores[i] = weights[i] * (f.values[i] - f.row_values[i]);
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
    for (int i = 0; i < 10; i++) assert_near(values[i], 1, 16 * ROUND_OFF, 1);
    for (int64_t i = 0; i < f.n; i++) f.scores[i] *= -0x1p-30;
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
    for (int i = 0; i < 10; i++) assert_near(values[i], -1, 16 * ROUND_OFF, 1);
    fill_random(14, f.scores, f.n);
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
    for (int64_t i = 0; i < f.n; i++) f.scores[i] *= 0x1p300;
    assert_int_equal(call_sensitivity_n(&f, NULL, others), ATTRIB_OK);
    assert_same_bits(values, others, 10);
    close_faithful(&f);
  }
}

static double f_nearly_constant(const double *x, int64_t n, double *g, const void *p) {
  (void)g, (void)p;
  double f = 1000;
  for (int64_t i = 0; i < n; i++) f += 1e-5 * x[i];
  return f;
}

/* A side that does not change, to rounding of the model's type. */
static void constants_have_no_correlation(void **state) {
  (void)state;
  faithful f;
  double values[COUNT(some_sizes)];
  open_case(&f, ATTRIB_F64);
  for (int way = 0; way < 3; way++) { /* all zero; all the same; the same to rounding */
    for (int64_t i = 0; i < f.n; i++)
      f.scores[i] = way == 0 ? 0 : way == 1 ? 1 / 3.0 : 1 / 3.0 + (double)(i % 3) * 0x1p-53;
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_UNDEFINED);
    for (int64_t i = 0; i < COUNT(some_sizes); i++) assert_true(isnan(values[i]));
    assert_true(isnan(f.report.objective));
    assert_names(f.message, "4 of 4 sizes have no correlation, first n = 1 of 24 units: the scores of all subsets");
  }
  f.sizes.flags = ATTRIB_SENSITIVITY_N_COINS; /* sets of random size: the same score for each unit says how many */
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  f.sizes.sizes = NULL;
  f.sizes.n_sizes = 0;
  double nine[9];
  for (int64_t i = 0; i < f.n; i++) f.scores[i] = 0;
  assert_int_equal(call_sensitivity_n(&f, NULL, nine), ATTRIB_UNDEFINED);
  assert_names(f.message, "9 of 9 sizes have no correlation, first 0.1 of the units: the scores");
  close_faithful(&f);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    open_faithful(&f, dtype, FAITHFUL_N, f_nearly_constant, NULL, MOST_ROWS);
    f.sizes.sizes = some_sizes;
    f.sizes.n_sizes = COUNT(some_sizes);
    assert_int_equal(call_sensitivity_n(&f, NULL, values), dtype == ATTRIB_F32 ? ATTRIB_UNDEFINED : ATTRIB_OK);
    close_faithful(&f);
  }
}

static double f_steep(const double *x, int64_t n, double *g, const void *p) {
  (void)g, (void)p;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (1 + (double)i / (double)n) * x[i];
  return exp(sum);
}

/* What is rounding beside the values of one size is none beside those of the next. */
static void sizes_by_themselves(void **state) {
  (void)state;
  static const int64_t sizes[] = {23, 1};
  faithful f;
  double values[COUNT(sizes)];
  open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_steep, NULL, MOST_ROWS);
  for (int64_t i = 0; i < f.n; i++) {
    ((double *)f.input)[i] = f.values[i] = 0;
    ((double *)f.rows)[i] = f.row_values[i] = 2;
  }
  f.sizes.sizes = sizes;
  f.sizes.n_sizes = COUNT(sizes);
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  expect_plain(&f, FAITHFUL_N, NULL, f.scores, sizes, COUNT(sizes), logit, values);
  close_faithful(&f);
}

/* More subsets begin with the same ones, and so do other sizes after the first; scores have no part in it. */
static void the_same_subsets(void **state) {
  (void)state;
  faithful f;
  double values[COUNT(some_sizes)];
  open_case(&f, ATTRIB_F64);
  f.sizes.subsets = 20;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  double *few = exact_copy(point_of(&f, 0), 81 * FAITHFUL_N * sizeof(double));
  fill_random(55, f.scores, f.n);
  f.sizes.subsets = 50;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  const size_t bytes = 20 * FAITHFUL_N * sizeof(double);
  for (int64_t i = 0; i < COUNT(some_sizes); i++) {
    assert_memory_equal(point_of(&f, 1 + 50 * i), few + (1 + 20 * i) * FAITHFUL_N, bytes);
    for (int64_t j = 0; j < i; j++) assert_true(memcmp(point_of(&f, 1 + 50 * i), point_of(&f, 1 + 50 * j), bytes) != 0);
  }
  f.sizes.seed++;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_OK);
  assert_true(memcmp(point_of(&f, 1), few + FAITHFUL_N, bytes) != 0);
  free(few);
  close_faithful(&f);
}

/* Baselines and sizes come one after the other. */
static void memory_does_not_grow(void **state) {
  (void)state;
  faithful f;
  double values[10];
  int64_t bytes[2];
  for (int way = 0; way < 2; way++) {
    attrib_context *context = new_context(1, 0);
    open_case(&f, ATTRIB_F64);
    fetch_baselines(&f);
    if (way == 1) f.baselines.count = FAITHFUL_BASELINES;
    f.sizes.n_sizes = way == 0 ? 2 : 4;
    f.model.max_rows = 8;
    assert_int_equal(call_sensitivity_n(&f, context, values), ATTRIB_OK);
    bytes[way] = f.report.peak_bytes;
    close_faithful(&f);
    attrib_context_destroy(context);
  }
  assert_int_equal(bytes[0], bytes[1]);
}

/* Probabilities near 1 change by little, but by more than rounding of logits makes of them. */
static void saturated_probabilities(void **state) {
  (void)state;
  static const int64_t sizes[] = {6};
  for (int64_t i = 0; i < FAITHFUL_N; i++) class_weights[i] = 0;
  faithful f;
  double value;
  open_case(&f, ATTRIB_F32);
  f.recorder.inner.functions = classes;
  f.recorder.inner.n_outputs = f.model.n_outputs = 2;
  f.recorder.inner.parameters = class_weights;
  class_weights[0] = -20 / f.values[0]; /* a margin of some 20, and another where the baseline takes its place */
  ((float *)f.rows)[0] = (float)(f.values[0] * 1.01);
  f.row_values[0] = (double)((float *)f.rows)[0];
  f.sizes.sizes = sizes;
  f.sizes.n_sizes = 1;
  f.sizes.flags = ATTRIB_METRIC_SOFTMAX;
  assert_int_equal(call_sensitivity_n(&f, NULL, &value), ATTRIB_OK);
  assert_true(f.report.output > 1 - 1e-6);
  close_faithful(&f);
}

/* One unit: there is nothing to correlate, and nothing is asked but f(x). */
static void one_unit(void **state) {
  (void)state;
  static const int32_t groups[FAITHFUL_N];
  faithful f;
  double values[10];
  open_case(&f, ATTRIB_F64);
  f.sizes = (attrib_sensitivity_n_options){.struct_size = sizeof f.sizes, .n_groups = 1, .groups = groups};
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_UNDEFINED);
  for (int i = 0; i < 10; i++) assert_true(isnan(values[i]));
  assert_int_equal(f.report.output_evaluations, 1);
  assert_names(f.message, "10 of 10 sizes have no correlation, first n = 1 of 1 units: there is one subset");
  close_faithful(&f);
}

static int32_t ATTRIB_CALL stop_at(const attrib_batch *b, void *user) {
  return b->row_ids[0] >= 1 + 2 * 100 ? 1 : record_batch(b, user);
}

/* Sizes that are not all in are NaN; those before have the value of a whole call. */
static void stopped(void **state) {
  (void)state;
  faithful f;
  double whole[COUNT(some_sizes)], values[COUNT(some_sizes)];
  open_case(&f, ATTRIB_F64);
  assert_int_equal(call_sensitivity_n(&f, NULL, whole), ATTRIB_OK);
  f.model.evaluate = stop_at;
  f.model.max_rows = 1;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_CANCELLED);
  assert_same_bits(values, whole, 2);
  assert_true(isnan(values[2]) && isnan(values[3]));
  assert_near(f.report.objective, (whole[0] + whole[1]) / 2, ROUND_OFF, 1);
  close_faithful(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_values),
      cmocka_unit_test(inputs_by_plain_loops),
      cmocka_unit_test(units_by_plain_loops),
      cmocka_unit_test(empty_groups),
      cmocka_unit_test(responses_by_plain_loops),
      cmocka_unit_test(default_sizes),
      cmocka_unit_test(linear_models),
      cmocka_unit_test(constants_have_no_correlation),
      cmocka_unit_test(sizes_by_themselves),
      cmocka_unit_test(the_same_subsets),
      cmocka_unit_test(memory_does_not_grow),
      cmocka_unit_test(saturated_probabilities),
      cmocka_unit_test(one_unit),
      cmocka_unit_test(stopped),
  };
  return cmocka_run_group_tests_name("sensitivity-n", tests, NULL, NULL);
}
