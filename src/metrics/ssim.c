/* ssim.c - see ssim.h. Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural
 * similarity" (2004). Variances are taken about the window's own mean: maps far from 0 lose nothing to cancellation. */
#include "ssim.h"

#include <inttypes.h>
#include <math.h>

#include "../image/shape.h"
#include "../rows/sum.h"

enum { SIDE = 11, MIDDLE = SIDE / 2 };
static const double WINDOW_SIGMA = 1.5, K1 = 0.01, K2 = 0.03;

typedef struct window {
  double weights[SIDE * SIDE]; /* they add up to 1 */
  double scale;                /* of all values: no square of theirs overflows, and none that counts vanishes */
  double c1, c2;
} window;

attrib_status attrib__ssim_read_shape(attrib_context *context, const attrib_image *given, int64_t count,
                                      attrib_image *shape) {
  attrib_status status = attrib__image_read_shape(context, ATTRIB_F64, given, shape);
  if (status < 0) return status;
  return attrib__image_check_covers(context, shape, count, "map", "values");
}

const char *attrib__ssim_missing(const attrib_image *shape, double range) {
  if (shape->width < SIDE || shape->height < SIDE) return "the picture is smaller than SSIM's window of 11 x 11 pixels";
  return range > 0 ? NULL : "both maps are the same value everywhere, and SSIM has no range";
}

static void build(const attrib_image *shape, const double *a, const double *b, double range, window *w) {
  double largest = range;
  int exponent;
  const int64_t count = shape->width * shape->height * shape->channels;
  for (int64_t i = 0; i < count; i++) largest = fmax(largest, fmax(fabs(a[i]), fabs(b[i])));
  frexp(largest, &exponent);
  w->scale = ldexp(1, exponent < -1000 ? 1000 : -exponent);
  w->c1 = K1 * (range * w->scale) * (K1 * (range * w->scale));
  w->c2 = K2 * (range * w->scale) * (K2 * (range * w->scale));
  double total = 0;
  for (int y = -MIDDLE; y <= MIDDLE; y++)
    for (int x = -MIDDLE; x <= MIDDLE; x++)
      total += w->weights[(y + MIDDLE) * SIDE + x + MIDDLE] = exp(-(x * x + y * y) / (2 * WINDOW_SIGMA * WINDOW_SIGMA));
  for (int k = 0; k < SIDE * SIDE; k++) w->weights[k] /= total;
}

/* Of the window whose first pixel is at (x, y). */
static double similarity(const window *w, const attrib_image *shape, const double *a, const double *b, int64_t x,
                         int64_t y, int64_t channel) {
  double mean_a = 0, mean_b = 0, square_a = 0, square_b = 0, product = 0;
  const int64_t corner = attrib__image_offset(shape, x, y, channel);
  for (int64_t row = 0, k = 0; row < SIDE; row++)
    for (int64_t column = 0; column < SIDE; column++, k++) {
      const int64_t i = corner + row * shape->y_stride + column * shape->x_stride;
      mean_a += w->weights[k] * (a[i] * w->scale);
      mean_b += w->weights[k] * (b[i] * w->scale);
    }
  for (int64_t row = 0, k = 0; row < SIDE; row++)
    for (int64_t column = 0; column < SIDE; column++, k++) {
      const int64_t i = corner + row * shape->y_stride + column * shape->x_stride;
      const double off_a = a[i] * w->scale - mean_a, off_b = b[i] * w->scale - mean_b;
      square_a += w->weights[k] * (off_a * off_a);
      square_b += w->weights[k] * (off_b * off_b);
      product += w->weights[k] * (off_a * off_b);
    }
  const double luminance = (2 * (mean_a * mean_b) + w->c1) / (mean_a * mean_a + mean_b * mean_b + w->c1);
  return luminance * ((2 * product + w->c2) / (square_a + square_b + w->c2));
}

double attrib__ssim(const attrib_image *shape, const double *a, const double *b, double range) {
  const int64_t across = shape->width - SIDE + 1, down = shape->height - SIDE + 1;
  window w;
  attrib__sum sum = {0, 0};
  build(shape, a, b, range, &w);
  for (int64_t channel = 0; channel < shape->channels; channel++)
    for (int64_t y = 0; y < down; y++)
      for (int64_t x = 0; x < across; x++) attrib__sum_add(&sum, similarity(&w, shape, a, b, x, y, channel));
  return attrib__sum_value(&sum) / (double)(across * down * shape->channels);
}
