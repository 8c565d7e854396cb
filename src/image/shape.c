/* shape.c - see shape.h. */
#include "shape.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../context/context.h"
#include "../rows/rows.h"

enum { AXES = 3 };

/* A picture's axes as an array, so that checks are loops. */
typedef struct axis {
  const char *extent_name, *stride_name;
  int64_t extent, stride;
} axis;

static void list_axes(const attrib_image *shape, axis axes[AXES]) {
  axes[0] = (axis){"width", "x_stride", shape->width, shape->x_stride};
  axes[1] = (axis){"height", "y_stride", shape->height, shape->y_stride};
  axes[2] = (axis){"channels", "channel_stride", shape->channels, shape->channel_stride};
}

static attrib_status overflow(attrib_context *context, const attrib_image *shape) {
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "shape: %" PRId64 " x %" PRId64 " pixels x %" PRId64 " channels with strides %" PRId64
                      ", %" PRId64 ", %" PRId64 " is more than memory can be",
                      shape->width, shape->height, shape->channels, shape->x_stride, shape->y_stride,
                      shape->channel_stride);
}

static attrib_status check_numbers(attrib_context *context, const attrib_image *shape) {
  if (shape->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "shape->flags = 0x%" PRIx32 ": this version knows none",
                        shape->flags);
  axis axes[AXES];
  list_axes(shape, axes);
  for (int i = 0; i < AXES; i++)
    if (axes[i].extent < 1)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "shape->%s = %" PRId64 ": must be at least 1",
                          axes[i].extent_name, axes[i].extent);
  if (shape->x_stride == 0 && shape->y_stride == 0 && shape->channel_stride == 0) return ATTRIB_OK;
  for (int i = 0; i < AXES; i++)
    if (axes[i].stride < 1)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "shape->%s = %" PRId64 ": must be at least 1, or all strides 0",
                          axes[i].stride_name, axes[i].stride);
  return ATTRIB_OK;
}

/* The offset of the last element. False where it does not fit. */
static bool last_offset(const axis axes[AXES], int64_t *last) {
  int64_t sum = 0;
  for (int i = 0; i < AXES; i++) {
    int64_t reach;
    if (!attrib__count_multiply(axes[i].extent - 1, axes[i].stride, &reach) || reach > INT64_MAX - sum) return false;
    sum += reach;
  }
  *last = sum;
  return true;
}

/* No two elements share an address where each axis steps over all that the axes with smaller strides reach. An axis of
 * one element takes no step. Returns the axis that steps too short, or NULL. */
static const axis *find_overlap(const axis axes[AXES]) {
  for (int i = 0; i < AXES; i++) {
    if (axes[i].extent == 1) continue;
    int64_t reach = 0;
    for (int k = 0; k < AXES; k++) {
      bool inner = axes[k].stride < axes[i].stride || (axes[k].stride == axes[i].stride && k < i);
      if (inner) reach += (axes[k].extent - 1) * axes[k].stride;
    }
    if (axes[i].stride <= reach) return &axes[i];
  }
  return NULL;
}

attrib_status attrib__image_read_shape(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                       attrib_image *latest) {
  size_t size = attrib__element_size(dtype);
  if (size == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "dtype = %" PRIu32 ": must be ATTRIB_F32 or ATTRIB_F64", dtype);
  attrib_status status = attrib__read_struct(context, "shape", shape, ATTRIB__FIRST_IMAGE, latest, sizeof *latest);
  if (status < 0) return status;
  status = check_numbers(context, latest);
  if (status < 0) return status;
  if (latest->x_stride == 0) {
    latest->channel_stride = 1;
    latest->x_stride = latest->channels;
    if (!attrib__count_multiply(latest->width, latest->channels, &latest->y_stride)) return overflow(context, latest);
  }
  axis axes[AXES];
  list_axes(latest, axes);
  int64_t last;
  size_t bytes = size;
  if (!last_offset(axes, &last) || !attrib__size_add(&bytes, (uint64_t)last, size)) return overflow(context, latest);
  const axis *overlap = find_overlap(axes);
  if (overlap != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "shape->%s = %" PRId64 ": elements of the picture would share addresses", overlap->stride_name,
                        overlap->stride);
  return ATTRIB_OK;
}

attrib_status attrib__image_check_covers(attrib_context *context, const attrib_image *shape, int64_t count,
                                         const char *owner, const char *elements) {
  const int64_t all = shape->width * shape->height * shape->channels;
  const int64_t last = attrib__image_offset(shape, shape->width - 1, shape->height - 1, shape->channels - 1);
  if (all == count && last == count - 1) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->shape: %" PRId64 " x %" PRId64 " pixels of %" PRId64 " channels, the last at %" PRId64
                      ", are not the %s's %" PRId64 " %s",
                      shape->width, shape->height, shape->channels, last, owner, count, elements);
}

int64_t attrib__image_offset(const attrib_image *shape, int64_t x, int64_t y, int64_t channel) {
  return x * shape->x_stride + y * shape->y_stride + channel * shape->channel_stride;
}

attrib_status attrib__image_check_finite(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                         const char *name, const void *picture) {
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      for (int64_t channel = 0; channel < shape->channels; channel++) {
        double value;
        attrib__rows_load(dtype, picture, attrib__image_offset(shape, x, y, channel), 1, &value);
        if (!isfinite(value))
          return attrib__fail(context, ATTRIB_E_NONFINITE,
                              "%s = %g at x = %" PRId64 ", y = %" PRId64 ", channel %" PRId64 ": must be finite", name,
                              value, x, y, channel);
      }
  return ATTRIB_OK;
}

attrib_status attrib__image_check_map(attrib_context *context, int64_t count, const double *map) {
  int64_t i = attrib__rows_find_nonfinite(ATTRIB_F64, map, count);
  if (i < 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_NONFINITE, "map[%" PRId64 "] = %g: must be finite", i, map[i]);
}

attrib_status attrib__image_check_count(attrib_context *context, int64_t count, size_t size) {
  if (count < 1) return attrib__fail(context, ATTRIB_E_ARGUMENT, "count = %" PRId64 ": must be at least 1", count);
  size_t bytes = 0;
  if (!attrib__size_add(&bytes, (uint64_t)count, size))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "count = %" PRId64 ": is more than memory can be", count);
  return ATTRIB_OK;
}
