/* The colours that a page should show, by the library's own functions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <attrib/image.h>

#include "pages.h"

static const double percentiles[] = {70, 80, 99, 100};
enum { PERCENTILES = sizeof percentiles / sizeof *percentiles };

typedef struct canvas_of {
  FILE *file;
  int64_t pixels, finite_count;
  double *sum, *finite, *map;
  uint8_t *rgba;
} canvas_of;

static void put(canvas_of *c, const double *map, int64_t count, uint32_t palette) {
  if (attrib_image_colorize(NULL, count, map, palette, c->rgba) < 0) fail("colours");
  for (int64_t i = 0; i < count; i++)
    if (fwrite(c->rgba + 4 * i, 3, 1, c->file) != 1) fail("cannot write the colours");
}

static double scale_of(const canvas_of *c, double percentile, uint32_t mode) {
  double scale = 0;
  if (c->finite_count > 0 && attrib_image_scale(NULL, c->finite_count, percentile, mode, c->finite, &scale) < 0)
    fail("scale");
  return scale;
}

static void put_map(canvas_of *c, uint32_t mode, double scale) {
  for (int64_t i = 0; i < c->pixels; i++) c->map[i] = isfinite(c->sum[i]) && scale > 0 ? c->sum[i] : 0;
  if (attrib_image_normalise(NULL, c->pixels, 0, mode, scale, c->map) < 0) fail("normalise");
  for (int64_t i = 0; i < c->pixels && mode == ATTRIB_SIGN_NEGATIVE; i++) c->map[i] = -c->map[i];
  put(c, c->map, c->pixels, mode == ATTRIB_SIGN_ABSOLUTE ? ATTRIB_PALETTE_SEQUENTIAL : ATTRIB_PALETTE_DIVERGING);
}

static void take(canvas_of *c, const report_picture *picture, const report_map *map) {
  sum_channels(picture, map, c->sum);
  c->finite_count = 0;
  for (int64_t i = 0; i < c->pixels; i++)
    if (isfinite(c->sum[i])) c->finite[c->finite_count++] = c->sum[i];
}

static void put_maps(canvas_of *c, const report_picture *picture) {
  static const uint32_t modes[] = {ATTRIB_SIGN_BOTH, ATTRIB_SIGN_ABSOLUTE, ATTRIB_SIGN_POSITIVE, ATTRIB_SIGN_NEGATIVE};
  static const double ends[] = {-1, 0, 1, 0, 1};
  double common = 0;
  for (int64_t m = 0; m < picture->n_maps; m++) {
    if (picture->maps[m].attributions == NULL) continue;
    take(c, picture, &picture->maps[m]);
    common = fmax(common, scale_of(c, 99, ATTRIB_SIGN_BOTH));
    for (int p = 0; p < PERCENTILES; p++)
      for (int k = 0; k < 4; k++) put_map(c, modes[k], scale_of(c, percentiles[p], modes[k]));
  }
  for (int64_t m = 0; m < picture->n_maps; m++) {
    if (picture->maps[m].attributions == NULL) continue;
    take(c, picture, &picture->maps[m]);
    put_map(c, ATTRIB_SIGN_BOTH, common);
  }
  put(c, ends, 3, ATTRIB_PALETTE_DIVERGING);
  put(c, ends + 3, 2, ATTRIB_PALETTE_SEQUENTIAL);
}

void write_colours(const report_page *page, const char *path) {
  char name[4096];
  const report_picture *picture = &page->pictures[0];
  canvas_of c = {.pixels = (int64_t)picture->width * picture->height};
  snprintf(name, sizeof name, "%s.colours", path);
  c.file = fopen(name, "wb");
  if (c.file == NULL) fail("cannot write the colours");
  c.sum = take_memory(c.pixels, sizeof *c.sum);
  c.finite = take_memory(c.pixels, sizeof *c.finite);
  c.map = take_memory(c.pixels, sizeof *c.map);
  c.rgba = take_memory(c.pixels + 5, 4);
  put_maps(&c, picture);
  free(c.sum);
  free(c.finite);
  free(c.map);
  free(c.rgba);
  if (fclose(c.file) != 0) fail("cannot write the colours");
}
