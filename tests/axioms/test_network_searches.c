/* Searched baselines of the bundled network: what the reports claim, evaluated anew in double; the ascent reference
 * against a plain recomputation. */
#include "../unit/fixture.h"

#include "bundled.h"

enum { N = BUNDLED_N, CLASSES = SMALL_NET_CLASSES };

static bundled b;
static char message[300];

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .message = message, .message_capacity = sizeof message};
}

static void probabilities_of(const float *x, double *p) {
  float logits[CLASSES];
  assert_int_equal(small_net_forward(b.net, 0, x, logits), 0);
  small_net_softmax(logits, p);
}

static double entropy_of(const float *x) {
  double p[CLASSES], sum = 0;
  probabilities_of(x, p);
  for (int k = 0; k < CLASSES; k++) sum -= p[k] > 0 ? p[k] * log(p[k]) : 0;
  return sum;
}

static void assert_picture(const float *x) {
  for (int i = 0; i < N; i++) assert_true(x[i] >= 0 && x[i] <= 1);
}

static attrib_search_options within_a_picture(uint32_t score, double goal, int64_t budget) {
  return (attrib_search_options){.struct_size = sizeof(attrib_search_options),
                                 .flags = score == SMALL_NET_PROBABILITY ? ATTRIB_SEARCH_PROBABILITIES : 0,
                                 .max_evaluations = budget,
                                 .high = 1,
                                 .goal = goal};
}

/* From mid-grey, where the first manner of stepping does, and from a picture and noise, where it ends among ReLUs that
 * are all off and another one is taken. */
static void entropy(void **state) {
  (void)state;
  float *noised = exact_block(N * sizeof *noised), *row = exact_block(N * sizeof *row);
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = N,
                        .seed = 5,
                        .high = 1};
  assert_int_equal(attrib_noise_fetch(0, noised, &noise), 0);
  const struct {
    const float *start;
    uint32_t score;
  } cases[] = {{NULL, SMALL_NET_LOGIT},
               {NULL, SMALL_NET_PROBABILITY},
               {noised, SMALL_NET_LOGIT},
               {b.pictures[0].image.pixels, SMALL_NET_LOGIT}};
  for (int k = 0; k < COUNT(cases); k++) {
    const attrib_model model = bundled_model(&b, cases[k].score);
    const attrib_search_options o = within_a_picture(cases[k].score, 0, 0);
    attrib_report report = fresh_report();
    if (attrib_baseline_max_entropy(b.context, &model, cases[k].start, &o, row, &report) != ATTRIB_OK)
      fail_msg("%d: %s", k, message);
    assert_near(report.objective, entropy_of(row), 1e-6, 1);
    assert_true(entropy_of(row) >= (1 - 1e-3) * log(CLASSES));
    assert_picture(row);
    assert_true(k > 1 || report.evaluations + report.output_evaluations <= 120);
  }
  free(noised);
  free(row);
}

/* A budget of 40 rows is too little from any picture: NOT_CONVERGED, and the row is what the report says of it. */
static void entropy_cut_short(void **state) {
  (void)state;
  float *row = exact_block(N * sizeof *row);
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_search_options o = within_a_picture(SMALL_NET_LOGIT, 0, 40);
  for (int i = 0; i < BUNDLED_PICTURES; i++) {
    attrib_report report = fresh_report();
    assert_int_equal(attrib_baseline_max_entropy(b.context, &model, b.pictures[i].image.pixels, &o, row, &report),
                     ATTRIB_NOT_CONVERGED);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_BUDGET);
    assert_near(report.objective, entropy_of(row), 1e-6, 1);
    assert_true(entropy_of(row) > entropy_of(b.pictures[i].image.pixels));
    assert_picture(row);
  }
  free(row);
}

/* Every picture with every class that is not its own. The net is sure of itself: nearly all other classes are under the
 * default bound from the start, whose bits are then the result; a harder bound moves some. */
static void near_zero(void **state) {
  (void)state;
  static const double goals[] = {1e-3, 1e-12};
  float *row = exact_block(N * sizeof *row);
  int moved[2] = {0};
  for (int g = 0; g < 2; g++)
    for (int i = 0; i < BUNDLED_PICTURES; i++)
      for (int64_t target = 0; target < CLASSES; target++) {
        const float *start = b.pictures[i].image.pixels;
        const uint32_t score = target % 2 == 0 ? SMALL_NET_LOGIT : SMALL_NET_PROBABILITY;
        const attrib_model model = bundled_model(&b, score);
        const attrib_search_options o = within_a_picture(score, goals[g], 0);
        double before[CLASSES], after[CLASSES];
        attrib_report report = fresh_report();
        row[0] = -1;
        const attrib_status status = attrib_baseline_near_zero(b.context, &model, start, target, &o, row, &report);
        if (target == b.pictures[i].target) {
          assert_true(status == ATTRIB_E_ARGUMENT && row[0] == -1);
          continue;
        }
        if (status != ATTRIB_OK) fail_msg("%s, %d: %s", b.pictures[i].name, (int)target, message);
        probabilities_of(start, before);
        probabilities_of(row, after);
        assert_near(report.objective, score == SMALL_NET_LOGIT ? after[target] : fmax(after[target], 1e-30), 1e-6,
                    report.objective);
        assert_true(after[target] <= goals[g] * (1 + 1e-6));
        assert_picture(row);
        const bool still = memcmp(row, start, N * sizeof *row) == 0;
        assert_true(still == (before[target] <= goals[g]));
        assert_true(!still || report.evaluations + report.output_evaluations == 1);
        moved[g] += !still;
      }
  assert_true(moved[0] >= 1 && moved[1] >= 20);
  free(row);
}

static void ascent(void **state) {
  (void)state;
  enum { STEPS = 3 };
  float *row = exact_block(N * sizeof *row), *r = exact_block(N * sizeof *r), *g = exact_block(N * sizeof *g);
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_ascent_options o = {.struct_size = sizeof o, .steps = STEPS, .step = 0.03, .high = 1};
  for (int i = 0; i < BUNDLED_PICTURES; i++) {
    const bundled_picture *picture = &b.pictures[i];
    double first = 0, last = 0;
    memcpy(r, picture->image.pixels, N * sizeof *r);
    for (int m = 0; m < STEPS; m++) {
      double f;
      assert_int_equal(small_net_gradient(b.net, 0, SMALL_NET_LOGIT, r, picture->target, NULL, &f, g), 0);
      if (m == 0) first = f;
      for (int k = 0; k < N; k++) {
        const double to = (double)r[k] - 0.03 * ((g[k] > 0) - (g[k] < 0));
        r[k] = (float)fmin(fmax(to, 0), 1);
      }
    }
    assert_int_equal(small_net_gradient(b.net, 0, SMALL_NET_LOGIT, r, picture->target, NULL, &last, NULL), 0);
    attrib_report report = fresh_report();
    assert_status(attrib_baseline_ascent(b.context, &model, picture->image.pixels, picture->target, &o, row, &report),
                  ATTRIB_OK, b.context);
    for (int k = 0; k < N; k++) assert_near((double)row[k], (double)r[k], 1e-6, 1);
    assert_near(report.output, first, 1e-6, fabs(first));
    assert_near(report.objective, last, 1e-6, fabs(last));
    assert_true(last < first);
  }
  free(row);
  free(r);
  free(g);
}

static int set_up(void **state) {
  (void)state;
  bundled_open(&b);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  bundled_close(&b);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(entropy), cmocka_unit_test(entropy_cut_short),
                                     cmocka_unit_test(near_zero), cmocka_unit_test(ascent)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
