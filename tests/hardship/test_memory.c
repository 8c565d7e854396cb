/* Memory that runs out at every place where it is asked for, and what a context holds. */
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

static const char unset[] = "#";

/* Linked with --wrap: threads that do not start, and the allocator behind contexts that have none of their own. */
static int threads_to_start = -1, blocks_to_give = -1, blocks_given;
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*start)(void *), void *argument) {
  if (threads_to_start == 0) return 11; /* EAGAIN */
  if (threads_to_start > 0) threads_to_start--;
  return __real_pthread_create(thread, how, start, argument);
}
void *__real_aligned_alloc(size_t, size_t);
void *__wrap_aligned_alloc(size_t, size_t);
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  if (blocks_to_give == 0) return NULL;
  if (blocks_to_give > 0) blocks_to_give--;
  blocks_given++;
  return __real_aligned_alloc(alignment, size);
}

static void open_stage(stage *s) {
  stage_open(s, ATTRIB_F64, 5, 3, 3);
  s->model.max_rows = 2;
}

static void creation_runs_out(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 4; workers++) {
    attrib_status status = ATTRIB_E_MEMORY;
    int64_t n = 0;
    for (; status != ATTRIB_OK; n++) {
      meter m;
      meter_start(&m);
      m.fail_at = n;
      attrib_context *context = meter_context(&m, workers, 0, &status);
      assert_true(status == ATTRIB_OK || status == ATTRIB_E_MEMORY);
      assert_int_equal(status == ATTRIB_OK, m.allocations <= n);
      attrib_context_destroy(context);
      meter_finish(&m);
      assert_true(n < 100);
    }
    assert_true(n > 1); /* at least the context itself comes from the allocator */
  }
}

static void threads_do_not_start(void **state) {
  (void)state;
  for (int started = 0; started < 3; started++) {
    meter m;
    meter_start(&m);
    attrib_status status;
    threads_to_start = started;
    attrib_context *context = meter_context(&m, 4, 0, &status);
    threads_to_start = -1;
    assert_null(context);
    assert_int_equal(status, ATTRIB_E_MEMORY);
    meter_finish(&m);
  }
}

/* One call with allocation n failing; the context must be good for the same call afterwards. True when n was not
 * reached. */
static bool run_out_once(stage *s, scene which, uint32_t workers, bool pull, int64_t n) {
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, workers, 0, NULL);
  int64_t length = scene_results(s, which);
  double *results = untouched(length);
  attrib_report *report = report_open(200);
  m.fail_at = m.allocations + n;
  attrib_status status =
      pull ? scene_pull(s, which, context, 2, results, report) : scene_play(s, which, context, results, report);
  bool survived = m.allocations <= m.fail_at;
  if (survived) {
    assert_int_equal(status, scene_status(s, which));
  } else {
    assert_int_equal(status, ATTRIB_E_MEMORY);
    assert_true(is_untouched(results, length));
    assert_non_null(strstr(attrib_context_error(context), "memory"));
    if (which < SCENE_METHODS && !pull) {
      assert_string_equal(report->message, attrib_context_error(context));
      assert_int_equal(report->stop_reason, ATTRIB_STOP_ERROR);
      assert_int_equal(report->filled_size, sizeof *report);
      assert_int_equal(report->evaluations, 0);
      assert_int_equal(report->failed_row, -1);
    } else {
      assert_int_equal(report->message[0], unset[0]);
    }
    assert_int_equal(attrib_context_memory(context), m.live);
  }
  m.fail_at = -1;
  double *again = untouched(length);
  status = scene_play(s, which, context, again, report);
  assert_int_equal(status, scene_status(s, which));
  assert_true((attrib_context_error(context)[0] == '\0') == (status == ATTRIB_OK));
  assert_false(is_untouched(again, length));
  if (which < SCENE_METHODS) assert_int_equal(report->stop_reason, scene_stop_reason(s, which));
  if (survived) assert_memory_equal(again, results, (size_t)length * sizeof *again);
  free(again);
  free(results);
  report_close(report);
  attrib_context_destroy(context);
  meter_finish(&m);
  return survived;
}

static void every_call_runs_out(void **state) {
  (void)state;
  stage s;
  open_stage(&s);
  for (uint32_t workers = 1; workers <= 3; workers += 2)
    for (int pull = 0; pull <= 1; pull++)
      for (int which = 0; which < (pull ? SCENE_RUNS : SCENE_END); which++) {
        int64_t n = 0;
        while (!run_out_once(&s, (scene)which, workers, pull != 0, n)) assert_true(++n < 100);
        /* Those that read an array once and keep nothing are the only ones that need no memory. */
        if (n == 0) assert_true(which == SCENE_SCALE || which == SCENE_NORMALISE);
      }
  stage_close(&s);
}

/* After a big call, a bigger one that is refused; then the big one again. */
static void growth_is_refused(void **state) {
  (void)state;
  stage small, large;
  open_stage(&small);
  stage_open(&large, ATTRIB_F64, 500, 3, 3);
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  double *results = untouched(500);
  for (int which = 0; which < SCENE_SCALE; which++) {
    attrib_status whole = scene_status(&small, (scene)which);
    assert_int_equal(scene_play(&small, (scene)which, context, results, NULL), whole);
    m.limit = 1000;
    memset(results, 0x5a, 500 * sizeof *results);
    assert_int_equal(scene_play(&large, (scene)which, context, results, NULL), ATTRIB_E_MEMORY);
    assert_true(is_untouched(results, 500));
    assert_int_equal(attrib_context_memory(context), m.live);
    m.limit = 0;
    assert_int_equal(scene_play(&small, (scene)which, context, results, NULL), whole);
  }
  free(results);
  attrib_context_destroy(context);
  meter_finish(&m);
  stage_close(&small);
  stage_close(&large);
}

/* The same shape again, and every smaller one, allocates nothing; the context says what it holds. */
static void repeats_allocate_nothing(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 4; workers += 3) {
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, workers, 0, NULL);
    assert_int_equal(attrib_context_memory(context), m.live);
    stage s, smaller;
    stage_open(&s, ATTRIB_F64, 12, 6, 20); /* enough rows to fill every batch that may be out */
    stage_open(&smaller, ATTRIB_F64, 9, 3, 3);
    s.model.max_rows = smaller.model.max_rows = 2;
    double *results = untouched(12);
    for (int which = 0; which < SCENE_END; which++) {
      attrib_status whole = scene_status(&s, (scene)which);
      assert_int_equal(scene_play(&s, (scene)which, context, results, NULL), whole);
      assert_int_equal(attrib_context_memory(context), m.live);
      int64_t allocations = m.allocations, releases = m.releases;
      for (int repeat = 0; repeat < 3; repeat++) {
        assert_int_equal(scene_play(&s, (scene)which, context, results, NULL), whole);
        assert_true(scene_play(&smaller, (scene)which, context, results, NULL) >= 0);
      }
      s.points = 300;
      if (which < SCENE_RUNS) assert_true(scene_play(&s, (scene)which, context, results, NULL) >= 0);
      s.points = 20;
      assert_int_equal(m.allocations, allocations);
      assert_int_equal(m.releases, releases);
      assert_int_equal(attrib_context_memory(context), m.live);
    }
    for (int which = 0; which < SCENE_RUNS; which++)
      assert_int_equal(scene_pull(&s, (scene)which, context, 2, results, NULL), scene_status(&s, (scene)which));
    int64_t allocations = m.allocations;
    for (int which = 0; which < SCENE_RUNS; which++) {
      assert_int_equal(scene_pull(&s, (scene)which, context, 2, results, NULL), scene_status(&s, (scene)which));
      assert_true(scene_pull(&smaller, (scene)which, context, 2, results, NULL) >= 0);
    }
    assert_int_equal(m.allocations, allocations);
    free(results);
    stage_close(&s);
    stage_close(&smaller);
    attrib_context_destroy(context);
    meter_finish(&m);
  }
}

/* Without a context the memory is malloc's, and given back before the call returns (the leak checkers look). */
static void no_context_runs_out(void **state) {
  (void)state;
  stage s;
  open_stage(&s);
  for (int which = 0; which < SCENE_END; which++) {
    int64_t length = scene_results(&s, (scene)which);
    attrib_status whole = scene_status(&s, (scene)which), status = ATTRIB_E_MEMORY;
    for (int n = 0; status != whole; n++) {
      double *results = untouched(length);
      attrib_report *report = report_open(200);
      blocks_to_give = n;
      blocks_given = 0;
      status = scene_play(&s, (scene)which, NULL, results, report);
      blocks_to_give = -1;
      if (status != whole) {
        assert_int_equal(status, ATTRIB_E_MEMORY);
        assert_true(is_untouched(results, length));
        if (which < SCENE_METHODS) assert_non_null(strstr(report->message, "memory"));
      }
      free(results);
      report_close(report);
      assert_true(n < 100);
    }
    if (which < SCENE_METHODS) assert_true(blocks_given > 0);
    if (which >= SCENE_RUNS) continue;
    attrib_run *run = NULL;
    status = ATTRIB_E_MEMORY;
    for (int n = 0; status != ATTRIB_OK; n++) {
      blocks_to_give = n;
      status = scene_start(&s, (scene)which, NULL, &run);
      blocks_to_give = -1;
      assert_true((status == ATTRIB_OK) == (run != NULL));
      assert_true(status == ATTRIB_OK || status == ATTRIB_E_MEMORY);
      assert_true(n < 100);
    }
    attrib_run_destroy(run);
  }
  stage_close(&s);
}

static void destroy_in_order(stage *s, scene which, int order, int out, int back) {
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 3, NULL);
  attrib_run *run;
  assert_int_equal(scene_start(s, which, context, &run), ATTRIB_OK);
  attrib_batch *batches[4];
  for (int i = 0; i < out; i++) assert_int_equal(attrib_run_next(run, &batches[i]), ATTRIB_OK);
  for (int i = 0; i < back; i++)
    if (batches[i] != NULL)
      assert_int_equal(attrib_run_submit(run, batches[i], s->model.evaluate(batches[i], s)), ATTRIB_OK);
  if (order == 0) attrib_context_destroy(context);
  if (order == 0) assert_true(m.live > 0); /* the run keeps it alive */
  attrib_run_destroy(run);
  if (order == 1) attrib_context_destroy(context);
  meter_finish(&m);
}

/* Runs and contexts go in either order, with batches out, at every stage of a run. */
static void destroyed_in_any_order(void **state) {
  (void)state;
  static const scene scenes[] = {SCENE_IG_FETCHED, SCENE_EG_ROUNDS, SCENE_SMOOTH_ROUNDS};
  stage s;
  open_stage(&s);
  for (size_t which = 0; which < sizeof scenes / sizeof scenes[0]; which++)
    for (int order = 0; order < 2; order++)
      for (int out = 0; out < 4; out++)
        for (int back = 0; back <= out; back++) destroy_in_order(&s, scenes[which], order, out, back);
  stage_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(creation_runs_out),        cmocka_unit_test(threads_do_not_start),
      cmocka_unit_test(every_call_runs_out),      cmocka_unit_test(growth_is_refused),
      cmocka_unit_test(repeats_allocate_nothing), cmocka_unit_test(no_context_runs_out),
      cmocka_unit_test(destroyed_in_any_order),
  };
  return cmocka_run_group_tests_name("hardship: memory", tests, NULL, NULL);
}
