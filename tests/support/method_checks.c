/* method_checks.c - the same bits for every way of working, results on the way, and the trace. */
#include "method_trial.h"

void method_check_all(const checked_method *method) {
  method_check_same_bits(method);
  method_check_result_at_any_time(method);
  method_check_trace(method);
  method_check_model_fails(method);
  method_check_model_stops(method);
  method_check_spoilt_rows(method);
  method_check_memory_runs_out(method);
  method_check_repeat(method);
  method_check_cancel(method);
}

static const uint32_t row_counts[] = {1, 2, 3, 7, 64, 0}, flights[] = {0, 1, 5};

static void try_same(trial *t, attrib_context *context, const way *w) {
  outcome o;
  trial_run(t, context, w, &o);
  expect_same(t, &o, &t->whole, true);
  outcome_close(&o);
}

static void same_on_lanes(trial *t, attrib_context *context, uint32_t workers) {
  for (int64_t m = 0; m < COUNT(row_counts); m++)
    for (int serial = 0; serial < (workers == 1 ? 1 : 2); serial++) {
      const way w = {.max_rows = row_counts[m], .serial = serial != 0, .how = serial != 0 ? "in turn" : "on lanes"};
      trial_says(t, "max_rows %u, %u workers", w.max_rows, workers);
      try_same(t, context, &w);
    }
}

static void same_when_pulled(trial *t, attrib_context *context, uint32_t in_flight) {
  static const char *const names[] = {"pulled in turn", "pulled, last one first", "pulled, shuffled"};
  for (int64_t m = 0; m < COUNT(row_counts); m++)
    for (int k = IN_TURN; k <= SHUFFLED; k++) {
      const way w = {.max_rows = row_counts[m], .pull = true, .order = (order)k, .how = names[k]};
      trial_says(t, "max_rows %u, %u in flight", w.max_rows, in_flight);
      try_same(t, context, &w);
    }
}

/* A report that is not wanted changes nothing, and neither does a private context. */
static void same_without_a_report(trial *t) {
  static const way bare = {.max_rows = 3, .bare = true, .how = "without report and context"};
  outcome o;
  t->detail[0] = '\0';
  trial_run(t, NULL, &bare, &o);
  expect(t, o.status == t->whole.status);
  expect(t, memcmp(o.attributions, t->whole.attributions, o.size) == 0);
  outcome_close(&o);
}

void method_check_same_bits(const checked_method *method) {
  trial t;
  trial_open(&t, method, "same bits");
  for (uint32_t workers = 1; workers <= 3; workers += 2)
    for (int64_t f = 0; f < COUNT(flights); f++) {
      attrib_context *context = new_context(workers, flights[f]);
      same_on_lanes(&t, context, workers);
      if (method->start != NULL && workers == 1) same_when_pulled(&t, context, flights[f]);
      attrib_context_destroy(context);
    }
  same_without_a_report(&t);
  trial_close(&t);
}

/* What a run says of itself while `used` rows have been used. */
static int64_t look(trial *t, attrib_run *run) {
  outcome o;
  outcome_open(&o, t, false);
  bool done = attrib_run_done(run) == 1;
  trial_result(t, run, &o);
  int64_t used = o.report.evaluations + o.report.output_evaluations;
  trial_says(t, "after %" PRId64 " rows", used);
  expect(t, o.status == (done ? t->method->expected : ATTRIB_OK));
  expect(t, done || (o.report.stop_reason == ATTRIB_STOP_NONE && o.message[0] == '\0'));
  expect(t, used <= t->rows && done == (used == t->rows));
  expect_same(t, &o, done ? &t->whole : trial_prefix(t, used), done);
  expect(t, attrib_run_result(run, NULL, NULL) == o.status);
  outcome_close(&o);
  return used;
}

void method_check_result_at_any_time(const checked_method *method) {
  static const way pulled = {.max_rows = 2, .pull = true, .how = "pulled"};
  trial t;
  if (method->start == NULL) return;
  trial_open(&t, method, "result at any time");
  attrib_context *context = new_context(1, 3);
  attrib_run *run;
  t.how = pulled.how;
  atomic_store(&t.rows_asked, 0);
  atomic_store(&t.digest, 0);
  expect(&t, trial_start(&t, context, &pulled, &run) == ATTRIB_OK);
  look(&t, run);
  while (!attrib_run_done(run)) { /* two batches out, the later one back first */
    attrib_batch *batches[2];
    for (int k = 0; k < 2; k++) expect(&t, attrib_run_next(run, &batches[k]) == ATTRIB_OK);
    expect(&t, batches[0] != NULL);
    for (int k = 1; k >= 0; k--) {
      if (batches[k] == NULL) continue;
      look(&t, run);
      expect(&t, attrib_run_submit(run, batches[k], trial_evaluate(batches[k], &t)) == ATTRIB_OK);
    }
  }
  expect(&t, look(&t, run) == t.rows);
  attrib_run_destroy(run);
  attrib_context_destroy(context);
  trial_close(&t);
}

static void check_points(const trial *t, const outcome *o) {
  double sum = 0, scale = 0;
  expect(t, o->report.trace_count == trial_traced(t));
  int64_t row = -1;
  for (int64_t k = 0; k < o->report.trace_count; k++) {
    const attrib_trace_point *point = &o->trace[k];
    expect(t, point->row_id > row && point->row_id < t->rows);
    row = point->row_id;
    expect(t, t->known[row].gradient || t->method->traced_outputs > 0);
    expect(t, isfinite(point->output));
    sum += point->weight * point->slope;
    scale += fabs(point->weight * point->slope);
  }
  if (!t->method->trace_sums) return;
  for (int64_t i = 0; i < o->count; i++) scale += fabs(((const double *)o->attributions)[i]);
  double off = fabs(sum - o->report.attribution_sum);
  if (!(off <= ROUND_OFF * (double)trial_traced(t) * scale))
    print_error("the trace sums to %.17g, attributions to %.17g\n", sum, o->report.attribution_sum);
  expect(t, off <= ROUND_OFF * (double)trial_traced(t) * scale);
}

void method_check_trace(const checked_method *method) {
  static const way ways[] = {{.max_rows = 1, .traced = true, .how = "one row at a time"},
                             {.max_rows = 7, .traced = true, .how = "on lanes"},
                             {.max_rows = 3, .traced = true, .pull = true, .order = SHUFFLED, .how = "pulled"}};
  trial t;
  trial_open(&t, method, "trace");
  outcome o[COUNT(ways)];
  for (int64_t k = 0; k < COUNT(ways); k++) {
    if (ways[k].pull && method->start == NULL) continue;
    attrib_context *context = new_context(ways[k].max_rows == 7 ? 3 : 1, 0);
    trial_run(&t, context, &ways[k], &o[k]);
    expect_same(&t, &o[k], &t.whole, true);
    check_points(&t, &o[k]);
    expect(&t, memcmp(o[k].trace, o[0].trace, (size_t)trial_traced(&t) * sizeof *o[k].trace) == 0);
    if (k > 0) outcome_close(&o[k]);
    attrib_context_destroy(context);
  }
  outcome_close(&o[0]);
  trial_close(&t);
}
