/* method_trial.c - see method_trial.h. */
#include "method_trial.h"

void trial_fail(const trial *t, const char *condition, const char *file, int line) {
  print_error("%s: %s: %s%s%s: not so: %s\n", t->method->name, t->check, t->how == NULL ? "" : t->how,
              t->detail[0] == '\0' ? "" : ", ", t->detail, condition);
  _fail(file, line);
}

void trial_says(trial *t, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(t->detail, sizeof t->detail, format, arguments);
  va_end(arguments);
}

int64_t trial_traced(const trial *t) {
  return t->gradient_rows - t->method->untraced_rows + t->method->traced_outputs;
}

/* -- the models -- */

/* Of a row's model, flags, id and bits, in any order of rows the same sum. */
static unsigned long long digest_of(const attrib_batch *b, int64_t r, int model) {
  size_t size = (size_t)b->n_inputs * (b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  const unsigned char *row = (const unsigned char *)b->inputs +
                             (size_t)(r * b->input_stride) * (b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  unsigned long long digest = UINT64_C(0xcbf29ce484222325) + (unsigned long long)model;
  const unsigned long long head[] = {(unsigned long long)b->row_ids[r], b->flags & 7U};
  for (size_t i = 0; i < sizeof head; i++)
    digest = (digest ^ ((const unsigned char *)head)[i]) * UINT64_C(0x100000001b3);
  for (size_t i = 0; i < size; i++) digest = (digest ^ row[i]) * UINT64_C(0x100000001b3);
  return digest;
}

static void record(trial *t, const attrib_batch *b, int64_t r, int model) {
  int64_t id = b->row_ids[r];
  if (id >= t->capacity) {
    t->capacity = 2 * id + 16;
    t->known = realloc(t->known, (size_t)t->capacity * sizeof *t->known);
    if (t->known == NULL) abort();
  }
  t->known[id] = (known_row){b->gradients != NULL, model};
  if (b->gradients != NULL && t->first_gradient[model] < 0) t->first_gradient[model] = id;
  if (id >= t->rows) t->rows = id + 1;
}

/* Takes a moment that differs from batch to batch, so that lanes overtake one another; where none may be beside this
 * one, long enough for it to come. */
static void dawdle(const trial *t, const attrib_batch *b) {
  const int64_t rounds = t->serial ? 30000 : (b->row_ids[0] * 7 + 3) % 5 * 300;
  for (int64_t k = 0; k < rounds && (!t->serial || atomic_load(&t->busy) == 1); k++)
    atomic_signal_fence(memory_order_seq_cst);
}

static int32_t watched_evaluate(const attrib_batch *b, watched_model *w) {
  trial *t = w->trial;
  const attrib_model *inner = &t->method->models[w->index];
  if (atomic_fetch_add(&t->busy, 1) > 0 && t->serial) atomic_store(&t->overlapped, true);
  if (w->index != ((b->flags & ATTRIB_BATCH_SECOND_MODEL) != 0)) atomic_store(&t->wrong_model, true);
  atomic_fetch_add(&t->rows_asked, b->rows);
  for (int64_t r = 0; r < b->rows; r++) {
    atomic_fetch_add(&t->digest, digest_of(b, r, w->index));
    if (t->prefixes == NULL) record(t, b, r, w->index);
  }
  dawdle(t, b);
  int32_t status = evaluate_spoilt(b, &w->spoiler, inner->evaluate, inner->user);
  atomic_fetch_sub(&t->busy, 1);
  return status;
}

static int32_t ATTRIB_CALL evaluate_called(const attrib_batch *b, void *user) {
  return watched_evaluate(b, user);
}

int32_t ATTRIB_CALL trial_evaluate(const attrib_batch *b, void *user) {
  trial *t = user;
  int which = (b->flags & ATTRIB_BATCH_SECOND_MODEL) != 0 ? 1 : 0;
  if (which >= t->method->model_count) {
    atomic_store(&t->wrong_model, true);
    return -99;
  }
  return watched_evaluate(b, &t->models[which]);
}

void trial_calm(trial *t) {
  for (int k = 0; k < 2; k++)
    t->models[k].spoiler = (spoiler){.output_row = -1, .gradient_row = -1, .fail_from_row = -1};
}

void trial_return(trial *t, int64_t at, int32_t code) {
  trial_calm(t);
  for (int k = 0; k < 2; k++) {
    t->models[k].spoiler.fail_from_row = at;
    t->models[k].spoiler.fail_code = code;
  }
}

static void make_models(trial *t, const way *w, attrib_model *models) {
  t->serial = w->serial;
  for (int k = 0; k < t->method->model_count; k++) {
    models[k] = t->method->models[k];
    models[k].max_rows = w->max_rows;
    models[k].flags |= (uint32_t)ATTRIB_MODEL_CONCURRENT;
    if (w->serial) models[k].flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
    models[k].evaluate = w->pull ? NULL : evaluate_called;
    models[k].user = &t->models[k];
  }
}

/* -- the call -- */

attrib_status trial_start(trial *t, attrib_context *context, const way *w, attrib_run **run) {
  attrib_model models[2] = {0};
  make_models(t, w, models);
  attrib_status status = t->method->start(context, models, run, t->method->user);
  expect(t, (status == ATTRIB_OK) == (*run != NULL));
  memset(models, 0xa5, sizeof models); /* a run has a copy */
  return status;
}

void trial_result(trial *t, attrib_run *run, outcome *o) {
  o->status = attrib_run_result(run, o->attributions, &o->report);
  snprintf(o->context_message, sizeof o->context_message, "%s", attrib_run_error(run));
  o->rows = atomic_load(&t->rows_asked);
  o->asked = atomic_load(&t->digest);
}

static void pull(trial *t, attrib_context *context, const way *w, outcome *o) {
  attrib_run *run;
  int64_t most_out;
  o->status = trial_start(t, context, w, &run);
  if (o->status < 0) {
    snprintf(o->context_message, sizeof o->context_message, "%s", attrib_context_error(context));
    return;
  }
  if (w->traced) expect(t, attrib_run_set_trace(run, o->trace, trial_traced(t), 0) == ATTRIB_OK);
  attrib_status driven = drive_with(run, trial_evaluate, t, w->order, 1 + w->max_rows, &most_out);
  trial_result(t, run, o);
  expect(t, driven >= 0 || driven == o->status);
  attrib_run_destroy(run);
}

void trial_run(trial *t, attrib_context *context, const way *w, outcome *o) {
  attrib_model models[2] = {0};
  t->how = w->how;
  outcome_open(o, t, w->traced);
  atomic_store(&t->rows_asked, 0);
  atomic_store(&t->digest, 0);
  atomic_store(&t->overlapped, false);
  if (w->pull) {
    pull(t, context, w, o);
  } else {
    make_models(t, w, models);
    if (w->traced) {
      o->report.trace = o->trace;
      o->report.trace_capacity = trial_traced(t);
    }
    o->status = t->method->call(context, models, o->attributions, w->bare ? NULL : &o->report, t->method->user);
    snprintf(o->context_message, sizeof o->context_message, "%s", attrib_context_error(context));
    o->rows = atomic_load(&t->rows_asked);
    o->asked = atomic_load(&t->digest);
  }
  expect(t, !atomic_load(&t->overlapped));
  expect(t, !atomic_load(&t->wrong_model));
}

/* -- what is known of the undisturbed call, and of prefixes of it -- */

static const way plain = {.max_rows = 1, .how = "one row at a time"};

void trial_open(trial *t, const checked_method *method, const char *check) {
  memset(t, 0, sizeof *t);
  t->method = method;
  t->check = check;
  t->first_gradient[0] = t->first_gradient[1] = -1;
  t->models[0].trial = t->models[1].trial = t;
  t->models[1].index = 1;
  trial_calm(t);
  attrib_context *context = new_context(1, 0);
  trial_run(t, context, &plain, &t->whole);
  if (t->whole.status != method->expected) print_error("%s: %s\n", method->name, t->whole.message);
  expect(t, t->whole.status == method->expected);
  expect_written(t, &t->whole);
  expect(t, t->rows > 0 && t->whole.rows == t->rows);
  expect(t, t->whole.report.evaluations + t->whole.report.output_evaluations == t->rows);
  for (int64_t k = 0; k < t->rows; k++) t->gradient_rows += t->known[k].gradient;
  expect(t, t->whole.report.evaluations == t->gradient_rows);
  t->prefixes = calloc((size_t)t->rows + 1, sizeof *t->prefixes);
  t->prefix_known = calloc((size_t)t->rows + 1, sizeof *t->prefix_known);
  if (t->prefixes == NULL || t->prefix_known == NULL) abort();
  attrib_context_destroy(context);
}

void trial_close(trial *t) {
  outcome_close(&t->whole);
  for (int64_t k = 0; k <= t->rows; k++)
    if (t->prefix_known[k]) outcome_close(&t->prefixes[k]);
  free(t->prefixes);
  free(t->prefix_known);
  free(t->known);
}

/* A call in between: what the models do, and what they were asked for, is put aside for it. */
typedef struct aside {
  spoiler spoilers[2];
  const char *how;
  bool serial;
  long long rows_asked;
  unsigned long long digest;
} aside;

static aside put_aside(const trial *t) {
  return (aside){{t->models[0].spoiler, t->models[1].spoiler},
                 t->how,
                 t->serial,
                 atomic_load(&t->rows_asked),
                 atomic_load(&t->digest)};
}

static void take_up(trial *t, const aside *a) {
  for (int k = 0; k < 2; k++) t->models[k].spoiler = a->spoilers[k];
  t->how = a->how;
  t->serial = a->serial;
  atomic_store(&t->rows_asked, a->rows_asked);
  atomic_store(&t->digest, a->digest);
}

const outcome *trial_prefix(trial *t, int64_t rows) {
  outcome *o = &t->prefixes[rows];
  if (rows == t->rows) return &t->whole;
  if (t->prefix_known[rows]) return o;
  const aside now = put_aside(t);
  trial_return(t, rows, 5);
  attrib_context *context = new_context(1, 0);
  trial_run(t, context, &plain, o);
  attrib_context_destroy(context);
  t->prefix_known[rows] = true;
  expect(t, o->status == ATTRIB_CANCELLED);
  expect(t, o->report.evaluations + o->report.output_evaluations == rows);
  expect(t, t->method->nan_prefix || outcome_is_finite(o));
  expect_written(t, o);
  take_up(t, &now);
  return o;
}

bool trial_tries(const trial *t, int64_t row) {
  return t->rows <= 60 || row < 10 || row > t->rows - 10 || row % (t->rows / 20) == 0;
}

void expect_whole(trial *t, attrib_context *context) {
  static const way again = {.max_rows = 3, .how = "undisturbed, after it"};
  const aside now = put_aside(t);
  outcome o;
  trial_calm(t);
  trial_run(t, context, &again, &o);
  expect_same(t, &o, &t->whole, true);
  outcome_close(&o);
  take_up(t, &now);
}
