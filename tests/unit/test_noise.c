/* test_noise.c - random reference rows: distribution, addressing, range, checks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/baselines.h>

#include "baselines/noise.h"
#include "context/context.h"
#include "random/philox.h"

static attrib_noise make_noise(uint32_t dtype, uint32_t kind, int64_t n, double sigma, const void *around) {
  attrib_noise noise;
  memset(&noise, 0, sizeof noise);
  noise.struct_size = sizeof noise;
  noise.dtype = dtype;
  noise.kind = kind;
  noise.n_inputs = n;
  noise.seed = UINT64_C(0x5eed5eed5eed);
  noise.low = -1;
  noise.high = 1;
  noise.sigma = sigma;
  noise.around = around;
  return noise;
}

enum { COLUMNS = 1000, ROWS = 300, DRAWS = COLUMNS * ROWS };

/* COLUMNS x ROWS draws around a constant centre; caller frees. */
static double *draws(uint32_t kind, double centre, double sigma) {
  double *around = malloc(COLUMNS * sizeof *around), *drawn = malloc(DRAWS * sizeof *drawn);
  for (int i = 0; i < COLUMNS; i++) around[i] = centre;
  attrib_noise noise = make_noise(ATTRIB_F64, kind, COLUMNS, sigma, kind == ATTRIB_NOISE_UNIFORM ? NULL : around);
  for (int k = 0; k < ROWS; k++) assert_int_equal(attrib_noise_fetch(k, drawn + k * COLUMNS, &noise), 0);
  free(around);
  return drawn;
}

/* Mean and variance of 3e5 draws within 5 standard errors, estimated from the draws: sd / sqrt(n) for the mean,
 * sqrt((m4 - var^2) / n) for the variance. A right generator with another seed fails once in 1.7 million. */
static void assert_moments(uint32_t kind, double centre, double sigma, double mean, double variance) {
  double *drawn = draws(kind, centre, sigma), m1 = 0, m2 = 0, m4 = 0;
  for (int i = 0; i < DRAWS; i++) m1 += drawn[i] / DRAWS;
  for (int i = 0; i < DRAWS; i++) {
    double square = (drawn[i] - m1) * (drawn[i] - m1);
    m2 += square / DRAWS;
    m4 += square * square / DRAWS;
  }
  free(drawn);
  if (!(fabs(m1 - mean) < 5 * sqrt(m2 / DRAWS))) fail_msg("mean %g, expected %g", m1, mean);
  if (!(fabs(m2 - variance) < 5 * sqrt((m4 - m2 * m2) / DRAWS))) fail_msg("variance %g, expected %g", m2, variance);
}

/* Closed forms for the normal distribution on [-1, 1], sigma 1. */
static void moments_are_the_exact_ones(void **state) {
  (void)state;
  assert_moments(ATTRIB_NOISE_UNIFORM, 0, 0, 0, 1.0 / 3);
  assert_moments(ATTRIB_NOISE_GAUSSIAN_CLIPPED, 0, 1, 0, .5160585510);
  assert_moments(ATTRIB_NOISE_GAUSSIAN_CLIPPED, .5, 1, .3315102364, .4534079902);
  assert_moments(ATTRIB_NOISE_GAUSSIAN_TRUNCATED, 0, 1, 0, .2911250948);
  assert_moments(ATTRIB_NOISE_GAUSSIAN_TRUNCATED, .5, 1, .1437271158, .2802481502);
}

static void wide_gaussians_part_ways(void **state) {
  (void)state;
  const double sigmas[] = {1e3, 1e7, 1e20};
  for (int k = 0; k < 3; k++) assert_moments(ATTRIB_NOISE_GAUSSIAN_TRUNCATED, .5, sigmas[k], 0, 1.0 / 3);
  /* All but 1e-7 of the draws sit on a bound. */
  double *drawn = draws(ATTRIB_NOISE_GAUSSIAN_CLIPPED, .5, 1e7), sum = 0;
  for (int i = 0; i < DRAWS; i++) {
    assert_true(fabs(drawn[i]) == 1);
    sum += drawn[i];
  }
  assert_true(fabs(sum) < 5 * sqrt(DRAWS));
  free(drawn);
}

static void without_sigma_a_row_is_its_clamped_centre(void **state) {
  (void)state;
  const double around[4] = {-3, -0.25, 1, 8}, expected[4] = {-1, -0.25, 1, 1};
  for (uint32_t kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED; kind <= ATTRIB_NOISE_GAUSSIAN_TRUNCATED; kind++) {
    attrib_noise noise = make_noise(ATTRIB_F64, kind, 4, 0, around);
    double row[4];
    assert_int_equal(attrib_noise_fetch(3, row, &noise), 0);
    assert_memory_equal(row, expected, sizeof row);
  }
}

/* Element i of row `index` for (seed, index, i), whatever else is drawn, in exact-size rows around the block of 512. */
static void elements_depend_on_seed_index_and_place_alone(void **state) {
  (void)state;
  double longest[1500], uniforms[1500];
  attrib_noise noise = make_noise(ATTRIB_F64, ATTRIB_NOISE_UNIFORM, 1500, 0, NULL);
  assert_int_equal(attrib_noise_fetch(77, longest, &noise), 0);
  attrib__random_uniforms(noise.seed, ATTRIB__STREAM_BASELINE_NOISE, 77, 0, 1500, uniforms);
  for (int i = 0; i < 1500; i++) assert_true(fabs(longest[i] - (2 * uniforms[i] - 1)) <= DBL_EPSILON);
  const int64_t sizes[] = {1, 511, 512, 513, 1025};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    size_t bytes = (size_t)sizes[k] * sizeof(double);
    double *row = malloc(bytes), *other = malloc(bytes);
    noise.n_inputs = sizes[k];
    assert_int_equal(attrib_noise_fetch(12, other, &noise), 0);
    assert_int_equal(attrib_noise_fetch(77, row, &noise), 0);
    assert_memory_equal(row, longest, bytes);
    assert_true(row[0] != other[0]);
    noise.seed++;
    assert_int_equal(attrib_noise_fetch(77, other, &noise), 0);
    assert_true(row[0] != other[0]);
    noise.seed--;
    free(row);
    free(other);
  }
}

/* 0.3 as a float is above 0.3 and -0.3 below: rounding to nearest would leave the range. */
static void rows_never_leave_a_range_that_floats_cannot_hold(void **state) {
  (void)state;
  enum { N = 600 };
  float around[N], row[N];
  for (int i = 0; i < N; i++) around[i] = 0.01f * (float)(i % 100) - 0.5f;
  assert_true((double)0.3f > 0.3);
  for (uint32_t kind = ATTRIB_NOISE_UNIFORM; kind <= ATTRIB_NOISE_GAUSSIAN_TRUNCATED; kind++) {
    bool uniform = kind == ATTRIB_NOISE_UNIFORM, low_met = false, high_met = false;
    attrib_noise noise = make_noise(ATTRIB_F32, kind, N, uniform ? 0 : 0.05, uniform ? NULL : around);
    noise.low = -0.3;
    noise.high = 0.3;
    for (int64_t index = 0; index < 50; index++) {
      assert_int_equal(attrib_noise_fetch(index, row, &noise), 0);
      for (int i = 0; i < N; i++) {
        assert_true((double)row[i] >= -0.3 && (double)row[i] <= 0.3);
        low_met = low_met || row[i] == -nextafterf(0.3f, 0);
        high_met = high_met || row[i] == nextafterf(0.3f, 0);
      }
    }
    if (kind == ATTRIB_NOISE_GAUSSIAN_CLIPPED) assert_true(low_met && high_met);
  }
  /* One float in the range, and a range as wide as the type. */
  attrib_noise noise = make_noise(ATTRIB_F32, ATTRIB_NOISE_UNIFORM, 2, 0, NULL);
  noise.low = 1 - 1e-12;
  noise.high = 1 + 1e-12;
  assert_int_equal(attrib_noise_fetch(0, row, &noise), 0);
  assert_true(row[0] == 1 && row[1] == 1);
  noise.low = -FLT_MAX;
  noise.high = FLT_MAX;
  assert_int_equal(attrib_noise_fetch(0, row, &noise), 0);
  assert_true(isfinite(row[0]) && isfinite(row[1]));
  double wide[2];
  noise.dtype = ATTRIB_F64;
  noise.low = -DBL_MAX;
  noise.high = DBL_MAX;
  assert_int_equal(attrib_noise_fetch(0, wide, &noise), 0);
  for (int i = 0; i < 2; i++) assert_true(fabs(wide[i]) > 1e300 && fabs(wide[i]) < DBL_MAX);
}

static attrib_context *create_context(void) {
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  return context;
}

/* Refused by both, with the field in the message, and the row left alone. */
static void assert_refused(attrib_context *context, attrib_noise *noise, attrib_status status, const char *message) {
  double row[3] = {5, 6, 7};
  assert_int_equal(attrib_noise_check(context, noise), status);
  if (strstr(attrib_context_error(context), message) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", attrib_context_error(context), message);
  assert_int_equal(attrib_noise_fetch(0, row, noise), status);
  assert_true(row[0] == 5 && row[1] == 6 && row[2] == 7);
}

#define REFUSED(change, message)                                 \
  do {                                                           \
    attrib_noise wrong = gaussian;                               \
    change;                                                      \
    assert_refused(context, &wrong, ATTRIB_E_ARGUMENT, message); \
  } while (0)

static void wrong_fields_are_named(void **state) {
  (void)state;
  attrib_context *context = create_context();
  const float around[3] = {0, 0, 0}, holes[3] = {0, 0, NAN};
  attrib_noise gaussian = make_noise(ATTRIB_F32, ATTRIB_NOISE_GAUSSIAN_CLIPPED, 3, 1, around);
  assert_int_equal(attrib_noise_check(context, &gaussian), ATTRIB_OK);
  assert_string_equal(attrib_context_error(context), "");
  assert_refused(context, NULL, ATTRIB_E_ARGUMENT, "noise is NULL");
  attrib_noise newer = gaussian; /* what a later version may give a meaning */
  newer.flags = 2;
  assert_refused(context, &newer, ATTRIB_E_UNSUPPORTED, "noise->flags = 0x2");
  newer = gaussian;
  newer.reserved = around;
  assert_refused(context, &newer, ATTRIB_E_UNSUPPORTED, "noise->reserved");
  REFUSED(wrong.dtype = 0, "noise->dtype = 0");
  REFUSED(wrong.kind = 0, "noise->kind = 0");
  REFUSED(wrong.kind = 4, "noise->kind = 4");
  REFUSED(wrong.n_inputs = 0, "noise->n_inputs = 0");
  REFUSED(wrong.n_inputs = -1, "noise->n_inputs = -1");
  REFUSED(wrong.n_inputs = (INT64_C(1) << 33) + 1, "noise->n_inputs = 8589934593");
  REFUSED(wrong.low = NAN, "noise->low = ");
  REFUSED(wrong.low = -INFINITY, "noise->low = -inf");
  REFUSED(wrong.high = INFINITY, "noise->high = inf");
  REFUSED(wrong.low = 1, "noise->low = 1: must be below noise->high = 1");
  REFUSED(wrong.low = -4e38, "noise->low = -4e+38");
  REFUSED(wrong.high = 4e38, "noise->high = 4e+38");
  REFUSED((wrong.low = 0.1 + 1e-12, wrong.high = 0.1 + 1e-11), "noise->low = 0.10000000000");
  REFUSED(wrong.sigma = -1, "noise->sigma = -1");
  REFUSED(wrong.sigma = NAN, "noise->sigma = ");
  REFUSED(wrong.sigma = INFINITY, "noise->sigma = inf");
  REFUSED(wrong.around = NULL, "noise->around is NULL");
  REFUSED(wrong.around = holes, "noise->around[2] = ");
  REFUSED((wrong.kind = ATTRIB_NOISE_GAUSSIAN_TRUNCATED, wrong.around = NULL), "noise->around is NULL");
  REFUSED(wrong.kind = ATTRIB_NOISE_UNIFORM, "noise->sigma = 1: must be 0");
  REFUSED((wrong.kind = ATTRIB_NOISE_UNIFORM, wrong.sigma = 0), "noise->around: must be NULL");
  attrib_context_destroy(context);
}

static void fetch_refuses_a_wrong_index_or_row(void **state) {
  (void)state;
  attrib_noise noise = make_noise(ATTRIB_F64, ATTRIB_NOISE_UNIFORM, 1, 0, NULL);
  double row = 5;
  assert_int_equal(attrib_noise_fetch(-1, &row, &noise), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_noise_fetch(0, NULL, &noise), ATTRIB_E_ARGUMENT);
  assert_true(row == 5);
  assert_int_equal(attrib_noise_fetch(INT64_MAX, &row, &noise), 0);
  assert_true(row != 5);
}

static void struct_sizes_are_read_as_promised(void **state) {
  (void)state;
  attrib_context *context = create_context();
  const size_t size = sizeof(attrib_noise);
  attrib_noise noise = make_noise(ATTRIB_F64, ATTRIB_NOISE_UNIFORM, 3, 0, NULL);
  attrib_noise *exact = malloc(size);
  memcpy(exact, &noise, size);
  assert_int_equal(attrib_noise_check(context, exact), ATTRIB_OK);
  exact->struct_size = (uint32_t)size - 8;
  assert_refused(context, exact, ATTRIB_E_STRUCT, "noise->struct_size");
  exact->struct_size = 0;
  assert_refused(context, exact, ATTRIB_E_STRUCT, "noise->struct_size = 0");
  free(exact);
  attrib_noise *later = calloc(1, size + 8);
  noise.struct_size = (uint32_t)size + 8;
  memcpy(later, &noise, size);
  assert_int_equal(attrib_noise_check(context, later), ATTRIB_OK);
  ((unsigned char *)later)[size + 3] = 1;
  assert_refused(context, later, ATTRIB_E_UNSUPPORTED, "noise->struct_size");
  free(later);
  attrib_context_destroy(context);
}

static void the_door_compares_with_the_model(void **state) {
  (void)state;
  attrib_context *context = create_context();
  attrib_noise noise = make_noise(ATTRIB_F64, ATTRIB_NOISE_UNIFORM, 5, 0, NULL);
  assert_int_equal(attrib__noise_check(context, &noise, ATTRIB_F64, 5), ATTRIB_OK);
  assert_int_equal(attrib__noise_check(context, &noise, ATTRIB_F64, 3), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "noise->n_inputs = 5: the model has 3"));
  assert_int_equal(attrib__noise_check(context, &noise, ATTRIB_F32, 5), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "noise->dtype = 2: the model's is 1"));
  noise.kind = 8;
  assert_int_equal(attrib__noise_check(context, &noise, ATTRIB_F64, 5), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "noise->kind = 8"));
  assert_int_equal(attrib__noise_check(NULL, &noise, ATTRIB_F64, 5), ATTRIB_E_ARGUMENT);
  attrib_context_destroy(context);
}

static void a_context_in_use_is_refused(void **state) {
  (void)state;
  attrib_context *context, local, *inside;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  assert_int_equal(attrib__begin(context, &local, &inside), ATTRIB_OK);
  attrib_noise noise = make_noise(ATTRIB_F64, ATTRIB_NOISE_UNIFORM, 1, 0, NULL);
  assert_int_equal(attrib_noise_check(context, &noise), ATTRIB_E_BUSY);
  attrib__end(inside, &local);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_the_exact_ones),
      cmocka_unit_test(wide_gaussians_part_ways),
      cmocka_unit_test(without_sigma_a_row_is_its_clamped_centre),
      cmocka_unit_test(elements_depend_on_seed_index_and_place_alone),
      cmocka_unit_test(rows_never_leave_a_range_that_floats_cannot_hold),
      cmocka_unit_test(wrong_fields_are_named),
      cmocka_unit_test(fetch_refuses_a_wrong_index_or_row),
      cmocka_unit_test(struct_sizes_are_read_as_promised),
      cmocka_unit_test(the_door_compares_with_the_model),
      cmocka_unit_test(a_context_in_use_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
