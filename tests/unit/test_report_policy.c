/* What does not need a browser to be seen: that the page's policy allows its own style and script, by hashes of the
 * bytes that stand there; that each cell of the table has its number; and how the palette looks to colour-blind
 * readers. */
#include "report_files.h"

#include <math.h>
#include <sys/types.h>
#include <sha2.h>

#include <attrib/image.h>

#include "report_page.h"

enum { SIDE = 2, PIXELS = SIDE * SIDE };

static char *write_page(const report_map *map) {
  static const uint8_t rgb[3 * PIXELS];
  const report_picture picture = {
      .width = SIDE, .height = SIDE, .rgb = rgb, .maps = map, .n_maps = map == NULL ? 0 : 1};
  const report_page page = {.pictures = &picture, .n_pictures = 1};
  assert_int_equal(report_page_write(&page, path, message), 0);
  return read_page();
}

static void to_base64(const uint8_t *bytes, size_t count, char *text) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < count; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16;
    if (i + 1 < count) group |= (uint32_t)bytes[i + 1] << 8;
    if (i + 2 < count) group |= bytes[i + 2];
    for (int k = 0; k < 4; k++) *text++ = digits[group >> (18 - 6 * k) & 63U];
    if (i + 1 >= count) text[-2] = '=';
    if (i + 2 >= count) text[-1] = '=';
  }
  *text = '\0';
}

/* What stands between the two is what the directive allows, and all that it allows. */
static void expect_allowed(const char *page, const char *begin, const char *end, const char *directive) {
  char expected[128], hash[64];
  uint8_t digest[SHA256_DIGEST_LENGTH];
  const char *from = strstr(page, begin);
  assert_non_null(from);
  from += strlen(begin);
  const char *to = strstr(from, end);
  assert_non_null(to);
  assert_in_range(to - from, 1000, 100000);
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, (const uint8_t *)from, (size_t)(to - from));
  SHA256Final(digest, &context);
  to_base64(digest, sizeof digest, hash);
  snprintf(expected, sizeof expected, "; %s 'sha256-%s'; ", directive, hash);
  const char *policy = strstr(page, "Content-Security-Policy\" content=\"default-src 'none';");
  assert_non_null(policy);
  const char *found = strstr(policy, expected);
  assert_non_null(found);
  assert_true(found < strstr(policy, ">"));
  assert_null(strstr(page, "unsafe-"));
}

static void test_policy(void **state) {
  (void)state;
  char *page = write_page(NULL);
  expect_allowed(page, "<style>", "</style>", "style-src");
  expect_allowed(page, "<script type=\"module\">", "</script>", "script-src");
  free(page);
}

/* Eleven numbers, none like another. */
static void test_cells(void **state) {
  (void)state;
  static const char *const cells[] = {"Target\">tt",
                                      "f at the baseline\">21.5",
                                      "f at the picture\">22.5",
                                      "Sum of the map\">23.5",
                                      "Off by\">24.5",
                                      "Off by, relative\">25.0&nbsp;%",
                                      "Gradients\">29",
                                      "Outputs\">30",
                                      "Error estimate\">26.0&nbsp;% (asked&nbsp;27.0&nbsp;%)",
                                      "Time\">28&nbsp;s",
                                      "Memory\">31&nbsp;kB"};
  static const char *const marks[] = {"good\">&#10003; ss</span>", "doubtful\">! ss</span>",
                                      "failed\">&#10007; ss</span>"};
  report_map map = {.method = "mm",
                    .target = "tt",
                    .status = "ss",
                    .remarks = "rr",
                    .baseline_output = 21.5,
                    .output = 22.5,
                    .attribution_sum = 23.5,
                    .completeness_error = 24.5,
                    .completeness_relative = 0.25,
                    .error_estimate = 0.26,
                    .tolerance = 0.27,
                    .seconds = 28,
                    .gradient_rows = 29,
                    .output_rows = 30,
                    .peak_bytes = 31000};
  for (uint32_t verdict = REPORT_AS_ASKED; verdict <= REPORT_FAILED; verdict++) {
    char text[160];
    map.verdict = verdict;
    char *page = write_page(&map);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
      snprintf(text, sizeof text, "data-label=\"%s</td>", cells[i]);
      assert_non_null(strstr(page, text));
    }
    for (uint32_t other = 0; other <= REPORT_FAILED; other++) {
      snprintf(text, sizeof text, "data-label=\"Status\"><span class=\"%s", marks[other]);
      assert_int_equal(strstr(page, text) != NULL, other == verdict);
    }
    assert_non_null(strstr(page, " colspan=\"13\">rr</td>"));
    free(page);
  }
}

/* Settings that all maps share are told once; what differs, with its map. */
static void test_settings(void **state) {
  (void)state;
  static const uint8_t rgb[3 * PIXELS];
  const report_pair one[] = {{"aa", "same"}, {"bb", "one"}}, other[] = {{"aa", "same"}, {"bb", "other"}};
  const report_map maps[2] = {{.method = "m1", .settings = one, .n_settings = 2},
                              {.method = "m2", .settings = other, .n_settings = 2}};
  const report_picture picture = {.width = SIDE, .height = SIDE, .rgb = rgb, .maps = maps, .n_maps = 2};
  const report_page page = {.pictures = &picture, .n_pictures = 1};
  assert_int_equal(report_page_write(&page, path, message), 0);
  char *text = read_page();
  const char *order[] = {"<h4>Shared by all maps</h4>",
                         "<dt>aa</dt><dd>same</dd>",
                         "<h4>m1</h4>",
                         "<dt>bb</dt><dd>one</dd>",
                         "<h4>m2</h4>",
                         "<dt>bb</dt><dd>other</dd>"};
  const char *last = text;
  for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
    const char *found = strstr(text, order[i]);
    assert_non_null(found);
    assert_true(found > last);
    assert_null(strstr(found + 1, order[i]));
    last = found;
  }
  free(text);
}

/* -- readers who see two kinds of colour: full dichromacy by Machado, Oliveira, Fernandes, "A Physiologically-based
 * Model for Simulation of Color Vision Deficiency", 2009, severity 1, on linear RGB. */
static const double vision[3][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};

/* CIE L*a*b* (D65) of an sRGB colour as that reader sees it. */
static void seen(const uint8_t *rgb, int reader, double *lab) {
  static const double to_xyz[3][3] = {{0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047},
                                      {0.2126729, 0.7151522, 0.0721750},
                                      {0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883}};
  double linear[3], shown[3], f[3];
  for (int c = 0; c < 3; c++) {
    const double v = rgb[c] / 255.0;
    linear[c] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
  }
  for (int c = 0; c < 3; c++) {
    shown[c] = 0;
    for (int k = 0; k < 3; k++) shown[c] += vision[reader][c][k] * linear[k];
    shown[c] = fmin(fmax(shown[c], 0), 1);
  }
  for (int c = 0; c < 3; c++) {
    double t = 0;
    for (int k = 0; k < 3; k++) t += to_xyz[c][k] * shown[k];
    f[c] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }
  lab[0] = 116 * f[1] - 16;
  lab[1] = 500 * (f[0] - f[1]);
  lab[2] = 200 * (f[1] - f[2]);
}

static double apart(const uint8_t *one, const uint8_t *other, int reader) {
  double a[3], b[3];
  seen(one, reader, a);
  seen(other, reader, b);
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

/* The ends of the diverging palette, and its halves at the same strength, stay apart for every reader, and each from
 * the middle. 20 is ten times what is just noticed. */
static void test_colour_blind(void **state) {
  (void)state;
  for (int reader = 0; reader < 3; reader++)
    for (int i = 4; i <= 10; i++) {
      const double values[3] = {-i / 10.0, 0, i / 10.0};
      uint8_t rgba[12];
      assert_int_equal(attrib_image_colorize(NULL, 3, values, ATTRIB_PALETTE_DIVERGING, rgba), ATTRIB_OK);
      assert_true(apart(rgba, rgba + 8, reader) > 20);
      assert_true(apart(rgba, rgba + 4, reader) > 20);
      assert_true(apart(rgba + 4, rgba + 8, reader) > 20);
    }
}

/* A palette of red and green would fail: the measure notices. */
static void test_colour_blind_control(void **state) {
  (void)state;
  const uint8_t red[3] = {200, 60, 40}, green[3] = {110, 120, 30}, brown[3] = {130, 110, 40}, same[3] = {200, 60, 40};
  assert_true(apart(red, green, 0) > 40);
  assert_true(apart(red, brown, 1) < 20);
  assert_true(apart(red, green, 2) < 20);
  assert_true(apart(red, same, 2) < 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_policy),
      cmocka_unit_test(test_cells),
      cmocka_unit_test(test_settings),
      cmocka_unit_test(test_colour_blind),
      cmocka_unit_test(test_colour_blind_control),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
