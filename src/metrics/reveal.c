/* reveal.c - see reveal.h. */
#include "reveal.h"

#include <math.h>

#include "../image/shape.h"
#include "../rows/rows.h"

void attrib__reveal_layout(attrib__reveal *reveal, uint32_t dtype, const attrib_image *shape, attrib__arena *arena) {
  *reveal = (attrib__reveal){.dtype = dtype, .shape = *shape};
  int64_t width = shape->width, height = shape->height, all = 0;
  for (bool last = false; !last; reveal->levels++) {
    reveal->width[reveal->levels] = width;
    reveal->height[reveal->levels] = height;
    reveal->first[reveal->levels] = all;
    all += width * height;
    last = width == 1 && height == 1;
    width = width / 2 + width % 2;
    height = height / 2 + height % 2;
  }
  reveal->values = attrib__carve(arena, all, sizeof *reveal->values);
  reveal->known = attrib__carve(arena, all, sizeof *reveal->known);
}

/* The mean of those of the four finer pixels that are known. */
static void pull_one(const attrib__reveal *reveal, int64_t level, int64_t x, int64_t y) {
  const int64_t fine = level - 1, width = reveal->width[fine], height = reveal->height[fine];
  const int64_t here = reveal->first[level] + y * reveal->width[level] + x;
  double sum = 0;
  int count = 0;
  for (int64_t v = 2 * y; v < 2 * y + 2 && v < height; v++)
    for (int64_t u = 2 * x; u < 2 * x + 2 && u < width; u++) {
      const int64_t there = reveal->first[fine] + v * width + u;
      if (reveal->known[there] == 0) continue;
      sum += reveal->values[there] / 4; /* quarters: a sum of four values may overflow */
      count++;
    }
  reveal->known[here] = count > 0;
  reveal->values[here] = count > 0 ? sum * (4.0 / count) : 0;
}

static int64_t clamp(int64_t place, int64_t count) {
  return place < 0 ? 0 : place < count ? place : count - 1;
}

/* Centres of coarser pixels lie between those of finer ones: three quarters of the nearer, a quarter of the farther. */
static void push_one(const attrib__reveal *reveal, int64_t level, int64_t x, int64_t y) {
  const int64_t coarse = level + 1, width = reveal->width[coarse], height = reveal->height[coarse];
  const int64_t near_x = x / 2, near_y = y / 2;
  const int64_t far_x = clamp(x % 2 == 0 ? near_x - 1 : near_x + 1, width);
  const int64_t far_y = clamp(y % 2 == 0 ? near_y - 1 : near_y + 1, height);
  const double *values = reveal->values + reveal->first[coarse];
  const double near_row = 0.75 * values[near_y * width + near_x] + 0.25 * values[near_y * width + far_x];
  const double far_row = 0.75 * values[far_y * width + near_x] + 0.25 * values[far_y * width + far_x];
  reveal->values[reveal->first[level] + y * reveal->width[level] + x] = 0.75 * near_row + 0.25 * far_row;
}

static void fill_in(const attrib__reveal *reveal) {
  for (int64_t level = 1; level < reveal->levels; level++)
    for (int64_t y = 0; y < reveal->height[level]; y++)
      for (int64_t x = 0; x < reveal->width[level]; x++) pull_one(reveal, level, x, y);
  for (int64_t level = reveal->levels - 2; level >= 0; level--)
    for (int64_t y = 0; y < reveal->height[level]; y++)
      for (int64_t x = 0; x < reveal->width[level]; x++)
        if (reveal->known[reveal->first[level] + y * reveal->width[level] + x] == 0) push_one(reveal, level, x, y);
}

void attrib__reveal_write(const attrib__reveal *reveal, const unsigned char *marks, const void *picture, void *point) {
  const attrib_image *shape = &reveal->shape;
  for (int64_t channel = 0; channel < shape->channels; channel++) {
    for (int64_t y = 0; y < shape->height; y++)
      for (int64_t x = 0; x < shape->width; x++) {
        const int64_t here = y * shape->width + x;
        reveal->known[here] = marks[here] != 0;
        attrib__rows_load(reveal->dtype, picture, attrib__image_offset(shape, x, y, channel), 1, &reveal->values[here]);
      }
    fill_in(reveal);
    for (int64_t y = 0; y < shape->height; y++)
      for (int64_t x = 0; x < shape->width; x++)
        attrib__rows_store(reveal->dtype, point, attrib__image_offset(shape, x, y, channel), 1,
                           &reveal->values[y * shape->width + x]);
  }
}
