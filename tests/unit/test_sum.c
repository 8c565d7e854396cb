/* The running sum that carries its rounding error. */
#include "fixture.h"

#include "rows/sum.h"

static double sum_of(const double *terms, int64_t n) {
  attrib__sum sum = {0};
  for (int64_t i = 0; i < n; i++) attrib__sum_add(&sum, terms[i]);
  return attrib__sum_value(&sum);
}

/* A plain sum gives 0 for the first and loses the small terms of the others, and Kahan's loses the first, too. */
static void small_terms_survive_large_ones(void **state) {
  (void)state;
  assert_true(sum_of((const double[]){1, 1e100, 1, -1e100}, 4) == 2);
  assert_true(sum_of((const double[]){1e100, 1, -1e100, 1}, 4) == 2);
  assert_true(sum_of((const double[]){1, 0x1p-53, 0x1p-53}, 3) == 1 + 0x1p-52);
  assert_true(sum_of((const double[]){1e16, 1, -1e16}, 3) == 1);
}

/* A million tenths: off by at most the rounding of the result, where a plain sum is off by 1e-6. */
static void many_terms(void **state) {
  (void)state;
  enum { TERMS = 1000000 };
  attrib__sum sum = {0};
  double plain = 0;
  for (int i = 0; i < TERMS; i++) {
    attrib__sum_add(&sum, .1);
    plain += .1;
  }
  assert_true(attrib__sum_value(&sum) == 100000);
  assert_true(fabs(plain - 100000) > 1e-7); /* the test can tell the difference */
}

static void nothing_and_one_term(void **state) {
  (void)state;
  const double tiny = 5e-324;
  assert_true(sum_of(NULL, 0) == 0);
  assert_true(sum_of(&tiny, 1) == tiny);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_terms_survive_large_ones),
      cmocka_unit_test(many_terms),
      cmocka_unit_test(nothing_and_one_term),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
