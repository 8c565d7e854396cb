/* gaussian.c - see gaussian.h.
 *
 * A line of n pixels, reflected for ever, repeats after 2n. A kernel longer than the line is therefore folded onto that
 * period first, to at most n taps on each side: a line costs n * min(2n, 2 radius) whatever sigma, and no pixel is ever
 * further than one reflection away. Taps k and -k are added as a pair, so mirrored pictures give mirrored bits. */
#include "gaussian.h"

#include <float.h>
#include <math.h>

#include "../base/clones.h"
#include "../base/size.h"
#include "../rows/rows.h"
#include "shape.h"

static attrib__gaussian_kernel size_kernel(double sigma, int64_t length) {
  attrib__gaussian_kernel kernel = {.length = length, .radius = (int64_t)(4 * sigma + 0.5)};
  if (length == 1) kernel.radius = 0; /* all reflections of a lone pixel are itself: spare it the rounding */
  kernel.taps = kernel.radius < length ? kernel.radius : length;
  return kernel;
}

/* Weight k of the unfolded kernel lands k steps along the way 0, 1 .. length, length - 1 .. 0, 1 ..: where k and -k
 * meet on the period. At 0 both fall on one tap; at length they do too, but that tap is read from both sides. */
static void build_kernel(const attrib__gaussian_kernel *kernel, double sigma) {
  double *weights = kernel->weights;
  for (int64_t k = 1; k <= kernel->taps; k++) weights[k] = 0;
  weights[0] = 1;
  int64_t place = 0, step = 1;
  for (int64_t k = 1; k <= kernel->radius; k++) {
    place += step;
    if (place == kernel->length) step = -1;
    if (place == 0) step = 1;
    double distance = (double)k / sigma;
    double weight = exp(-0.5 * (distance * distance));
    weights[place] += place == 0 ? 2 * weight : weight;
  }
  double total = 0;
  for (int64_t k = kernel->taps; k >= 1; k--) total += 2 * weights[k];
  total += weights[0];
  for (int64_t k = 0; k <= kernel->taps; k++) weights[k] /= total;
}

static void load_line(uint32_t dtype, const void *picture, int64_t begin, int64_t stride, int64_t n, double *values) {
  if (stride == 1) {
    attrib__rows_load(dtype, picture, begin, n, values);
    return;
  }
  for (int64_t i = 0; i < n; i++) attrib__rows_load(dtype, picture, begin + i * stride, 1, &values[i]);
}

static void store_line(uint32_t dtype, void *picture, int64_t begin, int64_t stride, int64_t n, const double *values) {
  if (stride == 1) {
    attrib__rows_store(dtype, picture, begin, n, values);
    return;
  }
  for (int64_t i = 0; i < n; i++) attrib__rows_store(dtype, picture, begin + i * stride, 1, &values[i]);
}

/* Blurs the pixels at line[taps .. taps + length) into blurred; the reflections on both sides are filled in here. */
ATTRIB__CLONES static void blur_line(const attrib__gaussian_kernel *kernel, double *restrict line,
                                     double *restrict blurred) {
  int64_t n = kernel->length, taps = kernel->taps;
  double *pixels = line + taps;
  for (int64_t k = 0; k < taps; k++) {
    pixels[-1 - k] = pixels[k];
    pixels[n + k] = pixels[n - 1 - k];
  }
  for (int64_t i = 0; i < n; i++) blurred[i] = kernel->weights[0] * pixels[i];
  for (int64_t k = 1; k <= taps; k++) {
    double weight = kernel->weights[k];
    const double *left = pixels - k, *right = pixels + k;
    for (int64_t i = 0; i < n; i++) blurred[i] += weight * left[i] + weight * right[i];
  }
  /* A mean of the largest numbers there are may round up past them. */
  for (int64_t i = 0; i < n; i++) {
    if (blurred[i] > DBL_MAX) blurred[i] = DBL_MAX;
    if (blurred[i] < -DBL_MAX) blurred[i] = -DBL_MAX;
  }
}

bool attrib__gaussian_scratch(const attrib_image *shape, double sigma, size_t *bytes) {
  uint64_t width = (uint64_t)shape->width, height = (uint64_t)shape->height;
  uint64_t across = (uint64_t)size_kernel(sigma, shape->width).taps;
  uint64_t down = (uint64_t)size_kernel(sigma, shape->height).taps;
  uint64_t longest = width > height ? width : height, most = across > down ? across : down;
  *bytes = 0;
  /* width * height fits: every pixel has an address (shape.h). taps <= length. */
  return attrib__size_add(bytes, width * height, sizeof(double)) &&
         attrib__size_add(bytes, across + 1, sizeof(double)) && attrib__size_add(bytes, down + 1, sizeof(double)) &&
         attrib__size_add(bytes, longest, sizeof(double)) &&
         attrib__size_add(bytes, longest + 2 * most, sizeof(double));
}

void attrib__gaussian_begin(attrib__gaussian *g, uint32_t dtype, const attrib_image *shape, double sigma,
                            void *scratch) {
  *g = (attrib__gaussian){.dtype = dtype, .shape = *shape};
  g->across = size_kernel(sigma, shape->width);
  g->down = size_kernel(sigma, shape->height);
  g->plane = scratch;
  g->across.weights = g->plane + shape->width * shape->height;
  g->down.weights = g->across.weights + g->across.taps + 1;
  g->blurred = g->down.weights + g->down.taps + 1;
  g->line = g->blurred + (shape->width > shape->height ? shape->width : shape->height);
  build_kernel(&g->across, sigma);
  build_kernel(&g->down, sigma);
}

void attrib__gaussian_channel(const attrib__gaussian *g, int64_t channel, const void *input, void *row) {
  const attrib_image *shape = &g->shape;
  for (int64_t y = 0; y < shape->height; y++) {
    load_line(g->dtype, input, attrib__image_offset(shape, 0, y, channel), shape->x_stride, shape->width,
              g->line + g->across.taps);
    blur_line(&g->across, g->line, g->plane + y * shape->width);
  }
  for (int64_t x = 0; x < shape->width; x++) {
    load_line(ATTRIB_F64, g->plane, x, shape->width, shape->height, g->line + g->down.taps);
    blur_line(&g->down, g->line, g->blurred);
    store_line(g->dtype, row, attrib__image_offset(shape, x, 0, channel), shape->y_stride, shape->height, g->blurred);
  }
}
