/* Methods whose next row depends on earlier results: the contract of engine/method.h, with a method of the test's, and
 * the doublings of the sampling methods. */
#include "methods.h"

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
  row->placed = true;
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

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

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

/* -- doublings ---------------------------------------------------------------------------------------------------- */

static const int doubled[] = {METHOD_EG_IID_ROUNDS, METHOD_EG_STRATIFIED_ROUNDS, METHOD_EG_LATTICE_ROUNDS,
                              METHOD_SMOOTH_ROUNDS};

/* Rows of the first doubling: 64, of a lattice 32 for each of 3 baselines; 32 samples of noise. */
static int64_t first_draws(int which) {
  return which == METHOD_SMOOTH_ROUNDS ? 32 : which == METHOD_EG_LATTICE_ROUNDS ? 96 : 64;
}

static double tolerance_of(const method_case *c) {
  return c->call.kind == CALL_SMOOTHGRAD ? c->smooth_options.tolerance : c->eg_options.tolerance;
}

/* Every estimate that progress was told, and how many rows were in when it was first told. */
enum { MOST_ESTIMATES = 8 };
typedef struct estimates {
  int64_t count, rows, since[MOST_ESTIMATES], without; /* rows without an estimate */
  double told[MOST_ESTIMATES];
} estimates;

static int32_t ATTRIB_CALL note_estimate(const attrib_progress *progress, void *user) {
  estimates *e = user;
  double estimate = progress->error_estimate;
  assert_true(progress->evaluations > e->rows);
  e->rows = progress->evaluations;
  if (isnan(estimate)) {
    assert_int_equal(e->count, 0); /* once there is one, there always is */
    e->without = e->rows;
  } else if (e->count == 0 || estimate != e->told[e->count - 1]) {
    assert_in_range(e->count, 0, MOST_ESTIMATES - 1);
    e->since[e->count] = e->rows;
    e->told[e->count++] = estimate;
  }
  return 0;
}

/* None in the first doubling; then that of the doublings before, which was not good enough. The pull form has decided
 * by the time it tells, so there the last one comes, too. */
static void each_doubling_tells_an_estimate(void **state) {
  (void)state;
  for (int64_t k = 0; k < COUNT(doubled); k++)
    for (int pull = 0; pull < 2; pull++) {
      method_case c;
      make_method(&c, doubled[k], ATTRIB_F64, 9);
      c.call.model.max_rows = 1;
      attrib_context *context = new_context(1, 0);
      estimates e = {0};
      assert_int_equal(attrib_context_set_progress(context, note_estimate, &e), ATTRIB_OK);
      double phi[9];
      attrib_report report = {.struct_size = sizeof report};
      attrib_run *run;
      int64_t most_out;
      if (pull) {
        assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
        assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
        assert_int_equal(attrib_run_result(run, phi, &report), ATTRIB_OK);
        attrib_run_destroy(run);
      } else {
        assert_status(make_call(context, &c.call, phi, &report), ATTRIB_OK, context);
      }
      assert_true(report.samples >= 4 * first_draws(doubled[k]));
      int64_t doublings = 0;
      for (int64_t draws = first_draws(doubled[k]); draws < report.samples; draws *= 2) doublings++;
      assert_int_equal(e.count, doublings + pull);
      for (int64_t j = 0; j < doublings; j++) assert_true(e.told[j] > tolerance_of(&c));
      for (int64_t j = 1; j < e.count; j++) assert_true(e.since[j] > e.since[j - 1]);
      if (pull) assert_same_bits(&e.told[doublings], &report.error_estimate, 1);
      assert_true(report.error_estimate <= tolerance_of(&c));
      /* f(x), and f of the baselines: of each, or of as many as the first doubling visits, which is as many. */
      int64_t outputs = c.call.kind == CALL_SMOOTHGRAD ? 1 : 1 + METHOD_BASELINES;
      assert_int_equal(e.without, outputs + first_draws(doubled[k]) - pull);
      assert_int_equal(e.since[0], e.without + 1);
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* Nothing of a doubling is given out before all of the one before it is back. */
static void a_doubling_waits_for_the_one_before(void **state) {
  (void)state;
  for (int64_t k = 0; k <= COUNT(doubled); k++) {
    int which = k < COUNT(doubled) ? doubled[k] : METHOD_EG_CHANGED;
    int64_t strata = which == METHOD_EG_CHANGED ? 128 : 0; /* then a lattice of 2 for each of 140 */
    method_case c;
    make_method(&c, which, ATTRIB_F32, 9);
    c.call.model.max_rows = 16;
    attrib_context *context = new_context(1, 64);
    attrib_run *run;
    attrib_batch *out[64];
    int64_t draws = 0, wanted = first_draws(which);
    assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
    while (!attrib_run_done(run)) {
      int64_t count = 0, gradients = 0;
      for (;; count++) {
        assert_int_equal(attrib_run_next(run, &out[count]), ATTRIB_OK);
        if (out[count] == NULL) break;
        gradients += out[count]->gradients != NULL ? out[count]->rows : 0;
      }
      assert_int_equal(gradients, wanted);
      draws += gradients;
      wanted = strata > 0 && draws == strata ? 280 : draws; /* as many as there are */
      while (count-- > 0) {
        attrib_batch *none;
        if (count > 0) assert_int_equal(attrib_run_next(run, &none), ATTRIB_OK);
        if (count > 0) assert_null(none);
        assert_int_equal(attrib_run_submit(run, out[count], analytic_evaluate(out[count], &c.model)), ATTRIB_OK);
      }
    }
    double phi[9];
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_run_result(run, phi, &report), ATTRIB_OK);
    assert_int_equal(report.samples, draws - strata);
    attrib_run_destroy(run);
    attrib_context_destroy(context);
    free_method(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rounds_wait_for_their_results), cmocka_unit_test(the_pull_form_says_submit_first),
      cmocka_unit_test(waiting_for_nothing_ends), cmocka_unit_test(each_doubling_tells_an_estimate),
      cmocka_unit_test(a_doubling_waits_for_the_one_before)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
