/* test_ablation.c - ablation curves: exact values, and random ones against plain loops. */
#include "ablation.h"

/* -- exact values ------------------------------------------------------------------------------------------------- */

/* Of the linear model with these weights at (1, 1, ...), from zeros, by its weights; n at most 25. */
static void linear(int64_t n, const double *weights, const double *scores, const attrib_ablation_options *options,
                   attrib_status wanted, double *values, attrib_report *report) {
  static const analytic_fn function[] = {f_linear};
  double ones[25], zeros[25] = {0};
  for (int64_t i = 0; i < n; i++) ones[i] = 1;
  analytic a;
  const attrib_model model = single_model(&a, function, ATTRIB_F64, n, weights);
  const attrib_baselines set = one_baseline(zeros);
  report->struct_size = sizeof *report;
  attrib_context *context = new_context(1, 0);
  assert_status(attrib_ablation(context, &model, ones, 0, scores, &set, options, values, report), wanted, context);
  attrib_context_destroy(context);
}

static const double three[] = {3, 2, 1};

static void expect_values(const attrib_ablation_options *options, int64_t count, const double *wanted,
                          double objective) {
  attrib_report report = {0};
  double *values = untouched(count);
  linear(3, three, three, options, ATTRIB_OK, values, &report);
  for (int64_t i = 0; i < count; i++) assert_near(values[i], wanted[i], ROUND_OFF, 1);
  assert_near(report.objective, objective, ROUND_OFF, 1);
  assert_true(report.output == 6 && report.points == count - 1);
  free(values);
}

static void deletion_and_insertion(void **state) {
  (void)state;
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .curve = ATTRIB_CURVE_RATIO};
  const double deletion[] = {1, .5, 1.0 / 6, 0}, insertion[] = {0, .5, 5.0 / 6, 1};
  expect_values(&options, 4, deletion, 7.0 / 18);
  options.order = ATTRIB_ABLATION_INSERTION;
  expect_values(&options, 4, insertion, 11.0 / 18);
  options.curve = ATTRIB_CURVE_MINMAX;
  expect_values(&options, 4, insertion, 11.0 / 18);
  options.curve = ATTRIB_CURVE_RAW;
  expect_values(&options, 4, (const double[]){0, 3, 5, 6}, 11.0 / 3);
}

static void over_the_perturbation_curve(void **state) {
  (void)state;
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .summary = ATTRIB_SUMMARY_AOPC};
  expect_values(&options, 4, (const double[]){6, 3, 1, 0}, 3.5);
  options.curve = ATTRIB_CURVE_MINMAX; /* of the values, not of the summary */
  expect_values(&options, 4, (const double[]){1, .5, 1.0 / 6, 0}, 3.5);
  options.points = 2;
  expect_values(&options, 3, (const double[]){1, .5, 1.0 / 6}, 8.0 / 3);
}

static void parts_of_a_curve(void **state) {
  (void)state;
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .points = 2};
  expect_values(&options, 3, (const double[]){6, 3, 1}, 3.25);
  options.order = ATTRIB_ABLATION_INSERTION;
  expect_values(&options, 3, (const double[]){0, 3, 5}, 2.75);
  options.step = 2; /* the last step is shorter */
  expect_values(&options, 3, (const double[]){0, 5, 6}, (5 + 5.5) / 3);
  options.step = 3; /* all at once */
  options.points = 0;
  expect_values(&options, 2, (const double[]){0, 6}, 3);
}

/* Ten points of three units, the default: 0 0 0 0 1 1 1 2 2 2 3 of them, in four rows. */
static void more_points_than_units(void **state) {
  (void)state;
  attrib_ablation_options options = {.struct_size = sizeof options};
  expect_values(&options, 11, (const double[]){6, 6, 6, 6, 3, 3, 3, 1, 1, 1, 0}, 7.0 / 3);
  options.order = ATTRIB_ABLATION_INSERTION;
  expect_values(&options, 11, (const double[]){0, 0, 0, 0, 3, 3, 3, 5, 5, 5, 6}, 11.0 / 3);
  double values[11];
  attrib_report report = {0};
  linear(3, three, three, &options, ATTRIB_OK, values, &report);
  assert_true(report.output_evaluations == 4 && report.evaluations == 0 && report.baseline_output == 0);
  linear(1, three, three, &options, ATTRIB_OK, values, &report); /* one feature */
  for (int i = 0; i < 11; i++) assert_true(values[i] == (i < 10 ? 0 : 3));
  assert_int_equal(report.output_evaluations, 2);
}

static void signs_and_ties(void **state) {
  (void)state;
  const double weights[] = {1, 2, 4, 8, 16}, scores[] = {-5, 1, 3, 1, -1}, same[] = {7, 7, 7, 7, 7}, zeros[5] = {0};
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1};
  double values[6];
  attrib_report report = {0};
  linear(5, weights, scores, &options, ATTRIB_OK, values, &report); /* 2 1 3 4 0 */
  assert_memory_equal(values, ((const double[]){31, 27, 25, 17, 1, 0}), sizeof values);
  options.flags = ATTRIB_METRIC_ABSOLUTE; /* 0 2 1 3 4 */
  linear(5, weights, scores, &options, ATTRIB_OK, values, &report);
  assert_memory_equal(values, ((const double[]){31, 30, 26, 24, 16, 0}), sizeof values);
  options.flags = ATTRIB_METRIC_LOWEST_FIRST; /* 0 4 1 3 2 */
  linear(5, weights, scores, &options, ATTRIB_OK, values, &report);
  assert_memory_equal(values, ((const double[]){31, 30, 14, 12, 4, 0}), sizeof values);
  for (uint32_t flags = 0; flags <= ATTRIB_METRIC_LOWEST_FIRST; flags += ATTRIB_METRIC_LOWEST_FIRST)
    for (int k = 0; k < 2; k++) {
      options.flags = flags;
      linear(5, weights, k == 0 ? same : zeros, &options, ATTRIB_OK, values, &report);
      assert_memory_equal(values, ((const double[]){31, 30, 28, 24, 16, 0}), sizeof values);
    }
}

/* Weights are powers of two, so that f says which pixels are left. */
static void boxes(void **state) {
  (void)state;
  double weights[25], map[25] = {0}, values[3], left = 0, trap = 0;
  const attrib_image shape = {.struct_size = sizeof shape, .width = 5, .height = 5, .channels = 1};
  attrib_ablation_options options = {
      .struct_size = sizeof options, .selection = ATTRIB_SELECT_CENTRE_EDGE, .points = 2, .shape = &shape};
  attrib_report report = {0};
  for (int64_t i = 0; i < 25; i++) {
    weights[i] = ldexp(1, (int)i);
    const int64_t y = i / 5, x = i % 5;
    if (!(y < 3 && x >= 1 && x < 4)) left += weights[i]; /* rows 0 to 2, columns 1 to 3 */
    if (!(y >= 1 && y < 3 && x < 3)) trap += weights[i]; /* about (1.58, 2.42) */
  }
  map[1 * 5 + 3] = 1;
  linear(25, weights, map, &options, ATTRIB_OK, values, &report);
  assert_true(values[0] == 33554431 && values[1] == left && values[2] == 0);
  assert_int_equal(report.output_evaluations, 3);
  options.order = ATTRIB_ABLATION_INSERTION;
  linear(25, weights, map, &options, ATTRIB_OK, values, &report);
  assert_true(values[0] == 0 && values[1] == 33554431 - left && values[2] == 33554431);
  options.order = ATTRIB_ABLATION_DELETION;
  map[4 * 5 + 0] = -.9;
  linear(25, weights, map, &options, ATTRIB_OK, values, &report);
  assert_true(values[1] == trap);
  options.selection = ATTRIB_SELECT_CENTRE_AREA; /* k = .25 as an area is half of either side */
  options.points = 4;
  double quarters[5];
  linear(25, weights, map, &options, ATTRIB_OK, quarters, &report);
  assert_true(quarters[1] == trap && quarters[4] == 0);
}

static void undefined(void **state) {
  (void)state;
  const double even[] = {1, -1}, odd[] = {1, 1};
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .curve = ATTRIB_CURVE_RATIO};
  for (uint32_t curve = ATTRIB_CURVE_RATIO; curve <= ATTRIB_CURVE_MINMAX; curve++) {
    double values[3];
    attrib_report report = {0};
    options.curve = curve;
    options.summary = ATTRIB_SUMMARY_AREA;
    linear(2, even, odd, &options, ATTRIB_UNDEFINED, values, &report); /* f(input) = f(replacement) = 0 */
    for (int i = 0; i < 3; i++) assert_true(isnan(values[i]));
    assert_true(isnan(report.objective) && report.output == 0 && report.baseline_output == 0);
    options.summary = ATTRIB_SUMMARY_AOPC; /* exists all the same: (0 + 1 + 0) / 3 */
    linear(2, even, odd, &options, ATTRIB_UNDEFINED, values, &report);
    assert_true(isnan(values[0]) && fabs(report.objective - 1.0 / 3) < ROUND_OFF);
  }
}

static int32_t ATTRIB_CALL constant(const attrib_batch *batch, void *user) {
  for (int64_t r = 0; r < batch->rows; r++) batch->outputs[r * batch->output_stride] = *(const double *)user;
  return 0;
}

/* Of an f that is the same everywhere no mean over replacements is another, whatever they weigh. */
static void a_constant_has_no_share(void **state) {
  (void)state;
  const double x[] = {1, 2}, rows[10] = {0}, scores[] = {1, 2}, weights[] = {.3, .7, 1, 2, 3};
  for (int k = 1; k < 1000; k++) {
    double f = k / 100.0, values[11];
    const attrib_model model = {.struct_size = sizeof model,
                                .dtype = ATTRIB_F64,
                                .n_inputs = 2,
                                .n_outputs = 1,
                                .evaluate = constant,
                                .user = &f};
    for (int weighted = 0; weighted < 2; weighted++) {
      const attrib_baselines set = {
          .struct_size = sizeof set, .count = 2 + k % 4, .rows = rows, .weights = weighted ? weights : NULL};
      const attrib_ablation_options options = {.struct_size = sizeof options, .curve = ATTRIB_CURVE_MINMAX};
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(attrib_ablation(NULL, &model, x, 0, scores, &set, &options, values, &report), ATTRIB_UNDEFINED);
      assert_true(report.output == f && report.baseline_output == f && isnan(values[5]));
    }
  }
}

/* From a probability of 0 to the smallest there is. */
static void shares_of_denormals(void **state) {
  (void)state;
  const double w[] = {5e-324}, x[] = {1}, row[] = {0}, score[] = {1};
  const analytic_fn f[] = {f_linear};
  analytic a;
  const attrib_model model = single_model(&a, f, ATTRIB_F64, 1, w);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = row};
  const attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .curve = ATTRIB_CURVE_MINMAX};
  double values[2];
  assert_int_equal(attrib_ablation(NULL, &model, x, 0, score, &set, &options, values, NULL), ATTRIB_OK);
  assert_true(values[0] == 1 && values[1] == 0);
}

/* Ratios to a small f(input), and a decrease of f, beyond the range of double. */
static void overflows(void **state) {
  (void)state;
  const double tiny[] = {-1e308, 1e308, 1e-10}, steep[] = {1.5e308, -1.5e308, 1.5e308}, scores[] = {3, 1, 2};
  attrib_ablation_options options = {.struct_size = sizeof options, .step = 1, .curve = ATTRIB_CURVE_RATIO};
  char message[200];
  double *values = untouched(4);
  attrib_report report = {.message = message, .message_capacity = sizeof message};
  linear(3, tiny, three, &options, ATTRIB_E_OVERFLOW, values, &report);
  assert_names(message, "values[1] overflows");
  options.curve = ATTRIB_CURVE_RAW;
  options.summary = ATTRIB_SUMMARY_AOPC;
  linear(3, steep, scores, &options, ATTRIB_E_OVERFLOW, values, &report);
  assert_names(message, "the sum over the curve overflows");
  assert_true(is_untouched(values, 4));
  options.summary = ATTRIB_SUMMARY_AREA;
  linear(3, steep, scores, &options, ATTRIB_OK, values, &report);
  assert_true(values[2] == -1.5e308 && report.objective == -.25e308);
  free(values);
}

/* -- against plain loops ------------------------------------------------------------------------------------------ */

static double box_edge(double centre, double length, double k, bool upper) {
  return floor(centre * (1 - k) + (upper ? length * k : 0) + 1e-12);
}

static bool in_box(const ablation_case *c, const double *sums, int64_t u, int64_t i) {
  double mass = 0, x_mass = 0, y_mass = 0, k = (double)i / (double)c->options.points;
  const double x = (double)(u % WIDTH), y = (double)(u / WIDTH);
  if (c->options.selection == ATTRIB_SELECT_CENTRE_AREA) k = sqrt(k);
  for (int64_t v = 0; v < WIDTH * HEIGHT; v++) {
    mass += fabs(sums[v]);
    x_mass += fabs(sums[v]) * (double)(v % WIDTH);
    y_mass += fabs(sums[v]) * (double)(v / WIDTH);
  }
  const double cx = x_mass / mass, cy = y_mass / mass;
  return x >= box_edge(cx, WIDTH, k, false) && x < box_edge(cx, WIDTH, k, true) &&
         y >= box_edge(cy, HEIGHT, k, false) && y < box_edge(cy, HEIGHT, k, true);
}

static int64_t plain_count(const ablation_case *c, int64_t i) {
  const attrib_ablation_options *o = &c->options;
  if (o->selection != ATTRIB_SELECT_RANKED) return i;
  if (o->step == 0) return i * c->units / o->points;
  return i * o->step < c->units ? i * o->step : c->units;
}

/* Mean f over the replacements at point i. */
static double plain_f(const ablation_case *c, const double *sums, int64_t i) {
  const attrib_ablation_options *o = &c->options;
  double f = 0, all = 0;
  for (int64_t k = 0; k < c->set.count; k++) {
    const double weight = c->set.weights == NULL ? 1 : c->set.weights[k];
    double x[N];
    for (int64_t e = 0; e < N; e++) {
      const int64_t u = plain_unit(o->shape, o->groups, e);
      const bool first = o->selection != ATTRIB_SELECT_RANKED
                             ? in_box(c, sums, u, i)
                             : plain_first(sums, c->units, o->flags & ATTRIB_METRIC_LOWEST_FIRST, u, plain_count(c, i));
      x[e] = first == (o->order == ATTRIB_ABLATION_DELETION) ? c->rows[k][e] : c->x[e];
    }
    f += weight * plain_response(c, o->flags, c->target, o->target_weights, x);
    all += weight;
  }
  return f / all;
}

/* Fills in values, points + 1, and returns the summary. */
static double plain(const ablation_case *c, double *values, double *output, double *whole) {
  const attrib_ablation_options *o = &c->options;
  double sums[N], f[64], area = 0, drop = 0, all = 0;
  plain_scores(o->shape, o->groups, o->flags, c->scores, c->units, sums);
  *output = plain_response(c, o->flags, c->target, o->target_weights, c->x);
  *whole = 0;
  for (int64_t k = 0; k < c->set.count; k++) {
    const double weight = c->set.weights == NULL ? 1 : c->set.weights[k];
    *whole += weight * plain_response(c, o->flags, c->target, o->target_weights, c->rows[k]);
    all += weight;
  }
  *whole /= all;
  for (int64_t i = 0; i <= o->points; i++) {
    f[i] = plain_f(c, sums, i);
    values[i] = o->curve == ATTRIB_CURVE_RAW     ? f[i]
                : o->curve == ATTRIB_CURVE_RATIO ? f[i] / *output
                                                 : (f[i] - *whole) / (*output - *whole);
    drop += (*output - f[i]) / (double)(o->points + 1);
    if (i > 0) area += (double)(plain_count(c, i) - plain_count(c, i - 1)) * (values[i] + values[i - 1]) / 2;
  }
  return o->summary == ATTRIB_SUMMARY_AOPC ? drop : area / (double)plain_count(c, o->points);
}

/* Random options, resolved. */
static void choose(ablation_case *c, uint64_t seed) {
  attrib_ablation_options *o = &c->options;
  uint64_t s = seed;
  const int kind = (int)(seed % 5);
  random_number(&s);
#define CHOICE(n) ((uint32_t)(fabs(random_number(&s)) * .999999 * (n)))
  if (kind == 1) use_shape(c, &hwc);
  if (kind == 2 || kind == 4) use_shape(c, &chw);
  if (kind == 3) use_unit_groups(c);
  if (kind == 4) o->selection = 1 + CHOICE(2);
  o->order = CHOICE(2);
  o->curve = CHOICE(3);
  o->summary = CHOICE(2);
  o->flags = CHOICE(3);
  if (CHOICE(3) == 0) o->flags |= ATTRIB_METRIC_UNIT_SCORES;
  if (kind != 4 && CHOICE(3) == 0) o->flags |= ATTRIB_METRIC_ABSOLUTE;
  if (kind != 4 && CHOICE(3) == 0) o->flags |= ATTRIB_METRIC_LOWEST_FIRST;
  if (kind != 4 && CHOICE(2) == 0) o->step = 1 + CHOICE(c->units);
  const int64_t most = o->step > 0 ? (c->units - 1) / o->step + 1 : 13;
  o->points = 1 + CHOICE(most);
  c->target = CHOICE(OUTPUTS);
  if (!(o->flags & ATTRIB_METRIC_ACCURACY) && CHOICE(3) == 0) {
    o->target_weights = c->target_weights;
    c->target = ATTRIB_NO_TARGET;
  }
  if (CHOICE(2) == 0) {
    c->set.count = ROWS;
    if (CHOICE(2) == 0) c->set.weights = c->weights;
    if (CHOICE(2) == 0) memcpy(c->weights, (const double[ROWS]){0, 2, 0}, sizeof c->weights);
  }
  if (CHOICE(3) == 0) {
    c->set.rows = NULL;
    c->set.fetch = fetch_row;
    c->set.fetch_user = c;
  }
#undef CHOICE
}

static void random_cases(void **state) {
  (void)state;
  int64_t defined = 0;
  for (uint64_t seed = 1; seed <= 400; seed++) {
    ablation_case c;
    open_ablation(&c, seed, seed % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64);
    choose(&c, seed);
    double wanted[64], output, whole;
    const double objective = plain(&c, wanted, &output, &whole);
    const bool exists =
        c.options.curve == ATTRIB_CURVE_RAW || (c.options.curve == ATTRIB_CURVE_RATIO ? output != 0 : output != whole);
    attrib_report report = {.struct_size = sizeof report};
    double *values = untouched(c.options.points + 1);
    assert_int_equal(attrib_ablation(NULL, &c.model, c.input, c.target, c.scores, &c.set, &c.options, values, &report),
                     exists ? ATTRIB_OK : ATTRIB_UNDEFINED);
    assert_near(report.output, output, ROUND_OFF, 10);
    assert_true(isnan(report.baseline_output) || fabs(report.baseline_output - whole) <= 10 * ROUND_OFF);
    const double scale = 10 + 1000 * exists / fmin(fabs(output), fabs(output - whole) + 1e-300);
    for (int64_t i = 0; i <= c.options.points; i++)
      if (exists)
        assert_near(values[i], wanted[i], ROUND_OFF, scale);
      else
        assert_true(isnan(values[i]));
    if (exists) assert_near(report.objective, objective, ROUND_OFF, scale);
    assert_true(report.evaluations == 0 && report.output_evaluations <= 1 + c.set.count * (c.options.points + 1));
    assert_int_equal(report.points, c.options.points);
    assert_true(c.analytic.gradient_rows == 0);
    defined += exists;
    free(values);
    close_ablation(&c);
  }
  assert_true(defined > 300);
}

/* -- what does not matter, and controls --------------------------------------------------------------------------- */

static attrib_status call_case(const ablation_case *c, const double *scores, double *values, attrib_report *report) {
  *report = (attrib_report){.struct_size = sizeof *report};
  return attrib_ablation(NULL, &c->model, c->input, c->target, scores, &c->set, &c->options, values, report);
}

static void rising_transforms_of_scores(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    ablation_case c;
    double values[3][N + 1], cubes[N], waved[N];
    attrib_report reports[3];
    open_ablation(&c, seed, ATTRIB_F64);
    c.options.step = 1;
    c.options.order = (uint32_t)(seed % 2);
    c.options.flags = seed % 3 == 0 ? ATTRIB_METRIC_SOFTMAX : 0;
    for (int64_t i = 0; i < N; i++) {
      c.scores[i] = floor(8 * c.scores[i]) / 8; /* ties */
      cubes[i] = c.scores[i] * c.scores[i] * c.scores[i];
      waved[i] = 1000 + exp(3 * c.scores[i]);
    }
    assert_int_equal(call_case(&c, c.scores, values[0], &reports[0]), ATTRIB_OK);
    assert_int_equal(call_case(&c, cubes, values[1], &reports[1]), ATTRIB_OK);
    assert_int_equal(call_case(&c, waved, values[2], &reports[2]), ATTRIB_OK);
    for (int k = 1; k < 3; k++) {
      assert_same_bits(values[k], values[0], N + 1);
      assert_same_bits(&reports[k].objective, &reports[0].objective, 1);
    }
    close_ablation(&c);
  }
}

static void the_random_control(void **state) {
  (void)state;
  ablation_case c;
  double values[3][11];
  attrib_report report;
  open_ablation(&c, 3, ATTRIB_F32);
  use_shape(&c, &chw);
  c.options.flags = ATTRIB_METRIC_RANDOM;
  for (uint64_t k = 0; k < 3; k++) {
    c.options.seed = k / 2;
    assert_int_equal(call_case(&c, NULL, values[k], &report), ATTRIB_OK);
    assert_true(report.seed == k / 2);
  }
  assert_same_bits(values[0], values[1], 11);
  assert_memory_not_equal(values[0], values[2], sizeof values[0]);
  assert_true(values[0][0] == values[2][0] && values[0][10] == values[2][10]);
  c.options.selection = ATTRIB_SELECT_CENTRE_EDGE;
  assert_int_equal(call_case(&c, NULL, values[0], &report), ATTRIB_OK);
  close_ablation(&c);
}

/* Memory does not grow with replacements; those of weight 0 are not asked for. */
static void many_replacements(void **state) {
  (void)state;
  static double weights[300];
  ablation_case c;
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = N,
                        .seed = 8,
                        .high = 1};
  double values[11];
  attrib_report few, many;
  open_ablation(&c, 5, ATTRIB_F32);
  c.model.max_rows = 2;
  c.set =
      (attrib_baselines){.struct_size = sizeof c.set, .count = 2, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  assert_int_equal(call_case(&c, c.scores, values, &few), ATTRIB_OK);
  c.set.count = 300;
  assert_int_equal(call_case(&c, c.scores, values, &many), ATTRIB_OK);
  assert_true(few.peak_bytes == many.peak_bytes && many.output_evaluations == 1 + 300 * 10);
  weights[7] = 1;
  c.set.weights = weights;
  assert_int_equal(call_case(&c, c.scores, values, &many), ATTRIB_OK);
  assert_int_equal(many.output_evaluations, 11);
  close_ablation(&c);
}

/* A whole replacement that is no point of the curve is asked for where MINMAX needs it, and only there. */
static void rows_that_are_asked_for(void **state) {
  (void)state;
  ablation_case c;
  double values[3];
  attrib_report report;
  open_ablation(&c, 6, ATTRIB_F64);
  c.options.step = 1;
  c.options.points = 2;
  c.set.count = ROWS;
  assert_int_equal(call_case(&c, c.scores, values, &report), ATTRIB_OK);
  assert_true(report.output_evaluations == 1 + ROWS * 2 && isnan(report.baseline_output));
  c.options.curve = ATTRIB_CURVE_MINMAX;
  assert_int_equal(call_case(&c, c.scores, values, &report), ATTRIB_OK);
  assert_true(report.output_evaluations == 1 + ROWS * 3 && isfinite(report.baseline_output) && values[0] == 1);
  c.options.order = ATTRIB_ABLATION_INSERTION;
  assert_int_equal(call_case(&c, c.scores, values, &report), ATTRIB_OK);
  assert_true(report.output_evaluations == 1 + ROWS * 3 && values[0] == 0);
  close_ablation(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(deletion_and_insertion),
      cmocka_unit_test(over_the_perturbation_curve),
      cmocka_unit_test(parts_of_a_curve),
      cmocka_unit_test(more_points_than_units),
      cmocka_unit_test(signs_and_ties),
      cmocka_unit_test(boxes),
      cmocka_unit_test(undefined),
      cmocka_unit_test(a_constant_has_no_share),
      cmocka_unit_test(shares_of_denormals),
      cmocka_unit_test(overflows),
      cmocka_unit_test(random_cases),
      cmocka_unit_test(rising_transforms_of_scores),
      cmocka_unit_test(the_random_control),
      cmocka_unit_test(many_replacements),
      cmocka_unit_test(rows_that_are_asked_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
