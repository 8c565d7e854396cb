/* Blur integrated gradients: closed forms, a recomputation from attrib_image_blur, order of convergence, layouts,
 * options, report and trace. */
#include "fixture.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};
static const analytic_fn linear = f_linear, quadratic = f_quadratic, waves = f_waves;

static size_t size_of(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
}

static double round_off(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
}

static double element(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static double rounded(uint32_t dtype, double value) {
  return dtype == ATTRIB_F32 ? (double)(float)value : value;
}

static attrib_blur_ig_options along(const attrib_image *shape, int64_t steps, double max_sigma) {
  return (attrib_blur_ig_options){
      .struct_size = sizeof(attrib_blur_ig_options), .steps = steps, .max_sigma = max_sigma, .shape = shape};
}

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* -- layouts ------------------------------------------------------------------------------------------------------ */

enum { INTERLEAVED, PLANAR, PADDED, LAYOUTS };

/* 9 x 7 pixels in 3 channels; padded: gaps after every pixel, row and channel, and some elements at the end. */
static attrib_image layout(int which, int64_t *n) {
  attrib_image shape = {.struct_size = sizeof shape, .width = 9, .height = 7, .channels = 3};
  *n = 9 * 7 * 3;
  if (which == PLANAR) {
    shape.x_stride = 1;
    shape.y_stride = 9;
    shape.channel_stride = 63;
  } else if (which == PADDED) {
    shape.x_stride = 2;
    shape.y_stride = 21;
    shape.channel_stride = 150;
    *n = 3 * 150 + 5;
  }
  return shape;
}

static bool is_pixel(const attrib_image *shape, int64_t i) {
  if (shape->x_stride == 0) return true;
  int64_t c = i / shape->channel_stride, y = i % shape->channel_stride / shape->y_stride;
  int64_t x = i % shape->channel_stride % shape->y_stride;
  return c < shape->channels && y < shape->height && x % shape->x_stride == 0 && x / shape->x_stride < shape->width;
}

/* Numbers of the model's type in [-1, 1), the same in both types. */
static void *picture(uint32_t dtype, uint64_t seed, int64_t n) {
  double *values = exact_block((size_t)n * sizeof *values);
  fill_random(seed, values, n);
  for (int64_t i = 0; i < n; i++) values[i] = (double)(float)values[i];
  void *row = as_row(dtype, values, n);
  free(values);
  return row;
}

/* The input with its pixels blurred. */
static void *blurred(uint32_t dtype, const attrib_image *shape, const void *input, int64_t n, double sigma) {
  void *row = exact_copy(input, (size_t)n * size_of(dtype));
  assert_int_equal(attrib_image_blur(NULL, dtype, shape, input, sigma, row), ATTRIB_OK);
  return row;
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* Of knot m. */
static double sigma_of(const attrib_blur_ig_options *options, int64_t m) {
  const double rest = (double)(options->steps - m) / (double)options->steps;
  return options->max_sigma * (options->flags & ATTRIB_BLUR_EQUAL_STEPS ? rest : rest * rest);
}

/* The definition, by blurs of the public function. `f` of the rounded middles, its gradient rounded to the type. */
static void recompute(analytic_fn f, const void *parameters, uint32_t dtype, const attrib_image *shape,
                      const void *input, int64_t n, const attrib_blur_ig_options *options, double *phi) {
  const int64_t steps = options->steps;
  double *middle = exact_block((size_t)n * sizeof *middle), *gradient = exact_block((size_t)n * sizeof *gradient);
  memset(phi, 0, (size_t)n * sizeof *phi);
  for (int64_t m = 0; m < steps; m++) {
    void *from = blurred(dtype, shape, input, n, sigma_of(options, m));
    void *to = m + 1 == steps ? exact_copy(input, (size_t)n * size_of(dtype))
                              : blurred(dtype, shape, input, n, sigma_of(options, m + 1));
    for (int64_t i = 0; i < n; i++) middle[i] = rounded(dtype, (element(dtype, from, i) + element(dtype, to, i)) / 2);
    f(middle, n, gradient, parameters);
    for (int64_t i = 0; i < n; i++)
      phi[i] += rounded(dtype, element(dtype, to, i) - element(dtype, from, i)) * rounded(dtype, gradient[i]);
    free(from);
    free(to);
  }
  free(gradient);
  free(middle);
}

/* Points are the same but for the last bit of a middle. Attributions are of the order of 1. */
static void agrees_with_the_definition(void **state) {
  (void)state;
  static const int64_t steps[] = {1, 2, 7};
  static const double sigmas[] = {0.4, 2.5, 30};
  for (int t = 0; t < 2; t++)
    for (int which = 0; which < LAYOUTS; which++)
      for (int k = 0; k < 3; k++)
        for (int s = 0; s < 3; s++) {
          int64_t n;
          attrib_image shape = layout(which, &n);
          analytic a;
          attrib_model model = single_model(&a, &waves, dtypes[t], n, NULL);
          void *input = picture(dtypes[t], 5, n), *start = blurred(dtypes[t], &shape, input, n, sigmas[s]);
          attrib_blur_ig_options options = along(&shape, steps[k], sigmas[s]);
          if ((which + k + s) % 2 == 0) options.flags = ATTRIB_BLUR_EQUAL_STEPS;
          attrib_report report = fresh_report();
          double *phi = untouched(n), *expected = untouched(n);
          assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
          recompute(waves, NULL, dtypes[t], &shape, input, n, &options, expected);
          for (int64_t i = 0; i < n; i++) {
            assert_near(phi[i], expected[i], round_off(dtypes[t]), 1);
            assert_true(is_pixel(&shape, i) || phi[i] == 0);
          }
          assert_int_equal(report.evaluations, steps[k]);
          assert_int_equal(report.output_evaluations, 2);
          assert_int_equal(report.points, steps[k]);
          assert_int_equal(report.rule, ATTRIB_RULE_MIDPOINT);
          assert_true(report.sigma == sigmas[s] && isnan(report.unassigned));
          assert_int_equal(a.rows, steps[k] + 2);
          free(expected);
          free(phi);
          free(start);
          free(input);
        }
}

/* Notes every row that it is asked for. */
typedef struct witness {
  analytic *inner;
  char *rows;
  size_t row_size;
} witness;

static int32_t ATTRIB_CALL see(const attrib_batch *b, void *user) {
  witness *w = user;
  for (int64_t r = 0; r < b->rows; r++)
    memcpy(w->rows + (size_t)b->row_ids[r] * w->row_size,
           (const char *)b->inputs + (size_t)(r * b->input_stride) * size_of(b->dtype), w->row_size);
  return analytic_evaluate(b, w->inner);
}

/* The path ends at the blur with max_sigma (PAIR's with sqrt at its root) and begins at the input, bit for bit; what is
 * no pixel keeps its value on the way. */
static void unlike_pair_the_end_is_max_sigma(void **state) {
  (void)state;
  enum { STEPS = 6 };
  for (int t = 0; t < 2; t++)
    for (int which = 0; which < LAYOUTS; which++) {
      int64_t n;
      attrib_image shape = layout(which, &n);
      size_t bytes = (size_t)n * size_of(dtypes[t]);
      analytic a;
      attrib_model model = single_model(&a, &waves, dtypes[t], n, NULL);
      void *input = picture(dtypes[t], 6, n), *start = blurred(dtypes[t], &shape, input, n, 9);
      witness w = {.inner = &a, .rows = exact_block((STEPS + 2) * bytes), .row_size = bytes};
      model.evaluate = see;
      model.user = &w;
      attrib_blur_ig_options options = along(&shape, STEPS, 9);
      attrib_report report = fresh_report();
      double *phi = untouched(n);
      assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
      assert_memory_equal(w.rows, input, bytes);
      assert_memory_equal(w.rows + bytes, start, bytes);
      for (int64_t i = 0; i < n; i++)
        for (size_t r = 0; r < STEPS + 2; r++)
          if (!is_pixel(&shape, i))
            assert_true(element(dtypes[t], w.rows + r * bytes, i) == element(dtypes[t], input, i));
      double *values = untouched(n);
      for (int64_t i = 0; i < n; i++) values[i] = element(dtypes[t], start, i);
      assert_true(report.baseline_output == f_waves(values, n, NULL, NULL));
      for (int64_t i = 0; i < n; i++) values[i] = element(dtypes[t], input, i);
      assert_true(report.output == f_waves(values, n, NULL, NULL));
      free(values);
      free(phi);
      free(w.rows);
      free(start);
      free(input);
    }
}

/* -- closed forms ------------------------------------------------------------------------------------------------- */

/* A lone pixel, (0, 0, 1, 0, 0), whose blur by sigma 1 is (.058422989041, .242105276281, .398943469356, ...). With
 * w = (1 ... 5) the linear function gives w (x - L), and x'x / 2 gives (x^2 - L^2) / 2: chords with midpoints are exact
 * for it, so that neither the number of steps nor their spacing matters (PAIR's batches take the length of one step for
 * all: right for equal steps alone). */
static void a_lone_pixel(void **state) {
  (void)state;
  static const double x[] = {0, 0, 1, 0, 0}, w[] = {1, 2, 3, 4, 5};
  static const double eye[] = {1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
  static const double expected[2][5] = {
      {-0.058422989041, -0.484210552562, 1.80316959193, -0.968421105124, -0.292114945205},
      {-0.00170662282424, -0.0293074824015, 0.420422054129, -0.0293074824015, -0.00170662282424}};
  static const int64_t steps[] = {1, 2, 7, 100};
  attrib_image shape = {.struct_size = sizeof shape, .width = 5, .height = 1, .channels = 1};
  for (int k = 0; k < 2; k++)
    for (int s = 0; s < COUNT(steps); s++)
      for (uint32_t max_rows = 1; max_rows <= 16; max_rows += 15)
        for (int equal = 0; equal < 2; equal++) {
          analytic a;
          attrib_model model = single_model(&a, k == 0 ? &linear : &quadratic, ATTRIB_F64, 5, k == 0 ? w : eye);
          attrib_blur_ig_options options = along(&shape, steps[s], 1);
          attrib_report report = fresh_report();
          double phi[5];
          model.max_rows = max_rows;
          options.flags = equal ? ATTRIB_BLUR_EQUAL_STEPS : 0;
          assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, x, 0, &options, phi, &report), ATTRIB_OK);
          for (int i = 0; i < 5; i++) assert_near(phi[i], expected[k][i], 1e-11, 1);
          assert_near(report.attribution_sum, k == 0 ? 0 : 0.358393843678, 1e-11, 1);
          assert_near(report.completeness_error, 0, ROUND_OFF, 1);
        }
}

/* w (x - L(max_sigma)), whatever the number of steps. */
static void a_linear_function_is_exact_with_any_number_of_steps(void **state) {
  (void)state;
  static const int64_t steps[] = {1, 3, 100};
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 3; k++) {
      int64_t n;
      attrib_image shape = layout(PLANAR, &n);
      analytic a;
      double *weights = exact_block((size_t)n * sizeof *weights);
      fill_random(8, weights, n);
      for (int64_t i = 0; i < n; i++) weights[i] = (double)(float)weights[i];
      attrib_model model = single_model(&a, &linear, dtypes[t], n, weights);
      void *input = picture(dtypes[t], 7, n), *start = blurred(dtypes[t], &shape, input, n, 5);
      attrib_blur_ig_options options = along(&shape, steps[k], 5);
      attrib_report report = fresh_report();
      double *phi = untouched(n);
      assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
      for (int64_t i = 0; i < n; i++)
        assert_near(phi[i], weights[i] * (element(dtypes[t], input, i) - element(dtypes[t], start, i)),
                    round_off(dtypes[t]), 1);
      assert_near(report.completeness_error, 0, round_off(dtypes[t]), 10);
      free(phi);
      free(start);
      free(input);
      free(weights);
    }
}

static double sum_of_cubes(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += x[i] * x[i] * x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 3 * x[i] * x[i];
  return sum;
}

static void blur_path(analytic_fn f, const void *parameters, const attrib_image *shape, const void *input, int64_t n,
                      int64_t steps, double *phi, attrib_report *report) {
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, n, parameters);
  attrib_blur_ig_options options = along(shape, steps, 3);
  *report = fresh_report();
  assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, report), ATTRIB_OK);
}

static double distance(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

/* Twice the steps, a quarter of the error: of a cube's sum; and of each attribution of a quadratic form, whose sum is
 * exact on every chord. */
static void the_error_is_of_second_order(void **state) {
  (void)state;
  enum { N = 30, FINE = 1000 };
  const attrib_image shape = {.struct_size = sizeof shape, .width = 6, .height = 5, .channels = 1};
  double matrix[N * N], cubic[3], apart[3], fine[N], phi[N];
  fill_random(21, matrix, COUNT(matrix));
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++) matrix[i * N + j] = matrix[j * N + i];
  void *input = picture(ATTRIB_F64, 22, N);
  attrib_report report;
  blur_path(f_quadratic, matrix, &shape, input, N, FINE, fine, &report);
  for (int k = 0; k < 3; k++) {
    int64_t steps = 8 << k;
    blur_path(sum_of_cubes, NULL, &shape, input, N, steps, phi, &report);
    cubic[k] = fabs(report.completeness_error);
    blur_path(f_quadratic, matrix, &shape, input, N, steps, phi, &report);
    apart[k] = distance(phi, fine, N);
    assert_near(report.completeness_error, 0, ROUND_OFF, 100);
  }
  for (int k = 0; k < 2; k++) {
    assert_in_range((int)(100 * cubic[k] / cubic[k + 1]), 300, 500);
    assert_in_range((int)(100 * apart[k] / apart[k + 1]), 300, 500);
  }
  assert_true(apart[2] > 1e-6);
  free(input);
}

/* PAIR pads with zeros, so a constant picture fades from its borders inwards. Here nothing moves, to the last bit, and
 * gradients are not looked at. */
static void unlike_pair_a_constant_picture_has_no_path(void **state) {
  (void)state;
  static const double values[] = {0.7, 1.0 / 3, 1e30, -0.0};
  for (int t = 0; t < 2; t++)
    for (int which = 0; which < LAYOUTS; which++)
      for (int k = 0; k < 4; k++) {
        int64_t n;
        attrib_image shape = layout(which, &n);
        analytic a;
        single_model(&a, &waves, dtypes[t], n, NULL);
        spoiler s = {.inner = &a, .output_row = -1, .gradient_row = 4, .feature = 2, .gradient = NAN};
        s.fail_from_row = -1;
        attrib_model model = spoiled_model(&s);
        double *value = exact_block((size_t)n * sizeof *value), *phi = untouched(n);
        for (int64_t i = 0; i < n; i++) value[i] = values[k];
        void *input = as_row(dtypes[t], value, n);
        attrib_blur_ig_options options = along(&shape, 5, 50);
        attrib_report report = fresh_report();
        assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
        for (int64_t i = 0; i < n; i++) assert_true(phi[i] == 0);
        assert_true(report.completeness_target == 0 && report.output == report.baseline_output);
        free(phi);
        free(value);
        free(input);
      }
}

/* So does a flat channel among others. */
static void a_flat_channel_stays(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int flat = 0; flat < 3; flat++) {
      int64_t n;
      attrib_image shape = layout(INTERLEAVED, &n);
      analytic a;
      attrib_model model = single_model(&a, &waves, dtypes[t], n, NULL);
      double *value = exact_block((size_t)n * sizeof *value), *phi = untouched(n);
      fill_random(4, value, n);
      for (int64_t i = flat; i < n; i += 3) value[i] = 0.1;
      void *input = as_row(dtypes[t], value, n);
      attrib_blur_ig_options options = along(&shape, 4, 10);
      assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, NULL), ATTRIB_OK);
      for (int64_t i = 0; i < n; i++) assert_true((phi[i] == 0) == (i % 3 == flat));
      free(phi);
      free(value);
      free(input);
    }
}

/* Below an eighth of a pixel the blur is the identity. */
static void a_path_too_short_to_blur(void **state) {
  (void)state;
  int64_t n;
  attrib_image shape = layout(PLANAR, &n);
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, n, NULL);
  void *input = picture(ATTRIB_F64, 3, n);
  attrib_blur_ig_options options = along(&shape, 3, 0.1);
  attrib_report report = fresh_report();
  double *phi = untouched(n);
  assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
  for (int64_t i = 0; i < n; i++) assert_true(phi[i] == 0);
  assert_true(report.completeness_target == 0 && report.completeness_relative == 0);
  free(phi);
  free(input);
}

/* -- groups, weights, trace, memory ------------------------------------------------------------------------------- */

static void groups_and_target_weights(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_waves, sum_of_cubes};
  int64_t n;
  attrib_image shape = layout(PADDED, &n);
  analytic a = {.functions = functions, .n_outputs = 2, .n_inputs = n, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  void *input = picture(ATTRIB_F64, 13, n);
  double *weights = exact_copy((const double[]){2, -.5}, 2 * sizeof(double));
  int32_t *labels = exact_block((size_t)n * sizeof *labels);
  for (int64_t i = 0; i < n; i++) labels[i] = i % 4 == 3 ? 4 : (int32_t)(i % 4); /* group 3 has no feature */
  attrib_blur_ig_options options = along(&shape, 6, 4);
  double *phi[3], *grouped = untouched(5), sums[5] = {0};
  for (int k = 0; k < 3; k++) {
    phi[k] = untouched(n);
    options.target_weights = k == 2 ? weights : NULL;
    assert_int_equal(
        attrib_blur_integrated_gradients(NULL, &model, input, k == 2 ? ATTRIB_NO_TARGET : k, &options, phi[k], NULL),
        ATTRIB_OK);
  }
  for (int64_t i = 0; i < n; i++) assert_near(phi[2][i], 2 * phi[0][i] - .5 * phi[1][i], ROUND_OFF, 10);
  options.groups = labels;
  options.n_groups = 5;
  assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, ATTRIB_NO_TARGET, &options, grouped, NULL),
                   ATTRIB_OK);
  for (int64_t i = 0; i < n; i++) sums[labels[i]] += phi[2][i];
  for (int g = 0; g < 5; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 100);
  assert_true(grouped[3] == 0 && grouped[4] != 0);
  for (int k = 0; k < 3; k++) free(phi[k]);
  free(grouped);
  free(labels);
  free(weights);
  free(input);
}

/* Cells of 1 / steps each, whatever the batches (PAIR gives a batch the width of its last step); for a quadratic f the
 * cumulative curve at the edges is f along the knots. */
static void the_trace_is_the_alpha_curve(void **state) {
  (void)state;
  enum { N = 30, STEPS = 7 };
  const attrib_image shape = {.struct_size = sizeof shape, .width = 6, .height = 5, .channels = 1};
  double matrix[N * N], phi[N];
  fill_random(21, matrix, COUNT(matrix));
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++) matrix[i * N + j] = matrix[j * N + i];
  void *input = picture(ATTRIB_F64, 2, N);
  for (uint32_t max_rows = 1; max_rows <= 10; max_rows += 3) {
    analytic a;
    attrib_model model = single_model(&a, &quadratic, ATTRIB_F64, N, matrix);
    model.max_rows = max_rows;
    attrib_blur_ig_options options = along(&shape, STEPS, 3);
    attrib_trace_point *trace = exact_block(STEPS * sizeof *trace);
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = STEPS};
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, STEPS);
    double cumulative = 0;
    for (int m = 0; m < STEPS; m++) {
      assert_near(trace[m].alpha, (m + .5) / STEPS, ROUND_OFF, 1);
      assert_near(trace[m].weight, 1.0 / STEPS, ROUND_OFF, 1);
      assert_int_equal(trace[m].baseline, 0);
      assert_int_equal(trace[m].row_id, m + 2);
      cumulative += trace[m].weight * trace[m].slope;
      double sigma = sigma_of(&options, m + 1);
      double *knot = blurred(ATTRIB_F64, &shape, input, N, sigma);
      assert_near(cumulative, f_quadratic(knot, N, NULL, matrix) - report.baseline_output, ROUND_OFF, 100);
      free(knot);
    }
    assert_near(cumulative, report.attribution_sum, ROUND_OFF, 100);
    free(trace);
  }
  free(input);
}

/* Terms of 1e8 that cancel to a tenth: the slope keeps the digits of what is left. */
static void the_slope_is_compensated(void **state) {
  (void)state;
  enum { N = 63, STEPS = 3 };
  const attrib_image shape = {.struct_size = sizeof shape, .width = 9, .height = 7, .channels = 1};
  double *input = picture(ATTRIB_F64, 31, N), weights[N], phi[N];
  double *from = blurred(ATTRIB_F64, &shape, input, N, 2), *to = blurred(ATTRIB_F64, &shape, input, N, 2 * (2 / 3.0));
  long double sum = 0;
  for (int i = 0; i < N; i++) {
    weights[i] = i + 1 == N ? 1 : (i % 2 == 0 ? 1e8 : -1e8) / (to[i] - from[i]);
    sum += (long double)(weights[i] * (to[i] - from[i]));
  }
  analytic a;
  attrib_model model = single_model(&a, &linear, ATTRIB_F64, N, weights);
  attrib_blur_ig_options options = along(&shape, STEPS, 2);
  options.flags = ATTRIB_BLUR_EQUAL_STEPS;
  attrib_trace_point trace[STEPS];
  attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = STEPS};
  assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
  assert_true(fabsl(sum) < 1 && fabsl(sum) > 1e-6);
  assert_near(trace[0].weight * trace[0].slope, (double)sum, ROUND_OFF, 1);
  free(to);
  free(from);
  free(input);
}

static void memory_does_not_grow(void **state) {
  (void)state;
  int64_t n, bytes[2];
  attrib_image shape = layout(PLANAR, &n);
  void *input = picture(ATTRIB_F32, 2, n);
  double *phi = untouched(n);
  for (int k = 0; k < 2; k++) {
    analytic a;
    attrib_model model = single_model(&a, &waves, ATTRIB_F32, n, NULL);
    model.max_rows = 4;
    attrib_blur_ig_options options = along(&shape, k == 0 ? 9 : 120, 20);
    attrib_report report = fresh_report();
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi, &report), ATTRIB_OK);
    bytes[k] = report.peak_bytes;
  }
  assert_true(bytes[0] > 0 && bytes[0] == bytes[1]);
  free(phi);
  free(input);
}

/* -- failures and arguments --------------------------------------------------------------------------------------- */

/* One pixel at the top of the range among many at its bottom: what it moves by is twice as long. */
static void a_way_too_long_for_the_type(void **state) {
  (void)state;
  enum { N = 64 };
  const attrib_image shape = {.struct_size = sizeof shape, .width = N, .height = 1, .channels = 1};
  const double weights[N] = {0};
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++) {
    double values[N];
    for (int i = 0; i < N; i++) values[i] = (i == 17 ? 1 : -1) * (t == 0 ? (double)FLT_MAX : DBL_MAX);
    void *input = as_row(dtypes[t], values, N);
    analytic a;
    attrib_model model = single_model(&a, &linear, dtypes[t], N, weights);
    attrib_blur_ig_options options = along(&shape, 1, 50);
    double *phi = untouched(N);
    assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, NULL), ATTRIB_E_OVERFLOW,
                  context);
    assert_names(attrib_context_error(context), "input: step 0 of the blur moves element 17 too far");
    assert_true(is_untouched(phi, N));
    free(phi);
    free(input);
  }
  attrib_context_destroy(context);
}

static void defaults_are_100_steps_from_50_pixels(void **state) {
  (void)state;
  int64_t n;
  attrib_image shape = layout(INTERLEAVED, &n);
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F32, n, NULL);
  void *input = picture(ATTRIB_F32, 2, n);
  double *phi[2];
  for (int k = 0; k < 2; k++) {
    attrib_blur_ig_options options = k == 0 ? along(&shape, 0, 0) : along(&shape, 100, 50);
    attrib_report report = fresh_report();
    phi[k] = untouched(n);
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, input, 0, &options, phi[k], &report), ATTRIB_OK);
    assert_int_equal(report.points, 100);
    assert_true(report.sigma == 50);
  }
  assert_same_bits(phi[0], phi[1], n);
  free(phi[0]);
  free(phi[1]);
  free(input);
}

/* A threshold on the midpoint rule's error, which one step leaves large. */
static void completeness_threshold(void **state) {
  (void)state;
  int64_t n;
  attrib_image shape = layout(PLANAR, &n);
  attrib_context *context = new_context(1, 0);
  const analytic_fn cubes = sum_of_cubes;
  analytic a;
  attrib_model model = single_model(&a, &cubes, ATTRIB_F64, n, NULL);
  void *input = picture(ATTRIB_F64, 2, n);
  attrib_blur_ig_options options = along(&shape, 1, 20);
  attrib_report report = fresh_report();
  double *phi = untouched(n);
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, &report), ATTRIB_OK,
                context);
  assert_true(report.completeness_relative > .1);
  options.completeness_threshold = report.completeness_relative;
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, NULL), ATTRIB_OK, context);
  options.completeness_threshold = .1;
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, NULL), ATTRIB_NOT_CONVERGED,
                context);
  assert_names(attrib_context_error(context), "options->completeness_threshold = 0.1");
  free(phi);
  free(input);
  attrib_context_destroy(context);
}

static const attrib_image fits = {.struct_size = sizeof fits, .width = 3, .height = 2, .channels = 2};
static const attrib_image no_width = {.struct_size = sizeof no_width, .height = 2, .channels = 2};
static const attrib_image too_large = {.struct_size = sizeof too_large,
                                       .width = 3,
                                       .height = 2,
                                       .channels = 2,
                                       .x_stride = 2,
                                       .y_stride = 7,
                                       .channel_stride = 1};
static const attrib_image flagged = {.struct_size = sizeof flagged, .flags = 1, .width = 3, .height = 2, .channels = 2};

typedef struct wrong {
  attrib_blur_ig_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const wrong wrongs[] = {
    {{.shape = &fits, .flags = 2}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x2"},
    {{.shape = &fits, .reserved = &fits}, ATTRIB_E_UNSUPPORTED, "reserved = "},
    {{.shape = &fits, .steps = -1}, ATTRIB_E_ARGUMENT, "options->steps = -1"},
    {{.shape = &fits, .steps = (INT64_C(1) << 52) + 1}, ATTRIB_E_ARGUMENT, "options->steps = 4503599627370497"},
    {{.shape = &fits, .max_sigma = -2}, ATTRIB_E_ARGUMENT, "options->max_sigma = -2"},
    {{.shape = &fits, .max_sigma = 1.5e6}, ATTRIB_E_ARGUMENT, "options->max_sigma = 1.5e+06"},
    {{.shape = &fits, .max_sigma = (double)NAN}, ATTRIB_E_ARGUMENT, "options->max_sigma = "},
    {{.shape = &fits, .n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.shape = &fits, .n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.shape = &fits, .completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.shape = &fits, .target_weights = (const double[]){1}}, ATTRIB_E_ARGUMENT, "target = 0"},
    {{.shape = NULL}, ATTRIB_E_ARGUMENT, "options->shape is NULL"},
    {{.shape = &no_width}, ATTRIB_E_ARGUMENT, "shape->width = 0"},
    {{.shape = &flagged}, ATTRIB_E_UNSUPPORTED, "shape->flags = 0x1"},
    {{.shape = &too_large}, ATTRIB_E_ARGUMENT, "options->shape: its last element would be input 12, and the model has"},
};

/* In both forms, and nothing is evaluated. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  enum { N = 12 };
  attrib_context *context = new_context(1, 0);
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  double *input = picture(ATTRIB_F64, 2, N), *phi = untouched(N);
  attrib_blur_ig_options options;
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, NULL), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_blur_integrated_gradients_start(context, &model, input, 0, &options, &run), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  options = along(&fits, 3, 2);
  assert_status(attrib_blur_integrated_gradients(context, NULL, input, 0, &options, phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "model is NULL");
  assert_status(attrib_blur_integrated_gradients(context, &model, NULL, 0, &options, phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "input is NULL");
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, NULL, phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "options is NULL");
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, NULL, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "attributions is NULL");
  input[7] = INFINITY;
  assert_status(attrib_blur_integrated_gradients(context, &model, input, 0, &options, phi, NULL), ATTRIB_E_NONFINITE,
                context);
  assert_names(attrib_context_error(context), "input[7] = inf");
  assert_true(is_untouched(phi, N) && a.calls == 0);
  free(phi);
  free(input);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(unlike_pair_the_end_is_max_sigma),
      cmocka_unit_test(a_lone_pixel),
      cmocka_unit_test(a_linear_function_is_exact_with_any_number_of_steps),
      cmocka_unit_test(the_error_is_of_second_order),
      cmocka_unit_test(unlike_pair_a_constant_picture_has_no_path),
      cmocka_unit_test(a_flat_channel_stays),
      cmocka_unit_test(a_path_too_short_to_blur),
      cmocka_unit_test(groups_and_target_weights),
      cmocka_unit_test(the_trace_is_the_alpha_curve),
      cmocka_unit_test(the_slope_is_compensated),
      cmocka_unit_test(memory_does_not_grow),
      cmocka_unit_test(a_way_too_long_for_the_type),
      cmocka_unit_test(defaults_are_100_steps_from_50_pixels),
      cmocka_unit_test(completeness_threshold),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
