/* interactions.c - integrated Hessians of one feature: how much of its integrated gradient is due to which other one.
 *
 * Planner: from each baseline, node by node of the path, the rows on both sides of the node along the feature. Reducer:
 * keeps the first of the two until the second is in, and adds their difference to a running sum per feature. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../path/lines.h"
#include "../quadrature/log_rule.h"
#include "../quadrature/rule.h"
#include "../quadrature/simpson.h"
#include "../rows/length.h"
#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "attributions.h"
#include "interactions_options.h"
#include "kinks.h"
#include "sides.h"
#include "total.h"

/* Without a width: of the change of the feature's gradient, what second derivatives may miss. Beyond the first the
 * interactions are undefined; beyond the second the row must at least sum to the attribution within a tenth of it. */
static const double UNDEFINED_SHARE = 0.5, SUSPECT_SHARE = 1.0 / 16, SUSPECT_ERROR = 0.1;

/* Roundings that a value of the model's may be off by. */
static const double ROUNDINGS = 16;

typedef struct interactions {
  attrib__question question;
  attrib_interactions_options options;
  int64_t feature;
  attrib__lines lines;
  attrib__total total;
  /* planner */
  int64_t line, next; /* row of the line */
  /* reducer */
  double *held; /* displacement times gradient of the first row of a pair, then the pair's difference */
  double size;  /* length of the former */
  double held_output, held_gradient; /* of the first row: f, and its gradient at the feature */
  double factor;                     /* of the pair's difference in the sums */
  attrib__sum difference;            /* of the pair, over the features */
  attrib__sum attribution;           /* of the feature: its integrated gradient */
  attrib__kinks kinks;               /* of the feature's gradient */
  attrib__jumps jumps;               /* of all features' */
  double width;                      /* the largest h so far */
  int64_t pairs, pairs_wanted;
} interactions;

/* Without a width every second node has half that of the others: see attrib__jumps. */
static attrib__sides sides_of(const interactions *self, const attrib__row *row) {
  return attrib__sides_of(self->lines.dtype, row, self->feature, self->options.width, row->nth / 2 % 2 == 1);
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* Of a pair. */
static bool is_second(const attrib__row *row) {
  return row->nth % 2 == 1;
}

static int64_t rows_of_line(const interactions *self) {
  return 2 * (self->options.points + 1);
}

/* Weights are for the trace, which has in a pair's second row what both add. */
static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  interactions *self = state;
  if (self->next == rows_of_line(self)) {
    self->next = 0;
    self->line++;
  }
  while (self->line < self->lines.count && attrib__interactions_leave_out(&self->lines, self->feature, self->line))
    self->line++;
  if (self->line == self->lines.count) return ATTRIB__PLAN_END;
  *row =
      (attrib__row){.question = &self->question, .baseline = self->line, .nth = self->next, .of = rows_of_line(self)};
  attrib__rule_node(ATTRIB_RULE_TRAPEZOID, self->options.points + 1, self->next++ / 2, &row->alpha, &row->weight);
  row->weight *= is_second(row) ? attrib__lines_weight(&self->lines, self->line) : 0;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  interactions *self = state;
  attrib_status status = attrib__lines_gather(&self->lines, row, gathering);
  if (status != ATTRIB_OK || row->nth > 0 || sides_of(self, row).way == 0) return status;
  return attrib__sides_check(gathering->context, self->lines.dtype, row, self->feature, self->options.width);
}

/* The node is written: the feature moves off it. */
static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const interactions *self = state;
  const attrib__sides sides = sides_of(self, row);
  if (sides.way == 0) return;
  attrib__rows_store(self->lines.dtype, attrib__element(self->lines.dtype, placing->point, self->feature), 0, 1,
                     is_second(row) ? &sides.below : &sides.above);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take_first(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *contribution) {
  (void)row, (void)r;
  interactions *self = state;
  memcpy(self->held + begin, contribution, (size_t)n * sizeof *contribution);
}

/* The difference first: it is exactly 0 where the gradient stays the same. It takes the place of what was held. */
static void take_second(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n,
                        const double *contribution) {
  (void)row, (void)r;
  interactions *self = state;
  double difference[ATTRIB__BLOCK];
  attrib__vector_subtract(n, self->held + begin, contribution, difference);
  attrib__vector_add(n, self->factor, difference, self->total.sums + begin);
  attrib__sum_add(&self->difference, attrib__vector_sum(n, difference));
  memcpy(self->held + begin, difference, (size_t)n * sizeof *difference);
}

/* Of f at the node. With a width the mean over the window, since this is the function whose second derivatives are
 * found; without one the mean of both ends is the same, and rounding of f does not enter. */
static double derivative(const interactions *self, double output, double gradient, double width) {
  return self->options.width > 0 ? (self->held_output - output) / width : (self->held_gradient + gradient) / 2;
}

/* Of what is held. Not finite only where the interactions are not. */
static double length_held(const interactions *self) {
  attrib__length length;
  if (!attrib__length_find(ATTRIB_F64, self->held, self->total.n, &length)) return (double)INFINITY;
  return sqrt(length.square) / length.scale;
}

/* Values may be off by the rounding of both gradients, and of the points, which the second derivatives turn into
 * changes of gradients. */
static void look_for_kinks(interactions *self, const attrib__row *row, const attrib__sides *sides, double gradient) {
  const double epsilon = self->lines.dtype == ATTRIB_F32 ? (double)FLT_EPSILON : DBL_EPSILON;
  const double rounding = ROUNDINGS * epsilon;
  const double width = sides->above - sides->below, length = length_held(self) / width;
  const double moved = length * (fmax(fabs(sides->above), fabs(sides->below)) / fabs(sides->way));
  const attrib__kink_node node = {
      .value = (self->held_gradient + gradient) / 2,
      .slope = attrib__sum_value(&self->difference) / width,
      .value_rounding = rounding * fmax(fabs(self->held_gradient), fabs(gradient)) + epsilon * moved,
      .slope_rounding = rounding * sqrt(2) * self->size / width};
  const double weight = attrib__lines_weight(&self->lines, row->baseline) * fabs(sides->way);
  if (row->nth == 1) {
    attrib__kinks_begin(&self->kinks);
    attrib__jumps_begin(&self->jumps);
  }
  attrib__jumps_add(&self->jumps, weight, length, node.slope_rounding);
  attrib__kinks_add(&self->kinks, weight, 1 / (double)self->options.points, &node);
}

/* What the feature itself adds, once the differences are in. Its integrated gradient, which the row is held against, is
 * taken by Simpson's rule: the leading error of a trapezoidal rule is that of the row, and would go unseen. */
static void finish_pair(interactions *self, attrib__row *row, const attrib__sides *sides, double plain, double output,
                        double gradient) {
  const int64_t points = self->options.points;
  const double line_weight = attrib__lines_weight(&self->lines, row->baseline);
  const double rise = sides->way * derivative(self, output, gradient, sides->above - sides->below);
  const double own = line_weight * plain * rise;
  self->total.sums[self->feature] += own;
  attrib__sum_add(&self->attribution,
                  line_weight * (attrib__simpson_weight(points + 1, row->nth / 2) / (double)points) * rise);
  row->slope.total = (self->factor * attrib__sum_value(&self->difference) + own) / row->weight;
  self->width = fmax(self->width, sides->offset);
  look_for_kinks(self, row, sides, gradient);
}

static attrib__fault take_row(interactions *self, attrib__results *one) {
  attrib__row *row = one->rows;
  const attrib__sides sides = sides_of(self, row);
  self->pairs += is_second(row) ? 1 : 0;
  if (sides.way == 0) return (attrib__fault){.status = ATTRIB_OK};
  double gradient, plain, times_c;
  attrib__log_rule(self->options.points, row->nth / 2, &plain, &times_c);
  self->factor =
      attrib__lines_weight(&self->lines, row->baseline) * times_c * (sides.way / (sides.above - sides.below));
  self->difference = (attrib__sum){0};
  attrib__fault fault = attrib__contributions(one, self->lines.dtype, self->total.n, false, NULL,
                                              is_second(row) ? take_second : take_first, self);
  if (fault.status < 0) return fault;
  attrib__rows_load(self->lines.dtype, one->gradients, self->feature, 1, &gradient);
  if (is_second(row)) {
    finish_pair(self, row, &sides, plain, one->outputs[0], gradient);
  } else {
    self->size = length_held(self);
    self->held_output = one->outputs[0];
    self->held_gradient = gradient;
  }
  return fault;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  interactions *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    attrib__results one = attrib__results_row(results, self->lines.dtype, r);
    one.traced = false; /* its slope is another */
    attrib__fault fault = take_row(self, &one);
    fault.row = r;
    if (fault.status < 0) return fault;
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

/* Of a whole run. */
static attrib_status judge(const interactions *self, attrib_context *context, attrib_report *report) {
  const double target = attrib__sum_value(&self->attribution), threshold = self->options.completeness_threshold;
  if (!isfinite(target))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the integrated gradient of input %" PRId64 " overflows",
                        self->feature);
  const double missed = self->options.width > 0 ? 0 : attrib__kinks_share(&self->kinks);
  if (missed > UNDEFINED_SHARE) {
    report->completeness_target = target;
    report->attribution_sum = (double)NAN;
    return attrib__fail(context, ATTRIB_UNDEFINED,
                        "second derivatives miss %.3g of how the gradient of input %" PRId64
                        " changes along the path: f has kinks there, or bends too fast for options->points = %" PRId64
                        "; give options->width",
                        missed, self->feature, self->options.points);
  }
  if (self->options.width == 0 && attrib__jumps_rule(&self->jumps)) {
    report->completeness_target = target;
    report->attribution_sum = (double)NAN;
    return attrib__fail(context, ATTRIB_UNDEFINED,
                        "second derivatives along input %" PRId64
                        " depend on the width that they are found with: the path lies on kinks of f, f bends too fast "
                        "for options->points = %" PRId64 ", or all is rounding; give options->width",
                        self->feature, self->options.points);
  }
  attrib_status status = attrib__completeness_of(context, target, threshold, report);
  if (threshold > 0 || missed <= SUSPECT_SHARE || report->completeness_relative <= SUSPECT_ERROR) return status;
  return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                      "the interactions of input %" PRId64
                      " sum to %g, and its integrated gradient is %g: f has kinks, "
                      "or bends too fast for options->points = %" PRId64 "; give options->width",
                      self->feature, report->attribution_sum, target, self->options.points);
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  interactions *self = state;
  report->points = self->options.points;
  if (self->width > 0) report->sigma = self->width;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status == ATTRIB_OK && self->pairs == self->pairs_wanted) status = judge(self, context, report);
  if (status < 0) return status;
  attrib__total_write(&self->total, attributions, report);
  for (int64_t i = 0; i < attrib__total_count(&self->total) && attributions != NULL && status == ATTRIB_UNDEFINED; i++)
    attributions[i] = (double)NAN;
  return status;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__interactions_checked *checked = request;
  const int64_t n = checked->lines.n;
  interactions parts = {.options = checked->options, .feature = checked->feature, .lines = checked->lines};
  parts.total = (attrib__total){.n = n, .n_groups = checked->options.n_groups, .groups = checked->options.groups};
  attrib__total_layout(&parts.total, arena);
  parts.held = attrib__carve(arena, n, sizeof *parts.held);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(interactions *)state = parts;
}

static void init(void *state, const void *request) {
  interactions *self = state;
  const attrib__interactions_checked *checked = request;
  self->question =
      (attrib__question){.target = checked->target, .target_weights = self->options.target_weights, .gradients = true};
  self->pairs_wanted = checked->lines_taken * (self->options.points + 1);
  self->width = self->options.width;
  attrib__total_clear(&self->total);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__interactions_checked checked;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .method = &method,
                         .state_size = sizeof(interactions),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__interactions_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.n_groups = checked.options.n_groups;
  start.spare_rows = attrib__lines_need_spare(&checked.lines);
  start.planned = checked.rows;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_interactions(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                  int64_t feature, const attrib_baselines *baselines,
                                  const attrib_interactions_options *options, double *attributions,
                                  attrib_report *report) {
  const attrib__interactions_request request = {model, input, target, feature, baselines, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_interactions_start(attrib_context *context, const attrib_model *model, const void *input,
                                        int64_t target, int64_t feature, const attrib_baselines *baselines,
                                        const attrib_interactions_options *options, attrib_run **run) {
  const attrib__interactions_request request = {model, input, target, feature, baselines, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
