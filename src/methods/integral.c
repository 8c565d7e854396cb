/* integral.c - path integrals of the gradient: gradient, integrated gradients, path gradients.
 *
 * Planner: outputs at the ends that no gradient row gives, then line by line the nodes of the rule.
 * Reducer: one running sum per feature of weight * displacement * gradient. */
#include "integral.h"

#include <inttypes.h>
#include <math.h>

#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../path/lines.h"
#include "../quadrature/rule.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "differences.h"
#include "options.h"
#include "total.h"

typedef struct integral {
  attrib__question ask_output, ask_gradient;
  attrib_ig_options options;
  attrib__lines lines;
  bool unit_displacement;
  attrib__total total;
  /* planner */
  bool input_planned;
  int64_t next_start; /* line whose start is to be evaluated next */
  int64_t line, node;
  /* reducer */
  attrib__ends ends;
} integral;

static bool has_node_at_0(uint32_t rule) {
  return rule == ATTRIB_RULE_LEFT || rule == ATTRIB_RULE_TRAPEZOID;
}

static bool has_node_at_1(uint32_t rule) {
  return rule == ATTRIB_RULE_RIGHT || rule == ATTRIB_RULE_TRAPEZOID;
}

/* Outputs that gradient rows do not give: the input, then the starts of lines. */
static bool plan_end(integral *self, attrib__row *row) {
  if (!self->input_planned && !has_node_at_1(self->options.rule)) {
    self->input_planned = true;
    row->alpha = 1;
    row->baseline = attrib__lines_last(&self->lines);
    return true;
  }
  if (has_node_at_0(self->options.rule)) return false;
  for (; self->next_start < self->lines.count; self->next_start++) {
    if (attrib__lines_start_weight(&self->lines, self->next_start) == 0) continue;
    row->alpha = 0;
    row->baseline = self->next_start++;
    return true;
  }
  return false;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  integral *self = state;
  row->question = &self->ask_output;
  if (plan_end(self, row)) return ATTRIB__PLAN_ROW;
  while (self->line < self->lines.count && attrib__lines_weight(&self->lines, self->line) == 0) self->line++;
  if (self->line == self->lines.count) return ATTRIB__PLAN_END;
  row->question = &self->ask_gradient;
  row->baseline = self->line;
  attrib__rule_node(self->options.rule, self->options.points, self->node, &row->alpha, &row->weight);
  row->weight *= attrib__lines_weight(&self->lines, self->line);
  if (++self->node == self->options.points) {
    self->node = 0;
    self->line++;
  }
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((integral *)state)->lines, row, gathering);
}

static void take_output(integral *self, const attrib__row *row, double output) {
  if (row->alpha == 1 && isnan(self->ends.output) && row->baseline == attrib__lines_last(&self->lines))
    self->ends.output = output;
  double weight = row->alpha == 0 ? attrib__lines_start_weight(&self->lines, row->baseline) : 0;
  if (weight > 0) attrib__ends_add(&self->ends, weight, output);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  integral *self = state;
  attrib__fault fault = attrib__contributions(results, self->lines.dtype, self->lines.n, self->unit_displacement,
                                              self->total.sums, NULL, NULL);
  if (fault.status < 0) return fault;
  for (int64_t r = 0; r < results->count; r++) take_output(self, &results->rows[r], results->outputs[r]);
  return fault;
}

static attrib_status report_completeness(const integral *self, attrib_context *context, attrib_report *report) {
  if (self->lines.kind == ATTRIB__LINES_POINT) return ATTRIB_OK; /* has no start */
  if (!attrib__ends_write(&self->ends, report) || self->unit_displacement) return ATTRIB_OK;
  return attrib__completeness(context, self->options.completeness_threshold, report);
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  integral *self = state;
  report->rule = self->lines.kind == ATTRIB__LINES_POINT ? 0 : self->options.rule;
  report->points = self->options.points;
  report->output = self->ends.output;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = report_completeness(self, context, report);
  if (status < 0) return status;
  attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__integral_checked *checked = request;
  const attrib_ig_options *options = &checked->options;
  integral parts = {.lines = checked->lines,
                    .total = {.n = checked->lines.n,
                              .n_groups = options->n_groups,
                              .groups = options->groups,
                              .kind = checked->second ? "activation" : NULL}};
  attrib__total_layout(&parts.total, arena);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(integral *)state = parts;
}

static void init(void *state, const void *request) {
  integral *self = state;
  const attrib__integral_checked *checked = request;
  self->options = checked->options;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = self->options.target_weights};
  self->ask_output.second = checked->second;
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->unit_displacement = self->lines.kind == ATTRIB__LINES_POINT ? !(self->options.flags & ATTRIB_TIMES_INPUT)
                                                                    : (self->options.flags & ATTRIB_MEAN_GRADIENT) != 0;
  attrib__ends_start(&self->ends, attrib__lines_starts(&self->lines));
  attrib__total_clear(&self->total);
}

static attrib_status read_lines(attrib_context *context, const attrib__integral_request *request,
                                const attrib_model *model, attrib__lines *lines) {
  switch (request->kind) {
    case ATTRIB__INTEGRAL_GRADIENT: return attrib__lines_from_point(context, model, request->input, lines);
    case ATTRIB__INTEGRAL_BASELINES:
      return attrib__lines_from_baselines(context, model, request->input, request->baselines, lines);
    case ATTRIB__INTEGRAL_PATH: return attrib__lines_from_path(context, model, request->path, lines);
  }
  return ATTRIB_E_ARGUMENT;
}

/* Rows in all: ends and nodes. */
static bool count_rows(const attrib__integral_checked *checked, int64_t *rows) {
  if (!attrib__count_multiply(attrib__lines_used(&checked->lines), checked->options.points, rows)) return false;
  int64_t ends = has_node_at_1(checked->options.rule) ? 0 : 1;
  int64_t starts = has_node_at_0(checked->options.rule) ? 0 : attrib__lines_starts(&checked->lines);
  if (*rows > INT64_MAX - ends || starts > INT64_MAX - ends - *rows) return false;
  *rows += ends + starts;
  return true;
}

static attrib_status describe_adaptive(attrib_context *context, attrib__start *start,
                                       attrib__integral_checked *checked) {
  const attrib_ig_options *options = &checked->options;
  const int64_t n = checked->lines.n;
  checked->adaptive =
      (attrib__adaptive_request){.target = checked->target,
                                 .second = checked->second,
                                 .options = *options,
                                 .lines = checked->lines,
                                 .apart = checked->differences,
                                 .entries = {.dtype = start->model.dtype,
                                             .unit_displacement = (options->flags & ATTRIB_MEAN_GRADIENT) != 0,
                                             .n = n,
                                             .count = options->groups != NULL ? options->n_groups : n,
                                             .groups = options->groups}};
  return attrib__adaptive_describe(context, start, &checked->adaptive);
}

attrib_status attrib__integral_describe(attrib_context *context, attrib__start *start,
                                        attrib__integral_checked *checked) {
  start->n_groups = checked->options.n_groups;
  start->spare_rows = attrib__lines_need_spare(&checked->lines);
  if (checked->options.rule == ATTRIB_RULE_ADAPTIVE) return describe_adaptive(context, start, checked);
  start->method = &method;
  start->state_size = sizeof(integral);
  start->layout = layout;
  start->init = init;
  start->request = checked;
  if (count_rows(checked, &start->planned)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "options->points = %" PRId64 " for %" PRId64 " baselines: too many rows", checked->options.points,
                      attrib__lines_used(&checked->lines));
}

/* A model without gradients: the same from differences. */
static attrib_status create_differences(attrib_context *context, const attrib__start *start,
                                        const attrib__integral_checked *checked, bool pull, attrib_run **run) {
  const attrib_ig_options *options = &checked->options;
  const bool adaptive = options->rule == ATTRIB_RULE_ADAPTIVE;
  const int64_t used = attrib__lines_used(&checked->lines), nodes = adaptive ? 0 : used * options->points;
  const int64_t budget = checked->adaptive.options.max_evaluations;
  const attrib__differences differences = {
      .form = *start,
      .ask = {.target = checked->target, .target_weights = options->target_weights},
      .n_groups = options->n_groups,
      .groups = options->groups,
      .step = options->difference_step,
      .line = attrib__differences_line(&checked->lines),
      .nodes = nodes,
      .by_mass = adaptive,
      .total = adaptive ? attrib__differences_total(&checked->lines) : 0,
      .counted = adaptive ? "max_evaluations" : "points",
      .counted_value = adaptive ? budget : options->points,
      .most_nodes = adaptive ? budget : nodes,
      .up_to = adaptive};
  return attrib__differences_create(context, &differences, pull, run);
}

attrib_status attrib__integral_prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const attrib__integral_request *request = given;
  attrib__integral_checked checked = {.target = request->target};
  bool point = request->kind == ATTRIB__INTEGRAL_GRADIENT;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = attrib__ig_options_read(context, request->options, point, &checked.options);
  if (status < 0) return status;
  attrib__model_use use = {.gradients = true,
                           .differences = !point,
                           .pull = pull,
                           .target = request->target,
                           .target_weights = checked.options.target_weights};
  attrib__start start = {.gradients = true, .output_columns = 1};
  status = attrib__model_read(context, request->model, &use, &start.model);
  if (status == ATTRIB_OK)
    status = attrib__differences_check(context, &start.model, checked.options.difference_step, checked.options.flags);
  if (status < 0) return status;
  status = attrib__groups_check(context, checked.options.n_groups, checked.options.groups, start.model.n_inputs);
  if (status < 0) return status;
  status = read_lines(context, request, &start.model, &checked.lines);
  if (status < 0) return status;
  checked.differences = attrib__differences_needed(&start.model);
  status = attrib__integral_describe(context, &start, &checked);
  if (status < 0) return status;
  return checked.differences ? create_differences(context, &start, &checked, pull, run)
                             : attrib__run_create(context, &start, pull, run);
}
