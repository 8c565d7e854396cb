/* noising.c - adaptive noising: of the SmoothTaylor maps of many sigmas the one that an objective is least for.
 *
 * Planner: f(x); then for each sigma its samples and, of AUPC, window by window the fills, phase by phase. Reducer:
 * moments of the samples (moments.h), from these the map and what it is judged by, and at the end of each phase what
 * comes next. The best map so far is kept by exchanging vectors. Arguments are read in noising_options.c. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../image/shape.h"
#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "attributions.h"
#include "entries.h"
#include "moments.h"
#include "noise_search.h"
#include "noised.h"
#include "noising_options.h"
#include "perturbation.h"
#include "variation.h"

typedef enum phase { INPUT, SAMPLES, WINDOW, ENDED } phase;

/* What values are kept of: features, which the map needs, and groups where there are any. */
typedef struct statistic {
  attrib__entries entries;
  attrib__moments moments;
} statistic;

typedef struct noising {
  attrib__question ask_output, ask_gradient;
  attrib__noising_checked call;
  attrib__noised noised; /* at the sigma that is tried now */
  statistic features, groups;
  statistic *wanted; /* the one that attributions are */
  /* planner */
  phase phase;
  int64_t rows, planned; /* of the phase */
  /* reducer */
  phase next; /* once the one under way is in */
  double output;
  attrib__noised_output samples;
  attrib__noise_search search;
  attrib__perturbation perturbation;
  double *map, *scratch;
  /* the best so far */
  double *values, *errors;
  double mean_output;
} noising;

static bool perturbs(const noising *self) {
  return self->call.options.objective == ATTRIB_NOISING_AUPC;
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static int64_t rows_of(const noising *self, phase which) {
  return which == INPUT ? 1 : which == SAMPLES ? self->call.options.samples : self->call.options.fills;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  noising *self = state;
  if (self->planned == self->rows) {
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (self->next == ENDED) return ATTRIB__PLAN_END;
    self->phase = self->next;
    self->rows = rows_of(self, self->phase);
    self->planned = 0;
  }
  *row = (attrib__row){.question = self->phase == SAMPLES ? &self->ask_gradient : &self->ask_output,
                       .baseline = self->phase == INPUT ? -1 : self->planned,
                       .alpha = (double)NAN};
  self->planned++;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  row->placed = true;
  row->from = gathering->placing.point;
  row->to = ((const noising *)state)->call.input;
  return ATTRIB_OK;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const noising *self = state;
  if (row->baseline < 0)
    memcpy(placing->point, self->call.input, (size_t)self->noised.n * attrib__element_size(self->noised.dtype));
  else if (row->question->gradients)
    attrib__noised_place(&self->noised, row->baseline, placing->point);
  else
    attrib__perturbation_place(&self->perturbation, row->baseline, placing->point);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

/* The next sigma, if there is one. */
static void go_on(noising *self) {
  self->next = self->search.sigma > 0 ? SAMPLES : ENDED;
  self->noised.sigma = self->search.sigma;
  self->samples = (attrib__noised_output){0};
  attrib__moments_clear(&self->features.moments);
  if (self->wanted != &self->features) attrib__moments_clear(&self->wanted->moments);
}

static void exchange(double **a, double **b) {
  double *other = *a;
  *a = *b;
  *b = other;
}

static void judge(noising *self, double objective) {
  if (attrib__noise_search_take(&self->search, objective)) {
    exchange(&self->values, &self->wanted->moments.values);
    exchange(&self->errors, &self->wanted->moments.errors);
    self->mean_output = self->samples.mean;
  }
  go_on(self);
}

/* False where a sum of channels is beyond what maps are judged by: no sum over a window may overflow. */
static bool make_map(noising *self) {
  const attrib_image *shape = &self->call.shape;
  const double side = perturbs(self) ? (double)self->call.options.window_side : 1;
  const double most = DBL_MAX / 4 / side / side;
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++) {
      attrib__sum sum = {0, 0};
      for (int64_t channel = 0; channel < shape->channels; channel++)
        attrib__sum_add(&sum, self->features.moments.values[attrib__image_offset(shape, x, y, channel)]);
      const double value = attrib__sum_value(&sum);
      if (!(fabs(value) <= most)) return false;
      self->map[y * shape->width + x] = value;
    }
  return true;
}

/* All samples of a sigma are in. */
static void look_at_map(noising *self) {
  const attrib_image *shape = &self->call.shape;
  const int64_t draws = self->samples.taken / self->call.members;
  attrib__moments_conclude(&self->features.moments, draws);
  if (self->wanted != &self->features) attrib__moments_conclude(&self->wanted->moments, draws);
  if (!make_map(self)) {
    judge(self, (double)INFINITY);
  } else if (perturbs(self)) {
    attrib__perturbation_begin(&self->perturbation, self->map, self->output);
    self->next = WINDOW;
  } else {
    judge(self, attrib__variation_area(shape->height, shape->width, self->map, self->scratch));
  }
}

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *value) {
  (void)r;
  attrib__moments_take(&((statistic *)state)->moments, row->baseline, begin, n, value);
}

static attrib__fault take_samples(noising *self, attrib__results *results) {
  attrib__fault fault = attrib__entries_take(&self->features.entries, results, take, &self->features);
  if (fault.status == ATTRIB_OK && self->wanted != &self->features)
    fault = attrib__entries_take(&self->wanted->entries, results, take, self->wanted);
  if (fault.status < 0) return fault;
  for (int64_t r = 0; r < results->count; r++)
    attrib__noised_output_add(&self->samples, self->call.members, results->outputs[r]);
  if (self->samples.taken == self->call.options.samples) look_at_map(self);
  return fault;
}

static void take_output(noising *self, const attrib__row *row, double output) {
  if (row->baseline < 0) {
    self->output = output;
    if (perturbs(self) && output == 0)
      self->next = ENDED;
    else
      go_on(self);
    return;
  }
  attrib__perturbation_take(&self->perturbation, row->baseline, output);
  if (attrib__perturbation_ended(&self->perturbation)) judge(self, attrib__perturbation_area(&self->perturbation));
}

static attrib__fault reduce(void *state, attrib__results *results) {
  noising *self = state;
  if (results->gradients != NULL) return take_samples(self, results);
  for (int64_t r = 0; r < results->count; r++) take_output(self, &results->rows[r], results->outputs[r]);
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

/* There is no map: not yet, or there will be none. */
static attrib_status report_none(const noising *self, attrib_context *context, double *attributions,
                                 const attrib_report *report) {
  for (int64_t i = 0; i < self->wanted->moments.count; i++) {
    if (attributions != NULL) attributions[i] = (double)NAN;
    if (report->standard_errors != NULL) report->standard_errors[i] = (double)NAN;
  }
  if (self->next != ENDED) return ATTRIB_OK;
  if (self->search.tried == 0)
    return attrib__fail(context, ATTRIB_UNDEFINED, "f(input) is 0, and AUPC says how f falls as a fraction of it");
  return attrib__fail(context, ATTRIB_UNDEFINED, "the objective is finite for none of the %" PRId64 " sigmas tried",
                      self->search.tried);
}

/* What a reader of the map should know. An error estimate that is not known says nothing. */
static uint32_t notes(const noising *self, double relative_error) {
  const attrib_noising_options *options = &self->call.options;
  const double sigma = self->search.best_sigma;
  uint32_t found = 0;
  if (relative_error * relative_error >= 0.5 || attrib__vector_largest(self->wanted->moments.count, self->values) == 0)
    found |= ATTRIB_NOTE_WITHIN_ERRORS;
  if (options->search == ATTRIB_NOISING_BRACKETED && (sigma == options->sigma_low || sigma == options->sigma_high))
    found |= ATTRIB_NOTE_SIGMA_AT_END;
  return found;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  noising *self = state;
  const int64_t count = self->wanted->moments.count;
  report->seed = self->call.options.seed;
  report->output = self->output;
  if (self->search.best_sigma == 0) return report_none(self, context, attributions, report);
  report->sigma = self->search.best_sigma;
  report->objective = self->search.best_objective;
  report->samples = self->call.options.samples;
  attrib_status status =
      attrib__attributions_check(context, self->wanted == &self->features ? "input" : "group", count, self->values);
  if (status < 0) return status;
  report->error_estimate = attrib__error_find(count, self->values, self->errors).relative;
  report->notes = notes(self, report->error_estimate);
  report->attribution_sum = attrib__attributions_sum(count, self->values);
  if (!isfinite(report->attribution_sum))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
  report->baseline_output = self->mean_output;
  status = attrib__completeness(context, 0, report);
  if (status < 0) return status;
  const size_t size = (size_t)count * sizeof *self->values;
  if (attributions != NULL) memcpy(attributions, self->values, size);
  if (report->standard_errors != NULL) memcpy(report->standard_errors, self->errors, size);
  return ATTRIB_OK;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void lay_out_statistic(statistic *s, const noising *self, int64_t count, const int32_t *groups,
                              attrib__arena *arena) {
  s->entries = (attrib__entries){.dtype = self->noised.dtype, .n = self->noised.n, .count = count, .groups = groups};
  s->moments = (attrib__moments){.members = self->call.members, .count = count};
  attrib__entries_layout(&s->entries, arena);
  attrib__moments_layout(&s->moments, arena);
}

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__noising_checked *call = request;
  const attrib_noising_options *options = &call->options;
  const attrib_image *shape = &call->shape;
  noising parts = {.call = *call};
  parts.noised = (attrib__noised){
      .dtype = call->dtype, .n = call->n, .members = call->members, .input = call->input, .seed = options->seed};
  if (options->flags & ATTRIB_NOISING_CLIP) parts.noised.range = call->range;
  lay_out_statistic(&parts.features, &parts, parts.noised.n, NULL, arena);
  if (options->groups != NULL) lay_out_statistic(&parts.groups, &parts, options->n_groups, options->groups, arena);
  const int64_t count = options->groups != NULL ? options->n_groups : parts.noised.n;
  parts.values = attrib__carve(arena, count, sizeof(double));
  parts.errors = attrib__carve(arena, count, sizeof(double));
  parts.map = attrib__carve(arena, shape->height * shape->width, sizeof(double));
  if (perturbs(&parts)) {
    parts.perturbation = (attrib__perturbation){.dtype = parts.noised.dtype,
                                                .n = parts.noised.n,
                                                .input = call->input,
                                                .shape = *shape,
                                                .side = options->window_side,
                                                .windows = options->windows,
                                                .fills = options->fills,
                                                .seed = options->seed,
                                                .low = options->low,
                                                .high = options->high,
                                                .range = call->range};
    attrib__perturbation_layout(&parts.perturbation, arena);
  } else {
    parts.scratch = attrib__carve(arena, attrib__variation_scratch(shape->height, shape->width), sizeof(double));
  }
  if (state != NULL) *(noising *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  noising *self = state;
  const attrib_noising_options *options = &self->call.options;
  self->ask_output =
      (attrib__question){.target = self->call.target, .target_weights = options->target_weights, .untraced = true};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->wanted = options->groups != NULL ? &self->groups : &self->features;
  self->output = (double)NAN;
  self->next = INPUT;
  if (options->search == ATTRIB_NOISING_PUBLISHED)
    attrib__noise_search_published(&self->search, self->call.start);
  else
    attrib__noise_search_bracketed(&self->search, options->sigma_low, options->sigma_high, options->max_sigmas);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__noising_checked checked;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .method = &method,
                         .state_size = sizeof(noising),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__noising_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.together = checked.together;
  start.n_groups = checked.options.n_groups;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_adaptive_noising(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const attrib_noising_options *options, double *attributions,
                                      attrib_report *report) {
  const attrib__noising_request request = {model, input, target, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_adaptive_noising_start(attrib_context *context, const attrib_model *model, const void *input,
                                            int64_t target, const attrib_noising_options *options, attrib_run **run) {
  const attrib__noising_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
