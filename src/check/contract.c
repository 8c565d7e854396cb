/* contract.c - the first batches, and what follows from holding them against one another: REPEAT, BATCH, ORDER. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../rows/rows.h"
#include "checks.h"

/* -- the batches -------------------------------------------------------------------------------------------------- */

static attrib_status ask(attrib__checking *c, int64_t count, const int *points, bool spaced, attrib__answer *answer) {
  attrib__asked asked = {.count = count,
                         .gradients = attrib__check_gradients(c),
                         .spaced = spaced,
                         .target = c->target,
                         .weights = c->options.target_weights};
  for (int64_t r = 0; r < count; r++) {
    asked.points[r] = points[r];
    asked.rows[r] = attrib__check_point(c, points[r]);
  }
  return attrib__check_ask(c, &asked, answer);
}

static void take_scale(attrib__checking *c, const attrib__answer *answer, int count) {
  for (int r = 0; r < count; r++)
    if (isfinite(answer->outputs[r])) c->scale = fmax(c->scale, fabs(answer->outputs[r]));
}

static attrib_status ask_all(attrib__checking *c) {
  static const int in_order[] = {0, 1, 2}, second[] = {1};
  /* First and last are rows of the first batch, at places that are not theirs there, nor theirs from behind. */
  static const int back[] = {2, ATTRIB__AT_INPUT, ATTRIB__AT_BASELINE, 1};
  attrib_status status = ask(c, ATTRIB__INNER, in_order, false, &c->first);
  if (status == ATTRIB_OK) status = ask(c, ATTRIB__INNER, in_order, true, &c->spaced);
  if (status == ATTRIB_OK && c->model.max_rows != 1) status = ask(c, 1, second, false, &c->alone);
  if (status == ATTRIB_OK) status = ask(c, 4, back, false, &c->turned);
  if (status != ATTRIB_OK) return status;
  take_scale(c, &c->first, ATTRIB__INNER);
  take_scale(c, &c->turned, 4);
  if (c->scale > 0) frexp(c->scale, &c->exponent);
  c->report->output = c->turned.outputs[ATTRIB__TURNED_INPUT];
  c->report->baseline_output = c->turned.outputs[ATTRIB__TURNED_BASELINE];
  return ATTRIB_OK;
}

/* -- verdicts ----------------------------------------------------------------------------------------------------- */

void attrib__check_same(attrib__checking *c, int check, const attrib__apart *apart, const char *same,
                        const char *nearly) {
  if (apart->bits)
    attrib__check_pass(c, check, "%s but for round-off (%.1e of f, %.1e of the gradient): %s", same, apart->output,
                       apart->gradient, nearly);
  else
    attrib__check_pass(c, check, "%s, to the last bit", same);
  attrib__check_numbers(c, check, apart);
}

void attrib__check_numbers(attrib__checking *c, int check, const attrib__apart *apart) {
  const bool by_output =
      apart->output / attrib__check_output_bound(c) >= apart->gradient / attrib__check_gradient_bound(c);
  c->findings[check].measured = by_output ? apart->output : apart->gradient;
  c->findings[check].bound = by_output ? attrib__check_output_bound(c) : attrib__check_gradient_bound(c);
}

static void judge_repeat(attrib__checking *c) {
  attrib__apart most = {0};
  const int rows = attrib__check_failed(c, ATTRIB_CHECK_STRIDES) ? 1 : ATTRIB__INNER;
  if (c->stale || c->added) {
    attrib__check_skip(c, ATTRIB_CHECK_REPEAT, "not judged: results hold what was there before (see writes)");
    return;
  }
  for (int r = 0; r < rows; r++) {
    const attrib__apart apart = attrib__check_apart(c, &c->first, r, &c->spaced, r);
    attrib__apart_most(&most, &apart);
  }
  if (attrib__check_close(c, &most)) {
    attrib__check_same(c, ATTRIB_CHECK_REPEAT, &most, "the same batch again gives the same",
                       "results will not repeat in their last bits");
    return;
  }
  c->random = true;
  attrib__check_fail(c, ATTRIB_CHECK_REPEAT,
                     "the same batch again differs by up to %.2g of f and %.2g of the gradient: dropout or noise is on "
                     "(put the model in evaluation mode), or state kept across calls",
                     most.output, most.gradient)
      ->cause = ATTRIB_CAUSE_RANDOM;
  attrib__check_numbers(c, ATTRIB_CHECK_REPEAT, &most);
}

/* Gradient of the row alone against `factor` times that in the batch. */
static bool scaled(const attrib__checking *c, double factor) {
  double off = 0, length = 0;
  for (int64_t i = 0; i < c->model.n_inputs; i++) {
    double alone, among;
    attrib__rows_load(c->model.dtype, c->alone.gradients, i, 1, &alone);
    attrib__rows_load(c->model.dtype, c->first.gradients, c->model.n_inputs + i, 1, &among);
    off = fmax(off, fabs(alone - factor * among));
    length = fmax(length, fabs(alone));
  }
  return length > 0 && off <= length * attrib__check_gradient_bound(c);
}

static bool all_alike(const attrib__checking *c, int64_t rows) {
  for (int r = 1; r < rows; r++)
    if (attrib__check_apart(c, &c->first, 0, &c->first, r).gradient > attrib__check_gradient_bound(c)) return false;
  return true;
}

static void fail_batch(attrib__checking *c, const attrib__apart *apart) {
  const int64_t rows = c->model.max_rows == 2 ? 2 : ATTRIB__INNER;
  uint32_t cause = ATTRIB_CAUSE_OTHER_ROWS;
  c->companions = apart->output > attrib__check_output_bound(c);
  c->alone_gradients = true;
  if (c->companions) {
    attrib__check_fail(
        c, ATTRIB_CHECK_BATCH,
        "f of a row is %.6g by itself and %.6g in a batch of %" PRId64
        ": batch normalisation in training mode (put the model in evaluation mode), or noise that goes by "
        "the place in the batch and not by row_ids",
        c->alone.outputs[0], c->first.outputs[1], rows);
  } else if (scaled(c, (double)rows)) {
    cause = ATTRIB_CAUSE_BATCH_SIZE;
    attrib__check_fail(
        c, ATTRIB_CHECK_BATCH,
        "in a batch of %" PRId64 " rows gradients are 1/%" PRId64
        " of those of rows alone: the mean over the batch was differentiated; take the sum of its outputs",
        rows, rows);
  } else if (all_alike(c, rows)) {
    cause = ATTRIB_CAUSE_SHARED;
    attrib__check_fail(
        c, ATTRIB_CHECK_BATCH,
        "all rows of a batch get the same gradient, and by itself a row gets another (%.2g of its length "
        "apart): the gradient of the batch's sum is shared over rows; write each row its own",
        apart->gradient);
  } else {
    attrib__check_fail(c, ATTRIB_CHECK_BATCH,
                       "the gradient of a row by itself and in a batch of %" PRId64
                       " are %.2g of its length apart, though f is the same: rows get each other's gradients",
                       rows, apart->gradient);
  }
  c->findings[ATTRIB_CHECK_BATCH].cause = cause;
}

/* Slopes are of rows alone; where rows depend on their batch, so must gradients be. */
static attrib_status ask_alone(attrib__checking *c) {
  const size_t row = (size_t)c->model.n_inputs * attrib__element_size(c->model.dtype);
  const bool gradients = attrib__check_gradients(c);
  c->alone.outputs[1] = c->alone.outputs[0]; /* of the second point, to its place */
  if (gradients) memcpy((char *)c->alone.gradients + row, c->alone.gradients, row);
  for (int k = 0; k < ATTRIB__INNER; k += 2) {
    attrib__answer answer = {.outputs = c->alone.outputs + k};
    if (gradients) answer.gradients = (char *)c->alone.gradients + (size_t)k * row;
    const attrib_status status = ask(c, 1, &k, false, &answer);
    if (status != ATTRIB_OK) return status;
  }
  return ATTRIB_OK;
}

static attrib_status judge_batch(attrib__checking *c) {
  if (c->model.max_rows == 1) {
    attrib__check_skip(c, ATTRIB_CHECK_BATCH, "the model takes one row at a time (max_rows is 1)");
    return ATTRIB_OK;
  }
  if (attrib__check_hopeless(c, ATTRIB_CHECK_BATCH)) return ATTRIB_OK;
  const attrib__apart apart = attrib__check_apart(c, &c->alone, 0, &c->first, 1);
  if (attrib__check_close(c, &apart)) {
    attrib__check_same(c, ATTRIB_CHECK_BATCH, &apart, "a row gives the same by itself and among others",
                       "results will depend on batch size in their last bits");
    return ATTRIB_OK;
  }
  if (c->unwritten) {
    attrib__check_skip(c, ATTRIB_CHECK_BATCH,
                       "not judged: rows are not written as they should be (see writes, strides)");
    return ATTRIB_OK;
  }
  fail_batch(c, &apart);
  attrib__check_numbers(c, ATTRIB_CHECK_BATCH, &apart);
  return ask_alone(c);
}

/* The two rows that the batch in another order shares with the first: its own first and last. */
static attrib_status judge_order(attrib__checking *c) {
  if (c->model.max_rows == 1) {
    attrib__check_skip(c, ATTRIB_CHECK_ORDER, "the model takes one row at a time (max_rows is 1)");
    return ATTRIB_OK;
  }
  if (attrib__check_hopeless(c, ATTRIB_CHECK_ORDER)) return ATTRIB_OK;
  if (c->alone_gradients || c->unwritten) {
    attrib__check_skip(c, ATTRIB_CHECK_ORDER,
                       "not judged: rows depend on their batch, or are not written (see batch, writes)");
    return ATTRIB_OK;
  }
  attrib__apart most = attrib__check_apart(c, &c->turned, 0, &c->first, 2);
  const attrib__apart apart = attrib__check_apart(c, &c->turned, 3, &c->first, 1);
  attrib__apart_most(&most, &apart);
  const bool close = attrib__check_close(c, &most);
  if (close)
    attrib__check_same(c, ATTRIB_CHECK_ORDER, &most, "rows in another order, among others, give the same",
                       "results will depend on the batch in their last bits");
  else
    attrib__check_fail(c, ATTRIB_CHECK_ORDER,
                       "rows in another order, among others, differ by up to %.2g of f and %.2g of the gradient: each "
                       "row's results belong at its own place",
                       most.output, most.gradient);
  attrib__check_numbers(c, ATTRIB_CHECK_ORDER, &most);
  c->alone_gradients = !close;
  return close ? ATTRIB_OK : ask_alone(c);
}

attrib_status attrib__check_contract(attrib__checking *c) {
  attrib_status status = ask_all(c);
  if (status != ATTRIB_OK) return status;
  c->reads_gaps = attrib__check_reads_gaps(c);
  attrib__check_strides(c);
  attrib__check_writes(c);
  attrib__check_finite(c);
  judge_repeat(c);
  status = judge_batch(c);
  if (status != ATTRIB_OK) return status;
  return judge_order(c);
}
