/* ends.c - BATCH once more: input and baseline by themselves, which else only one batch has been asked for. */
#include <inttypes.h>

#include "../rows/rows.h"
#include "checks.h"

enum { ENDS = 2 };

bool attrib__check_ends_wanted(const attrib__checking *c) {
  return c->findings[ATTRIB_CHECK_BATCH].verdict == ATTRIB_CHECK_PASSED &&
         c->findings[ATTRIB_CHECK_ORDER].verdict == ATTRIB_CHECK_PASSED && !c->unwritten;
}

static void judge(attrib__checking *c, const attrib__answer *alone) {
  static const int places[ENDS] = {ATTRIB__TURNED_INPUT, ATTRIB__TURNED_BASELINE};
  static const char *const names[ENDS] = {"the input", "the baseline"};
  attrib__apart most = attrib__check_apart(c, &c->alone, 0, &c->first, 1);
  for (int end = 0; end < ENDS; end++) {
    const attrib__apart apart = attrib__check_apart(c, alone, end, &c->turned, places[end]);
    attrib__apart_most(&most, &apart);
    if (attrib__check_close(c, &apart)) continue;
    attrib__check_fail(c, ATTRIB_CHECK_BATCH,
                       "%s by itself and as row %d of a batch of %d differ by %.2g of f and %.2g of the gradient (f is "
                       "%.6g and %.6g), though other rows do not: some places of a batch get results that are not "
                       "theirs",
                       names[end], places[end], (int)ATTRIB__ASK_ROWS, apart.output, apart.gradient,
                       alone->outputs[end], c->turned.outputs[places[end]]);
    attrib__check_numbers(c, ATTRIB_CHECK_BATCH, &apart);
    return;
  }
  attrib__check_same(c, ATTRIB_CHECK_BATCH, &most,
                     "rows give the same by themselves and among others, input and baseline, too",
                     "results will depend on batch size in their last bits");
}

attrib_status attrib__check_ends(attrib__checking *c) {
  static const int points[ENDS] = {ATTRIB__AT_INPUT, ATTRIB__AT_BASELINE};
  const bool gradients = attrib__check_gradients(c);
  if (!attrib__check_ends_wanted(c) || c->left < ENDS) return ATTRIB_OK;
  for (int end = 0; end < ENDS; end++) {
    attrib__answer answer = {.outputs = c->spaced.outputs + end}; /* room of a batch that is no longer needed */
    if (gradients) answer.gradients = attrib__element(c->model.dtype, c->spaced.gradients, end * c->model.n_inputs);
    const attrib__asked asked = {.count = 1,
                                 .points = {points[end]},
                                 .rows = {attrib__check_point(c, points[end])},
                                 .gradients = gradients,
                                 .target = c->target,
                                 .weights = c->options.target_weights};
    const attrib_status status = attrib__check_ask(c, &asked, &answer);
    if (status != ATTRIB_OK) return status;
  }
  c->report->output = c->spaced.outputs[0];
  c->report->baseline_output = c->spaced.outputs[1];
  judge(c, &c->spaced);
  return ATTRIB_OK;
}
