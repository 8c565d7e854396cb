/* infidelity.c - infidelity: how far scores are, in the mean square, from telling how f falls.
 *
 * Planner: the input, then the draws. gather fetches the baseline of a draw, place perturbs it and says what the scores
 * say of it. Reducer: keeps both numbers of each draw, since the scale of the scores is known only when all are in. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../random/normal.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "infidelity_options.h"
#include "infidelity_value.h"
#include "subsets.h"

typedef struct infidelity {
  attrib__infidelity_checked call;
  double *unit_scores; /* NULL where scores are local */
  /* planner */
  bool began;
  int64_t draw, baseline; /* the next; of all SQUARES its baseline */
  /* reducer */
  double output;
  int64_t taken;       /* draws */
  double *said, *fell; /* of each of them: s(I); f(x) - f(x - I) */
  double *weights;     /* of all SQUARES, else NULL: they sum to 1 */
} infidelity;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* One baseline of positive weight by chance, by weight. */
static int64_t draw_baseline(const attrib__infidelity_checked *call, int64_t draw) {
  const attrib__baselines *set = &call->set;
  double u;
  attrib__random_uniforms(call->options.seed, ATTRIB__STREAM_INFIDELITY_BASELINE, (uint64_t)draw, 0, 1, &u);
  if (set->set.weights == NULL) {
    const int64_t b = (int64_t)(u * (double)set->set.count);
    return b < set->set.count ? b : set->set.count - 1;
  }
  int64_t last = 0;
  double below = 0;
  for (int64_t b = 0; b < set->set.count; b++) {
    const double weight = attrib__baselines_weight(set, b);
    if (!(weight > 0)) continue;
    last = b;
    below += weight;
    if (u < below) break;
  }
  return last;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled;
  infidelity *self = state;
  const attrib__infidelity_checked *call = &self->call;
  if (self->draw == call->options.samples) return ATTRIB__PLAN_END;
  row->question = &self->call.response.question;
  row->alpha = (double)NAN;
  row->nth = -1;
  if (!self->began) {
    self->began = true;
    return ATTRIB__PLAN_ROW;
  }
  if (call->enumerated)
    self->baseline = attrib__baselines_used_from(
        &call->set, self->draw % call->squares > 0 || self->draw == 0 ? self->baseline : self->baseline + 1);
  else if (call->set.set.count > 0)
    self->baseline = draw_baseline(call, self->draw);
  row->baseline = self->baseline;
  row->nth = self->draw++;
  return ATTRIB__PLAN_ROW;
}

/* What is perturbed: the baseline, or the input where there is none. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  infidelity *self = state;
  const attrib__infidelity_checked *call = &self->call;
  const void *source = call->input;
  row->placed = true;
  if (row->nth >= 0 && call->set.set.count > 0) {
    attrib_status status =
        attrib__baselines_row(gathering->context, &self->call.set, row->baseline, &source, &gathering->callback_status);
    if (status != ATTRIB_OK) return status;
  }
  memcpy(gathering->placing.point, source, (size_t)call->n * attrib__element_size(call->dtype));
  return ATTRIB_OK;
}

/* Adds noise to what is there. GAUSSIAN takes I = sigma z from the input, NOISY adds sigma z to the baseline. */
static void add_noise(const attrib__infidelity_checked *call, int64_t draw, void *point) {
  const bool taken = call->options.perturbation == ATTRIB_INFIDELITY_GAUSSIAN;
  const double sigma = taken ? -call->options.sigma : call->options.sigma;
  double values[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < call->n; begin += ATTRIB__BLOCK) {
    const int64_t n = call->n - begin < ATTRIB__BLOCK ? call->n - begin : ATTRIB__BLOCK;
    attrib__random_uniforms(call->options.seed, ATTRIB__STREAM_INFIDELITY, (uint64_t)draw, begin, n, uniforms);
    attrib__rows_load(call->dtype, point, begin, n, values);
    for (int64_t i = 0; i < n; i++)
      values[i] = attrib__range_clip(&call->range, values[i] + sigma * attrib__normal_quantile(uniforms[i]));
    attrib__rows_store(call->dtype, point, begin, n, values);
  }
}

static void keep_outside(const attrib__infidelity_checked *call, int64_t draw, unsigned char *kept) {
  const attrib_image *shape = &call->units.shape;
  int64_t number = draw % call->squares;
  if (!call->enumerated) {
    double u;
    attrib__random_uniforms(call->options.seed, ATTRIB__STREAM_INFIDELITY, (uint64_t)draw, 0, 1, &u);
    number = (int64_t)(u * (double)call->squares);
    if (number >= call->squares) number = call->squares - 1;
  }
  const attrib__square square = attrib__squares_at(shape, number);
  memset(kept, 1, (size_t)call->units.count);
  for (int64_t y = square.y; y < square.y + square.side; y++)
    memset(kept + y * shape->width + square.x, 0, (size_t)square.side);
}

/* Sum of the scores of units that are replaced. */
static double say_of_units(const infidelity *self, const unsigned char *kept) {
  attrib__sum sum = {0};
  for (int64_t u = 0; u < self->call.units.count; u++)
    if (kept[u] == 0) attrib__sum_add(&sum, self->unit_scores[u]);
  return attrib__sum_value(&sum);
}

/* Sum of I_i score_i, I what the point really differs by. */
static double say_of_change(const attrib__infidelity_checked *call, const void *point) {
  double taken[ATTRIB__BLOCK];
  attrib__sum sum = {0};
  for (int64_t begin = 0; begin < call->n; begin += ATTRIB__BLOCK) {
    const int64_t n = call->n - begin < ATTRIB__BLOCK ? call->n - begin : ATTRIB__BLOCK;
    attrib__rows_displacement(call->dtype, call->input, point, begin, n, taken);
    for (int64_t i = 0; i < n; i++) attrib__sum_add(&sum, taken[i] * call->scores[begin + i]);
  }
  return attrib__sum_value(&sum);
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const infidelity *self = state;
  const attrib__infidelity_checked *call = &self->call;
  unsigned char *kept = placing->spare; /* an element for each input: more than a byte for each unit */
  if (row->nth < 0) return;
  if (call->noise) {
    add_noise(call, row->nth, placing->point);
  } else {
    if (call->squares > 0)
      keep_outside(call, row->nth, kept);
    else
      attrib__subset_by_coins(call->options.seed, ATTRIB__STREAM_INFIDELITY, (uint64_t)row->nth, call->units.count,
                              call->options.fraction, kept);
    attrib__units_copy_marked(&call->units, kept, call->input, placing->point);
  }
  row->said = call->local ? say_of_change(call, placing->point) : say_of_units(self, kept);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static attrib__fault reduce(void *state, attrib__results *results) {
  infidelity *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    const attrib__row *row = &results->rows[r];
    const double value = attrib__response_value(&self->call.response, results->outputs + r * results->output_columns);
    if (row->nth < 0) {
      self->output = value;
      continue;
    }
    self->said[row->nth] = row->said;
    self->fell[row->nth] = self->output - value;
    if (self->weights != NULL)
      self->weights[row->nth] = attrib__baselines_weight(&self->call.set, row->baseline) / (double)self->call.squares;
    self->taken = row->nth + 1;
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

static attrib_status result(void *state, attrib_context *context, double *values, attrib_report *report) {
  const infidelity *self = state;
  const attrib_infidelity_options *options = &self->call.options;
  report->seed = options->seed;
  report->samples = self->taken;
  if (self->call.noise) report->sigma = options->sigma;
  report->output = self->output;
  double value = (double)NAN, standard_error = (double)NAN;
  if (self->taken > 0 && (!self->call.enumerated || self->taken == options->samples)) {
    value = attrib__infidelity_value(self->taken, self->said, self->fell, self->weights,
                                     (options->flags & ATTRIB_INFIDELITY_SCALED) != 0, &standard_error);
    if (!isfinite(value))
      return attrib__fail(context, ATTRIB_E_OVERFLOW,
                          "scores: sums of them, or squares of differences of f, are beyond double");
  }
  report->objective = value;
  if (report->standard_errors != NULL) report->standard_errors[0] = standard_error;
  if (values != NULL) values[0] = value;
  return ATTRIB_OK;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__infidelity_checked *call = request;
  infidelity parts = {.call = *call};
  attrib__units_layout(&parts.call.units, arena);
  if (!call->local) parts.unit_scores = attrib__carve(arena, call->units.count, sizeof(double));
  parts.said = attrib__carve(arena, call->options.samples, sizeof(double));
  parts.fell = attrib__carve(arena, call->options.samples, sizeof(double));
  if (call->enumerated) parts.weights = attrib__carve(arena, call->options.samples, sizeof(double));
  attrib__baselines_layout(&parts.call.set, arena);
  if (state != NULL) *(infidelity *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  infidelity *self = state;
  const attrib__infidelity_checked *call = &self->call;
  attrib__units_build(&call->units);
  if (!call->local)
    attrib__units_scores(&call->units, (call->options.flags & ATTRIB_METRIC_UNIT_SCORES) != 0, false, call->scores,
                         self->unit_scores);
  self->output = (double)NAN;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__infidelity_checked checked;
  attrib__start start = {
      .method = &method, .state_size = sizeof(infidelity), .layout = layout, .init = init, .request = &checked};
  attrib_status status = attrib__infidelity_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.spare_rows = !checked.noise;
  start.planned = 1 + checked.options.samples;
  start.output_columns = checked.response.columns;
  start.n_groups = checked.options.n_groups;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_infidelity(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const double *scores, const attrib_baselines *baselines,
                                const attrib_infidelity_options *options, double *values, attrib_report *report) {
  const attrib__infidelity_request request = {model, input, target, scores, baselines, options, values};
  return attrib__run_call(context, prepare, &request, values, report);
}

attrib_status attrib_infidelity_start(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const double *scores, const attrib_baselines *baselines,
                                      const attrib_infidelity_options *options, attrib_run **run) {
  const attrib__infidelity_request request = {model, input, target, scores, baselines, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
