/* What attributions are given for: features in blocks, or groups of them in one piece. */
#include "fixture.h"
#include "statistics.h"

#include "methods/entries.h"
#include "rows/rows.h"

enum { N = 2 * ATTRIB__BLOCK + 3, ROWS = 3, STRIDE = N + 2, GROUPS = 8 };

/* Three rows: the first two on one line, the third on another. */
typedef struct bench {
  attrib__entries entries;
  attrib__results results;
  attrib__row rows[ROWS];
  uint32_t dtype;
  void *from, *other, *to, *gradients, *memory;
  int32_t *groups;
  double *taken; /* ROWS x count; NaN where nothing came */
  int64_t pieces, last_row;
} bench;

static void set_up(bench *b, uint32_t dtype, bool grouped, bool unit, bool squared) {
  *b = (bench){.dtype = dtype, .last_row = -1};
  double *values = exact_block((size_t)(ROWS * STRIDE) * sizeof *values);
  fill_random(1, values, N);
  b->from = as_row(dtype, values, N);
  fill_random(2, values, N);
  b->other = as_row(dtype, values, N);
  fill_random(3, values, N);
  b->to = as_row(dtype, values, N);
  fill_random(4, values, ROWS * STRIDE);
  b->gradients = as_row(dtype, values, ROWS * STRIDE - 2);
  free(values);
  for (int r = 0; r < ROWS; r++)
    b->rows[r] = (attrib__row){.id = 10 + r, .from = r < 2 ? b->from : b->other, .to = b->to};
  b->groups = exact_block(N * sizeof *b->groups);
  for (int i = 0; i < N; i++) b->groups[i] = i % 2 == 0 ? 0 : i == 5 ? 3 : 2; /* 3 has one, the others none */
  b->entries = (attrib__entries){.dtype = dtype,
                                 .unit_displacement = unit,
                                 .squared = squared,
                                 .n = N,
                                 .count = grouped ? GROUPS : N,
                                 .groups = grouped ? b->groups : NULL};
  attrib__arena arena = {0};
  attrib__entries_layout(&b->entries, &arena);
  assert_true((arena.used > 0) == grouped);
  b->memory = exact_block(arena.used > 0 ? arena.used : 1); /* eight groups fill it to the last byte */
  memset(b->memory, 0xff, arena.used);
  arena = (attrib__arena){.memory = b->memory};
  attrib__entries_layout(&b->entries, &arena);
  b->results = (attrib__results){
      .rows = b->rows, .count = ROWS, .gradients = b->gradients, .gradient_stride = STRIDE, .traced = true};
  b->taken = exact_block((size_t)(ROWS * b->entries.count) * sizeof *b->taken);
  for (int64_t k = 0; k < ROWS * b->entries.count; k++) b->taken[k] = (double)NAN;
}

static void tear_down(bench *b) {
  free(b->taken);
  free(b->memory);
  free(b->groups);
  free(b->gradients);
  free(b->to);
  free(b->other);
  free(b->from);
}

/* Each entry of each row comes once; rows of a piece in order. */
static void collect(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *value) {
  bench *b = state;
  assert_ptr_equal(row, &b->rows[r]);
  assert_int_equal(row->id, 10 + r);
  assert_true(begin >= 0 && n >= 1 && begin + n <= b->entries.count);
  if (b->entries.groups != NULL) assert_true(begin == 0 && n == b->entries.count && r == b->last_row + 1);
  b->last_row = r;
  b->pieces++;
  for (int64_t i = 0; i < n; i++) {
    double *slot = &b->taken[r * b->entries.count + begin + i];
    assert_true(isnan(*slot));
    *slot = value[i];
  }
}

static double at(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static double contribution(const bench *b, int64_t r, int64_t i) {
  double gradient = at(b->dtype, b->gradients, r * STRIDE + i);
  double displacement = at(b->dtype, b->to, i) - at(b->dtype, b->rows[r].from, i);
  double value = b->entries.unit_displacement ? gradient : displacement * gradient;
  return b->entries.squared ? value * value : value;
}

static double expected_entry(const bench *b, int64_t r, int64_t entry) {
  if (b->entries.groups == NULL) return contribution(b, r, entry);
  long double sum = 0;
  for (int64_t i = 0; i < N; i++)
    if (b->groups[i] == entry) sum += (long double)contribution(b, r, i);
  return (double)sum;
}

static void every_entry_of_every_row(void **state) {
  (void)state;
  for (int kind = 0; kind < 16; kind++) {
    bench b;
    set_up(&b, kind & 1 ? ATTRIB_F32 : ATTRIB_F64, kind & 2, kind & 4, kind & 8);
    assert_int_equal(attrib__entries_take(&b.entries, &b.results, collect, &b).status, ATTRIB_OK);
    assert_int_equal(b.pieces, kind & 2 ? ROWS : 3 * ROWS);
    for (int64_t r = 0; r < ROWS; r++)
      for (int64_t k = 0; k < b.entries.count; k++) {
        double expected = expected_entry(&b, r, k);
        assert_near(b.taken[r * b.entries.count + k], expected, ROUND_OFF, kind & 2 ? fmax(1, fabs(expected)) : 1);
      }
    tear_down(&b);
  }
}

/* The sum of contributions themselves, also where entries are squares of them, or groups. */
static void slopes_are_traced(void **state) {
  (void)state;
  for (int kind = 0; kind < 8; kind++) {
    bench b;
    set_up(&b, ATTRIB_F64, kind & 1, kind & 2, kind & 4);
    b.results.count = 2;
    assert_int_equal(attrib__entries_take(&b.entries, &b.results, collect, &b).status, ATTRIB_OK);
    b.entries.squared = false;
    for (int64_t r = 0; r < 2; r++) {
      long double sum = 0;
      for (int64_t i = 0; i < N; i++) sum += (long double)contribution(&b, r, i);
      assert_near(attrib__sum_value(&b.rows[r].slope), (double)sum, ROUND_OFF, N);
    }
    assert_true(isnan(b.taken[2 * b.entries.count])); /* beyond the count */
    tear_down(&b);
  }
}

/* {1e16, 1, -1e16} in one group; nothing of one row is left for the next. */
static void groups_are_compensated_and_start_anew(void **state) {
  (void)state;
  bench b;
  set_up(&b, ATTRIB_F64, true, true, false);
  double *gradients = b.gradients;
  memset(gradients, 0, (size_t)(ROWS * STRIDE - 2) * sizeof *gradients);
  gradients[0] = 1e16;
  gradients[2] = 1;
  gradients[N - 1] = -1e16;
  gradients[STRIDE + 4] = 7;
  assert_int_equal(attrib__entries_take(&b.entries, &b.results, collect, &b).status, ATTRIB_OK);
  assert_true(b.taken[0] == 1 && b.taken[GROUPS] == 7 && b.taken[2 * GROUPS] == 0);
  for (int g = 1; g < GROUPS; g++) assert_true(b.taken[g] == 0);
  tear_down(&b);
}

/* The fault of the first row that has one, with its row and feature; with groups the rows before it are taken. */
static void the_first_fault_is_told(void **state) {
  (void)state;
  for (int grouped = 0; grouped < 2; grouped++) {
    bench b;
    set_up(&b, ATTRIB_F64, grouped == 1, true, false);
    double *gradients = b.gradients;
    gradients[2 * STRIDE + 1] = (double)INFINITY;
    gradients[STRIDE + N - 1] = (double)NAN;
    attrib__fault fault = attrib__entries_take(&b.entries, &b.results, collect, &b);
    assert_int_equal(fault.status, ATTRIB_E_NONFINITE);
    assert_int_equal(fault.row, 1);
    assert_int_equal(fault.index, N - 1);
    assert_true(fault.in_gradient && isnan(fault.value));
    if (grouped) assert_int_equal(b.pieces, 1);
    tear_down(&b);
  }
}

static void rows_without_gradients_are_not_taken(void **state) {
  (void)state;
  for (int grouped = 0; grouped < 2; grouped++) {
    bench b;
    set_up(&b, ATTRIB_F64, grouped == 1, false, false);
    b.results.gradients = NULL;
    assert_int_equal(attrib__entries_take(&b.entries, &b.results, collect, &b).status, ATTRIB_OK);
    assert_int_equal(b.pieces, 0);
    tear_down(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_entry_of_every_row),
      cmocka_unit_test(slopes_are_traced),
      cmocka_unit_test(groups_are_compensated_and_start_anew),
      cmocka_unit_test(the_first_fault_is_told),
      cmocka_unit_test(rows_without_gradients_are_not_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
