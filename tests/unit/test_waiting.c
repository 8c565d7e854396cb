/* Methods whose next row depends on earlier results: the contract of engine/method.h that the fixed rules never use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"

enum { STEPS = 12 };

/* Rounds of `round` rows at x, then x grows by half the mean gradient of the round: with f = x^2 / 2, 1.5^STEPS. */
typedef struct climber {
  double x, sum;
  int64_t round, planned, reduced, early;
} climber;

typedef struct climb_request {
  attrib_model model;
  int64_t round, together;
  bool stuck; /* waits although nothing is under way */
} climb_request;

static attrib__question ask = {.target = 0, .gradients = true};

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  climber *c = state;
  if (c->round < 0) return ATTRIB__PLAN_WAIT;
  if (c->planned % c->round == 0) {
    if (!settled) return ATTRIB__PLAN_WAIT;
    c->early += c->planned != c->reduced;
    if (c->planned > 0) c->x += c->sum / 2 / (double)c->round;
    c->sum = 0;
    if (c->planned == STEPS * c->round) return ATTRIB__PLAN_END;
  }
  c->planned++;
  row->question = &ask;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)row;
  *(double *)gathering->placing.point = ((climber *)state)->x;
  return ATTRIB_OK;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  climber *c = state;
  for (int64_t r = 0; r < results->count; r++)
    c->sum += ((const double *)results->gradients)[r * results->gradient_stride];
  c->reduced += results->count;
  return (attrib__fault){.status = ATTRIB_OK};
}

/* A method that ends by itself says why, and what its result is worth. */
static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  (void)context;
  climber *c = state;
  if (attributions != NULL) attributions[0] = c->x;
  report->samples = c->early;
  if (report->stop_reason != ATTRIB_STOP_COMPLETE) return ATTRIB_OK;
  report->stop_reason = ATTRIB_STOP_BUDGET;
  return ATTRIB_NOT_CONVERGED;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  (void)state;
  (void)request;
  (void)arena;
}

static void init(void *state, const void *request) {
  const climb_request *q = request;
  *(climber *)state = (climber){.x = 1, .round = q->stuck ? -1 : q->round};
}

static attrib_status prepare(attrib_context *context, const void *request, bool pull, attrib_run **run) {
  const climb_request *q = request;
  const attrib__start start = {.model = q->model,
                               .gradients = true,
                               .output_columns = 1,
                               .together = q->together,
                               .method = &method,
                               .state_size = sizeof(climber),
                               .layout = layout,
                               .init = init,
                               .request = request};
  return attrib__run_create(context, &start, pull, run);
}

static int32_t ATTRIB_CALL square(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    double x = ((const double *)batch->inputs)[r];
    batch->outputs[r] = x * x / 2;
    ((double *)batch->gradients)[r] = x;
  }
  return 0;
}

static attrib_model model_of(uint32_t max_rows) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_CONCURRENT,
                        .dtype = ATTRIB_F64,
                        .max_rows = max_rows,
                        .n_inputs = 1,
                        .n_outputs = 1,
                        .evaluate = square};
}

static double expected(void) {
  double x = 1;
  for (int i = 0; i < STEPS; i++) x *= 1.5;
  return x;
}

static void rounds_wait_for_their_results(void **state) {
  (void)state;
  static const uint32_t max_rows[] = {0, 1, 3, 16}, workers[] = {1, 2, 4};
  static const int64_t rounds[] = {1, 5, 16};
  for (int i = 0; i < 4; i++)
    for (int w = 0; w < 3; w++)
      for (int k = 0; k < 6; k++) {
        climb_request q = {.model = model_of(max_rows[i]), .round = rounds[k % 3]};
        q.together = k < 3 ? q.round : 0;
        const attrib_context_options wiring = {.struct_size = sizeof wiring, .workers = workers[w]};
        attrib_context *context;
        assert_int_equal(attrib_context_create(&wiring, &context), ATTRIB_OK);
        double x = 0;
        attrib_report report = {.struct_size = sizeof report};
        assert_int_equal(attrib__run_call(context, prepare, &q, &x, &report), ATTRIB_NOT_CONVERGED);
        assert_true(x == expected());
        assert_int_equal(report.samples, 0);
        assert_int_equal(report.evaluations, STEPS * q.round);
        assert_int_equal(report.stop_reason, ATTRIB_STOP_BUDGET);
        if (k < 3 && max_rows[i] == 0 && q.round == 16) /* a round is shared out over the workers */
          assert_int_equal(report.model_calls, STEPS * (int64_t)workers[w]);
        attrib_context_destroy(context);
      }
}

static void the_pull_form_says_submit_first(void **state) {
  (void)state;
  const climb_request q = {.model = model_of(2), .round = 5};
  attrib_run *run;
  attrib_batch *first, *second, *third, *none;
  assert_int_equal(attrib__run_open(NULL, prepare, &q, &run), ATTRIB_OK);
  /* Two slots: rows 0-1 and 2-3; the round's last row must wait for a slot, the next round for all of them. */
  assert_int_equal(attrib_run_next(run, &first), ATTRIB_OK);
  assert_int_equal(attrib_run_next(run, &second), ATTRIB_OK);
  assert_true(first != NULL && second != NULL && first->rows == 2 && second->rows == 2);
  assert_int_equal(attrib_run_next(run, &none), ATTRIB_OK);
  assert_null(none);
  assert_int_equal(attrib_run_submit(run, second, square(second, NULL)), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, first, square(first, NULL)), ATTRIB_OK);
  assert_int_equal(attrib_run_next(run, &third), ATTRIB_OK);
  assert_true(third != NULL && third->rows == 1); /* not a row of the next round with it */
  assert_int_equal(attrib_run_next(run, &none), ATTRIB_OK);
  assert_null(none);
  assert_int_equal(attrib_run_submit(run, third, square(third, NULL)), ATTRIB_OK);
  while (!attrib_run_done(run)) {
    assert_int_equal(attrib_run_next(run, &first), ATTRIB_OK);
    assert_non_null(first);
    assert_int_equal(attrib_run_submit(run, first, square(first, NULL)), ATTRIB_OK);
  }
  double x = 0;
  assert_int_equal(attrib_run_result(run, &x, NULL), ATTRIB_NOT_CONVERGED);
  assert_true(x == expected());
  attrib_run_destroy(run);
}

/* A defect of a method, not of the caller; but no reason to hang. */
static void waiting_for_nothing_ends(void **state) {
  (void)state;
  const climb_request q = {.model = model_of(0), .round = 1, .stuck = true};
  double x = 0;
  assert_int_equal(attrib__run_call(NULL, prepare, &q, &x, NULL), ATTRIB_NOT_CONVERGED);
  assert_true(x == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(rounds_wait_for_their_results),
                                     cmocka_unit_test(the_pull_form_says_submit_first),
                                     cmocka_unit_test(waiting_for_nothing_ends)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
