/* Which names are nearest to what was typed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "nearest_names.h"
#include "utf8.h"

/* By its definition: the least over what is done with the first byte of each. */
static size_t plain_distance(const char *a, const char *b) {
  if (*a == '\0') return strlen(b);
  if (*b == '\0') return strlen(a);
  const size_t both = plain_distance(a + 1, b + 1) + (*a != *b);
  const size_t left = plain_distance(a + 1, b) + 1, right = plain_distance(a, b + 1) + 1;
  const size_t one = left < right ? left : right;
  return both < one ? both : one;
}

static void test_distance(void **state) {
  (void)state;
  static const char *const words[] = {"", "a", "ab", "ba", "star", "stair", "tsar", "rats", "kitten", "sitting"};
  enum { COUNT = sizeof words / sizeof words[0] };
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++)
      assert_int_equal(name_distance(words[i], words[j]), plain_distance(words[i], words[j]));
  assert_int_equal(name_distance("kitten", "sitting"), 3);
  assert_int_equal(name_distance("STAR", "star"), 0);
  assert_int_equal(name_distance("\xc3\xa9", "e"), 2); /* bytes */
}

static void test_long_names(void **state) {
  (void)state;
  char *one = malloc(1001), *other = malloc(501);
  assert_true(one != NULL && other != NULL);
  memset(one, 'x', 1000);
  one[1000] = '\0';
  memset(other, 'x', 500);
  other[500] = '\0';
  assert_int_equal(name_distance(one, other), 0); /* 200 bytes of each */
  other[7] = 'y';
  assert_int_equal(name_distance(one, other), 1);
  assert_int_equal(name_distance(one, ""), 200);
  free(other);
  free(one);
}

static void test_order(void **state) {
  (void)state;
  static const char *const names[] = {"disc", "star", "heart", "starling", "stir", "tsar", "Star"};
  char text[64];
  assert_string_equal(nearest_names("star", names, 7, 3, text, sizeof text), "star, Star, starling");
  assert_string_equal(nearest_names("stor", names, 7, 3, text, sizeof text), "star, stir, Star");
  assert_string_equal(nearest_names("disk", names, 7, 1, text, sizeof text), "disc");
  assert_string_equal(nearest_names("ar", names, 7, 2, text, sizeof text), "star, tsar"); /* too short to be held */
  assert_string_equal(nearest_names("", names, 7, 1, text, sizeof text), "disc");
  assert_string_equal(nearest_names("x", names, 0, 3, text, sizeof text), "");
  assert_string_equal(nearest_names("star", names, 7, 99, text, sizeof text),
                      "star, Star, starling, stir, tsar, heart, disc");
}

static void test_near(void **state) {
  (void)state;
  static const char *const names[] = {"star", "crane", "sea", "ig", "tabby, tabby cat", "crane", "IG", "great crane"};
  char text[64];
  assert_string_equal(near_names("Crane", names, 8, 5, text, sizeof text), "crane, great crane"); /* each once */
  assert_string_equal(near_names("tabby", names, 8, 5, text, sizeof text), "'tabby, tabby cat'");
  assert_string_equal(near_names("xyzzy", names, 8, 5, text, sizeof text), "");
  assert_string_equal(near_names("Ig", names, 8, 5, text, sizeof text), "ig, IG");
  assert_string_equal(near_names("", names, 8, 5, text, sizeof text), "");
  assert_string_equal(nearest_names("crane", names, 8, 3, text, sizeof text), "crane, great crane, star");
  assert_true(is_near_name("superstar", "star") && is_near_name("stra", "star"));
  assert_false(is_near_name("sat", "crane"));
}

static void test_commas(void **state) {
  (void)state;
  static const char *const names[] = {"tabby, tabby cat", "tiger cat", "tiger"};
  char text[64];
  assert_string_equal(nearest_names("tabby cat", names, 3, 2, text, sizeof text), "'tabby, tabby cat', tiger cat");
}

static void test_capacity(void **state) {
  (void)state;
  static const char *const names[] = {"star", "stare", "stark"};
  for (size_t capacity = 1; capacity < 24; capacity++) {
    char *text = malloc(capacity); /* of the exact size */
    assert_non_null(text);
    nearest_names("star", names, 3, 3, text, capacity);
    assert_true(strlen(text) < capacity);
    assert_true(strcmp(text, "") == 0 || strcmp(text, "star") == 0 || strcmp(text, "star, stare") == 0 ||
                strcmp(text, "star, stare, stark") == 0);
    free(text);
  }
}

static void test_utf8(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    int good;
  } cases[] = {{"", 1},
               {"star", 1},
               {"\x7f", 1},
               {"\xc2\x80", 1},
               {"\xdf\xbf", 1},
               {"\xe0\xa0\x80", 1},
               {"\xed\x9f\xbf", 1},
               {"\xee\x80\x80", 1},
               {"\xf0\x90\x80\x80", 1},
               {"\xf4\x8f\xbf\xbf", 1},
               {"a\xe2\x88\x91z", 1},
               {"\x80", 0},
               {"\xbf", 0},
               {"\xc0\x80", 0}, /* overlong */
               {"\xc1\xbf", 0},
               {"\xe0\x9f\xbf", 0},
               {"\xf0\x8f\xbf\xbf", 0},
               {"\xed\xa0\x80", 0}, /* a surrogate */
               {"\xed\xbf\xbf", 0},
               {"\xf4\x90\x80\x80", 0}, /* above U+10FFFF */
               {"\xf8\x88\x80\x80\x80", 0},
               {"\xff", 0},
               {"\xc2", 0}, /* cut */
               {"\xe2\x88", 0},
               {"\xf0\x90\x80", 0},
               {"\xc2z", 0},
               {"\xe2z\x91", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const size_t size = strlen(cases[i].bytes);
    char *exact = malloc(size + (size == 0));
    assert_non_null(exact);
    memcpy(exact, cases[i].bytes, size);
    assert_int_equal(is_utf8(exact, size), cases[i].good);
    free(exact);
  }
  assert_true(is_utf8("\0", 1));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_distance), cmocka_unit_test(test_long_names),
                                     cmocka_unit_test(test_order),    cmocka_unit_test(test_near),
                                     cmocka_unit_test(test_commas),   cmocka_unit_test(test_capacity),
                                     cmocka_unit_test(test_utf8)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
