/* picture_size.c - see picture_size.h: residuals of a prediction, and the entropy of their histogram. */
#include "picture_size.h"

#include <math.h>

#include <attrib/information.h>

#include "../context/context.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "shape.h"

enum { LEVELS = 256 };

typedef struct picture {
  uint32_t dtype;
  const attrib_image *shape;
  const void *elements;
  double low, high;
} picture;

/* 0 outside of the picture, left of it and above. */
static int level(const picture *p, int64_t x, int64_t y, int64_t channel) {
  if (x < 0 || y < 0) return 0;
  double value;
  attrib__rows_load(p->dtype, p->elements, attrib__image_offset(p->shape, x, y, channel), 1, &value);
  /* Halves, since high - low may overflow. */
  const double share = (value / 2 - p->low / 2) / (p->high / 2 - p->low / 2);
  return (int)floor(fmin(fmax(share, 0), 1) * (LEVELS - 1) + 0.5);
}

/* The median of left, above, and left + above - between: follows edges in either direction. */
static int predicted(int left, int above, int between) {
  const int least = left < above ? left : above, most = left < above ? above : left;
  if (between >= most) return least;
  return between <= least ? most : left + above - between;
}

static void count_residuals(const picture *p, int64_t channel, int64_t counts[LEVELS]) {
  for (int64_t y = 0; y < p->shape->height; y++) {
    int left = 0, between = 0;
    for (int64_t x = 0; x < p->shape->width; x++) {
      const int here = level(p, x, y, channel), above = level(p, x, y - 1, channel);
      /* Along the first row and column the one neighbour there is; the first pixel of all is not counted. */
      const int guess = y == 0 ? left : x == 0 ? above : predicted(left, above, between);
      if (x > 0 || y > 0) counts[(here - guess + LEVELS) % LEVELS]++;
      left = here;
      between = above;
    }
  }
}

double attrib__picture_size(uint32_t dtype, const attrib_image *shape, const void *elements, double low, double high) {
  const picture p = {dtype, shape, elements, low, high};
  int64_t counts[LEVELS] = {0};
  for (int64_t c = 0; c < shape->channels; c++) count_residuals(&p, c, counts);
  const double all = (double)((shape->width * shape->height - 1) * shape->channels);
  attrib__sum bits = {0};
  for (int k = 0; k < LEVELS; k++)
    if (counts[k] > 0) attrib__sum_add(&bits, (double)counts[k] * log2(all / (double)counts[k]));
  return attrib__sum_value(&bits) / 8;
}

static attrib_status find_size(attrib_context *context, uint32_t dtype, const attrib_image *given, const void *elements,
                               double low, double high, double *bytes) {
  attrib_image shape;
  attrib_status status = attrib__image_read_shape(context, dtype, given, &shape);
  if (status < 0) return status;
  if (!(low < high && isfinite(low) && isfinite(high)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "low = %g, high = %g: must be finite, low < high", low, high);
  if (elements == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "picture is NULL");
  if (bytes == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "bytes is NULL");
  status = attrib__image_check_finite(context, dtype, &shape, "picture", elements);
  if (status == ATTRIB_OK) *bytes = attrib__picture_size(dtype, &shape, elements, low, high);
  return status;
}

attrib_status attrib_picture_size(attrib_context *given, uint32_t dtype, const attrib_image *shape,
                                  const void *elements, double low, double high, double *bytes) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = find_size(context, dtype, shape, elements, low, high, bytes);
  attrib__end(context, &local);
  return status;
}
