/* scores.c - gradients of another score than f: of the logit where f is a probability, and the like. */
#include <math.h>

#include "causes.h"
#include "checks.h"

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

static const char *const of_logit_words =
    "it fits that of the logit, log(f / (1 - f)), while f is a probability: the softmax or sigmoid is not "
    "differentiated; use its derivative, or return the logit";

static bool fail_score(attrib__checking *c, const char *what) {
  attrib__check_fail(c, ATTRIB_CHECK_GRADIENT, "%s", what)->cause = ATTRIB_CAUSE_SCORE;
  return true;
}

/* Only where f lies within (0, 1) wherever it was asked for. */
bool attrib__check_logit(attrib__checking *c) {
  for (int r = 0; r < ATTRIB__INNER; r++)
    if (!(c->first.outputs[r] > 0 && c->first.outputs[r] < 1)) return false;
  for (int r = 0; r < 4; r++)
    if (!(c->turned.outputs[r] > 0 && c->turned.outputs[r] < 1)) return false;
  return score_fits(c, of_logit) && fail_score(c, of_logit_words);
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
  return attrib__enough(less, counted);
}

bool attrib__check_scores(attrib__checking *c) {
  const char *what = NULL;
  if (score_fits(c, of_logit))
    what = of_logit_words;
  else if (score_fits(c, of_logarithm))
    what = "it fits that of log f: return the logarithm, or multiply the gradient by f";
  else if (score_fits(c, of_probability))
    what = "it fits that of exp(f): return the probability, or divide the gradient by it";
  return what != NULL && fail_score(c, what);
}

bool attrib__check_softmax(attrib__checking *c) {
  if (!like_softmax(c)) return false;
  attrib__check_fail(c, ATTRIB_CHECK_GRADIENT,
                     "f lies between 0 and 1 and moves less than its gradient says, not by one factor: probably the "
                     "gradient is of the logit and the softmax is not differentiated")
      ->cause = ATTRIB_CAUSE_SCORE;
  return true;
}
