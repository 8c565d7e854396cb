/* test_philox.c - the generator against its published answers, and the mapping to uniforms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random/philox.h"

static void philox_gives_the_known_answers(void **state) {
  (void)state;
  FILE *file = fopen(ATTRIB_GOLDEN_DIR "/philox4x32_kat.txt", "r");
  assert_non_null(file);
  char line[256];
  int checked = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    uint32_t word[10], out[4];
    if (line[0] == '#') continue;
    char *at = line;
    for (int i = 0; i < 10; i++) {
      char *end;
      word[i] = (uint32_t)strtoul(at, &end, 16);
      assert_ptr_not_equal(at, end);
      at = end;
    }
    attrib__philox(word, word + 4, out);
    assert_memory_equal(out, word + 6, sizeof out);
    checked++;
  }
  fclose(file);
  assert_int_equal(checked, 3);
}

/* What philox.h and the header of the noise promise: block i / 2, stream, index in the counter; seed in the key. */
static double element(uint64_t seed, uint32_t stream, uint64_t index, int64_t i) {
  const uint32_t key[2] = {(uint32_t)(seed & 0xffffffff), (uint32_t)(seed >> 32)};
  const uint32_t counter[4] = {(uint32_t)(i / 2), stream, (uint32_t)(index & 0xffffffff), (uint32_t)(index >> 32)};
  uint32_t out[4];
  attrib__philox(counter, key, out);
  uint64_t word = out[i % 2 * 2] + ((uint64_t)out[i % 2 * 2 + 1] << 32);
  return ((double)(word >> 12) + 0.5) / 4503599627370496.0; /* 2^52 */
}

static void uniforms_follow_the_stated_layout(void **state) {
  (void)state;
  const uint64_t seed = UINT64_C(0x0123456789abcdef), index = UINT64_C(0xfedcba9876543210);
  double u[7];
  attrib__random_uniforms(seed, 5, index, 0, 7, u);
  for (int i = 0; i < 7; i++) assert_true(u[i] == element(seed, 5, index, i));
  const int64_t last = ATTRIB__RANDOM_ELEMENTS - 5;
  attrib__random_uniforms(seed, 5, index, last, 5, u);
  for (int i = 0; i < 5; i++) assert_true(u[i] == element(seed, 5, index, last + i));
}

static void ranges_give_the_same_bits_however_split(void **state) {
  (void)state;
  enum { N = 1031 };
  double *whole = malloc(N * sizeof *whole);
  attrib__random_uniforms(99, 1, 3, 0, N, whole);
  for (int64_t begin = 0; begin < N; begin += 7) {
    for (int64_t n = 0; n <= 5 && begin + n <= N; n++) {
      double *part = malloc((size_t)(n + 1) * sizeof *part);
      part[n] = -1;
      attrib__random_uniforms(99, 1, 3, begin, n, part);
      assert_memory_equal(part, whole + begin, (size_t)n * sizeof *part);
      assert_true(part[n] == -1);
      free(part);
    }
  }
  free(whole);
}

static void every_part_of_the_address_matters(void **state) {
  (void)state;
  const uint64_t high = UINT64_C(1) << 32;
  double base[4], other[4];
  attrib__random_uniforms(1, 1, 1, 0, 4, base);
  const struct {
    uint64_t seed;
    uint32_t stream;
    uint64_t index;
    int64_t begin;
  } changed[] = {{2, 1, 1, 0}, {1 + high, 1, 1, 0}, {1, 2, 1, 0}, {1, 1, 2, 0}, {1, 1, 1 + high, 0}, {1, 1, 1, 4}};
  for (size_t k = 0; k < sizeof changed / sizeof changed[0]; k++) {
    attrib__random_uniforms(changed[k].seed, changed[k].stream, changed[k].index, changed[k].begin, 4, other);
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) assert_true(base[i] != other[j]);
  }
}

/* N draws in cells of equal width: chi-square with CELLS - 1 degrees of freedom is within 5 standard deviations of its
 * mean. */
static void uniforms_are_uniform_and_inside_the_open_interval(void **state) {
  (void)state;
  enum { N = 1 << 20, CELLS = 256 };
  double *u = malloc(N * sizeof *u);
  int64_t *cell = calloc(CELLS, sizeof *cell);
  attrib__random_uniforms(2024, 1, 0, 0, N, u);
  double mean = 0, lag = 0;
  for (int i = 0; i < N; i++) {
    assert_true(u[i] > 0 && u[i] < 1);
    assert_true(1 - (1 - u[i]) == u[i]); /* 1 - u is exact */
    cell[(int)(u[i] * CELLS)]++;
    mean += u[i] / N;
    if (i > 0) lag += (u[i] - 0.5) * (u[i - 1] - 0.5);
  }
  double chi = 0, expected = (double)N / CELLS;
  for (int i = 0; i < CELLS; i++) chi += pow((double)cell[i] - expected, 2) / expected;
  assert_true(fabs(chi - (CELLS - 1)) < 5 * sqrt(2.0 * (CELLS - 1)));
  assert_true(fabs(mean - 0.5) < 5 * sqrt(1 / 12.0 / N));
  assert_true(fabs(lag) < 5 * sqrt((double)N) / 12);
  free(cell);
  free(u);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(philox_gives_the_known_answers),
      cmocka_unit_test(uniforms_follow_the_stated_layout),
      cmocka_unit_test(ranges_give_the_same_bits_however_split),
      cmocka_unit_test(every_part_of_the_address_matters),
      cmocka_unit_test(uniforms_are_uniform_and_inside_the_open_interval),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
