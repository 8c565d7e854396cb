/* recalibrated.c - recalibrated attributions: of several path integrals, every entry keeps what agrees in sign.
 *
 * Planner: reference by reference, its points. Reducer: VALID_IP judges every contribution as it comes; VALID_REF, and
 * VANILLA of SQUARED, form the mean over a reference's points first; VANILLA is a sum by feature. Arguments are read in
 * recalibrated_options.c. */
#include <string.h>

#include "../engine/engine.h"
#include "../quadrature/rule.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "entries.h"
#include "kept.h"
#include "recalibrated_options.h"
#include "total.h"

typedef struct recalibrated {
  attrib__question ask;
  attrib_recalibration_options options;
  attrib__lines lines;
  attrib__entries entries; /* VANILLA: features even where there are groups */
  attrib__total total;     /* VANILLA */
  attrib__kept kept;       /* the others */
  double *means;           /* by entry, over the points of the reference under way; NULL = not needed */
  /* planner */
  int64_t line, node;
  /* reducer */
  int64_t judged, planned; /* points */
  double weight;           /* of those judged */
} recalibrated;

static bool is_vanilla(const attrib_recalibration_options *options) {
  return options->mode == ATTRIB_RECALIBRATE_VANILLA;
}

/* Whether what is judged, or squared, is the mean over a reference's points. */
static bool by_reference(const attrib_recalibration_options *options) {
  return options->mode == ATTRIB_RECALIBRATE_VALID_REF ||
         (is_vanilla(options) && (options->flags & ATTRIB_RECALIBRATE_SQUARED));
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static void place_node(const attrib_recalibration_options *options, int64_t line, int64_t node, attrib__row *row) {
  if (options->flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) {
    attrib__random_uniforms(options->seed, ATTRIB__STREAM_POINT_ALPHA, (uint64_t)line, node, 1, &row->alpha);
    row->mass = 1 / (double)options->points;
  } else {
    attrib__rule_node(options->rule, options->points, node, &row->alpha, &row->mass);
  }
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  recalibrated *self = state;
  while (self->line < self->lines.count && attrib__lines_weight(&self->lines, self->line) == 0) self->line++;
  if (self->line == self->lines.count) return ATTRIB__PLAN_END;
  *row = (attrib__row){.question = &self->ask, .baseline = self->line, .nth = self->node, .of = self->options.points};
  place_node(&self->options, self->line, self->node, row);
  row->weight = row->mass * attrib__lines_weight(&self->lines, self->line);
  if (++self->node == self->options.points) {
    self->node = 0;
    self->line++;
  }
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((recalibrated *)state)->lines, row, gathering);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

/* Share of x - r that displaces the gradient. */
static double factor_of(uint32_t point_factor, double alpha) {
  if (point_factor == ATTRIB_POINT_FACTOR_PATH) return 1;
  return point_factor == ATTRIB_POINT_FACTOR_TO_INPUT ? 1 - alpha : alpha;
}

/* displacement * (mean gradient)^2, from the mean contribution: a feature that does not move has no gradient. */
static void add_squares(recalibrated *self, const attrib__row *row, double weight, int64_t begin, int64_t n,
                        const double *means) {
  double displacement[ATTRIB__BLOCK], *sums = self->total.sums + begin;
  attrib__rows_displacement(self->lines.dtype, row->to, row->from, begin, n, displacement);
  for (int64_t i = 0; i < n; i++)
    if (displacement[i] != 0) sums[i] += weight * (means[i] * (means[i] / displacement[i]));
}

/* n <= ATTRIB__BLOCK */
static void take_piece(recalibrated *self, const attrib__row *row, int64_t begin, int64_t n, const double *values) {
  double displaced[ATTRIB__BLOCK], factor = factor_of(self->options.point_factor, row->alpha);
  if (factor != 1) {
    attrib__vector_scale(n, factor, values, displaced);
    values = displaced;
  }
  double weight = row->weight;
  if (by_reference(&self->options)) {
    double *means = self->means + begin;
    if (row->nth == 0) memset(means, 0, (size_t)n * sizeof *means);
    attrib__vector_add(n, row->mass, values, means);
    if (row->nth < row->of - 1) return;
    weight = attrib__lines_weight(&self->lines, row->baseline);
    values = means;
  }
  if (!is_vanilla(&self->options))
    attrib__kept_take(&self->kept, weight, begin, n, values);
  else if (self->options.flags & ATTRIB_RECALIBRATE_SQUARED)
    add_squares(self, row, weight, begin, n, values);
  else
    attrib__vector_add(n, weight, values, self->total.sums + begin);
}

/* Of groups a row comes in one piece. */
static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *contribution) {
  (void)r;
  for (int64_t at = 0; at < n; at += ATTRIB__BLOCK)
    take_piece(state, row, begin + at, attrib__block_length(at, n), contribution + at);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  recalibrated *self = state;
  attrib__fault fault = attrib__entries_take(&self->entries, results, take, self);
  int64_t count = fault.status < 0 ? fault.row : results->count;
  for (int64_t r = 0; r < count; r++) {
    const attrib__row *row = &results->rows[r];
    bool whole = by_reference(&self->options);
    if (whole && row->nth < row->of - 1) continue;
    self->judged += whole ? row->of : 1;
    self->weight += whole ? attrib__lines_weight(&self->lines, row->baseline) : row->weight;
  }
  return fault;
}

/* VANILLA keeps everything. */
static void write_vanilla(const recalibrated *self, double total, double *attributions, const attrib_report *report) {
  attrib__total_write(&self->total, attributions, report);
  if (report->positive != NULL) attrib__total_write(&self->total, report->positive, report);
  for (int64_t e = 0; e < attrib__total_count(&self->total); e++) {
    if (report->negative != NULL) report->negative[e] = 0;
    if (report->kept_weight != NULL) report->kept_weight[e] = self->weight / total;
    if (report->kept != NULL) report->kept[e] = self->judged;
  }
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  recalibrated *self = state;
  /* The weights sum to 1 up to rounding; where all are in, to what keeping everything came to. */
  double total = self->judged == self->planned ? self->weight : 1;
  report->rule = self->options.rule;
  report->points = self->options.points;
  report->seed = self->options.seed;
  if (self->options.flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) report->samples = self->judged;
  attrib_status status = is_vanilla(&self->options) ? attrib__total_judge(&self->total, context, report)
                                                    : attrib__kept_judge(&self->kept, context, total, report);
  if (status < 0) return status;
  if (is_vanilla(&self->options))
    write_vanilla(self, total, attributions, report);
  else
    attrib__kept_write(&self->kept, total, attributions, report);
  return ATTRIB_OK;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__recalibrated_checked *checked = request;
  const attrib_recalibration_options *options = &checked->options;
  int64_t n = checked->lines.n;
  bool vanilla = is_vanilla(options), grouped = options->groups != NULL && !vanilla;
  recalibrated parts = {.options = *options, .lines = checked->lines};
  parts.entries = (attrib__entries){.dtype = checked->lines.dtype,
                                    .n = n,
                                    .count = grouped ? options->n_groups : n,
                                    .groups = grouped ? options->groups : NULL};
  parts.total = (attrib__total){.n = n, .n_groups = options->n_groups, .groups = options->groups};
  parts.kept = (attrib__kept){.strict = (options->flags & ATTRIB_RECALIBRATE_STRICT) != 0,
                              .squared = (options->flags & ATTRIB_RECALIBRATE_SQUARED) != 0,
                              .undivided = (options->flags & ATTRIB_RECALIBRATE_NORM_ALL) != 0,
                              .unit = 1,
                              .kind = grouped ? "group" : "input",
                              .count = parts.entries.count};
  attrib__entries_layout(&parts.entries, arena);
  if (vanilla)
    attrib__total_layout(&parts.total, arena);
  else
    attrib__kept_layout(&parts.kept, arena);
  if (by_reference(options)) parts.means = attrib__carve(arena, parts.entries.count, sizeof *parts.means);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(recalibrated *)state = parts;
}

static void init(void *state, const void *request) {
  recalibrated *self = state;
  const attrib__recalibrated_checked *checked = request;
  self->ask =
      (attrib__question){.target = checked->target, .target_weights = self->options.target_weights, .gradients = true};
  self->planned = checked->planned;
  if (is_vanilla(&self->options))
    attrib__total_clear(&self->total);
  else
    attrib__kept_clear(&self->kept);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__recalibrated_checked checked;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .method = &method,
                         .state_size = sizeof(recalibrated),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__recalibrated_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.planned = checked.planned;
  start.n_groups = checked.options.n_groups;
  start.spare_rows = attrib__lines_need_spare(&checked.lines);
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_recalibrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                            int64_t target, const attrib_baselines *baselines,
                                            const attrib_recalibration_options *options, double *attributions,
                                            attrib_report *report) {
  const attrib__recalibrated_request request = {model, input, target, baselines, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_recalibrated_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                                  int64_t target, const attrib_baselines *baselines,
                                                  const attrib_recalibration_options *options, attrib_run **run) {
  const attrib__recalibrated_request request = {model, input, target, baselines, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
