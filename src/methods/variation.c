/* variation.c - see variation.h.
 *
 * Both steps to the next level add multiples of differences to a value they start from, so that what is constant stays
 * constant to the bit: else the normalisation of a flat map would blow rounding errors up to full contrast. */
#include "variation.h"

#include <math.h>

#include <attrib/image.h>

#include "../image/percentile.h"
#include "../quadrature/simpson.h"
#include "../rows/sum.h"

enum {
  SMALLEST_SIDE = 30,
  RADIUS = 2,      /* of the smoothing: 4 sigma */
  MOST_LEVELS = 64 /* of a map of 2^60 doubles there are 44 */
};

#define CLIPPED_PERCENTILE 99.0
#define SIGMA 0.5

/* -- one level ---------------------------------------------------------------------------------------------------- */

/* Where p99 = min all is clipped to 1, and nothing varies. */
static void normalise(int64_t count, const double *map, double *normalised) {
  double least = fabs(map[0]);
  for (int64_t i = 1; i < count; i++) least = fmin(least, fabs(map[i]));
  double range = attrib__image_percentile(count, CLIPPED_PERCENTILE, ATTRIB_SIGN_ABSOLUTE, map) - least;
  for (int64_t i = 0; i < count; i++) {
    double above = fabs(map[i]) - least;
    normalised[i] = above < range ? above / range : 1;
  }
}

double attrib__variation(int64_t height, int64_t width, const double *map, double *normalised) {
  normalise(height * width, map, normalised);
  attrib__sum sum = {0, 0};
  for (int64_t y = 0; y < height; y++) {
    const double *row = normalised + y * width;
    for (int64_t x = 0; x + 1 < width; x++) attrib__sum_add(&sum, fabs(row[x + 1] - row[x]));
    if (y + 1 == height) break;
    for (int64_t x = 0; x < width; x++) attrib__sum_add(&sum, fabs(row[width + x] - row[x]));
  }
  return attrib__sum_value(&sum) / (double)(height * width);
}

/* -- the next level ----------------------------------------------------------------------------------------------- */

/* side / 1.5, rounded up. */
static int64_t smaller(int64_t side) {
  return side - side / 3;
}

bool attrib__variation_has_area(int64_t height, int64_t width) {
  return smaller(height) >= SMALLEST_SIDE && smaller(width) >= SMALLEST_SIDE;
}

/* n values, `stride` apart, into the same places of `to`, which may be `from`. line: n + 2 RADIUS doubles of scratch;
 * n > RADIUS, so that one reflection is enough. */
static void smooth_line(int64_t n, int64_t stride, const double *from, double *to, const double *weights,
                        double *line) {
  double *middle = line + RADIUS;
  for (int64_t i = 0; i < n; i++) middle[i] = from[i * stride];
  for (int64_t k = 0; k < RADIUS; k++) {
    middle[-1 - k] = middle[k];
    middle[n + k] = middle[n - 1 - k];
  }
  for (int64_t i = 0; i < n; i++) {
    double value = middle[i];
    for (int64_t k = 1; k <= RADIUS; k++)
      value += weights[k] * ((middle[i - k] - middle[i]) + (middle[i + k] - middle[i]));
    to[i * stride] = value;
  }
}

static void smooth(int64_t height, int64_t width, const double *map, double *smoothed, double *line) {
  double weights[RADIUS + 1] = {1}, total = 1;
  for (int k = 1; k <= RADIUS; k++) {
    double distance = k / SIGMA;
    weights[k] = exp(-0.5 * (distance * distance));
    total += 2 * weights[k];
  }
  for (int k = 0; k <= RADIUS; k++) weights[k] /= total;
  for (int64_t y = 0; y < height; y++) smooth_line(width, 1, map + y * width, smoothed + y * width, weights, line);
  for (int64_t x = 0; x < width; x++) smooth_line(height, width, smoothed + x, smoothed + x, weights, line);
}

/* Where the centre of pixel i of `count` lies among `of` pixels: between `left` and the one after it. As a level is
 * smaller by about 1.5, both are always there. */
typedef struct place {
  int64_t left;
  double share; /* of the one after it */
} place;

static place place_of(int64_t i, int64_t count, int64_t of) {
  double position = ((double)i + 0.5) * (double)of / (double)count - 0.5;
  int64_t left = (int64_t)position;
  return (place){left, position - (double)left};
}

static double between(const double *pair, double share) {
  return pair[0] + share * (pair[1] - pair[0]);
}

static void shrink(int64_t height, int64_t width, const double *smoothed, double *level) {
  int64_t rows = smaller(height), columns = smaller(width);
  for (int64_t i = 0; i < rows; i++) {
    place y = place_of(i, rows, height);
    const double *above = smoothed + y.left * width, *below = above + width;
    for (int64_t j = 0; j < columns; j++) {
      place x = place_of(j, columns, width);
      double values[2] = {between(above + x.left, x.share), between(below + x.left, x.share)};
      level[i * columns + j] = between(values, y.share);
    }
  }
}

/* -- all levels --------------------------------------------------------------------------------------------------- */

int64_t attrib__variation_scratch(int64_t height, int64_t width) {
  if (!attrib__variation_has_area(height, width)) return height * width;
  int64_t line = (height > width ? height : width) + 2 * (int64_t)RADIUS;
  return height * width + smaller(height) * smaller(width) + line;
}

double attrib__variation_area(int64_t height, int64_t width, const double *map, double *scratch) {
  double variations[MOST_LEVELS], *work = scratch, *level = work + height * width;
  double *line = attrib__variation_has_area(height, width) ? level + smaller(height) * smaller(width) : NULL;
  variations[0] = attrib__variation(height, width, map, work);
  int64_t levels = 1;
  for (; attrib__variation_has_area(height, width) && levels < MOST_LEVELS; levels++) {
    smooth(height, width, map, work, line);
    shrink(height, width, work, level);
    map = level;
    height = smaller(height);
    width = smaller(width);
    variations[levels] = attrib__variation(height, width, map, work);
  }
  return attrib__simpson(levels, variations);
}
