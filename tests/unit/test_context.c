/* Contexts: what may be asked of one, where its memory comes from, what it remembers between calls. */
#include "methods.h"

#include <pthread.h>

static void options_at_their_limits(void **state) {
  (void)state;
  const attrib_context_options good = {.struct_size = sizeof good};
  static const attrib_allocator half = {.struct_size = sizeof half};
  attrib_context_options wrongs[] = {good, good, good, good, good};
  wrongs[0].workers = 1025;
  wrongs[1].in_flight = 4097;
  wrongs[2].reserved0 = 1;
  wrongs[3].reserved = wrongs;
  wrongs[4].allocator = &half;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_context *context = (attrib_context *)wrongs;
    assert_int_equal(attrib_context_create(&wrongs[k], &context),
                     k == 2 || k == 3 ? ATTRIB_E_UNSUPPORTED : ATTRIB_E_ARGUMENT);
    assert_null(context);
  }
  assert_int_equal(attrib_context_create(&good, NULL), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_context_create(NULL, NULL), ATTRIB_E_ARGUMENT);
  attrib_context_options most = {.struct_size = sizeof most, .in_flight = 4096};
  attrib_context *context;
  assert_int_equal(attrib_context_create(&most, &context), ATTRIB_OK);
  attrib_context_destroy(context);
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_context_destroy(context);
}

static void null_is_no_context(void **state) {
  (void)state;
  attrib_context_destroy(NULL);
  attrib_context_cancel(NULL);
  assert_string_equal(attrib_context_error(NULL), "");
  assert_int_equal(attrib_context_memory(NULL), 0);
  assert_int_equal(attrib_context_set_progress(NULL, NULL, NULL), ATTRIB_E_ARGUMENT);
}

/* The last failure's message, until the next call. */
static void the_message_lives_until_the_next_call(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double row[2];
  assert_string_equal(attrib_context_error(context), "");
  assert_status(attrib_baseline_fill(context, ATTRIB_F64, -3, 0, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "n = -3");
  assert_status(attrib_baseline_fill(context, 9, 2, 0, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "dtype = 9");
  assert_status(attrib_baseline_fill(context, ATTRIB_F64, 2, 0, row), ATTRIB_OK, context);
  assert_string_equal(attrib_context_error(context), "");
  attrib_context_destroy(context);
}

/* Counts, checks sizes on release, and remembers the only thread that may call it. */
typedef struct account {
  int64_t blocks, bytes, allocations;
  pthread_t thread;
  bool wrong;
} account;

static void *ATTRIB_CALL count_allocate(size_t size, size_t alignment, void *user) {
  account *a = user;
  a->wrong |= !pthread_equal(a->thread, pthread_self()) || alignment > 64 || (alignment & (alignment - 1)) != 0;
  char *block = aligned_alloc(64, (size + 64 + 63) / 64 * 64);
  if (block == NULL) return NULL;
  memcpy(block, &size, sizeof size);
  a->blocks++;
  a->allocations++;
  a->bytes += (int64_t)size;
  return block + 64;
}

static void ATTRIB_CALL count_release(void *block, size_t size, void *user) {
  account *a = user;
  size_t asked;
  memcpy(&asked, (char *)block - 64, sizeof asked);
  a->wrong |= !pthread_equal(a->thread, pthread_self()) || asked != size;
  a->blocks--;
  a->bytes -= (int64_t)size;
  free((char *)block - 64);
}

/* Everything goes through it, the sum is what attrib_context_memory says, and a repeat of a call allocates nothing. */
static void memory_comes_from_the_callers_allocator(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    account a = {.thread = pthread_self()};
    attrib_allocator *allocator = exact_copy(
        &(attrib_allocator){
            .struct_size = sizeof *allocator, .allocate = count_allocate, .release = count_release, .user = &a},
        sizeof *allocator);
    const attrib_context_options options = {.struct_size = sizeof options, .workers = workers, .allocator = allocator};
    attrib_context *context;
    assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
    memset(allocator, 0xa5, sizeof *allocator); /* copied: not looked at again */
    free(allocator);
    assert_int_equal(attrib_context_memory(context), a.bytes);
    for (int which = 0; which < METHOD_COUNT; which++) {
      method_case c;
      make_method(&c, which, ATTRIB_F64, 33);
      double *phi = untouched(c.attributions);
      attrib_report report = {.struct_size = sizeof report};
      assert_status(make_call(context, &c.call, phi, &report), ATTRIB_OK, context);
      assert_int_equal(attrib_context_memory(context), a.bytes);
      assert_true(report.peak_bytes > 0 && report.peak_bytes <= a.bytes);
      int64_t before = a.allocations;
      assert_status(make_call(context, &c.call, phi, NULL), ATTRIB_OK, context);
      assert_int_equal(a.allocations, before);
      free(phi);
      free_method(&c);
    }
    attrib_context_destroy(context);
    assert_true(a.blocks == 0 && a.bytes == 0 && !a.wrong);
  }
}

/* Working memory: a handful of vectors and the batches out, however many points and baselines. */
static void memory_does_not_grow_with_points(void **state) {
  (void)state;
  int64_t peaks[2];
  for (int k = 0; k < 2; k++) {
    method_case c;
    make_method(&c, 10, ATTRIB_F32, 100);
    c.call.model.max_rows = 4;
    c.baselines.count = k == 0 ? 4 : 400;
    c.options.points = k == 0 ? 5 : 50;
    attrib_report report = {.struct_size = sizeof report};
    double *phi = untouched(100);
    assert_int_equal(make_call(NULL, &c.call, phi, &report), ATTRIB_OK);
    peaks[k] = report.peak_bytes;
    free(phi);
    free_method(&c);
  }
  assert_int_equal(peaks[0], peaks[1]);
}

typedef struct watcher {
  attrib_context *context;
  const call *inner;
  int64_t calls, last, planned;
  bool wrong;
} watcher;

static int32_t ATTRIB_CALL watch(const attrib_progress *progress, void *user) {
  watcher *w = user;
  double phi[3];
  w->calls++;
  w->wrong |= progress->struct_size != sizeof *progress || progress->phase != 0 || !isnan(progress->error_estimate);
  w->wrong |= progress->evaluations <= w->last || progress->evaluations > progress->planned;
  w->wrong |= make_call(w->context, w->inner, phi, NULL) != ATTRIB_E_BUSY;
  w->wrong |= attrib_context_set_progress(w->context, NULL, NULL) != ATTRIB_E_BUSY;
  w->last = progress->evaluations;
  w->planned = progress->planned;
  return 0;
}

/* Rows climb to the number promised; the context is not to be entered meanwhile, and is unharmed by the attempt. */
static void progress_climbs_to_what_was_planned(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 2; workers++) {
    method_case c;
    make_method(&c, 16, ATTRIB_F64, 3); /* trapezoid, 4 points, 3 baselines */
    c.call.model.max_rows = 2;
    attrib_context *context = new_context(workers, 0);
    watcher w = {.context = context, .inner = &c.call};
    double phi[2][3];
    assert_status(make_call(context, &c.call, phi[0], NULL), ATTRIB_OK, context);
    assert_status(attrib_context_set_progress(context, watch, &w), ATTRIB_OK, context);
    assert_status(make_call(context, &c.call, phi[1], NULL), ATTRIB_OK, context);
    assert_same_bits(phi[0], phi[1], 3);
    assert_true(!w.wrong && w.planned == 12);
    if (workers == 1) assert_true(w.calls == 6 && w.last == 12);
    int64_t calls = w.calls;
    assert_status(attrib_context_set_progress(context, NULL, NULL), ATTRIB_OK, context);
    assert_status(make_call(context, &c.call, phi[1], NULL), ATTRIB_OK, context);
    assert_int_equal(w.calls, calls);
    attrib_context_destroy(context);
    free_method(&c);
  }
}

static int32_t ATTRIB_CALL stop_at_the_end(const attrib_progress *progress, void *user) {
  (void)user;
  return progress->evaluations == progress->planned;
}

/* Too late to stop anything: the call is complete, and says so, whether or not its last batch was a full one. */
static void a_stop_after_the_last_row_stops_nothing(void **state) {
  (void)state;
  for (uint32_t max_rows = 1; max_rows <= 13; max_rows++) {
    method_case c;
    make_method(&c, 16, ATTRIB_F64, 3); /* 12 rows */
    c.call.model.max_rows = max_rows;
    attrib_context *context = new_context(1, 0);
    attrib_report report = {.struct_size = sizeof report};
    double phi[3];
    assert_status(attrib_context_set_progress(context, stop_at_the_end, NULL), ATTRIB_OK, context);
    assert_status(make_call(context, &c.call, phi, &report), ATTRIB_OK, context);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
    attrib_context_destroy(context);
    free_method(&c);
  }
}

/* Without ATTRIB_MODEL_CONCURRENT one call at a time, whichever lane makes it. */
static void a_model_is_serialised_unless_it_says_otherwise(void **state) {
  (void)state;
  method_case c;
  make_method(&c, 7, ATTRIB_F64, 200);
  c.call.model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
  c.call.model.max_rows = 1;
  attrib_context *context = new_context(4, 8);
  double *phi = untouched(200);
  for (int k = 0; k < 20; k++) assert_status(make_call(context, &c.call, phi, NULL), ATTRIB_OK, context);
  assert_int_equal(c.model.most_busy, 1);
  free(phi);
  attrib_context_destroy(context);
  free_method(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_at_their_limits),
      cmocka_unit_test(null_is_no_context),
      cmocka_unit_test(the_message_lives_until_the_next_call),
      cmocka_unit_test(memory_comes_from_the_callers_allocator),
      cmocka_unit_test(memory_does_not_grow_with_points),
      cmocka_unit_test(progress_climbs_to_what_was_planned),
      cmocka_unit_test(a_stop_after_the_last_row_stops_nothing),
      cmocka_unit_test(a_model_is_serialised_unless_it_says_otherwise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
