/* Memory does not grow with steps, samples, baselines, or the number of calls. */
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

enum { MAX_ROWS = 4, IN_FLIGHT = 4 };

/* Most memory a call needed, on a fresh context; it must be what the allocator saw, and what the context says it holds.
 */
static int64_t peak_of(stage *s, scene which, uint32_t workers, uint32_t in_flight) {
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, workers, in_flight, NULL);
  double *results = untouched(scene_results(s, which));
  attrib_report *report = report_open(50);
  assert_true(scene_play(s, which, context, results, report) >= 0);
  int64_t peak = report->peak_bytes;
  assert_int_equal(peak, m.most);
  assert_int_equal(peak, attrib_context_memory(context));
  free(results);
  report_close(report);
  attrib_context_destroy(context);
  meter_finish(&m);
  return peak;
}

static int64_t peak_with(scene which, uint32_t workers, uint32_t in_flight, uint32_t max_rows, int64_t n, int64_t count,
                         int64_t points) {
  stage s;
  stage_open(&s, ATTRIB_F64, n, count, points);
  s.model.max_rows = max_rows;
  int64_t peak = peak_of(&s, which, workers, in_flight);
  stage_close(&s);
  return peak;
}

static void points_cost_no_memory(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 2; workers++)
    for (int which = SCENE_IG_ROWS; which < SCENE_RUNS; which++) {
      if (scene_is_sampled((scene)which)) continue; /* see below */
      int64_t few = peak_with((scene)which, workers, IN_FLIGHT, MAX_ROWS, 3, 2, 100);
      int64_t many =
          which == SCENE_IG_MEAN ? 1000 : 100000; /* a Gauss-Legendre node takes time that grows with their number */
      assert_int_equal(peak_with((scene)which, workers, IN_FLIGHT, MAX_ROWS, 3, 2, many), few);
    }
}

/* Where the library picks the batch size, few rows may need less, many never more. */
static void points_cost_no_memory_by_default(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 2; workers++) {
    int64_t most = peak_with(SCENE_IG_ROWS, workers, 0, 0, 3, 2, 100000);
    assert_int_equal(peak_with(SCENE_IG_ROWS, workers, 0, 0, 3, 2, 10000), most);
    assert_true(peak_with(SCENE_IG_ROWS, workers, 0, 0, 3, 2, 100) <= most);
    assert_true(peak_with(SCENE_IG_ROWS, workers, 0, 0, 3, 2, 1) <= most);
  }
}

static void baselines_cost_no_memory(void **state) {
  (void)state;
  for (int which = SCENE_IG_ROWS; which < SCENE_METHODS; which++) {
    if (which == SCENE_PATH_CURVE || scene_is_sampled((scene)which)) continue; /* has one; see below */
    int64_t few = peak_with((scene)which, 1, IN_FLIGHT, MAX_ROWS, 3, 20, 10);
    assert_int_equal(peak_with((scene)which, 1, IN_FLIGHT, MAX_ROWS, 3, 1000, 10), few);
  }
}

/* Of sampling methods; those with a tolerance never meet it and go on until the budget ends. */
static int64_t sampled_peak(scene which, uint32_t workers, uint32_t max_rows, int64_t count, int64_t points,
                            bool swapped) {
  stage s;
  stage_open(&s, ATTRIB_F64, 3, count, points);
  s.tolerance = 1e-12;
  s.swapped = swapped;
  s.model.max_rows = max_rows;
  int64_t peak = peak_of(&s, which, workers, max_rows == 0 ? 0 : IN_FLIGHT);
  assert_true(atomic_load(&s.inner.gradient_rows) >= (which == SCENE_EG_SINGLE ? count : points));
  stage_close(&s);
  return peak;
}

/* 100 and 10,000 samples, with two lanes 1,000; budgets of some hundreds and of thousands. */
static void samples_cost_no_memory(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 2; workers++)
    for (int which = 0; which < SCENE_RUNS; which++) {
      if (!scene_is_sampled((scene)which)) continue;
      bool rounds = scene_has_tolerance((scene)which);
      int64_t few = rounds ? 4 : 50, many = rounds ? 40 : workers == 1 ? 5000 : 500;
      assert_int_equal(sampled_peak((scene)which, workers, MAX_ROWS, 3, many, false),
                       sampled_peak((scene)which, workers, MAX_ROWS, 3, few, false));
    }
}

/* Where the library picks the batch size, few samples may need less, many never more. */
static void samples_cost_no_memory_by_default(void **state) {
  (void)state;
  static const scene scenes[] = {SCENE_EG_STRATIFIED, SCENE_EG_LATTICE, SCENE_EG_DOUBLED, SCENE_SMOOTH_PAIRS};
  for (uint32_t workers = 1; workers <= 2; workers++)
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
      int64_t many = scene_has_tolerance(scenes[i]) ? 16 : 500;
      int64_t most = sampled_peak(scenes[i], workers, 0, 3, many, false);
      assert_int_equal(sampled_peak(scenes[i], workers, 0, 3, 2 * many, false), most);
      assert_true(sampled_peak(scenes[i], workers, 0, 3, 2, false) <= most);
    }
}

/* 10 and 1,000, in memory and fetched, in every way of drawing. (Those that begin with strata, 129 and 1,000.) */
static void sampled_baselines_cost_no_memory(void **state) {
  (void)state;
  for (int which = SCENE_EG_IID; which <= SCENE_EG_DOUBLED; which++)
    for (int swapped = 0; swapped < 2; swapped++) {
      int64_t points = which == SCENE_EG_LATTICE ? 5 : 50;
      assert_int_equal(sampled_peak((scene)which, 1, MAX_ROWS, 1000, points, swapped != 0),
                       sampled_peak((scene)which, 1, MAX_ROWS, 10, points, swapped != 0));
    }
  assert_int_equal(sampled_peak(SCENE_EG_CHANGED, 1, MAX_ROWS, 1000, 25, false),
                   sampled_peak(SCENE_EG_CHANGED, 1, MAX_ROWS, 10, 25, false));
}

static void what_does_cost_memory(void **state) {
  (void)state;
  const scene which = SCENE_IG_FETCHED;
  int64_t base = peak_with(which, 1, 2, 2, 10, 3, 50);
  assert_int_equal(peak_with(which, 1, 2, 2, 10, 3, 50), base);
  assert_true(peak_with(which, 1, 4, 2, 10, 3, 50) > base);
  assert_true(peak_with(which, 1, 2, 4, 10, 3, 50) > base);
  assert_true(peak_with(which, 2, 2, 2, 10, 3, 50) > base);
  /* Longer rows: a handful of vectors and the batches out, 8 bytes an element. */
  for (int any = SCENE_IG_FETCHED; any < SCENE_RUNS; any++) {
    if (any != SCENE_IG_FETCHED && !scene_is_sampled((scene)any)) continue;
    int64_t most = any == SCENE_IG_FETCHED ? 6 : 10;
    int64_t more = peak_with((scene)any, 1, 2, 2, 10010, 3, 2) - peak_with((scene)any, 1, 2, 2, 10, 3, 2);
    assert_true(more > 10000 * 8 * 2 && more < 10000 * 8 * (2 * 2 * 3 + most));
  }
}

/* Ten thousand calls of every kind on one context, called and pulled. */
static void calls_leave_nothing_behind(void **state) {
  (void)state;
  for (uint32_t workers = 1; workers <= 2; workers++) {
    stage s;
    stage_open(&s, ATTRIB_F32, 4, 2, 2);
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, workers, 0, NULL);
    double *results = untouched(4);
    int64_t allocations = 0, memory = 0;
    for (int call = 0; call < 10000; call++) {
      scene which = (scene)(call % SCENE_END);
      if (call % 7 == 6) { /* and some that fail or are cut short */
        stage_fault(&s, call % 2 == 0 ? FAULT_FAIL : FAULT_STOP, 1, false);
      }
      attrib_status status = call % 3 == 2 && which < SCENE_RUNS ? scene_pull(&s, which, context, 2, results, NULL)
                                                                 : scene_play(&s, which, context, results, NULL);
      if (s.fault == FAULT_NONE) assert_int_equal(status, scene_status(&s, which));
      stage_fault(&s, FAULT_NONE, 0, false);
      if (call == 5000) {
        allocations = m.allocations;
        memory = attrib_context_memory(context);
      }
    }
    assert_int_equal(m.allocations, allocations);
    assert_int_equal(attrib_context_memory(context), memory);
    assert_int_equal(m.live, memory);
    free(results);
    attrib_context_destroy(context);
    meter_finish(&m);
    stage_close(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_cost_no_memory),
      cmocka_unit_test(points_cost_no_memory_by_default),
      cmocka_unit_test(baselines_cost_no_memory),
      cmocka_unit_test(samples_cost_no_memory),
      cmocka_unit_test(samples_cost_no_memory_by_default),
      cmocka_unit_test(sampled_baselines_cost_no_memory),
      cmocka_unit_test(what_does_cost_memory),
      cmocka_unit_test(calls_leave_nothing_behind),
  };
  return cmocka_run_group_tests_name("hardship: flat memory", tests, NULL, NULL);
}
