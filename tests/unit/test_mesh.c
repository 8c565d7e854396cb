/* Nodes of one path in order, the gaps between them, and which gaps are cut next. */
#include "fixture.h"

#include "quadrature/mesh.h"

/* A mesh with room for `capacity` nodes in blocks of that very size. */
static attrib__mesh new_mesh(int64_t capacity) {
  return (attrib__mesh){.nodes = exact_block((size_t)capacity * sizeof(attrib__node)),
                        .gaps = exact_block((size_t)(capacity - 1) * sizeof(attrib__panel))};
}

static void free_mesh(attrib__mesh *mesh) {
  free(mesh->nodes);
  free(mesh->gaps);
}

/* v(alpha) = (alpha^2, 3) and f its sum's integral. */
static attrib__node node_at(double alpha, int32_t vector) {
  return (attrib__node){.alpha = alpha,
                        .output = alpha * alpha * alpha / 3 + 3 * alpha,
                        .slope = alpha * alpha + 3,
                        .norm = alpha * alpha * alpha * alpha + 9,
                        .vector = vector};
}

static void expect_gap(const attrib__mesh *mesh, int64_t k) {
  const attrib__node *a = &mesh->nodes[k], *b = &mesh->nodes[k + 1];
  const attrib__panel *gap = &mesh->gaps[k];
  const double width = b->alpha - a->alpha;
  assert_true(gap->start == a->alpha && gap->width == width && gap->parts == 1 && gap->gaps == 1);
  assert_int_equal(gap->vector, a->vector);
  assert_int_equal(gap->pending, 0);
  assert_near(gap->slope, width * (a->slope + b->slope) / 2, ROUND_OFF, 4);
  assert_near(gap->norm, width * (a->norm + b->norm) / 2, ROUND_OFF, 10);
  assert_near(gap->slope_square, width * (a->slope * a->slope + b->slope * b->slope) / 2, ROUND_OFF, 16);
  assert_near(gap->rise, b->output - a->output, ROUND_OFF, 4);
}

static void nodes_are_appended(void **state) {
  (void)state;
  attrib__mesh mesh = new_mesh(4);
  static const double alphas[] = {0, 0.25, 0.75, 1};
  for (int32_t k = 0; k < 4; k++) {
    const attrib__node node = node_at(alphas[k], 10 + k);
    attrib__mesh_append(&mesh, &node);
    assert_int_equal(mesh.count, k + 1);
  }
  for (int64_t k = 0; k < 3; k++) {
    expect_gap(&mesh, k);
    assert_true(mesh.gaps[k].square == 0 && mesh.gaps[k].change == 0);
  }
  free_mesh(&mesh);
}

/* 1/16 (width^2) |change of v's slope|^2 / 3: exact for a node between two others. */
static void a_split_tells_an_error(void **state) {
  (void)state;
  double square, share;
  /* v = 1, 3, 11 in one entry: 2 and 8, product 16. */
  attrib__mesh_split(0.5, 4, 64, 16, &square, &share);
  assert_near(square, 0.25 / 16 * 36 / 3, ROUND_OFF, 1);
  assert_near(share, 4.0 / 68, ROUND_OFF, 1);
  attrib__mesh_split(0.5, 9, 9, 9, &square, &share); /* a straight line */
  assert_true(square == 0 && share == 0.5);
  attrib__mesh_split(0.5, 0, 0, 0, &square, &share); /* no change at all */
  assert_true(square == 0 && share == 0.5);
  attrib__mesh_split(0.5, 0, 25, 0, &square, &share); /* a kink at the node */
  assert_true(share == 0);
  attrib__mesh_split(0.5, 1, 1, 1 + 1e-9, &square, &share); /* round-off is no error */
  assert_true(square == 0);
}

static void a_gap_is_found(void **state) {
  (void)state;
  attrib__mesh mesh = new_mesh(6);
  static const double alphas[] = {0, 0.125, 0.25, 0.5, 0.75, 1};
  for (int32_t k = 0; k < 6; k++) {
    const attrib__node node = node_at(alphas[k], k);
    attrib__mesh_append(&mesh, &node);
    for (int64_t gap = 0; gap < k; gap++) {
      assert_int_equal(attrib__mesh_find(&mesh, (alphas[gap] + alphas[gap + 1]) / 2), gap);
      assert_int_equal(attrib__mesh_find(&mesh, alphas[gap] + 1e-12), gap);
      assert_int_equal(attrib__mesh_find(&mesh, alphas[gap + 1] - 1e-12), gap);
    }
  }
  free_mesh(&mesh);
}

/* Wherever a gap is cut, those beside it stay as they were. */
static void nodes_are_inserted(void **state) {
  (void)state;
  for (int64_t cut = 0; cut < 4; cut++) {
    attrib__mesh mesh = new_mesh(6);
    for (int32_t k = 0; k < 5; k++) {
      const attrib__node node = node_at(k / 4.0, k);
      attrib__mesh_append(&mesh, &node);
    }
    for (int64_t k = 0; k < 4; k++) mesh.gaps[k].square = (double)(k + 1);
    mesh.gaps[cut].square = 0x1p-6;
    const attrib__node node = node_at((double)cut / 4 + 0.125, 99);
    attrib__mesh_insert(&mesh, cut, &node, 4, 64, 16);
    assert_int_equal(mesh.count, 6);
    for (int64_t k = 0; k < 5; k++) expect_gap(&mesh, k);
    assert_int_equal(mesh.nodes[cut + 1].vector, 99);
    const double square = 0.0625 / 16 * 36 / 3;
    for (int64_t k = 0; k < 5; k++) {
      const attrib__panel *gap = &mesh.gaps[k];
      if (k == cut) assert_near(gap->square, square * 4 / 68, ROUND_OFF, square);
      if (k == cut) assert_true(gap->change == 4);
      if (k == cut + 1) assert_near(gap->square, square * 64 / 68, ROUND_OFF, square);
      if (k == cut + 1) assert_true(gap->change == 64);
      if (k < cut) assert_true(gap->square == (double)(k + 1));
      if (k > cut + 1) assert_true(gap->square == (double)k);
    }
    free_mesh(&mesh);
  }
}

/* A gap that was bad and turns out straight keeps a sixteenth of its error. */
static void errors_fall_no_faster_than_a_smooth_ones(void **state) {
  (void)state;
  attrib__mesh mesh = new_mesh(3);
  const attrib__node ends[] = {node_at(0, 0), node_at(1, 1)}, middle = node_at(0.5, 2);
  for (int k = 0; k < 2; k++) attrib__mesh_append(&mesh, &ends[k]);
  mesh.gaps[0].square = 32;
  attrib__mesh_insert(&mesh, 0, &middle, 1, 3, 2);
  assert_near(mesh.gaps[0].square, 0.5, ROUND_OFF, 1);
  assert_near(mesh.gaps[1].square, 1.5, ROUND_OFF, 1);
  free_mesh(&mesh);
}

/* -- choosing ----------------------------------------------------------------------------------------------------- */

/* Gaps of equal width with these errors, and nothing else in their priority. */
static attrib__panels_state make_gaps(attrib__mesh *mesh, const double *squares, int64_t gaps) {
  for (int64_t k = 0; k <= gaps; k++)
    attrib__mesh_append(mesh, &(attrib__node){.alpha = (double)k / (double)gaps, .vector = (int32_t)k});
  for (int64_t k = 0; k < gaps; k++) mesh->gaps[k].square = squares[k];
  return (attrib__panels_state){.kappa = 0};
}

static void expect_choice(const double *squares, int64_t gaps, int64_t wanted, const double *expected, int64_t count) {
  attrib__mesh mesh = new_mesh(gaps + 1);
  const attrib__panels_state state = make_gaps(&mesh, squares, gaps);
  double *alphas = untouched(wanted);
  attrib__candidate *candidates = exact_block((size_t)(gaps + wanted) * sizeof *candidates);
  assert_int_equal(attrib__mesh_choose(&mesh, &state, wanted, alphas, candidates), count);
  for (int64_t k = 0; k < count; k++)
    if (alphas[k] != expected[k]) fail_msg("[%d]: %g instead of %g", (int)k, alphas[k], expected[k]);
  assert_true(is_untouched(alphas + count, wanted - count));
  free(candidates);
  free(alphas);
  free_mesh(&mesh);
}

/* Best first; halves count an eighth each, and of equals the first in the list is taken. */
static void the_best_gaps_are_cut(void **state) {
  (void)state;
  static const double squares[] = {1, 9, 3, 0};
  expect_choice(squares, 4, 1, (double[]){0.375}, 1);
  expect_choice(squares, 4, 2, (double[]){0.375, 0.625}, 2);
  /* 9/8 beats 1: the left half of the best, then the right one. */
  expect_choice(squares, 4, 6, (double[]){0.375, 0.625, 0.3125, 0.4375, 0.125, 0.5625}, 6);
  expect_choice((const double[]){1, 1, 1, 1}, 4, 3, (double[]){0.125, 0.375, 0.625}, 3);
}

/* A gap whose parents come first, down to where nothing can be told any more. */
static void parents_come_before_children(void **state) {
  (void)state;
  expect_choice((const double[]){1}, 1, 7, (double[]){0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875}, 7);
}

static void nothing_is_cut_without_a_reason(void **state) {
  (void)state;
  expect_choice((const double[]){0, 0}, 2, 3, NULL, 0);
  expect_choice((const double[]){0, 1, 0, 0}, 4, 1, (double[]){0.375}, 1);
}

/* A gap that floats cannot halve stays whole. */
static void too_narrow_a_gap_stays(void **state) {
  (void)state;
  attrib__mesh mesh = new_mesh(3);
  const double alphas[] = {0, 0x1p-23, 1};
  for (int32_t k = 0; k < 3; k++) attrib__mesh_append(&mesh, &(attrib__node){.alpha = alphas[k], .vector = k});
  mesh.gaps[0].square = 100;
  mesh.gaps[1].square = 1;
  const attrib__panels_state known = {.kappa = 0};
  double alpha;
  attrib__candidate candidates[3];
  assert_int_equal(attrib__mesh_choose(&mesh, &known, 1, &alpha, candidates), 1);
  assert_true(alpha == (0x1p-23 + 1) / 2);
  mesh.gaps[1].square = 0;
  assert_int_equal(attrib__mesh_choose(&mesh, &known, 1, &alpha, candidates), 0);
  free_mesh(&mesh);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nodes_are_appended),
      cmocka_unit_test(a_split_tells_an_error),
      cmocka_unit_test(a_gap_is_found),
      cmocka_unit_test(nodes_are_inserted),
      cmocka_unit_test(errors_fall_no_faster_than_a_smooth_ones),
      cmocka_unit_test(the_best_gaps_are_cut),
      cmocka_unit_test(parents_come_before_children),
      cmocka_unit_test(nothing_is_cut_without_a_reason),
      cmocka_unit_test(too_narrow_a_gap_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
