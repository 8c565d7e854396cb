/* blur_path.c - see blur_path.h. */
#include "blur_path.h"

#include <inttypes.h>
#include <string.h>

#include "../image/gaussian.h"
#include "../image/shape.h"
#include "../model/model.h"
#include "../rows/rows.h"

attrib_status attrib__blur_path_read(attrib_context *context, const attrib_model *model, const void *input,
                                     const attrib_image *shape, attrib__blur_path *path) {
  path->dtype = model->dtype;
  path->n = model->n_inputs;
  path->input = input;
  attrib_status status = attrib__check_row(context, "input", model, input);
  if (status < 0) return status;
  if (shape == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL");
  status = attrib__image_read_shape(context, path->dtype, shape, &path->shape);
  if (status < 0) return status;
  const int64_t width = path->shape.width, height = path->shape.height;
  int64_t last = attrib__image_offset(&path->shape, width - 1, height - 1, path->shape.channels - 1);
  if (last >= path->n)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->shape: its last element would be input %" PRId64 ", and the model has %" PRId64
                        " inputs",
                        last, path->n);
  if (attrib__gaussian_scratch(&path->shape, path->max_sigma, &path->scratch_bytes)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "options->shape: %" PRId64 " x %" PRId64 " pixels need more scratch than memory can be", width,
                      height);
}

void attrib__blur_path_layout(attrib__blur_path *path, attrib__arena *arena) {
  path->from = attrib__carve(arena, path->n, attrib__element_size(path->dtype));
  path->to = attrib__carve(arena, path->n, attrib__element_size(path->dtype));
  path->scratch = attrib__carve(arena, (int64_t)path->scratch_bytes, 1);
}

static void copy_row(const attrib__blur_path *path, const void *row, void *copy) {
  memcpy(copy, row, (size_t)path->n * attrib__element_size(path->dtype));
}

static bool is_flat(const attrib__blur_path *path, int64_t channel) {
  const attrib_image *shape = &path->shape;
  double first, value;
  attrib__rows_load(path->dtype, path->input, attrib__image_offset(shape, 0, 0, channel), 1, &first);
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++) {
      attrib__rows_load(path->dtype, path->input, attrib__image_offset(shape, x, y, channel), 1, &value);
      if (value != first) return false;
    }
  return true;
}

/* A flat channel, which a blur could only round, stays the input's. */
static void write_knot(const attrib__blur_path *path, int64_t m, void *knot) {
  if (m == path->steps) {
    copy_row(path, path->input, knot);
    return;
  }
  const double rest = (double)(path->steps - m) / (double)path->steps;
  const double sigma = path->max_sigma * (path->equal ? rest : rest * rest);
  attrib__gaussian gaussian;
  attrib__gaussian_begin(&gaussian, path->dtype, &path->shape, sigma, path->scratch);
  for (int64_t channel = 0; channel < path->shape.channels; channel++)
    if (!is_flat(path, channel)) attrib__gaussian_channel(&gaussian, channel, path->input, knot);
}

void attrib__blur_path_start(attrib__blur_path *path, void *point) {
  copy_row(path, path->input, path->from);
  copy_row(path, path->input, path->to);
  write_knot(path, 0, path->from);
  copy_row(path, path->from, point);
}

attrib_status attrib__blur_path_chord(attrib__blur_path *path, attrib_context *context, int64_t m, void *middle,
                                      void *way) {
  double start[ATTRIB__BLOCK], displacement[ATTRIB__BLOCK];
  void *from = path->from;
  write_knot(path, m + 1, path->to);
  for (int64_t begin = 0, n; begin < path->n; begin += n) {
    n = attrib__block_length(begin, path->n);
    attrib__rows_load(path->dtype, from, begin, n, start);
    attrib__rows_displacement(path->dtype, path->to, from, begin, n, displacement);
    attrib__rows_interpolate(path->dtype, start, displacement, 0.5, begin, n, middle);
    attrib__rows_store(path->dtype, way, begin, n, displacement);
  }
  path->from = path->to;
  path->to = from;
  int64_t bad = attrib__rows_find_nonfinite(path->dtype, way, path->n);
  if (bad < 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "input: step %" PRId64 " of the blur moves element %" PRId64 " too far", m, bad);
}
