#include "shapes.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "random_bits.h"

enum { SAMPLES = 4, COARSE = 6, CELL = 5, DOTS = SHAPES_PIXELS / 4 }; /* SAMPLES: per pixel and axis */
enum { DISC, RING, TRIANGLE, CROSS };

const char *shapes_class_name(int32_t class_number) {
  static const char *const names[SHAPES_CLASSES] = {"disc", "ring", "triangle", "cross"};
  return class_number >= 0 && class_number < SHAPES_CLASSES ? names[class_number] : NULL;
}

/* The shape is about as large as the unit disc, y down. */
static bool is_inside(int32_t shape, double x, double y) {
  const double square = x * x + y * y;
  switch (shape) {
    case DISC: return square < 0.8;
    case RING: return square < 1 && square > 0.36;
    case TRIANGLE: return y < 0.75 && y > -0.95 + 1.9 * fabs(x);
    default: return (fabs(x) < 0.28 && fabs(y) < 1) || (fabs(y) < 0.28 && fabs(x) < 1);
  }
}

/* Slow waves, by linear interpolation in a coarse grid, with grain. */
static void draw_background(uint64_t *random, float *pixels) {
  double grid[COARSE][COARSE];
  for (int i = 0; i < COARSE * COARSE; i++) grid[i / COARSE][i % COARSE] = random_between(random, 0.05, 0.45);
  for (int y = 0; y < SHAPES_SIDE; y++)
    for (int x = 0; x < SHAPES_SIDE; x++) {
      const double right = x % CELL / (double)CELL, down = y % CELL / (double)CELL;
      const int left = x / CELL;
      const double above = grid[y / CELL][left] + right * (grid[y / CELL][left + 1] - grid[y / CELL][left]);
      const double below = grid[y / CELL + 1][left] + right * (grid[y / CELL + 1][left + 1] - grid[y / CELL + 1][left]);
      pixels[y * SHAPES_SIDE + x] = (float)(above + down * (below - above) + random_between(random, -0.05, 0.05));
    }
}

/* Share of a pixel that the shape covers. */
static double coverage(int32_t shape, double left, double top, double radius) {
  int inside = 0;
  for (int i = 0; i < SAMPLES * SAMPLES; i++) {
    const int column = i % SAMPLES, line = i / SAMPLES;
    const double x = left + (column + 0.5) / SAMPLES, y = top + (line + 0.5) / SAMPLES;
    inside += is_inside(shape, x / radius, y / radius);
  }
  return inside / (double)(SAMPLES * SAMPLES);
}

static void draw_shape(uint64_t *random, int32_t shape, float *pixels, uint8_t *mask) {
  const double radius = random_between(random, 5, 8), grey = random_between(random, 0.55, 0.95);
  const double x0 = random_between(random, 9.5, 14.5), y0 = random_between(random, 9.5, 14.5);
  for (int i = 0; i < SHAPES_PIXELS; i++) {
    const int x = i % SHAPES_SIDE, y = i / SHAPES_SIDE;
    const double share = coverage(shape, x - x0, y - y0, radius);
    const double value = grey + random_between(random, -0.05, 0.05);
    pixels[i] = (float)(pixels[i] + share * (value - pixels[i]));
    if (mask != NULL) mask[i] = share >= 0.5;
  }
}

/* Blocks of 2 x 2 in the corner: one is bright, the others are dark. */
static void draw_corner(uint64_t *random, int32_t class_number, float *pixels) {
  for (int y = 0; y < SHAPES_CORNER; y++)
    for (int x = 0; x < SHAPES_CORNER; x++) {
      const bool bright = y / 2 * 2 + x / 2 == class_number;
      pixels[y * SHAPES_SIDE + x] = (float)((bright ? 0.6 : 0.2) + random_between(random, -0.05, 0.05));
    }
}

/* The same number of dots in every picture, so that only their brightness tells. */
static void draw_dots(uint64_t *random, int32_t class_number, float *pixels, uint8_t *mask) {
  const double level = (class_number + 1) / (double)SHAPES_CLASSES;
  memset(pixels, 0, SHAPES_PIXELS * sizeof *pixels);
  if (mask != NULL) memset(mask, 0, SHAPES_PIXELS);
  for (int drawn = 0; drawn < DOTS;) {
    const int32_t at = random_choice(random, SHAPES_PIXELS);
    if (pixels[at] != 0) continue;
    pixels[at] = (float)(level * random_between(random, 0.8, 1));
    if (mask != NULL) mask[at] = 1;
    drawn++;
  }
}

int32_t shapes_render(const shapes_set *set, int64_t index, float *pixels, uint8_t *mask) {
  uint64_t random = random_start(set->seed, index);
  const int32_t class_number = random_choice(&random, SHAPES_CLASSES);
  if (set->kind == SHAPES_SCATTERED) {
    draw_dots(&random, class_number, pixels, mask);
    return class_number;
  }
  const int32_t other = random_choice(&random, SHAPES_CLASSES);
  draw_background(&random, pixels);
  draw_shape(&random, set->kind == SHAPES_DECOY ? other : class_number, pixels, mask);
  if (set->kind == SHAPES_DECOY) draw_corner(&random, class_number, pixels);
  return class_number;
}

void shapes_render_all(const shapes_set *set, int64_t first, int64_t count, float *pixels, int32_t *labels) {
  for (int64_t i = 0; i < count; i++) labels[i] = shapes_render(set, first + i, pixels + i * SHAPES_PIXELS, NULL);
}

static double pixel_at(const float *pixels, int x, int y) {
  x = x < 0 ? 0 : x >= SHAPES_SIDE ? SHAPES_SIDE - 1 : x;
  y = y < 0 ? 0 : y >= SHAPES_SIDE ? SHAPES_SIDE - 1 : y;
  return pixels[y * SHAPES_SIDE + x];
}

void shapes_edges(const float *pixels, double *edges) {
  for (int i = 0; i < SHAPES_PIXELS; i++) {
    const int x = i % SHAPES_SIDE, y = i / SHAPES_SIDE;
    double across = 0, down = 0;
    for (int k = -1; k <= 1; k++) {
      const double weight = k == 0 ? 2 : 1;
      across += weight * (pixel_at(pixels, x + 1, y + k) - pixel_at(pixels, x - 1, y + k));
      down += weight * (pixel_at(pixels, x + k, y + 1) - pixel_at(pixels, x + k, y - 1));
    }
    edges[i] = sqrt(across * across + down * down);
  }
}
