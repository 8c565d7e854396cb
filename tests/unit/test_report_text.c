/* Texts of others, numbers and values, as they stand in a report page. */
#include "report_files.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

static void expect_written(atomic_file *file, const char *expected) {
  assert_int_equal(atomic_file_commit(file, message, sizeof message), 0);
  char *text = read_page();
  assert_string_equal(text, expected);
  free(text);
}

static atomic_file *begin(void) {
  atomic_file *file = atomic_file_begin(path, message, sizeof message);
  assert_non_null(file);
  return file;
}

#define UNKNOWN "\xEF\xBF\xBD"

static const struct {
  const char *given, *html, *plain;
} texts[] = {
    {NULL, "", ""},
    {"plain", "plain", "plain"},
    {"<a href=\"x\" b='y'>&amp;", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;", "<a href=\"x\" b='y'>&amp;"},
    {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\xB2", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\xB2",
     "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\xB2"},
    {"a\tb\nc", "a\tb\nc", "a\tb\nc"},
    {"\x01\x1B\x7F\r", UNKNOWN UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN UNKNOWN},
    {"\xC2\x85", UNKNOWN, UNKNOWN}, /* a control character of two bytes */
    {"\xC0\xAF\xC1\xBF", UNKNOWN UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN UNKNOWN}, /* overlong */
    {"\xE0\x80\xBC", UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN},
    {"\xF0\x80\x80\xBC<", UNKNOWN UNKNOWN UNKNOWN UNKNOWN "&lt;", UNKNOWN UNKNOWN UNKNOWN UNKNOWN "<"},
    {"\xED\xA0\x80", UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN},                     /* a surrogate */
    {"\xF4\x90\x80\x80", UNKNOWN UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN UNKNOWN}, /* beyond U+10FFFF */
    {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
    {"\xE2\x80\xAE,", UNKNOWN ",", UNKNOWN ","}, /* turns what follows */
    {"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD", UNKNOWN UNKNOWN UNKNOWN,
     UNKNOWN UNKNOWN UNKNOWN},              /* not in XML, but the last */
    {"\xE2<", UNKNOWN "&lt;", UNKNOWN "<"}, /* cut short: < is a character */
    {"\xE2\x82", UNKNOWN UNKNOWN, UNKNOWN UNKNOWN},
    {"\xF0\x9F\x8C", UNKNOWN UNKNOWN UNKNOWN, UNKNOWN UNKNOWN UNKNOWN},
};

static void test_texts(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const size_t size = texts[i].given == NULL ? 0 : strlen(texts[i].given) + 1;
    char *exact = size == 0 ? NULL : malloc(size);
    if (exact != NULL) memcpy(exact, texts[i].given, size);
    atomic_file *file = begin();
    markup_write(file, exact);
    expect_written(file, texts[i].html);
    char *clean = clean_text(exact);
    assert_string_equal(clean, texts[i].plain);
    free(clean);
    free(exact);
  }
}

/* Whether html is text and references alone. */
static bool is_plain(const char *html) {
  static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  for (; *html != '\0'; html++) {
    if (strchr("<>\"'", *html) != NULL) return false;
    bool known = *html != '&';
    for (size_t i = 0; i < 5 && !known; i++) known = strncmp(html, references[i], strlen(references[i])) == 0;
    if (!known) return false;
  }
  return true;
}

/* Random bytes, more of them markup and beginnings of characters than chance has it: what is written is UTF-8 (jansson
 * takes nothing else) and no markup, and what is clean stays as it is. */
static void test_random_texts(void **state) {
  (void)state;
  static const char likely[] = "<>&\"'/! \xC3\xA4\xE2\x80\xA8\xED\xF0\x9F\x8C\xB2\xF4\x90\xC0\xFF";
  enum { TEXTS = 300, BYTES = 300 };
  atomic_file *file = begin();
  uint32_t random = 1;
  for (int n = 0; n < TEXTS; n++) {
    char text[BYTES + 1] = "";
    for (int i = 0; i < BYTES; i++) {
      random = random * 1664525U + 1013904223U;
      const uint32_t draw = random >> 8;
      text[i] = draw % 3 == 0 ? (char)(draw / 3 % 255 + 1) : likely[draw / 3 % (sizeof likely - 1)];
    }
    markup_write(file, text);
    char *clean = clean_text(text), *again = clean_text(clean);
    assert_string_equal(clean, again);
    json_t *value = json_string(clean);
    assert_non_null(value);
    json_decref(value);
    free(clean);
    free(again);
  }
  assert_int_equal(atomic_file_commit(file, message, sizeof message), 0);
  char *html = read_page();
  assert_in_range(strlen(html), TEXTS * BYTES, 10 * TEXTS * BYTES);
  assert_true(is_plain(html));
  json_t *value = json_string(html);
  assert_non_null(value);
  json_decref(value);
  free(html);
}

static void test_base64(void **state) {
  (void)state;
  static const char *const known[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}}; /* RFC 4648, 10 */
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    for (size_t cut = 0; cut <= strlen(known[i][0]); cut++) {
      atomic_file *file = begin();
      base64 to = {.file = file};
      base64_write(&to, known[i][0], cut);
      base64_write(&to, known[i][0] + cut, strlen(known[i][0]) - cut);
      base64_end(&to);
      expect_written(file, known[i][1]);
    }
}

static void test_long_base64(void **state) {
  (void)state;
  enum { BYTES = 9999 };
  uint8_t zeros[BYTES] = {0};
  char expected[BYTES / 3 * 4 + 1];
  memset(expected, 'A', sizeof expected - 1);
  expected[sizeof expected - 1] = '\0';
  atomic_file *file = begin();
  base64 to = {.file = file};
  base64_write(&to, zeros, BYTES);
  base64_end(&to);
  expect_written(file, expected);
}

static void test_numbers(void **state) {
  (void)state;
  atomic_file *file = begin();
  write_number(file, NAN), atomic_file_printf(file, " "), write_number(file, -1.23456), atomic_file_printf(file, " ");
  write_percent(file, 0.01234), atomic_file_printf(file, " "), write_percent(file, NAN), atomic_file_printf(file, " ");
  write_percent(file, 0.5), atomic_file_printf(file, " "), write_percent(file, 1e9), atomic_file_printf(file, " ");
  write_count(file, 1234567), atomic_file_printf(file, " "), write_count(file, -1), atomic_file_printf(file, " ");
  write_count(file, 999), atomic_file_printf(file, " "), write_seconds(file, 0.01234), atomic_file_printf(file, " ");
  write_seconds(file, 0.9999), atomic_file_printf(file, " "), write_seconds(file, 123.4), atomic_file_printf(file, " ");
  write_bytes(file, 999499), atomic_file_printf(file, " "), write_bytes(file, 999500), atomic_file_printf(file, " ");
  write_bytes(file, -1), atomic_file_printf(file, " "), write_bytes(file, INT64_MAX);
  expect_written(file,
                 "none -1.235 1.23&nbsp;% none 50.0&nbsp;% 1e+11&nbsp;% 1&#8239;234&#8239;567 none 999 12.3&nbsp;ms "
                 "1&nbsp;s 123&nbsp;s 999&nbsp;kB 1&nbsp;MB none 9.22e+09&nbsp;GB");
}

static void test_scale(void **state) {
  (void)state;
  const double values[] = {-2, 1, NAN, INFINITY, 0}, zeros[] = {0, NAN}, tiny[] = {5e-324, 0};
  assert_true(report_scale(5, values) == 2.0 / 32767);
  assert_true(report_scale(2, zeros) == 0);
  assert_true(report_scale(2, tiny) > 0);
  atomic_file *file = begin();
  report_values(file, 5, values, report_scale(5, values)); /* -32767, 16384, -32768, -32768, 0 */
  expect_written(file, "AYAAQACAAIAAAA==");
}

/* Percentiles are of what is finite; a map that is mostly 0 has its largest value. */
static void test_full_colour(void **state) {
  (void)state;
  double values[400], full;
  for (int i = 0; i < 100; i++) values[i] = i < 96 ? NAN : 95 - i; /* -1 to -4 */
  values[3] = INFINITY;
  assert_int_equal(report_full(100, values, &full), 0);
  assert_true(fabs(full - 3.97) < 1e-12);
  assert_true(report_is_signed(100, values));
  for (int i = 0; i < 400; i++) values[i] = i == 50 ? 7 : 0;
  values[3] = -INFINITY;
  assert_int_equal(report_full(400, values, &full), 0);
  assert_true(full == 7);
  assert_false(report_is_signed(400, values));
  for (int i = 0; i < 100; i++) values[i] = NAN;
  assert_int_equal(report_full(100, values, &full), 0);
  assert_true(full == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_full_colour), cmocka_unit_test(test_texts),       cmocka_unit_test(test_random_texts),
      cmocka_unit_test(test_base64),      cmocka_unit_test(test_long_base64), cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_scale),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
