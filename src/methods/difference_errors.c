/* difference_errors.c - see difference_errors.h. */
#include "difference_errors.h"

#include <math.h>
#include <string.h>

#include "../rows/sum.h"

/* Below this share of what is to be expected, the check nodes have not seen what the other nodes have. */
static const double least_seen = 0.1;

/* What noise of variance 1 in f makes of k^2 and d^2, times (2h)^2: five values with the factors 2, 2, -3, -1/2, -1/2;
 * four with 1, 1, 1/2, 1/2. */
static const double noise_in_k = 17.5, noise_in_d = 2.5;

void attrib__difference_errors_layout(attrib__difference_errors *errors, attrib__arena *arena) {
  errors->bends = attrib__carve(arena, errors->count, sizeof *errors->bends);
  errors->drifts = attrib__carve(arena, errors->count, sizeof *errors->drifts);
}

void attrib__difference_errors_clear(attrib__difference_errors *errors) {
  memset(errors->bends, 0, (size_t)errors->count * sizeof *errors->bends);
  memset(errors->drifts, 0, (size_t)errors->count * sizeof *errors->drifts);
}

void attrib__difference_errors_take(attrib__difference_errors *errors, double w, int64_t group, double s) {
  s = w * ldexp(s, -errors->scale);
  errors->bends[group] += s;
  errors->all.s += s * s;
}

void attrib__difference_errors_check(attrib__difference_errors *errors, double w, int64_t group, double s, double k,
                                     double d) {
  s = w * ldexp(s, -errors->scale);
  k = w * ldexp(k, -errors->scale);
  d = w * ldexp(d, -errors->scale);
  errors->drifts[group] += d;
  errors->checked.s += s * s;
  errors->checked.k += k * k;
  errors->checked.d += d * d;
}

static void add_node(attrib__difference_squares *squares, double w, int64_t moving) {
  squares->one += w * w;
  squares->moved += w * w * (double)moving;
  squares->weights += w;
  squares->nodes++;
}

void attrib__difference_errors_end(attrib__difference_errors *errors, double w, int64_t moving, bool check) {
  add_node(&errors->all, w, moving);
  if (check) add_node(&errors->checked, w, moving);
}

/* A square of what is in proportion to the weights, as it is in the end. */
static double whole(const attrib__difference_errors *e, double square) {
  double share = e->total > 0 ? e->total / e->all.weights : 1;
  return square * share * share;
}

/* The same of a sum of squares, which is the smaller the more nodes there are. */
static double apart(const attrib__difference_errors *e, int64_t used, double sum) {
  return whole(e, sum) * (used > 0 ? (double)e->all.nodes / (double)used : 1);
}

static double square_of(int64_t count, const double *values) {
  attrib__sum square = {0};
  for (int64_t g = 0; g < count; g++) attrib__sum_add(&square, values[g] * values[g]);
  return attrib__sum_value(&square);
}

static double bent(const attrib__difference_errors *e, int64_t used) {
  const attrib__difference_squares *c = &e->checked;
  const double mean = square_of(e->count, e->drifts) / (c->weights * c->weights);
  double variance = c->d / c->one;
  if (c->nodes > 1) variance = fmax(0, variance - mean) * ((double)c->nodes / (double)(c->nodes - 1));
  const double unsure = variance * e->all.one * ((double)e->all.nodes / (double)c->nodes);
  return whole(e, mean * e->all.weights * e->all.weights) / 9 + apart(e, used, unsure);
}

static double kinked(const attrib__difference_errors *e, int64_t used, double noise, double step) {
  const attrib__difference_squares *c = &e->checked;
  const double sigma = ldexp(noise, -e->scale) / (2 * step), unit = 4 * sigma * sigma * c->moved;
  const double k = fmax(0, c->k - noise_in_k * unit), d = fmax(0, c->d - noise_in_d * unit);
  const bool seen = c->s * (e->all.one / c->one) > least_seen * e->all.s;
  const double part = d > 0 ? d / c->s : 0, r2 = !seen ? 1 : fmin(1, (k > 0 ? k / c->s : 0) + part * part);
  return r2 * (whole(e, square_of(e->count, e->bends)) + 4 * apart(e, used, e->all.s));
}

double attrib__difference_errors_truncation(const attrib__difference_errors *e, int64_t used, double noise,
                                            double step) {
  if (!(e->checked.weights > 0)) return (double)NAN;
  return ldexp(sqrt(bent(e, used) + kinked(e, used, noise, step)), e->scale);
}

double attrib__difference_errors_roundoff(const attrib__difference_errors *e, int64_t used, double noise, double step) {
  if (!(e->all.weights > 0)) return (double)NAN;
  return noise / step * sqrt(apart(e, used, e->all.moved) / 2);
}
