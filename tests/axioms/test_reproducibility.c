/* Batch size, lanes, batches in flight and the order in which they come back never change a bit. */
#include "../unit/methods.h"

enum { N = 513, CAPACITY = 60, WORKERS = 3, FLIGHTS = 4 };

static const uint32_t max_rows[] = {1, 3, 16, 64, 0};
static const uint32_t workers[WORKERS] = {1, 2, 4};
static const uint32_t in_flight[FLIGHTS] = {0, 1, 3, 8};

/* What a call came to. */
typedef struct outcome {
  double attributions[N], standard_errors[N];
  attrib_report report;
  attrib_trace_point trace[CAPACITY];
} outcome;

/* What tells how the work was cut up, not what came of it. */
static void expect_same(outcome *a, const outcome *b, int64_t attributions) {
  a->report.model_calls = b->report.model_calls;
  expect_same_report(&a->report, &b->report);
  assert_same_bits(a->attributions, b->attributions, attributions);
  assert_same_bits(a->standard_errors, b->standard_errors, attributions);
  assert_memory_equal(a->trace, b->trace, (size_t)b->report.trace_count * sizeof *b->trace);
}

static void call_into(attrib_context *context, const call *c, outcome *o) {
  memset(o, 0, sizeof *o);
  o->report.struct_size = sizeof o->report;
  o->report.standard_errors = o->standard_errors;
  o->report.trace = o->trace;
  o->report.trace_capacity = CAPACITY;
  assert_status(make_call(context, c, o->attributions, &o->report), ATTRIB_OK, context);
}

static void pull_into(attrib_context *context, method_case *c, uint64_t seed, outcome *o) {
  attrib_run *run;
  int64_t most_out;
  memset(o, 0, sizeof *o);
  o->report.struct_size = sizeof o->report;
  o->report.standard_errors = o->standard_errors;
  assert_status(start_call(context, &c->call, &run), ATTRIB_OK, context);
  assert_int_equal(attrib_run_set_trace(run, o->trace, CAPACITY, 0), ATTRIB_OK);
  assert_int_equal(drive(run, &c->model, SHUFFLED, seed, &most_out), ATTRIB_OK);
  assert_status(attrib_run_result(run, o->attributions, &o->report), ATTRIB_OK, context);
  attrib_run_destroy(run);
}

/* Hundreds of rows: of these fewer features. */
static bool is_long(int which) {
  return which == METHOD_EG_DEFAULT || method_has_tolerance(which);
}

static void every_way_of_cutting_the_work(void **state) {
  (void)state;
  static outcome first, again;
  attrib_context *contexts[WORKERS][FLIGHTS];
  for (int w = 0; w < WORKERS; w++)
    for (int f = 0; f < FLIGHTS; f++) contexts[w][f] = new_context(workers[w], in_flight[f]);
  for (int which = 0; which < METHOD_COUNT; which++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      method_case c;
      make_method(&c, which, dtype, is_long(which) ? 33 : N);
      c.call.model.max_rows = 1;
      call_into(NULL, &c.call, &first);
      for (int64_t m = 0; m < COUNT(max_rows); m++)
        for (int w = 0; w < WORKERS; w++)
          for (int f = 0; f < FLIGHTS; f++) {
            /* Of so many kinds of draws every size of batches with every number of lanes is enough. */
            if (which >= METHOD_FIRST_SAMPLED && (m + w) % FLIGHTS != f) continue;
            c.call.model.max_rows = max_rows[m];
            call_into(contexts[w][f], &c.call, &again);
            expect_same(&again, &first, c.attributions);
            if (w > 0) continue; /* pulling knows no lanes */
            pull_into(contexts[w][f], &c, 1 + (uint64_t)m, &again);
            expect_same(&again, &first, c.attributions);
          }
      free_method(&c);
    }
  for (int w = 0; w < WORKERS; w++)
    for (int f = 0; f < FLIGHTS; f++) attrib_context_destroy(contexts[w][f]);
}

/* A context that has done other work gives what a new one gives: nothing of a call stays behind. */
static void a_used_context_is_as_good_as_new(void **state) {
  (void)state;
  static outcome fresh, used;
  attrib_context *context = new_context(2, 0);
  for (int which = METHOD_COUNT - 1; which >= 0; which--) {
    method_case c;
    make_method(&c, which, ATTRIB_F64, 1 + which * 32 % N);
    call_into(NULL, &c.call, &fresh);
    call_into(context, &c.call, &used);
    expect_same(&used, &fresh, c.attributions);
    free_method(&c);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_way_of_cutting_the_work),
      cmocka_unit_test(a_used_context_is_as_good_as_new),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
