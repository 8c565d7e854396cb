/* difference_errors.c - see difference_errors.h. */
#include "difference_errors.h"

#include <math.h>
#include <string.h>

#include "../rows/sum.h"

/* The check nodes have not seen what the other nodes have where a group has more than so many times the most that they
 * saw of it. */
static const double most_unseen = 5;

/* What noise of variance 1 in f makes of s^2, times (2h)^2: three values with the factors 1, 1, -2. */
static const double noise_in_s = 6;

void attrib__difference_errors_layout(attrib__difference_errors *errors, attrib__arena *arena) {
  errors->groups = attrib__carve(arena, errors->count, sizeof *errors->groups);
}

void attrib__difference_errors_clear(attrib__difference_errors *errors) {
  memset(errors->groups, 0, (size_t)errors->count * sizeof *errors->groups);
}

void attrib__difference_errors_take(attrib__difference_errors *errors, double w, int64_t group, double s) {
  attrib__difference_group *g = &errors->groups[group];
  s = ldexp(s, -errors->scale);
  g->largest = fmax(g->largest, fabs(s));
  s *= w;
  g->bends += s;
  g->squares += s * s;
}

void attrib__difference_errors_check(attrib__difference_errors *errors, double w, int64_t group, double s, double k,
                                     double d) {
  attrib__difference_group *g = &errors->groups[group];
  s = ldexp(s, -errors->scale);
  g->seen = fmax(g->seen, fabs(s));
  s *= w;
  k = w * ldexp(k, -errors->scale);
  d = w * ldexp(d, -errors->scale);
  g->drifts += d;
  g->s += s * s;
  g->k += k * k;
  g->d += d * d;
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

static double bent(const attrib__difference_errors *e, int64_t used) {
  const attrib__difference_squares *c = &e->checked;
  attrib__sum drifts = {0}, squares = {0};
  for (int64_t g = 0; g < e->count; g++) {
    attrib__sum_add(&drifts, e->groups[g].drifts * e->groups[g].drifts);
    attrib__sum_add(&squares, e->groups[g].d);
  }
  const double mean = attrib__sum_value(&drifts) / (c->weights * c->weights);
  double variance = attrib__sum_value(&squares) / c->one;
  if (c->nodes > 1) variance = fmax(0, variance - mean) * ((double)c->nodes / (double)(c->nodes - 1));
  const double unsure = variance * e->all.one * ((double)e->all.nodes / (double)c->nodes);
  return whole(e, mean * e->all.weights * e->all.weights) / 9 + apart(e, used, unsure);
}

/* r^2 of a group. */
static double share_of_kinks(const attrib__difference_group *g) {
  if (g->largest > most_unseen * g->seen) return 1;
  return g->s > 0 ? fmin(1, g->k / g->s + g->d / g->s * (g->d / g->s)) : 0;
}

static double kinked(const attrib__difference_errors *e, int64_t used, double noise, double step) {
  const double sigma = ldexp(noise, -e->scale) / (2 * step), heard = noise_in_s * sigma * sigma * e->all.one;
  attrib__sum sum = {0};
  for (int64_t k = 0; k < e->count; k++) {
    const attrib__difference_group *g = &e->groups[k];
    const double bends = fmax(0, g->bends * g->bends - heard), squares = fmax(0, g->squares - heard);
    attrib__sum_add(&sum, share_of_kinks(g) * (whole(e, bends) + 4 * apart(e, used, squares)));
  }
  return attrib__sum_value(&sum);
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
