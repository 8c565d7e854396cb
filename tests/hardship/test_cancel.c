/* Ends that come from outside: the progress callback, attrib_context_cancel from every direction. */
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

static const uint32_t worker_counts[] = {1, 2, 4};
enum { WAYS = 3, FEW_ROWS = 16, MANY_ROWS = 200 };

/* At every row; with several lanes some of the rows of a long scene are enough. */
static int64_t step_of(const stage *s, scene which, int w) {
  int64_t rows = scene_rows(s, which);
  return rows <= FEW_ROWS ? 1 : (rows <= MANY_ROWS ? 1 : 7) * (w == 0 ? 1 : 13);
}

typedef struct listener {
  int64_t stop_at; /* the call (from 0) that asks for the end; < 0 = none */
  int64_t calls, evaluations, planned;
  pthread_t thread;
  attrib_context *cancels;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  assert_true(progress->struct_size >= sizeof *progress);
  assert_int_equal(progress->phase, 0);
  assert_true(progress->evaluations > l->evaluations); /* it is told of news only, and they only grow */
  assert_true(l->calls == 0 || progress->planned == l->planned);
  assert_true(progress->planned == 0 || progress->evaluations <= progress->planned);
  assert_true(pthread_equal(l->thread, pthread_self()));
  l->evaluations = progress->evaluations;
  l->planned = progress->planned;
  bool stops = l->calls++ == l->stop_at;
  if (stops && l->cancels != NULL) attrib_context_cancel(l->cancels);
  return stops && l->cancels == NULL ? 1 : 0;
}

static void set_listener(attrib_context *context, listener *l, int64_t stop_at) {
  *l = (listener){.stop_at = stop_at, .thread = pthread_self()};
  assert_int_equal(attrib_context_set_progress(context, listen, l), ATTRIB_OK);
}

/* The results are those of a prefix of whole rows. */
static int64_t check_cut(stage *s, scene which, attrib_status status, uint32_t reason, const attrib_report *report,
                         const double *results) {
  int64_t used = report->evaluations + report->output_evaluations, length = scene_results(s, which);
  double *expected = untouched(length);
  assert_int_equal(status, ATTRIB_CANCELLED);
  assert_int_equal(report->stop_reason, reason);
  assert_int_equal(report->failed_row, -1);
  assert_int_equal(report->model_status, 0);
  assert_string_equal(report->message, "");
  /* Whether a doubling was the last is decided when it is in, which it may be after the request. */
  assert_true(used < scene_rows(s, which) + scene_has_tolerance(which));
  scene_expect(s, which, used, expected);
  assert_close(results, expected, length, scene_names[which]);
  assert_int_equal(report->samples, scene_held(s, which, used));
  free(expected);
  return used;
}

static void check_whole(stage *s, scene which, attrib_status status, const attrib_report *report,
                        const double *results) {
  int64_t length = scene_results(s, which);
  double *expected = untouched(length);
  assert_int_equal(status, scene_status(s, which));
  assert_int_equal(report->stop_reason, scene_stop_reason(s, which));
  assert_int_equal(report->evaluations + report->output_evaluations, scene_rows(s, which));
  assert_int_equal(report->samples, scene_held(s, which, scene_rows(s, which)));
  scene_expect(s, which, scene_rows(s, which), expected);
  assert_close(results, expected, length, scene_names[which]);
  free(expected);
}

/* Progress says stop at call k, for every k, in every method; then the same call runs to its end. */
static void progress_stops(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  for (int by_cancel = 0; by_cancel < 2; by_cancel++)
    for (int w = 0; w < WAYS; w++) {
      meter m;
      meter_start(&m);
      attrib_context *context = meter_context(&m, worker_counts[w], 0, NULL);
      for (int which = 0; which < SCENE_METHODS; which++) {
        int64_t length = scene_results(&s, (scene)which);
        bool stopped = true;
        for (int64_t k = 0; stopped; k += step_of(&s, (scene)which, w)) {
          double *results = untouched(length);
          attrib_report *report = report_open(200);
          listener l;
          set_listener(context, &l, k);
          if (by_cancel) l.cancels = context;
          attrib_status status = scene_play(&s, (scene)which, context, results, report);
          stopped = status == ATTRIB_CANCELLED;
          if (stopped) {
            int64_t used = check_cut(&s, (scene)which, status, by_cancel ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_PROGRESS,
                                     report, results);
            assert_true(used >= l.evaluations);
            if (w == 0) assert_int_equal(used, k + 1);                  /* one lane: nothing else was out */
            if (w == 0 && !by_cancel) assert_int_equal(l.calls, k + 1); /* else it hears of what was still out */
            assert_true(l.calls >= k + 1);
          } else {
            check_whole(&s, (scene)which, status, report, results);
            /* One lane: a call after every batch. The last one is too late to stop anything. */
            int64_t step = step_of(&s, (scene)which, w), last = scene_rows(&s, (scene)which) - 1;
            if (w == 0) assert_true(k >= last && k - step < last);
          }
          set_listener(context, &l, -1);
          memset(results, 0x5a, (size_t)length * sizeof *results);
          check_whole(&s, (scene)which, scene_play(&s, (scene)which, context, results, report), report, results);
          if (w == 0) assert_int_equal(l.evaluations, scene_rows(&s, (scene)which));
          if (l.calls > 0) assert_int_equal(l.planned, scene_planned(&s, (scene)which));
          free(results);
          report_close(report);
          assert_true(k < 1000);
        }
      }
      attrib_context_destroy(context);
      meter_finish(&m);
    }
  stage_close(&s);
}

/* The pull form: progress at each submission. */
static void progress_stops_a_pull(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  for (int out = 1; out <= 4; out++)
    for (int which = 0; which < SCENE_RUNS; which++) {
      bool stopped = true;
      for (int64_t k = 0; stopped; k += step_of(&s, (scene)which, out - 1)) {
        meter m;
        meter_start(&m);
        attrib_context *context = meter_context(&m, 1, 4, NULL);
        double *results = untouched(s.n);
        attrib_report *report = report_open(200);
        listener l;
        set_listener(context, &l, k);
        attrib_status status = scene_pull(&s, (scene)which, context, out, results, report);
        stopped = status == ATTRIB_CANCELLED;
        if (stopped)
          check_cut(&s, (scene)which, status, ATTRIB_STOP_PROGRESS, report, results);
        else
          check_whole(&s, (scene)which, status, report, results);
        free(results);
        report_close(report);
        attrib_context_destroy(context);
        meter_finish(&m);
        assert_true(k < 1000);
      }
    }
  stage_close(&s);
}

/* Asked for while nothing runs: the next call that evaluates a model ends at once, and only that one. */
static void cancel_before_a_call(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  for (int w = 0; w < WAYS; w++) {
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, worker_counts[w], 0, NULL);
    for (int which = 0; which < SCENE_METHODS; which++) {
      int64_t length = scene_results(&s, (scene)which);
      double *results = untouched(length);
      attrib_report *report = report_open(100);
      int64_t calls = atomic_load(&s.inner.calls);
      attrib_context_cancel(context);
      attrib_context_cancel(context);                               /* twice is once */
      for (int plain = SCENE_METHODS; plain < SCENE_END; plain++) { /* these evaluate no model */
        double *other = untouched(scene_results(&s, (scene)plain));
        assert_int_equal(scene_play(&s, (scene)plain, context, other, NULL), ATTRIB_OK);
        free(other);
      }
      attrib_status status = scene_play(&s, (scene)which, context, results, report);
      assert_int_equal(check_cut(&s, (scene)which, status, ATTRIB_STOP_CANCEL, report, results), 0);
      assert_int_equal(atomic_load(&s.inner.calls), calls);
      assert_true(isnan(report->output) && isnan(report->completeness_target));
      status = scene_play(&s, (scene)which, context, results, report);
      check_whole(&s, (scene)which, status, report, results);
      if (which < SCENE_RUNS) {
        attrib_context_cancel(context);
        memset(results, 0x5a, (size_t)length * sizeof *results);
        status = scene_pull(&s, (scene)which, context, 2, results, report);
        assert_int_equal(check_cut(&s, (scene)which, status, ATTRIB_STOP_CANCEL, report, results), 0);
        check_whole(&s, (scene)which, scene_pull(&s, (scene)which, context, 2, results, report), report, results);
      }
      free(results);
      report_close(report);
    }
    attrib_context_destroy(context);
    meter_finish(&m);
  }
  attrib_context_cancel(NULL);
  stage_close(&s);
}

/* From inside the model, at call k; what is out comes in, and nothing after that. */
typedef struct inside_cancel {
  attrib_context *context;
  atomic_llong calls;
  int64_t at;
} inside_cancel;

static void cancel_inside(stage *s) {
  inside_cancel *c = s->inside_user;
  if (atomic_fetch_add(&c->calls, 1) == c->at) attrib_context_cancel(c->context);
}

static void cancel_from_callbacks(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  for (int fetching = 0; fetching < 2; fetching++)
    for (int w = 0; w < WAYS; w++)
      for (int which = 0; which < SCENE_METHODS; which++) {
        if (fetching && !scene_fetches((scene)which)) continue;
        int64_t length = scene_results(&s, (scene)which);
        meter m;
        meter_start(&m);
        inside_cancel c = {.context = meter_context(&m, worker_counts[w], 0, NULL)};
        s.inside_user = &c;
        s.inside = fetching ? NULL : cancel_inside;
        s.inside_fetch = fetching ? cancel_inside : NULL;
        for (c.at = 0; c.at < scene_rows(&s, (scene)which); c.at += step_of(&s, (scene)which, w)) {
          double *results = untouched(length);
          attrib_report *report = report_open(100);
          atomic_store(&c.calls, 0);
          attrib_status status = scene_play(&s, (scene)which, c.context, results, report);
          if (status == ATTRIB_CANCELLED) {
            int64_t used = check_cut(&s, (scene)which, status, ATTRIB_STOP_CANCEL, report, results);
            if (!fetching) assert_true(used >= c.at + 1);
            if (!fetching) assert_int_equal(used, atomic_load(&c.calls)); /* what was out is in, and no more */
          } else { /* in the last rows the request may come too late; then it is dropped */
            check_whole(&s, (scene)which, status, report, results);
          }
          s.inside = s.inside_fetch = NULL;
          check_whole(&s, (scene)which, scene_play(&s, (scene)which, c.context, results, report), report, results);
          s.inside = fetching ? NULL : cancel_inside;
          s.inside_fetch = fetching ? cancel_inside : NULL;
          free(results);
          report_close(report);
        }
        attrib_context_destroy(c.context);
        meter_finish(&m);
      }
  stage_close(&s);
}

/* From another thread, once the model has been called some times. */
typedef struct canceller {
  stage *s;
  attrib_context *context;
  int64_t after;
  atomic_bool quit;
} canceller;

static void *cancel_later(void *user) {
  canceller *c = user;
  while (atomic_load(&c->s->inner.calls) < c->after && !atomic_load(&c->quit)) sched_yield();
  attrib_context_cancel(c->context);
  return NULL;
}

static void cancel_from_a_thread(stage *s, scene which, uint32_t workers, int64_t after) {
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, workers, 0, NULL);
  double *results = untouched(s->n);
  attrib_report *report = report_open(200);
  atomic_store(&s->inner.calls, 0);
  canceller c = {.s = s, .context = context, .after = after};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, cancel_later, &c), 0);
  attrib_status status = scene_play(s, which, context, results, report);
  atomic_store(&c.quit, true);
  pthread_join(thread, NULL);
  if (status == ATTRIB_CANCELLED) {
    int64_t used = check_cut(s, which, status, ATTRIB_STOP_CANCEL, report, results);
    assert_int_equal(used, atomic_load(&s->inner.calls));
  } else {
    check_whole(s, which, status, report, results);
  }
  attrib_context_destroy(context);
  meter_finish(&m);
  free(results);
  report_close(report);
}

/* Of sampling methods in the middle of four doublings and more. */
static void cancel_from_another_thread(void **state) {
  (void)state;
  stage s, doubled;
  stage_open(&s, ATTRIB_F64, 5, 3, 2000);
  stage_open(&doubled, ATTRIB_F64, 5, 3, 16);
  doubled.tolerance = 1e-12;
  s.model.max_rows = doubled.model.max_rows = 1;
  for (uint32_t workers = 1; workers <= 3; workers += 2)
    for (int64_t after = 0; after < 1000; after += 90) {
      cancel_from_a_thread(&s, SCENE_IG_FETCHED, workers, after);
      for (int which = 0; which < SCENE_RUNS; which++)
        if (scene_has_tolerance((scene)which)) cancel_from_a_thread(&doubled, (scene)which, workers, after);
    }
  stage_close(&doubled);
  stage_close(&s);
}

/* Asked for while all of a doubling is out: it comes in, and counts. */
static void cancel_while_a_doubling_is_out(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 7;
  attrib_batch *out[64];
  for (int which = 0; which < SCENE_RUNS; which++) {
    if (!scene_has_tolerance((scene)which)) continue;
    int64_t used = 0;
    for (int64_t at = 0; used < scene_rows(&s, (scene)which); at++) {
      meter m;
      meter_start(&m);
      attrib_context *context = meter_context(&m, 1, 64, NULL);
      attrib_run *run;
      assert_int_equal(scene_start(&s, (scene)which, context, &run), ATTRIB_OK);
      for (int64_t doubling = 0; !attrib_run_done(run); doubling++) {
        int64_t count = 0;
        while (attrib_run_next(run, &out[count]) == ATTRIB_OK && out[count] != NULL) assert_true(++count < 64);
        if (doubling == at) attrib_context_cancel(context);
        if (doubling == at) assert_int_equal(attrib_run_next(run, &out[count]), ATTRIB_CANCELLED);
        attrib_status expected = doubling == at ? ATTRIB_CANCELLED : ATTRIB_OK;
        while (count-- > 0)
          assert_int_equal(attrib_run_submit(run, out[count], s.model.evaluate(out[count], &s)), expected);
      }
      double *results = untouched(s.n);
      attrib_report *report = report_open(200);
      attrib_status status = attrib_run_result(run, results, report);
      used = check_cut(&s, (scene)which, status, ATTRIB_STOP_CANCEL, report, results);
      attrib_run_destroy(run);
      free(results);
      report_close(report);
      attrib_context_destroy(context);
      meter_finish(&m);
    }
  }
  stage_close(&s);
}

/* A call that the request reached too late drops it: the next one is whole. Asked from the last row's evaluation. */
static void cancel_too_late(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  meter m;
  meter_start(&m);
  inside_cancel c = {.context = meter_context(&m, 1, 0, NULL)};
  double *results = untouched(s.n);
  attrib_report *report = report_open(100);
  s.inside_user = &c;
  s.inside = cancel_inside;
  assert_int_equal(scene_play(&s, SCENE_GRADIENT, c.context, results, report), ATTRIB_OK); /* its only batch */
  assert_int_equal(atomic_load(&c.calls), 1);
  s.inside = NULL;
  for (int which = 0; which < SCENE_RUNS; which++)
    check_whole(&s, (scene)which, scene_play(&s, (scene)which, c.context, results, report), report, results);
  free(results);
  report_close(report);
  attrib_context_destroy(c.context);
  meter_finish(&m);
  stage_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(progress_stops),
      cmocka_unit_test(progress_stops_a_pull),
      cmocka_unit_test(cancel_before_a_call),
      cmocka_unit_test(cancel_from_callbacks),
      cmocka_unit_test(cancel_from_another_thread),
      cmocka_unit_test(cancel_while_a_doubling_is_out),
      cmocka_unit_test(cancel_too_late),
  };
  return cmocka_run_group_tests_name("hardship: cancel", tests, NULL, NULL);
}
