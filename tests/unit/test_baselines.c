/* Sets of reference rows in a call: averaging, weights, strides, and rows made on demand. */
#include "methods.h"

enum { N = 2, COUNT_ROWS = 3 };

static const analytic_fn product = f_product;

/* x1 x2 at (1,1) over (0,0), (2,0), (0,2): (1/2,1/2), (-1/2,3/2), (3/2,-1/2). */
static const double references[COUNT_ROWS * N] = {0, 0, 2, 0, 0, 2};
static const double ones[N] = {1, 1};

static void the_mean_over_three_references(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a;
    attrib_model model = single_model(&a, &product, dtype, N, NULL);
    void *rows = as_row(dtype, references, COUNT(references)), *x = as_row(dtype, ones, N);
    attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS, .rows = rows};
    attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 2);
    attrib_report report = {.struct_size = sizeof report};
    double *phi = untouched(N);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, &report), ATTRIB_OK);
    for (int i = 0; i < N; i++) assert_near(phi[i], .5, ROUND_OFF, 1);
    assert_near(report.baseline_output, 0, 0, 1);
    assert_near(report.completeness_target, 1, 0, 1);
    assert_int_equal(report.evaluations, 6);
    assert_int_equal(report.output_evaluations, 4);
    free(phi);
    free(x);
    free(rows);
  }
}

/* Weights are normalised by their sum; a row of weight 0 costs nothing, is not read and may hold anything. */
static void weights_are_normalised_and_zero_is_left_out(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &product, ATTRIB_F64, N, NULL);
  double *rows = exact_copy((double[]){NAN, NAN, 2, 0, INFINITY, 1, 0, 2}, 8 * sizeof(double));
  double *weights = exact_copy((double[]){0, 6, 0, 2}, 4 * sizeof(double));
  attrib_baselines set = {.struct_size = sizeof set, .count = 4, .rows = rows, .weights = weights};
  attrib_ig_options options = with_rule(ATTRIB_RULE_TRAPEZOID, 3);
  attrib_report report = {.struct_size = sizeof report};
  double phi[N];
  assert_int_equal(attrib_integrated_gradients(NULL, &model, ones, 0, &set, &options, phi, &report), ATTRIB_OK);
  assert_near(phi[0], .75 * -.5 + .25 * 1.5, ROUND_OFF, 1);
  assert_near(phi[1], .75 * 1.5 + .25 * -.5, ROUND_OFF, 1);
  assert_int_equal(report.evaluations, 6);
  assert_int_equal(a.rows, 6);
  free(weights);
  free(rows);
}

/* Only the proportions matter, down to weights whose share is below a double's reach. */
static void tiny_weights(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &product, ATTRIB_F64, N, NULL);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 1);
  static const double weights[][COUNT_ROWS] = {
      {1, 1, 1}, {1e-300, 1e-300, 1e-300}, {5e-324, 5e-324, 5e-324}, {1e300, 1e300, 1e300}};
  for (int64_t k = 0; k < COUNT(weights); k++) {
    attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS, .rows = references, .weights = weights[k]};
    double phi[N];
    assert_int_equal(attrib_integrated_gradients(NULL, &model, ones, 0, &set, &options, phi, NULL), ATTRIB_OK);
    for (int i = 0; i < N; i++) assert_near(phi[i], .5, ROUND_OFF, 1);
  }
  /* 5e-324 / 1e300 is 0: left out; 1e-200 of 1 counts, though it does not show. */
  const double steep[COUNT_ROWS] = {1e300, 5e-324, 0}, gentle[COUNT_ROWS] = {1, 1e-200, 0};
  attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS, .rows = references, .weights = steep};
  attrib_report report = {.struct_size = sizeof report};
  double phi[N];
  assert_int_equal(attrib_integrated_gradients(NULL, &model, ones, 0, &set, &options, phi, &report), ATTRIB_OK);
  assert_int_equal(report.evaluations, 1);
  set.weights = gentle;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, ones, 0, &set, &options, phi, &report), ATTRIB_OK);
  assert_int_equal(report.evaluations, 2);
  assert_near(phi[0], .5, ROUND_OFF, 1);
  assert_false(isnan(report.completeness_target));
}

/* Padded or not: the same bits, and the padding stays as it was. */
static void the_gaps_between_rows_are_not_read_or_written(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a;
    attrib_model model = single_model(&a, &product, dtype, N, NULL);
    void *x = as_row(dtype, ones, N), *tight = as_row(dtype, references, COUNT(references));
    /* The last row ends the block; canaries are NaN, which a call that read one would refuse. */
    const double loose[] = {0, 0, NAN, NAN, NAN, 2, 0, NAN, NAN, NAN, 0, 2};
    void *rows = as_row(dtype, loose, COUNT(loose)), *kept = as_row(dtype, loose, COUNT(loose));
    attrib_baselines sets[2] = {{.struct_size = sizeof *sets, .count = COUNT_ROWS, .rows = tight},
                                {.struct_size = sizeof *sets, .count = COUNT_ROWS, .rows = rows, .stride = 5}};
    double phi[2][N];
    for (int k = 0; k < 2; k++)
      assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &sets[k], NULL, phi[k], NULL), ATTRIB_OK);
    assert_same_bits(phi[0], phi[1], N);
    assert_memory_equal(rows, kept, (size_t)COUNT(loose) * (dtype == ATTRIB_F32 ? 4 : 8));
    free(kept);
    free(rows);
    free(tight);
    free(x);
  }
}

/* Made on demand or in memory, with batches that begin anywhere: the same bits. */
static void fetched_rows_give_the_same_bits(void **state) {
  (void)state;
  enum { FEATURES = 513 };
  static const uint32_t max_rows[] = {0, 1, 2, 7, 64};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++)
      for (int k = 0; k < 5; k++) {
        method_case c;
        make_method(&c, 8, dtype, FEATURES);
        c.call.model.max_rows = max_rows[k];
        c.options.rule = rule;
        double *in_memory = untouched(FEATURES), *fetched = untouched(FEATURES);
        assert_int_equal(make_call(NULL, &c.call, in_memory, NULL), ATTRIB_OK);
        c.baselines.rows = NULL;
        c.baselines.fetch = fetch_from_case;
        c.baselines.fetch_user = &c;
        assert_int_equal(make_call(NULL, &c.call, fetched, NULL), ATTRIB_OK);
        assert_same_bits(in_memory, fetched, FEATURES);
        free(fetched);
        free(in_memory);
        free_method(&c);
      }
}

typedef struct fetcher {
  int64_t calls, fail_at;
  int32_t code;
  int64_t spoil; /* row whose element 1 is not finite; -1 = none */
  double value;
} fetcher;

static int32_t ATTRIB_CALL fetch_counted(int64_t index, void *row, void *user) {
  fetcher *f = user;
  if (index < 0 || index >= COUNT_ROWS) return -99; /* no assertions here: this may be a worker thread */
  memcpy(row, references + index * N, N * sizeof(double));
  if (index == f->spoil) ((double *)row)[1] = f->value;
  return f->calls++ == f->fail_at ? f->code : 0;
}

/* At whichever call it fails, with any number of lanes: its code comes back, nothing is written, the context goes on.
 */
static void a_failing_fetch_ends_the_call(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    attrib_context *context = new_context(workers, 0);
    int64_t calls = 1;
    for (int64_t k = 0; k <= calls; k++) {
      analytic a;
      attrib_model model = single_model(&a, &product, ATTRIB_F64, N, NULL);
      model.max_rows = 2;
      fetcher f = {.fail_at = k, .code = -1000 - (int32_t)k, .spoil = -1};
      attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS, .fetch = fetch_counted, .fetch_user = &f};
      attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 3);
      attrib_report report = {.struct_size = sizeof report};
      double *phi = untouched(N);
      attrib_status status = attrib_integrated_gradients(context, &model, ones, 0, &set, &options, phi, &report);
      if (f.calls <= k) { /* it never came to call k */
        assert_status(status, ATTRIB_OK, context);
        calls = 0;
      } else {
        assert_status(status, ATTRIB_E_CALLBACK, context);
        assert_int_equal(report.model_status, f.code);
        assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
        assert_int_equal(f.calls, k + 1);
        assert_true(is_untouched(phi, N) && report.failed_row >= 0);
        assert_names(attrib_context_error(context), "baselines->fetch");
        char code[16];
        snprintf(code, sizeof code, "%d", f.code);
        assert_names(attrib_context_error(context), code);
        calls = k + 1;
      }
      free(phi);
    }
    attrib_context_destroy(context);
  }
}

/* The same row ends the call whether it lies in memory or is fetched, whatever the batch size. */
static void a_row_that_is_not_finite_is_named(void **state) {
  (void)state;
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  attrib_context *context = new_context(1, 0);
  for (int k = 0; k < 3; k++)
    for (uint32_t max_rows = 1; max_rows <= 4; max_rows++)
      for (int fetched = 0; fetched < 2; fetched++) {
        analytic a;
        attrib_model model = single_model(&a, &product, ATTRIB_F64, N, NULL);
        model.max_rows = max_rows;
        double rows[COUNT_ROWS * N];
        memcpy(rows, references, sizeof rows);
        rows[1 * N + 1] = bad[k];
        fetcher f = {.fail_at = -1, .spoil = 1, .value = bad[k]};
        attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS};
        if (fetched) {
          set.fetch = fetch_counted;
          set.fetch_user = &f;
        } else {
          set.rows = rows;
        }
        attrib_report report = {.struct_size = sizeof report};
        double *phi = untouched(N);
        const attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 4);
        assert_status(attrib_integrated_gradients(context, &model, ones, 0, &set, &options, phi, &report),
                      ATTRIB_E_NONFINITE, context);
        assert_names(attrib_context_error(context), "baselines");
        assert_names(attrib_context_error(context), "row 1");
        assert_names(attrib_context_error(context), "element 1");
        assert_int_equal(report.failed_row, 2); /* the input, baseline 0, this one */
        assert_true(is_untouched(phi, N));
        free(phi);
      }
  attrib_context_destroy(context);
}

/* A noise that is given as fetch is checked before any row is asked for. */
static void a_wrong_noise_is_found_at_the_door(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  method_case c;
  make_method(&c, 10, ATTRIB_F32, 5);
  double *phi = untouched(5);
  c.noise.n_inputs = 4;
  assert_status(make_call(context, &c.call, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "n_inputs = 4");
  c.noise.n_inputs = 5;
  c.noise.dtype = ATTRIB_F64;
  assert_status(make_call(context, &c.call, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "dtype = 2");
  c.noise.dtype = ATTRIB_F32;
  c.baselines.fetch_user = NULL;
  assert_status(make_call(context, &c.call, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "noise");
  assert_true(c.model.calls == 0 && is_untouched(phi, 5));
  free(phi);
  free_method(&c);
  attrib_context_destroy(context);
}

/* A linear model from clipped gaussian noise around the input: only what is clipped contributes. f = 2x at x = .5,
 * sigma 1 on [-1, 1]: 2 (.5 - .3315102364) = .3369795273 in expectation, and 2 (1 - Phi(1)) = 31.73 % of the noise
 * around 0 lies on a bound. Standard deviations .6734 and .4654; the bounds are five standard errors of 200,000 draws.
 */
static void clipped_noise_moves_a_linear_model(void **state) {
  (void)state;
  enum { DRAWS = 200000 };
  const double slope[] = {2}, x[] = {.5}, zero[] = {0};
  const analytic_fn linear = f_linear;
  analytic a;
  attrib_model model = single_model(&a, &linear, ATTRIB_F64, 1, slope);
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F64,
                        .kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED,
                        .n_inputs = 1,
                        .seed = 4,
                        .low = -1,
                        .high = 1,
                        .sigma = 1,
                        .around = x};
  attrib_baselines set = {.struct_size = sizeof set, .count = DRAWS, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 1);
  attrib_report report = {.struct_size = sizeof report};
  double phi;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &options, &phi, &report), ATTRIB_OK);
  assert_true(fabs(phi - .3369795273) < 5 * 2 * .6734 / sqrt(DRAWS));
  assert_true(report.completeness_relative < 1e-12); /* of these draws it is exact */

  int64_t on_a_bound = 0;
  noise.around = zero;
  for (int64_t k = 0; k < DRAWS; k++) {
    double row;
    assert_int_equal(attrib_noise_fetch(k, &row, &noise), 0);
    on_a_bound += fabs(row) == 1;
  }
  assert_true(fabs((double)on_a_bound / DRAWS - .3173105079) < 5 * .4654 / sqrt(DRAWS));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mean_over_three_references),
      cmocka_unit_test(clipped_noise_moves_a_linear_model),
      cmocka_unit_test(weights_are_normalised_and_zero_is_left_out),
      cmocka_unit_test(tiny_weights),
      cmocka_unit_test(the_gaps_between_rows_are_not_read_or_written),
      cmocka_unit_test(fetched_rows_give_the_same_bits),
      cmocka_unit_test(a_failing_fetch_ends_the_call),
      cmocka_unit_test(a_row_that_is_not_finite_is_named),
      cmocka_unit_test(a_wrong_noise_is_found_at_the_door),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
