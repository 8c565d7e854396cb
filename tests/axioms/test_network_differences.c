/* The bundled network without gradients, over 8 x 8 regions of 8 x 8 pixels: what central differences make of it
 * differs from the grouped gradient result of the same network, rule and nodes by no more than the report says. */
#include "../unit/fixture.h"

#include "bundled_group.h"

enum { SIDE = 64, CELL = 8, GRID = SIDE / CELL, GROUPS = GRID * GRID, BASES = 4 };

static int32_t groups[BUNDLED_N];

/* Black, grey, white, and a training picture. */
static attrib_baselines base_of(int which, float *row) {
  if (which == 3) return bundled_baselines(&b, 1);
  for (int64_t i = 0; i < BUNDLED_N; i++) row[i] = (float)which / 2;
  return one_baseline(row);
}

static double distance_to(const double *x, const double *y) {
  double sum = 0;
  for (int g = 0; g < GROUPS; g++) sum += (x[g] - y[g]) * (x[g] - y[g]);
  return sqrt(sum);
}

static void compare(int picture, uint32_t score, int base, int64_t points) {
  static const double zeros[GROUPS];
  const bundled_picture *p = &b.pictures[picture];
  float *row = exact_block(BUNDLED_N * sizeof *row);
  double with[GROUPS], without[GROUPS];
  attrib_model model = bundled_model(&b, score);
  const attrib_baselines set = base_of(base, row);
  const attrib_ig_options options = {
      .struct_size = sizeof options, .points = points, .n_groups = GROUPS, .groups = groups};
  attrib_report report = {.struct_size = sizeof report};
  assert_status(attrib_integrated_gradients(b.context, &model, p->image.pixels, p->target, &set, &options, with, NULL),
                ATTRIB_OK, b.context);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  assert_status(
      attrib_integrated_gradients(b.context, &model, p->image.pixels, p->target, &set, &options, without, &report),
      ATTRIB_OK, b.context);
  const double error = distance_to(with, without) / distance_to(without, zeros);
  const double said = report.truncation_error + report.roundoff_error;
  print_message("%s, score %u, base %d, %d points: %.2g apart, %.2g said\n", p->name, score, base, (int)points, error,
                said);
  assert_true(error <= said);
  assert_true(said < 0.15); /* and says something */
  assert_true(report.evaluations == 0 && report.difference_nodes >= points);
  free(row);
}

static void within_the_stated_errors(void **state) {
  (void)state;
  for (int64_t i = 0; i < BUNDLED_N; i++) {
    const int64_t pixel = i % (SIDE * SIDE);
    groups[i] = (int32_t)(pixel / SIDE / CELL * GRID + pixel % SIDE / CELL);
  }
  for (int base = 0; base < BASES; base++) {
    compare(base, SMALL_NET_LOGIT, base, 10);
    compare(4 + base, SMALL_NET_PROBABILITY, base, 10);
  }
  compare(9, SMALL_NET_LOGIT, 0, 50);
  compare(8, SMALL_NET_LOGIT, 2, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(within_the_stated_errors)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
