/* blur.c - Gaussian blur with a reflected border.
 *
 * A line of n pixels, reflected for ever, repeats after 2n. A kernel longer than the line is therefore folded onto that
 * period first, to at most n taps on each side: a line costs n * min(2n, 2 radius) whatever sigma, and no pixel is ever
 * further than one reflection away. Taps k and -k are added as a pair, so mirrored pictures give mirrored bits. */
#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "../base/size.h"
#include "../context/context.h"
#include "../rows/rows.h"
#include "shape.h"

/* The kernel for lines of `length` pixels: weights[0] for the pixel itself, weights[k] for each of the two k away.
 * They add up to 1. radius: taps before folding; taps <= length. */
typedef struct blur_kernel {
  int64_t length, radius, taps;
  double *weights;
} blur_kernel;

typedef struct blur_plan {
  uint32_t dtype;
  attrib_image shape;
  blur_kernel across, down;
  double *plane;   /* height x width: a channel blurred across */
  double *line;    /* a line with its reflections on both sides */
  double *blurred; /* a line's result */
} blur_plan;

static blur_kernel size_kernel(double sigma, int64_t length) {
  blur_kernel kernel = {.length = length, .radius = (int64_t)(4 * sigma + 0.5)};
  if (length == 1) kernel.radius = 0; /* all reflections of a lone pixel are itself: spare it the rounding */
  kernel.taps = kernel.radius < length ? kernel.radius : length;
  return kernel;
}

/* Weight k of the unfolded kernel lands k steps along the way 0, 1 .. length, length - 1 .. 0, 1 ..: where k and -k
 * meet on the period. At 0 both fall on one tap; at length they do too, but that tap is read from both sides. */
static void build_kernel(const blur_kernel *kernel, double sigma) {
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
static void blur_line(const blur_kernel *kernel, double *restrict line, double *restrict blurred) {
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

static void blur_channel(const blur_plan *plan, int64_t channel, const void *input, void *row) {
  const attrib_image *shape = &plan->shape;
  for (int64_t y = 0; y < shape->height; y++) {
    load_line(plan->dtype, input, attrib__image_offset(shape, 0, y, channel), shape->x_stride, shape->width,
              plan->line + plan->across.taps);
    blur_line(&plan->across, plan->line, plan->plane + y * shape->width);
  }
  for (int64_t x = 0; x < shape->width; x++) {
    load_line(ATTRIB_F64, plan->plane, x, shape->width, shape->height, plan->line + plan->down.taps);
    blur_line(&plan->down, plan->line, plan->blurred);
    store_line(plan->dtype, row, attrib__image_offset(shape, x, 0, channel), shape->y_stride, shape->height,
               plan->blurred);
  }
}

/* Lays the scratch memory out in one block. */
static attrib_status plan_memory(attrib_context *context, blur_plan *plan) {
  uint64_t width = (uint64_t)plan->shape.width, height = (uint64_t)plan->shape.height;
  uint64_t across = (uint64_t)plan->across.taps, down = (uint64_t)plan->down.taps;
  uint64_t longest = width > height ? width : height, most = across > down ? across : down;
  size_t bytes = 0;
  /* width * height fits: every pixel has an address (shape.h). taps <= length. */
  bool fits = attrib__size_add(&bytes, width * height, sizeof(double)) &&
              attrib__size_add(&bytes, across + 1, sizeof(double)) &&
              attrib__size_add(&bytes, down + 1, sizeof(double)) && attrib__size_add(&bytes, longest, sizeof(double)) &&
              attrib__size_add(&bytes, longest + 2 * most, sizeof(double));
  if (!fits)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "shape: %" PRIu64 " x %" PRIu64 " pixels need more scratch than memory can be", width, height);
  double *block = attrib__workspace(context, bytes);
  if (block == NULL) return attrib__fail_memory(context, bytes);
  plan->plane = block;
  plan->across.weights = plan->plane + width * height;
  plan->down.weights = plan->across.weights + across + 1;
  plan->blurred = plan->down.weights + down + 1;
  plan->line = plan->blurred + longest;
  return ATTRIB_OK;
}

static attrib_status blur(attrib_context *context, uint32_t dtype, const attrib_image *shape, const void *input,
                          double sigma, void *row) {
  blur_plan plan = {.dtype = dtype};
  attrib_status status = attrib__image_read_shape(context, dtype, shape, &plan.shape);
  if (status < 0) return status;
  if (input == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "input is NULL");
  if (!(sigma >= 0 && sigma <= 1e6))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "sigma = %g: must be in [0, 1e6]", sigma);
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  plan.across = size_kernel(sigma, plan.shape.width);
  plan.down = size_kernel(sigma, plan.shape.height);
  status = plan_memory(context, &plan);
  if (status < 0) return status;
  status = attrib__image_check_finite(context, dtype, &plan.shape, "input", input);
  if (status < 0) return status;

  build_kernel(&plan.across, sigma);
  build_kernel(&plan.down, sigma);
  for (int64_t channel = 0; channel < plan.shape.channels; channel++) blur_channel(&plan, channel, input, row);
  return ATTRIB_OK;
}

attrib_status attrib_image_blur(attrib_context *given, uint32_t dtype, const attrib_image *shape, const void *input,
                                double sigma, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = blur(context, dtype, shape, input, sigma, row);
  attrib__end(context, &local);
  return status;
}
