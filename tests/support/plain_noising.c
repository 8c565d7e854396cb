#include "plain_noising.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plain_variation.h"
#include "random/normal.h"
#include "random/philox.h"

static double *vector(int64_t n) {
  double *values = calloc((size_t)n, sizeof *values);
  if (values == NULL) abort();
  return values;
}

/* As an element of the model's type holds it. Through memory: gcc 12 drops both conversions of two side by side. */
static double as_held(const plain_noising *p, double value) {
  volatile float held = (float)value;
  return p->dtype == ATTRIB_F32 ? (double)held : value;
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
      z[i] = as_held(p, clipped(p, p->input[i] + (pairs && k % 2 != 0 ? -e : e)));
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
    picture[element(p, y, x, j % channels)] = as_held(p, p->options.low + u * (p->options.high - p->options.low));
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
  const double area = plain_simpson(most + 1, curve);
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
    int64_t levels;
    objective = plain_variation_area(p->shape.height, p->shape.width, pixels, &levels);
  }
  free(pixels);
  return objective;
}

/* J, with the best map so far kept; not a finite number, or sigma 0, is as bad as can be. Past the last sigma that may
 * be tried, too: *ended. */
static double try_sigma(plain_noising *p, double sigma, int64_t most, bool *ended) {
  if (sigma == 0 || *ended) return (double)INFINITY;
  double *map = vector(p->n), mean;
  smooth(p, sigma, map, &mean);
  p->sigmas++;
  *ended = p->sigmas == most;
  double objective = judge(p, map);
  if (!isfinite(objective)) objective = (double)INFINITY;
  if (objective < p->best_objective) {
    memcpy(p->best, map, (size_t)p->n * sizeof *map);
    p->best_mean = mean;
    p->best_sigma = sigma;
    p->best_objective = objective;
  }
  free(map);
  return objective;
}

/* The loop of the published program, with the sigma that it is at and the last value. */
static void walk(plain_noising *p, int64_t most) {
  bool ended = false;
  long double sizes = 0;
  for (int64_t i = 0; i < p->n; i++) sizes += (long double)fabs(p->input[i]);
  double sigma = (double)(sizes / (long double)p->n), rate = 0.1, last = try_sigma(p, sigma, most, &ended);
  int stop = 0;
  for (int step = 0; step < 20 && !ended; step++) {
    double to = fabs(sigma + rate), objective = try_sigma(p, to, most, &ended);
    if (objective > last) {
      to = fabs(sigma - rate);
      objective = try_sigma(p, to, most, &ended);
    }
    sigma = to;
    const bool worse = objective > last;
    if (worse && stop == 3) break;
    if (worse) rate *= 0.9;
    stop = worse ? stop + 1 : 0;
    last = objective;
  }
}

/* log sigma of place k on a grid of `count`, the ends of the bracket beyond it; of one place its middle. */
static double place_of(const plain_noising *p, int64_t k, int64_t count) {
  const double low = log(p->options.sigma_low), high = log(p->options.sigma_high);
  const double part = count == 1 ? (double)(k + 1) / 2 : (double)k / (double)(count - 1);
  return low + (high - low) * fmin(fmax(part, 0), 1);
}

static double sigma_at(const plain_noising *p, double place) {
  if (place == place_of(p, -1, 1)) return p->options.sigma_low;
  if (place == place_of(p, 1, 1)) return p->options.sigma_high;
  return exp(place);
}

/* Half of the sigmas on a grid; golden sections of what lies between the neighbours of its best place. */
static void narrow(plain_noising *p, int64_t most) {
  const int64_t count = (p->options.max_sigmas + 1) / 2;
  const double golden = (3 - sqrt(5)) / 2;
  bool ended = false;
  int64_t best = -1;
  for (int64_t k = 0; k < count && !ended; k++) {
    const double before = p->best_objective;
    if (try_sigma(p, sigma_at(p, place_of(p, k, count)), most, &ended) < before) best = k;
  }
  if (best < 0) return;
  double left = place_of(p, best - 1, count), middle = place_of(p, best, count), right = place_of(p, best + 1, count);
  while (!ended && p->sigmas < p->options.max_sigmas && right - left > 0.02) {
    const bool up = right - middle > middle - left;
    const double probe = middle + golden * (up ? right - middle : left - middle), before = p->best_objective;
    const bool better = try_sigma(p, sigma_at(p, probe), most, &ended) < before;
    if (better == up)
      left = better ? middle : probe;
    else
      right = better ? middle : probe;
    if (better) middle = probe;
  }
}

void plain_noising_search(plain_noising *p, int64_t most) {
  p->sigmas = p->windows = 0;
  p->best_sigma = 0;
  p->best_objective = (double)INFINITY;
  if (p->options.search == ATTRIB_NOISING_PUBLISHED)
    walk(p, most);
  else
    narrow(p, most);
}
