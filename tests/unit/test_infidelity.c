/* test_infidelity.c - infidelity: exact values, plain loops over the points that the model saw, and what they are drawn
 * from. */
#include "faithful.h"
#include "statistics.h"

enum { MOST_ROWS = 21000 };

static double value_at(const faithful *f, const double *point) {
  return f->recorder.function(point, f->n, NULL, f->recorder.inner.parameters);
}

/* What a call came to, in plain loops: pairs, their weights, beta, mean and standard error. */
typedef struct pairs {
  int64_t count;
  double *said, *fell, *weights;
} pairs;

static pairs new_pairs(int64_t count) {
  return (pairs){count, untouched(count), untouched(count), untouched(count)};
}

static void free_pairs(pairs *p) {
  free(p->said);
  free(p->fell);
  free(p->weights);
}

static void expect_pairs(const faithful *f, const pairs *p, double value) {
  long double products = 0, squares = 0, mean = 0, spread = 0, scale = 0, total = 0;
  double beta = 1;
  for (int64_t k = 0; k < p->count; k++) {
    products += (long double)p->weights[k] * p->said[k] * p->fell[k];
    squares += (long double)p->weights[k] * p->said[k] * p->said[k];
    scale += (long double)p->weights[k] * p->fell[k] * p->fell[k];
    total += (long double)p->weights[k];
  }
  if (f->infidelity.flags & ATTRIB_INFIDELITY_SCALED) beta = squares == 0 ? 0 : (double)(products / squares);
  for (int64_t k = 0; k < p->count; k++) {
    const long double e = (long double)beta * p->said[k] - p->fell[k];
    mean += p->weights[k] / total * e * e;
  }
  for (int64_t k = 0; k < p->count; k++) {
    const long double e = (long double)beta * p->said[k] - p->fell[k];
    spread += (e * e - mean) * (e * e - mean);
  }
  const double n = (double)p->count, error = sqrt((double)spread / (n - 1) / n);
  assert_near(value, (double)mean, 256 * ROUND_OFF, (double)(mean + scale / total));
  assert_true(f->report.objective == value);
  assert_int_equal(f->report.samples, p->count);
  assert_int_equal(f->report.output_evaluations, p->count + 1);
  assert_int_equal(f->recorder.rows, p->count + 1);
  assert_int_equal(f->report.evaluations, 0);
  assert_true(f->report.output == value_at(f, f->values));
  assert_memory_equal(point_of(f, 0), f->values, (size_t)f->n * sizeof(double));
  if (f->infidelity.perturbation == ATTRIB_INFIDELITY_SQUARES && f->infidelity.samples == 0)
    assert_true(f->errors[0] == 0);
  else
    assert_near(f->errors[0], error, 256 * ROUND_OFF, error + (double)mean);
}

/* Local scores: I is what a point differs by. */
static void take_changes(const faithful *f, pairs *p) {
  for (int64_t k = 0; k < p->count; k++) {
    const double *point = point_of(f, 1 + k);
    p->weights[k] = 1;
    p->fell[k] = value_at(f, f->values) - value_at(f, point);
    p->said[k] = 0;
    for (int64_t i = 0; i < f->n; i++) p->said[k] += (f->values[i] - point[i]) * f->scores[i];
  }
}

/* f = x'Ax / 2 with its gradient, I of N(0, 1): (2 tr A^2 + (tr A)^2) / 4. */
static void exact_values(void **state) {
  (void)state;
  static const double matrix[] = {1, 0, 0, 2};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    faithful f;
    double value;
    open_faithful(&f, dtype, 2, f_quadratic, matrix, MOST_ROWS);
    f.scores[0] = f.values[0];
    f.scores[1] = 2 * f.values[1];
    f.infidelity.sigma = 1;
    f.infidelity.samples = 20000;
    assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
    assert_true(fabs(value - 4.75) <= MOST_SIGMAS * f.errors[0]);
    assert_true(f.errors[0] > .03 && f.errors[0] < .15);
    assert_true(f.report.sigma == 1 && f.report.samples == 20000);
    pairs p = new_pairs(20000);
    take_changes(&f, &p);
    expect_pairs(&f, &p, value);
    free_pairs(&p);
    close_faithful(&f);
  }
}

/* Noise is N(0, 1) about the input, or a baseline; the points are clipped. */
static void noise_by_plain_loops(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint32_t way = 0; way < 8; way++) {
      faithful f;
      double value;
      const bool noisy = (way & 1) != 0, scaled = (way & 2) != 0, clipped = (way & 4) != 0;
      open_faithful(&f, dtype, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
      f.infidelity.perturbation = noisy ? ATTRIB_INFIDELITY_NOISY : ATTRIB_INFIDELITY_GAUSSIAN;
      f.infidelity.flags = scaled ? ATTRIB_INFIDELITY_SCALED : 0;
      f.infidelity.seed = way;
      if (clipped) f.infidelity.low = -1, f.infidelity.high = 1;
      assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
      pairs p = new_pairs(1000);
      take_changes(&f, &p);
      expect_pairs(&f, &p, value);
      free_pairs(&p);
      const double *centre = noisy ? f.row_values : f.values;
      double *noise = untouched(1000 * f.n);
      for (int64_t k = 0; k < 1000 * f.n; k++) {
        const double at = point_of(&f, 1)[k];
        noise[k] = (at - centre[k % f.n]) / .2; /* the default sigma */
        if (clipped) assert_true(at >= -1 && at <= 1);
      }
      if (!clipped) assert_true(kolmogorov(noise, 1000 * f.n, normal_cdf) < KOLMOGOROV);
      assert_true(f.report.sigma == .2 && f.report.seed == way);
      free(noise);
      close_faithful(&f);
    }
}

/* Linear f and its weights, as local scores; with SCALED any multiple of them, and of its exact contributions. */
static void linear_models(void **state) {
  (void)state;
  double weights[FAITHFUL_N];
  fill_random(12, weights, FAITHFUL_N);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint32_t perturbation = 0; perturbation < 4; perturbation++)
      for (int way = 0; way < 4; way++) {
        faithful f;
        double value;
        const bool units = perturbation >= ATTRIB_INFIDELITY_SQUARES, local = !units || way % 2 == 0;
        const double factor = way < 2 ? 1 : -0x1p200;
        open_faithful(&f, dtype, FAITHFUL_N, f_linear, weights, MOST_ROWS);
        f.infidelity.perturbation = perturbation;
        if (way >= 2) f.infidelity.flags |= ATTRIB_INFIDELITY_SCALED;
        if (units && local) f.infidelity.flags |= ATTRIB_INFIDELITY_LOCAL;
        if (perturbation == ATTRIB_INFIDELITY_SQUARES) f.infidelity.shape = &faithful_shape;
        for (int64_t i = 0; i < f.n; i++)
          f.scores[i] = factor * weights[i] * (local ? 1 : f.values[i] - f.row_values[i]);
        assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
        assert_true(value <= ROUND_OFF * ROUND_OFF * 64);
        for (int64_t i = 0; i < f.n; i++) f.scores[i] = 0;
        assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK); /* beta of 0 / 0 is 0, too */
        assert_true(value > .001);
        close_faithful(&f);
      }
}

/* The baseline whose elements a point has where it is not the input; -1 = none of them. */
static int64_t baseline_of(const faithful *f, const double *point) {
  for (int64_t b = 0; b < f->baselines.count; b++) {
    bool fits = true, differs = false;
    for (int64_t i = 0; i < f->n; i++) {
      differs = differs || point[i] != f->values[i];
      fits = fits && (point[i] == f->values[i] || point[i] == f->row_values[b * f->n + i]);
    }
    if (fits && differs) return b;
  }
  return -1;
}

/* unit_scores of units whose inputs are the baseline's. */
static void take_units(const faithful *f, int64_t units, const int32_t *unit_of, const double *unit_scores, pairs *p) {
  for (int64_t k = 0; k < p->count; k++) {
    const double *point = point_of(f, 1 + k);
    p->weights[k] = 1;
    p->fell[k] = value_at(f, f->values) - value_at(f, point);
    p->said[k] = 0;
    for (int64_t u = 0; u < units; u++) {
      int64_t gone = 0, of = 0;
      for (int64_t i = 0; i < f->n; i++)
        if (unit_of[i] == u) gone += point[i] != f->values[i], of++;
      assert_true(gone == 0 || gone == of);
      if (gone > 0) p->said[k] += unit_scores[u];
    }
  }
}

static void subsets_by_plain_loops(void **state) {
  (void)state;
  int32_t inputs[FAITHFUL_N], pixels[FAITHFUL_N], groups[FAITHFUL_N];
  for (int i = 0; i < FAITHFUL_N; i++) inputs[i] = i, pixels[i] = i / 2, groups[i] = (i * 3 + i / 9) % 7;
  const int32_t *const tables[] = {inputs, pixels, groups};
  static const int64_t units[] = {FAITHFUL_N, 12, 7};
  for (int kind = 0; kind < 3; kind++)
    for (int way = 0; way < 5; way++) {
      faithful f;
      double value, sums[FAITHFUL_N] = {0};
      open_faithful(&f, way == 4 ? ATTRIB_F32 : ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
      attrib_infidelity_options *o = &f.infidelity;
      *o = (attrib_infidelity_options){.struct_size = sizeof *o,
                                       .perturbation = ATTRIB_INFIDELITY_SUBSETS,
                                       .fraction = way == 3 ? .2 : 0,
                                       .samples = 300};
      if (kind == 1) o->shape = &faithful_shape;
      if (kind == 2) o->groups = groups, o->n_groups = 7;
      if (way == 1) o->flags = ATTRIB_METRIC_UNIT_SCORES | ATTRIB_INFIDELITY_SCALED;
      if (way == 2) o->flags = ATTRIB_INFIDELITY_LOCAL;
      if (way >= 3) f.baselines.count = FAITHFUL_BASELINES, f.baselines.weights = f.weights;
      if (way == 4) fetch_baselines(&f);
      for (int64_t i = 0; i < f.n; i++) sums[tables[kind][i]] += f.scores[i];
      if (way == 1) memcpy(sums, f.scores, (size_t)units[kind] * sizeof *sums);
      assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
      pairs p = new_pairs(300);
      if (way == 2)
        take_changes(&f, &p);
      else
        take_units(&f, units[kind], tables[kind], sums, &p);
      expect_pairs(&f, &p, value);
      free_pairs(&p);
      double replaced = 0, q = way == 3 ? .2 : .5, n = 300.0 * FAITHFUL_N;
      int64_t used[FAITHFUL_BASELINES] = {0}, changed = 0;
      for (int64_t k = 1; k <= 300; k++) {
        const int64_t b = baseline_of(&f, point_of(&f, k));
        for (int64_t i = 0; i < f.n; i++) replaced += point_of(&f, k)[i] != f.values[i];
        if (b >= 0) used[b]++, changed++;
      }
      /* units of several inputs come and go together */
      const double together = (double)FAITHFUL_N / (double)units[kind];
      assert_true(fabs(replaced - n * q) <= MOST_SIGMAS * sqrt(n * q * (1 - q) * 2 * together));
      if (way >= 3) {
        assert_int_equal(used[1], 0);
        assert_true(fabs((double)used[0] - (double)changed * 2 / 3) <= MOST_SIGMAS * sqrt((double)changed * 2 / 9));
      }
      assert_true(isnan(f.report.sigma));
      close_faithful(&f);
    }
}

/* All squares by baseline, side, row and column: each the point that the header says. */
static void all_squares(void **state) {
  (void)state;
  int32_t pixels[FAITHFUL_N];
  for (int i = 0; i < FAITHFUL_N; i++) pixels[i] = i / 2;
  for (uint32_t largest = 0; largest <= 3; largest++)
    for (int way = 0; way < 6; way++) {
      faithful f;
      double value, sums[FAITHFUL_N] = {0};
      const uint32_t flags[] = {
          0, ATTRIB_INFIDELITY_SCALED, ATTRIB_INFIDELITY_LOCAL, ATTRIB_METRIC_UNIT_SCORES, ATTRIB_INFIDELITY_SCALED, 0};
      open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
      f.infidelity = (attrib_infidelity_options){.struct_size = sizeof f.infidelity,
                                                 .flags = flags[way],
                                                 .perturbation = ATTRIB_INFIDELITY_SQUARES,
                                                 .largest_side = largest,
                                                 .shape = &faithful_shape};
      if (way >= 4) f.baselines.count = FAITHFUL_BASELINES, f.baselines.weights = f.weights;
      if (way == 5) fetch_baselines(&f);
      for (int64_t i = 0; i < f.n; i++) sums[pixels[i]] += f.scores[i];
      if (way == 3) memcpy(sums, f.scores, 12 * sizeof *sums);
      assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
      const int64_t each = largest == 1 ? 12 : largest == 2 ? 18 : 20; /* of sides 1, 2, 3: 12, 6, 2 */
      pairs p = new_pairs(way >= 4 ? 2 * each : each);
      if (way == 2)
        take_changes(&f, &p);
      else
        take_units(&f, 12, pixels, sums, &p);
      for (int64_t k = 0; k < p.count; k++) p.weights[k] = way >= 4 ? k < each ? 2 : 1 : 1;
      expect_pairs(&f, &p, value);
      int64_t row = 1;
      for (int64_t b = 0; b < (way >= 4 ? 3 : 1); b += 2)
        for (int64_t side = 1; side <= (largest == 0 ? 3 : largest); side++)
          for (int64_t top = 0; top + side <= 3; top++)
            for (int64_t left = 0; left + side <= 4; left++, row++)
              for (int64_t i = 0; i < FAITHFUL_N; i++) {
                const int64_t x = i / 2 % 4, y = i / 8;
                const bool in = x >= left && x < left + side && y >= top && y < top + side;
                assert_true(point_of(&f, row)[i] == (in ? f.row_values[b * f.n + i] : f.values[i]));
              }
      assert_int_equal(row, 1 + p.count);
      free_pairs(&p);
      close_faithful(&f);
    }
}

/* Random squares: every one of them as often as another. */
static void random_squares(void **state) {
  (void)state;
  enum { DRAWS = 8000, SQUARES = 20 };
  int32_t pixels[FAITHFUL_N];
  for (int i = 0; i < FAITHFUL_N; i++) pixels[i] = i / 2;
  faithful f;
  double value, all, sums[FAITHFUL_N] = {0};
  int64_t counts[SQUARES] = {0};
  open_faithful(&f, ATTRIB_F32, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f.infidelity = (attrib_infidelity_options){
      .struct_size = sizeof f.infidelity, .perturbation = ATTRIB_INFIDELITY_SQUARES, .shape = &faithful_shape};
  assert_int_equal(call_infidelity(&f, NULL, &all), ATTRIB_OK);
  double *known = exact_copy(point_of(&f, 1), SQUARES * FAITHFUL_N * sizeof(double));
  f.infidelity.samples = DRAWS;
  for (int64_t i = 0; i < f.n; i++) sums[pixels[i]] += f.scores[i];
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  pairs p = new_pairs(DRAWS);
  take_units(&f, 12, pixels, sums, &p);
  expect_pairs(&f, &p, value);
  free_pairs(&p);
  for (int64_t k = 1; k <= DRAWS; k++) {
    int64_t s = 0;
    while (s < SQUARES && memcmp(known + s * f.n, point_of(&f, k), FAITHFUL_N * sizeof(double)) != 0) s++;
    assert_true(s < SQUARES);
    counts[s]++;
  }
  assert_true(chi_square(counts, SQUARES, (double)DRAWS / SQUARES) < chi_square_bound(SQUARES - 1));
  assert_true(fabs(value - all) <= MOST_SIGMAS * f.errors[0]);
  free(known);
  close_faithful(&f);
}

/* Maps of one input are compared on the same points, with and without SCALED. */
static void the_same_draws_for_all_scores(void **state) {
  (void)state;
  faithful f;
  double value;
  open_faithful(&f, ATTRIB_F32, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f.infidelity.samples = 30;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  double *first = exact_copy(point_of(&f, 0), 31 * FAITHFUL_N * sizeof(double));
  fill_random(1234, f.scores, f.n);
  f.infidelity.flags = ATTRIB_INFIDELITY_SCALED;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  assert_memory_equal(first, point_of(&f, 0), 31 * FAITHFUL_N * sizeof(double));
  f.infidelity.seed = 1;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  assert_true(memcmp(first, point_of(&f, 0), 31 * FAITHFUL_N * sizeof(double)) != 0);
  free(first);
  close_faithful(&f);
}

/* Two numbers for each draw, whatever the number of baselines. */
static void memory_grows_by_two_numbers(void **state) {
  (void)state;
  faithful f;
  double value;
  int64_t bytes[3];
  for (int way = 0; way < 3; way++) {
    attrib_context *context = new_context(1, 0);
    open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
    fetch_baselines(&f);
    f.infidelity.perturbation = ATTRIB_INFIDELITY_SUBSETS;
    f.infidelity.samples = way == 0 ? 640 : 6400;
    f.model.max_rows = 8;
    if (way == 2) f.baselines.count = FAITHFUL_BASELINES;
    assert_int_equal(call_infidelity(&f, context, &value), ATTRIB_OK);
    bytes[way] = f.report.peak_bytes;
    close_faithful(&f);
    attrib_context_destroy(context);
  }
  assert_int_equal(bytes[1] - bytes[0], 16 * (6400 - 640));
  assert_int_equal(bytes[2], bytes[1]);
}

static const analytic_fn classes[] = {f_waves, f_cube};

static void probabilities(void **state) {
  (void)state;
  faithful f;
  double value, sum = 0;
  open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f.recorder.inner.functions = classes;
  f.recorder.inner.n_outputs = f.model.n_outputs = 2;
  f.infidelity.flags = ATTRIB_METRIC_SOFTMAX;
  f.infidelity.samples = 40;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  for (int64_t k = 1; k <= 40; k++) {
    const double *y = point_of(&f, k);
    double said = 0;
    for (int64_t i = 0; i < f.n; i++) said += (f.values[i] - y[i]) * f.scores[i];
    const double here = 1 / (1 + exp(f_cube(f.values, f.n, NULL, NULL) - f_waves(f.values, f.n, NULL, NULL)));
    const double there = 1 / (1 + exp(f_cube(y, f.n, NULL, NULL) - f_waves(y, f.n, NULL, NULL)));
    sum += (said - here + there) * (said - here + there) / 40;
  }
  assert_near(value, sum, 64 * ROUND_OFF, sum);
  close_faithful(&f);
}

static int32_t ATTRIB_CALL stop_at_21(const attrib_batch *b, void *user) {
  return b->row_ids[0] >= 21 ? 1 : record_batch(b, user);
}

/* The mean over the draws so far; of all squares nothing. */
static void stopped(void **state) {
  (void)state;
  faithful f;
  double few, value;
  open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f.infidelity.samples = 20;
  assert_int_equal(call_infidelity(&f, NULL, &few), ATTRIB_OK);
  const double error = f.errors[0];
  f.model.evaluate = stop_at_21;
  f.model.max_rows = 1;
  f.infidelity.samples = 500;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_CANCELLED);
  assert_true(value == few && f.errors[0] == error);
  assert_int_equal(f.report.samples, 20);
  f.infidelity.samples = 1;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
  assert_true(isfinite(value) && isnan(f.errors[0]));
  f.infidelity.samples = 0;
  f.infidelity.perturbation = ATTRIB_INFIDELITY_SQUARES;
  f.infidelity.shape = &faithful_shape;
  f.baselines.count = 2;
  assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_CANCELLED);
  assert_true(isnan(value) && isnan(f.errors[0]) && isnan(f.report.objective));
  close_faithful(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_values),
      cmocka_unit_test(noise_by_plain_loops),
      cmocka_unit_test(linear_models),
      cmocka_unit_test(subsets_by_plain_loops),
      cmocka_unit_test(all_squares),
      cmocka_unit_test(random_squares),
      cmocka_unit_test(the_same_draws_for_all_scores),
      cmocka_unit_test(memory_grows_by_two_numbers),
      cmocka_unit_test(probabilities),
      cmocka_unit_test(stopped),
  };
  return cmocka_run_group_tests_name("infidelity", tests, NULL, NULL);
}
