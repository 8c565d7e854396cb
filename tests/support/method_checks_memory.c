/* method_checks_memory.c - memory that runs out, is given back, and is not asked for twice. */
#include "method_trial.h"

static const way ways[] = {{.max_rows = 3, .how = "called"},
                           {.max_rows = 3, .how = "on lanes"},
                           {.max_rows = 3, .pull = true, .how = "pulled"}};
enum { WAYS = COUNT(ways), MOST_ALLOCATIONS = 100 };

static uint32_t workers_of(int w) {
  return w == 1 ? 3 : 1;
}

static void expect_returned(const trial *t, const meter *m) {
  expect(t, m->live == 0);
  meter_finish(m);
}

static const way small = {.max_rows = 1, .how = "called"};

/* The undisturbed call. */
static void repeat(trial *t, attrib_context *context, const way *w) {
  outcome o;
  trial_run(t, context, w, &o);
  expect_same(t, &o, &t->whole, true);
  outcome_close(&o);
}

/* The call with allocation n failing; `used`: on a context that has memory of a smaller call. False when it was not
 * reached. */
static bool run_out_once(trial *t, int w, bool used, int64_t n) {
  meter m;
  outcome o;
  meter_start(&m);
  attrib_context *context = meter_context(&m, workers_of(w), 0, NULL);
  if (used) repeat(t, context, &small);
  m.fail_at = m.allocations + n;
  trial_says(t, "allocation %" PRId64 " fails%s", n, used ? " after a smaller call" : "");
  trial_run(t, context, &ways[w], &o);
  bool failed = m.allocations > m.fail_at;
  if (failed) {
    expect(t, o.status == ATTRIB_E_MEMORY);
    expect(t, strstr(o.context_message, "memory") != NULL);
    expect_untouched(t, &o);
    if (!ways[w].pull) {
      expect(t, strcmp(o.message, o.context_message) == 0);
      expect(t, o.report.stop_reason == ATTRIB_STOP_ERROR);
      expect(t, o.report.filled_size == sizeof o.report);
    }
    expect(t, o.rows == 0); /* all memory is there before the model is asked */
  } else {
    expect_same(t, &o, &t->whole, true);
  }
  expect(t, attrib_context_memory(context) == (int64_t)m.live);
  m.fail_at = -1;
  outcome_close(&o);
  expect_whole(t, context);
  attrib_context_destroy(context);
  expect_returned(t, &m);
  return failed;
}

/* A run that ends with batches out, before or after its context. */
static void destroy_with_batches_out(trial *t, int out, int back, bool context_first) {
  meter m;
  attrib_run *run;
  attrib_batch *batches[3] = {NULL};
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 3, NULL);
  trial_says(t, "destroyed with %d batches out, %d of them back", out, back);
  expect(t, trial_start(t, context, &ways[2], &run) == ATTRIB_OK);
  for (int k = 0; k < out; k++) expect(t, attrib_run_next(run, &batches[k]) == ATTRIB_OK);
  for (int k = back - 1; k >= 0; k--)
    if (batches[k] != NULL) expect(t, attrib_run_submit(run, batches[k], trial_evaluate(batches[k], t)) == ATTRIB_OK);
  if (context_first) attrib_context_destroy(context);
  attrib_run_destroy(run);
  if (!context_first) expect_whole(t, context);
  if (!context_first) attrib_context_destroy(context);
  expect_returned(t, &m);
}

void method_check_memory_runs_out(const checked_method *method) {
  trial t;
  trial_open(&t, method, "memory");
  for (int w = 0; w < WAYS; w++) {
    if (ways[w].pull && method->start == NULL) continue;
    for (int used = 0; used < 2; used++) {
      int64_t n = 0;
      while (run_out_once(&t, w, used != 0, n)) expect(&t, ++n < MOST_ALLOCATIONS);
      expect(&t, n > 0 || used != 0); /* a call that asks for nothing was not looked at */
    }
  }
  for (int out = 0; out <= 3 && method->start != NULL; out++)
    for (int back = 0; back <= out; back++)
      for (int first = 0; first < 2; first++) destroy_with_batches_out(&t, out, back, first != 0);
  trial_close(&t);
}

void method_check_repeat(const checked_method *method) {
  trial t;
  trial_open(&t, method, "repeats allocate nothing");
  for (int w = 0; w < WAYS; w++) {
    if (ways[w].pull && method->start == NULL) continue;
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, workers_of(w), 0, NULL);
    repeat(&t, context, &ways[w]);
    int64_t allocations = m.allocations, releases = m.releases;
    for (int again = 0; again < 3; again++) repeat(&t, context, &ways[w]);
    expect(&t, m.allocations == allocations);
    expect(&t, m.releases == releases);
    attrib_context_destroy(context);
    expect_returned(&t, &m);
  }
  trial_close(&t);
}
