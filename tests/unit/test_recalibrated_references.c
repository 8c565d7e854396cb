/* Where references and points of recalibrated attributions come from: noise, blurred and training rows, fixed sets, one
 * row; alphas that are drawn; and that none of it takes memory. */
#include "recalibrated.h"
#include "statistics.h"

enum { SIDE = 4, N = SIDE * SIDE, MOST = 12 };

static const uint32_t modes[] = {ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_VALID_REF, ATTRIB_RECALIBRATE_VALID_IP};
static const analytic_fn waves = f_waves;

static void waves_gradient(const double *point, double *gradient, void *user) {
  (void)user;
  f_waves(point, N, gradient, NULL);
}

/* An input between 0 and 1, as pixels are. */
static void *make_input(uint32_t dtype) {
  double x[N];
  fill_random(17, x, N);
  for (int i = 0; i < N; i++) x[i] = (x[i] + 1) / 2;
  return as_row(dtype, x, N);
}

static void load(uint32_t dtype, const void *row, int64_t n, double *values) {
  for (int64_t i = 0; i < n; i++)
    values[i] = dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

/* A set, and the rows that it should consist of: every mode gives what these rows in memory give, and what the
 * definition makes of them. */
static void expect_rows(uint32_t dtype, const void *input, const attrib_baselines *set, const void *rows) {
  analytic a;
  attrib_model model = single_model(&a, &waves, dtype, N, NULL);
  double x[N], values[MOST * N];
  load(dtype, input, N, x);
  load(dtype, rows, set->count * N, values);
  const attrib_baselines in_memory = {
      .struct_size = sizeof in_memory, .count = set->count, .rows = rows, .weights = set->weights};
  const definition d = {.dtype = dtype,
                        .n = N,
                        .count = set->count,
                        .input = x,
                        .references = values,
                        .weights = set->weights,
                        .gradient = waves_gradient,
                        .rows = -1};
  for (int m = 0; m < 3; m++)
    for (uint32_t flags = 0; flags <= ATTRIB_RECALIBRATE_RANDOM_ALPHA; flags += ATTRIB_RECALIBRATE_RANDOM_ALPHA) {
      attrib_recalibration_options o = recalibration(modes[m], flags, flags == 0 ? ATTRIB_RULE_MIDPOINT : 0, 5);
      recalibrated one = recalibrate(&model, input, set, &o), other = recalibrate(&model, input, &in_memory, &o);
      recalibrated defined = by_definition(&d, &o);
      assert_recalibrated(one);
      assert_recalibrated(other);
      assert_same_recalibrated(one, defined, ROUND_OFF);
      assert_same_bits(one.phi, other.phi, N);
      assert_same_bits(one.positive, other.positive, N);
      assert_same_bits(one.negative, other.negative, N);
      assert_same_bits(one.share, other.share, N);
      free_recalibrated(&one);
      free_recalibrated(&other);
      free_recalibrated(&defined);
    }
}

/* Uniform noise, and gaussian noise around the input, clipped as published and truncated. */
static void noise(void **state) {
  (void)state;
  static const uint32_t kinds[] = {ATTRIB_NOISE_UNIFORM, ATTRIB_NOISE_GAUSSIAN_CLIPPED,
                                   ATTRIB_NOISE_GAUSSIAN_TRUNCATED};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int k = 0; k < 3; k++) {
      void *input = make_input(dtype);
      double nothing[MOST * N] = {0};
      char *rows = as_row(dtype, nothing, MOST * N);
      attrib_noise drawn = {.struct_size = sizeof drawn,
                            .dtype = dtype,
                            .kind = kinds[k],
                            .n_inputs = N,
                            .seed = 3,
                            .low = 0,
                            .high = 1,
                            .sigma = k == 0 ? 0 : 0.15,
                            .around = k == 0 ? NULL : input};
      const attrib_baselines set = {
          .struct_size = sizeof set, .count = 10, .fetch = attrib_noise_fetch, .fetch_user = &drawn};
      for (int64_t b = 0; b < 10; b++)
        assert_int_equal(attrib_noise_fetch(b, rows + (size_t)(b * N) * (dtype == ATTRIB_F32 ? 4 : 8), &drawn), 0);
      expect_rows(dtype, input, &set, rows);
      free(input);
      free(rows);
    }
}

static void blurred_and_fixed_rows(void **state) {
  (void)state;
  const attrib_image shape = {.struct_size = sizeof shape, .width = SIDE, .height = SIDE, .channels = 1};
  double *x = make_input(ATTRIB_F64), rows[6 * N];
  for (int b = 0; b < 3; b++)
    assert_int_equal(attrib_image_blur(NULL, ATTRIB_F64, &shape, x, 0.5 * (b + 1), rows + b * N), ATTRIB_OK);
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F64, N, 0, rows + 3 * N), ATTRIB_OK);
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F64, N, 1, rows + 4 * N), ATTRIB_OK);
  assert_int_equal(attrib_baseline_max_distance(NULL, ATTRIB_F64, N, x, 0, 1, rows + 5 * N), ATTRIB_OK);
  double *exact = exact_copy(rows, sizeof rows);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 6, .rows = exact};
  expect_rows(ATTRIB_F64, x, &set, rows);
  for (int b = 0; b < 6; b++) { /* each by itself: plain integrated gradients, recalibrated */
    attrib_baselines one = one_baseline(exact + b * N);
    expect_rows(ATTRIB_F64, x, &one, rows + b * N);
  }
  free(exact);
  free(x);
}

typedef struct table {
  const double *rows;
  int64_t fetched;
} table;

static int32_t ATTRIB_CALL fetch_training_row(int64_t index, void *row, void *user) {
  table *t = user;
  memcpy(row, t->rows + index * N, N * sizeof(double));
  t->fetched++;
  return 0;
}

/* Training rows, made on demand; and with weights, one of which is 0. */
static void training_rows(void **state) {
  (void)state;
  double *x = make_input(ATTRIB_F64), rows[MOST * N], weights[MOST];
  fill_random(99, rows, MOST * N);
  fill_random(98, weights, MOST);
  for (int b = 0; b < MOST; b++) weights[b] = b == 4 ? 0 : weights[b] + 1.25;
  table t = {.rows = rows};
  attrib_baselines set = {.struct_size = sizeof set, .count = MOST, .fetch = fetch_training_row, .fetch_user = &t};
  expect_rows(ATTRIB_F64, x, &set, rows);
  assert_int_equal(t.fetched, 6 * MOST); /* once for each reference and call */
  set.weights = weights;
  expect_rows(ATTRIB_F64, x, &set, rows);
  assert_int_equal(t.fetched, 6 * (MOST + MOST - 1));
  free(x);
}

/* -- alphas of their own ------------------------------------------------------------------------------------------ */

/* Alphas of a call, reference by reference, as its trace has them. */
static double *alphas_of(int64_t references, int64_t points, uint64_t seed, const double *weights) {
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  double *x = make_input(ATTRIB_F64), phi[N];
  double *zeros = calloc((size_t)(references * N), sizeof *zeros);
  double *alphas = exact_block((size_t)(references * points) * sizeof *alphas);
  attrib_trace_point *trace = exact_block((size_t)(references * points) * sizeof *trace);
  const attrib_baselines set = {.struct_size = sizeof set, .count = references, .rows = zeros, .weights = weights};
  attrib_recalibration_options o = recalibration(0, ATTRIB_RECALIBRATE_RANDOM_ALPHA, 0, points);
  attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = references * points};
  o.seed = seed;
  assert_int_equal(attrib_recalibrated_gradients(NULL, &model, x, 0, &set, &o, phi, &report), ATTRIB_OK);
  for (int64_t k = 0; k < references * points; k++) alphas[k] = (double)NAN;
  for (int64_t k = 0; k < report.trace_count; k++) alphas[trace[k].baseline * points + k % points] = trace[k].alpha;
  free(x);
  free(zeros);
  free(trace);
  return alphas;
}

static void alphas_depend_on_seed_reference_and_point_alone(void **state) {
  (void)state;
  const double weights[] = {1, 0, 3, 1};
  double *few = alphas_of(4, 3, 42, NULL), *many = alphas_of(9, 8, 42, NULL), *other = alphas_of(4, 3, 43, NULL);
  double *weighted = alphas_of(4, 3, 42, weights);
  for (int b = 0; b < 4; b++)
    for (int j = 0; j < 3; j++) {
      double alpha = few[b * 3 + j], drawn;
      assert_true(alpha > 0 && alpha < 1);
      assert_true(alpha == many[b * 8 + j]);
      assert_true(alpha != other[b * 3 + j]);
      assert_true(b == 1 ? isnan(weighted[b * 3 + j]) : alpha == weighted[b * 3 + j]);
      for (uint32_t stream = 0; stream < 20; stream++) { /* 7 is theirs for good */
        attrib__random_uniforms(42, stream, (uint64_t)b, j, 1, &drawn);
        assert_true((alpha == drawn) == (stream == 7));
      }
    }
  free(few);
  free(many);
  free(other);
  free(weighted);
}

/* Within a reference, across references, across seeds; and neighbours know nothing of one another. */
static void alphas_are_uniform(void **state) {
  (void)state;
  enum { REFERENCES = 150, POINTS = 60, COUNT_OF = REFERENCES * POINTS, CELLS = 8, SEEDS = 400 };
  double *alphas = alphas_of(REFERENCES, POINTS, 2024, NULL), seeds[SEEDS], across[REFERENCES];
  assert_true(kolmogorov(alphas, COUNT_OF, uniform_cdf) < KOLMOGOROV);
  for (int64_t b = 0; b < 5; b++) assert_true(kolmogorov(alphas + b * POINTS, POINTS, uniform_cdf) < KOLMOGOROV);
  for (int64_t j = 0; j < 5; j++) {
    for (int64_t b = 0; b < REFERENCES; b++) across[b] = alphas[b * POINTS + j];
    assert_true(kolmogorov(across, REFERENCES, uniform_cdf) < KOLMOGOROV);
  }
  for (int64_t step = 1; step <= POINTS; step += POINTS - 1) { /* the next point, the next reference */
    int64_t pairs[CELLS * CELLS] = {0}, count = 0;
    for (int64_t k = 0; k + step < COUNT_OF; k++, count++)
      pairs[(int64_t)(alphas[k] * CELLS) * CELLS + (int64_t)(alphas[k + step] * CELLS)]++;
    assert_true(chi_square(pairs, CELLS * CELLS, (double)count / (CELLS * CELLS)) <
                chi_square_bound(CELLS * CELLS - 1));
  }
  for (uint64_t s = 0; s < SEEDS; s++) {
    double *own = alphas_of(2, 2, s, NULL);
    seeds[s] = own[3];
    free(own);
  }
  assert_true(kolmogorov(seeds, SEEDS, uniform_cdf) < KOLMOGOROV);
  free(alphas);
}

/* Whatever the number of points, the mean over seeds is the integral, and its spread falls with them. */
static void drawn_alphas_are_unbiased(void **state) {
  (void)state;
  enum { SEEDS = 600, REFERENCES = 3 };
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  double *x = make_input(ATTRIB_F64), rows[REFERENCES * N], phi[N], *values[N], error[2] = {0};
  fill_random(4, rows, REFERENCES * N);
  const attrib_baselines set = {.struct_size = sizeof set, .count = REFERENCES, .rows = rows};
  const attrib_ig_options fine = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 40);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &fine, phi, NULL), ATTRIB_OK);
  for (int i = 0; i < N; i++) values[i] = exact_block(SEEDS * sizeof(double));
  for (int64_t points = 1; points <= 16; points += 15) {
    attrib_recalibration_options o =
        recalibration(ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_RANDOM_ALPHA, 0, points);
    for (o.seed = 0; o.seed < SEEDS; o.seed++) {
      recalibrated r = recalibrate(&model, x, &set, &o);
      assert_recalibrated(r);
      assert_int_equal(r.report.samples, REFERENCES * points);
      for (int i = 0; i < N; i++) values[i][o.seed] = r.phi[i];
      free_recalibrated(&r);
    }
    for (int i = 0; i < N; i++) {
      assert_unbiased(values[i], SEEDS, phi[i]);
      error[points > 1] += squares_of(values[i], SEEDS);
    }
  }
  assert_near(error[0] / error[1], 16, 0.15, 16); /* variances, from 600 draws of 16 features */
  for (int i = 0; i < N; i++) free(values[i]);
  free(x);
}

/* -- memory ------------------------------------------------------------------------------------------------------- */

enum { LENGTH = 320 }; /* vectors are whole multiples of what blocks are aligned to */

static int32_t ATTRIB_CALL fetch_anything(int64_t index, void *row, void *user) {
  (void)user;
  for (int64_t i = 0; i < LENGTH; i++) ((double *)row)[i] = (double)((index + i) % 7);
  return 0;
}

static int64_t peak_of(uint32_t mode, uint32_t flags, bool fetched, int64_t references, int64_t points) {
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, LENGTH, NULL);
  double *zeros = calloc((size_t)(references * LENGTH), sizeof *zeros), *x = exact_block(LENGTH * sizeof *x);
  fill_random(1, x, LENGTH);
  attrib_baselines set = {.struct_size = sizeof set, .count = references};
  if (fetched)
    set.fetch = fetch_anything;
  else
    set.rows = zeros;
  const attrib_recalibration_options o = recalibration(mode, flags, 0, points);
  model.max_rows = 4;
  recalibrated r = recalibrate(&model, x, &set, &o);
  assert_recalibrated(r);
  assert_int_equal(r.report.evaluations, references * points);
  int64_t peak = r.report.peak_bytes;
  free_recalibrated(&r);
  free(zeros);
  free(x);
  return peak;
}

/* And in vectors: four, one more for the reference under way, a cache where rows are fetched. */
static void memory_depends_on_neither_references_nor_points(void **state) {
  (void)state;
  const int64_t vector = LENGTH * sizeof(double);
  for (int m = 0; m < 3; m++)
    for (uint32_t flags = 0; flags < 16; flags += 4)
      for (int fetched = 0; fetched < 2; fetched++) {
        int64_t peak = peak_of(modes[m], flags, fetched, 3, 5);
        assert_int_equal(peak_of(modes[m], flags, fetched, 300, 5), peak);
        assert_int_equal(peak_of(modes[m], flags, fetched, 3, 500), peak);
      }
  const int64_t sums = peak_of(ATTRIB_RECALIBRATE_VANILLA, 0, false, 3, 5);
  const int64_t points = peak_of(ATTRIB_RECALIBRATE_VALID_IP, 0, false, 3, 5);
  const int64_t means = peak_of(ATTRIB_RECALIBRATE_VALID_REF, 0, false, 3, 5);
  assert_int_equal(points - sums, 3 * vector);
  assert_int_equal(means - points, vector);
  assert_int_equal(peak_of(ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_SQUARED, false, 3, 5) - sums, vector);
  assert_int_equal(peak_of(ATTRIB_RECALIBRATE_VALID_IP, 0, true, 3, 5) - points, 5 * vector); /* 4 rows of a batch */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(noise),
      cmocka_unit_test(blurred_and_fixed_rows),
      cmocka_unit_test(training_rows),
      cmocka_unit_test(alphas_depend_on_seed_reference_and_point_alone),
      cmocka_unit_test(alphas_are_uniform),
      cmocka_unit_test(drawn_alphas_are_unbiased),
      cmocka_unit_test(memory_depends_on_neither_references_nor_points),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
