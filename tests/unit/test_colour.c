/* Colours as the user writes them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "colour.h"

static void test_colours(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t length; /* of the colour; 0 = none */
    double rgb[3];
  } cases[] = {{"black", 5, {0, 0, 0}},
               {"white,black", 5, {1, 1, 1}},
               {"grey", 4, {0.5, 0.5, 0.5}},
               {"cyan,", 4, {0, 1, 1}},
               {"#ff0080", 7, {1, 0, 128 / 255.0}},
               {"#FFff00,x", 7, {1, 1, 0}},
               {"0.25,1,0", 8, {0.25, 1, 0}},
               {"0,0,0,1,1,1", 5, {0, 0, 0}},
               {"", 0, {0}},
               {",black", 0, {0}},
               {"blac", 0, {0}},
               {"blackish", 0, {0}},
               {"plaid", 0, {0}},
               {"#ff00", 0, {0}},
               {"#ff00gg", 0, {0}},
               {"#ff00800", 0, {0}},
               {"#", 0, {0}},
               {"0.5", 0, {0}},
               {"0.5,0.5", 0, {0}},
               {"0.5,0.5,", 0, {0}},
               {"0.5,0.5,1.5", 0, {0}},
               {"-0.5,0,0", 0, {0}},
               {"nan,0,0", 0, {0}},
               {"0,inf,0", 0, {0}},
               {"0,0,0x", 0, {0}},
               {"0.5;0.5;0.5", 0, {0}}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    double colour[3] = {-1, -1, -1};
    const char *end = read_colour(cases[i].text, colour);
    if ((end == NULL) != (cases[i].length == 0)) print_error("'%s'\n", cases[i].text);
    assert_int_equal(end == NULL, cases[i].length == 0);
    if (end == NULL) continue;
    assert_ptr_equal(end, cases[i].text + cases[i].length);
    for (int c = 0; c < 3; c++) assert_true(colour[c] == cases[i].rgb[c]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_colours)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
