/* Maps in numbers and as pictures: of one value a pixel, the sum over channels. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/image.h>

#include "png_write.h"
#include "report_parts.h"
#include "report_text.h"

enum { MOST = 32767, NOT_FINITE = -32768, BAR = 128 };
static const double opacity = 0.9;

void report_sum(const report_picture *picture, const report_map *map, double *sum) {
  const int64_t pixels = (int64_t)picture->width * picture->height;
  memset(sum, 0, (size_t)pixels * sizeof *sum);
  for (int64_t c = 0; c < map->channels; c++)
    for (int64_t i = 0; i < pixels; i++) sum[i] += map->attributions[c * pixels + i];
}

double report_scale(int64_t pixels, const double *sum) {
  double largest = 0;
  for (int64_t i = 0; i < pixels; i++)
    if (isfinite(sum[i])) largest = fmax(largest, fabs(sum[i]));
  return largest == 0 ? 0 : fmax(largest / MOST, DBL_MIN);
}

void report_values(atomic_file *file, int64_t pixels, const double *sum, double scale) {
  base64 to = {.file = file};
  for (int64_t i = 0; i < pixels; i++) {
    const double step = !isfinite(sum[i]) ? NOT_FINITE
                        : scale == 0      ? 0
                                          : fmin(fmax(round(sum[i] / scale), -MOST), MOST);
    const uint16_t bits = (uint16_t)(int16_t)step;
    const uint8_t bytes[2] = {(uint8_t)(bits & 255U), (uint8_t)(bits >> 8)};
    base64_write(&to, bytes, 2);
  }
  base64_end(&to);
}

static uint8_t to_byte(float value) {
  return (uint8_t)(!(value > 0) ? 0 : value >= 1 ? 255 : floor(255.0 * value + 0.5));
}

static void colours_of(const report_picture *picture, uint8_t *rgb) {
  const size_t pixels = (size_t)picture->width * (size_t)picture->height;
  if (picture->planes == NULL) {
    memcpy(rgb, picture->rgb, 3 * pixels);
    return;
  }
  for (size_t i = 0; i < pixels; i++)
    for (size_t c = 0; c < 3; c++) rgb[3 * i + c] = to_byte(picture->planes[c * pixels + i]);
}

/* As colours.js draws it: the photo in grey (luma of Rec. 709), the more of the map's colour the larger its root; what
 * is not finite as squares of two greys. */
static void lay_over(const report_picture *picture, const double *sum, const double *map, const uint8_t *colours,
                     uint8_t *rgb) {
  const int64_t pixels = (int64_t)picture->width * picture->height;
  for (int64_t i = 0; i < pixels; i++) {
    uint8_t *to = rgb + 3 * i;
    const double grey = floor(0.2126 * to[0] + 0.7152 * to[1] + 0.0722 * to[2] + 0.5);
    const double share = opacity * sqrt(fabs(map[i]));
    const uint8_t square = (i % picture->width / 2 + i / picture->width / 2) % 2 == 0 ? 96 : 160;
    for (int c = 0; c < 3; c++)
      to[c] = !isfinite(sum[i]) ? square : (uint8_t)floor((1 - share) * grey + share * colours[4 * i + c] + 0.5);
  }
}

int report_full(int64_t pixels, const double *sum, double *full) {
  int64_t count = 0;
  double *finite = malloc((size_t)pixels * sizeof *finite);
  int status = finite == NULL ? -1 : 0;
  for (int64_t i = 0; i < pixels && status == 0; i++)
    if (isfinite(sum[i])) finite[count++] = sum[i];
  *full = 0;
  if (count > 0 && attrib_image_scale(NULL, count, 0, ATTRIB_SIGN_BOTH, finite, full) < 0) status = -1;
  free(finite);
  return status;
}

bool report_is_signed(int64_t pixels, const double *sum) {
  for (int64_t i = 0; i < pixels; i++)
    if (sum[i] < 0 && isfinite(sum[i])) return true;
  return false;
}

/* The map over the picture that is in rgb. */
static int draw_map(const report_picture *picture, const double *sum, double full, uint8_t *rgb) {
  const int64_t pixels = (int64_t)picture->width * picture->height;
  double *map = malloc((size_t)pixels * sizeof *map);
  uint8_t *colours = malloc(4 * (size_t)pixels);
  int status = map == NULL || colours == NULL ? -1 : 0;
  for (int64_t i = 0; i < pixels && status == 0; i++) map[i] = isfinite(sum[i]) ? sum[i] : 0;
  if (status == 0 && attrib_image_normalise(NULL, pixels, 0, ATTRIB_SIGN_BOTH, full, map) < 0) status = -1;
  if (status == 0 && attrib_image_colorize(NULL, pixels, map, ATTRIB_PALETTE_DIVERGING, colours) < 0) status = -1;
  if (status == 0) lay_over(picture, sum, map, colours, rgb);
  free(map);
  free(colours);
  return status;
}

static void append(void *to, const void *bytes, size_t size) {
  base64_write(to, bytes, size);
}

int report_image(atomic_file *file, const report_picture *picture, const double *sum, double full) {
  uint8_t *rgb = calloc(3 * (size_t)picture->width, (size_t)picture->height);
  int status = rgb == NULL ? -1 : 0;
  base64 to = {.file = file};
  if (status == 0) colours_of(picture, rgb);
  if (status == 0 && sum != NULL) status = draw_map(picture, sum, full, rgb);
  atomic_file_printf(file, "data:image/png;base64,");
  if (status == 0) status = png_write(picture->width, picture->height, 3, rgb, append, &to);
  base64_end(&to);
  free(rgb);
  return status;
}

int report_bar(atomic_file *file, bool is_signed) {
  double values[BAR];
  uint8_t rgba[4 * BAR], rgb[3 * BAR];
  base64 to = {.file = file};
  for (int i = 0; i < BAR; i++) values[i] = is_signed ? 2.0 * i / (BAR - 1) - 1 : (double)i / (BAR - 1);
  if (attrib_image_colorize(NULL, BAR, values, ATTRIB_PALETTE_DIVERGING, rgba) < 0) return -1;
  for (int i = 0; i < 3 * BAR; i++) rgb[i] = rgba[i / 3 * 4 + i % 3];
  atomic_file_printf(file, "data:image/png;base64,");
  const int status = png_write(BAR, 1, 3, rgb, append, &to);
  base64_end(&to);
  return status;
}

/* In hexadecimal: short, and text without a second coder. */
char *report_palette(uint32_t palette) {
  static const char digits[] = "0123456789abcdef";
  double values[REPORT_COLOURS];
  uint8_t rgba[4 * REPORT_COLOURS];
  const double lowest = palette == ATTRIB_PALETTE_DIVERGING ? -1 : 0;
  for (int i = 0; i < REPORT_COLOURS; i++) values[i] = lowest + (1 - lowest) * i / (REPORT_COLOURS - 1);
  char *text = malloc(6 * REPORT_COLOURS + 1), *end = text;
  if (text == NULL || attrib_image_colorize(NULL, REPORT_COLOURS, values, palette, rgba) < 0) {
    free(text);
    return NULL;
  }
  for (int i = 0; i < REPORT_COLOURS; i++)
    for (int c = 0; c < 3; c++) {
      *end++ = digits[rgba[4 * i + c] >> 4];
      *end++ = digits[rgba[4 * i + c] & 15];
    }
  *end = '\0';
  return text;
}
