/* causes.c - why the gradient is not the slope of f: what its numbers fit, tried from the simplest on. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "../rows/rows.h"
#include "causes.h"
#include "checks.h"

/* Four of five differences that count. */
static bool enough(int fitting, int counted) {
  return counted >= 2 && 5 * fitting >= 4 * counted;
}

bool attrib__slope_fits(const attrib__checking *c, const attrib__slope *slope, double claimed) {
  const double size = fmax(fabs(slope->moved), fabs(claimed));
  return fabs(slope->moved - claimed) <= c->options.tolerance * size + attrib__slope_allowance(c, slope);
}

bool attrib__claims_fit(const attrib__checking *c, const double claims[ATTRIB__SLOPES]) {
  int fitting = 0, counted = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    if (!attrib__slope_counts(c, &c->slopes[k])) continue;
    counted++;
    fitting += attrib__slope_fits(c, &c->slopes[k], claims[k]);
  }
  return enough(fitting, counted);
}

/* -- one factor --------------------------------------------------------------------------------------------------- */

/* Median of gradient over slope; false where f does not move. */
static bool ratio_of(const attrib__checking *c, double *ratio) {
  double ratios[ATTRIB__SLOPES];
  int count = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (!attrib__slope_counts(c, s) || fabs(s->moved) < 2 * attrib__slope_allowance(c, s) || s->moved == 0) continue;
    int place = count++;
    for (; place > 0 && ratios[place - 1] > s->claimed / s->moved; place--) ratios[place] = ratios[place - 1];
    ratios[place] = s->claimed / s->moved;
  }
  *ratio = count == 0 ? (double)NAN : (ratios[(count - 1) / 2] + ratios[count / 2]) / 2;
  return count >= 2;
}

static bool near(double value, double wanted) {
  return fabs(value - wanted) <= 0.03 * wanted;
}

static const char *name_factor(double size) {
  if (near(size, 255)) return "255: the derivative of a division by 255 is missing";
  if (near(size, 1.0 / 255)) return "1/255: a division by 255 is differentiated, but not made (or twice)";
  if (near(size, 127.5)) return "127.5: the derivative of x / 127.5 - 1 is missing";
  if (near(size, 1.0 / 127.5)) return "1/127.5: x / 127.5 - 1 is differentiated, but not made (or twice)";
  if (near(size, 256)) return "256: the derivative of a division by 256 is missing";
  if (near(size, 2)) return "2: counted twice, or the derivative of a halving is missing";
  if (near(size, 0.5)) return "1/2: the derivative of a doubling (2 x - 1) is missing";
  if (size > 0.19 && size < 0.32)
    return "about a standard deviation of pixels: the derivative of (x - mean) / std is missing";
  if (size > 1 / 0.32 && size < 1 / 0.19)
    return "about 1 / a standard deviation of pixels: (x - mean) / std is differentiated, but not made (or twice)";
  return "a constant factor of the chain rule is missing or too much";
}

static bool one_factor(attrib__checking *c, double ratio, int counted) {
  double claims[ATTRIB__SLOPES];
  for (int k = 0; k < ATTRIB__SLOPES; k++) claims[k] = c->slopes[k].claimed / ratio;
  if (ratio == 0 || !attrib__claims_fit(c, claims)) return false;
  if (near(-ratio, 1))
    attrib__check_fail(
        c, ATTRIB_CHECK_GRADIENT,
        "it is %.3f times the slope of f, along the displacement and random directions, in %d differences: "
        "its sign is wrong",
        ratio, counted)
        ->cause = ATTRIB_CAUSE_SIGN;
  else
    attrib__check_fail(c, ATTRIB_CHECK_GRADIENT, "it is %.4g times the slope of f, everywhere in %d differences: %s%s",
                       ratio, counted, name_factor(fabs(ratio)), ratio < 0 ? ", and its sign is wrong" : "")
        ->cause = ATTRIB_CAUSE_FACTOR;
  return true;
}

/* -- another score ------------------------------------------------------------------------------------------------ */

/* Factors by which the gradient of one score becomes that of another, at the points. */
static bool score_fits(const attrib__checking *c, double (*factor)(double f)) {
  const attrib__answer *at = c->alone_gradients ? &c->alone : &c->first;
  double claims[ATTRIB__SLOPES];
  for (int k = 0; k < ATTRIB__SLOPES; k++) claims[k] = c->slopes[k].claimed * factor(at->outputs[c->slopes[k].point]);
  return attrib__claims_fit(c, claims);
}

static double of_logarithm(double f) {
  return f;
}
static double of_logit(double f) {
  return f * (1 - f);
}
static double of_probability(double f) {
  return exp(-f);
}

static bool sums_to_one(const attrib__checking *c) {
  double sum = 0;
  for (int64_t k = 0; k < c->model.n_outputs; k++) sum += c->all[k];
  return fabs(sum - 1) < 1e-3;
}

/* f is a probability wherever it was asked for, and moves less than the gradient says. */
static bool like_softmax(const attrib__checking *c) {
  int less = 0, counted = 0;
  if (c->have_all && !sums_to_one(c)) return false;
  for (int r = 0; r < 4; r++)
    if (!(c->turned.outputs[r] >= 0 && c->turned.outputs[r] <= 1)) return false;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    if (!attrib__slope_counts(c, &c->slopes[k])) continue;
    counted++;
    less += fabs(c->slopes[k].moved) < 0.5 * c->slopes[k].norm;
  }
  return enough(less, counted);
}

static bool another_score(attrib__checking *c) {
  const char *what = NULL;
  if (score_fits(c, of_logit))
    what =
        "it fits that of the logit, log(f / (1 - f)), while f is a probability: the softmax or sigmoid is not "
        "differentiated; use its derivative, or return the logit";
  else if (score_fits(c, of_logarithm))
    what = "it fits that of log f: return the logarithm, or multiply the gradient by f";
  else if (score_fits(c, of_probability))
    what = "it fits that of exp(f): return the probability, or divide the gradient by it";
  if (what == NULL) return false;
  attrib__check_fail(c, ATTRIB_CHECK_GRADIENT, "%s", what)->cause = ATTRIB_CAUSE_SCORE;
  return true;
}

static bool probably_softmax(attrib__checking *c) {
  if (!like_softmax(c)) return false;
  attrib__check_fail(c, ATTRIB_CHECK_GRADIENT,
                     "f lies between 0 and 1 and moves less than its gradient says, not by one factor: probably the "
                     "gradient is of the logit and the softmax is not differentiated")
      ->cause = ATTRIB_CAUSE_SCORE;
  return true;
}

/* -- another target ----------------------------------------------------------------------------------------------- */

static void fail_target(attrib__checking *c, int64_t target) {
  if (target < 0)
    attrib__check_fail(c, ATTRIB_CHECK_GRADIENT,
                       "it is the same for targets %" PRId64 " and %" PRId64
                       ", though f is not: it is that of another target (of the largest output, or of a sum?)",
                       c->target, c->other);
  else
    attrib__check_fail(c, ATTRIB_CHECK_GRADIENT,
                       "it is no slope of target %" PRId64 ", but fits target %" PRId64
                       ": the gradient of another target",
                       c->target, target);
  c->findings[ATTRIB_CHECK_GRADIENT].cause = ATTRIB_CAUSE_OTHER_TARGET;
  c->findings[ATTRIB_CHECK_GRADIENT].element = target;
}

static attrib_status ask_side(attrib__checking *c, const attrib__slope *slope, double step, bool all, double *outputs) {
  attrib__answer answer = {.outputs = outputs};
  const attrib__asked asked = {.count = 1,
                               .points = {slope->point},
                               .rows = {c->trial},
                               .all_outputs = all,
                               .target = all ? c->target : c->other,
                               .weights = all ? c->options.target_weights : NULL};
  attrib__check_place(c, slope, step);
  return attrib__check_ask(c, &asked, &answer);
}

/* The other output whose difference is nearest to what the gradient says, much nearer than the next; -1 = none. One
 * difference has to do, so it has to fit well. */
static int64_t nearest(const attrib__checking *c, const attrib__slope *slope, const double *behind,
                       const double *ahead) {
  double best = (double)INFINITY, second = (double)INFINITY;
  int64_t found = -1;
  for (int64_t k = 0; k < c->model.n_outputs; k++) {
    if (k == c->target) continue;
    const double off = fabs(ldexp(ahead[k] - behind[k], -c->exponent) - slope->claimed);
    second = fmin(second, fmax(best, off));
    if (off < best) found = k;
    best = fmin(best, off);
  }
  const bool clear =
      best <= 0.2 * c->options.tolerance * fabs(slope->claimed) && (c->model.n_outputs == 2 || best < 0.1 * second);
  return clear ? found : -1;
}

static attrib_status another_target(attrib__checking *c, bool *named) {
  const attrib__slope *slope = &c->slopes[0];
  *named = true;
  if (c->same_gradient) {
    fail_target(c, -1);
    return ATTRIB_OK;
  }
  *named = false;
  if (c->left < 2 || slope->tries == 0 || !attrib__slope_counts(c, slope) || c->model.n_outputs < 2) return ATTRIB_OK;
  if (!c->have_all && c->other < 0) return ATTRIB_OK;
  double one[2] = {0, 0};
  double *behind = c->have_all ? c->all_behind : &one[0], *ahead = c->have_all ? c->all_ahead : &one[1];
  attrib_status status = ask_side(c, slope, -slope->step, c->have_all, behind);
  if (status == ATTRIB_OK) status = ask_side(c, slope, slope->step, c->have_all, ahead);
  if (status != ATTRIB_OK) return status;
  int64_t target = c->have_all ? nearest(c, slope, behind, ahead) : -1;
  if (!c->have_all) {
    attrib__slope other = *slope;
    other.moved = ldexp(one[1] - one[0], -c->exponent);
    if (fabs(other.moved - other.claimed) <= 0.2 * c->options.tolerance * fabs(other.claimed)) target = c->other;
  }
  *named = target >= 0;
  if (*named) fail_target(c, target);
  return ATTRIB_OK;
}

/* -- in turn ------------------------------------------------------------------------------------------------------ */

static void fail_unknown(attrib__checking *c, int counted, int disagreeing) {
  double low = (double)INFINITY, high = -(double)INFINITY;
  bool moves = false;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (!attrib__slope_counts(c, s) || fabs(s->moved) <= attrib__slope_allowance(c, s)) continue;
    moves = true;
    low = fmin(low, s->claimed / s->moved);
    high = fmax(high, s->claimed / s->moved);
  }
  if (moves)
    attrib__check_fail(
        c, ATTRIB_CHECK_GRADIENT,
        "it is not the slope of f in %d of %d differences, and fits no fault that has a name: gradient over "
        "slope goes from %.3g to %.3g; a derivative in the backward pass is wrong or missing",
        disagreeing, counted, low, high);
  else
    attrib__check_fail(
        c, ATTRIB_CHECK_GRADIENT,
        "f does not move where the gradient says it does, in %d of %d differences: they are of different "
        "functions, every row gets the results of one (stale), or f has few digits (int8, half)",
        disagreeing, counted);
}

attrib_status attrib__check_causes(attrib__checking *c, int counted, int disagreeing) {
  double ratio;
  const bool moves = ratio_of(c, &ratio);
  bool named = moves && one_factor(c, ratio, counted);
  attrib_status status = ATTRIB_OK;
  if (!named && moves) named = attrib__check_layouts(c);
  if (!named && moves) status = another_target(c, &named);
  if (status != ATTRIB_OK) return status;
  if (!named && moves) named = another_score(c);
  if (!named && moves) named = attrib__check_channels(c);
  if (!named && moves) named = probably_softmax(c);
  if (!named) fail_unknown(c, counted, disagreeing);
  c->findings[ATTRIB_CHECK_GRADIENT].measured = ratio;
  c->findings[ATTRIB_CHECK_GRADIENT].bound = 1;
  return ATTRIB_OK;
}
