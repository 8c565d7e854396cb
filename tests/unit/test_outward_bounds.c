/* Bounds that floats do not hold, and whose nearest floats lie beyond them: of the rows that are searched for, and of
 * those that a model is asked about on the way, every element lies between the bounds or is that of the start. */
#include "classifier_models.h"

static classifier c;
static float start[CLASSIFIER_INPUTS];
static double low, high;

/* Elements seen: between the bounds or not, and moved up to the outermost float between them. */
typedef struct tally {
  long inside, left, stopped;
} tally;
static tally seen;

static void look(const float *row) {
  for (int64_t i = 0; i < c.n; i++) {
    const double value = (double)row[i];
    const bool inside = value >= low && value <= high;
    if (!inside && memcmp(&row[i], &start[i], sizeof *row) != 0)
      fail_msg("element %d: %.9g, start %.9g, not within %.17g and %.17g", (int)i, value, (double)start[i], low, high);
    seen.inside += inside;
    seen.left += !inside;
    seen.stopped += inside && ((double)nextafterf(row[i], 9) > high || (double)nextafterf(row[i], -9) < low);
  }
}

static int32_t ATTRIB_CALL evaluate(const attrib_batch *b, void *user) {
  for (int64_t r = 0; r < b->rows; r++) look((const float *)b->inputs + r * b->input_stride);
  return classifier_evaluate(b, user);
}

static attrib_model make_model(uint64_t seed, int which) {
  uint64_t draw = seed * 1000 + (uint64_t)which;
  make_classifier(&c, (classifier_kind)(which % CLASSIFIER_KINDS), seed, 1 + (int64_t)(seed % 9), 4, ATTRIB_F32);
  do low = -.1 - fabs(random_number(&draw));
  while ((double)(float)low >= low);
  do high = .1 + fabs(random_number(&draw));
  while ((double)(float)high <= high);
  for (int64_t i = 0; i < c.n; i++) {
    const double at = 0.5 + 0.5 * random_number(&draw);
    start[i] = (float)(at < .3 ? low : at > .7 ? high : low + (high - low) * (at - .3) / .4);
  }
  attrib_model model = classifier_model(&c);
  model.evaluate = evaluate;
  seen = (tally){0};
  return model;
}

enum { SEEDS = 90 };

static void add(tally *all) {
  all->inside += seen.inside;
  all->left += seen.left;
  all->stopped += seen.stopped;
}

/* A test of which not all that it is about has come up says nothing. */
static void assert_all_came_up(const tally *all) {
  assert_true(all->inside > 1000 && all->left > 100 && all->stopped > 100);
}

static void near_zero(void **state) {
  (void)state;
  tally all = {0};
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    for (int which = 0; which < 6; which++)
      for (int64_t target = 0; target < 4; target++) {
        const attrib_model model = make_model(seed, which);
        const attrib_search_options o = {
            .struct_size = sizeof o, .low = low, .high = high, .goal = which < 3 ? 1e-3 : .15};
        float row[CLASSIFIER_INPUTS];
        const attrib_status status = attrib_baseline_near_zero(NULL, &model, start, target, &o, row, NULL);
        if (status == ATTRIB_E_ARGUMENT) continue; /* the start's own class */
        assert_true(status >= 0);
        look(row);
        add(&all);
      }
  assert_all_came_up(&all);
}

static void max_entropy(void **state) {
  (void)state;
  tally all = {0};
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    for (int which = 0; which < 3; which++) {
      const attrib_model model = make_model(seed, which);
      const attrib_search_options o = {.struct_size = sizeof o, .low = low, .high = high, .max_evaluations = 200};
      float row[CLASSIFIER_INPUTS];
      assert_true(attrib_baseline_max_entropy(NULL, &model, start, &o, row, NULL) >= 0);
      look(row);
      add(&all);
    }
  assert_all_came_up(&all);
}

static void ascent(void **state) {
  (void)state;
  tally all = {0};
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    for (int which = 0; which < 3; which++) {
      const attrib_model model = make_model(seed, which);
      const attrib_ascent_options o = {.struct_size = sizeof o, .low = low, .high = high, .steps = 4, .step = .2};
      float row[CLASSIFIER_INPUTS];
      assert_int_equal(attrib_baseline_ascent(NULL, &model, start, which, &o, row, NULL), ATTRIB_OK);
      look(row);
      add(&all);
    }
  assert_all_came_up(&all);
}

static void steps_of_agi_and_ig2(void **state) {
  (void)state;
  tally all[2] = {{0}, {0}};
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    for (int which = 0; which < 6; which++) {
      attrib_model model = make_model(seed, which);
      double found[CLASSIFIER_INPUTS];
      if (which < 3) {
        model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS; /* with a gradient these classifiers give one */
        const attrib_agi_options o = {.struct_size = sizeof o, .low = low, .high = high, .steps = 6, .step = .2};
        assert_int_equal(attrib_agi(NULL, &model, start, 0, &o, found, NULL), ATTRIB_OK);
      } else {
        float reference[CLASSIFIER_INPUTS];
        for (int64_t i = 0; i < c.n; i++) reference[i] = i % 2 == 0 ? nextafterf((float)low, 0) : start[i];
        const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = reference};
        const attrib_ig2_options o = {.struct_size = sizeof o, .low = low, .high = high, .steps = 6, .step = .3};
        assert_int_equal(attrib_ig2(NULL, &model, NULL, start, 0, &set, &o, found, NULL), ATTRIB_OK);
      }
      add(&all[which / 3]);
    }
  for (int k = 0; k < 2; k++) assert_all_came_up(&all[k]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(near_zero),
      cmocka_unit_test(max_entropy),
      cmocka_unit_test(ascent),
      cmocka_unit_test(steps_of_agi_and_ig2),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
