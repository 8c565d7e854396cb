/* test_localise.c - a map held against a mask: hand values, ties, and what does not exist. */
#include "fixture.h"

#include "meter.h"

static attrib_localisation localise(int64_t count, const double *map, const uint8_t *mask,
                                    const attrib_localisation_options *options, attrib_status expected) {
  attrib_context *context = new_context(1, 0);
  double *values = exact_copy(map, (size_t)count * sizeof *map);
  uint8_t *inside = exact_copy(mask, (size_t)count);
  attrib_localisation found = {.struct_size = sizeof found};
  assert_status(attrib_localise(context, count, values, inside, options, &found), expected, context);
  assert_int_equal(found.filled_size, sizeof found);
  assert_true((attrib_context_error(context)[0] == '\0') == (expected == ATTRIB_OK));
  free(values);
  free(inside);
  attrib_context_destroy(context);
  return found;
}

/* Positive 4 + 2 + 2 of which 6 inside; sizes 13 of which 6 inside; first two {0, 2} against {0, 4}. */
static void by_hand(void **state) {
  (void)state;
  const double map[] = {4, -5, 2, 0, 2};
  const uint8_t mask[] = {1, 0, 0, 0, 255};
  attrib_localisation_options o = {.struct_size = sizeof o};
  attrib_localisation found = localise(5, map, mask, NULL, ATTRIB_OK);
  assert_true(found.hit == 1 && found.largest == 0 && found.mask_count == 2 && found.mask_share == 0.4);
  assert_true(found.positive_inside == 0.75 && found.intersection_union == 1.0 / 3);
  assert_near(found.absolute_inside, 6.0 / 13, ROUND_OFF, 1);
  o.flags = ATTRIB_METRIC_ABSOLUTE; /* {1, 0} against {0, 4} */
  const attrib_localisation sizes = localise(5, map, mask, &o, ATTRIB_OK);
  assert_true(sizes.hit == 0 && sizes.largest == 1 && sizes.intersection_union == 1.0 / 3);
  assert_same_bits(&sizes.positive_inside, &found.positive_inside, 2);
  assert_int_equal(sizes.reserved, 0);
}

static void ties_go_to_the_first(void **state) {
  (void)state;
  const double map[] = {1, 7, 7, 7};
  const uint8_t second[] = {0, 1, 0, 0}, last[] = {0, 0, 0, 1}, both[] = {0, 1, 0, 1};
  attrib_localisation found = localise(4, map, second, NULL, ATTRIB_OK);
  assert_true(found.hit == 1 && found.intersection_union == 1);
  found = localise(4, map, last, NULL, ATTRIB_OK);
  assert_true(found.hit == 0 && found.largest == 1 && found.intersection_union == 0);
  assert_true(localise(4, map, both, NULL, ATTRIB_OK).intersection_union == 1.0 / 3);
  const double flat[] = {3, 3, 3, 3};
  found = localise(4, flat, second, NULL, ATTRIB_OK);
  assert_true(found.hit == 0 && found.positive_inside == 0.25 && found.mask_share == 0.25);
}

/* The largest at (0, 0), the mask at (2, 1): sqrt(5) away. */
static void within_a_tolerance(void **state) {
  (void)state;
  const double map[] = {9, 0, 0, 0, 0, 1};
  const uint8_t mask[] = {0, 0, 0, 0, 0, 1};
  attrib_localisation_options o = {.struct_size = sizeof o, .width = 3};
  assert_int_equal(localise(6, map, mask, &o, ATTRIB_OK).hit, 0);
  o.tolerance = 2.2;
  assert_int_equal(localise(6, map, mask, &o, ATTRIB_OK).hit, 0);
  o.tolerance = 2.25;
  assert_int_equal(localise(6, map, mask, &o, ATTRIB_OK).hit, 1);
  o.width = 6; /* a row: 5 away */
  assert_int_equal(localise(6, map, mask, &o, ATTRIB_OK).hit, 0);
  o.tolerance = 5;
  assert_int_equal(localise(6, map, mask, &o, ATTRIB_OK).hit, 1);
}

static void what_does_not_exist(void **state) {
  (void)state;
  const double map[] = {1, 2}, zeros[] = {0, -0.0}, negative[] = {-1, -3};
  const uint8_t empty[] = {0, 0}, full[] = {1, 2}, half[] = {1, 0};
  const struct {
    const double *map;
    const uint8_t *mask;
    double share;
  } cases[] = {{map, empty, 0}, {map, full, 1}, {zeros, half, 0.5}};
  for (int k = 0; k < COUNT(cases); k++) {
    const attrib_localisation found = localise(2, cases[k].map, cases[k].mask, NULL, ATTRIB_UNDEFINED);
    assert_true(found.hit == -1 && found.largest == -1 && found.mask_share == cases[k].share);
    assert_true(isnan(found.positive_inside) && isnan(found.absolute_inside) && isnan(found.intersection_union));
  }
  const attrib_localisation found = localise(2, negative, half, NULL, ATTRIB_UNDEFINED);
  assert_true(found.hit == 1 && isnan(found.positive_inside) && found.absolute_inside == 0.25);
  assert_true(found.intersection_union == 1);
}

static void refuse(attrib_context *context, int64_t count, const double *map, const uint8_t *mask,
                   const attrib_localisation_options *o, attrib_status status, const char *names) {
  attrib_localisation found, before;
  memset(&found, 0x5a, sizeof found);
  found.struct_size = sizeof found;
  before = found;
  assert_status(attrib_localise(context, count, map, mask, o, &found), status, context);
  assert_names(attrib_context_error(context), names);
  assert_memory_equal(&found, &before, sizeof found);
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  const double map[] = {1, 2, 3, 4}, bad[] = {0, INFINITY, 0, 0}, huge[] = {DBL_MAX, DBL_MAX, 0, 0};
  const uint8_t mask[] = {1, 0, 0, 0};
  attrib_context *context = new_context(1, 0);
  attrib_localisation_options o = {.struct_size = sizeof o};
  refuse(context, 0, map, mask, &o, ATTRIB_E_ARGUMENT, "count = 0");
  refuse(context, INT64_MAX / 2, map, mask, &o, ATTRIB_E_OVERFLOW, "count = ");
  refuse(context, 4, NULL, mask, &o, ATTRIB_E_ARGUMENT, "map is NULL");
  refuse(context, 4, map, NULL, &o, ATTRIB_E_ARGUMENT, "mask is NULL");
  refuse(context, 4, bad, mask, &o, ATTRIB_E_NONFINITE, "map[1] = inf");
  refuse(context, 4, huge, mask, &o, ATTRIB_E_OVERFLOW, "overflows");
  o.flags = ATTRIB_METRIC_RANDOM;
  refuse(context, 4, map, mask, &o, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_RANDOM");
  o.flags = 0x100;
  refuse(context, 4, map, mask, &o, ATTRIB_E_UNSUPPORTED, "options->flags = 0x100");
  o.flags = 0, o.width = 3;
  refuse(context, 4, map, mask, &o, ATTRIB_E_ARGUMENT, "options->width = 3");
  o.width = -2;
  refuse(context, 4, map, mask, &o, ATTRIB_E_ARGUMENT, "options->width = -2");
  o.width = 0, o.tolerance = 1;
  refuse(context, 4, map, mask, &o, ATTRIB_E_ARGUMENT, "options->tolerance = 1: must be 0");
  o.width = 2, o.tolerance = NAN;
  refuse(context, 4, map, mask, &o, ATTRIB_E_ARGUMENT, "options->tolerance = ");
  assert_status(attrib_localise(context, 4, map, mask, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "localisation is NULL");
  attrib_context_destroy(context);
}

static void memory_runs_out(void **state) {
  (void)state;
  const double map[] = {1, 2};
  const uint8_t mask[] = {1, 0};
  attrib_localisation found = {.struct_size = sizeof found};
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  m.fail_at = m.allocations;
  assert_status(attrib_localise(context, 2, map, mask, NULL, &found), ATTRIB_E_MEMORY, context);
  m.fail_at = -1;
  assert_status(attrib_localise(context, 2, map, mask, NULL, &found), ATTRIB_OK, context);
  attrib_context_destroy(context);
  meter_finish(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(ties_go_to_the_first),
      cmocka_unit_test(within_a_tolerance),
      cmocka_unit_test(what_does_not_exist),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
