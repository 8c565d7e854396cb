/* noise.c - FORWARD and PRECISION: f without gradients, at a point of the line and at neighbours of it. */
#include <math.h>

#include "../base/ecnoise.h"
#include "../rows/rows.h"
#include "checks.h"

enum { VALUES = 6 }; /* of f, at neighbours */

/* Spacing of the neighbours, in alpha: far enough apart for rows of floats to differ. */
static double spacing(const attrib__checking *c) {
  return c->model.dtype == ATTRIB_F32 ? 0x1p-12 : 0x1p-20;
}

void attrib__check_place(const attrib__checking *c, const attrib__slope *slope, double step) {
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < c->model.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, c->model.n_inputs);
    attrib__check_offset(c, slope, step, begin, n, values);
    attrib__rows_store(c->model.dtype, c->trial, begin, n, values);
  }
}

static void judge_forward(attrib__checking *c, double output) {
  const attrib__answer with = c->alone_gradients ? c->alone : c->first;
  if (!attrib__check_gradients(c)) {
    attrib__check_skip(c, ATTRIB_CHECK_FORWARD, "the model gives no gradients: there is one way to ask for f");
    return;
  }
  if (attrib__check_hopeless(c, ATTRIB_CHECK_FORWARD)) return;
  attrib__apart apart = {.output = fabs(output - with.outputs[0]) / fmax(fmax(c->scale, fabs(output)), 0x1p-1000)};
  apart.bits = output != with.outputs[0] && !(isnan(output) && isnan(with.outputs[0]));
  if (!apart.bits) apart.output = 0;
  if (isfinite(apart.output) && attrib__check_close(c, &apart))
    attrib__check_same(c, ATTRIB_CHECK_FORWARD, &apart, "f is the same with and without gradients",
                       "both are asked for, and sums of them differ in their last bits");
  else
    attrib__check_fail(c, ATTRIB_CHECK_FORWARD,
                       "f of one row is %.6g without gradients and %.6g with them: both ways must give the same score "
                       "(logit or probability) of the same target",
                       output, with.outputs[0]);
  attrib__check_numbers(c, ATTRIB_CHECK_FORWARD, &apart);
}

static void say_precision(attrib__checking *c, attrib__noise_kind kind) {
  const double unit = ldexp(1, c->exponent), noise = c->noise * unit;
  const double moved = fabs(c->report->output - c->report->baseline_output);
  const bool single = c->floats && c->different_outputs >= 8;
  const char *floats = single ? "; though dtype is ATTRIB_F64, every output seen is a float: it computes in float" : "";
  const char *what =
      kind == ATTRIB__NOISE_STEPS ? "f moves in steps (neighbouring rows have equal f), about" : "f is known to";
  if (c->scale == 0) {
    attrib__check_pass(c, ATTRIB_CHECK_PRECISION, "f is 0 wherever it was asked for%s", floats);
  } else if (moved > 0 && isfinite(moved)) {
    attrib__check_pass(c, ATTRIB_CHECK_PRECISION,
                       "%s %.1e of its size, so f(input) - f(baseline) = %.4g to %.1e of itself: ask for no tolerance "
                       "below that%s",
                       what, noise / c->scale, c->report->output - c->report->baseline_output, noise / moved, floats);
  } else {
    attrib__check_pass(c, ATTRIB_CHECK_PRECISION, "%s %.1e of its size%s", what, noise / c->scale, floats);
  }
  if (c->scale > 0) c->findings[ATTRIB_CHECK_PRECISION].measured = c->report->noise = noise / c->scale;
}

/* Values in units of the checking. */
static attrib_status measure(attrib__checking *c, double *values, double *forward) {
  const attrib__slope line = {.point = 0};
  for (int k = 0; k < VALUES; k++) {
    const void *row = c->inner[0];
    double output;
    if (k != 2) {
      attrib__check_place(c, &line, (k - 2) * spacing(c));
      row = c->trial;
    }
    const attrib_status status = attrib__check_output(c, 0, row, &output);
    if (status != ATTRIB_OK) return status;
    if (k == 2) *forward = output;
    values[k] = ldexp(output, -c->exponent);
  }
  return ATTRIB_OK;
}

attrib_status attrib__check_noise(attrib__checking *c) {
  double values[VALUES], forward;
  attrib__noise_kind kind = ATTRIB__NOISE_STEPS;
  const bool whole = c->displaced && c->left >= VALUES;
  if (c->left == 0) {
    attrib__check_skip(c, ATTRIB_CHECK_FORWARD, "max_evaluations leaves no rows for it");
    attrib__check_skip(c, ATTRIB_CHECK_PRECISION, "max_evaluations leaves no rows for it");
    return ATTRIB_OK;
  }
  const attrib_status status = whole ? measure(c, values, &forward) : attrib__check_output(c, 0, c->inner[0], &forward);
  if (status != ATTRIB_OK) return status;
  judge_forward(c, forward);
  bool finite = whole;
  for (int k = 0; k < VALUES && finite; k++) finite = isfinite(values[k]);
  c->floats = c->floats && c->model.dtype == ATTRIB_F64;
  if (finite) kind = attrib__ecnoise(values, VALUES, &c->noise);
  c->coarse = kind == ATTRIB__NOISE_STEPS;
  if (c->coarse && c->noise == 0) c->noise = c->model.dtype == ATTRIB_F32 || c->floats ? 0x1p-24 : 0x1p-53;
  if (!c->displaced)
    attrib__check_skip(c, ATTRIB_CHECK_PRECISION, "input and baseline are equal: there is no line to look along");
  else if (!whole)
    attrib__check_skip(c, ATTRIB_CHECK_PRECISION, "max_evaluations leaves no rows for it");
  else if (!finite)
    attrib__check_skip(c, ATTRIB_CHECK_PRECISION, "not judged: f is not finite (see finite)");
  else if (!attrib__check_hopeless(c, ATTRIB_CHECK_PRECISION))
    say_precision(c, kind);
  return ATTRIB_OK;
}
