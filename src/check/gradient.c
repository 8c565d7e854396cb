/* gradient.c - ZERO and GRADIENT: the verdict over all differences that were taken. */
#include <inttypes.h>
#include <math.h>

#include "checks.h"

/* True where the checks of slopes cannot be made, and says so. */
static bool hindered(attrib__checking *c) {
  const char *why = NULL;
  if (!attrib__check_gradients(c))
    why = "the model gives no gradients (ATTRIB_MODEL_NO_GRADIENTS)";
  else if (!c->displaced)
    why = "input and baseline are equal: no displacement to take slopes along; give another baseline";
  else if (c->stale || c->added)
    why = "not judged: results are not written as they should be (see writes)";
  else if (c->random)
    why = "not judged: results are others every time (see repeat)";
  else if (c->unwritten)
    why = "not judged: gradients are not written as they should be (see writes, strides)";
  else if (attrib__check_failed(c, ATTRIB_CHECK_FORWARD))
    why = "not judged: f is another with gradients than without (see forward)";
  else if (c->left < 4)
    why = "max_evaluations leaves no rows for it";
  if (why == NULL) return false;
  attrib__check_skip(c, ATTRIB_CHECK_ZERO, "%s", why);
  attrib__check_skip(c, ATTRIB_CHECK_GRADIENT, "%s", why);
  return true;
}

/* f moves, and some of it is too small for a gradient of the dtype. */
static bool sinks(const attrib__checking *c) {
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (s->good && s->tries > 0 && attrib__slope_size(s) > 0 && attrib__slope_sinks(c, s)) return true;
  }
  return false;
}

/* Whether the gradients at all points within are 0, and f has a slope at one of them. */
static bool judge_zero(attrib__checking *c) {
  bool zero = true, slope = false;
  double low = (double)INFINITY, high = -(double)INFINITY;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (!s->good || s->tries == 0) continue;
    zero = zero && s->norm == 0;
    slope = slope || (fabs(s->moved) > 4 * attrib__slope_allowance(c, s) && s->norm == 0 && !attrib__slope_sinks(c, s));
  }
  for (int r = 0; r < 4; r++) {
    low = fmin(low, c->turned.outputs[r]);
    high = fmax(high, c->turned.outputs[r]);
  }
  if (zero && slope) {
    attrib__check_fail(c, ATTRIB_CHECK_ZERO,
                       "the gradient is 0 at every point, though f has a slope there and goes from %.4g to %.4g: it is "
                       "not computed (a graph that was cut off), or lost to a saturated softmax (explain the logit)",
                       low, high);
    attrib__check_skip(c, ATTRIB_CHECK_GRADIENT, "not judged: there is none (see zero gradient)");
  } else if (zero && sinks(c)) {
    attrib__check_pass(
        c, ATTRIB_CHECK_ZERO,
        "the gradient is 0 at three points of the line; f goes from %.4g to %.4g, but its slopes are "
        "below the least number of the dtype: f is saturated (if it is a probability, explain the logit)",
        low, high);
  } else if (zero && high > low) {
    attrib__check_pass(
        c, ATTRIB_CHECK_ZERO,
        "the gradient is 0 at three points of the line, and so is the slope of f, though f goes from %.4g "
        "to %.4g: f is saturated or moves elsewhere (if it is a probability, explain the logit)",
        low, high);
  } else if (zero) {
    attrib__check_pass(c, ATTRIB_CHECK_ZERO, "the gradient is 0 and f is constant on the line");
  } else {
    attrib__check_pass(c, ATTRIB_CHECK_ZERO, "the gradient is not 0");
  }
  return zero && slope;
}

static attrib_status judge_gradient(attrib__checking *c) {
  int good = 0, counted = 0, disagreeing = 0;
  int counted_of[2] = {0}, grossly[2] = {0}; /* along the displacement, and with random signs */
  unsigned points = 0;                       /* at which some disagree */
  double worst = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    good += s->good && s->tries > 0;
    if (!attrib__slope_counts(c, s)) continue;
    const int kind = s->direction > 0;
    counted++;
    counted_of[kind]++;
    if (!attrib__slope_agrees(c, s)) {
      disagreeing++;
      grossly[kind] += fabs(s->moved - s->claimed) > 0.5 * s->norm;
      points |= 1U << s->point;
    }
    worst = fmax(worst, fabs(s->moved - s->claimed) / attrib__slope_size(s));
  }
  bool most = disagreeing >= 2 && 2 * disagreeing >= counted;
  for (int kind = 0; kind < 2; kind++) most = most || (grossly[kind] >= 2 && 2 * grossly[kind] > counted_of[kind]);
  const bool several = (points & (points - 1)) != 0;
  if (most && several) return attrib__check_causes(c, counted, disagreeing);
  if (good == 0)
    attrib__check_skip(c, ATTRIB_CHECK_GRADIENT, "not judged: f or its gradient is not finite (see finite)");
  else if (counted == 0 && sinks(c))
    attrib__check_skip(c, ATTRIB_CHECK_GRADIENT,
                       "not judged: slopes of f are below the least number of the dtype, f is saturated (if it is a "
                       "probability, explain the logit)");
  else if (counted == 0)
    attrib__check_skip(c, ATTRIB_CHECK_GRADIENT,
                       "neither f nor its gradient moves by more than noise and kinks of f would: nothing to compare");
  else if (most)
    attrib__check_skip(
        c, ATTRIB_CHECK_GRADIENT,
        "it is not the slope of f in %d of %d differences that tell anything, but these are at one point "
        "(an inflection of f, or a fault): try another input or baseline",
        disagreeing, counted);
  else if (disagreeing > 0)
    attrib__check_pass(c, ATTRIB_CHECK_GRADIENT,
                       "it is the slope of f in %d of %d differences, and not in %d, as kinks of f may do",
                       counted - disagreeing, counted, disagreeing);
  else
    attrib__check_pass(
        c, ATTRIB_CHECK_GRADIENT,
        "it is the slope of f in %d of %d differences, along the displacement and random directions, within %.1e%s",
        counted, counted, worst, worst > c->options.tolerance ? ", as kinks and noise allow" : "");
  return ATTRIB_OK;
}

attrib_status attrib__check_slopes(attrib__checking *c) {
  if (hindered(c)) return ATTRIB_OK;
  const attrib_status status = attrib__check_take_slopes(c);
  if (status != ATTRIB_OK) return status;
  return judge_zero(c) ? ATTRIB_OK : judge_gradient(c);
}
