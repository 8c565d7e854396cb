/* test_guided_path.c - moves of guided integrated gradients of many features that go one after the other. Moves in
 * general: test_guided.c, against plain loops. */
#include "fixture.h"

#include "methods/guided_path.h"

static attrib__guided_path make_path(int64_t n, int64_t steps) {
  const size_t size = (size_t)n * sizeof(double);
  return (attrib__guided_path){.n = n,
                               .steps = steps,
                               .fraction = 1e-9,
                               .max_distance = 1,
                               .alphas = exact_block(size),
                               .lengths = exact_block(size),
                               .sizes = exact_block(size),
                               .sorted = exact_block(size),
                               .scratch = exact_block(size)};
}

static void free_path(attrib__guided_path *path) {
  free(path->alphas);
  free(path->lengths);
  free(path->sizes);
  free(path->sorted);
  free(path->scratch);
}

/* Feature i has the turn (i * PRIME) mod n: all are different, for the prime divides no n of these tests. */
enum { PRIME = 7919 };

static int64_t turn_of(int64_t i, int64_t n) {
  return i * PRIME % n;
}

static void begin(attrib__guided_path *path) {
  for (int64_t i = 0; i < path->n; i++) path->lengths[i] = i % 2 == 0 ? 1 : -1;
  attrib__guided_begin(path);
}

static void advance(attrib__guided_path *path, int64_t s) {
  for (int64_t i = 0; i < path->n; i++) path->sizes[i] = (double)turn_of(i, path->n) * (i % 3 == 0 ? -1 : 1);
  attrib__guided_advance(path, s);
}

/* Of equal lengths and one feature a turn, point s has the first n s / steps of them at the input, one on its way, and
 * the others at the baseline. */
static void one_after_the_other(void **state) {
  (void)state;
  static const int64_t counts[] = {1, 2, 3, 10, 1000, 40000};
  for (int c = 0; c < 6; c++)
    for (int64_t steps = 1; steps <= 12; steps += 3) {
      const int64_t n = counts[c];
      attrib__guided_path path = make_path(n, steps);
      begin(&path);
      for (int64_t s = 1; s <= steps; s++) {
        advance(&path, s);
        for (int64_t i = 0; i < n; i++) {
          const double ahead = (double)n * (double)s / (double)steps - (double)turn_of(i, n);
          const double expected = fmin(fmax(ahead, 0), 1);
          const bool whole = fabs(ahead - round(ahead)) > 1e-6 && expected == floor(expected);
          if (whole) assert_true(path.alphas[i] == expected);
          assert_near(path.alphas[i], expected, 1e-9, (double)n);
        }
      }
      free_path(&path);
    }
}

/* Features with one and the same gradient go together, whatever the fraction is. */
static void ties_go_together(void **state) {
  (void)state;
  enum { N = 12 };
  attrib__guided_path path = make_path(N, 4);
  begin(&path);
  for (int64_t s = 1; s <= 4; s++) {
    for (int64_t i = 0; i < N; i++) path.sizes[i] = i < 5 ? 1 : i < 9 ? -2 : 3;
    attrib__guided_advance(&path, s);
    for (int64_t i = 0; i < N; i++) {
      const double ahead = 3 * (double)s, expected = i < 5 ? ahead / 5 : i < 9 ? (ahead - 5) / 4 : (ahead - 9) / 3;
      assert_near(path.alphas[i], fmin(fmax(expected, 0), 1), ROUND_OFF, 1);
    }
  }
  free_path(&path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_after_the_other),
      cmocka_unit_test(ties_go_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
