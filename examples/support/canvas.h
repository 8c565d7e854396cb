/* canvas.h - a picture to draw on: rectangles, enlarged pixels and plain text. Everything is cut at the edges. */
#ifndef EXAMPLES_CANVAS_H
#define EXAMPLES_CANVAS_H

#include <stdint.h>

/* Height of a line of text at scale 1, gap to the next one included; capitals are 7 high. */
enum { CANVAS_LINE = 12 };

typedef struct canvas {
  int32_t width, height;
  uint8_t *rgb; /* 3 * width * height bytes, interleaved from the top left */
} canvas;

/* A white one. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes): the size is over the limits of
 * image_io.h, or there is no memory. *c is then empty. */
int canvas_create(canvas *c, int64_t width, int64_t height, char *message);
void canvas_free(canvas *c);

/* colour: 0xRRGGBB. */
void canvas_fill(canvas *c, int32_t x, int32_t y, int32_t width, int32_t height, uint32_t colour);

/* A line of one pixel around a rectangle, outside it. */
void canvas_frame(canvas *c, int32_t x, int32_t y, int32_t width, int32_t height, uint32_t colour);

/* Draws a picture of 4 bytes per pixel, its alpha not looked at, each pixel as a square of factor x factor. */
void canvas_picture(canvas *c, int32_t x, int32_t y, const uint8_t *rgba, int32_t width, int32_t height,
                    int32_t factor);

/* One line of printable ASCII; anything else is drawn as '?'. Capitals fill y to y + 7 scale. Returns the x behind it.
 */
int32_t canvas_text(canvas *c, int32_t x, int32_t y, int32_t scale, uint32_t colour, const char *text);

/* The width canvas_text would take. */
int32_t canvas_text_width(int32_t scale, const char *text);

#endif
