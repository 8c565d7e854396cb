/* Pages of made-up numbers: hostile texts, broken maps, and one as large as they come. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "pages.h"

enum { SIDE = 12, PIXELS = SIDE * SIDE, LARGE = 224, MAPS = 6 };

/* The bits of a number, well mixed (SplitMix64). */
static uint64_t mix(uint64_t n) {
  n += 0x9E3779B97F4A7C15U;
  n = (n ^ n >> 30) * 0xBF58476D1CE4E5B9U;
  n = (n ^ n >> 27) * 0x94D049BB133111EBU;
  return n ^ n >> 31;
}

static double uniform(uint64_t n) {
  return (double)(mix(n) >> 11) / 9007199254740992.0;
}

static report_map plain_map(const double *attributions) {
  return (report_map){.method = "Method",
                      .baseline = "baseline",
                      .target = "target",
                      .status = "OK",
                      .channels = 1,
                      .attributions = attributions,
                      .error_estimate = NAN,
                      .tolerance = NAN,
                      .peak_bytes = -1};
}

#define EVIL                                                                                          \
  "</script></style></title><script>window.hurt=1;alert(1)</script><img src=x onerror=window.hurt=2>" \
  "<!--<script> \" onmouseover=\"window.hurt=3\" ' onfocus='window.hurt=4' &lt;b&gt; {{script}} "     \
  "\xE2\x80\xA8\xE2\x80\xA9 \xFF\xC0\xAF\xED\xA0\x80\xF5 \x01\x1B[31m \xE2\x80\xAEgnp.exe \xC3\xA4 \xF0\x9F\x8C\xB2"

void write_hostile(const char *path) {
  double values[PIXELS];
  uint8_t rgb[3 * PIXELS];
  for (int i = 0; i < PIXELS; i++) values[i] = uniform((uint64_t)i) - 0.5;
  for (int i = 0; i < 3 * PIXELS; i++) rgb[i] = (uint8_t)(mix((uint64_t)i) & 255U);
  alpha_point points[3] = {{0, 0, 1, 0}, {0.5, 0.5, 1, 0.5}, {1, 1, 1, 1}};
  const alpha_curve curve = {.end = 1, .sum = 1, .points = 3, .at = points};
  const double falling[3] = {1, 0.5, 0}, rising[3] = {0, 0.5, 1};
  const report_ablation ablation = {EVIL, EVIL, 3, falling, rising, 0.5, 0.5};
  const report_pair pairs[] = {{EVIL, EVIL}, {"__proto__", "constructor"}};
  report_map maps[3];
  for (int m = 0; m < 3; m++) {
    maps[m] = plain_map(m == 2 ? NULL : values);
    maps[m].method = maps[m].baseline = maps[m].target = maps[m].status = maps[m].remarks = maps[m].axis = EVIL;
    maps[m].meaning = maps[m].high = maps[m].low = EVIL;
    maps[m].verdict = (uint32_t)m;
    maps[m].curve = &curve;
    maps[m].ablation = &ablation;
    maps[m].settings = pairs;
    maps[m].n_settings = 2;
  }
  const report_picture pictures[2] = {{EVIL, SIDE, SIDE, NULL, rgb, pairs, 2, maps, 3, 0},
                                      {"javascript:alert(1)", SIDE, SIDE, NULL, rgb, NULL, 0, maps, 3, 0}};
  const report_page page = {EVIL, EVIL, pictures, 2, pairs, 2};
  write_page(&page, path);
}

void write_broken(const char *path) {
  enum { BROKEN = 8 };
  static double values[BROKEN][PIXELS];
  report_map maps[BROKEN];
  float planes[3 * PIXELS];
  for (int i = 0; i < 3 * PIXELS; i++) planes[i] = (float)i / (3 * PIXELS);
  for (int m = 0; m < BROKEN; m++) {
    static const double sizes[BROKEN] = {1, 1, 0, 5e-324, 1e-12, DBL_MAX / 4, 1234567, 1};
    for (int i = 0; i < PIXELS; i++)
      values[m][i] = sizes[m] * (uniform((uint64_t)(m * PIXELS + i)) - (m == 6 ? 0 : 0.5));
    maps[m] = plain_map(values[m]);
  }
  for (int i = 0; i < PIXELS; i++) {
    if (i % 3 != 0) values[0][i] = i % 2 == 0 ? NAN : INFINITY;
    values[1][i] = NAN;
    if (i != 17) values[4][i] = 0; /* so that percentiles are 0 */
    if (i == 5 || i == 6) values[3][i] = 5e-324;
  }
  static const char *const names[BROKEN] = {"Some NaN", "All NaN",    "All zero",       "Denormal",
                                            "Tiny",     "Very large", "Positive alone", "Failed"};
  for (int m = 0; m < BROKEN; m++) maps[m].method = names[m];
  alpha_point points[3] = {{0, NAN, INFINITY, 0}, {0.5, 0.5, -1, NAN}, {1, 1, 1, 1}};
  const alpha_curve curve = {.end = 1, .sum = NAN, .points = 3, .at = points};
  alpha_point vast_points[2] = {{0, -DBL_MAX, -DBL_MAX, 0}, {1, DBL_MAX, DBL_MAX, 1}};
  const alpha_curve vast = {.start = -DBL_MAX, .end = DBL_MAX, .sum = 1, .points = 2, .at = vast_points};
  alpha_point still_points[2] = {{0, 1, 0, 0}, {0, 1, 0, 0}};
  const alpha_curve still = {.backwards = true, .start = 1, .end = 1, .points = 2, .at = still_points};
  const double holes[4] = {1, NAN, 0.5, -INFINITY};
  const report_ablation ablation = {"f", "black", 4, holes, NULL, NAN, NAN};
  maps[0].curve = &curve;
  maps[0].ablation = &ablation;
  maps[2].curve = &still;
  maps[1].verdict = REPORT_DOUBTFUL;
  maps[1].status = "the tolerance was not reached";
  maps[1].completeness_relative = INFINITY;
  maps[7].attributions = NULL;
  maps[7].verdict = REPORT_FAILED;
  maps[7].status = "the model returned a number that is not finite";
  maps[7].remarks = "row 3: output 0 is NaN";
  report_map alone = maps[7];
  alone.curve = &vast;
  const report_picture pictures[3] = {{"broken", SIDE, SIDE, planes, NULL, NULL, 0, maps, BROKEN, 0},
                                      {"no map at all", SIDE, SIDE, planes, NULL, NULL, 0, &alone, 1, 0},
                                      {NULL, SIDE, SIDE, planes, NULL, NULL, 0, NULL, 0, 0}};
  const report_page page = {NULL, NULL, pictures, 3, NULL, 0};
  write_page(&page, path);
}

void write_large(const char *path) {
  enum { ALL = LARGE * LARGE };
  double *values = take_memory((int64_t)MAPS * ALL, sizeof *values);
  uint8_t *rgb = take_memory(3 * ALL, 1);
  report_map maps[MAPS];
  for (int64_t i = 0; i < 3 * (int64_t)ALL; i++) rgb[i] = (uint8_t)(mix((uint64_t)i) & 255U);
  for (int64_t i = 0; i < MAPS * (int64_t)ALL; i++) values[i] = uniform((uint64_t)i) - 0.5;
  for (int m = 0; m < MAPS; m++) maps[m] = plain_map(values + (int64_t)m * ALL);
  const report_picture picture = {"noise", LARGE, LARGE, NULL, rgb, NULL, 0, maps, MAPS, 0};
  const report_page page = {"Six maps of noise", NULL, &picture, 1, NULL, 0};
  write_page(&page, path);
  free(values);
  free(rgb);
}

void write_shapes(const char *path) {
  enum { LONG = 300, SHORT = 3, KINDS = 3 };
  static const int32_t sizes[KINDS][2] = {{SHORT, LONG}, {LONG, SHORT}, {1, 1}};
  static const char *const names[KINDS] = {"tall", "wide", "one pixel"};
  double values[LONG * SHORT];
  uint8_t rgb[3 * LONG * SHORT];
  report_picture pictures[KINDS];
  for (int i = 0; i < LONG * SHORT; i++) values[i] = i - 400.0;
  for (int i = 0; i < 3 * LONG * SHORT; i++) rgb[i] = (uint8_t)(mix((uint64_t)i) & 255U);
  report_map maps[2] = {plain_map(values), plain_map(values)};
  maps[1].target = "another target";
  for (int k = 0; k < KINDS; k++)
    pictures[k] = (report_picture){names[k], sizes[k][0], sizes[k][1], NULL, rgb, NULL, 0, maps, 2, 0};
  const report_page page = {"Pictures of any shape", NULL, pictures, KINDS, NULL, 0};
  write_page(&page, path);
}
