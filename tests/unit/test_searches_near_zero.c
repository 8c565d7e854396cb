/* Near-zero-score baselines of random classifiers: under the bound, within the range, and how long the perturbation is
 * beside the shortest there is. */
#include "classifier_models.h"

#include "statistics.h"

static classifier c;
static char message[300];

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .message = message, .message_capacity = sizeof message};
}

static attrib_search_options goal_of(double goal) {
  return (attrib_search_options){.struct_size = sizeof(attrib_search_options), .goal = goal};
}

static double logit(double p) {
  return log(p) - log1p(-p);
}

/* ln(p / (1 - p)) of the target at x. */
static double margin_at(const double *x, int64_t target, double *gradient) {
  double logits[CLASSIFIER_CLASSES], weights[CLASSIFIER_CLASSES], largest = -1e308, sum = 0;
  classifier_logits(&c, x, logits, NULL, NULL);
  for (int64_t k = 0; k < c.classes; k++)
    if (k != target) largest = fmax(largest, logits[k]);
  for (int64_t k = 0; k < c.classes; k++) sum += k == target ? 0 : exp(logits[k] - largest);
  for (int64_t k = 0; k < c.classes; k++) weights[k] = k == target ? 1 : -exp(logits[k] - largest) / sum;
  const double margin = logits[target] - largest - log(sum);
  if (gradient != NULL) classifier_logits(&c, x, logits, weights, gradient);
  return margin;
}

/* A search in place, in the model's dtype; the row found as doubles. */
static attrib_status search(const double *start, int64_t target, const attrib_search_options *o, double *found,
                            attrib_report *report) {
  const attrib_model model = classifier_model(&c);
  void *row = as_row(c.dtype, start, c.n);
  *report = fresh_report();
  c.rows = 0;
  const attrib_status status = attrib_baseline_near_zero(NULL, &model, row, target, o, row, report);
  row_values(c.dtype, row, c.n, found);
  free(row);
  return status;
}

/* A start whose class is not the target. */
static int64_t some_start(uint64_t seed, double *start) {
  fill_random(seed + 400, start, c.n);
  if (c.dtype == ATTRIB_F32)
    for (int64_t i = 0; i < c.n; i++) start[i] = (double)(float)start[i];
  return (classifier_class(&c, start) + 1 + (int64_t)seed % (c.classes - 1)) % c.classes;
}

/* What is claimed of the row is so. */
static void check_found(const double *x, int64_t target, const attrib_search_options *o, const attrib_report *report) {
  double p[CLASSIFIER_CLASSES];
  classifier_probabilities(&c, x, p);
  const double goal = o->goal > 0 ? o->goal : 1e-3;
  assert_near(report->objective, p[target], 1e-9, p[target]);
  assert_true(p[target] <= goal * (1 + 1e-9));
  assert_true(report->tolerance == goal && report->stop_reason == ATTRIB_STOP_TOLERANCE);
  assert_true(report->evaluations + report->output_evaluations == c.rows);
  assert_true(isnan(report->completeness_error) && isnan(report->output));
  for (int64_t i = 0; i < c.n && (o->low != 0 || o->high != 0); i++) assert_true(x[i] >= o->low && x[i] <= o->high);
}

static void under_the_bound(void **state) {
  (void)state;
  static const double goals[] = {0, .5, 1e-3, 1e-12};
  for (uint64_t seed = 1; seed <= 15; seed++)
    for (int which = 0; which < 48; which++) {
      const classifier_kind kind = (classifier_kind)(which % CLASSIFIER_KINDS);
      make_classifier(&c, kind, seed, 24, which / 3 % 2 ? 10 : 2, which / 6 % 2 ? ATTRIB_F32 : ATTRIB_F64);
      attrib_search_options o = goal_of(goals[which / 12]);
      c.probabilities = seed % 2 == 0;
      o.flags = c.probabilities ? ATTRIB_SEARCH_PROBABILITIES : 0;
      if (seed % 3 > 0) o.low = -10.3, o.high = 10.1;
      double start[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS];
      attrib_report report;
      const int64_t target = some_start(seed, start);
      const bool there = margin_at(start, target, NULL) <= logit(o.goal > 0 ? o.goal : 1e-3);
      if (search(start, target, &o, found, &report) != ATTRIB_OK)
        fail_msg("seed %d, %d: %s", (int)seed, which, message);
      check_found(found, target, &o, &report);
      if (there) assert_true(memcmp(start, found, sizeof(double) * (size_t)c.n) == 0 && c.rows == 1);
      if (!there) assert_true(report.points > 0 && c.rows <= 300);
    }
}

/* Of two classes and a linear model: the projection. Of ten: the least over the tangents of the bound, found by many
 * turns of projection on a slowly shifting tangent. */
static double nearest(const double *start, int64_t target, double bound, double low, double high, int64_t turns) {
  double x[CLASSIFIER_INPUTS], g[CLASSIFIER_INPUTS], best = (double)INFINITY;
  memcpy(x, start, sizeof x);
  for (int64_t turn = 0; turn < turns; turn++) {
    double square = 0, along = 0;
    const double margin = margin_at(x, target, g) - bound,
                 part = turn < 50 ? 0 : 0.3 * pow(1e-3, (double)turn / (double)turns);
    if (margin <= 1e-12) best = fmin(best, row_distance(x, start, c.n));
    for (int64_t i = 0; i < c.n; i++) square += g[i] * g[i], along += g[i] * (start[i] - x[i]);
    for (int64_t i = 0; i < c.n; i++) {
      x[i] += part * (start[i] - x[i] - along / square * g[i]) - (margin + 1e-9) / square * g[i];
      if (low != 0 || high != 0) x[i] = fmin(fmax(x[i], low), high);
    }
  }
  return best;
}

/* DeepFool alone: full steps from where the last one led. */
static double deepfool(const double *start, int64_t target, double bound) {
  double x[CLASSIFIER_INPUTS], g[CLASSIFIER_INPUTS];
  memcpy(x, start, sizeof x);
  for (int turn = 0; turn < 100; turn++) {
    double square = 0;
    const double margin = margin_at(x, target, g) - bound;
    if (margin <= 0) return row_distance(x, start, c.n);
    for (int64_t i = 0; i < c.n; i++) square += g[i] * g[i];
    for (int64_t i = 0; i < c.n; i++) x[i] -= 1.02 * margin / square * g[i];
  }
  return (double)INFINITY;
}

/* Medians over 24 models, and the worst. Two classes under one plane: the margin is linear, so the row is no farther
 * than the projection and what refinement leaves below the bound, a thousandth of the margin. With more classes, or a
 * hidden layer, the rows under the bound are not convex, and the nearest of one part need not be the nearest of all:
 * the header says 9 % longer than this search at worst. Over 200 models of each kind 1.085; of these 24 1.025. */
static void as_short_as_can_be(void **state) {
  (void)state;
  enum { SEEDS = 24 };
  for (int which = 0; which < 6; which++) {
    double ratios[SEEDS], plain[SEEDS];
    int64_t count = 0;
    for (uint64_t seed = 1; count < SEEDS; seed++) {
      make_classifier(&c, (classifier_kind)(which % 3), seed, 24, which < 3 ? 2 : 10, ATTRIB_F64);
      const attrib_search_options o = goal_of(1e-3);
      double start[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS], g[CLASSIFIER_INPUTS];
      attrib_report report;
      const int64_t target = some_start(seed, start);
      if (margin_at(start, target, NULL) <= logit(1e-3)) continue;
      assert_int_equal(search(start, target, &o, found, &report), ATTRIB_OK);
      double shortest = nearest(start, target, logit(1e-3), 0, 0, 1500), longest = 1.09;
      if (which == 0) {
        double square = 0;
        const double margin = margin_at(start, target, g) - logit(1e-3);
        longest = 1 + 1e-3 / margin + 1e-12;
        for (int64_t i = 0; i < c.n; i++) square += g[i] * g[i];
        shortest = margin / sqrt(square);
      }
      const double length = row_distance(start, found, c.n);
      ratios[count] = length / shortest;
      plain[count] = length / deepfool(start, target, logit(1e-3));
      if (!(ratios[count] <= longest)) fail_msg("%d, seed %d: %g times the shortest", which, (int)seed, ratios[count]);
      count++;
    }
    double *sorted = sorted_copy(ratios, SEEDS), *shorter = sorted_copy(plain, SEEDS);
    assert_true(sorted[SEEDS / 2] < 1.005);
    assert_true(shorter[SEEDS / 2] < 0.99 && shorter[SEEDS - 1] < 1.001);
    free(sorted);
    free(shorter);
  }
}

/* Within a range whose faces the shortest way would leave: still under the bound, and as short as a long search finds.
 * Measured over 200 models 1.001 times as long at worst for two classes, 1.0034 for ten. */
static void short_within_a_range(void **state) {
  (void)state;
  enum { SEEDS = 20 };
  for (int which = 0; which < 2; which++) {
    double ratios[SEEDS];
    int64_t count = 0, faces = 0;
    for (uint64_t seed = 1; count < SEEDS; seed++) {
      make_classifier(&c, CLASSIFIER_LINEAR, seed, 24, which == 0 ? 2 : 10, ATTRIB_F64);
      attrib_search_options o = goal_of(1e-2);
      o.low = -1;
      o.high = 1;
      double start[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS];
      attrib_report report;
      const int64_t target = some_start(seed, start);
      if (margin_at(start, target, NULL) <= logit(1e-2)) continue;
      if (search(start, target, &o, found, &report) != ATTRIB_OK)
        fail_msg("%d, seed %d: %s", which, (int)seed, message);
      check_found(found, target, &o, &report);
      for (int64_t i = 0; i < c.n; i++) faces += fabs(found[i]) == 1;
      const double shortest = nearest(start, target, logit(1e-2), -1, 1, 1500);
      ratios[count++] = row_distance(start, found, c.n) / shortest;
    }
    double *sorted = sorted_copy(ratios, SEEDS);
    assert_true(faces > 0 && sorted[SEEDS / 2] < 1.005 && sorted[SEEDS - 1] < 1.005);
    free(sorted);
  }
}

/* z0 = scale x0 against 0. */
static double scale;
static double scaled(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? scale : 0;
  return scale * x[0];
}
static double level(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return 0;
}
static const analytic_fn against_level[] = {scaled, level}, both_level[] = {level, level};

static attrib_status search_plane(const analytic_fn *functions, const double *start, double low, double high,
                                  double *row, attrib_report *report) {
  analytic a = {.functions = functions, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  attrib_search_options o = goal_of(1e-3);
  o.low = low;
  o.high = high;
  *report = fresh_report();
  const attrib_status status = attrib_baseline_near_zero(NULL, &model, start, 0, &o, row, report);
  assert_true(a.rows == report->evaluations + report->output_evaluations);
  return status;
}

/* Slopes whose squares leave the range of double, and none at all. */
static void any_scale_of_gradients(void **state) {
  (void)state;
  attrib_report report;
  double row[2];
  for (int sign = -1; sign <= 1; sign++) {
    scale = pow(10, 200. * sign);
    const double start[] = {-.1 / scale, 5};
    assert_status(search_plane(against_level, start, 0, 0, row, &report), ATTRIB_OK, NULL);
    assert_near(row[0] * scale, logit(1e-3), 1e-2, 1);
    assert_true(row[1] == 5 && report.objective <= 1e-3);
  }
  const double start[] = {1, 2};
  /* A tie: the first class is the predicted one, so the second is the target that is not. */
  analytic a = {.functions = both_level, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  report = fresh_report();
  assert_status(attrib_baseline_near_zero(NULL, &model, start, 1, NULL, row, &report), ATTRIB_NOT_CONVERGED, NULL);
  assert_true(row[0] == 1 && row[1] == 2 && report.objective == 0.5 && report.points == 0);
  assert_true(report.stop_reason == ATTRIB_STOP_COMPLETE && report.evaluations == 1 && report.output_evaluations == 1);
  assert_names(message, "no step");
}

/* The range ends where the probability is still too large: the row is the one at its end; and where it just suffices,
 * the end itself, whatever way its sum with a displacement rounds. */
static void up_to_the_end_of_the_range(void **state) {
  (void)state;
  attrib_report report;
  double row[2], start[] = {-.1, 5};
  scale = 1;
  assert_status(search_plane(against_level, start, -3, 6, row, &report), ATTRIB_NOT_CONVERGED, NULL);
  assert_true(row[0] == -3 && row[1] == 5 && report.stop_reason == ATTRIB_STOP_COMPLETE);
  assert_near(report.objective, 1 / (1 + exp(3)), ROUND_OFF, 1);
  assert_names(message, "not under 0.001");
  for (uint64_t seed = 1; seed <= 3000; seed++) {
    uint64_t draw = seed;
    start[0] = -3 + 2.9 * fabs(random_number(&draw));
    const double low = logit(1e-3) * (1 + 4e-16 * (double)(seed % 4));
    assert_status(search_plane(against_level, start, low, 6, row, &report), ATTRIB_OK, NULL);
    assert_true(row[0] >= low && row[0] <= logit(1e-3) && report.objective <= 1e-3 * (1 + 1e-15));
  }
}

/* Whatever the budget: a row of the range, its probability as reported, and NOT_CONVERGED until the bound is met. */
static void budgets(void **state) {
  (void)state;
  bool met = false;
  double before = (double)INFINITY;
  for (int64_t budget = 1; budget <= 40; budget++) {
    make_classifier(&c, CLASSIFIER_SOFTPLUS, 4, 20, 5, ATTRIB_F64);
    attrib_search_options o = goal_of(1e-6);
    o.low = -3;
    o.high = 3;
    o.max_evaluations = budget;
    double start[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS], p[CLASSIFIER_CLASSES];
    attrib_report report;
    const int64_t target = some_start(4, start);
    const attrib_status status = search(start, target, &o, found, &report);
    classifier_probabilities(&c, found, p);
    assert_near(report.objective, p[target], 1e-9, p[target]);
    assert_true(c.rows <= budget);
    assert_int_equal(status, p[target] <= 1e-6 * (1 + 1e-9) ? ATTRIB_OK : ATTRIB_NOT_CONVERGED);
    if (status == ATTRIB_NOT_CONVERGED) assert_names(message, "max_evaluations ended");
    assert_true(!met || status == ATTRIB_OK);
    if (met) assert_true(row_distance(start, found, c.n) <= before);
    met = status == ATTRIB_OK;
    if (met) before = row_distance(start, found, c.n);
    if (budget < 3) assert_memory_equal(start, found, sizeof(double) * (size_t)c.n);
  }
  assert_true(met);
}

static void memory_is_that_of_the_row(void **state) {
  (void)state;
  int64_t bytes[2];
  for (int k = 0; k < 2; k++) {
    make_classifier(&c, CLASSIFIER_RELU, 4, 20, 5, ATTRIB_F64);
    attrib_search_options o = goal_of(k == 0 ? 0.3 : 1e-9);
    double start[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS];
    attrib_report report;
    const int64_t target = some_start(4, start);
    o.max_evaluations = k == 0 ? 1 : 0;
    assert_true(search(start, target, &o, found, &report) >= 0);
    assert_true(k == 0 || c.rows > 20);
    bytes[k] = report.peak_bytes;
  }
  assert_int_equal(bytes[0], bytes[1]);
}

static void refuse(const attrib_model *model, const void *start, int64_t target, const attrib_search_options *o,
                   attrib_status expected, const char *named) {
  attrib_report report = fresh_report();
  double *row = untouched(CLASSIFIER_INPUTS);
  assert_status(attrib_baseline_near_zero(NULL, model, start, target, o, row, &report), expected, NULL);
  assert_names(message, named);
  assert_true(is_untouched(row, CLASSIFIER_INPUTS));
  free(row);
}

static void refused(void **state) {
  (void)state;
  make_classifier(&c, CLASSIFIER_LINEAR, 1, 4, 3, ATTRIB_F64);
  const attrib_model model = classifier_model(&c);
  double start[CLASSIFIER_INPUTS] = {.1, .5, -.3, 1};
  const int64_t own = classifier_class(&c, start);
  char named[40];
  snprintf(named, sizeof named, "target = %d", (int)own);
  refuse(&model, start, own, NULL, ATTRIB_E_ARGUMENT, named);
  assert_int_equal(c.rows, 1);
  attrib_search_options o = goal_of(0.999); /* met, but of the start's own class it is no baseline */
  refuse(&model, start, own, &o, ATTRIB_E_ARGUMENT, named);
  refuse(&model, start, -1, NULL, ATTRIB_E_ARGUMENT, "target = -1");
  refuse(&model, start, 3, NULL, ATTRIB_E_ARGUMENT, "target = 3");
  refuse(&model, NULL, 0, NULL, ATTRIB_E_ARGUMENT, "start is NULL");
  attrib_model wrong = model;
  wrong.n_outputs = 1;
  refuse(&wrong, start, 0, NULL, ATTRIB_E_ARGUMENT, "n_outputs = 1");
  wrong = model;
  wrong.flags &= ~(uint32_t)ATTRIB_MODEL_TARGET_WEIGHTS;
  refuse(&wrong, start, 0, NULL, ATTRIB_E_UNSUPPORTED, "TARGET_WEIGHTS");
  o = goal_of(1e-31); /* of probabilities not told from 0 */
  o.flags = ATTRIB_SEARCH_PROBABILITIES;
  refuse(&model, start, 0, &o, ATTRIB_E_ARGUMENT, "goal");
  o = goal_of(0.1);
  o.low = -.1;
  o.high = .9;
  refuse(&model, start, 0, &o, ATTRIB_E_ARGUMENT, "start");
}

/* Logits that are said to be probabilities: at the start, or, where they are none yet, at the row that is. */
static double below_from_a_half(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? -2 : 0;
  return .5 - 2 * x[0];
}
static double above_from_a_half(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? 2 : 0;
  return .5 + 2 * x[0];
}

static void negative_probabilities(void **state) {
  (void)state;
  static const analytic_fn two[] = {above_from_a_half, below_from_a_half};
  analytic a = {.functions = two, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  attrib_search_options o = goal_of(1e-3);
  o.flags = ATTRIB_SEARCH_PROBABILITIES;
  const double far[] = {.3, 1}, near[] = {.24, 1}; /* outputs 1.1 and -0.1; 0.98 and 0.02 */
  refuse(&model, far, 1, &o, ATTRIB_E_ARGUMENT, "row 0 (sample 0): output 1 is -0.1, but options->flags");
  refuse(&model, near, 1, &o, ATTRIB_E_ARGUMENT, "output 1 is -");
  attrib_report report = fresh_report();
  double row[] = {7, 7};
  assert_status(attrib_baseline_near_zero(NULL, &model, near, 1, &o, row, &report), ATTRIB_E_ARGUMENT, NULL);
  assert_true(report.failed_row == 2 && report.evaluations == 1 && row[0] == 7);
  o.flags = 0;
  assert_status(attrib_baseline_near_zero(NULL, &model, far, 1, &o, row, &report), ATTRIB_OK, NULL);
}

/* 2 x0 - 3 x1 against 0. */
static double slanted(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? 2 : -3;
  return 2 * x[0] - 3 * x[1];
}
static double flat(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return 0;
}

/* 2.64 as a float is above 2.64: an element there stays where it is until it is to move, as one of doubles does. */
static void a_start_on_a_bound_that_floats_do_not_hold(void **state) {
  (void)state;
  static const analytic_fn two[] = {flat, slanted};
  const attrib_search_options options = {.struct_size = sizeof options, .low = -2.1, .high = 2.64};
  const double wide[] = {2.64, 2.64};
  const float narrow[] = {2.64F, 2.64F};
  double row[2];
  float single[2];
  analytic a = {.functions = two, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  assert_int_equal(attrib_baseline_near_zero(NULL, &model, wide, 1, &options, row, NULL), ATTRIB_OK);
  analytic b = {.functions = two, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F32};
  model = analytic_model(&b);
  assert_int_equal(attrib_baseline_near_zero(NULL, &model, narrow, 1, &options, single, NULL), ATTRIB_OK);
  for (int i = 0; i < 2; i++) assert_near((double)single[i], row[i], 1e-4, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(under_the_bound),
      cmocka_unit_test(as_short_as_can_be),
      cmocka_unit_test(short_within_a_range),
      cmocka_unit_test(any_scale_of_gradients),
      cmocka_unit_test(up_to_the_end_of_the_range),
      cmocka_unit_test(budgets),
      cmocka_unit_test(memory_is_that_of_the_row),
      cmocka_unit_test(refused),
      cmocka_unit_test(negative_probabilities),
      cmocka_unit_test(a_start_on_a_bound_that_floats_do_not_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
