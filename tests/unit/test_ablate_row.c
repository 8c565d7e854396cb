/* attrib_ablate_row: one row with a part of its units replaced. */
#include "fixture.h"

#include <math.h>

#include "metrics/ablate.h"
#include "meter.h"

/* -- how many units a fraction is */

static void a_quotient_counts_as_what_was_meant(void **state) {
  (void)state;
  for (int64_t units = 1; units <= 400; units++)
    for (int64_t m = 0; m <= units; m++) {
      const double fraction = (double)m / (double)units;
      assert_int_equal(attrib__fraction_count(fraction, units), m);
      if (m > 0) assert_int_equal(attrib__fraction_count(nextafter(fraction, 0), units), m - 1);
    }
}

static void decimals_round_down_in_whole_numbers(void **state) {
  (void)state;
  static const double tenths[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
  for (int64_t units = 1; units <= 3000; units++)
    for (int64_t i = 0; i <= 10; i++) assert_int_equal(attrib__fraction_count(tenths[i], units), i * units / 10);
  assert_int_equal(attrib__fraction_count(0.3, 10), 3);    /* the double 0.3 is below 3 / 10 */
  assert_int_equal(attrib__fraction_count(0.29, 100), 29); /* 0.29 * 100 is below 29 in doubles */
  assert_int_equal(attrib__fraction_count(0.999999999, INT64_C(1) << 52), INT64_C(4503599622866896));
}

/* -- the row */

static const double input[4] = {1, 2, 3, 4}, scores[4] = {5, 2, 6, 4}, zeros[4];

static void expect_row(const attrib_ablate_options *options, double fraction, const double expected[4]) {
  double *row = untouched(4);
  assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 4, input, scores, zeros, fraction, options, row), ATTRIB_OK);
  assert_memory_equal(row, expected, 4 * sizeof *row);
  free(row);
}

static void exact_rows(void **state) {
  (void)state;
  attrib_ablate_options options = {.struct_size = sizeof options};
  expect_row(NULL, 0.5, (double[]){0, 2, 0, 4});
  expect_row(NULL, 0.49, (double[]){1, 2, 0, 4});
  expect_row(NULL, 0, input);
  expect_row(NULL, 1, zeros);
  options.part = ATTRIB_ABLATE_KEEP_FIRST;
  expect_row(&options, 0.5, (double[]){1, 0, 3, 0});
  expect_row(&options, 0, zeros);
  expect_row(&options, 1, input);
  options.flags = ATTRIB_METRIC_LOWEST_FIRST;
  expect_row(&options, 0.25, (double[]){0, 2, 0, 0});
  options.part = ATTRIB_ABLATE_REPLACE_FIRST;
  expect_row(&options, 0.25, (double[]){1, 0, 3, 4});
}

/* Plain loops: the unit that comes first is looked for again and again. */
typedef struct problem {
  int64_t n, units, count; /* count: that come first */
  int64_t unit[24];
  uint32_t flags, part;
  double input[24], replacement[24], scores[24];
} problem;

static void plain_row(const problem *p, double *row) {
  double sums[24] = {0};
  bool first[24] = {false};
  for (int64_t i = 0; i < p->n; i++)
    if ((p->flags & ATTRIB_METRIC_UNIT_SCORES) == 0) sums[p->unit[i]] += p->scores[i];
  for (int64_t u = 0; u < p->units; u++) {
    if ((p->flags & ATTRIB_METRIC_UNIT_SCORES) != 0) sums[u] = p->scores[u];
    if ((p->flags & ATTRIB_METRIC_ABSOLUTE) != 0) sums[u] = fabs(sums[u]);
  }
  for (int64_t k = 0; k < p->count; k++) {
    int64_t best = -1;
    for (int64_t u = 0; u < p->units; u++) {
      if (first[u]) continue;
      const bool lower = (p->flags & ATTRIB_METRIC_LOWEST_FIRST) != 0;
      if (best < 0 || (lower ? sums[u] < sums[best] : sums[u] > sums[best])) best = u;
    }
    first[best] = true;
  }
  for (int64_t i = 0; i < p->n; i++) {
    const bool replaced = first[p->unit[i]] == (p->part == ATTRIB_ABLATE_REPLACE_FIRST);
    row[i] = replaced ? p->replacement[i] : p->input[i];
  }
}

static void check_problem(const problem *p, uint32_t dtype, const attrib_ablate_options *options, bool in_place) {
  double expected[24];
  const size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  void *from = exact_block((size_t)p->n * size), *by = exact_block((size_t)p->n * size);
  void *row = in_place ? from : exact_block((size_t)p->n * size);
  const int64_t given = (p->flags & ATTRIB_METRIC_UNIT_SCORES) != 0 ? p->units : p->n;
  double *map = exact_copy(p->scores, (size_t)given * sizeof *map);
  for (int64_t i = 0; i < p->n; i++) {
    if (dtype == ATTRIB_F32) ((float *)from)[i] = (float)p->input[i], ((float *)by)[i] = (float)p->replacement[i];
    if (dtype == ATTRIB_F64) ((double *)from)[i] = p->input[i], ((double *)by)[i] = p->replacement[i];
  }
  const double fraction = (double)p->count / (double)p->units;
  assert_int_equal(attrib_ablate_row(NULL, dtype, p->n, from, map, by, fraction, options, row), ATTRIB_OK);
  plain_row(p, expected);
  for (int64_t i = 0; i < p->n; i++) {
    if (dtype == ATTRIB_F32) assert_true(((float *)row)[i] == (float)expected[i]);
    if (dtype == ATTRIB_F64) assert_true(((double *)row)[i] == expected[i]);
  }
  if (!in_place) free(row);
  free(from);
  free(by);
  free(map);
}

enum { ELEMENTS, PIXELS_HWC, PIXELS_CHW, GROUPS, KINDS };

static void as_plain_loops(void **state) {
  (void)state;
  static const int32_t groups[24] = {2, 2, 0, 5, 5, 1, 1, 1, 0, 2, 4, 4,
                                     4, 5, 0, 0, 1, 2, 2, 4, 5, 5, 1, 0}; /* 3: none */
  attrib_image shape = {.struct_size = sizeof shape, .width = 4, .height = 2, .channels = 3};
  uint64_t seed = 5;
  for (int kind = 0; kind < KINDS; kind++)
    for (uint32_t bits = 0; bits < 16; bits++) {
      attrib_ablate_options options = {.struct_size = sizeof options};
      problem p = {.n = 24, .units = kind == ELEMENTS ? 24 : kind == GROUPS ? 6 : 8};
      for (int64_t i = 0; i < 24; i++)
        p.unit[i] = kind == ELEMENTS ? i : kind == GROUPS ? groups[i] : kind == PIXELS_HWC ? i / 3 : i % 8;
      p.flags = (bits & 1 ? ATTRIB_METRIC_ABSOLUTE : 0) | (bits & 2 ? ATTRIB_METRIC_UNIT_SCORES : 0) |
                (bits & 4 ? ATTRIB_METRIC_LOWEST_FIRST : 0);
      options.flags = p.flags;
      options.part = p.part = bits & 8 ? ATTRIB_ABLATE_KEEP_FIRST : ATTRIB_ABLATE_REPLACE_FIRST;
      if (kind == GROUPS) options.n_groups = 6, options.groups = groups;
      shape.x_stride = kind == PIXELS_CHW ? 1 : 3;
      shape.y_stride = kind == PIXELS_CHW ? 4 : 12;
      shape.channel_stride = kind == PIXELS_CHW ? 8 : 1;
      if (kind != ELEMENTS) options.shape = &shape; /* beside groups it changes nothing */
      for (p.count = 0; p.count <= p.units; p.count++) {
        fill_random(seed++, p.input, 24);
        fill_random(seed++, p.replacement, 24);
        fill_random(seed++, p.scores, 24);
        for (int64_t i = 0; i < 24; i++) p.scores[i] = floor(2 * p.scores[i]); /* full of ties */
        check_problem(&p, p.count % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64, &options, p.count % 3 == 0);
      }
    }
}

static void an_increasing_transform_changes_nothing(void **state) {
  (void)state;
  double in[40], map[40], other[40], zero[40] = {0}, row[40], again[40];
  fill_random(3, in, 40);
  fill_random(4, map, 40);
  for (int i = 0; i < 40; i++) other[i] = 7 + 3 * map[i] * map[i] * map[i];
  for (int k = 0; k <= 40; k++) {
    assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 40, in, map, zero, k / 40.0, NULL, row), ATTRIB_OK);
    assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 40, in, other, zero, k / 40.0, NULL, again), ATTRIB_OK);
    assert_memory_equal(row, again, sizeof row);
  }
}

static void ties_go_by_number(void **state) {
  (void)state;
  const double flat[4] = {0.0, -0.0, 0.0, -0.0};
  double row[4], one = 3, by = 8;
  attrib_ablate_options lowest = {.struct_size = sizeof lowest, .flags = ATTRIB_METRIC_LOWEST_FIRST};
  for (int i = 0; i < 2; i++) {
    assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 4, input, flat, zeros, 0.5, i == 0 ? NULL : &lowest, row),
                     ATTRIB_OK);
    assert_memory_equal(row, ((double[]){0, 0, 3, 4}), sizeof row);
  }
  assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 1, &one, &one, &by, 0.99, NULL, row), ATTRIB_OK);
  assert_true(row[0] == 3);
  assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, 1, &one, &one, &by, 1, NULL, row), ATTRIB_OK);
  assert_true(row[0] == 8);
}

/* -- what is refused */

static attrib_context *context;
static const double bad_row[4] = {1, 2, NAN, 4}, huge[4] = {1e308, 1e308, 1, 1};
static const int32_t in_two[4] = {0, 0, 1, 1}, out_of_range[4] = {0, 0, 1, 2};
static const attrib_image too_small = {.struct_size = sizeof too_small, .width = 3, .height = 1, .channels = 1};
static const struct refusal {
  uint32_t dtype;
  int64_t n;
  const void *input, *scores, *replacement;
  double fraction;
  attrib_ablate_options options;
  attrib_status status;
  const char *message;
} refusals[] = {
    {3, 4, input, scores, zeros, 0, {0}, ATTRIB_E_ARGUMENT, "dtype = 3"},
    {ATTRIB_F64, 0, input, scores, zeros, 0, {0}, ATTRIB_E_ARGUMENT, "n_inputs = 0"},
    {ATTRIB_F64, INT64_MAX / 2, input, scores, zeros, 0, {0}, ATTRIB_E_OVERFLOW, "does not fit"},
    {ATTRIB_F64, 4, NULL, scores, zeros, 0, {0}, ATTRIB_E_ARGUMENT, "input is NULL"},
    {ATTRIB_F64, 4, input, NULL, zeros, 0, {0}, ATTRIB_E_ARGUMENT, "scores is NULL"},
    {ATTRIB_F64, 4, input, scores, NULL, 0, {0}, ATTRIB_E_ARGUMENT, "replacement is NULL"},
    {ATTRIB_F64, 4, bad_row, scores, zeros, 0, {0}, ATTRIB_E_NONFINITE, "input[2] = nan"},
    {ATTRIB_F64, 4, input, bad_row, zeros, 0, {0}, ATTRIB_E_NONFINITE, "scores[2] = nan"},
    {ATTRIB_F64, 4, input, scores, bad_row, 0, {0}, ATTRIB_E_NONFINITE, "replacement[2] = nan"},
    {ATTRIB_F64, 4, input, scores, zeros, -0.1, {0}, ATTRIB_E_ARGUMENT, "fraction = -0.1"},
    {ATTRIB_F64, 4, input, scores, zeros, 1.5, {0}, ATTRIB_E_ARGUMENT, "fraction = 1.5"},
    {ATTRIB_F64, 4, input, scores, zeros, NAN, {0}, ATTRIB_E_ARGUMENT, "fraction = nan"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.part = 2}, ATTRIB_E_ARGUMENT, "options->part = 2"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.reserved0 = 1}, ATTRIB_E_UNSUPPORTED, "options->reserved0"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.flags = ATTRIB_METRIC_RANDOM}, ATTRIB_E_ARGUMENT, "RANDOM"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.flags = ATTRIB_METRIC_SOFTMAX}, ATTRIB_E_ARGUMENT, "SOFTMAX"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.flags = 1 << 20}, ATTRIB_E_UNSUPPORTED, "0x100000"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.shape = &too_small}, ATTRIB_E_ARGUMENT, "options->shape"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.n_groups = 2}, ATTRIB_E_ARGUMENT, "n_groups"},
    {ATTRIB_F64, 4, input, scores, zeros, 0, {.n_groups = 2, .groups = out_of_range}, ATTRIB_E_ARGUMENT, "groups[3]"},
    {ATTRIB_F64,
     4,
     input,
     huge,
     zeros,
     0,
     {.n_groups = 2, .groups = in_two},
     ATTRIB_E_OVERFLOW,
     "scores: their sum overflows"},
};

static void refused(void **state) {
  (void)state;
  context = new_context(1, 0);
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const struct refusal *r = &refusals[i];
    attrib_ablate_options options = r->options;
    options.struct_size = sizeof options;
    double *row = untouched(4);
    assert_int_equal(
        attrib_ablate_row(context, r->dtype, r->n, r->input, r->scores, r->replacement, r->fraction, &options, row),
        r->status);
    if (strstr(attrib_context_error(context), r->message) == NULL)
      fail_msg("%s: no '%s'", attrib_context_error(context), r->message);
    assert_true(is_untouched(row, 4));
    free(row);
  }
  assert_int_equal(attrib_ablate_row(context, ATTRIB_F64, 4, input, scores, zeros, 0, NULL, NULL), ATTRIB_E_ARGUMENT);
  assert_string_equal(attrib_context_error(context), "row is NULL");
  attrib_context_destroy(context);
}

static void one_allocation_and_none_in_a_repeat(void **state) {
  (void)state;
  double row[4];
  meter m;
  meter_start(&m);
  attrib_context *metered = meter_context(&m, 1, 0, NULL);
  m.fail_at = m.allocations;
  assert_int_equal(attrib_ablate_row(metered, ATTRIB_F64, 4, input, scores, zeros, 0.5, NULL, row), ATTRIB_E_MEMORY);
  assert_non_null(strstr(attrib_context_error(metered), "bytes"));
  m.fail_at = -1;
  assert_int_equal(attrib_ablate_row(metered, ATTRIB_F64, 4, input, scores, zeros, 0.5, NULL, row), ATTRIB_OK);
  const int64_t allocations = m.allocations;
  assert_int_equal(attrib_ablate_row(metered, ATTRIB_F64, 4, input, scores, zeros, 0.5, NULL, row), ATTRIB_OK);
  assert_int_equal(m.allocations, allocations);
  attrib_context_destroy(metered);
  meter_finish(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quotient_counts_as_what_was_meant),
      cmocka_unit_test(decimals_round_down_in_whole_numbers),
      cmocka_unit_test(exact_rows),
      cmocka_unit_test(as_plain_loops),
      cmocka_unit_test(an_increasing_transform_changes_nothing),
      cmocka_unit_test(ties_go_by_number),
      cmocka_unit_test(refused),
      cmocka_unit_test(one_allocation_and_none_in_a_repeat),
  };
  return cmocka_run_group_tests_name("ablate_row", tests, NULL, NULL);
}
