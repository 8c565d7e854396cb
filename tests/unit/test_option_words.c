/* Messages of the library in the words of a command line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "option_words.h"

static void expect(const char *text, const char *expected) {
  const size_t size = strlen(text) + 1;
  char *own = malloc(size); /* of the exact size */
  assert_non_null(own);
  memcpy(own, text, size);
  assert_ptr_equal(option_words(own), own);
  assert_string_equal(own, expected);
  free(own);
}

static void test_words(void **state) {
  (void)state;
  expect("", "");
  expect("out of memory", "out of memory");
  expect(
      "the error estimate 0.0058 is above options->tolerance = 0.001, and options->max_evaluations = 256 is too small",
      "the error estimate 0.0058 is above --tolerance = 0.001, and --max-evaluations = 256 is too small");
  expect("options->max_evaluations = 3: ATTRIB_RULE_ADAPTIVE begins with 41 rows",
         "--max-evaluations = 3: --rule adaptive begins with 41 rows");
  expect("options->steps = -1", "--points = -1");
  expect("give options->width", "give --width");
  expect("options->mean[2] = nan", "--mean[2] = nan");
  expect("options->width", "--width");
}

/* A field that another one begins with is another one, and what no option sets stays. */
static void test_others(void **state) {
  (void)state;
  static const char *const same[] = {
      "options->sigma_low = 0", "options->max_sigmas = 9", "options->point_factor", "suboptions->points", "options->",
      "options->poin",          "options->classes[1]",     "ATTRIB_RULE_LEFTMOST",  "report->points"};
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) expect(same[i], same[i]);
  expect("options->max_sigma = 0", "--sigma = 0");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_words), cmocka_unit_test(test_others)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
