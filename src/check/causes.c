/* causes.c - why the gradient is not the slope of f: what its numbers fit, tried from the simplest on. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "../rows/rows.h"
#include "causes.h"
#include "checks.h"

bool attrib__enough(int fitting, int counted) {
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
  return attrib__enough(fitting, counted);
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

static const char *name_factor(double size, bool picture) {
  if (near(size, 255)) return "255: the derivative of a division by 255 is missing";
  if (near(size, 1.0 / 255)) return "1/255: a division by 255 is differentiated, but not made (or twice)";
  if (near(size, 127.5)) return "127.5: the derivative of x / 127.5 - 1 is missing";
  if (near(size, 1.0 / 127.5)) return "1/127.5: x / 127.5 - 1 is differentiated, but not made (or twice)";
  if (near(size, 256)) return "256: the derivative of a division by 256 is missing";
  if (near(size, 2)) return "2: counted twice, or the derivative of a halving is missing";
  if (near(size, 0.5)) return "1/2: the derivative of a doubling (2 x - 1) is missing";
  if (picture && size > 0.19 && size < 0.32)
    return "about a standard deviation of pixels: the derivative of (x - mean) / std is missing";
  if (picture && size > 1 / 0.32 && size < 1 / 0.19)
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
                       ratio, counted, name_factor(fabs(ratio), c->shape.channels > 0),
                       ratio < 0 ? ", and its sign is wrong" : "")
        ->cause = ATTRIB_CAUSE_FACTOR;
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

/* The other output whose difference is nearest to what the gradient says, much nearer than the next; -1 = none. Two
 * differences have to do, so they have to fit well. */
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

/* The target whose difference the gradient fits; -1 = none. */
static attrib_status fit_target(attrib__checking *c, const attrib__slope *slope, int64_t *target) {
  double one[2] = {0, 0};
  double *behind = c->have_all ? c->all_behind : &one[0], *ahead = c->have_all ? c->all_ahead : &one[1];
  attrib_status status = ask_side(c, slope, -slope->step, c->have_all, behind);
  if (status == ATTRIB_OK) status = ask_side(c, slope, slope->step, c->have_all, ahead);
  if (status != ATTRIB_OK) return status;
  *target = c->have_all ? nearest(c, slope, behind, ahead) : -1;
  if (c->have_all) return ATTRIB_OK;
  const double off = fabs(ldexp(one[1] - one[0], -c->exponent) - slope->claimed);
  if (off <= 0.2 * c->options.tolerance * fabs(slope->claimed)) *target = c->other;
  return ATTRIB_OK;
}

/* Two differences, at two points, have to fit the same one. */
static attrib_status another_target(attrib__checking *c, bool *named) {
  int64_t target = -1;
  int fitting = 0;
  *named = c->same_gradient;
  if (*named) fail_target(c, -1);
  if (*named || c->model.n_outputs < 2 || (!c->have_all && c->other < 0)) return ATTRIB_OK;
  for (int k = 0; k < ATTRIB__INNER && fitting < 2 && c->left >= 2; k++) {
    int64_t found = -1;
    if (!attrib__slope_counts(c, &c->slopes[k])) continue;
    const attrib_status status = fit_target(c, &c->slopes[k], &found);
    if (status != ATTRIB_OK) return status;
    if (found < 0 || (fitting > 0 && found != target)) return ATTRIB_OK;
    target = found;
    fitting++;
  }
  *named = fitting == 2;
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
  bool named = moves && attrib__check_logit(c); /* which a factor fits, too, where f hardly changes */
  if (!named && moves) named = one_factor(c, ratio, counted);
  attrib_status status = ATTRIB_OK;
  if (!named && moves) named = attrib__check_layouts(c);
  if (!named && moves) status = another_target(c, &named);
  if (status != ATTRIB_OK) return status;
  if (!named && moves) named = attrib__check_scores(c);
  if (!named && moves) named = attrib__check_channels(c);
  if (!named && moves) named = attrib__check_softmax(c);
  if (!named) fail_unknown(c, counted, disagreeing);
  c->findings[ATTRIB_CHECK_GRADIENT].measured = ratio;
  c->findings[ATTRIB_CHECK_GRADIENT].bound = 1;
  return ATTRIB_OK;
}
