/* slopes.c - differences of f along directions, and what the gradient says of them. */
#include <inttypes.h>
#include <math.h>

#include "../random/philox.h"
#include "../rows/rows.h"
#include "checks.h"

/* Half the distance of the rows, in alpha. The first is so large that noise is 1 / NOISE_MARGIN of what the gradient
 * says the difference is; what then disagrees is tried with steps that are larger and smaller. */
static const double LARGEST_STEP = 0x1p-4, FIRST_MOST = 0x1p-5, NOISE_MARGIN = 512;
/* Of the tolerance, what is for errors of the gradient that do not go by its slope: of half precision, say. */
static const double NORM_SHARE = 0.2;
static const double TRIES[] = {1, 0x1p-4, 0x1p3, 0x1p-8};
enum { MOST_TRIES = sizeof TRIES / sizeof TRIES[0] };

static double smallest_step(const attrib__checking *c) {
  return c->model.dtype == ATTRIB_F32 ? 0x1p-12 : 0x1p-20;
}

/* -- rows --------------------------------------------------------------------------------------------------------- */

void attrib__check_offset(const attrib__checking *c, const attrib__slope *slope, double step, int64_t begin, int64_t n,
                          double *values) {
  const uint32_t dtype = c->model.dtype;
  double displacement[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  attrib__rows_load(dtype, c->inner[slope->point], begin, n, values);
  attrib__rows_displacement(dtype, c->input, c->baseline, begin, n, displacement);
  if (slope->direction > 0)
    attrib__random_uniforms(c->options.seed, ATTRIB__STREAM_CHECK, slope->direction, begin, n, uniforms);
  for (int64_t i = 0; i < n; i++) {
    const double sign = slope->direction > 0 && uniforms[i] < 0.5 ? -1 : 1;
    values[i] = attrib__rows_round(dtype, values[i] + step * sign * displacement[i]);
  }
}

const void *attrib__check_gradient(const attrib__checking *c, int point) {
  const void *gradients = c->alone_gradients ? c->alone.gradients : c->first.gradients;
  return attrib__const_element(c->model.dtype, gradients, point * c->model.n_inputs);
}

/* Sum and length of the products of the gradient and what lies between the rows, in units of the checking. */
static void claim(const attrib__checking *c, attrib__slope *slope) {
  const void *gradient = attrib__check_gradient(c, slope->point);
  double ahead[ATTRIB__BLOCK], behind[ATTRIB__BLOCK], g[ATTRIB__BLOCK], sum = 0, squares = 0;
  slope->apart = 0;
  for (int64_t begin = 0; begin < c->model.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, c->model.n_inputs);
    attrib__check_offset(c, slope, slope->step, begin, n, ahead);
    attrib__check_offset(c, slope, -slope->step, begin, n, behind);
    attrib__rows_load(c->model.dtype, gradient, begin, n, g);
    for (int64_t i = 0; i < n; i++) {
      if (ahead[i] == behind[i]) continue;
      const double product = ldexp(g[i], -c->exponent) * (ahead[i] - behind[i]);
      sum += product;
      squares += product * product;
      slope->apart += fabs(ahead[i] - behind[i]);
    }
  }
  slope->claimed = sum;
  slope->norm = sqrt(squares);
}

/* The step at which noise no longer matters, by the length of displacement times gradient. */
static double first_step(const attrib__checking *c, const attrib__slope *slope) {
  attrib__slope whole = *slope;
  whole.step = LARGEST_STEP;
  claim(c, &whole);
  const double length = fmax(whole.norm, fabs(whole.claimed)) / LARGEST_STEP;
  const double step = length > 0 ? NOISE_MARGIN * c->noise / length : FIRST_MOST;
  return exp2(ceil(log2(fmin(FIRST_MOST, fmax(smallest_step(c), step)))));
}

static void note_move(attrib__checking *c, double move) {
  if (move > 0 && isfinite(move) && c->move_count < 2 * ATTRIB__SLOPES) c->moves[c->move_count++] = move;
}

static attrib_status take(attrib__checking *c, attrib__slope *slope, double step) {
  const attrib__answer *at = c->alone_gradients ? &c->alone : &c->first;
  double ahead, behind;
  slope->step = step;
  slope->tries++;
  claim(c, slope);
  attrib__check_place(c, slope, step);
  attrib_status status = attrib__check_output(c, slope->point, c->trial, &ahead);
  if (status != ATTRIB_OK) return status;
  attrib__check_place(c, slope, -step);
  status = attrib__check_output(c, slope->point, c->trial, &behind);
  if (status != ATTRIB_OK) return status;
  const double middle = ldexp(at->outputs[slope->point], -c->exponent);
  ahead = ldexp(ahead, -c->exponent);
  behind = ldexp(behind, -c->exponent);
  slope->moved = ahead - behind;
  slope->bend = fabs(ahead - middle - (middle - behind));
  note_move(c, fabs(ahead - middle));
  note_move(c, fabs(middle - behind));
  slope->good = isfinite(slope->moved) && isfinite(slope->bend) && isfinite(slope->claimed);
  return ATTRIB_OK;
}

/* -- judging ------------------------------------------------------------------------------------------------------ */

double attrib__slope_size(const attrib__slope *slope) {
  return fmax(fabs(slope->moved), fabs(slope->claimed));
}

/* Bends of many kinks may cancel where what they do to a difference does not: the median of all, by length. */
static double common_bend(const attrib__checking *c) {
  double bends[ATTRIB__SLOPES];
  int count = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (s->tries == 0 || !s->good || s->norm == 0) continue;
    int place = count++;
    for (; place > 0 && bends[place - 1] > s->bend / s->norm; place--) bends[place] = bends[place - 1];
    bends[place] = s->bend / s->norm;
  }
  return count == 0 ? 0 : bends[count / 2];
}

double attrib__slope_allowance(const attrib__checking *c, const attrib__slope *slope) {
  return fmax(slope->bend, 2 * common_bend(c) * slope->norm) + 4 * c->noise;
}

/* Products cancel in the sum, their errors do not: some of the tolerance is of their length. */
static double slack(const attrib__checking *c, const attrib__slope *slope) {
  return attrib__slope_allowance(c, slope) + c->options.tolerance * NORM_SHARE * slope->norm;
}

bool attrib__slope_agrees(const attrib__checking *c, const attrib__slope *slope) {
  const double tolerance = c->options.tolerance * attrib__slope_size(slope);
  return fabs(slope->moved - slope->claimed) <= tolerance + slack(c, slope);
}

bool attrib__slope_sinks(const attrib__checking *c, const attrib__slope *slope) {
  return ldexp(attrib__slope_size(slope), c->exponent) < attrib__check_least(c->model.dtype) * fmax(1, slope->apart);
}

bool attrib__slope_counts(const attrib__checking *c, const attrib__slope *slope) {
  return slope->good && slope->tries > 0 && !attrib__slope_sinks(c, slope) &&
         slack(c, slope) <= 0.3 * attrib__slope_size(slope);
}

static bool settled(const attrib__checking *c, const attrib__slope *slope) {
  return attrib__slope_counts(c, slope) && attrib__slope_agrees(c, slope);
}

static bool better(const attrib__checking *c, const attrib__slope *a, const attrib__slope *b) {
  if (settled(c, a) != settled(c, b)) return settled(c, a);
  if (a->good != b->good) return a->good;
  return slack(c, a) * attrib__slope_size(b) < slack(c, b) * attrib__slope_size(a);
}

/* Again with another step, if there is one. */
static attrib_status retry(attrib__checking *c, attrib__slope *slope, double first) {
  const double low = smallest_step(c) / 16;
  attrib__slope again = *slope;
  for (; again.tries < MOST_TRIES; again.tries++) {
    const double step = first * TRIES[c->coarse && again.tries == 1   ? 2
                                      : c->coarse && again.tries == 2 ? 1
                                                                      : again.tries];
    if (step < low || step > LARGEST_STEP) continue;
    const attrib_status status = take(c, &again, step);
    if (status != ATTRIB_OK) return status;
    const int tries = again.tries;
    if (better(c, &again, slope)) *slope = again;
    slope->tries = tries;
    return ATTRIB_OK;
  }
  slope->tries = MOST_TRIES;
  return ATTRIB_OK;
}

/* f does not move along the rows for noise, where its gradient says it does: it may move in steps wider than these.
 * Then the widest steps are taken, and a step of f is the least that it was seen to move by. */
static bool in_stairs(const attrib__checking *c) {
  attrib__slope line = {.step = LARGEST_STEP};
  if (!c->coarse) return false;
  claim(c, &line);
  return fmax(line.norm, fabs(line.claimed)) / LARGEST_STEP * smallest_step(c) > 64 * c->noise;
}

/* The standard deviation of rounding to steps. */
static const double OF_STEP = 0.3;

/* The least that f was seen to move by; 0 where it did not. */
static double least_move(const attrib__checking *c) {
  double least = c->move_count == 0 ? 0 : c->moves[0];
  for (int k = 1; k < c->move_count; k++) least = fmin(least, c->moves[k]);
  return least;
}

/* f moved by once, twice, three times the same, and never by anything else. */
static bool by_multiples(const attrib__checking *c) {
  const double least = least_move(c);
  bool several = false;
  if (c->move_count < ATTRIB__SLOPES || least < 64 * c->noise) return false;
  for (int k = 0; k < c->move_count; k++) {
    const double times = c->moves[k] / least, whole = floor(times + 0.5);
    if (whole > 1000 || fabs(times - whole) > 1e-3) return false;
    several = several || whole > 1;
  }
  return several;
}

static attrib_status take_first(attrib__checking *c, double *first) {
  const bool stairs = in_stairs(c);
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    attrib__slope *slope = &c->slopes[k];
    *slope = (attrib__slope){.point = k % ATTRIB__INNER, .direction = k < ATTRIB__INNER ? 0 : (uint64_t)k};
    if (c->left < 2) continue;
    first[k] = stairs ? LARGEST_STEP : first_step(c, slope);
    const attrib_status status = take(c, slope, first[k]);
    if (status != ATTRIB_OK) return status;
  }
  if (!stairs && !by_multiples(c)) return ATTRIB_OK;
  c->coarse = true;
  c->noise = fmax(c->noise, OF_STEP * least_move(c));
  return ATTRIB_OK;
}

/* Rows for the naming of causes, or where none is to be named for the ends by themselves, are kept back. */
attrib_status attrib__check_take_slopes(attrib__checking *c) {
  double first[ATTRIB__SLOPES];
  attrib_status status = take_first(c, first);
  const int64_t kept = c->have_all || c->other >= 0 ? 4 : attrib__check_ends_wanted(c) ? 2 : 0;
  for (int round = 1; round < MOST_TRIES && status == ATTRIB_OK; round++)
    for (int k = 0; k < ATTRIB__SLOPES && status == ATTRIB_OK; k++) {
      attrib__slope *slope = &c->slopes[k];
      if (slope->tries == 0 || slope->tries >= MOST_TRIES || settled(c, slope) || c->left < 2 + kept) continue;
      status = retry(c, slope, first[k]);
    }
  return status;
}
