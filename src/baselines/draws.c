/* draws.c - see draws.h. */
#include "draws.h"

#include <attrib/methods.h>

#include <math.h>

#include "../random/permutation.h"
#include "../random/philox.h"

static double uniform(const attrib__draws *d, uint32_t stream, int64_t round, int64_t index) {
  double u;
  attrib__random_uniforms(d->seed, stream, (uint64_t)index, round, 1, &u);
  return u;
}

/* The baseline at a place of the permuted order. */
static int64_t baseline_at(const attrib__draws *d, int64_t position) {
  uint64_t number = d->sampler == ATTRIB_SAMPLER_LATTICE ? 0 : (uint64_t)d->round;
  return attrib__random_permutation(d->seed, ATTRIB__STREAM_BASELINE_ORDER, number, d->set->set.count, position);
}

static double weight_at(const attrib__draws *d, int64_t position) {
  return d->set->set.weights == NULL ? 1 : attrib__baselines_weight(d->set, baseline_at(d, position));
}

/* Spacings of sorted uniform numbers are exponential numbers over their sum (Devroye 1986, chapter V). */
static double spacing(const attrib__draws *d, int64_t draw) {
  return -log(uniform(d, ATTRIB__STREAM_BASELINE_DRAW, d->round, draw));
}

/* Where draw d->next falls: i.i.d. numbers in ascending order, or one per stratum at one common place in it. */
static void find_target(attrib__draws *d) {
  if (d->sampler == ATTRIB_SAMPLER_IID) {
    attrib__sum_add(&d->spaced, spacing(d, d->next));
    d->target = attrib__sum_value(&d->spaced) / d->spacings;
  } else {
    double place = uniform(d, ATTRIB__STREAM_BASELINE_DRAW, d->round, 0);
    d->target = ((double)d->next + place) / (double)d->size;
  }
}

void attrib__draws_begin(attrib__draws *d, int64_t round, int64_t size) {
  d->round = round;
  d->size = size;
  d->position = d->next = 0;
  d->spaced = d->covered = (attrib__sum){0};
  if (d->sampler == ATTRIB_SAMPLER_LATTICE) return;
  if (d->set->set.weights != NULL) attrib__sum_add(&d->covered, weight_at(d, 0));
  if (d->sampler == ATTRIB_SAMPLER_IID) {
    attrib__sum sum = {0};
    for (int64_t i = 0; i <= size; i++) attrib__sum_add(&sum, spacing(d, i));
    d->spacings = attrib__sum_value(&sum);
  }
  find_target(d);
}

/* Moves `position` to where the target falls. */
static void find_position(attrib__draws *d) {
  int64_t last = d->set->set.count - 1;
  if (d->set->set.weights == NULL) {
    double place = floor(d->target * (double)d->set->set.count);
    d->position = place < (double)last ? (int64_t)place : last;
    return;
  }
  /* Rounding may leave the target past all weights: the last positive one takes it. */
  for (int64_t p = d->position + 1; p <= last && attrib__sum_value(&d->covered) <= d->target; p++) {
    double weight = weight_at(d, p);
    if (weight == 0) continue;
    attrib__sum_add(&d->covered, weight);
    d->position = p;
  }
}

static bool visit_lattice(attrib__draws *d, attrib__visit *visit) {
  while (d->position < d->set->set.count) {
    int64_t baseline = baseline_at(d, d->position++);
    double weight = attrib__baselines_weight(d->set, baseline);
    if (weight == 0) continue;
    *visit = (attrib__visit){baseline, d->next++, d->size, weight};
    return true;
  }
  return false;
}

bool attrib__draws_visit(attrib__draws *d, attrib__visit *visit) {
  if (d->sampler == ATTRIB_SAMPLER_LATTICE) return visit_lattice(d, visit);
  if (d->next == d->size) return false;
  find_position(d);
  int64_t position = d->position;
  *visit = (attrib__visit){baseline_at(d, position), d->next, 0, 1};
  do {
    visit->draws++;
    if (++d->next == d->size) break;
    find_target(d);
    find_position(d);
  } while (d->position == position);
  return true;
}

double attrib__draws_alpha(const attrib__draws *d, const attrib__visit *visit, int64_t k) {
  bool lattice = d->sampler == ATTRIB_SAMPLER_LATTICE;
  int64_t draw = lattice ? visit->first : visit->first + k, round = lattice ? 0 : d->round;
  double u = uniform(d, ATTRIB__STREAM_ALPHA, round, draw);
  if (d->sampler == ATTRIB_SAMPLER_IID) return u;
  int64_t strata = lattice ? d->set->used : d->size;
  int64_t stratum = attrib__random_permutation(d->seed, ATTRIB__STREAM_ALPHA_STRATUM, (uint64_t)round, strata, draw);
  u = ((double)stratum + u) / (double)strata;
  if (!lattice) return u;
  /* Every round after the first falls in the middle between the points that are there. */
  u += ((double)k + (d->round == 0 ? 0 : 0.5)) / (double)d->size;
  return u - floor(u);
}
