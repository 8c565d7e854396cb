/* noise_search.c - see noise_search.h. */
#include "noise_search.h"

#include <math.h>

/* -- bracketed ---------------------------------------------------------------------------------------------------- */

/* In log sigma. */
#define NARROW 0.02

/* The smaller part of the golden section. */
#define GOLDEN 0.38196601125010515

/* log sigma of place k on the grid, of one place in the middle of the bracket; beyond the grid its ends. */
static double grid_log(const attrib__noise_search *s, int64_t k) {
  const double low = log(s->low), high = log(s->high);
  const double part = s->grid > 1 ? (double)k / (double)(s->grid - 1) : (double)(k + 1) / 2;
  return part <= 0 ? low : part >= 1 ? high : low + (high - low) * part;
}

/* The ends themselves bit for bit. */
static double sigma_at(const attrib__noise_search *s, double place) {
  if (place <= log(s->low)) return s->low;
  if (place >= log(s->high)) return s->high;
  return fmin(fmax(exp(place), s->low), s->high);
}

static void try_grid(attrib__noise_search *s, int64_t k) {
  s->sigma = sigma_at(s, grid_log(s, k));
}

/* Into the longer part of the interval. */
static void try_section(attrib__noise_search *s) {
  s->sigma = 0;
  if (s->tried >= s->most || s->right - s->left <= NARROW) return;
  const double longer = s->right - s->middle > s->middle - s->left ? s->right - s->middle : s->left - s->middle;
  s->probe = s->middle + GOLDEN * longer;
  s->sigma = sigma_at(s, s->probe);
}

static void take_bracketed(attrib__noise_search *s, bool better) {
  if (s->tried <= s->grid) {
    if (better) s->best = s->tried - 1;
    if (s->tried < s->grid) {
      try_grid(s, s->tried);
      return;
    }
    s->left = grid_log(s, s->best - 1);
    s->middle = grid_log(s, s->best);
    s->right = grid_log(s, s->best + 1);
  } else {
    double *end = s->probe > s->middle ? &s->right : &s->left;
    double *other = s->probe > s->middle ? &s->left : &s->right;
    if (better) {
      *other = s->middle;
      s->middle = s->probe;
    } else {
      *end = s->probe;
    }
  }
  if (s->best < 0)
    s->sigma = 0; /* no value on the whole grid */
  else
    try_section(s);
}

void attrib__noise_search_bracketed(attrib__noise_search *search, double low, double high, int64_t most) {
  *search = (attrib__noise_search){
      .best_objective = (double)INFINITY, .most = most, .grid = (most + 1) / 2, .best = -1, .low = low, .high = high};
  try_grid(search, 0);
}

/* -- published ---------------------------------------------------------------------------------------------------- */

static const double first_stride = 0.1, decay = 0.9;
enum { MOST_WORSE = 3 };

static void look(attrib__noise_search *s, double side) {
  s->side = side;
  s->sigma = fabs(s->place + side * s->stride);
}

/* The walk goes where it has looked. */
static void take_step(attrib__noise_search *s, double objective) {
  const bool worse = objective > s->last, ended = worse && s->worse == MOST_WORSE;
  s->place = s->sigma;
  s->last = objective;
  s->worse = worse ? s->worse + 1 : 0;
  if (worse) s->stride *= decay;
  s->sigma = 0;
  if (!ended && ++s->steps < ATTRIB__NOISE_WALK_STEPS) look(s, 1);
}

static void take_published(attrib__noise_search *s, double objective) {
  if (s->side == 0) {
    s->place = s->sigma;
    s->last = objective;
    look(s, 1);
  } else if (s->side > 0 && objective > s->last) {
    look(s, -1);
    if (s->sigma == 0) take_step(s, (double)INFINITY); /* to the right of 0 is the next look, and no 0 again */
  } else {
    take_step(s, objective);
  }
}

void attrib__noise_search_published(attrib__noise_search *search, double start) {
  *search = (attrib__noise_search){
      .sigma = fabs(start), .best_objective = (double)INFINITY, .last = (double)INFINITY, .stride = first_stride};
  if (search->sigma == 0) look(search, 1);
}

/* -- both --------------------------------------------------------------------------------------------------------- */

bool attrib__noise_search_take(attrib__noise_search *search, double objective) {
  if (!isfinite(objective)) objective = (double)INFINITY;
  const bool better = objective < search->best_objective;
  if (better) {
    search->best_objective = objective;
    search->best_sigma = search->sigma;
  }
  search->tried++;
  if (search->most > 0)
    take_bracketed(search, better);
  else
    take_published(search, objective);
  return better;
}
