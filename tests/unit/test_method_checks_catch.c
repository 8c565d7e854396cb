/* The checks of methods can fail: a small method with two models passes them, and with every fault that it can be given
 * the check that is there for it says so. Each fault is tried in a process of its own. */
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#include "engine/contributions.h"
#include "engine/engine.h"
#include "method_checks.h"
#include "rows/rows.h"

enum { N = 5, HEAD = 3, NODES = 11, HEAD_ROWS = 4, FIRST_HEAD_ROW = 7, ROWS = 1 + NODES + HEAD_ROWS };

typedef enum flaw {
  NONE,
  SUMS_BY_BATCH,
  ROWS_BY_BATCH,
  UNUSED_ROWS_BY_BATCH,
  WEIGHTS_BY_PROGRESS,
  SUMS_NOT_CLEARED,
  NUMBERS_BY_BATCH,
  WRITES_TOO_LITTLE,
  RESULT_CHANGES,
  PREFIX_IS_NAN,
  TRACE_CHANGES,
  SLOPE_IS_WRONG,
  WRITES_AT_ONCE,
  WRITES_BUFFER_AT_FAILURE,
  KEEPS_SILENT,
  HIDES_THE_STOP,
  STOP_LOSES_A_ROW,
  LOOKS_AT_NO_GRADIENT,
  NAMES_ANOTHER_ROW,
  LOSES_MEMORY,
  OTHER_STATUS_WITHOUT_MEMORY,
  ALLOCATES_AGAIN,
  IGNORES_CANCEL,
  FLAWS
} flaw;

static flaw flawed;

typedef struct scratch_request {
  const attrib_model *models;
  const double *from, *to, *head_point;
} scratch_request;

/* Row 0: the output at `to`. Then nodes of the midpoint rule on the line to it, and between them rows of the second
 * model, whose gradient is added to the first features; attribution_sum is that of the line alone. */
typedef struct scratch {
  attrib__question ask_output, ask_gradient, ask_head;
  const double *from, *to, *head_point;
  double *sums, *part; /* part: of a batch */
  double head_sums[HEAD];
  double output;
  int64_t next, batches;
  atomic_llong reduced;
} scratch;

static bool is_head(int64_t id) {
  return id >= FIRST_HEAD_ROW && id < FIRST_HEAD_ROW + HEAD_ROWS;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled;
  scratch *self = state;
  int64_t id = self->next;
  if (id == ROWS) return ATTRIB__PLAN_END;
  self->next++;
  row->question = id == 0 ? &self->ask_output : is_head(id) ? &self->ask_head : &self->ask_gradient;
  row->alpha = id == 0 ? 1 : ((double)(id < FIRST_HEAD_ROW ? id - 1 : id - 1 - HEAD_ROWS) + .5) / NODES;
  row->weight = id == 0 ? 0 : 1.0 / NODES;
  if (is_head(id)) {
    row->alpha = (double)NAN;
    row->weight = flawed == UNUSED_ROWS_BY_BATCH ? 0 : 0.125;
    row->baseline = id - FIRST_HEAD_ROW;
  }
  if (flawed == WEIGHTS_BY_PROGRESS) row->weight *= 1 + (double)atomic_load(&self->reduced);
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  scratch *self = state;
  row->from = self->from;
  row->to = self->to;
  if (!row->question->second) return ATTRIB_OK;
  double *point = gathering->placing.point;
  row->placed = true;
  for (int64_t k = 0; k < HEAD; k++) point[k] = self->head_point[k] + (double)(row->id - FIRST_HEAD_ROW);
  if ((flawed == ROWS_BY_BATCH || flawed == UNUSED_ROWS_BY_BATCH) && gathering->previous == NULL) point[0] += 1e-12;
  return ATTRIB_OK;
}

static attrib__fault take_head(scratch *self, const attrib__results *results) {
  for (int64_t r = 0; r < results->count; r++) {
    const double *gradient = (const double *)results->gradients + r * results->gradient_stride;
    int64_t bad = attrib__rows_find_nonfinite(ATTRIB_F64, gradient, HEAD);
    if (bad >= 0 && flawed != LOOKS_AT_NO_GRADIENT)
      return (attrib__fault){.status = ATTRIB_E_NONFINITE,
                             .row = flawed == NAMES_ANOTHER_ROW ? 0 : r,
                             .index = bad,
                             .value = gradient[bad],
                             .in_gradient = true};
    for (int64_t k = 0; k < HEAD; k++)
      self->head_sums[k] += results->rows[r].weight * (isnan(gradient[k]) ? 1 : gradient[k]);
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

static attrib__fault reduce(void *state, attrib__results *results) {
  scratch *self = state;
  atomic_fetch_add(&self->reduced, results->count);
  self->batches++;
  if (results->rows[0].question->second) return take_head(self, results);
  double *sums = flawed == SUMS_BY_BATCH ? self->part : self->sums;
  memset(self->part, 0, N * sizeof *self->part);
  attrib__fault fault = attrib__contributions(results, ATTRIB_F64, N, false, sums, NULL, NULL);
  if (fault.status < 0) return fault;
  for (int64_t i = 0; i < N; i++) self->sums[i] += self->part[i];
  if (flawed == TRACE_CHANGES && results->traced) self->sums[0] += 1e-9;
  for (int64_t r = 0; r < results->count; r++) {
    if (results->rows[r].id == 0) self->output = results->outputs[r];
    if (flawed == SLOPE_IS_WRONG) results->rows[r].weight *= 2;
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  scratch *self = state;
  (void)context;
  report->output = self->output;
  report->samples = flawed == NUMBERS_BY_BATCH ? self->batches : 0;
  report->attribution_sum = 0;
  for (int64_t i = 0; i < N; i++) report->attribution_sum += self->sums[i];
  if (attributions == NULL) return ATTRIB_OK;
  memcpy(attributions, self->sums, (flawed == WRITES_TOO_LITTLE ? N - 1 : N) * sizeof *attributions);
  for (int64_t k = 0; k < HEAD; k++) attributions[k] += self->head_sums[k];
  bool whole = report->stop_reason == ATTRIB_STOP_COMPLETE;
  if (flawed == RESULT_CHANGES) self->sums[1] *= 2;
  if (flawed == PREFIX_IS_NAN && !whole) attributions[2] = (double)NAN;
  if (flawed == STOP_LOSES_A_ROW && report->stop_reason == ATTRIB_STOP_CALLBACK)
    attributions[0] += (double)self->batches;
  return ATTRIB_OK;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  (void)request;
  double *sums = attrib__carve(arena, N, sizeof *sums), *part = attrib__carve(arena, N, sizeof *sums);
  if (state == NULL) return;
  ((scratch *)state)->sums = sums;
  ((scratch *)state)->part = part;
}

static void init(void *state, const void *given) {
  const scratch_request *request = given;
  scratch *self = state;
  self->from = request->from;
  self->to = request->to;
  self->head_point = request->head_point;
  self->ask_gradient.gradients = self->ask_head.gradients = true;
  self->ask_head.second = self->ask_head.untraced = true;
  self->output = (double)NAN;
  if (flawed != SUMS_NOT_CLEARED) memset(self->sums, 0, N * sizeof *self->sums);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const scratch_request *request = given;
  attrib__start start = {.model = request->models[0],
                         .second = request->models[1],
                         .gradients = true,
                         .output_columns = 1,
                         .second_columns = 1,
                         .planned = ROWS,
                         .method = &method,
                         .state_size = sizeof(scratch),
                         .layout = layout,
                         .init = init,
                         .request = request};
  if (flawed == LOSES_MEMORY || flawed == ALLOCATES_AGAIN) {
    const attrib_allocator *memory = &context->allocator;
    void *block = memory->allocate(8, 8, memory->user);
    if (block == NULL) return attrib__fail_memory(context, 8);
    if (flawed == ALLOCATES_AGAIN) memory->release(block, 8, memory->user);
  }
  attrib_status status = attrib__run_create(context, &start, pull, run);
  if (flawed == OTHER_STATUS_WITHOUT_MEMORY && status < 0) return ATTRIB_E_OVERFLOW;
  return status;
}

/* -- the calls -- */

typedef struct scratch_case {
  analytic body, head;
  double from[N], to[N], head_point[HEAD];
} scratch_case;

static scratch_request request_of(const scratch_case *c, const attrib_model *models) {
  return (scratch_request){models, c->from, c->to, c->head_point};
}

static attrib_status scratch_call(attrib_context *context, const attrib_model *models, void *attributions,
                                  attrib_report *report, void *user) {
  const scratch_request request = request_of(user, models);
  if (flawed == WRITES_AT_ONCE) memset(attributions, 0, N * sizeof(double));
  attrib_status status = attrib__run_call(context, prepare, &request, attributions, report);
  if (flawed == IGNORES_CANCEL && status == ATTRIB_CANCELLED)
    status = attrib__run_call(context, prepare, &request, attributions, report);
  if (flawed == WRITES_BUFFER_AT_FAILURE && status < 0) report->kept[N - 1] = 0;
  if (flawed == KEEPS_SILENT && status < 0) report->message[0] = '\0';
  if (flawed == HIDES_THE_STOP && status == ATTRIB_CANCELLED) status = ATTRIB_OK;
  return status;
}

static attrib_status scratch_start(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const scratch_request request = request_of(user, models);
  return attrib__run_open(context, prepare, &request, run);
}

static bool nan_is_documented;

static void with_scratch(void (*check)(const checked_method *method)) {
  static const analytic_fn functions[] = {f_waves, f_quadratic};
  static const double square[HEAD * HEAD] = {1, .5, 0, .5, -2, .25, 0, .25, 3};
  scratch_case c = {.head_point = {.3, -.2, .7}};
  fill_random(1, c.from, N);
  fill_random(2, c.to, N);
  const checked_method checked = {
      .name = "scratch",
      .models = {single_model(&c.body, &functions[0], ATTRIB_F64, N, NULL),
                 single_model(&c.head, &functions[1], ATTRIB_F64, HEAD, square)},
      .model_count = 2,
      .attributions = N,
      .expected = ATTRIB_OK,
      .spoilt_feature = {3, 1},
      .untraced_rows = HEAD_ROWS,
      .trace_sums = true,
      .nan_prefix = nan_is_documented,
      .call = scratch_call,
      .start = scratch_start,
      .user = &c,
  };
  check(&checked);
}

/* -- the faults, and what is there for them -- */

typedef struct expectation {
  const char *flaw;
  void (*check)(const checked_method *method);
} expectation;

static const expectation expectations[FLAWS] = {
    [SUMS_BY_BATCH] = {"sums by batch", method_check_same_bits},
    [ROWS_BY_BATCH] = {"rows by batch", method_check_same_bits},
    [UNUSED_ROWS_BY_BATCH] = {"rows that count for nothing by batch", method_check_same_bits},
    [WEIGHTS_BY_PROGRESS] = {"weights by progress", method_check_same_bits},
    [SUMS_NOT_CLEARED] = {"sums that are not cleared", method_check_repeat},
    [NUMBERS_BY_BATCH] = {"a number of the report by batch", method_check_same_bits},
    [WRITES_TOO_LITTLE] = {"an attribution is not written", method_check_same_bits},
    [RESULT_CHANGES] = {"a result that changes the run", method_check_result_at_any_time},
    [PREFIX_IS_NAN] = {"NaN on the way", method_check_result_at_any_time},
    [TRACE_CHANGES] = {"a trace that changes the result", method_check_trace},
    [SLOPE_IS_WRONG] = {"a trace of other weights", method_check_trace},
    [WRITES_AT_ONCE] = {"attributions written at once", method_check_model_fails},
    [WRITES_BUFFER_AT_FAILURE] = {"a buffer written at a failure", method_check_spoilt_rows},
    [KEEPS_SILENT] = {"no message", method_check_model_fails},
    [HIDES_THE_STOP] = {"a stop that is not told", method_check_model_stops},
    [STOP_LOSES_A_ROW] = {"stopped by batch", method_check_model_stops},
    [LOOKS_AT_NO_GRADIENT] = {"a gradient that is not looked at", method_check_spoilt_rows},
    [NAMES_ANOTHER_ROW] = {"another row is named", method_check_spoilt_rows},
    [LOSES_MEMORY] = {"memory is lost", method_check_memory_runs_out},
    [OTHER_STATUS_WITHOUT_MEMORY] = {"another status without memory", method_check_memory_runs_out},
    [ALLOCATES_AGAIN] = {"a repeat allocates", method_check_repeat},
    [IGNORES_CANCEL] = {"a cancel that is ignored", method_check_cancel},
};

static void check_flawed(void **state) {
  (void)state;
  with_scratch(expectations[flawed].check);
}

/* In a process of its own, whose complaint goes to a file. */
static bool is_caught(flaw f) {
  char said[4096];
  FILE *complaints = tmpfile();
  if (complaints == NULL) abort();
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(check_flawed)};
    if (freopen("/dev/null", "w", stdout) == NULL || dup2(fileno(complaints), STDERR_FILENO) < 0) abort();
    flawed = f;
    _exit(cmocka_run_group_tests(tests, NULL, NULL));
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) abort();
  rewind(complaints);
  said[fread(said, 1, sizeof said - 1, complaints)] = '\0';
  fclose(complaints);
  bool caught = WIFEXITED(status) && WEXITSTATUS(status) == 1 && strstr(said, "not so: ") != NULL;
  if (!caught) print_error("%s: not caught (%d)\n%s", expectations[f].flaw, status, said);
  return caught;
}

static bool caught[FLAWS];

static void every_fault_is_caught(void **state) {
  (void)state;
  for (int f = NONE + 1; f < FLAWS; f++) assert_true(caught[f]);
}

static void a_sound_method_passes(void **state) {
  (void)state;
  with_scratch(method_check_all);
}

static void so_does_one_whose_prefixes_are_nan_where_that_is_documented(void **state) {
  (void)state;
  flawed = PREFIX_IS_NAN;
  nan_is_documented = true;
  with_scratch(method_check_all);
  flawed = NONE;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sound_method_passes),
      cmocka_unit_test(so_does_one_whose_prefixes_are_nan_where_that_is_documented),
      cmocka_unit_test(every_fault_is_caught),
  };
  for (int f = NONE + 1; f < FLAWS; f++) caught[f] = is_caught((flaw)f); /* before there are any threads */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
