/* blur_gradients.c - blur integrated gradients: path gradients from a blurred picture to the picture, along the blur.
 *
 * Planner: f at both ends, then one gradient at the middle of each chord (blur_path.h). Gather goes along the path,
 * which it can since rows are gathered in order, one at a time. Reducer: one running sum per feature. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <attrib/paths.h>

#include "../base/first_size.h"
#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../quadrature/rule.h"
#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "attributions.h"
#include "blur_path.h"
#include "options.h"
#include "total.h"

enum { DEFAULT_STEPS = 100 };
static const int64_t MOST_STEPS = (int64_t)1 << 52;
static const double DEFAULT_SIGMA = 50, MOST_SIGMA = 1e6;

typedef struct blur_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_blur_ig_options *options;
  const double *attributions; /* callback form: must not be NULL */
} blur_request;

/* A call's arguments, read and checked. */
typedef struct checked_request {
  int64_t target;
  attrib_blur_ig_options options;
  attrib__blur_path path;
} checked_request;

typedef struct blur_gradients {
  attrib__question ask_output, ask_gradient;
  attrib_blur_ig_options options;
  attrib__blur_path path;
  attrib__total total;
  /* planner */
  bool input_planned, start_planned;
  int64_t chord;
  /* reducer */
  double output, baseline_output;
} blur_gradients;

/* -- options ------------------------------------------------------------------------------------------------------ */

static attrib_status read_options(attrib_context *context, const attrib_blur_ig_options *given,
                                  attrib_blur_ig_options *options) {
  attrib_status status =
      attrib__read_struct(context, "options", given, ATTRIB__FIRST_BLUR_IG_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags & ~(uint32_t)ATTRIB_BLUR_EQUAL_STEPS || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved = %p: this version knows flags 0x%x", options->flags,
                        options->reserved, (unsigned)ATTRIB_BLUR_EQUAL_STEPS);
  if (options->steps == 0) options->steps = DEFAULT_STEPS;
  status = attrib__option_count(context, "steps", options->steps, 1, MOST_STEPS);
  if (status < 0) return status;
  if (options->max_sigma == 0) options->max_sigma = DEFAULT_SIGMA;
  if (!(options->max_sigma > 0 && options->max_sigma <= MOST_SIGMA))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->max_sigma = %g: must be in [0, 1e6]", options->max_sigma);
  return attrib__threshold_check(context, options->completeness_threshold, 0);
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  blur_gradients *self = state;
  if (!self->start_planned) {
    row->question = &self->ask_output;
    row->alpha = self->input_planned ? 0 : 1;
    self->start_planned = self->input_planned;
    self->input_planned = true;
    return ATTRIB__PLAN_ROW;
  }
  if (self->chord == self->path.steps) return ATTRIB__PLAN_END;
  row->question = &self->ask_gradient;
  row->nth = self->chord++;
  attrib__rule_node(ATTRIB_RULE_MIDPOINT, self->path.steps, row->nth, &row->alpha, &row->weight);
  return ATTRIB__PLAN_ROW;
}

/* The displacement of a chord is the way along it: from stays NULL. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  blur_gradients *self = state;
  void *point = gathering->placing.point, *way = gathering->placing.spare;
  row->placed = true;
  if (row->question->gradients) {
    row->to = way;
    return attrib__blur_path_chord(&self->path, gathering->context, row->nth, point, way);
  }
  if (row->alpha == 0)
    attrib__blur_path_start(&self->path, point);
  else
    memcpy(point, self->path.input, (size_t)self->path.n * attrib__element_size(self->path.dtype));
  return ATTRIB_OK;
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void add_chord(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *contribution) {
  (void)row, (void)r;
  attrib__vector_add(n, 1, contribution, ((blur_gradients *)state)->total.sums + begin);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  blur_gradients *self = state;
  attrib__fault fault = attrib__contributions(results, self->path.dtype, self->path.n, false, NULL, add_chord, self);
  for (int64_t r = 0; r < results->count && fault.status == ATTRIB_OK; r++) {
    attrib__row *row = &results->rows[r];
    if (row->question->gradients) { /* of the chord, whose weight is not in it */
      row->slope.total *= (double)self->path.steps;
      row->slope.carry *= (double)self->path.steps;
    } else {
      *(row->alpha == 0 ? &self->baseline_output : &self->output) = results->outputs[r];
    }
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  blur_gradients *self = state;
  report->rule = ATTRIB_RULE_MIDPOINT;
  report->points = self->path.steps;
  report->sigma = self->path.max_sigma;
  report->output = self->output;
  report->baseline_output = self->baseline_output;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status == ATTRIB_OK && !isnan(self->output) && !isnan(self->baseline_output))
    status = attrib__completeness(context, self->options.completeness_threshold, report);
  if (status < 0) return status;
  attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const checked_request *checked = request;
  const attrib_blur_ig_options *options = &checked->options;
  blur_gradients parts = {.options = *options,
                          .path = checked->path,
                          .total = {.n = checked->path.n, .n_groups = options->n_groups, .groups = options->groups}};
  attrib__total_layout(&parts.total, arena);
  attrib__blur_path_layout(&parts.path, arena);
  if (state != NULL) *(blur_gradients *)state = parts;
}

static void init(void *state, const void *request) {
  blur_gradients *self = state;
  const checked_request *checked = request;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = self->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->output = self->baseline_output = (double)NAN;
  attrib__total_clear(&self->total);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const blur_request *request = given;
  checked_request checked = {.target = request->target};
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked.options);
  if (status < 0) return status;
  attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = checked.options.target_weights};
  attrib__start start = {.gradients = true,
                         .spare_rows = true,
                         .output_columns = 1,
                         .planned = 2 + checked.options.steps,
                         .n_groups = checked.options.n_groups,
                         .method = &method,
                         .state_size = sizeof(blur_gradients),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  status = attrib__model_read(context, request->model, &use, &start.model);
  if (status < 0) return status;
  status = attrib__groups_check(context, checked.options.n_groups, checked.options.groups, start.model.n_inputs);
  if (status < 0) return status;
  checked.path.max_sigma = checked.options.max_sigma;
  checked.path.equal = (checked.options.flags & ATTRIB_BLUR_EQUAL_STEPS) != 0;
  checked.path.steps = checked.options.steps;
  status = attrib__blur_path_read(context, &start.model, request->input, checked.options.shape, &checked.path);
  if (status < 0) return status;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_blur_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                               int64_t target, const attrib_blur_ig_options *options,
                                               double *attributions, attrib_report *report) {
  const blur_request request = {model, input, target, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_blur_integrated_gradients_start(attrib_context *context, const attrib_model *model,
                                                     const void *input, int64_t target,
                                                     const attrib_blur_ig_options *options, attrib_run **run) {
  const blur_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
