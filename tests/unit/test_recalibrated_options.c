/* Options of recalibrated attributions: defaults, what is refused and how, sums that overflow, the trace, and a call
 * that is stopped. */
#include "recalibrated.h"

enum { N = 3, REFERENCES = 2 };

static const analytic_fn waves = f_waves;
static const double input[N] = {.5, -1, .25}, rows[REFERENCES * N] = {0, 1, .5, -1, 2, .25};
static const attrib_baselines set = {.struct_size = sizeof set, .count = REFERENCES, .rows = rows};

/* A call in either form. */
static attrib_status try_options(attrib_context *context, const attrib_baselines *baselines,
                                 const attrib_recalibration_options *options, bool pull) {
  analytic a;
  attrib_run *run;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  int64_t target = options != NULL && options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  double *phi = untouched(N);
  attrib_status status;
  if (pull) {
    status = attrib_recalibrated_gradients_start(context, &model, input, target, baselines, options, &run);
    assert_true((status == ATTRIB_OK) == (run != NULL));
    attrib_run_destroy(run);
  } else {
    status = attrib_recalibrated_gradients(context, &model, input, target, baselines, options, phi, NULL);
    assert_true(status == ATTRIB_OK || is_untouched(phi, N));
    assert_true(status == ATTRIB_OK || atomic_load(&a.rows) == 0); /* found out before the model is asked */
  }
  free(phi);
  return status;
}

static void expect(attrib_recalibration_options o, attrib_status expected, const char *named) {
  attrib_context *context = new_context(1, 0);
  o.struct_size = sizeof o;
  attrib_recalibration_options *exact = exact_copy(&o, sizeof o);
  for (int pull = 0; pull < 2; pull++) {
    assert_status(try_options(context, &set, exact, pull), expected, context);
    assert_names(attrib_context_error(context), named);
  }
  free(exact);
  attrib_context_destroy(context);
}

#define REFUSED(text, ...) expect((attrib_recalibration_options){__VA_ARGS__}, ATTRIB_E_ARGUMENT, text)
#define UNKNOWN(text, ...) expect((attrib_recalibration_options){__VA_ARGS__}, ATTRIB_E_UNSUPPORTED, text)
#define TAKEN(...) expect((attrib_recalibration_options){__VA_ARGS__}, ATTRIB_OK, "")

static void wrong_values(void **state) {
  (void)state;
  static const int32_t groups[N] = {0, 1, 2};
  static const double nan_weight[1] = {(double)NAN};
  UNKNOWN("options->flags = 0x10: this version knows 0xf", .flags = 16);
  UNKNOWN("options->flags = 0x80000001", .flags = UINT32_C(0x80000001));
  UNKNOWN("options->reserved0 = 3", .reserved0 = 3);
  REFUSED("options->mode = 4: must be one of", .mode = 4);
  REFUSED("options->mode = 4294967295: must be one of", .mode = UINT32_MAX);
  REFUSED("options->point_factor = 3: must be one of", .point_factor = 3);
  REFUSED("options->rule = 6: must be one of", .rule = ATTRIB_RULE_ADAPTIVE);
  REFUSED("options->points = -3: must be", .points = -3);
  REFUSED("options->points = 1: must be at least 2 with this rule", .points = 1, .rule = ATTRIB_RULE_TRAPEZOID);
  REFUSED("options->points = 10001: must be at most 10000", .points = 10001, .rule = ATTRIB_RULE_GAUSS_LEGENDRE);
  REFUSED("options->points = 4503599627370497: must be at most", .points = (INT64_C(1) << 52) + 1);
  REFUSED("options->n_groups = -1", .n_groups = -1);
  REFUSED("options->n_groups = 2 with groups NULL", .n_groups = 2);
  REFUSED("options->n_groups = 0 with groups given", .groups = groups);
  REFUSED("options->groups[2] = 2: must be in [0, 2)", .groups = groups, .n_groups = 2);
  REFUSED("target_weights[0]", .target_weights = nan_weight);
}

static void options_without_use(void **state) {
  (void)state;
  enum { VANILLA = ATTRIB_RECALIBRATE_VANILLA, RANDOM = ATTRIB_RECALIBRATE_RANDOM_ALPHA };
  REFUSED("options->flags = 0x1: ATTRIB_RECALIBRATE_VANILLA drops nothing", .mode = VANILLA, .flags = 1);
  REFUSED("options->flags = 0x6: ATTRIB_RECALIBRATE_VANILLA drops nothing", .mode = VANILLA, .flags = 6);
  REFUSED("options->point_factor = 2: must be 0", .mode = VANILLA, .flags = 4, .point_factor = 2);
  REFUSED("options->seed = 18446744073709551615: must be 0", .seed = UINT64_MAX);
  REFUSED("options->rule = 3: must be 0", .flags = RANDOM, .rule = ATTRIB_RULE_MIDPOINT);
  REFUSED("options->points = -1: must be", .flags = RANDOM, .points = -1);
  REFUSED("options->points = 8589934593: must be", .flags = RANDOM, .points = (INT64_C(1) << 33) + 1);
  TAKEN(.mode = VANILLA, .flags = 4);
  TAKEN(.mode = VANILLA, .point_factor = 2);
  TAKEN(.mode = VANILLA, .flags = 4 | RANDOM, .seed = 5);
  TAKEN(.flags = 15, .point_factor = 1, .seed = UINT64_MAX, .points = 3);
  TAKEN(.mode = ATTRIB_RECALIBRATE_VALID_REF, .flags = 7, .point_factor = 2);
}

static void many_points_are_too_many_rows(void **state) {
  (void)state;
  double zeros[4096 * N] = {0};
  const attrib_baselines many = {.struct_size = sizeof many, .count = 4096, .rows = zeros};
  attrib_context *context = new_context(1, 0);
  attrib_recalibration_options o = recalibration(0, 0, 0, INT64_C(1) << 52);
  for (int pull = 0; pull < 2; pull++) {
    assert_status(try_options(context, &many, &o, pull), ATTRIB_E_OVERFLOW, context);
    assert_names(attrib_context_error(context), "options->points = 4503599627370496 for 4096 baselines: too many rows");
  }
  attrib_run *run; /* half of it is no mistake, and takes no memory */
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  attrib_baselines half = many;
  half.count = 2047;
  assert_int_equal(attrib_recalibrated_gradients_start(context, &model, input, 0, &half, &o, &run), ATTRIB_OK);
  attrib_run_destroy(run);
  attrib_context_destroy(context);
}

static void wrong_arguments(void **state) {
  (void)state;
  analytic a;
  attrib_run *run;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL), without = model;
  attrib_context *context = new_context(1, 0);
  double *phi = untouched(N), spoilt[N] = {0, (double)INFINITY, 0}, far[N] = {0, 0, -DBL_MAX};
  const double large[N] = {0, 0, DBL_MAX};
  attrib_baselines bad = set;
  const attrib_recalibration_options *none = NULL;
#define CALL(m, x, s) attrib_recalibrated_gradients(context, m, x, 0, s, none, phi, NULL)
  assert_status(attrib_recalibrated_gradients(context, &model, input, 0, &set, NULL, NULL, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "attributions is NULL");
  assert_status(CALL(NULL, input, &set), ATTRIB_E_ARGUMENT, context);
  assert_status(CALL(&model, NULL, &set), ATTRIB_E_ARGUMENT, context);
  assert_status(CALL(&model, input, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "baselines");
  bad.count = 0;
  assert_status(CALL(&model, input, &bad), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "baselines->count = 0");
  assert_status(CALL(&model, spoilt, &set), ATTRIB_E_NONFINITE, context);
  bad = one_baseline(spoilt);
  assert_status(CALL(&model, input, &bad), ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "baselines: row 0, element 1");
  bad = one_baseline(far);
  assert_status(CALL(&model, large, &bad), ATTRIB_E_OVERFLOW, context);
  without.flags = ATTRIB_MODEL_NO_GRADIENTS;
  assert_status(CALL(&without, input, &set), ATTRIB_E_UNSUPPORTED, context);
  assert_true(is_untouched(phi, N));
  assert_int_equal(attrib_recalibrated_gradients_start(context, &model, input, 0, &set, NULL, NULL), ATTRIB_E_ARGUMENT);
  without = model;
  without.evaluate = NULL; /* for the pull form it may lack */
  assert_status(CALL(&without, input, &set), ATTRIB_E_ARGUMENT, context);
  assert_int_equal(attrib_recalibrated_gradients_start(context, &without, input, 0, &set, NULL, &run), ATTRIB_OK);
  attrib_run_destroy(run);
#undef CALL
  free(phi);
  attrib_context_destroy(context);
}

/* No options at all, a struct of zeros, and the same said in full: five midpoints, VALID_IP. */
static void defaults(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  const attrib_recalibration_options zeros = recalibration(0, 0, 0, 0);
  const attrib_recalibration_options full = recalibration(ATTRIB_RECALIBRATE_VALID_IP, 0, ATTRIB_RULE_MIDPOINT, 5);
  double phi[N];
  recalibrated one = recalibrate(&model, input, &set, &zeros), other = recalibrate(&model, input, &set, &full);
  assert_recalibrated(one);
  assert_recalibrated(other);
  assert_int_equal(attrib_recalibrated_gradients(NULL, &model, input, 0, &set, NULL, phi, NULL), ATTRIB_OK);
  assert_same_bits(one.phi, phi, N);
  assert_same_bits(one.phi, other.phi, N);
  assert_int_equal(one.report.rule, ATTRIB_RULE_MIDPOINT);
  assert_int_equal(one.report.points, 5);
  assert_int_equal(one.report.evaluations, 10);
  assert_int_equal(one.report.stop_reason, ATTRIB_STOP_COMPLETE);
  free_recalibrated(&one);
  free_recalibrated(&other);
}

/* Every subset of the buffers, and reports that end before them. */
static void buffers_are_optional(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++) {
    const attrib_recalibration_options o = recalibration(mode, 0, 0, 0);
    recalibrated all = recalibrate(&model, input, &set, &o);
    for (unsigned wanted = 0; wanted < 32; wanted++) {
      recalibrated r;
      prepare_recalibrated(&r, N);
      if ((wanted & 1) == 0) r.report.positive = NULL;
      if ((wanted & 2) == 0) r.report.negative = NULL;
      if ((wanted & 4) == 0) r.report.kept_weight = NULL;
      if ((wanted & 8) == 0) r.report.kept = NULL;
      if ((wanted & 16) == 0) r.report.standard_errors = NULL;
      assert_int_equal(attrib_recalibrated_gradients(NULL, &model, input, 0, &set, &o, r.phi, &r.report), ATTRIB_OK);
      assert_same_bits(r.phi, all.phi, N);
      if (wanted & 1) assert_same_bits(r.positive, all.positive, N);
      if (wanted & 2) assert_same_bits(r.negative, all.negative, N);
      if (wanted & 4) assert_same_bits(r.share, all.share, N);
      if (wanted & 8) assert_memory_equal(r.kept, all.kept, sizeof(int64_t) * N);
      assert_true(wanted & 1 || is_untouched(r.positive, N));
      assert_true(wanted & 2 || is_untouched(r.negative, N));
      assert_true(wanted & 4 || is_untouched(r.share, N));
      assert_true(wanted & 8 || r.kept[0] == -777);
      free_recalibrated(&r);
    }
    free_recalibrated(&all);
  }
}

/* -- numbers that do not fit -------------------------------------------------------------------------------------- */

/* Gradients are what the test says, and the output fits. */
static double f_steep(const double *x, int64_t n, double *g, const void *p) {
  (void)x;
  if (g != NULL) memcpy(g, p, (size_t)n * sizeof *g);
  return 0;
}

static attrib_status overflow(attrib_context *context, const double *weights, attrib_recalibration_options o) {
  analytic a;
  const analytic_fn steep = f_steep;
  const double x[N] = {1, 1, 1}, zeros[N] = {0};
  const attrib_baselines origin = one_baseline(zeros);
  attrib_model model = single_model(&a, &steep, ATTRIB_F64, N, weights);
  double *phi = untouched(N);
  attrib_status status = attrib_recalibrated_gradients(context, &model, x, 0, &origin, &o, phi, NULL);
  assert_true(status == ATTRIB_OK || is_untouched(phi, N));
  free(phi);
  return status;
}

static void squares_and_sums_overflow(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static const int32_t groups[N] = {1, 0, 1};
  const double large[N] = {1, 1e200, -1}, below[N] = {1, 1, -1e200}, sum[N] = {1.5e308, 1.5e308, 1};
  for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags < 3; flags += 2) {
      attrib_recalibration_options o = recalibration(mode, flags, 0, 2), squared = o;
      squared.flags |= ATTRIB_RECALIBRATE_SQUARED;
      assert_status(overflow(context, large, o), ATTRIB_OK, context);
      assert_status(overflow(context, below, o), ATTRIB_OK, context);
      assert_status(overflow(context, large, squared), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "the attribution of input 1 overflows");
      assert_status(overflow(context, below, squared), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "what input 2 drops overflows");
      assert_status(overflow(context, sum, o), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "the sum of the attributions overflows");
      squared.groups = groups;
      squared.n_groups = 2;
      assert_status(overflow(context, large, squared), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "the attribution of group 0 overflows");
      assert_status(overflow(context, below, squared), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "what group 1 drops overflows");
    }
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_SQUARED, 0, 2);
  assert_status(overflow(context, below, o), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "the attribution of input 2 overflows");
  o.flags = 0;
  assert_status(overflow(context, sum, o), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "the sum of the attributions overflows");
  attrib_context_destroy(context);
}

/* Squares of displacements far from 1 neither overflow nor vanish on the way. */
static void squares_of_small_and_large_displacements(void **state) {
  (void)state;
  const double sizes[] = {1e-200, 1e-3, 1, 1e3, 1e200};
  for (int k = 0; k < COUNT(sizes); k++) {
    analytic a;
    const analytic_fn linear = f_linear;
    const double weights[1] = {-3}, x[1] = {sizes[k]}, zero[1] = {0};
    const attrib_baselines origin = one_baseline(zero);
    attrib_model model = single_model(&a, &linear, ATTRIB_F64, 1, weights);
    attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_SQUARED, 0, 4);
    recalibrated r = recalibrate(&model, x, &origin, &o);
    assert_recalibrated(r);
    assert_near(r.phi[0] / sizes[k], 9, ROUND_OFF, 9);
    free_recalibrated(&r);
  }
}

/* -- trace and stops ---------------------------------------------------------------------------------------------- */

/* It is that of integrated gradients whatever is kept: in cells of alpha, and summing to what VANILLA sums to. */
static void trace(void **state) {
  (void)state;
  enum { POINTS = 200 };
  static const int32_t groups[N] = {0, 1, 0};
  const double weights[REFERENCES] = {1, 3};
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  attrib_baselines weighted = set;
  weighted.weights = weights;
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, 0, POINTS);
  recalibrated vanilla = recalibrate(&model, input, &weighted, &o);
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (int variant = 0; variant < 3; variant++) {
      attrib_trace_point *points = exact_block(REFERENCES * POINTS * sizeof *points);
      attrib_report report = {.struct_size = sizeof report, .trace = points, .trace_capacity = REFERENCES * POINTS};
      double phi[N], all = 0;
      o = recalibration(mode, 0, 0, POINTS);
      if (variant == 1) {
        o.groups = groups;
        o.n_groups = 2;
      }
      if (variant == 2) o.point_factor = ATTRIB_POINT_FACTOR_TO_INPUT;
      assert_int_equal(attrib_recalibrated_gradients(NULL, &model, input, 0, &weighted, &o, phi, &report), ATTRIB_OK);
      assert_int_equal(report.trace_count, REFERENCES * POINTS);
      for (int b = 0; b < REFERENCES; b++) {
        double edge = 0, sum = 0, start = f_waves(rows + b * N, N, NULL, NULL), share = weights[b] / 4;
        for (int j = 0; j < POINTS; j++) {
          const attrib_trace_point *p = &points[b * POINTS + j];
          assert_true(p->baseline == b && p->row_id == b * POINTS + j && p->alpha == (2 * j + 1) / (2.0 * POINTS));
          assert_near(p->weight, share / POINTS, ROUND_OFF, 1);
          /* Midpoints: the curve is met to the square of a step. */
          assert_near(sum + share * (p->alpha - edge) * p->slope, share * (p->output - start), 1e-4, 1);
          edge += p->weight / share;
          sum += p->weight * p->slope;
        }
        assert_near(edge, 1, (POINTS + 16) * DBL_EPSILON, 1);
        all += sum;
      }
      assert_near(all, vanilla.report.attribution_sum, (REFERENCES * POINTS) * DBL_EPSILON, 4);
      free(points);
    }
  free_recalibrated(&vanilla);
}

/* Stopped within the second reference: VALID_REF has judged the first alone. */
static void a_stopped_call_gives_its_prefix(void **state) {
  (void)state;
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++) {
    analytic a;
    single_model(&a, &waves, ATTRIB_F64, N, NULL);
    spoiler s = {.inner = &a, .output_row = -1, .gradient_row = -1, .fail_from_row = 7, .fail_code = 5};
    attrib_model model = spoiled_model(&s);
    model.max_rows = 1;
    const attrib_recalibration_options o = recalibration(mode, 0, 0, 5);
    recalibrated r = recalibrate(&model, input, &set, &o);
    assert_int_equal(r.status, ATTRIB_CANCELLED);
    assert_int_equal(r.report.stop_reason, ATTRIB_STOP_CALLBACK);
    assert_int_equal(r.report.evaluations, 7);
    assert_int_equal(r.report.model_status, 5);
    bool by_reference = mode == ATTRIB_RECALIBRATE_VALID_REF;
    for (int i = 0; i < N; i++) {
      assert_true(r.share[i] <= (by_reference ? 0.5 : 0.7 + ROUND_OFF));
      assert_true(r.kept[i] <= (by_reference ? 1 : 7));
      assert_true(mode != ATTRIB_RECALIBRATE_VANILLA || r.kept[i] == 7);
    }
    free_recalibrated(&r);
  }
}

/* There is no tolerance to extend it to. */
static void a_run_cannot_be_extended(void **state) {
  (void)state;
  analytic a;
  attrib_run *run;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  assert_int_equal(attrib_recalibrated_gradients_start(NULL, &model, input, 0, &set, NULL, &run), ATTRIB_OK);
  assert_int_equal(attrib_run_extend(run, 0.1, 0, 0), ATTRIB_E_UNSUPPORTED);
  attrib_run_destroy(run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_values),
      cmocka_unit_test(options_without_use),
      cmocka_unit_test(many_points_are_too_many_rows),
      cmocka_unit_test(wrong_arguments),
      cmocka_unit_test(defaults),
      cmocka_unit_test(buffers_are_optional),
      cmocka_unit_test(squares_and_sums_overflow),
      cmocka_unit_test(squares_of_small_and_large_displacements),
      cmocka_unit_test(trace),
      cmocka_unit_test(a_stopped_call_gives_its_prefix),
      cmocka_unit_test(a_run_cannot_be_extended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
