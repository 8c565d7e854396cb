/* One call at a time on a context: who comes second gets BUSY and changes nothing. And which callbacks may overlap. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hardship.h"

/* Everything that enters a context, tried on one that is in use. */
typedef struct intruder {
  attrib_context *context;
  stage other; /* a stage of its own: the busy one's counters stay clean */
  atomic_llong tries;
} intruder;

static int32_t ATTRIB_CALL never_called(const attrib_progress *progress, void *user) {
  (void)progress;
  (void)user;
  abort();
}

static void intrude(intruder *i) {
  for (int which = 0; which < SCENE_END; which++) {
    int64_t length = scene_results(&i->other, (scene)which);
    double *results = untouched(length);
    attrib_report *report = report_open(100);
    assert_int_equal(scene_play(&i->other, (scene)which, i->context, results, report), ATTRIB_E_BUSY);
    assert_true(is_untouched(results, length));
    if (which < SCENE_METHODS) { /* the message is not the other call's */
      assert_string_equal(report->message, attrib_status_text(ATTRIB_E_BUSY));
      assert_int_equal(report->stop_reason, ATTRIB_STOP_ERROR);
      assert_int_equal(report->failed_row, -1);
      assert_int_equal(report->evaluations + report->output_evaluations, 0);
    }
    report_close(report);
    if (which < SCENE_RUNS) {
      attrib_run *run = (attrib_run *)i;
      assert_int_equal(scene_start(&i->other, (scene)which, i->context, &run), ATTRIB_E_BUSY);
      assert_null(run);
    }
    free(results);
  }
  double *row = untouched(i->other.n);
  assert_int_equal(attrib_baseline_fill(i->context, ATTRIB_F64, i->other.n, 1, row), ATTRIB_E_BUSY);
  assert_int_equal(attrib_baseline_max_distance(i->context, ATTRIB_F64, i->other.n, i->other.input, 0, 1, row),
                   ATTRIB_E_BUSY);
  assert_true(is_untouched(row, i->other.n));
  assert_int_equal(attrib_noise_check(i->context, &i->other.noise), ATTRIB_E_BUSY);
  assert_int_equal(attrib_context_set_progress(i->context, never_called, NULL), ATTRIB_E_BUSY);
  free(row);
  atomic_fetch_add(&i->tries, 1);
}

static void intrude_from_stage(stage *s) {
  intrude(s->inside_user);
}

static int32_t ATTRIB_CALL intrude_from_progress(const attrib_progress *progress, void *user) {
  (void)progress;
  intrude(user);
  return 0;
}

static void check_undisturbed(stage *s, scene which, attrib_context *context, intruder *i) {
  int64_t length = scene_results(s, which), tries = atomic_load(&i->tries);
  double *results = untouched(length), *expected = untouched(length);
  attrib_report *report = report_open(300);
  attrib_status status = scene_play(s, which, context, results, report);
  assert_int_equal(status, scene_status(s, which));
  assert_true((report->message[0] == '\0') == (status == ATTRIB_OK));
  assert_string_equal(attrib_context_error(context), report->message);
  scene_expect(s, which, scene_rows(s, which), expected);
  assert_close(results, expected, length, scene_names[which]);
  assert_true(atomic_load(&i->tries) > tries);
  free(results);
  free(expected);
  report_close(report);
}

static void entered_from_callbacks(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 2;
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, workers, 0, NULL);
    intruder i = {.context = context};
    stage_open(&i.other, ATTRIB_F64, 4, 2, 2);
    s.inside_user = &i;
    for (int which = 0; which < SCENE_METHODS; which++) {
      s.inside = intrude_from_stage;
      check_undisturbed(&s, (scene)which, context, &i);
      s.inside = NULL;
      s.inside_fetch = intrude_from_stage;
      if (scene_fetches((scene)which)) check_undisturbed(&s, (scene)which, context, &i);
      s.inside_fetch = NULL;
      assert_int_equal(attrib_context_set_progress(context, intrude_from_progress, &i), ATTRIB_OK);
      /* With several lanes the caller's own may sleep through a short call. */
      if (workers == 1) check_undisturbed(&s, (scene)which, context, &i);
      assert_int_equal(attrib_context_set_progress(context, NULL, NULL), ATTRIB_OK);
    }
    s.inside_fetch = intrude_from_stage; /* a mean has no report, but fetches */
    double *mean = untouched(s.n);
    assert_int_equal(scene_play(&s, SCENE_MEAN_FETCHED, context, mean, NULL), ATTRIB_OK);
    free(mean);
    s.inside_fetch = NULL;
    stage_close(&i.other);
    attrib_context_destroy(context);
    meter_finish(&m);
  }
  stage_close(&s);
}

/* A context of another call is no way around: inside a call, a different context works. */
static void use_another_context(stage *s) {
  stage *other = s->inside_user;
  double *results = untouched(other->n);
  assert_int_equal(scene_play(other, SCENE_IG_ROWS, NULL, results, NULL), ATTRIB_OK);
  free(results);
}

static void other_contexts_are_free(void **state) {
  (void)state;
  stage s, other;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  stage_open(&other, ATTRIB_F64, 5, 3, 3);
  s.inside = use_another_context;
  s.inside_user = &other;
  double *results = untouched(s.n), expected[8];
  assert_int_equal(scene_play(&s, SCENE_IG_ROWS, NULL, results, NULL), ATTRIB_OK);
  scene_expect(&s, SCENE_IG_ROWS, scene_rows(&s, SCENE_IG_ROWS), expected);
  assert_close(results, expected, s.n, "nested");
  free(results);
  stage_close(&s);
  stage_close(&other);
}

typedef struct knocker {
  intruder intruder;
  atomic_bool quit;
} knocker;

static void *knock(void *user) {
  knocker *k = user;
  while (!atomic_load(&k->quit)) intrude(&k->intruder);
  return NULL;
}

/* A second thread knocks while the first is inside a call: it always gets BUSY, the first is never disturbed. */
static void wait_for_a_knock(stage *s) {
  knocker *k = s->inside_user;
  int64_t tries = atomic_load(&k->intruder.tries);
  while (atomic_load(&k->intruder.tries) < tries + 2) sched_yield();
}

typedef struct start_knocking {
  knocker *k;
  pthread_t thread;
  bool running;
} start_knocking;

static void first_knock(stage *s) {
  start_knocking *start = s->inside_user;
  if (!start->running) assert_int_equal(pthread_create(&start->thread, NULL, knock, start->k), 0);
  start->running = true;
  int64_t tries = atomic_load(&start->k->intruder.tries);
  while (atomic_load(&start->k->intruder.tries) < tries + 2) sched_yield();
  if (atomic_load(&s->inner.calls) >= 4) { /* stop before the call ends: after that the knocker would be let in */
    atomic_store(&start->k->quit, true);
    pthread_join(start->thread, NULL);
    s->inside = NULL;
  }
}

static void entered_from_a_thread(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  knocker k = {.intruder = {.context = context}};
  stage_open(&k.intruder.other, ATTRIB_F64, 4, 2, 2);
  start_knocking start = {.k = &k};
  s.inside = first_knock;
  s.inside_user = &start;
  check_undisturbed(&s, SCENE_IG_ROWS, context, &k.intruder);
  stage_close(&k.intruder.other);
  attrib_context_destroy(context);
  meter_finish(&m);
  stage_close(&s);
}

/* An open run holds its context, from the first moment to the last, whoever knocks; the run itself never meets BUSY. */
static void open_run_holds_its_context(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 200);
  s.model.max_rows = 1;
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  knocker k = {.intruder = {.context = context}};
  stage_open(&k.intruder.other, ATTRIB_F64, 4, 2, 2);
  attrib_run *run;
  assert_int_equal(scene_start(&s, SCENE_IG_ROWS, context, &run), ATTRIB_OK);
  intrude(&k.intruder);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, knock, &k), 0);
  s.inside_user = &k;
  wait_for_a_knock(&s);
  while (!attrib_run_done(run)) {
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    if (batch == NULL) continue;
    assert_int_equal(attrib_run_submit(run, batch, s.model.evaluate(batch, &s)), ATTRIB_OK);
  }
  double *results = untouched(s.n), expected[8];
  assert_int_equal(attrib_run_result(run, results, NULL), ATTRIB_OK);
  atomic_store(&k.quit, true);
  pthread_join(thread, NULL);
  scene_expect(&s, SCENE_IG_ROWS, scene_rows(&s, SCENE_IG_ROWS), expected);
  assert_close(results, expected, s.n, "pulled beside a knocker");
  free(results);
  intrude(&k.intruder);
  attrib_run_destroy(run);
  results = untouched(s.n);
  assert_int_equal(scene_play(&s, SCENE_IG_ROWS, context, results, NULL), ATTRIB_OK);
  free(results);
  stage_close(&k.intruder.other);
  attrib_context_destroy(context);
  meter_finish(&m);
  stage_close(&s);
}

/* The same at the edge: a thread that calls on while runs open and close gets either an answer or BUSY. */
static void *call_on(void *user) {
  knocker *k = user;
  stage *s = &k->intruder.other;
  double *results = untouched(s->n);
  while (!atomic_load(&k->quit)) {
    attrib_status status = attrib_baseline_fill(k->intruder.context, ATTRIB_F64, s->n, 2, results);
    assert_true(status == ATTRIB_OK || status == ATTRIB_E_BUSY);
    sched_yield();
  }
  free(results);
  return NULL;
}

static void runs_open_and_close_under_fire(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  knocker k = {.intruder = {.context = context}};
  stage_open(&k.intruder.other, ATTRIB_F64, 4, 2, 2);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, call_on, &k), 0);
  int opened = 0;
  for (int tries = 0; opened < 100 && tries < 1000000; tries++) {
    attrib_run *run;
    attrib_status status = scene_start(&s, SCENE_IG_ROWS, context, &run);
    assert_true(status == ATTRIB_OK || status == ATTRIB_E_BUSY);
    if (status != ATTRIB_OK) continue;
    opened++;
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_non_null(batch);
    attrib_run_destroy(run);
  }
  assert_int_equal(opened, 100);
  atomic_store(&k.quit, true);
  pthread_join(thread, NULL);
  stage_close(&k.intruder.other);
  attrib_context_destroy(context);
  stage_close(&s);
}

/* Batches in evaluate wait, for a while, until they are not alone. */
typedef struct meeting {
  atomic_int inside, most;
  int patience; /* in fifths of a millisecond */
} meeting;

static void wait_for_company(stage *s) {
  meeting *m = s->inside_user;
  const struct timespec moment = {.tv_nsec = 200000};
  int inside = atomic_fetch_add(&m->inside, 1) + 1;
  if (inside > atomic_load(&m->most)) atomic_store(&m->most, inside);
  for (int i = 0; i < m->patience && atomic_load(&m->most) < 2; i++) nanosleep(&moment, NULL);
  atomic_fetch_sub(&m->inside, 1);
}

static void only_concurrent_models_overlap(void **state) {
  (void)state;
  for (int concurrent = 0; concurrent < 2; concurrent++) {
    stage s;
    stage_open(&s, ATTRIB_F64, 5, 3, 4);
    s.model.max_rows = 1;
    if (!concurrent) s.model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, 3, 0, NULL);
    for (int which = 0; which < SCENE_METHODS; which++) {
      if (scene_rows(&s, (scene)which) < 2) continue;
      double *results = untouched(scene_results(&s, (scene)which));
      meeting place = {.patience = concurrent ? 5000 : 3};
      s.inside = wait_for_company;
      s.inside_fetch = NULL;
      s.inside_user = &place;
      assert_int_equal(scene_play(&s, (scene)which, context, results, NULL), scene_status(&s, (scene)which));
      assert_int_equal(atomic_load(&place.most) >= 2, concurrent);
      meeting fetches = {.patience = 3};
      s.inside = NULL;
      s.inside_fetch = wait_for_company;
      s.inside_user = &fetches;
      assert_int_equal(scene_play(&s, (scene)which, context, results, NULL), scene_status(&s, (scene)which));
      assert_int_equal(atomic_load(&fetches.most), scene_fetches((scene)which));
      free(results);
    }
    if (!concurrent) assert_int_equal(atomic_load(&s.inner.most_busy), 1);
    assert_int_equal(atomic_load(&s.most_fetching), 1);
    attrib_context_destroy(context);
    meter_finish(&m);
    stage_close(&s);
  }
}

/* batch.worker: no two batches under way share it, and it is below the number of lanes (or of batches out). */
typedef struct seats {
  stage *s;
  atomic_int taken[64];
  atomic_int wrong;
  uint32_t count;
} seats;

static int32_t ATTRIB_CALL take_a_seat(const attrib_batch *b, void *user) {
  seats *all = user;
  if (b->worker >= all->count || atomic_exchange(&all->taken[b->worker % 64], 1) != 0) atomic_fetch_add(&all->wrong, 1);
  sched_yield();
  int32_t status = analytic_evaluate(b, &all->s->inner);
  atomic_store(&all->taken[b->worker % 64], 0);
  return status;
}

static void workers_have_seats_of_their_own(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 50);
  for (uint32_t workers = 1; workers <= 4; workers++)
    for (uint32_t in_flight = 0; in_flight <= 9; in_flight += 3) {
      meter m;
      meter_start(&m);
      attrib_context *context = meter_context(&m, workers, in_flight, NULL);
      seats all = {.s = &s, .count = workers};
      attrib_model model = s.model;
      s.model.evaluate = take_a_seat;
      s.model.user = &all;
      s.model.max_rows = 2;
      double *results = untouched(s.n), expected[8];
      assert_int_equal(scene_play(&s, SCENE_IG_FETCHED, context, results, NULL), ATTRIB_OK);
      scene_expect(&s, SCENE_IG_FETCHED, scene_rows(&s, SCENE_IG_FETCHED), expected);
      assert_close(results, expected, s.n, "seats");
      assert_int_equal(atomic_load(&all.wrong), 0);
      s.model = model;
      free(results);
      /* Pulled: as many seats as batches may be out. */
      attrib_run *run;
      s.model.max_rows = 2;
      assert_int_equal(scene_start(&s, SCENE_IG_FETCHED, context, &run), ATTRIB_OK);
      bool taken[64] = {false};
      int64_t out = 0;
      for (;; out++) {
        attrib_batch *batch;
        assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
        if (batch == NULL) break;
        assert_true(batch->worker < 64 && !taken[batch->worker]);
        taken[batch->worker] = true;
      }
      assert_int_equal(out, in_flight == 0 ? 2 * workers : in_flight);
      for (int64_t i = 0; i < out; i++) assert_true(taken[i]);
      attrib_run_destroy(run);
      s.model = model;
      attrib_context_destroy(context);
      meter_finish(&m);
    }
  stage_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entered_from_callbacks),          cmocka_unit_test(other_contexts_are_free),
      cmocka_unit_test(entered_from_a_thread),           cmocka_unit_test(open_run_holds_its_context),
      cmocka_unit_test(runs_open_and_close_under_fire),  cmocka_unit_test(only_concurrent_models_overlap),
      cmocka_unit_test(workers_have_seats_of_their_own),
  };
  return cmocka_run_group_tests_name("hardship: busy", tests, NULL, NULL);
}
