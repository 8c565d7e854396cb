/* writes.c - WRITES, STRIDES, INPUTS and FINITE: what the model does to its buffers. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "../rows/rows.h"
#include "checks.h"

static double element(const attrib__checking *c, const void *row, int64_t i) {
  double value;
  attrib__rows_load(c->model.dtype, row, i, 1, &value);
  return value;
}

/* -- strides ------------------------------------------------------------------------------------------------------ */

/* The second row of the batch with gaps got what the first has: the gap between them holds it once more. */
bool attrib__check_reads_gaps(const attrib__checking *c) {
  if (c->model.max_rows == 1) return false;
  const attrib__apart own = attrib__check_apart(c, &c->spaced, 1, &c->first, 1);
  const attrib__apart before = attrib__check_apart(c, &c->spaced, 1, &c->first, 0);
  const attrib__apart at_first = attrib__check_apart(c, &c->spaced, 0, &c->first, 0);
  const double bound = attrib__check_output_bound(c);
  return before.output <= bound && own.output > bound && at_first.output <= bound;
}

static void fail_strides(attrib__checking *c, uint32_t cause, int64_t count, const char *what, const char *advice) {
  attrib__finding *finding = attrib__check_fail(c, ATTRIB_CHECK_STRIDES, "%s: %s", what, advice);
  finding->cause = cause;
  finding->measured = (double)count;
  finding->bound = 0;
}

void attrib__check_strides(attrib__checking *c) {
  const attrib__stains *s = &c->stains;
  const bool reads = c->reads_gaps;
  char what[200];
  if (s->output_beyond > 0) {
    snprintf(what, sizeof what, "%" PRId64 " numbers beside the outputs are written in all calls", s->output_beyond);
    fail_strides(c, ATTRIB_CAUSE_BEYOND, s->output_beyond, what,
                 "one number per row is asked for unless the batch has ATTRIB_BATCH_ALL_OUTPUTS, and batch->rows rows");
  } else if (s->gradient_beyond > 0) {
    snprintf(what, sizeof what, "%" PRId64 " elements beside the gradients are written in all calls",
             s->gradient_beyond);
    fail_strides(c, ATTRIB_CAUSE_BEYOND, s->gradient_beyond, what,
                 "n_inputs elements for each of batch->rows rows are asked for, where the batch asks for gradients");
  } else if (reads || s->output_gaps + s->gradient_gaps > 0) {
    snprintf(what, sizeof what, "%s%s%s%s%s as if rows lay back to back", reads ? "inputs are read" : "",
             reads && s->output_gaps + s->gradient_gaps > 0 ? ", " : "",
             s->output_gaps > 0 ? "outputs are written" : "", s->output_gaps > 0 && s->gradient_gaps > 0 ? ", " : "",
             s->gradient_gaps > 0 ? "gradients are written" : "");
    fail_strides(c, reads ? ATTRIB_CAUSE_INPUT_STRIDE : ATTRIB_CAUSE_GAP, s->output_gaps + s->gradient_gaps, what,
                 "wrong stride; row r begins at element r * input_stride, r * output_stride, r * gradient_stride");
  } else if (c->findings[ATTRIB_CHECK_STRIDES].verdict == 0) {
    attrib__check_pass(
        c, ATTRIB_CHECK_STRIDES, "%s",
        c->model.max_rows == 1
            ? "nothing beside a row is written (max_rows is 1: rows have no neighbours)"
            : "rows with gaps between them are read and written at their places, and nothing beside them");
  }
}

void attrib__check_inputs(attrib__checking *c) {
  const attrib__stains *s = &c->stains;
  if (s->inputs == 0 && s->input_beyond == 0) {
    attrib__check_pass(c, ATTRIB_CHECK_INPUTS, "the inputs are as they were after every call");
    return;
  }
  attrib__finding *finding = attrib__check_fail(c, ATTRIB_CHECK_INPUTS,
                                                "the model writes to its inputs, first to input %" PRId64
                                                " of a row: copy a row before changing it (normalising in place?)",
                                                s->input_element);
  finding->cause = ATTRIB_CAUSE_BEYOND;
  finding->element = s->input_element;
  finding->measured = (double)(s->inputs + s->input_beyond);
  finding->bound = 0;
}

/* -- forgotten writes --------------------------------------------------------------------------------------------- */

typedef struct forgotten {
  int64_t outputs, gradients; /* elements */
  int64_t output_row, row, element;
} forgotten;

/* Takes note of what still holds the filling, and puts there what the first batch has (zero, if nothing wrote it), so
 * that it makes no other check fail. Rows after the first do not count where strides are wrong: they lie elsewhere. */
static forgotten find_forgotten(const attrib__checking *c) {
  const int64_t n = c->model.n_inputs;
  const bool first_alone = attrib__check_failed(c, ATTRIB_CHECK_STRIDES);
  forgotten found = {.output_row = -1, .row = -1, .element = -1};
  for (int r = 0; r < ATTRIB__INNER; r++) {
    const bool counts = r == 0 || !first_alone;
    if (c->spaced.outputs[r] == attrib__check_fill) {
      c->spaced.outputs[r] = c->first.outputs[r];
      if (counts && found.outputs++ == 0) found.output_row = r;
    }
    for (int64_t i = 0; i < n && attrib__check_gradients(c); i++) {
      if (element(c, c->spaced.gradients, r * n + i) != attrib__check_fill) continue;
      const double held = element(c, c->first.gradients, r * n + i);
      attrib__rows_store(c->model.dtype, c->spaced.gradients, r * n + i, 1, &held);
      if (!counts || found.gradients++ > 0) continue;
      found.row = r;
      found.element = i;
    }
  }
  return found;
}

/* What is there is what was there plus what should be. */
static bool added(double was, double is) {
  const double slack = 1e-4 + 1e-6 * fabs(was); /* of numbers in which it would not show, nothing can be said */
  return isfinite(was) && slack < 1 && fabs(is - was - attrib__check_fill) <= slack;
}

static bool adds_outputs(const attrib__checking *c) {
  return added(c->first.outputs[0], c->spaced.outputs[0]) && c->spaced.outputs[0] != attrib__check_fill;
}

/* And not just left as it was: a gradient of many zeros is no proof. */
static bool adds_gradients(const attrib__checking *c) {
  int64_t moved = 0;
  for (int64_t i = 0; i < c->model.n_inputs && attrib__check_gradients(c); i++) {
    const double is = element(c, c->spaced.gradients, i);
    if (!added(element(c, c->first.gradients, i), is)) return false;
    moved += is != attrib__check_fill;
  }
  return 2 * moved > c->model.n_inputs;
}

/* The row alone has the results of another row of the batch before it, or their gradient. */
static const char *stale(const attrib__checking *c) {
  if (c->model.max_rows == 1) return NULL;
  for (int r = 0; r < ATTRIB__INNER; r += 2) {
    const attrib__answer *batches[] = {&c->first, &c->spaced};
    for (int k = 0; k < (attrib__check_failed(c, ATTRIB_CHECK_STRIDES) ? 1 : 2); k++) {
      const attrib__apart other = attrib__check_apart(c, &c->alone, 0, batches[k], r);
      const attrib__apart own = attrib__check_apart(c, &c->alone, 0, batches[k], 1);
      if (attrib__check_close(c, &own)) continue;
      if (!other.bits) return "the results";
      if (other.gradient == 0 && own.output == 0 && attrib__check_gradients(c)) return "the gradient";
    }
  }
  return NULL;
}

static void fail_unwritten(attrib__checking *c, const forgotten *f) {
  const int64_t n = c->model.n_inputs, rows = ATTRIB__INNER;
  attrib__finding *finding;
  if (f->gradients == rows * n)
    finding = attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                                 "no gradient is written%s: fill them where batch->flags has ATTRIB_BATCH_GRADIENTS, "
                                 "or set ATTRIB_MODEL_NO_GRADIENTS",
                                 f->outputs == 0 ? "" : ", and not every output");
  else if (f->outputs > 0 && (f->gradients >= n || !attrib__check_gradients(c)))
    finding = attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                                 "row %" PRId64 " of a batch of %" PRId64 " is left unwritten (%" PRId64
                                 " outputs, %" PRId64 " elements of gradients in all): write all of batch->rows rows",
                                 f->output_row, rows, f->outputs, f->gradients);
  else if (f->outputs > 0)
    finding = attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                                 "the output of row %" PRId64 " of a batch of %" PRId64
                                 " is left unwritten: write one for each of batch->rows rows",
                                 f->output_row, rows);
  else
    finding = attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                                 "the gradient of input %" PRId64 " in row %" PRId64 " of a batch of %" PRId64
                                 " is left unwritten (%" PRId64 " elements in all): write all n_inputs of every row",
                                 f->element, f->row, rows, f->gradients);
  finding->cause = ATTRIB_CAUSE_UNWRITTEN;
  finding->element = f->element;
  finding->measured = (double)(f->outputs + f->gradients);
  finding->bound = 0;
}

void attrib__check_writes(attrib__checking *c) {
  const bool outputs_added = adds_outputs(c), gradients_added = adds_gradients(c);
  const forgotten f = find_forgotten(c);
  const char *of_another = stale(c);
  c->unwritten = f.outputs + f.gradients > 0 || attrib__check_failed(c, ATTRIB_CHECK_STRIDES);
  if (outputs_added || gradients_added) {
    c->added = true;
    attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                       "%s are added to what the buffer holds: overwrite it, it does not hold zeros",
                       outputs_added ? gradients_added ? "outputs and gradients" : "outputs" : "gradients")
        ->cause = ATTRIB_CAUSE_ADDED;
  } else if (f.outputs + f.gradients > 0) {
    fail_unwritten(c, &f);
  } else if (of_another != NULL) {
    c->stale = true;
    attrib__check_fail(c, ATTRIB_CHECK_WRITES,
                       "a row by itself gets %s of another row of the batch before it: a buffer of the model is not "
                       "refreshed in every call (stale)",
                       of_another)
        ->cause = ATTRIB_CAUSE_STALE;
  } else {
    attrib__check_pass(c, ATTRIB_CHECK_WRITES, "every element that is asked for is written, anew in each call");
  }
}

/* -- finite ------------------------------------------------------------------------------------------------------- */

typedef struct strange {
  int64_t count, element;
  int point;
  bool in_gradient;
  double value;
} strange;

static void note(strange *s, int point, bool in_gradient, int64_t i, double value) {
  if (s->count++ > 0) return;
  *s = (strange){.count = 1, .element = i, .point = point, .in_gradient = in_gradient, .value = value};
}

/* A gradient that is not finite at a feature that does not move is never looked at where displacements are. */
static void look_at(const attrib__checking *c, const attrib__answer *answer, int r, int point, strange *s) {
  const int64_t n = c->model.n_inputs;
  if (!isfinite(answer->outputs[r])) note(s, point, false, -1, answer->outputs[r]);
  for (int64_t i = 0; i < n && attrib__check_gradients(c); i++) {
    const double value = element(c, answer->gradients, r * n + i);
    if (isfinite(value)) continue;
    if (!c->displaced || element(c, c->input, i) != element(c, c->baseline, i)) note(s, point, true, i, value);
  }
}

void attrib__check_finite(attrib__checking *c) {
  strange s = {0};
  look_at(c, &c->turned, ATTRIB__TURNED_BASELINE, ATTRIB__AT_BASELINE, &s);
  for (int r = 0; r < ATTRIB__INNER; r++) look_at(c, &c->first, r, r, &s);
  look_at(c, &c->turned, ATTRIB__TURNED_INPUT, ATTRIB__AT_INPUT, &s);
  if (s.count == 0) {
    attrib__check_pass(c, ATTRIB_CHECK_FINITE,
                       "f%s finite at the baseline, at three points of the line and at the input",
                       attrib__check_gradients(c) ? " and its gradient are" : " is");
    return;
  }
  char what[60] = "f";
  if (s.in_gradient) snprintf(what, sizeof what, "the gradient of input %" PRId64, s.element);
  attrib__finding *finding =
      attrib__check_fail(c, ATTRIB_CHECK_FINITE,
                         "%s is %g at row %d, alpha = %.4g (0 = baseline, 1 = input); %" PRId64 " such numbers in all",
                         what, s.value, s.point, attrib__check_alpha(s.point), s.count);
  finding->cause = ATTRIB_CAUSE_NONFINITE;
  finding->element = s.element;
  finding->measured = (double)s.count;
  finding->bound = 0;
}
