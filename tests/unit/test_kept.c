/* Values kept and dropped by their sign, in ranges, and what is made of them. */
#include "methods/kept.h"

#include "fixture.h"

enum { N = 1500 };

/* A kept on memory of its very size. */
typedef struct owned {
  attrib__kept kept;
  void *memory;
} owned;

static void make(owned *o, int64_t count, bool strict, bool squared, bool undivided) {
  o->kept = (attrib__kept){
      .strict = strict, .squared = squared, .undivided = undivided, .unit = 1, .kind = "input", .count = count};
  attrib__arena arena = {0};
  attrib__kept_layout(&o->kept, &arena);
  assert_false(arena.overflow);
  assert_int_equal(arena.used, 4 * (((size_t)count * 8 + 63) / 64 * 64));
  o->memory = arena.memory = exact_block(arena.used);
  memset(o->memory, 0xa5, arena.used);
  arena.used = 0;
  attrib__kept_layout(&o->kept, &arena);
  attrib__kept_clear(&o->kept);
}

static void by_sign(void **state) {
  (void)state;
  const double values[8] = {2, -3, 0, -0.0, 0x1p-1074, -0x1p-1074, 1e300, -1e300};
  for (int variant = 0; variant < 4; variant++) {
    owned o;
    bool strict = variant & 1, squared = variant & 2;
    make(&o, 8, strict, squared, false);
    attrib__kept_take(&o.kept, 0.25, 0, 8, values);
    attrib__kept_take(&o.kept, 0.5, 0, 8, values);
    for (int i = 0; i < 8; i++) {
      double part = squared ? values[i] * values[i] : values[i], sum = 0.25 * part + 0.5 * part;
      bool keeps = i == 0 || i == 4 || i == 6 || (!strict && (i == 2 || i == 3));
      assert_true(o.kept.positive[i] == (keeps ? sum : 0) && o.kept.negative[i] == (keeps ? 0 : sum));
      assert_true(o.kept.weights[i] == (keeps ? 0.75 : 0) && o.kept.counts[i] == (keeps ? 2 : 0));
      assert_true(!(keeps ? signbit(o.kept.negative[i]) : signbit(o.kept.positive[i])));
    }
    free(o.memory);
  }
}

/* Cut into ranges of any length: the same bits. */
static void in_ranges(void **state) {
  (void)state;
  double *values = exact_block(N * sizeof *values);
  owned whole, parts;
  make(&whole, N, false, false, false);
  make(&parts, N, false, false, false);
  for (uint64_t k = 1; k <= 9; k++) {
    fill_random(k, values, N);
    double weight = 1 / (double)(k + 2);
    attrib__kept_take(&whole.kept, weight, 0, N, values);
    for (int64_t at = 0, n; at < N; at += n) {
      n = 1 + (at * 7 + (int64_t)k) % 40;
      if (n > N - at) n = N - at;
      double *exact = exact_copy(values + at, (size_t)n * sizeof *exact);
      attrib__kept_take(&parts.kept, weight, at, n, exact);
      free(exact);
    }
  }
  assert_same_bits(whole.kept.positive, parts.kept.positive, N);
  assert_same_bits(whole.kept.negative, parts.kept.negative, N);
  assert_same_bits(whole.kept.weights, parts.kept.weights, N);
  assert_memory_equal(whole.kept.counts, parts.kept.counts, N * sizeof(int64_t));
  free(whole.memory);
  free(parts.memory);
  free(values);
}

/* Of weights that do not sum to 1 in double, an entry that kept all has the share 1, and its sum for a mean; none has
 * more. */
static void shares(void **state) {
  (void)state;
  enum { TAKES = 1000, ENTRIES = 4 };
  for (int undivided = 0; undivided < 2; undivided++) {
    owned o;
    double total = 0, phi[ENTRIES], share[ENTRIES], positive[ENTRIES], negative[ENTRIES], errors[ENTRIES];
    int64_t counts[ENTRIES];
    make(&o, ENTRIES, true, false, undivided);
    for (int k = 0; k < TAKES; k++) {
      const double values[ENTRIES] = {3, k % 4 == 0 ? 1 : -1, k == TAKES - 1 ? -1 : 7, -2};
      attrib__kept_take(&o.kept, 1.0 / TAKES, 0, ENTRIES, values);
      total += 1.0 / TAKES;
    }
    assert_true(total != 1);
    attrib_report report = {
        .positive = positive, .negative = negative, .kept_weight = share, .kept = counts, .standard_errors = errors};
    assert_int_equal(attrib__kept_judge(&o.kept, NULL, total, &report), ATTRIB_OK);
    attrib__kept_write(&o.kept, total, phi, &report);
    assert_true(share[0] == 1 && share[2] < 1 && share[3] == 0);
    assert_near(share[1], 0.25, ROUND_OFF * TAKES / 16, 1);
    assert_true(phi[0] == positive[0] && phi[3] == 0 && positive[3] == 0);
    for (int e = 0; e < 3; e++) assert_true(phi[e] == (undivided ? positive[e] : positive[e] / share[e]));
    assert_near(phi[1], undivided ? 0.25 : 1, ROUND_OFF * TAKES / 16, 1);
    assert_near(negative[3], -2, ROUND_OFF * TAKES / 16, 2);
    assert_true(counts[0] == TAKES && counts[1] == TAKES / 4 && counts[2] == TAKES - 1 && counts[3] == 0);
    assert_near(report.attribution_sum, phi[0] + phi[1] + phi[2] + phi[3], ROUND_OFF, 12);
    for (int e = 0; e < ENTRIES; e++) assert_true(isnan(errors[e]));
    free(o.memory);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(by_sign), cmocka_unit_test(in_ranges), cmocka_unit_test(shares)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
