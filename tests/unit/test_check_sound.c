/* test_check_sound.c - no false alarm: models that are right, however kinked, large, small, flat or coarse they are. */
#include "check_models.h"

#include "analytic.h"

/* An analytic, which knows rows in the engine's numbering alone. */
static int32_t ATTRIB_CALL evaluate_analytic(const attrib_batch *b, void *user) {
  int64_t ids[8];
  attrib_batch same = *b;
  for (int64_t r = 0; r < b->rows; r++) ids[r] = r;
  same.row_ids = ids;
  return analytic_evaluate(&same, user);
}

static attrib_model right_model(analytic *a) {
  attrib_model model = analytic_model(a);
  model.evaluate = evaluate_analytic;
  return model;
}

static void check_rows(attrib_context *context, const attrib_model *model, const double *x, const double *b,
                       checked *found) {
  void *input = as_row(model->dtype, x, model->n_inputs), *baseline = as_row(model->dtype, b, model->n_inputs);
  check_model(context, model, input, 0, baseline, NULL, found);
  free(input);
  free(baseline);
}

/* -- closed forms ------------------------------------------------------------------------------------------------- */

static void closed_forms(void **state) {
  (void)state;
  static const analytic_fn functions[][2] = {{f_product, f_waves},    {f_chain, f_product}, {f_max, f_product},
                                             {f_saturating, f_waves}, {f_relu_a, f_waves},  {f_relu_b, f_cube},
                                             {f_cube, f_max},         {f_waves, f_chain}};
  attrib_context *context = new_context(2, 0);
  int judged = 0;
  for (int k = 0; k < COUNT(functions); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
      for (uint64_t seed = 0; seed < 30; seed++) {
        analytic a = {.functions = functions[k], .n_outputs = 2, .n_inputs = 3, .dtype = dtype};
        const attrib_model model = right_model(&a);
        double x[3], b[3];
        checked found;
        fill_random(7 * seed + 1, x, 3);
        fill_random(11 * seed + 2, b, 3);
        for (int i = 0; i < 3; i++) x[i] *= 3;
        check_rows(context, &model, x, b, &found);
        assert_failed(&found, 0);
        assert_int_equal(a.rows, found.report.evaluations + found.report.output_evaluations);
        assert_true(a.rows <= 40);
        assert_int_equal(found.findings[ATTRIB_CHECK_WORKERS - 1].verdict, ATTRIB_CHECK_PASSED);
        judged += found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict == ATTRIB_CHECK_PASSED;
      }
  assert_true(judged > 8 * 2 * 30 * 3 / 4); /* others are flat between input and baseline */
  attrib_context_destroy(context);
}

/* -- kinks -------------------------------------------------------------------------------------------------------- */

/* A sum of sizes |x_i - c_ij|, with `count` kinks for each input, amplitude falling or not. */
typedef struct kinked {
  int64_t count;
  double scale, offset;
} kinked;

static double f_kinked(const double *x, int64_t n, double *g, const void *parameters) {
  const kinked *k = parameters;
  double f = k->offset;
  for (int64_t i = 0; i < n; i++) {
    if (g != NULL) g[i] = 0;
    for (int64_t j = 0; j < k->count; j++) {
      const double from = x[i] - fmod(0.618033988749895 * (double)(j + 1) + 0.37 * (double)i, 1);
      const double weight = k->scale * sin(2.1 * (double)j + (double)i);
      f += weight * fabs(from);
      if (g != NULL) g[i] += weight * (from > 0 ? 1 : from < 0 ? -1 : 0);
    }
  }
  return f;
}

static void kinks_everywhere(void **state) {
  (void)state;
  static const analytic_fn function[] = {f_kinked};
  static const int64_t counts[] = {1, 10, 100, 1000};
  enum { N = 24 };
  attrib_context *context = new_context(1, 0);
  int judged = 0, calls = 0, apart = 0;
  for (int k = 0; k < COUNT(counts); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
      for (uint64_t seed = 0; seed < 40; seed++) {
        const kinked shape = {.count = counts[k], .scale = 1, .offset = seed % 4 == 0 ? 100 : 0};
        analytic a = {.functions = function, .n_outputs = 1, .n_inputs = N, .parameters = &shape, .dtype = dtype};
        const attrib_model model = right_model(&a);
        double x[N], b[N] = {0};
        checked found;
        fill_random(seed + 1, x, N);
        for (int i = 0; i < N; i++) x[i] = 0.5 + 0.5 * x[i];
        check_rows(context, &model, x, b, &found);
        assert_failed(&found, 0);
        judged += found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict == ATTRIB_CHECK_PASSED;
        calls++;
        const char *sentence = sentence_of(&found, ATTRIB_CHECK_GRADIENT), *within = strstr(sentence, "within ");
        if (within == NULL) continue;
        assert_int_equal(strtod(within + 7, NULL) > 0.05, strstr(sentence, "as kinks and noise allow") != NULL);
        apart += strstr(sentence, "as kinks and noise allow") != NULL;
      }
  assert_true(judged >= calls * 9 / 10 && apart > 0);
  attrib_context_destroy(context);
}

/* -- magnitudes --------------------------------------------------------------------------------------------------- */

static void tiny_and_huge(void **state) {
  (void)state;
  static const double amplitudes[] = {1e-30, 1e-12, 1e12, 1e30};
  double x[NET_INPUTS], b[NET_INPUTS] = {0};
  checked found;
  fill_random(3, x, NET_INPUTS);
  for (int k = 0; k < COUNT(amplitudes); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      faulty m = {.amplitude = amplitudes[k]};
      attrib_model model = faulty_model(&m, dtype);
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, 0);
      assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict, ATTRIB_CHECK_PASSED);
      m.fault = FAULT_SIGN; /* and the test still tests */
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, BIT(GRADIENT));
    }
}

/* Doubles near the end of their range, whose squares overflow. */
static void enormous(void **state) {
  (void)state;
  static const double amplitudes[] = {1e-290, 1e290};
  double x[NET_INPUTS], b[NET_INPUTS] = {0};
  checked found;
  fill_random(3, x, NET_INPUTS);
  for (int k = 0; k < COUNT(amplitudes); k++) {
    faulty m = {.amplitude = amplitudes[k]};
    const attrib_model model = faulty_model(&m, ATTRIB_F64);
    check_rows(NULL, &model, x, b, &found);
    assert_failed(&found, 0);
    assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict, ATTRIB_CHECK_PASSED);
  }
}

static double f_constant(const double *x, int64_t n, double *g, const void *parameters) {
  (void)x;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return *(const double *)parameters;
}

static void constants(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_constant, f_constant};
  static const double values[] = {0, 1, -7.3, 1e30, 1e-30};
  for (int k = 0; k < COUNT(values); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      analytic a = {.functions = functions, .n_outputs = 2, .n_inputs = 4, .parameters = &values[k], .dtype = dtype};
      const attrib_model model = right_model(&a);
      const double x[4] = {1, 2, 3, 4}, b[4] = {0};
      checked found;
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, 0);
      assert_names(sentence_of(&found, ATTRIB_CHECK_TARGET), "nothing tells one from the other");
      assert_names(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "nothing to compare");
      assert_names(sentence_of(&found, ATTRIB_CHECK_ZERO), "f is constant");
    }
}

static void one_input(void **state) {
  (void)state;
  static const analytic_fn cube[] = {f_cube};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a = {.functions = cube, .n_outputs = 1, .n_inputs = 1, .dtype = dtype};
    const attrib_model model = right_model(&a);
    const double x[1] = {2}, b[1] = {-1};
    checked found;
    check_rows(NULL, &model, x, b, &found);
    assert_failed(&found, 0);
    assert_names(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "the slope of f in 6 of 6");
  }
}

/* No displacement: everything but slopes and noise is judged. */
static void input_is_baseline(void **state) {
  (void)state;
  double x[NET_INPUTS];
  checked found;
  fill_random(3, x, NET_INPUTS);
  faulty m = {.fault = FAULT_NONE};
  attrib_model model = faulty_model(&m, ATTRIB_F32);
  check_rows(NULL, &model, x, x, &found);
  assert_failed(&found, 0);
  for (int check = ATTRIB_CHECK_ZERO; check <= ATTRIB_CHECK_PRECISION; check++) {
    assert_int_equal(found.findings[check - 1].verdict, ATTRIB_CHECK_SKIPPED);
    assert_names(sentence_of(&found, check), "input and baseline are equal");
  }
  assert_int_equal(found.report.skipped, BIT(ZERO) | BIT(GRADIENT) | BIT(PRECISION) | BIT(WORKERS));
  m.fault = FAULT_DROPOUT;
  check_rows(NULL, &model, x, x, &found);
  assert_failed(&found, BIT(REPEAT));
  m = (faulty){.fault = FAULT_SIGN};
  check_rows(NULL, &model, x, x, &found);
  assert_failed(&found, 0);
}

/* -- precision ---------------------------------------------------------------------------------------------------- */

/* Sums in float behind doubles are told, and are no fault. */
static void floats_in_doubles(void **state) {
  (void)state;
  double x[NET_INPUTS], b[NET_INPUTS] = {0};
  checked found;
  fill_random(3, x, NET_INPUTS);
  faulty m = {.single = true};
  attrib_model model = faulty_model(&m, ATTRIB_F64);
  check_rows(NULL, &model, x, b, &found);
  assert_failed(&found, 0);
  assert_names(sentence_of(&found, ATTRIB_CHECK_PRECISION), "every output seen is a float");
  assert_true(found.report.noise > 1e-9 && found.report.noise < 1e-5);
  m.single = false;
  check_rows(NULL, &model, x, b, &found);
  assert_null(strstr(found.text, "is a float"));
  assert_true(found.report.noise < 1e-13);
  m.amplitude = 3; /* no longer a float, but as coarse */
  m.single = true;
  check_rows(NULL, &model, x, b, &found);
  assert_failed(&found, 0);
  assert_true(found.report.noise > 1e-9 && found.report.noise < 1e-5);
}

/* f of few digits moves in steps: slopes are taken over many of them. */
static double f_stairs(const double *x, int64_t n, double *g, const void *parameters) {
  const double step = *(const double *)parameters;
  const double f = f_waves(x, n, g, NULL);
  return step * floor(f / step + 0.5);
}

static void stairs(void **state) {
  (void)state;
  static const analytic_fn function[] = {f_stairs};
  static const double steps[] = {1e-4, 1e-3, 1e-2};
  for (int k = 0; k < COUNT(steps); k++)
    for (uint64_t seed = 0; seed < 40; seed++) {
      analytic a = {.functions = function, .n_outputs = 1, .n_inputs = 8, .parameters = &steps[k], .dtype = ATTRIB_F32};
      const attrib_model model = right_model(&a);
      double x[8], b[8] = {0};
      checked found;
      fill_random(seed, x, 8);
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, 0);
    }
}

/* -- saturation --------------------------------------------------------------------------------------------------- */

/* A probability far from 1, of which a gradient in float is 0 or nearly so. */
typedef struct tail {
  double offset;
  bool cut_off; /* and the gradient is not computed */
} tail;

static double f_tail(const double *x, int64_t n, double *g, const void *parameters) {
  const tail *t = parameters;
  double z = t->offset;
  for (int64_t i = 0; i < n; i++) z += (1 + 0.1 * (double)i) * x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = t->cut_off ? 0 : (1 + 0.1 * (double)i) * exp(z);
  return exp(z);
}

static void saturated(void **state) {
  (void)state;
  static const analytic_fn function[] = {f_tail};
  static const double offsets[] = {-60, -85, -95, -100, -105, -130, -200, -400};
  for (int k = 0; k < COUNT(offsets); k++)
    for (uint64_t seed = 0; seed < 20; seed++) {
      tail t = {.offset = offsets[k]};
      analytic a = {.functions = function, .n_outputs = 1, .n_inputs = 8, .parameters = &t, .dtype = ATTRIB_F32};
      attrib_model model = right_model(&a);
      double x[8], b[8] = {0};
      checked found;
      fill_random(seed, x, 8);
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, 0);
      if (offsets[k] <= -200) {
        assert_names(sentence_of(&found, ATTRIB_CHECK_ZERO), "f is saturated");
        assert_names(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "below the least number of the dtype");
      }
      t.cut_off = true; /* and the test still tests, where a gradient could be told */
      check_rows(NULL, &model, x, b, &found);
      if (offsets[k] >= -60) assert_failed(&found, BIT(ZERO));
      a.dtype = model.dtype = ATTRIB_F64;
      check_rows(NULL, &model, x, b, &found);
      assert_failed(&found, BIT(ZERO));
    }
}

/* -- units -------------------------------------------------------------------------------------------------------- */

/* Columns of a table: units from thousandths to thousands, and few of them move. */
static double f_table(const double *x, int64_t n, double *g, const void *parameters) {
  (void)parameters;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    const double unit = exp((double)(i % 7) - 3), z = x[i] / unit - (double)i;
    f += tanh(z) + 0.1 * z * z;
    if (g != NULL) g[i] = ((1 - tanh(z) * tanh(z)) + 0.2 * z) / unit;
  }
  return f;
}

static void unlike_units(void **state) {
  (void)state;
  static const analytic_fn function[] = {f_table};
  enum { N = 21 };
  for (uint64_t seed = 0; seed < 40; seed++) {
    analytic a = {
        .functions = function, .n_outputs = 1, .n_inputs = N, .dtype = seed % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64};
    const attrib_model model = right_model(&a);
    double x[N], b[N];
    checked found;
    fill_random(seed, x, N);
    for (int i = 0; i < N; i++) {
      const double unit = exp(i % 7 - 3.0);
      b[i] = unit * i;
      x[i] = i % 3 == 0 ? b[i] : b[i] + unit * (seed % 4 < 2 ? x[i] : 0.01 * x[i]);
    }
    check_rows(NULL, &model, x, b, &found);
    assert_failed(&found, 0);
    assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict, ATTRIB_CHECK_PASSED);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(closed_forms),      cmocka_unit_test(kinks_everywhere),  cmocka_unit_test(tiny_and_huge),
      cmocka_unit_test(enormous),          cmocka_unit_test(constants),         cmocka_unit_test(one_input),
      cmocka_unit_test(input_is_baseline), cmocka_unit_test(floats_in_doubles), cmocka_unit_test(stairs),
      cmocka_unit_test(saturated),         cmocka_unit_test(unlike_units),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
