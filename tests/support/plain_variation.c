#include "plain_variation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *block(int64_t n) {
  double *values = malloc((size_t)n * sizeof *values);
  if (values == NULL) abort();
  return values;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

double plain_variation(int64_t height, int64_t width, const double *map) {
  const int64_t count = height * width;
  double *sizes = block(count), *n = block(count), sum = 0;
  for (int64_t i = 0; i < count; i++) sizes[i] = fabs(map[i]);
  qsort(sizes, (size_t)count, sizeof *sizes, ascending);
  const double position = 0.99 * (double)(count - 1), least = sizes[0];
  const int64_t rank = (int64_t)position;
  double most = sizes[rank];
  if (rank + 1 < count) most += (position - (double)rank) * (sizes[rank + 1] - sizes[rank]);
  for (int64_t i = 0; i < count; i++)
    n[i] = most == least ? 0 : fmin(fmax((fabs(map[i]) - least) / (most - least), 0), 1);
  for (int64_t i = 0; i < count; i++) {
    if (i % width < width - 1) sum += fabs(n[i + 1] - n[i]);
    if (i / width < height - 1) sum += fabs(n[i + width] - n[i]);
  }
  free(sizes);
  free(n);
  return sum / (double)count;
}

static int64_t reflected(int64_t i, int64_t n) {
  return i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i;
}

/* One pixel of the smoothed map, both directions at once. */
static double smoothed_pixel(int64_t height, int64_t width, const double *map, int64_t y, int64_t x) {
  double sum = 0, total = 0;
  for (int64_t i = -2; i <= 2; i++)
    for (int64_t j = -2; j <= 2; j++) {
      double weight = exp(-(double)(i * i + j * j) / (2 * 0.5 * 0.5));
      sum += weight * map[reflected(y + i, height) * width + reflected(x + j, width)];
      total += weight;
    }
  return sum / total;
}

static double *plain_next(int64_t height, int64_t width, const double *map, int64_t rows, int64_t columns) {
  double *next = block(rows * columns);
  for (int64_t i = 0; i < rows * columns; i++) {
    double y = ((double)(i / columns) + 0.5) * (double)height / (double)rows - 0.5;
    double x = ((double)(i % columns) + 0.5) * (double)width / (double)columns - 0.5;
    next[i] = 0;
    for (int corner = 0; corner < 4; corner++) {
      int64_t row = (int64_t)floor(y) + corner / 2, column = (int64_t)floor(x) + corner % 2;
      double share = (1 - fabs(y - (double)row)) * (1 - fabs(x - (double)column));
      next[i] += share * smoothed_pixel(height, width, map, row, column);
    }
  }
  return next;
}

double plain_simpson(int64_t count, const double *v) {
  if (count <= 1) return 0;
  if (count == 2) return (v[0] + v[1]) / 2;
  if (count == 4) return 3 * (v[0] + 3 * v[1] + 3 * v[2] + v[3]) / 8;
  return (v[0] + 4 * v[1] + v[2]) / 3 + plain_simpson(count - 2, v + 2);
}

double plain_variation_area(int64_t height, int64_t width, const double *map, int64_t *levels) {
  double variations[32], *own = block(height * width);
  memcpy(own, map, (size_t)(height * width) * sizeof *map);
  for (*levels = 0;;) {
    variations[(*levels)++] = plain_variation(height, width, own);
    const int64_t rows = (int64_t)ceil((double)height / 1.5), columns = (int64_t)ceil((double)width / 1.5);
    if (rows < 30 || columns < 30) break;
    double *next = plain_next(height, width, own, rows, columns);
    free(own);
    own = next;
    height = rows;
    width = columns;
  }
  free(own);
  return plain_simpson(*levels, variations);
}
