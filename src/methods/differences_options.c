/* differences_options.c - see differences.h: what is asked for and what it costs. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "../base/size.h"
#include "difference_first.h"
#include "differences.h"
#include "options.h"

/* Features that are taken one by one. */
enum { MOST_FEATURES = 1000 };

static const double least_step = 0x1p-30, most_step = 0.25;

bool attrib__differences_at_check(int64_t known, int64_t node) {
  if (known > 0 && known < 16) return node == known / 4 || node == 3 * known / 4;
  return node % 8 == (5 * (node / 8) + 2) % 8 || (known == 0 && node == 0);
}

static int64_t count_checks(int64_t known) {
  if (known < 16) return known < 2 ? known : 2;
  return known / 8 + (known % 8 > (5 * (known / 8 % 8) + 2) % 8 ? 1 : 0);
}

/* Of nodes, sides of groups, and once more at check nodes. */
static bool count_rows(const attrib__differences *asked, int64_t count, int64_t *rows) {
  const int64_t others = asked->form.planned + ATTRIB__FIRST_ROWS; /* with a row for each node */
  int64_t sides, moved;
  if (asked->nodes > INT64_MAX / 2 || others < 0) return false;
  if (!attrib__count_multiply(2, count, &sides) ||
      !attrib__count_multiply(sides, asked->nodes + count_checks(asked->nodes), &moved) || moved > INT64_MAX - others)
    return false;
  *rows = moved + others;
  return true;
}

attrib_status attrib__differences_rows(attrib_context *context, const attrib__differences *asked, int64_t count,
                                       int64_t *rows) {
  *rows = 0;
  if (asked->nodes == 0 || count_rows(asked, count, rows)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " nodes of %" PRId64 " groups: too many rows",
                      asked->nodes, count);
}

attrib_status attrib__differences_afford(attrib_context *context, const attrib__differences *asked) {
  const int64_t n = asked->form.model.n_inputs;
  char lines[60] = "";
  if (asked->groups != NULL || n <= MOST_FEATURES) return ATTRIB_OK;
  if (!asked->up_to && asked->most_nodes != asked->counted_value)
    snprintf(lines, sizeof lines, " on each of %" PRId64 " lines", asked->most_nodes / asked->counted_value);
  return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                      "model->flags has ATTRIB_MODEL_NO_GRADIENTS and options->groups is NULL: %" PRId64
                      " features cost %" PRId64 " rows per node, %s%.0f for %s = %" PRId64 "%s; give options->groups",
                      n, 2 * n, asked->up_to ? "up to " : "", 2 * (double)n * (double)asked->most_nodes, asked->counted,
                      asked->counted_value, lines);
}

attrib_status attrib__differences_check(attrib_context *context, const attrib_model *model, double step,
                                        uint32_t flags) {
  if (!attrib__differences_needed(model)) {
    if (step == 0) return ATTRIB_OK;
    return attrib__option_unused(context, "difference_step", step, "it belongs to ATTRIB_MODEL_NO_GRADIENTS");
  }
  if (flags & ATTRIB_MEAN_GRADIENT)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags has ATTRIB_MEAN_GRADIENT, and model->flags has ATTRIB_MODEL_NO_GRADIENTS: "
                        "differences along the displacement tell no gradient without it");
  if (step == 0 || (step >= least_step && step <= most_step)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->difference_step = %g: must be 0 or from %g to %g", step,
                      least_step, most_step);
}

int64_t attrib__differences_line(const attrib__lines *lines) {
  return lines->kind == ATTRIB__LINES_BASELINES ? attrib__baselines_used_from(&lines->baselines, 0) : 0;
}

double attrib__differences_total(const attrib__lines *lines) {
  return lines->kind == ATTRIB__LINES_BASELINES ? 1 : (double)lines->count;
}
