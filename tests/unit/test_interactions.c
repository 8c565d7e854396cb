/* test_interactions.c - integrated Hessians in closed form, their identities, and the double integral by brute force.
 */
#include "interactions.h"
#include "line_models.h"

enum { N = 6 };
static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* Without a width, second derivatives have so many digits of the gradient's range: see interactions.h. */
static double digits_of(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? 1e-3 : 1e-9;
}

static double largest(const double *values, int64_t n) {
  double most = 0;
  for (int64_t i = 0; i < n; i++) most = fmax(most, fabs(values[i]));
  return most;
}

/* -- closed forms ------------------------------------------------------------------------------------------------- */

static void a_product_is_quarters(void **state) {
  (void)state;
  static const double widths[] = {0, 1e-3, .5, 40};
  const double x[] = {1, 1}, b[] = {0, 0};
  for (int t = 0; t < 2; t++)
    for (int w = 0; w < 4; w++)
      for (int64_t points = 1; points <= 50; points += 7) {
        const question q = {f_product, NULL, dtypes[t], 2, b, x};
        for (int64_t i = 0; i < 2; i++) {
          attrib_report report;
          double *row = row_of(&q, i, points, widths[w], ATTRIB_OK, &report);
          const double tolerance = dtypes[t] == ATTRIB_F32 ? 1e-6 : 1e-12; /* of x +- h, and f there */
          assert_near(row[0], .25, tolerance, 1);
          assert_near(row[1], .25, tolerance, 1);
          assert_near(report.completeness_target, .5, tolerance, 1);
          assert_int_equal(report.evaluations, 2 * (points + 1));
          assert_int_equal(report.output_evaluations, 0);
          assert_int_equal(report.points, points);
          if (widths[w] > 0)
            assert_true(report.sigma == widths[w]);
          else
            assert_near(report.sigma, cbrt(dtypes[t] == ATTRIB_F32 ? (double)FLT_EPSILON : DBL_EPSILON), ROUND_OFF, 1);
          assert_true(isnan(report.output) && isnan(report.baseline_output) && isnan(report.error_estimate));
          free(row);
        }
      }
}

/* Nothing changes: what the feature does is all its own. Exactly 0, not merely small. */
static void a_linear_function_has_no_interactions(void **state) {
  (void)state;
  static const double widths[] = {0, .25};
  double w[N], x[N], b[N];
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 2; k++) {
      fill_rounded(dtypes[t], 1, w, N);
      fill_rounded(dtypes[t], 2, x, N);
      fill_rounded(dtypes[t], 3, b, N);
      const question q = {f_linear, w, dtypes[t], N, b, x};
      double *matrix = matrix_of(&q, 5, widths[k]);
      for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
          const double expected = w[i] * (x[i] - b[i]);
          if (i == j)
            assert_near(matrix[i * N + j], expected, widths[k] > 0 && dtypes[t] == ATTRIB_F32 ? 1e-5 : 1e-14, 10);
          else
            assert_true(matrix[i * N + j] == 0);
        }
      free(matrix);
    }
}

static void random_form(uint64_t seed, double *matrix) {
  fill_random(seed, matrix, N * N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++) matrix[i * N + j] = matrix[j * N + i];
}

/* x'Ax / 2: d_i d_j A_ij / 4, and d_i ((Ab)_i + (Ad)_i / 4) in addition, with any number of points and every width. */
static void quadratic_forms_are_exact(void **state) {
  (void)state;
  static const double widths[] = {0, .01, 3};
  for (int t = 0; t < 2; t++)
    for (int w = 0; w < 3; w++)
      for (uint64_t seed = 1; seed <= 20; seed++) {
        double a[N * N], x[N], b[N];
        random_form(seed, a);
        fill_rounded(dtypes[t], seed + 100, x, N);
        fill_rounded(dtypes[t], seed + 200, b, N);
        const question q = {f_quadratic, a, dtypes[t], N, b, x};
        double *matrix = matrix_of(&q, 1 + (int64_t)seed % 9, widths[w]);
        const double tolerance = dtypes[t] == ATTRIB_F32 ? (widths[w] == 0 ? 2e-4 : 1e-5) : 1e-10;
        for (int i = 0; i < N; i++)
          for (int j = 0; j < N; j++) {
            double expected = (x[i] - b[i]) * (x[j] - b[j]) * a[i * N + j] / 4;
            for (int k = 0; k < N && i == j; k++) expected += (x[i] - b[i]) * a[i * N + k] * (b[k] + (x[k] - b[k]) / 4);
            assert_near(matrix[i * N + j], expected, tolerance, 1);
          }
        free(matrix);
      }
}

/* (sum of w_i x_i)^3. */
static double cube_of_sum(const double *x, int64_t n, double *g, const void *parameters) {
  const double *w = parameters;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += w[i] * x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 3 * sum * sum * w[i];
  return sum * sum * sum;
}

/* Second derivatives of a cubic are linear along the path, so that only the feature's own first derivative, which is
 * not, takes points. */
static void cubics_take_points_on_the_diagonal_alone(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int64_t points = 2; points <= 200; points *= 10) {
      double w[N], x[N], b[N], wb = 0, wd = 0;
      fill_random(5, w, N);
      fill_rounded(dtypes[t], 6, x, N);
      fill_rounded(dtypes[t], 7, b, N);
      for (int k = 0; k < N; k++) wb += w[k] * b[k];
      for (int k = 0; k < N; k++) wd += w[k] * (x[k] - b[k]);
      const question q = {cube_of_sum, w, dtypes[t], N, b, x};
      double *matrix = matrix_of(&q, points, 0), scale = largest(matrix, N * N);
      const double step = 1 / (double)points;
      for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
          const double d_i = x[i] - b[i], d_j = x[j] - b[j];
          double expected = d_i * d_j * 6 * w[i] * w[j] * (wb / 4 + wd / 9), excess = 0;
          if (i == j) {
            expected += d_i * 3 * w[i] * (wb * wb + wb * wd / 2 + wd * wd / 9);
            excess = d_i * 6 * w[i] * wd * wd * step * step / 12;
          }
          assert_near(matrix[i * N + j], expected, digits_of(dtypes[t]) + fabs(excess) / scale, 1.2 * scale);
          if (i == j && points == 20 && t == 1) assert_near(matrix[i * N + j] - expected, excess, .1, fabs(excess));
        }
      free(matrix);
    }
}

static double exponential(const double *x, int64_t n, double *g, const void *parameters) {
  const double *w = parameters;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += w[i] * x[i];
  const double f = exp(sum);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = f * w[i];
  return f;
}

/* e^(w.x), where the weights' integrals are the sums of s^k / (k! (k + 1)^2) and s^k / (k! (k + 2)^2), s = w.d. */
static void the_error_is_of_second_order(void **state) {
  (void)state;
  double w[N], x[N], b[N], start = 0, s = 0, plain = 0, times_c = 0, term = 1, last = 0;
  fill_random(8, w, N);
  fill_random(9, x, N);
  fill_random(10, b, N);
  for (int k = 0; k < N; k++) start += w[k] * b[k];
  for (int k = 0; k < N; k++) s += w[k] * (x[k] - b[k]);
  for (int k = 0; k < 40; k++) {
    if (k > 0) term *= s / k;
    plain += term / ((k + 1) * (k + 1));
    times_c += term / ((k + 2) * (k + 2));
  }
  for (int64_t points = 5; points <= 320; points *= 2) {
    const question q = {exponential, w, ATTRIB_F64, N, b, x};
    double *matrix = matrix_of(&q, points, 0), worst = 0;
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double expected = (x[i] - b[i]) * (x[j] - b[j]) * w[i] * w[j] * exp(start) * times_c;
        if (i == j) expected += (x[i] - b[i]) * w[i] * exp(start) * plain;
        worst = fmax(worst, fabs(matrix[i * N + j] - expected));
      }
    const double excess =
        s * s / 12 / (double)(points * points); /* of everything: second derivatives are s^2 times it */
    assert_near(worst, excess * largest(matrix, N * N), 1 / (double)points, excess * largest(matrix, N * N));
    if (points > 5) assert_near(last / worst, 4, 1 / (double)points, 4);
    last = worst;
    free(matrix);
  }
}

/* -- the definition ----------------------------------------------------------------------------------------------- */

/* Second derivatives of f_waves. */
static double curvature_of_waves(const double *x, int64_t n, int64_t i, int64_t j) {
  const int64_t low = i < j ? i : j;
  if (i == j) return -sin((double)i + x[i]) * (i + 1 < n ? x[i + 1] : 1);
  return i - j == 1 || j - i == 1 ? cos((double)low + x[low]) : 0;
}

/* The published double integral over u and v, both by the midpoint rule. */
static void brute_force(const double *b, const double *x, int pieces, double *matrix) {
  double p[N], g[N];
  memset(matrix, 0, N * N * sizeof *matrix);
  for (int u = 0; u < pieces; u++)
    for (int v = 0; v < pieces; v++) {
      const double uv = (u + .5) * (v + .5) / pieces / pieces, share = 1.0 / pieces / pieces;
      for (int k = 0; k < N; k++) p[k] = b[k] + uv * (x[k] - b[k]);
      f_waves(p, N, g, NULL);
      for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
          const double d_i = x[i] - b[i], d_j = x[j] - b[j];
          matrix[i * N + j] += share * uv * d_i * d_j * curvature_of_waves(p, N, i, j);
          if (i == j) matrix[i * N + j] += share * d_i * g[i];
        }
    }
}

static void one_integral_is_as_good_as_two(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    double x[N], b[N], expected[N * N];
    fill_rounded(dtypes[t], 11, x, N);
    fill_rounded(dtypes[t], 12, b, N);
    const question q = {f_waves, NULL, dtypes[t], N, b, x};
    double *matrix = matrix_of(&q, 300, 0);
    brute_force(b, x, 500, expected);
    const double scale = largest(expected, N * N);
    for (int k = 0; k < N * N; k++) assert_near(matrix[k], expected[k], dtypes[t] == ATTRIB_F32 ? 2e-4 : 4e-6, scale);
    for (int i = 0; i < N; i++) /* those that do not meet: 0 to the last bit, since no difference is */
      for (int j = 0; j < N; j++)
        if (i - j > 1 || j - i > 1) assert_true(matrix[i * N + j] == 0);
    free(matrix);
  }
}

/* Rows by calls of their own, and yet the matrix is symmetric; each row sums to what integrated gradients give the
 * feature, and all of them to what f changes by. */
static void symmetric_and_complete(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint64_t seed = 20; seed < 30; seed++) {
      double x[N], b[N], total = 0, scale;
      fill_rounded(dtypes[t], seed, x, N);
      fill_rounded(dtypes[t], seed + 50, b, N);
      const question q = {f_waves, NULL, dtypes[t], N, b, x};
      double *matrix = matrix_of(&q, 200, 0);
      scale = largest(matrix, N * N);
      const double tolerance = dtypes[t] == ATTRIB_F32 ? 1e-3 : 2e-4; /* of 200 points */
      attrib_ig_options many = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 40);
      analytic a;
      attrib_model model = single_model(&a, &q.f, dtypes[t], N, NULL);
      void *input = as_row(dtypes[t], x, N), *start = as_row(dtypes[t], b, N);
      attrib_baselines set = one_baseline(start);
      double phi[N];
      assert_int_equal(attrib_integrated_gradients(NULL, &model, input, 0, &set, &many, phi, NULL), ATTRIB_OK);
      for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) sum += matrix[i * N + j];
        assert_near(sum, phi[i], tolerance, scale);
        total += sum;
        for (int j = 0; j < i; j++)
          assert_near(matrix[i * N + j], matrix[j * N + i], dtypes[t] == ATTRIB_F32 ? 2e-4 : 1e-9, scale);
      }
      assert_near(total, f_waves(x, N, NULL, NULL) - f_waves(b, N, NULL, NULL), tolerance, N * scale);
      free(start);
      free(input);
      free(matrix);
    }
}

/* What the row misses by points shows: the target is of higher order. */
static void the_completeness_error_is_that_of_the_rule(void **state) {
  (void)state;
  double w[N], x[N], b[N], last = 0;
  fill_random(8, w, N);
  fill_random(9, x, N);
  fill_random(10, b, N);
  const question q = {exponential, w, ATTRIB_F64, N, b, x};
  for (int64_t points = 8; points <= 128; points *= 2) {
    attrib_report report;
    double *row = row_of(&q, 2, points, 0, ATTRIB_OK, &report), start = 0, s = 0;
    for (int k = 0; k < N; k++) start += w[k] * b[k];
    for (int k = 0; k < N; k++) s += w[k] * (x[k] - b[k]);
    const double exact = (x[2] - b[2]) * w[2] * exp(start) * expm1(s) / s;
    const double error = report.attribution_sum - exact;
    assert_near(report.completeness_target, exact, 1e-9 + 1.1 * pow(s / (double)points, 4) / 180, fabs(exact));
    assert_near(report.completeness_error, error, 2 / (double)(points * points), fabs(error));
    assert_true(report.completeness_relative > 1e-3 / (double)(points * points));
    if (points > 8) assert_near(last / error, 4, 1 / (double)points, 4);
    last = error;
    free(row);
  }
}

/* -- widths ------------------------------------------------------------------------------------------------------- */

/* f_waves averaged over the window along feature i: its wave is damped, and where it is a factor it stays. The row sums
 * to the attribution of this function, however wide. */
static void a_row_sums_to_the_attribution_of_the_averaged_function(void **state) {
  (void)state;
  static const double widths[] = {1e-3, .05, .5, 2, 6};
  double x[N], b[N];
  for (int t = 0; t < 2; t++)
    for (int w = 0; w < 5; w++)
      for (int64_t i = 0; i < N; i++) {
        fill_rounded(dtypes[t], 31, x, N);
        fill_rounded(dtypes[t], 32, b, N);
        const question q = {f_waves, NULL, dtypes[t], N, b, x};
        attrib_report report;
        double *row = row_of(&q, i, 300, widths[w], ATTRIB_OK, &report), expected = 0, sum = 0;
        const double damping = sin(widths[w]) / widths[w];
        for (int k = 0; k < 1000; k++) {
          double p[N];
          for (int j = 0; j < N; j++) p[j] = b[j] + (k + .5) / 1000 * (x[j] - b[j]);
          const double next = i + 1 < N ? p[i + 1] : 1, before = i > 0 ? sin((double)(i - 1) + p[i - 1]) : 0;
          expected += (x[i] - b[i]) * (damping * cos((double)i + p[i]) * next + before) / 1000;
        }
        for (int j = 0; j < N; j++) sum += row[j];
        const double tolerance = dtypes[t] == ATTRIB_F64 ? 2e-5 : fmax(2e-5, 1e-6 / widths[w]);
        assert_near(sum, expected, tolerance, 1);
        assert_near(report.completeness_target, expected, tolerance, 1);
        assert_true(report.sigma == widths[w]);
        free(row);
      }
}

/* With it so are single interactions: those of the averaged function. */
static void interactions_are_those_of_the_averaged_function(void **state) {
  (void)state;
  const double width = 1.5, damping = sin(width) / width;
  double x[N], b[N], exact[N * N];
  fill_random(33, x, N);
  fill_random(34, b, N);
  brute_force(b, x, 500, exact);
  const question q = {f_waves, NULL, ATTRIB_F64, N, b, x};
  for (int64_t i = 0; i + 1 < N; i++) {
    attrib_report report;
    double *row = row_of(&q, i, 300, width, ATTRIB_OK, &report);
    assert_near(row[i + 1], damping * exact[i * N + i + 1], 1e-5, 1);  /* the wave is i's own */
    if (i > 0) assert_near(row[i - 1], exact[i * N + i - 1], 1e-5, 1); /* there it is a factor */
    free(row);
  }
}

/* Between its kinks the gradient of one layer of ReLUs is constant, so its difference over a window is that of the
 * units whose kink is in it: for unit k from where the upper side passes it to where the lower one does. */
static double window_weight(int power, double at, double reach) {
  const double ends[2] = {fmin(fmax(at - reach, 0), 1), fmin(fmax(at + reach, 0), 1)};
  double values[2];
  for (int e = 0; e < 2; e++) {
    const double c = ends[e], p = power + 1;
    values[e] = c == 0 ? 0 : pow(c, p) * (1 - p * log(c)) / (p * p);
  }
  return values[1] - values[0];
}

/* What a unit gives to interactions, and by how much the rule may be off: of a window it sees a piece too much or too
 * little, where the weight is 1/e at most, and of the feature's gradient half of a piece at a jump. */
static void add_unit(const relu_net *net, int k, const question *q, int64_t i, double h, double *expected,
                     double *bounds, double *sum_bound) {
  const double *in = net->in + k * N, d_i = q->x[i] - q->b[i];
  double start = net->bias[k], slope = 0;
  for (int j = 0; j < N; j++) start += in[j] * q->b[j];
  for (int j = 0; j < N; j++) slope += in[j] * (q->x[j] - q->b[j]);
  /* The kink is at -start / slope; in the window about it H_ij = out in_i in_j / (2 h |in_i|). */
  const double share = net->out[k] * window_weight(1, -start / slope, h * fabs(in[i] / slope)) / (2 * h);
  for (int j = 0; j < N; j++) {
    const double way = d_i * (q->x[j] - q->b[j]) * (in[i] > 0 ? in[j] : -in[j]);
    expected[j] += way * share;
    bounds[j] += fabs(way * net->out[k]) / (2 * h) * 2 / exp(1);
  }
  *sum_bound += fabs(d_i * net->out[k]) * (fabs(slope) / (2 * h) * 2 / exp(1) + fabs(in[i]));
}

static void a_layer_of_relus_with_a_width(void **state) {
  (void)state;
  enum { UNITS = 12, POINTS = 1000 };
  static const double widths[] = {.05, .3, 2};
  double x[N], b[N], errors = 0, sizes = 0;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    relu_net net = new_relu_net(seed, N, UNITS);
    fill_random(seed + 40, x, N);
    fill_random(seed + 60, b, N);
    const question q = {f_relu_net, &net, ATTRIB_F64, N, b, x};
    for (int w = 0; w < 3; w++)
      for (int64_t i = 0; i < N; i++) {
        double expected[N] = {0}, bounds[N] = {0}, sum_bound = 0, sum = 0;
        for (int k = 0; k < UNITS; k++) add_unit(&net, k, &q, i, widths[w], expected, bounds, &sum_bound);
        attrib_report report;
        double *row = row_of(&q, i, POINTS, widths[w], ATTRIB_OK, &report);
        for (int j = 0; j < N; j++) {
          sum += row[j];
          if (j == i) continue;
          assert_near(row[j], expected[j], 1.0 / POINTS, bounds[j]);
          errors += fabs(row[j] - expected[j]);
          sizes += fabs(expected[j]);
        }
        assert_near(sum, report.completeness_target, 1.0 / POINTS, sum_bound);
        free(row);
      }
    free_relu_net(&net);
  }
  assert_true(errors < 5e-3 * sizes); /* all in all far within the bounds */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_product_is_quarters),
      cmocka_unit_test(a_linear_function_has_no_interactions),
      cmocka_unit_test(quadratic_forms_are_exact),
      cmocka_unit_test(cubics_take_points_on_the_diagonal_alone),
      cmocka_unit_test(the_error_is_of_second_order),
      cmocka_unit_test(one_integral_is_as_good_as_two),
      cmocka_unit_test(symmetric_and_complete),
      cmocka_unit_test(the_completeness_error_is_that_of_the_rule),
      cmocka_unit_test(a_row_sums_to_the_attribution_of_the_averaged_function),
      cmocka_unit_test(interactions_are_those_of_the_averaged_function),
      cmocka_unit_test(a_layer_of_relus_with_a_width),
  };
  return cmocka_run_group_tests_name("interactions", tests, NULL, NULL);
}
