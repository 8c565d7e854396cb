/* method_checks_faults.c - models that fail, stop and return rubbish, at every row. */
#include "method_trial.h"

enum { FAILED = -7, STOPPED = 5 };

/* The first one names every fault by its very row: messages are held against those of it. */
static const way ways[] = {{.max_rows = 1, .how = "one row at a time"},
                           {.max_rows = 1, .pull = true, .order = SHUFFLED, .how = "pulled one row at a time"},
                           {.max_rows = 3, .how = "three rows at a time"},
                           {.max_rows = 2, .how = "on lanes"},
                           {.max_rows = 7, .serial = true, .how = "on lanes, in turn"},
                           {.max_rows = 3, .pull = true, .order = REVERSED, .how = "pulled, last one first"}};
enum { WAYS = COUNT(ways) };

static void open_contexts(attrib_context **contexts) {
  for (int w = 0; w < WAYS; w++) contexts[w] = new_context(w == 3 || w == 4 ? 3 : 1, w == 5 ? 5 : 0);
}

static void close_contexts(attrib_context **contexts) {
  for (int w = 0; w < WAYS; w++) attrib_context_destroy(contexts[w]);
}

static bool names_row(const char *message, int64_t row) {
  char name[40];
  int length = snprintf(name, sizeof name, "row %" PRId64, row);
  const char *found = strstr(message, name);
  return found != NULL && (found[length] < '0' || found[length] > '9');
}

static void expect_failure(const trial *t, const outcome *o, attrib_status status) {
  expect(t, o->status == status);
  expect(t, o->report.stop_reason == ATTRIB_STOP_ERROR);
  expect(t, o->message[0] != '\0' && strcmp(o->message, o->context_message) == 0);
  expect(t, names_row(o->message, o->report.failed_row));
  expect(t, (strstr(o->message, "second model") != NULL) == (t->known[o->report.failed_row].model == 1));
  expect_untouched(t, o);
}

static void try_failure(trial *t, attrib_context *context, int w, int64_t row, outcome *o) {
  trial_return(t, row, FAILED);
  trial_run(t, context, &ways[w], o);
  expect_failure(t, o, ATTRIB_E_CALLBACK);
  expect(t, o->report.model_status == FAILED);
  expect(t, strstr(o->message, "-7") != NULL);
  /* A failure is of a batch, whose first row stands for it. */
  expect(t, o->report.failed_row <= row && o->report.failed_row > row - (int64_t)ways[w].max_rows);
  expect(t, o->report.evaluations + o->report.output_evaluations == o->report.failed_row);
  expect_whole(t, context);
}

void method_check_model_fails(const checked_method *method) {
  attrib_context *contexts[WAYS];
  trial t;
  trial_open(&t, method, "the model fails");
  open_contexts(contexts);
  for (int64_t row = 0; row < t.rows; row++) {
    if (!trial_tries(&t, row)) continue;
    outcome first;
    for (int w = 0; w < WAYS; w++) {
      outcome o;
      if (ways[w].pull && method->start == NULL) continue;
      trial_says(&t, "row %" PRId64, row);
      try_failure(&t, contexts[w], w, row, w == 0 ? &first : &o);
      if (w > 0 && ways[w].max_rows == 1) expect(&t, strcmp(o.message, first.message) == 0);
      if (w > 0) outcome_close(&o);
    }
    outcome_close(&first);
  }
  close_contexts(contexts);
  trial_close(&t);
}

static void try_stop(trial *t, attrib_context *context, int w, int64_t row) {
  outcome o;
  trial_return(t, row, STOPPED);
  trial_run(t, context, &ways[w], &o);
  if (row == t->rows) {
    expect_same(t, &o, &t->whole, true);
  } else {
    int64_t used = o.report.evaluations + o.report.output_evaluations;
    expect(t, o.status == ATTRIB_CANCELLED);
    expect(t, o.report.stop_reason == ATTRIB_STOP_CALLBACK);
    expect(t, o.report.model_status == STOPPED);
    expect(t, o.report.failed_row == used && used <= row && used > row - (int64_t)ways[w].max_rows);
    expect(t, o.message[0] == '\0' && o.context_message[0] == '\0');
    expect_same(t, &o, trial_prefix(t, used), false);
  }
  outcome_close(&o);
  expect_whole(t, context);
}

void method_check_model_stops(const checked_method *method) {
  attrib_context *contexts[WAYS];
  trial t;
  trial_open(&t, method, "the model stops");
  open_contexts(contexts);
  for (int64_t row = 0; row <= t.rows; row++)
    for (int w = 0; w < WAYS && (trial_tries(&t, row) || row == t.rows); w++) {
      if (ways[w].pull && method->start == NULL) continue;
      trial_says(&t, "row %" PRId64, row);
      try_stop(&t, contexts[w], w, row);
    }
  close_contexts(contexts);
  trial_close(&t);
}

typedef enum rubbish {
  OUTPUT_NAN,
  OUTPUT_UNWRITTEN,
  GRADIENT_NAN,     /* of the feature that the method names */
  END_UNWRITTEN,    /* the last element of a gradient */
  ELEMENT_UNWRITTEN /* that feature; watched for in a model's first batch of gradients alone */
} rubbish;

static bool spoil(trial *t, rubbish kind, int64_t row) {
  static const char *const names[] = {"NaN output", "unwritten output", "NaN in the gradient", "unwritten gradient",
                                      "unwritten element of the gradient"};
  const known_row *known = &t->known[row];
  int64_t n = t->method->models[known->model].n_inputs;
  if (kind >= GRADIENT_NAN && !known->gradient) return false;
  if (kind == ELEMENT_UNWRITTEN && row != t->first_gradient[known->model]) return false;
  trial_calm(t);
  spoiler *s = &t->models[known->model].spoiler;
  s->output = s->gradient = (double)NAN;
  s->forget_output = kind == OUTPUT_UNWRITTEN;
  s->forget_gradient = kind >= END_UNWRITTEN;
  s->feature = kind == END_UNWRITTEN ? n - 1 : t->method->spoilt_feature[known->model];
  *(kind <= OUTPUT_UNWRITTEN ? &s->output_row : &s->gradient_row) = row;
  trial_says(t, "%s in row %" PRId64, names[kind], row);
  return true;
}

/* True where the rubbish made no difference. */
static bool try_rubbish(trial *t, attrib_context *context, int w, rubbish kind, int64_t row, outcome *o) {
  trial_run(t, context, &ways[w], o);
  bool unseen = kind == GRADIENT_NAN && t->method->skips_gradients && o->status == t->whole.status;
  if (unseen) {
    expect_same(t, o, &t->whole, true);
  } else {
    expect_failure(t, o, ATTRIB_E_NONFINITE);
    expect(t, o->report.failed_row == row);
    expect(t, o->report.evaluations + o->report.output_evaluations <= row);
    expect(t, (strstr(o->message, "unwritten") != NULL) == (kind != OUTPUT_NAN && kind != GRADIENT_NAN));
    expect(t, (strstr(o->message, "gradient") != NULL) == (kind >= GRADIENT_NAN));
  }
  expect_whole(t, context);
  return unseen;
}

static bool spoil_in_every_way(trial *t, attrib_context **contexts, rubbish kind, int64_t row) {
  outcome first;
  bool unseen = try_rubbish(t, contexts[0], 0, kind, row, &first);
  for (int w = 1; w < WAYS; w++) {
    outcome o;
    if (ways[w].pull && t->method->start == NULL) continue;
    expect(t, try_rubbish(t, contexts[w], w, kind, row, &o) == unseen);
    expect(t, strcmp(o.message, first.message) == 0);
    outcome_close(&o);
  }
  outcome_close(&first);
  return unseen;
}

void method_check_spoilt_rows(const checked_method *method) {
  attrib_context *contexts[WAYS];
  trial t;
  trial_open(&t, method, "rubbish");
  open_contexts(contexts);
  int64_t seen = 0;
  for (int kind = OUTPUT_NAN; kind <= ELEMENT_UNWRITTEN; kind++)
    for (int64_t row = 0; row < t.rows; row++)
      if ((trial_tries(&t, row) || row == t.first_gradient[t.known[row].model]) && spoil(&t, (rubbish)kind, row) &&
          !spoil_in_every_way(&t, contexts, (rubbish)kind, row) && kind == GRADIENT_NAN)
        seen++;
  expect(&t, seen > 0 || t.gradient_rows == 0);
  close_contexts(contexts);
  trial_close(&t);
}
