#include "plain_noising.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "methods/noise_search.h"
#include "methods/variation.h"
#include "quadrature/simpson.h"
#include "random/normal.h"
#include "random/philox.h"
#include "rows/rows.h"

static double *vector(int64_t n) {
  double *values = calloc((size_t)n, sizeof *values);
  if (values == NULL) abort();
  return values;
}

static double clipped(const plain_noising *p, double value) {
  if (!(p->options.flags & ATTRIB_NOISING_CLIP)) return value;
  return fmin(fmax(value, p->options.low), p->options.high);
}

/* Mean of (x - z) g(z), and of f. */
static void smooth(plain_noising *p, double sigma, double *map, double *mean) {
  const int64_t samples = p->options.samples;
  double *z = vector(p->n), *g = vector(p->n), *u = vector(p->n);
  long double *sums = calloc((size_t)p->n, sizeof *sums), outputs = 0;
  if (sums == NULL) abort();
  for (int64_t k = 0; k < samples; k++) {
    const bool pairs = !(p->options.flags & ATTRIB_SMOOTH_INDEPENDENT);
    attrib__random_uniforms(p->options.seed, ATTRIB__STREAM_SMOOTHING, (uint64_t)(pairs ? k / 2 : k), 0, p->n, u);
    for (int64_t i = 0; i < p->n; i++) {
      const double e = sigma * attrib__normal_quantile(u[i]);
      z[i] = attrib__rows_round(p->dtype, clipped(p, p->input[i] + (pairs && k % 2 != 0 ? -e : e)));
    }
    outputs += (long double)p->look(p->user, z, g);
    for (int64_t i = 0; i < p->n; i++) sums[i] += (long double)((p->input[i] - z[i]) * g[i]);
  }
  for (int64_t i = 0; i < p->n; i++) map[i] = (double)(sums[i] / (long double)samples);
  *mean = (double)(outputs / (long double)samples);
  free(sums);
  free(u);
  free(g);
  free(z);
}

static int64_t element(const plain_noising *p, int64_t y, int64_t x, int64_t c) {
  return y * p->shape.y_stride + x * p->shape.x_stride + c * p->shape.channel_stride;
}

static double *sum_channels(const plain_noising *p, const double *map) {
  double *pixels = vector(p->shape.height * p->shape.width);
  for (int64_t y = 0; y < p->shape.height; y++)
    for (int64_t x = 0; x < p->shape.width; x++) {
      long double sum = 0;
      for (int64_t c = 0; c < p->shape.channels; c++) sum += (long double)map[element(p, y, x, c)];
      pixels[y * p->shape.width + x] = (double)sum;
    }
  return pixels;
}

/* Top left pixel of the best window free of the marked pixels, or -1. */
static int64_t best_window(const plain_noising *p, const double *pixels, const bool *marked) {
  const int64_t side = p->options.window_side, width = p->shape.width;
  double most = -1;
  int64_t best = -1;
  for (int64_t y = 0; y + side <= p->shape.height; y++)
    for (int64_t x = 0; x + side <= width; x++) {
      double sum = 0;
      bool possible = true;
      for (int64_t j = 0; j < side * side; j++) {
        const int64_t at = (y + j % side) * width + x + j / side;
        sum += fabs(pixels[at]);
        possible &= !marked[at];
      }
      if (!possible || sum <= most) continue;
      most = sum;
      best = y * width + x;
    }
  return best;
}

static void fill(const plain_noising *p, int64_t corner, int64_t draw, double *picture) {
  const int64_t side = p->options.window_side, channels = p->shape.channels;
  for (int64_t j = 0; j < side * side * channels; j++) {
    double u;
    attrib__random_uniforms(p->options.seed, ATTRIB__STREAM_WINDOW_FILL, (uint64_t)draw, j, 1, &u);
    const int64_t y = corner / p->shape.width + j / channels / side, x = corner % p->shape.width + j / channels % side;
    picture[element(p, y, x, j % channels)] =
        attrib__rows_round(p->dtype, p->options.low + u * (p->options.high - p->options.low));
  }
}

static int ascending(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Fills a window of the picture for good, with the candidate of median output; the mean output. */
static double perturb(const plain_noising *p, int64_t corner, int64_t window, double *picture) {
  const int64_t fills = p->options.fills;
  const size_t size = (size_t)p->n * sizeof *picture;
  double *outputs = vector(fills), *sorted = vector(fills), *tried = vector(p->n), mean = 0;
  for (int64_t k = 0; k < fills; k++) {
    memcpy(tried, picture, size);
    fill(p, corner, window * fills + k, tried);
    outputs[k] = sorted[k] = p->look(p->user, tried, NULL);
    mean += outputs[k] / (double)fills;
  }
  qsort(sorted, (size_t)fills, sizeof *sorted, ascending);
  int64_t kept = 0;
  while (outputs[kept] != sorted[(fills - 1) / 2]) kept++;
  fill(p, corner, window * fills + kept, picture);
  free(tried);
  free(sorted);
  free(outputs);
  return mean;
}

static double perturbation_area(plain_noising *p, const double *pixels) {
  const int64_t side = p->options.window_side, width = p->shape.width, height = p->shape.height;
  const int64_t fit = (height / side) * (width / side), most = p->options.windows < fit ? p->options.windows : fit;
  bool *marked = calloc((size_t)(height * width), sizeof *marked);
  double *picture = vector(p->n), *curve = vector(most + 1);
  if (marked == NULL) abort();
  memcpy(picture, p->input, (size_t)p->n * sizeof *picture);
  const double start = p->look(p->user, picture, NULL);
  curve[0] = start / fabs(start);
  for (int64_t w = 0; w < most; w++) {
    const int64_t corner = best_window(p, pixels, marked);
    curve[w + 1] = corner < 0 ? curve[w] : perturb(p, corner, w, picture) / fabs(start);
    if (corner < 0) continue;
    p->windows++;
    for (int64_t j = 0; j < side * side; j++) marked[corner + j / side * width + j % side] = true;
  }
  const double area = attrib__simpson(most + 1, curve);
  free(curve);
  free(picture);
  free(marked);
  return area;
}

static double judge(plain_noising *p, const double *map) {
  double *pixels = sum_channels(p, map), objective;
  if (p->options.objective == ATTRIB_NOISING_AUPC) {
    objective = perturbation_area(p, pixels);
  } else {
    double *scratch = vector(attrib__variation_scratch(p->shape.height, p->shape.width));
    objective = attrib__variation_area(p->shape.height, p->shape.width, pixels, scratch);
    free(scratch);
  }
  free(pixels);
  return objective;
}

void plain_noising_search(plain_noising *p, int64_t most) {
  attrib__noise_search search;
  double *map = vector(p->n), mean;
  long double sizes = 0;
  for (int64_t i = 0; i < p->n; i++) sizes += (long double)fabs(p->input[i]);
  if (p->options.search == ATTRIB_NOISING_PUBLISHED)
    attrib__noise_search_published(&search, (double)(sizes / (long double)p->n));
  else
    attrib__noise_search_bracketed(&search, p->options.sigma_low, p->options.sigma_high, p->options.max_sigmas);
  p->sigmas = p->windows = 0;
  while (search.sigma > 0 && (most == 0 || p->sigmas < most)) {
    smooth(p, search.sigma, map, &mean);
    p->sigmas++;
    if (!attrib__noise_search_take(&search, judge(p, map))) continue;
    memcpy(p->best, map, (size_t)p->n * sizeof *map);
    p->best_mean = mean;
  }
  p->best_sigma = search.best_sigma;
  p->best_objective = search.best_objective;
  free(map);
}
