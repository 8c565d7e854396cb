#include "canvas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_io.h"

#if defined(__GNUC__) /* the header defines functions that are not used here */
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb/stb_easy_font.h>
#if defined(__GNUC__)
#  pragma GCC diagnostic pop
#endif

enum { QUAD_FLOATS = 16, MOST_QUADS = 32 /* of one character; the font has 12 */ };

int canvas_create(canvas *c, int64_t width, int64_t height, char *message) {
  const file_report report = {"picture", message, FILE_MESSAGE_CAPACITY};
  *c = (canvas){0};
  if (image_check_size((uint64_t)width, (uint64_t)height, &report) != IMAGE_OK) return -1;
  c->rgb = malloc(3 * (size_t)width * (size_t)height);
  if (c->rgb == NULL) {
    return file_fail(&report, -1, "out of memory for %lld x %lld pixels", (long long)width, (long long)height);
  }
  memset(c->rgb, 255, 3 * (size_t)width * (size_t)height);
  c->width = (int32_t)width;
  c->height = (int32_t)height;
  return 0;
}

void canvas_free(canvas *c) {
  free(c->rgb);
  *c = (canvas){0};
}

void canvas_fill(canvas *c, int32_t x, int32_t y, int32_t width, int32_t height, uint32_t colour) {
  const uint8_t rgb[3] = {(uint8_t)(colour >> 16), (uint8_t)(colour >> 8), (uint8_t)colour};
  int64_t right = (int64_t)x + width, bottom = (int64_t)y + height;
  if (right > c->width) right = c->width;
  if (bottom > c->height) bottom = c->height;
  for (int64_t row = y < 0 ? 0 : y; row < bottom; row++)
    for (int64_t column = x < 0 ? 0 : x; column < right; column++)
      memcpy(c->rgb + 3 * (row * c->width + column), rgb, sizeof rgb);
}

void canvas_frame(canvas *c, int32_t x, int32_t y, int32_t width, int32_t height, uint32_t colour) {
  canvas_fill(c, x - 1, y - 1, width + 2, 1, colour);
  canvas_fill(c, x - 1, y + height, width + 2, 1, colour);
  canvas_fill(c, x - 1, y, 1, height, colour);
  canvas_fill(c, x + width, y, 1, height, colour);
}

void canvas_picture(canvas *c, int32_t x, int32_t y, const uint8_t *rgba, int32_t width, int32_t height,
                    int32_t factor) {
  for (int32_t row = 0; row < height; row++)
    for (int32_t column = 0; column < width; column++) {
      const uint8_t *pixel = rgba + 4 * ((int64_t)row * width + column);
      uint32_t colour = (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
      canvas_fill(c, x + column * factor, y + row * factor, factor, factor, colour);
    }
}

/* The font gives each character as a few rectangles on a grid of whole numbers. */
static int32_t draw_character(canvas *c, int32_t x, int32_t y, int32_t scale, uint32_t colour, char character) {
  float quads[MOST_QUADS * QUAD_FLOATS];
  char text[2] = {character, '\0'};
  int count = stb_easy_font_print(0, 0, text, NULL, quads, sizeof quads);
  for (int i = 0; i < count; i++) {
    /* Four corners of x, y, z, colour: the third is opposite to the first. */
    const float *quad = quads + (size_t)i * QUAD_FLOATS;
    int32_t left = (int32_t)quad[0], top = (int32_t)quad[1], right = (int32_t)quad[8], bottom = (int32_t)quad[9];
    canvas_fill(c, x + scale * left, y + scale * top, scale * (right - left), scale * (bottom - top), colour);
  }
  return scale * stb_easy_font_width(text);
}

static char printable(char character) {
  return character >= ' ' && character <= '~' ? character : '?';
}

int32_t canvas_text(canvas *c, int32_t x, int32_t y, int32_t scale, uint32_t colour, const char *text) {
  for (; *text != '\0'; text++) x += draw_character(c, x, y, scale, colour, printable(*text));
  return x;
}

int32_t canvas_text_width(int32_t scale, const char *text) {
  int32_t width = 0;
  for (; *text != '\0'; text++) {
    char one[2] = {printable(*text), '\0'};
    width += scale * stb_easy_font_width(one);
  }
  return width;
}
