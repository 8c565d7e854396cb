/* test_interactions_kinks.c - models whose second derivatives leave out what interacts: undefined without a width, and
 * never taken for good; smooth models: never taken for undefined. The figures in interactions.h are from here. */
#include "interactions.h"
#include "random_nets.h"

enum { NETS = 72 };
static const attrib_interactions_options by_default = {.struct_size = sizeof by_default};
static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* What became of calls. */
typedef struct tally {
  int calls, ok, undefined, not_converged;
  double worst; /* completeness_relative of those that are OK */
  double off;   /* and the error beside the sum of what the row's elements are */
} tally;

/* NaN throughout and a message about it, or numbers; size: the sum of what they are without sign. */
static attrib_status explain(const random_net *net, const double *b, const double *x, int64_t feature,
                             const attrib_interactions_options *options, attrib_report *report, double *size) {
  static const analytic_fn f = f_random_net;
  const int64_t n = net->width[0];
  char message[400] = "";
  analytic a;
  attrib_model model = single_model(&a, &f, net->dtype, n, net);
  void *input = as_row(net->dtype, x, n), *start = as_row(net->dtype, b, n);
  attrib_baselines set = one_baseline(start);
  double *row = untouched(n);
  *report = (attrib_report){.struct_size = sizeof *report, .message = message, .message_capacity = sizeof message};
  const attrib_status status = attrib_interactions(NULL, &model, input, 0, feature, &set, options, row, report);
  assert_true(status >= 0);
  for (int64_t i = 0; i < n; i++) assert_int_equal(isnan(row[i]), status == ATTRIB_UNDEFINED);
  assert_int_equal(isnan(report->attribution_sum), status == ATTRIB_UNDEFINED);
  assert_int_equal(isnan(report->completeness_relative), status == ATTRIB_UNDEFINED);
  assert_true(isfinite(report->completeness_target));
  if (status != ATTRIB_OK) assert_names(message, "options->width");
  assert_true(status == ATTRIB_OK || options->width == 0);
  *size = 0;
  for (int64_t i = 0; i < n; i++) *size += fabs(row[i]);
  free(row);
  free(start);
  free(input);
  return status;
}

/* Of so many networks three features each, from a random baseline or from 0. */
static tally try_nets(uint32_t dtype, activation kind, double steepness, double temperature,
                      attrib_interactions_options options, int nets) {
  tally t = {0};
  random_net *net = exact_block(sizeof *net);
  for (int seed = 0; seed < nets; seed++) {
    make_net(net, (uint64_t)seed, kind, steepness, temperature, dtype);
    double x[NET_WIDTH], b[NET_WIDTH];
    fill_rounded(dtype, (uint64_t)seed + 1000, x, net->width[0]);
    fill_rounded(dtype, (uint64_t)seed + 2000, b, net->width[0]);
    for (int i = 0; i < net->width[0] && seed / 36 % 2 == 0; i++) b[i] = 0;
    for (int k = 0; k < 3; k++) {
      attrib_report report;
      double size;
      const attrib_status status = explain(net, b, x, (seed + k) % net->width[0], &options, &report, &size);
      t.calls++;
      t.ok += status == ATTRIB_OK;
      t.undefined += status == ATTRIB_UNDEFINED;
      t.not_converged += status == ATTRIB_NOT_CONVERGED;
      if (status != ATTRIB_OK) continue;
      t.worst = fmax(t.worst, report.completeness_relative);
      t.off = fmax(t.off, fabs(report.completeness_error) / fmax(size, DBL_MIN));
    }
  }
  free(net);
  return t;
}

/* -- networks of ReLUs -------------------------------------------------------------------------------------------- */

/* One output. In float h is wide enough for kinks to be met by chance here and there, which helps nothing. */
static void networks_of_relus_are_undefined(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int k = RELU; k <= LEAKY; k++) {
      const tally found = try_nets(dtypes[t], (activation)k, 0, 0, by_default, NETS);
      assert_int_equal(found.ok, 0);
      assert_int_equal(found.undefined, found.calls);
    }
}

/* Under a softmax second derivatives are not 0, but leave out the kinks. */
static void under_a_softmax_a_row_is_good_or_is_not_ok(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int k = RELU; k <= LEAKY; k++)
      for (double temperature = 1; temperature <= 5; temperature += 4) {
        const tally found = try_nets(dtypes[t], (activation)k, 0, temperature, by_default, NETS);
        assert_true(found.worst < .25);
        assert_true(2 * found.undefined > found.calls);
        assert_true(found.worst > .01); /* there are such */
      }
}

/* With a width the same networks have rows that sum to their targets, the better the more points there are. */
static void a_width_makes_them_whole(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (double temperature = 0; temperature <= 1; temperature++) {
      const tally coarse = try_nets(dtypes[t], RELU, 0, temperature, with_points(50, .25), 18);
      const tally fine = try_nets(dtypes[t], RELU, 0, temperature, with_points(500, .25), 18);
      assert_int_equal(coarse.ok, coarse.calls);
      assert_int_equal(fine.ok, fine.calls);
      assert_true(fine.off < .02 && coarse.off > 5 * fine.off);
    }
}

/* -- smooth ones -------------------------------------------------------------------------------------------------- */

static void smooth_networks_are_not_undefined(void **state) {
  (void)state;
  static const struct kind {
    activation kind;
    double steepness;
  } kinds[] = {{TANH, 0}, {SIGMOID, 0}, {SILU, 0}, {SOFTPLUS, 1}, {SOFTPLUS, 5}, {SOFTPLUS, 20}};
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 6; k++)
      for (double temperature = 0; temperature <= 1; temperature++) {
        const tally found = try_nets(dtypes[t], kinds[k].kind, kinds[k].steepness, temperature, by_default, NETS);
        assert_int_equal(found.ok, found.calls);
      }
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* How far rows of float networks are off those of the same networks in double, as a part of their length. */
static void floats_have_the_digits_they_are_said_to_have(void **state) {
  (void)state;
  enum { SEEDS = 36, CASES = 4 * 2 * SEEDS };
  static const activation kinds[] = {TANH, SIGMOID, SILU, SOFTPLUS};
  static const double widths[] = {0, .1}, medians[] = {4e-5, 2e-6}, most[] = {1e-2, 2e-4};
  random_net *nets = exact_block(2 * sizeof *nets);
  for (int w = 0; w < 2; w++) {
    double errors[CASES], x[NET_WIDTH], b[NET_WIDTH];
    for (int k = 0; k < CASES; k++) {
      const int seed = k / 8;
      double squares = 0, apart = 0, *rows[2];
      for (int t = 0; t < 2; t++) { /* the same weights, which are floats */
        make_net(&nets[t], (uint64_t)seed, kinds[k % 4], 5, k / 4 % 2, ATTRIB_F32);
        nets[t].dtype = dtypes[t];
        const int64_t n = nets[t].width[0];
        fill_rounded(ATTRIB_F32, (uint64_t)seed + 1000, x, n);
        fill_rounded(ATTRIB_F32, (uint64_t)seed + 2000, b, n);
        const question q = {f_random_net, &nets[t], dtypes[t], n, b, x};
        attrib_report report;
        rows[t] = row_of(&q, seed % n, 50, widths[w], ATTRIB_OK, &report);
      }
      for (int i = 0; i < nets[0].width[0]; i++) {
        squares += rows[1][i] * rows[1][i];
        apart += (rows[0][i] - rows[1][i]) * (rows[0][i] - rows[1][i]);
      }
      errors[k] = sqrt(apart / squares);
      free(rows[0]);
      free(rows[1]);
    }
    qsort(errors, CASES, sizeof *errors, ascending);
    assert_true(errors[CASES / 2] < medians[w] && errors[CASES * 99 / 100] < most[w]);
  }
  free(nets);
}

/* Whose gradient is all but constant, so that what changes is rounding. */
static void nearly_linear_networks_are_not_undefined(void **state) {
  (void)state;
  static const analytic_fn f = f_random_net;
  random_net *net = exact_block(sizeof *net);
  for (int t = 0; t < 2; t++)
    for (int seed = 0; seed < 60; seed++)
      for (double scale = 1e-1; scale > 1e-9; scale /= 10) {
        make_net(net, (uint64_t)seed, TANH, 0, 0, dtypes[t]);
        const int n = net->width[0];
        for (int k = 0; k < n * net->width[1]; k++) net->weights[0][k] = in_type(net, scale * net->weights[0][k]);
        double x[NET_WIDTH], b[NET_WIDTH] = {0};
        fill_rounded(dtypes[t], (uint64_t)seed + 1000, x, n);
        const question q = {f, net, dtypes[t], n, b, x};
        attrib_report report;
        double *row = row_of(&q, seed % n, 50, 0, ATTRIB_OK, &report);
        assert_near(report.completeness_error, 0, 1e-2, fabs(report.completeness_target));
        free(row);
      }
  free(net);
}

/* -- closed forms ------------------------------------------------------------------------------------------------- */

static double sum_of_squares(const double *x, int64_t n, double *g, const void *p) {
  double f = 0;
  (void)p;
  for (int64_t i = 0; i < n; i++) f += x[i] * x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 2 * x[i];
  return f;
}

/* Where the attribution is 0 any error is infinitely large beside it: nothing is missed, and so it is fine. Nor is
 * there anything between the end of a path and the start of the next. */
static void an_attribution_of_0_is_no_failure(void **state) {
  (void)state;
  const double x[] = {1, 1.0 / 3, .7}, b[] = {-1, -1.0 / 3, -.7};
  for (int t = 0; t < 2; t++)
    for (int64_t i = 0; i < 3; i++) {
      const question q = {sum_of_squares, NULL, dtypes[t], 3, b, x};
      attrib_report report;
      double *row = row_of(&q, i, 50, 0, ATTRIB_OK, &report);
      assert_near(row[i], 0, dtypes[t] == ATTRIB_F32 ? 1e-4 : 1e-9, 1);
      free(row);
    }
  const analytic_fn f = sum_of_squares;
  const double twice[] = {-1, -1.0 / 3, -.7, -1, -1.0 / 3, -.7};
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, NULL);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = twice};
  double row[3];
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &by_default, row, NULL), ATTRIB_OK);
}

static void one_kink_is_enough(void **state) {
  (void)state;
  const double x[] = {2}, b[] = {0}, up[] = {0, 2}, down[] = {1, 0};
  for (int t = 0; t < 2; t++) {
    attrib_report report;
    const question saturating = {f_saturating, NULL, dtypes[t], 1, b, x}, most = {f_max, NULL, dtypes[t], 2, up, down};
    /* At the node in the middle the difference is that over the kink: far too much. With an odd number none sees it. */
    free(row_of(&saturating, 0, 50, 0, ATTRIB_UNDEFINED, &report));
    free(row_of(&saturating, 0, 51, 0, ATTRIB_UNDEFINED, &report));
    assert_near(report.completeness_target, 1, 1.0 / 40, 1);
    for (int64_t i = 0; i < 2; i++) free(row_of(&most, i, 50, 0, ATTRIB_UNDEFINED, &report));
    /* f is linear up to here: its kink is beyond. */
    const double half[] = {.9};
    const question before = {f_saturating, NULL, dtypes[t], 1, b, half};
    double *row = row_of(&before, 0, 50, 0, ATTRIB_OK, &report);
    assert_near(row[0], .9, 1e-6, 1);
    free(row);
  }
}

/* 1 - relu(1 - x) from 0 to 2, by hand. Averaged over -h to h its gradient falls from 1 to 0 between 1 - h and 1 + h,
 * and its second derivative there is -1 / 2h. */
static double saturating_by_hand(double h) {
  const double ends[2] = {(1 - h) / 2, (1 + h) / 2}; /* of the ramp, as c */
  double own = 0, other = 0, last = 0;
  for (int k = 0; k < 1000000; k++) {
    const double c = (k + .5) / 1e6, weight = -log(c) / 1e6;
    const double slope = c < ends[0] ? 1 : c > ends[1] ? 0 : (1 + h - 2 * c) / (2 * h);
    own += 2 * weight * slope;
    if (c > ends[0] && c < ends[1]) other -= 4 * c * weight / (2 * h);
  }
  last = own + other;
  return last;
}

static void a_kink_with_a_width(void **state) {
  (void)state;
  const double x[] = {2}, b[] = {0};
  for (int t = 0; t < 2; t++)
    for (double h = .125; h <= .5; h *= 2) {
      attrib_report report;
      const question q = {f_saturating, NULL, dtypes[t], 1, b, x};
      double *row = row_of(&q, 0, 999, h, ATTRIB_OK, &report);
      assert_near(row[0], saturating_by_hand(h), 2e-3 / h, 1);
      assert_near(row[0], 1, 2e-3 / h, 1); /* the only feature: all that f changes by */
      assert_near(report.completeness_target, 1, 1e-5, 1);
      free(row);
    }
}

/* A threshold of the caller's takes the place of the one for rows that are suspect, but makes nothing defined. */
static void a_threshold_takes_over(void **state) {
  (void)state;
  random_net *net = exact_block(sizeof *net);
  static const analytic_fn f = f_random_net;
  int taken = 0;
  for (int seed = 0; seed < NETS; seed++) {
    make_net(net, (uint64_t)seed, RELU, 0, 5, ATTRIB_F64);
    const int64_t n = net->width[0];
    double x[NET_WIDTH], b[NET_WIDTH], row[NET_WIDTH];
    fill_random((uint64_t)seed + 1000, x, n);
    fill_random((uint64_t)seed + 2000, b, n);
    analytic a;
    attrib_model model = single_model(&a, &f, ATTRIB_F64, n, net);
    attrib_baselines set = one_baseline(b);
    attrib_interactions_options options = with_points(50, 0);
    const attrib_status status = attrib_interactions(NULL, &model, x, 0, seed % n, &set, &options, row, NULL);
    options.completeness_threshold = 1e300;
    const attrib_status loose = attrib_interactions(NULL, &model, x, 0, seed % n, &set, &options, row, NULL);
    assert_int_equal(loose, status == ATTRIB_NOT_CONVERGED ? ATTRIB_OK : status);
    taken += status == ATTRIB_NOT_CONVERGED;
  }
  assert_true(taken > 0);
  free(net);
}

/* Of several baselines the lines are judged together, by weight. */
static void baselines_are_judged_together(void **state) {
  (void)state;
  const analytic_fn f = f_saturating;
  const double x[] = {2}, rows[] = {1.5, 0}; /* from the first f is constant */
  double weights[] = {1, 0}, row;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 1, NULL);
  attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = rows, .weights = weights};
  attrib_interactions_options options = with_points(51, 0);
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &options, &row, NULL), ATTRIB_OK);
  assert_true(row == 0);
  weights[1] = .01;
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &options, &row, NULL), ATTRIB_UNDEFINED);
  assert_true(isnan(row));
}

/* x1^2, and x1 more where x2 > 0. */
static double cliff(const double *x, int64_t n, double *g, const void *p) {
  const double on = x[1] > 0 ? 1 : 0;
  (void)n, (void)p;
  if (g != NULL) g[0] = 2 * x[0] + on;
  if (g != NULL) g[1] = 0;
  return x[0] * (x[0] + on);
}

/* And by how far the feature goes: what changes on a line where it all but stays makes no row. */
static void baselines_are_judged_by_what_they_add(void **state) {
  (void)state;
  const analytic_fn f = cliff;
  const double x[] = {1, 1}, rows[] = {.99, -1, -9, 1}; /* over the cliff, and not */
  double weights[] = {.99, .01}, row[2];
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = rows, .weights = weights};
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &by_default, row, NULL), ATTRIB_OK);
  weights[1] = 0;
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &by_default, row, NULL), ATTRIB_UNDEFINED);
}

/* In groups, and pulled: numbers while it is under way, and NaN once all rows are in. */
static void undefined_in_every_form(void **state) {
  (void)state;
  const analytic_fn f = f_max;
  const double x[] = {3, 1}, b[] = {0, 2};
  const int32_t groups[] = {1, 1};
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  model.max_rows = 8;
  attrib_baselines set = one_baseline(b);
  attrib_interactions_options options = with_points(11, 0);
  options.n_groups = 3;
  options.groups = groups;
  double sums[3], errors[3] = {1, 1, 1};
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  assert_int_equal(attrib_interactions(NULL, &model, x, 0, 0, &set, &options, sums, &report), ATTRIB_UNDEFINED);
  for (int g = 0; g < 3; g++) assert_true(isnan(sums[g]) && isnan(errors[g]));
  assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
  assert_int_equal(report.evaluations, 24);

  attrib_run *run;
  assert_int_equal(attrib_interactions_start(NULL, &model, x, 0, 0, &set, &options, &run), ATTRIB_OK);
  for (int64_t rows = 8; rows <= 24; rows += 8) {
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_int_equal(batch->rows, 8);
    assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &a)), ATTRIB_OK);
    report = (attrib_report){.struct_size = sizeof report};
    assert_int_equal(attrib_run_result(run, sums, &report), rows < 24 ? ATTRIB_OK : ATTRIB_UNDEFINED);
    for (int g = 0; g < 3; g++) assert_int_equal(isnan(sums[g]), rows == 24);
    assert_int_equal(isnan(report.completeness_target), rows < 24);
  }
  assert_names(attrib_run_error(run), "second derivatives miss 1 of how the gradient of input 0 changes");
  assert_int_equal(attrib_run_result(run, NULL, NULL), ATTRIB_UNDEFINED);
  attrib_run_destroy(run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(networks_of_relus_are_undefined),
      cmocka_unit_test(under_a_softmax_a_row_is_good_or_is_not_ok),
      cmocka_unit_test(a_width_makes_them_whole),
      cmocka_unit_test(smooth_networks_are_not_undefined),
      cmocka_unit_test(floats_have_the_digits_they_are_said_to_have),
      cmocka_unit_test(nearly_linear_networks_are_not_undefined),
      cmocka_unit_test(an_attribution_of_0_is_no_failure),
      cmocka_unit_test(one_kink_is_enough),
      cmocka_unit_test(a_kink_with_a_width),
      cmocka_unit_test(a_threshold_takes_over),
      cmocka_unit_test(baselines_are_judged_together),
      cmocka_unit_test(baselines_are_judged_by_what_they_add),
      cmocka_unit_test(undefined_in_every_form),
  };
  return cmocka_run_group_tests_name("interactions_kinks", tests, NULL, NULL);
}
