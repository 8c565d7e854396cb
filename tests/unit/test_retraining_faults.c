/* attrib_retraining: callbacks that fail or stop at every call, allocations, cancelling, and what is refused. */
#include "retraining_data.h"

#include "meter.h"

enum { VALUES = 2 * 4 }; /* two fractions, two repeats */
static const double fractions[2] = {0.5, 0.2};

/* DIFF over fetched rows, scores and replacements: 8 trainings, each of 3 ROWS fetches. */
typedef struct attempt {
  data d;
  trainer *t;
  attrib_context *context;
  attrib_report report;
  double *values;
  attrib_retraining_options options;
  bool mean;
} attempt;

static attempt new_attempt(void) {
  attempt a = {.d = new_data(), .t = new_trainer(), .context = new_context(1, 0), .values = untouched(VALUES)};
  a.options = (attrib_retraining_options){.struct_size = sizeof a.options,
                                          .test = ATTRIB_RETRAIN_DIFF,
                                          .repeats = 2,
                                          .n_fractions = 2,
                                          .fractions = fractions};
  a.report = (attrib_report){.struct_size = sizeof a.report};
  a.t->context = a.context;
  return a;
}

static void free_attempt(attempt *a) {
  attrib_context_destroy(a->context);
  free(a->t);
  free(a->values);
}

static attrib_status make(attempt *a) {
  const attrib_baselines rows = fetched(fetch_row, &a->d), scores = fetched(fetch_scores, &a->d),
                         fills = fetched(fetch_fill, &a->d);
  if (!a->mean) a->options.replacements = &fills;
  const attrib_status status = attrib_retraining(a->context, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, a->t,
                                                 &a->options, a->values, &a->report);
  a->options.replacements = NULL;
  return status;
}

/* After `done` trainings of 8, in the order repeat, fraction, side: whole differences are there, the rest is NaN. */
static void expect_partial(const attempt *a, int64_t done) {
  for (int64_t f = 0; f < 2; f++) {
    int64_t count = 0;
    for (int64_t r = 0; r < 2; r++) {
      const bool there = done >= 4 * r + 2 * f + 2;
      assert_int_equal(there, !isnan(a->values[4 * f + 2 + r]));
      count += there;
    }
    assert_int_equal(count >= 1, !isnan(a->values[4 * f]));
    assert_int_equal(count >= 2, !isnan(a->values[4 * f + 1]));
    if (count == 1) assert_true(a->values[4 * f] == a->values[4 * f + 2]);
  }
  assert_int_equal(a->report.samples, done);
}

static void training_fails_or_stops_at_every_call(void **state) {
  (void)state;
  static const struct {
    int32_t code;
    double accuracy;
    attrib_status status;
    const char *message;
  } ways[] = {{-7, 0, ATTRIB_E_CALLBACK, "train returned -7"},
              {5, 0, ATTRIB_CANCELLED, ""},
              {0, NAN, ATTRIB_E_NONFINITE, "accuracy nan"},
              {0, INFINITY, ATTRIB_E_NONFINITE, "accuracy inf"}};
  for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++)
    for (int64_t k = 0; k < 8; k++) {
      attempt a = new_attempt();
      a.t->fail_at = k;
      a.t->fail_code = ways[way].code;
      a.t->accuracy = ways[way].accuracy;
      assert_int_equal(make(&a), ways[way].status);
      assert_int_equal(a.t->calls, k + 1);
      assert_non_null(strstr(attrib_context_error(a.context), ways[way].message));
      assert_int_equal(a.report.model_status, ways[way].code);
      assert_int_equal(a.report.failed_row, -1);
      if (ways[way].status < 0) {
        char which[32];
        snprintf(which, sizeof which, "for training %d ", (int)k);
        assert_non_null(strstr(attrib_context_error(a.context), which));
        assert_true(is_untouched(a.values, VALUES));
        assert_int_equal(a.report.stop_reason, ATTRIB_STOP_ERROR);
      } else {
        expect_partial(&a, k);
        assert_string_equal(attrib_context_error(a.context), "");
        assert_int_equal(a.report.stop_reason, ATTRIB_STOP_CALLBACK);
      }
      free_attempt(&a);
    }
}

static void an_accuracy_left_unwritten(void **state) {
  (void)state;
  attempt a = new_attempt();
  a.t->forgets = true;
  assert_int_equal(make(&a), ATTRIB_E_NONFINITE);
  assert_true(is_untouched(a.values, VALUES));
  free_attempt(&a);
}

/* Rows, scores and replacements are fetched in turn; of the mean first every row once. A trainer that does not look
 * at what it gets makes no difference. */
static void fetches_fail_or_stop_at_every_call(void **state) {
  (void)state;
  static const int32_t codes[] = {-3, 4, 0};
  for (int mean = 0; mean < 2; mean++)
    for (int deaf = 0; deaf < 2; deaf++)
      for (int way = 0; way < 3; way++) {
        const int64_t each = mean ? 2 : 3, before = mean ? ROWS : 0, all = before + 8 * each * ROWS;
        for (int64_t n = 0; n < all; n++) {
          attempt a = new_attempt();
          a.mean = mean;
          a.t->deaf = deaf;
          a.d.fail_at = n;
          a.d.fail_code = codes[way];
          const attrib_status status = make(&a);
          assert_int_equal(status, way == 0 ? ATTRIB_E_CALLBACK : way == 1 ? ATTRIB_CANCELLED : ATTRIB_E_NONFINITE);
          assert_int_equal(a.report.failed_row, n < before ? n : (n - before) / each % ROWS);
          assert_int_equal(a.report.model_status, codes[way]);
          if (status < 0) assert_true(is_untouched(a.values, VALUES));
          if (status > 0) expect_partial(&a, n < before ? 0 : (n - before) / (each * ROWS));
          if (status > 0) assert_int_equal(a.report.stop_reason, ATTRIB_STOP_CALLBACK);
          const int64_t which = n < before ? 0 : (n - before) % each;
          const char *name = which == 0 ? "rows" : which == 1 ? "scores" : "options->replacements";
          if (status < 0)
            assert_ptr_equal(strstr(attrib_context_error(a.context), name), attrib_context_error(a.context));
          free_attempt(&a);
        }
        attempt a = new_attempt(); /* there were no more of them */
        a.mean = mean;
        a.d.fail_at = all;
        a.d.fail_code = -3;
        assert_int_equal(make(&a), ATTRIB_OK);
        free_attempt(&a);
      }
}

static void cancelled_between_trainings(void **state) {
  (void)state;
  for (int64_t k = -1; k < 8; k++) {
    attempt a = new_attempt();
    if (k < 0) attrib_context_cancel(a.context);
    a.t->cancel_at = k;
    assert_int_equal(make(&a), k == 7 ? ATTRIB_OK : ATTRIB_CANCELLED);
    expect_partial(&a, k + 1);
    assert_int_equal(a.report.stop_reason, k == 7 ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_CANCEL);
    a.t->calls = 0; /* used up, also where it came too late */
    a.t->cancel_at = -1;
    assert_int_equal(make(&a), ATTRIB_OK);
    free_attempt(&a);
  }
}

typedef struct listener {
  int64_t told, stop_at;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  assert_int_equal(progress->struct_size, sizeof *progress);
  assert_int_equal(progress->evaluations, ++l->told);
  assert_int_equal(progress->planned, 8);
  assert_true(isnan(progress->error_estimate));
  return l->told == l->stop_at;
}

static void progress_is_told_and_stops(void **state) {
  (void)state;
  for (int64_t k = 1; k <= 9; k++) {
    attempt a = new_attempt();
    listener l = {.stop_at = k};
    assert_int_equal(attrib_context_set_progress(a.context, listen, &l), ATTRIB_OK);
    assert_int_equal(make(&a), k < 8 ? ATTRIB_CANCELLED : ATTRIB_OK);
    assert_int_equal(l.told, k < 8 ? k : 8);
    assert_int_equal(a.report.stop_reason, k < 8 ? ATTRIB_STOP_PROGRESS : ATTRIB_STOP_COMPLETE);
    expect_partial(&a, k < 8 ? k : 8);
    free_attempt(&a);
  }
}

static void allocations(void **state) {
  (void)state;
  for (int mean = 0; mean < 2; mean++) {
    attempt a = new_attempt();
    a.mean = mean;
    meter m;
    meter_start(&m);
    attrib_context_destroy(a.context);
    a.context = meter_context(&m, 1, 0, NULL);
    assert_non_null(a.context);
    attrib_status status;
    int64_t n = 0;
    for (m.fail_at = m.allocations; (status = make(&a)) != ATTRIB_OK; m.fail_at = m.allocations + ++n) {
      assert_int_equal(status, ATTRIB_E_MEMORY);
      assert_true(is_untouched(a.values, VALUES));
      assert_int_equal(a.t->calls, 0);
    }
    assert_int_equal(n, 1);
    m.fail_at = -1;
    a.t->calls = 0;
    const int64_t allocated = m.allocations;
    assert_int_equal(make(&a), ATTRIB_OK);
    assert_int_equal(m.allocations, allocated);
    free_attempt(&a);
    meter_finish(&m);
  }
}

/* -- from inside the callback */

static int32_t ATTRIB_CALL misuse(const attrib_retraining_set *set, double *accuracy, void *user) {
  attempt *a = user;
  double row[WIDTH];
  *accuracy = 1;
  assert_int_equal(attrib_baseline_fill(a->context, ATTRIB_F64, WIDTH, 0, row), ATTRIB_E_BUSY);
  assert_int_equal(attrib_retraining_row(NULL, 0, row), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_retraining_row(set, ROWS - 1, row), ATTRIB_OK);
  if (a->t->fail_code == 0) return attrib_retraining_row(set, 0, NULL) == ATTRIB_E_ARGUMENT ? 0 : -1;
  assert_int_equal(attrib_retraining_row(set, a->t->fail_code, row), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_retraining_row(set, 0, row), ATTRIB_E_ARGUMENT); /* the call has ended */
  return 0;
}

static void misused_from_inside(void **state) {
  (void)state;
  static const struct {
    int32_t index;
    const char *message;
  } ways[] = {{0, "row is NULL"}, {ROWS, "index = 7"}, {-1, "index = -1"}};
  for (int way = 0; way < 3; way++) {
    attempt a = new_attempt();
    a.t->fail_code = ways[way].index;
    const attrib_baselines rows = fetched(fetch_row, &a.d), scores = fetched(fetch_scores, &a.d);
    assert_int_equal(
        attrib_retraining(a.context, ATTRIB_F64, WIDTH, &rows, &scores, misuse, &a, &a.options, a.values, &a.report),
        ATTRIB_E_ARGUMENT);
    assert_non_null(strstr(attrib_context_error(a.context), ways[way].message));
    assert_true(is_untouched(a.values, VALUES));
    free_attempt(&a);
  }
}

/* -- arguments */

static const double outside[2] = {0.5, 1.25}, weights[ROWS] = {1, 1, 1, 1, 1, 1, 1};
static const attrib_image picture = {.struct_size = sizeof picture, .width = 5, .height = 1, .channels = 1};
static const double one_row[WIDTH];
static const attrib_baselines two_fills = {.struct_size = sizeof two_fills, .count = 2, .rows = outside},
                              weighed_fill = {
                                  .struct_size = sizeof weighed_fill, .count = 1, .rows = one_row, .weights = weights};
static const struct refusal {
  attrib_retraining_options options;
  attrib_status status;
  const char *message;
} refusals[] = {
    {{.test = 3}, ATTRIB_E_ARGUMENT, "options->test = 3"},
    {{.reserved0 = 1}, ATTRIB_E_UNSUPPORTED, "options->reserved0"},
    {{.repeats = -1}, ATTRIB_E_ARGUMENT, "options->repeats = -1"},
    {{.repeats = INT64_MAX}, ATTRIB_E_OVERFLOW, "options->repeats = 9223372036854775807"},
    {{.repeats = INT64_MAX / 10}, ATTRIB_E_OVERFLOW, "too many trainings"},
    {{.n_fractions = 3}, ATTRIB_E_ARGUMENT, "options->n_fractions = 3"},
    {{.n_fractions = 0, .fractions = outside}, ATTRIB_E_ARGUMENT, "options->n_fractions = 0"},
    {{.n_fractions = 2, .fractions = outside}, ATTRIB_E_ARGUMENT, "options->fractions = 1.25"},
    {{.flags = ATTRIB_METRIC_SOFTMAX}, ATTRIB_E_ARGUMENT, "SOFTMAX"},
    {{.flags = ATTRIB_METRIC_ACCURACY}, ATTRIB_E_ARGUMENT, "ACCURACY"},
    {{.flags = 1u << 30}, ATTRIB_E_UNSUPPORTED, "0x40000000"},
    {{.flags = ATTRIB_METRIC_LOWEST_FIRST, .test = ATTRIB_RETRAIN_DIFF}, ATTRIB_E_ARGUMENT, "LOWEST_FIRST"},
    {{.flags = ATTRIB_METRIC_RANDOM | ATTRIB_METRIC_ABSOLUTE}, ATTRIB_E_ARGUMENT, "ABSOLUTE"},
    {{.flags = ATTRIB_METRIC_RANDOM | ATTRIB_METRIC_LOWEST_FIRST}, ATTRIB_E_ARGUMENT, "LOWEST_FIRST"},
    {{.flags = ATTRIB_METRIC_RANDOM}, ATTRIB_E_ARGUMENT, "scores must be NULL with RANDOM"},
    {{.flags = ATTRIB_METRIC_UNIT_SCORES, .shape = &picture}, ATTRIB_E_ARGUMENT, "options->shape"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "n_groups"},
    {{.replacements = &two_fills}, ATTRIB_E_ARGUMENT, "options->replacements->count = 2"},
    {{.replacements = &weighed_fill}, ATTRIB_E_ARGUMENT, "options->replacements->weights"},
};

static void expect_refused(attempt *a, uint32_t dtype, int64_t n, const attrib_baselines *rows,
                           const attrib_baselines *scores, attrib_train_fn train, attrib_status status,
                           const char *message) {
  assert_int_equal(
      attrib_retraining(a->context, dtype, n, rows, scores, train, a->t, &a->options, a->values, &a->report), status);
  if (strstr(attrib_context_error(a->context), message) == NULL)
    fail_msg("%s: no '%s'", attrib_context_error(a->context), message);
  assert_true(is_untouched(a->values, VALUES));
  assert_int_equal(a->t->calls, 0);
}

static void refused(void **state) {
  (void)state;
  attempt a = new_attempt();
  const attrib_baselines rows = in_memory(a.d.rows, ROWS), scores = in_memory(a.d.scores, ROWS);
  const attrib_retraining_options proper = a.options;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    a.options = refusals[i].options;
    a.options.struct_size = sizeof a.options;
    expect_refused(&a, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, refusals[i].status, refusals[i].message);
  }
  a.options = proper;
  attrib_baselines weighed = rows, fewer = scores;
  weighed.weights = weights;
  fewer.count = ROWS - 1;
  expect_refused(&a, 9, WIDTH, &rows, &scores, note_and_train, ATTRIB_E_ARGUMENT, "dtype = 9");
  expect_refused(&a, ATTRIB_F64, 0, &rows, &scores, note_and_train, ATTRIB_E_ARGUMENT, "n_inputs = 0");
  expect_refused(&a, ATTRIB_F64, WIDTH, NULL, &scores, note_and_train, ATTRIB_E_ARGUMENT, "rows is NULL");
  expect_refused(&a, ATTRIB_F64, WIDTH, &rows, NULL, note_and_train, ATTRIB_E_ARGUMENT, "scores is NULL");
  expect_refused(&a, ATTRIB_F64, WIDTH, &rows, &scores, NULL, ATTRIB_E_ARGUMENT, "train is NULL");
  expect_refused(&a, ATTRIB_F64, WIDTH, &weighed, &scores, note_and_train, ATTRIB_E_ARGUMENT, "rows->weights");
  expect_refused(&a, ATTRIB_F64, WIDTH, &rows, &weighed, note_and_train, ATTRIB_E_ARGUMENT, "scores->weights");
  expect_refused(&a, ATTRIB_F64, WIDTH, &rows, &fewer, note_and_train, ATTRIB_E_ARGUMENT, "scores->count = 6");
  assert_int_equal(
      attrib_retraining(a.context, ATTRIB_F64, WIDTH, &rows, &scores, note_and_train, a.t, &a.options, NULL, NULL),
      ATTRIB_E_ARGUMENT);
  assert_string_equal(attrib_context_error(a.context), "values is NULL");
  free_attempt(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(training_fails_or_stops_at_every_call),
      cmocka_unit_test(an_accuracy_left_unwritten),
      cmocka_unit_test(fetches_fail_or_stop_at_every_call),
      cmocka_unit_test(cancelled_between_trainings),
      cmocka_unit_test(progress_is_told_and_stops),
      cmocka_unit_test(allocations),
      cmocka_unit_test(misused_from_inside),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests_name("retraining: what goes wrong", tests, NULL, NULL);
}
