/* method_checks_ends.c - calls that are cancelled from outside. */
#include "method_trial.h"

static const way ways[] = {{.max_rows = 1, .how = "one row at a time"},
                           {.max_rows = 2, .how = "on lanes"},
                           {.max_rows = 1, .pull = true, .order = SHUFFLED, .how = "pulled"}};
enum { WAYS = COUNT(ways) };

static attrib_context *context_of(int w) {
  return new_context(w == 1 ? 3 : 1, 0);
}

/* The result of the rows used, or of all. True where it was cut short. */
static bool expect_cut_or_whole(trial *t, const outcome *o, uint32_t reason) {
  int64_t used = o->report.evaluations + o->report.output_evaluations;
  if (o->status != ATTRIB_CANCELLED) {
    expect_same(t, o, &t->whole, true);
    return false;
  }
  expect(t, o->report.stop_reason == reason);
  expect(t, o->report.failed_row == -1 && o->report.model_status == 0);
  expect(t, o->message[0] == '\0' && o->context_message[0] == '\0');
  expect(t, used <= t->rows);
  expect_same(t, o, trial_prefix(t, used), false);
  return true;
}

static void cancel_before(trial *t, attrib_context *context, int w) {
  outcome o;
  trial_says(t, "cancelled before");
  attrib_context_cancel(context);
  trial_run(t, context, &ways[w], &o);
  expect(t, expect_cut_or_whole(t, &o, ATTRIB_STOP_CANCEL));
  expect(t, o.rows == 0 && o.report.evaluations + o.report.output_evaluations == 0);
  outcome_close(&o);
  expect_whole(t, context);
}

typedef struct listener {
  int64_t stop_at; /* the telling (from 0) that asks for the end; < 0 = none */
  attrib_context *cancels;
  int64_t calls, evaluations, planned;
  bool wrong;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  l->wrong |= progress->evaluations <= l->evaluations; /* told of news only */
  l->wrong |= l->calls > 0 && progress->planned != l->planned;
  l->wrong |= progress->planned != 0 && progress->evaluations > progress->planned;
  l->evaluations = progress->evaluations;
  l->planned = progress->planned;
  bool stops = l->calls++ == l->stop_at;
  if (stops && l->cancels != NULL) attrib_context_cancel(l->cancels);
  return stops && l->cancels == NULL ? 1 : 0;
}

/* Asked for at telling `at`; at < 0: never. Returns how often it was told. */
static int64_t try_telling(trial *t, attrib_context *context, int w, bool by_cancel, int64_t at) {
  listener l = {.stop_at = at, .cancels = by_cancel ? context : NULL};
  outcome o;
  trial_says(t, "%s at telling %" PRId64, by_cancel ? "cancelled" : "stopped", at);
  expect(t, attrib_context_set_progress(context, listen, &l) == ATTRIB_OK);
  trial_run(t, context, &ways[w], &o);
  expect(t, attrib_context_set_progress(context, NULL, NULL) == ATTRIB_OK);
  expect(t, !l.wrong);
  bool cut = expect_cut_or_whole(t, &o, by_cancel ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_PROGRESS);
  expect(t, !cut || (at >= 0 && l.calls > at));
  expect(t, l.evaluations == o.report.evaluations + o.report.output_evaluations);
  if (!cut && o.report.stop_reason == ATTRIB_STOP_COMPLETE) expect(t, l.planned == 0 || l.planned == t->rows);
  /* With one batch out at a time nothing comes in after the request, so only the last telling is too late. */
  if (w == 0 && at >= 0 && at < t->rows - 1) expect(t, cut && l.evaluations == at + 1);
  outcome_close(&o);
  if (at >= 0) expect_whole(t, context);
  return l.calls;
}

void method_check_cancel(const checked_method *method) {
  trial t;
  trial_open(&t, method, "cancel");
  for (int w = 0; w < WAYS; w++) {
    if (ways[w].pull && method->start == NULL) continue;
    attrib_context *context = context_of(w);
    cancel_before(&t, context, w);
    int64_t tellings = try_telling(&t, context, w, false, -1);
    expect(&t, tellings > 0 && (w != 0 || tellings == t.rows));
    for (int by_cancel = 0; by_cancel < 2; by_cancel++)
      for (int64_t at = 0; at < t.rows; at++)
        if (trial_tries(&t, at)) try_telling(&t, context, w, by_cancel != 0, at);
    attrib_context_destroy(context);
  }
  trial_close(&t);
}
