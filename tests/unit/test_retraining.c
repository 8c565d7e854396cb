/* attrib_retraining: which data sets are made, and what becomes of the accuracies. */
#include "retraining_data.h"

static const double two_fractions[2] = {0.5, 1.0 / 6};

static attrib_retraining_options of_test(uint32_t test, int64_t repeats) {
  return (attrib_retraining_options){.struct_size = sizeof(attrib_retraining_options),
                                     .test = test,
                                     .seed = 77,
                                     .repeats = repeats,
                                     .n_fractions = 2,
                                     .fractions = two_fractions};
}

/* -- the order of trainings, and every row of every set */

static void every_row_of_every_set(void **state) {
  (void)state;
  for (uint32_t test = ATTRIB_RETRAIN_ROAR; test <= ATTRIB_RETRAIN_DIFF; test++)
    for (uint32_t lowest = 0; lowest < (test == ATTRIB_RETRAIN_DIFF ? 1u : 2u); lowest++)
      for (int fetch = 0; fetch < 2; fetch++) {
        data d = new_data();
        trainer *t = new_trainer();
        attrib_retraining_options options = of_test(test, 3);
        const attrib_baselines rows = fetch ? fetched(fetch_row, &d) : in_memory(d.rows, ROWS);
        const attrib_baselines scores = fetch ? fetched(fetch_scores, &d) : in_memory(d.scores, ROWS);
        const attrib_baselines fills = fetch ? fetched(fetch_fill, &d) : in_memory(d.fills, ROWS);
        if (lowest) options.flags = ATTRIB_METRIC_LOWEST_FIRST;
        options.replacements = &fills;
        double *values = untouched(2 * 5);
        assert_int_equal(
            attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL),
            ATTRIB_OK);
        const int64_t sides = test == ATTRIB_RETRAIN_DIFF ? 2 : 1;
        assert_int_equal(t->calls, 6 * sides);
        for (int64_t k = 0; k < t->calls; k++) {
          const attrib_retraining_set *set = &t->seen[k].set;
          assert_int_equal(set->struct_size, sizeof *set);
          assert_int_equal(set->training, k);
          assert_int_equal(set->trainings, 6 * sides);
          assert_int_equal(set->count, ROWS);
          assert_int_equal(set->n_inputs, WIDTH);
          assert_int_equal(set->repeat, k / (2 * sides));
          assert_true(set->fraction == two_fractions[k / sides % 2]);
          assert_int_equal(set->flags, lowest || k % sides == 1 ? ATTRIB_METRIC_LOWEST_FIRST : 0);
          assert_int_equal(set->part,
                           test == ATTRIB_RETRAIN_ROAR ? ATTRIB_ABLATE_REPLACE_FIRST : ATTRIB_ABLATE_KEEP_FIRST);
          for (int64_t i = 0; i < ROWS; i++)
            expect_ablated(set, d.rows + i * WIDTH, d.scores + i * WIDTH, d.fills + i * WIDTH,
                           t->seen[k].rows + i * WIDTH);
        }
        free(values);
        free(t);
      }
}

/* -- values */

static void means_and_standard_errors(void **state) {
  (void)state;
  for (uint32_t test = ATTRIB_RETRAIN_ROAR; test <= ATTRIB_RETRAIN_DIFF; test++) {
    data d = new_data();
    trainer *t = new_trainer();
    const attrib_retraining_options options = of_test(test, 4);
    const attrib_baselines rows = in_memory(d.rows, ROWS), scores = in_memory(d.scores, ROWS);
    double *values = untouched(2 * 6), *errors = untouched(2), *high = untouched(8), *low = untouched(8);
    attrib_report report = {.struct_size = sizeof report, .standard_errors = errors, .positive = high, .negative = low};
    assert_int_equal(
        attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, &report),
        ATTRIB_OK);
    const int64_t sides = test == ATTRIB_RETRAIN_DIFF ? 2 : 1;
    for (int64_t f = 0; f < 2; f++) {
      double mean = 0, square = 0;
      for (int64_t r = 0; r < 4; r++) {
        const int64_t k = (2 * r + f) * sides;
        const double top = accuracy_of(&t->seen[k].set), bottom = accuracy_of(&t->seen[k + sides - 1].set);
        const double value = sides == 2 ? top - bottom : top;
        assert_true(values[6 * f + 2 + r] == value);
        if (sides == 2) assert_true(high[4 * f + r] == top && low[4 * f + r] == bottom);
        mean += value / 4;
      }
      for (int64_t r = 0; r < 4; r++) square += pow(values[6 * f + 2 + r] - mean, 2);
      assert_true(fabs(values[6 * f] - mean) < ROUND_OFF);
      assert_true(fabs(values[6 * f + 1] - sqrt(square / 3 / 4)) < ROUND_OFF);
      assert_true(errors[f] == values[6 * f + 1]);
    }
    if (sides == 1) assert_true(is_untouched(high, 8) && is_untouched(low, 8));
    assert_int_equal(report.samples, 8 * sides);
    assert_int_equal(report.points, 4);
    assert_int_equal(report.seed, 77);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
    assert_int_equal(report.failed_row, -1);
    assert_true(report.peak_bytes > 0);
    free(values), free(errors), free(high), free(low), free(t);
  }
}

static void defaults(void **state) {
  (void)state;
  data d = new_data();
  trainer *t = new_trainer();
  const attrib_baselines rows = in_memory(d.rows, ROWS), scores = in_memory(d.scores, ROWS);
  double *values = untouched(5 * 7);
  assert_int_equal(attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, NULL, values, NULL),
                   ATTRIB_OK);
  assert_int_equal(t->calls, 25);
  for (int64_t k = 0; k < 25; k++) {
    assert_true(t->seen[k].set.fraction == ((double[]){0.1, 0.3, 0.5, 0.7, 0.9})[k % 5]);
    assert_int_equal(t->seen[k].set.part, ATTRIB_ABLATE_REPLACE_FIRST);
  }
  for (int64_t i = 0; i < 35; i++) assert_true(isfinite(values[i]));
  free(values);
  free(t);
}

static void one_repeat_has_no_standard_error(void **state) {
  (void)state;
  data d = new_data();
  trainer *t = new_trainer();
  const attrib_retraining_options options = of_test(ATTRIB_RETRAIN_ROAR, 1);
  const attrib_baselines rows = in_memory(d.rows, ROWS), scores = in_memory(d.scores, ROWS);
  double values[6];
  assert_int_equal(
      attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL), ATTRIB_OK);
  assert_true(values[0] == values[2] && isnan(values[1]) && values[3] == values[5] && isnan(values[4]));
  free(t);
}

/* -- seeds: published results hang on them, so they are written down */

static void seeds_are_common_to_a_repeat(void **state) {
  (void)state;
  data d = new_data();
  trainer *t = new_trainer();
  const attrib_retraining_options options = of_test(ATTRIB_RETRAIN_DIFF, 3);
  const attrib_baselines rows = in_memory(d.rows, ROWS), scores = in_memory(d.scores, ROWS);
  double values[10];
  assert_int_equal(
      attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL), ATTRIB_OK);
  static const uint64_t expected[3] = {UINT64_C(0xeaaf983d414c2e29), UINT64_C(0x73de1019bce91db6),
                                       UINT64_C(0x4ff25ee3ed1f8371)};
  for (int64_t k = 0; k < 12; k++) assert_int_equal(t->seen[k].set.seed, expected[k / 4]);
  free(t);
}

/* -- what units are replaced by */

static void the_mean_of_the_data_set(void **state) {
  (void)state;
  /* Two rows of a 2 x 1 picture of three channels; the mean per channel and per input. */
  static const float pair[12] = {1, 10, 100, 2, 20, 200, 3, 30, 300, 6, 60, 600};
  static const double scores_of[12] = {0}, per_channel[6] = {3, 30, 300, 3, 30, 300},
                      per_input[6] = {2, 20, 200, 4, 40, 400}, all = 1;
  const attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 3};
  for (int with_shape = 0; with_shape < 2; with_shape++) {
    trainer *t = new_trainer();
    attrib_retraining_options options = of_test(ATTRIB_RETRAIN_ROAR, 1);
    options.n_fractions = 1;
    options.fractions = &all;
    if (with_shape) options.shape = &shape;
    const attrib_baselines rows = in_memory(pair, 2), scores = in_memory(scores_of, 2);
    double values[3];
    assert_int_equal(
        attrib_retraining(NULL, ATTRIB_F32, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL),
        ATTRIB_OK);
    for (int64_t i = 0; i < 2; i++)
      assert_memory_equal(t->seen[0].rows + i * WIDTH, with_shape ? per_channel : per_input, sizeof per_input);
    free(t);
  }
  /* Of equal values it is that value. */
  double same[ROWS * WIDTH];
  for (int64_t i = 0; i < ROWS * WIDTH; i++) same[i] = 0.1;
  trainer *t = new_trainer();
  const attrib_baselines rows = in_memory(same, ROWS), scores = in_memory(same, ROWS);
  double values[10];
  const attrib_retraining_options options = of_test(ATTRIB_RETRAIN_ROAR, 3);
  assert_int_equal(
      attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL), ATTRIB_OK);
  assert_memory_equal(t->seen[0].rows, same, sizeof same);
  free(t);
}

static void units_and_unit_scores(void **state) {
  (void)state;
  static const int32_t groups[WIDTH] = {0, 1, 0, 1, 2, 2};
  const attrib_image shape = {.struct_size = sizeof shape, .width = 3, .height = 1, .channels = 2};
  static const double zero[WIDTH], third = 1.0 / 3;
  for (int kind = 0; kind < 2; kind++) {
    data d = new_data();
    trainer *t = new_trainer();
    attrib_retraining_options options = of_test(ATTRIB_RETRAIN_ROAR, 1);
    attrib_ablate_options single = {.struct_size = sizeof single};
    options.n_fractions = 1;
    options.fractions = &third;
    options.flags = single.flags = ATTRIB_METRIC_ABSOLUTE | (kind == 1 ? ATTRIB_METRIC_UNIT_SCORES : 0u);
    options.shape = single.shape = kind == 0 ? &shape : NULL;
    options.groups = single.groups = kind == 1 ? groups : NULL;
    options.n_groups = single.n_groups = kind == 1 ? 3 : 0;
    const int64_t length = kind == 1 ? 3 : WIDTH;
    const attrib_baselines fill = in_memory(zero, 1), rows = in_memory(d.rows, ROWS),
                           scores = in_memory(d.scores, ROWS);
    options.replacements = &fill;
    double values[3], expected[WIDTH];
    assert_int_equal(
        attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, t, &options, values, NULL),
        ATTRIB_OK);
    for (int64_t i = 0; i < ROWS; i++) {
      assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, WIDTH, d.rows + i * WIDTH, d.scores + i * length, zero,
                                         third, &single, expected),
                       ATTRIB_OK);
      assert_memory_equal(t->seen[0].rows + i * WIDTH, expected, sizeof expected);
    }
    free(t);
  }
}

/* -- rankings by chance */

static void random_rankings(void **state) {
  (void)state;
  enum { REPEATS = 30 };
  data d = new_data();
  trainer *t = new_trainer(), *again = new_trainer();
  attrib_retraining_options options = of_test(ATTRIB_RETRAIN_ROAR, REPEATS);
  static const double zero[WIDTH];
  const attrib_baselines fill = in_memory(zero, 1), rows = in_memory(d.rows, ROWS);
  options.flags = ATTRIB_METRIC_RANDOM;
  options.replacements = &fill;
  double values[2 * (REPEATS + 2)];
  for (int i = 0; i < 2; i++)
    assert_int_equal(attrib_retraining(NULL, ATTRIB_F64, WIDTH, &rows, NULL, note_and_train, i == 0 ? t : again,
                                       &options, values, NULL),
                     ATTRIB_OK);
  assert_memory_equal(t->seen, again->seen, offsetof(attrib_retraining_set, library));
  int64_t replaced[WIDTH] = {0}, different = 0;
  for (int64_t k = 0; k < 2 * REPEATS; k++) {
    assert_memory_equal(t->seen[k].rows, again->seen[k].rows, sizeof t->seen[k].rows);
    for (int64_t i = 0; i < ROWS; i++) {
      const double *row = t->seen[k].rows + i * WIDTH;
      int64_t count = 0;
      for (int64_t u = 0; u < WIDTH; u++) {
        assert_true(row[u] == 0 || row[u] == d.rows[i * WIDTH + u]);
        count += row[u] == 0;
        if (k % 2 == 0) replaced[u] += row[u] == 0;
        /* The larger fraction holds the smaller one of the same repeat: the ranking is the same. */
        if (k % 2 == 1 && row[u] == 0) assert_true(t->seen[k - 1].rows[i * WIDTH + u] == 0);
        different += k >= 2 && k % 2 == 0 && (row[u] == 0) != (t->seen[k - 2].rows[i * WIDTH + u] == 0);
      }
      assert_int_equal(count, k % 2 == 0 ? 3 : 1);
    }
  }
  /* Each of 210 half-rankings takes a unit with probability 1/2: 105 +- 7.2. */
  for (int64_t u = 0; u < WIDTH; u++) assert_in_range(replaced[u], 105 - 30, 105 + 30);
  assert_true(different > 300); /* of 29 * 7 * 6 = 1218, about half */
  free(t);
  free(again);
}

/* -- what the tests say of scores, with a learner whose answer is known */

enum { MANY = 200, FEATURES = 8 };
typedef struct lesson {
  double rows[MANY * FEATURES], good[MANY * FEATURES], bad[MANY * FEATURES], flat[MANY * FEATURES];
  int labels[MANY];
} lesson;

/* The label is the sign of feature 0; the others are noise. */
static void fill_lesson(lesson *l) {
  fill_random(21, l->rows, MANY * FEATURES);
  for (int64_t i = 0; i < MANY; i++) {
    l->labels[i] = l->rows[i * FEATURES] > 0;
    for (int64_t k = 0; k < FEATURES; k++) {
      l->good[i * FEATURES + k] = k == 0 ? 9 : fabs(l->rows[i * FEATURES + k]);
      l->bad[i * FEATURES + k] = -l->good[i * FEATURES + k];
      l->flat[i * FEATURES + k] = 0;
    }
  }
}

/* A decision stump: the feature and side that fit the first half best, tested on the other. */
static int32_t ATTRIB_CALL train_stump(const attrib_retraining_set *set, double *accuracy, void *user) {
  const lesson *l = user;
  double rows[MANY * FEATURES];
  int best_right = -1, best_test = 0;
  for (int64_t i = 0; i < MANY; i++)
    if (attrib_retraining_row(set, i, rows + i * FEATURES) != ATTRIB_OK) return -1;
  for (int k = 0; k < 2 * FEATURES; k++) {
    int right = 0, test = 0;
    for (int64_t i = 0; i < MANY; i++) {
      const int says = (rows[i * FEATURES + k / 2] > 0) == (k % 2 == 0);
      *(i < MANY / 2 ? &right : &test) += says == l->labels[i];
    }
    if (right > best_right) best_right = right, best_test = test;
  }
  *accuracy = best_test / (MANY / 2.0);
  return 0;
}

static double lesson_value(lesson *l, const double *map, uint32_t test, double fraction) {
  static const double zero[FEATURES];
  const attrib_baselines fill = in_memory(zero, 1), rows = in_memory(l->rows, MANY), scores = in_memory(map, MANY);
  attrib_retraining_options options = of_test(test, 1);
  options.n_fractions = 1;
  options.fractions = &fraction;
  options.replacements = &fill;
  double values[3];
  assert_int_equal(
      attrib_retraining(NULL, ATTRIB_F64, FEATURES, &rows, &scores, train_stump, l, &options, values, NULL), ATTRIB_OK);
  return values[0];
}

static void good_scores_are_told_from_bad(void **state) {
  (void)state;
  lesson *l = malloc(sizeof *l);
  assert_non_null(l);
  fill_lesson(l);
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_ROAR, 0) == 1);
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_ROAR, 0.125) < 0.7);
  assert_true(lesson_value(l, l->bad, ATTRIB_RETRAIN_ROAR, 0.5) == 1);
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_KAR, 0.125) == 1);
  assert_true(lesson_value(l, l->bad, ATTRIB_RETRAIN_KAR, 0.5) < 0.7);
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_DIFF, 0.25) > 0.3);
  assert_true(lesson_value(l, l->bad, ATTRIB_RETRAIN_DIFF, 0.25) < -0.3);
  /* Both sides are the same data set where nothing or all is kept, and where nothing tells the units apart. */
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_DIFF, 0) == 0);
  assert_true(lesson_value(l, l->good, ATTRIB_RETRAIN_DIFF, 1) == 0);
  assert_true(lesson_value(l, l->flat, ATTRIB_RETRAIN_DIFF, 0.5) == 0);
  free(l);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_of_every_set),
      cmocka_unit_test(means_and_standard_errors),
      cmocka_unit_test(defaults),
      cmocka_unit_test(one_repeat_has_no_standard_error),
      cmocka_unit_test(seeds_are_common_to_a_repeat),
      cmocka_unit_test(the_mean_of_the_data_set),
      cmocka_unit_test(units_and_unit_scores),
      cmocka_unit_test(random_rankings),
      cmocka_unit_test(good_scores_are_told_from_bad),
  };
  return cmocka_run_group_tests_name("retraining", tests, NULL, NULL);
}
