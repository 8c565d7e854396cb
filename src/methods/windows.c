/* windows.c - see windows.h. Windows are ranked by the sum of |map|, which is the mean times side^2. */
#include "windows.h"

#include <math.h>

/* Sums over the windows at all places; where a window was ruled out, OUT. */
typedef struct places {
  int64_t rows, columns, side;
  double *sums;
} places;

#define OUT (-1.0) /* sums are not negative */

int64_t attrib__windows_scratch(int64_t height, int64_t width, int64_t side) {
  return side > height || side > width ? 0 : height * (width - side + 1);
}

static void sum_windows(const places *all, int64_t height, int64_t width, const double *map) {
  double *sums = all->sums;
  for (int64_t y = 0; y < height; y++) {
    for (int64_t x = 0; x < all->columns; x++) {
      double sum = 0;
      for (int64_t j = 0; j < all->side; j++) sum += fabs(map[y * width + x + j]);
      sums[y * all->columns + x] = sum;
    }
  }
  /* In place: a window's sum lies where its first row's was, which no later one needs. */
  for (int64_t y = 0; y < all->rows; y++)
    for (int64_t x = 0; x < all->columns; x++)
      for (int64_t i = 1; i < all->side; i++) sums[y * all->columns + x] += sums[(y + i) * all->columns + x];
}

/* Index of the first of the largest sums; -1 where all are out. */
static int64_t find_best(const places *all) {
  int64_t best = -1;
  double largest = OUT;
  for (int64_t i = 0; i < all->rows * all->columns; i++) {
    if (!(all->sums[i] > largest)) continue;
    largest = all->sums[i];
    best = i;
  }
  return best;
}

static void rule_out_around(const places *all, int64_t row, int64_t column) {
  int64_t top = row - all->side + 1, left = column - all->side + 1;
  for (int64_t y = top < 0 ? 0 : top; y < all->rows && y < row + all->side; y++)
    for (int64_t x = left < 0 ? 0 : left; x < all->columns && x < column + all->side; x++)
      all->sums[y * all->columns + x] = OUT;
}

int64_t attrib__windows_choose(int64_t height, int64_t width, const double *map, int64_t side, int64_t most,
                               double *scratch, int64_t *corners) {
  if (side > height || side > width) return 0;
  places all = {height - side + 1, width - side + 1, side, scratch};
  sum_windows(&all, height, width, map);
  int64_t count = 0;
  while (count < most) {
    int64_t best = find_best(&all);
    if (best < 0) break;
    int64_t row = best / all.columns, column = best % all.columns;
    corners[count++] = row * width + column;
    rule_out_around(&all, row, column);
  }
  return count;
}
