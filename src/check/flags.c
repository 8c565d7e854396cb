/* flags.c - TARGET, WEIGHTS and ALL_OUTPUTS: f of other targets at the first point of the line. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../rows/rows.h"
#include "checks.h"

static const attrib__answer *reference(const attrib__checking *c) {
  return c->alone_gradients ? &c->alone : &c->first;
}

static attrib_status ask(attrib__checking *c, int64_t target, const double *weights, bool all, attrib__answer *answer) {
  const attrib__asked asked = {.count = 1,
                               .points = {0},
                               .rows = {c->inner[0]},
                               .gradients = attrib__check_gradients(c),
                               .all_outputs = all,
                               .target = target,
                               .weights = weights};
  return attrib__check_ask(c, &asked, answer);
}

static double gradient_at(const attrib__checking *c, const attrib__answer *answer, int64_t i) {
  double value;
  attrib__rows_load(c->model.dtype, answer->gradients, i, 1, &value);
  return value;
}

/* Gradients are left out where they are known to be badly written. */
static attrib__apart apart_from(const attrib__checking *c, const attrib__answer *answer,
                                const attrib__answer *expected) {
  attrib__apart apart = attrib__check_apart(c, answer, 0, expected, 0);
  if (c->unwritten) apart.gradient = 0;
  return apart;
}

/* -- targets ------------------------------------------------------------------------------------------------------ */

/* f has a slope, or takes several values: then equal results for two targets are no accident. */
static bool alive(const attrib__checking *c) {
  for (int64_t i = 0; attrib__check_gradients(c) && i < c->model.n_inputs; i++)
    if (gradient_at(c, reference(c), i) != 0) return true;
  return c->first.outputs[0] != c->first.outputs[1] || c->first.outputs[0] != c->first.outputs[2];
}

/* A note for the naming of causes: only the gradient ignores the target. */
static void compare_gradients(attrib__checking *c, const attrib__apart *apart) {
  c->same_gradient = attrib__check_gradients(c) && apart->output > attrib__check_output_bound(c) &&
                     apart->gradient <= attrib__check_gradient_bound(c);
}

static void judge_target(attrib__checking *c, bool same, int asked) {
  if (!same)
    attrib__check_pass(c, ATTRIB_CHECK_TARGET, "target %" PRId64 " gives %.6g where target %" PRId64 " gives %.6g",
                       c->other, c->aside.outputs[0], c->target, reference(c)->outputs[0]);
  else if (alive(c))
    attrib__check_fail(c, ATTRIB_CHECK_TARGET,
                       "%s gives the same f%s as target %" PRId64 " (%.6g): does the callback look at batch->target?",
                       asked > 1 ? "each of two other targets" : "another target",
                       attrib__check_gradients(c) ? " and gradient" : "", c->target, reference(c)->outputs[0]);
  else
    attrib__check_skip(c, ATTRIB_CHECK_TARGET,
                       "f is %.6g for another target, too, and constant: nothing tells one from the other",
                       c->aside.outputs[0]);
}

static attrib_status check_target(attrib__checking *c) {
  const int64_t count = c->model.n_outputs;
  if (c->options.target_weights != NULL)
    attrib__check_skip(c, ATTRIB_CHECK_TARGET, "f is a weighted sum of outputs: there is no target");
  else if (count == 0)
    attrib__check_skip(
        c, ATTRIB_CHECK_TARGET,
        "model->n_outputs is not stated (0), so a target beyond the last output goes unnoticed: state it");
  else if (count == 1)
    attrib__check_skip(c, ATTRIB_CHECK_TARGET, "the model has one output");
  else if (!attrib__check_hopeless(c, ATTRIB_CHECK_TARGET)) {
    bool same = true;
    int asked = 0;
    for (int64_t k = 1; k <= 2 && k < count && same && c->left > 0; k++) {
      c->other = (c->target + k) % count;
      const attrib_status status = ask(c, c->other, NULL, false, &c->aside);
      if (status != ATTRIB_OK) return status;
      const attrib__apart apart = apart_from(c, &c->aside, reference(c));
      same = !apart.bits;
      asked++;
      compare_gradients(c, &apart);
    }
    if (asked > 0)
      judge_target(c, same, asked);
    else
      attrib__check_skip(c, ATTRIB_CHECK_TARGET, "max_evaluations leaves no rows for it");
  }
  return ATTRIB_OK;
}

/* -- optional flags ----------------------------------------------------------------------------------------------- */

static bool left_out(attrib__checking *c, int check, uint32_t flag, const char *name) {
  if (!(c->model.flags & flag))
    attrib__check_skip(c, check, "model->flags lacks %s", name);
  else if (c->model.n_outputs == 0)
    attrib__check_skip(c, check, "model->n_outputs is not stated (0): %s cannot be used", name);
  else if (attrib__check_failed(c, ATTRIB_CHECK_TARGET))
    attrib__check_skip(c, check, "not judged: outputs cannot be asked for one by one (see target)");
  else if (c->left == 0)
    attrib__check_skip(c, check, "max_evaluations leaves no rows for it");
  else
    return attrib__check_hopeless(c, check);
  return true;
}

/* What the weighted sum of the two targets must give, or twice the weights of the call; into the room of a batch that
 * is no longer needed. */
static attrib__answer expect_weighted(attrib__checking *c) {
  const attrib__answer *first = reference(c), expected = c->spaced;
  const bool own = c->options.target_weights != NULL, two = !own && c->other >= 0;
  const double factor = two ? 1 : 2;
  for (int64_t k = 0; k < c->model.n_outputs; k++) c->weights[k] = own ? 2 * c->options.target_weights[k] : 0;
  if (!own) c->weights[c->target] = factor;
  if (two) c->weights[c->other] = -0.5;
  expected.outputs[0] = factor * first->outputs[0] - (two ? 0.5 * c->aside.outputs[0] : 0);
  for (int64_t i = 0; i < c->model.n_inputs && attrib__check_gradients(c); i++) {
    const double value = factor * gradient_at(c, first, i) - (two ? 0.5 * gradient_at(c, &c->aside, i) : 0);
    attrib__rows_store(c->model.dtype, expected.gradients, i, 1, &value);
  }
  return expected;
}

static attrib_status check_weights(attrib__checking *c) {
  if (left_out(c, ATTRIB_CHECK_WEIGHTS, ATTRIB_MODEL_TARGET_WEIGHTS, "ATTRIB_MODEL_TARGET_WEIGHTS")) return ATTRIB_OK;
  const attrib__answer expected = expect_weighted(c);
  attrib__answer got = {.outputs = c->spaced.outputs + 1,
                        .gradients = attrib__element(c->model.dtype, c->spaced.gradients, c->model.n_inputs)};
  const attrib_status status = ask(c, ATTRIB_NO_TARGET, c->weights, false, &got);
  if (status != ATTRIB_OK) return status;
  attrib__apart apart = apart_from(c, &got, &expected);
  /* Of two numbers that may be larger than their difference. */
  if (c->other >= 0 && isfinite(c->aside.outputs[0]))
    apart.output *= fmin(1, fmax(c->scale, fabs(expected.outputs[0])) / fmax(c->scale, fabs(c->aside.outputs[0])));
  c->weighted_gradient = apart.output <= attrib__check_output_bound(c) && !attrib__check_close(c, &apart);
  if (attrib__check_close(c, &apart))
    attrib__check_pass(c, ATTRIB_CHECK_WEIGHTS, "target_weights give the weighted sum of outputs%s",
                       attrib__check_gradients(c) ? " and its gradient" : "");
  else
    attrib__check_fail(c, ATTRIB_CHECK_WEIGHTS,
                       "target_weights give f = %.6g instead of the weighted sum %.6g, the gradient %.2g of its length "
                       "apart: honour batch->target_weights, or do not set ATTRIB_MODEL_TARGET_WEIGHTS",
                       got.outputs[0], expected.outputs[0], apart.gradient);
  attrib__check_numbers(c, ATTRIB_CHECK_WEIGHTS, &apart);
  return ATTRIB_OK;
}

/* Where the number stands instead; -1 = nowhere. */
static int64_t place_of(const attrib__checking *c, double value) {
  for (int64_t k = 0; k < c->model.n_outputs; k++)
    if (fabs(c->all[k] - value) <= attrib__check_output_bound(c) * c->scale) return k;
  return -1;
}

static double explained(const attrib__checking *c) {
  if (c->options.target_weights == NULL) return c->all[c->target];
  double sum = 0;
  for (int64_t k = 0; k < c->model.n_outputs; k++) sum += c->options.target_weights[k] * c->all[k];
  return sum;
}

static void fail_all(attrib__checking *c, int64_t target, double is, double should) {
  const int64_t place = c->options.target_weights == NULL ? place_of(c, should) : -1;
  if (place >= 0 && place != target)
    attrib__check_fail(c, ATTRIB_CHECK_ALL_OUTPUTS,
                       "of all outputs number %" PRId64 " is %.6g, which by itself is %.6g and stands at place %" PRId64
                       ": wrong order",
                       target, is, should, place);
  else
    attrib__check_fail(c, ATTRIB_CHECK_ALL_OUTPUTS,
                       "of all outputs %s %" PRId64
                       " is %.6g, and by itself %.6g: write output k of row r to "
                       "outputs[r * output_stride + k], or do not set ATTRIB_MODEL_ALL_OUTPUTS",
                       target < 0 ? "the weighted sum, target" : "number", target, is, should);
  c->findings[ATTRIB_CHECK_ALL_OUTPUTS].element = target;
}

static attrib_status check_all(attrib__checking *c) {
  if (left_out(c, ATTRIB_CHECK_ALL_OUTPUTS, ATTRIB_MODEL_ALL_OUTPUTS, "ATTRIB_MODEL_ALL_OUTPUTS")) return ATTRIB_OK;
  attrib__answer got = {.outputs = c->all, .gradients = c->spaced.gradients};
  const attrib_status status = ask(c, c->target, c->options.target_weights, true, &got);
  if (status != ATTRIB_OK) return status;
  for (int64_t k = 0; k < c->model.n_outputs; k++)
    if (c->all[k] == attrib__check_fill) {
      attrib__check_fail(c, ATTRIB_CHECK_ALL_OUTPUTS, "of all outputs number %" PRId64 " is left unwritten", k)->cause =
          ATTRIB_CAUSE_UNWRITTEN;
      c->findings[ATTRIB_CHECK_ALL_OUTPUTS].element = k;
      return ATTRIB_OK;
    }
  double is = explained(c), should = reference(c)->outputs[0];
  attrib__answer one = {.outputs = &is, .gradients = got.gradients}, aside = {.outputs = c->all + c->other};
  attrib__apart apart = apart_from(c, &one, reference(c)), other = {0};
  if (c->other >= 0) other.output = fabs(aside.outputs[0] - c->aside.outputs[0]) / fmax(c->scale, fabs(*aside.outputs));
  if (!(other.output > 0)) other.output = 0;
  if (apart.output > attrib__check_output_bound(c))
    fail_all(c, c->target, is, should);
  else if (other.output > attrib__check_output_bound(c))
    fail_all(c, c->other, aside.outputs[0], c->aside.outputs[0]);
  else if (!attrib__check_close(c, &apart))
    attrib__check_fail(
        c, ATTRIB_CHECK_ALL_OUTPUTS,
        "asked for together with all outputs, the gradient of the target is %.2g of its length apart from "
        "what it is else",
        apart.gradient);
  else
    attrib__check_pass(c, ATTRIB_CHECK_ALL_OUTPUTS, "all outputs are what they are one by one");
  c->have_all = c->findings[ATTRIB_CHECK_ALL_OUTPUTS].verdict == ATTRIB_CHECK_PASSED;
  attrib__apart_most(&apart, &other);
  attrib__check_numbers(c, ATTRIB_CHECK_ALL_OUTPUTS, &apart);
  return ATTRIB_OK;
}

attrib_status attrib__check_targets(attrib__checking *c) {
  attrib_status status = check_target(c);
  if (status == ATTRIB_OK) status = check_weights(c);
  return status == ATTRIB_OK ? check_all(c) : status;
}

void attrib__check_weights_again(attrib__checking *c) {
  if (c->weighted_gradient && attrib__check_failed(c, ATTRIB_CHECK_GRADIENT))
    attrib__check_pass(c, ATTRIB_CHECK_WEIGHTS,
                       "target_weights give the weighted sum of outputs (its gradient is not judged: see gradient)");
}
