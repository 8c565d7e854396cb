/* perturbation.c - see perturbation.h. */
#include "perturbation.h"

#include <math.h>
#include <string.h>

#include "../base/select.h"
#include "../image/shape.h"
#include "../quadrature/simpson.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "windows.h"

void attrib__perturbation_layout(attrib__perturbation *p, attrib__arena *arena) {
  /* Of the pixels (i side - 1, j side - 1) every window holds one. */
  const int64_t fit = (p->shape.height / p->side) * (p->shape.width / p->side);
  if (p->windows > fit) p->windows = fit;
  p->picture = attrib__carve(arena, p->n, attrib__element_size(p->dtype));
  p->corners = attrib__carve(arena, p->windows, sizeof *p->corners);
  p->scratch = attrib__carve(arena, attrib__windows_scratch(p->shape.height, p->shape.width, p->side), sizeof(double));
  p->outputs = attrib__carve(arena, p->fills, sizeof(double));
  p->curve = attrib__carve(arena, p->windows + 1, sizeof(double));
}

void attrib__perturbation_begin(attrib__perturbation *p, const double *map, double output) {
  memcpy(p->picture, p->input, (size_t)p->n * attrib__element_size(p->dtype));
  p->count = attrib__windows_choose(p->shape.height, p->shape.width, map, p->side, p->windows, p->scratch, p->corners);
  p->window = 0;
  p->scale = fabs(output);
  p->curve[0] = output / p->scale;
}

bool attrib__perturbation_ended(const attrib__perturbation *p) {
  return p->window == p->count;
}

/* Element j of the window under way, as an element of the row. */
static int64_t element_of(const attrib__perturbation *p, int64_t j) {
  const int64_t pixel = j / p->shape.channels, corner = p->corners[p->window];
  const int64_t x = corner % p->shape.width + pixel % p->side, y = corner / p->shape.width + pixel / p->side;
  return attrib__image_offset(&p->shape, x, y, j % p->shape.channels);
}

static void fill_window(const attrib__perturbation *p, int64_t fill, void *row) {
  const int64_t elements = p->side * p->side * p->shape.channels;
  const uint64_t draw = (uint64_t)(p->window * p->fills + fill);
  double uniforms[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < elements; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, elements);
    attrib__random_uniforms(p->seed, ATTRIB__STREAM_WINDOW_FILL, draw, begin, n, uniforms);
    for (int64_t j = 0; j < n; j++) {
      const double u = uniforms[j]; /* high - low may overflow */
      const double value = attrib__range_clip(&p->range, (1 - u) * p->low + u * p->high);
      attrib__rows_store(p->dtype, row, element_of(p, begin + j), 1, &value);
    }
  }
}

void attrib__perturbation_place(const attrib__perturbation *p, int64_t fill, void *row) {
  memcpy(row, p->picture, (size_t)p->n * attrib__element_size(p->dtype));
  fill_window(p, fill, row);
}

/* The sizes of values of one sign, for attrib__select. */
static double above_0(double value, uint32_t mode) {
  (void)mode;
  return value > 0 ? value : 0;
}
static double below_0(double value, uint32_t mode) {
  return above_0(-value, mode);
}

/* The lower one of two. */
static double median(int64_t count, const double *values) {
  const int64_t rank = (count - 1) / 2;
  int64_t negative = 0;
  for (int64_t i = 0; i < count; i++) negative += values[i] < 0;
  if (rank < negative) return -attrib__select(count, values, below_0, 0, count - 1 - rank);
  return attrib__select(count, values, above_0, 0, rank);
}

void attrib__perturbation_take(attrib__perturbation *p, int64_t fill, double output) {
  p->outputs[fill] = output;
  if (fill + 1 < p->fills) return;
  attrib__sum sum = {0, 0};
  for (int64_t k = 0; k < p->fills; k++) attrib__sum_add(&sum, p->outputs[k]);
  const double middle = median(p->fills, p->outputs);
  int64_t kept = 0;
  while (p->outputs[kept] != middle) kept++;
  fill_window(p, kept, p->picture);
  p->curve[++p->window] = attrib__sum_value(&sum) / (double)p->fills / p->scale;
  for (int64_t k = p->window; attrib__perturbation_ended(p) && k < p->windows; k++) p->curve[k + 1] = p->curve[k];
}

double attrib__perturbation_area(const attrib__perturbation *p) {
  return attrib__simpson(p->windows + 1, p->curve);
}
