/* search.c - see search.h. */
#include "search.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../model/model.h"
#include "../rows/rows.h"
#include "options.h"

enum { DEFAULT_BUDGET = 1000 };

static attrib_status read_options(attrib_context *context, const attrib_search_options *given, double goal,
                                  attrib_search_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_SEARCH_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags & ~(uint32_t)ATTRIB_SEARCH_PROBABILITIES || options->reserved != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32
                        ", reserved = %g: this version knows flags 0x%x, and nothing of the "
                        "latter",
                        options->flags, options->reserved, (unsigned)ATTRIB_SEARCH_PROBABILITIES);
  if (options->max_evaluations == 0) options->max_evaluations = DEFAULT_BUDGET;
  status = attrib__option_count(context, "max_evaluations", options->max_evaluations, 1, (int64_t)1 << 52);
  if (status < 0) return status;
  if (!(options->goal >= 0 && options->goal < 1))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->goal = %g: must be in (0, 1), or 0", options->goal);
  if (options->goal == 0) options->goal = goal;
  return ATTRIB_OK;
}

attrib_status attrib__search_read(attrib_context *context, const attrib__search_request *request, bool pull,
                                  bool middle, double goal, attrib__start *start, attrib__search *search) {
  *search = (attrib__search){.target = request->target, .start = request->start, .pull = pull};
  attrib_status status = attrib__result_check(context, pull, "row", request->row);
  if (status == ATTRIB_OK) status = read_options(context, request->options, goal, &search->options);
  if (status < 0) return status;
  const attrib__model_use use = {.gradients = true, .all_outputs = true, .pull = pull, .target = ATTRIB_NO_TARGET};
  attrib_model *model = &start->model;
  status = attrib__model_read(context, request->model, &use, model);
  if (status < 0) return status;
  if (!(model->flags & ATTRIB_MODEL_TARGET_WEIGHTS))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "model->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS, which the search needs");
  if (model->n_outputs < 2)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "model->n_outputs = %" PRId64 ": a distribution over classes has at least 2", model->n_outputs);
  start->output_columns = model->n_outputs;
  start->gradients = true;
  start->together = 1;
  search->dtype = model->dtype;
  search->n = model->n_inputs;
  search->n_outputs = model->n_outputs;
  status = attrib__range_read(context, model->dtype, search->options.low, search->options.high, &search->range);
  if (status < 0) return status;
  if (search->start == NULL && middle) {
    if (search->range.clipped) return ATTRIB_OK;
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "start is NULL: options->low and high must say what range it is the middle of");
  }
  status = attrib__check_row(context, "start", model, search->start);
  return status < 0 ? status : attrib__range_holds(context, &search->range, "start", model, search->start);
}

void attrib__trials_layout(attrib__trials *trials, attrib__arena *arena) {
  trials->weights = attrib__carve(arena, trials->search.n_outputs, sizeof(double));
  trials->trial_weights = attrib__carve(arena, trials->search.n_outputs, sizeof(double));
}

void attrib__trials_begin(attrib__trials *trials) {
  trials->ask_outputs = (attrib__question){.target = ATTRIB_NO_TARGET, .all_outputs = true};
  trials->ask_gradient = (attrib__question){
      .target = ATTRIB_NO_TARGET, .target_weights = trials->weights, .gradients = true, .untraced = true};
}

attrib__plan attrib__trials_plan(attrib__trials *trials, bool settled, bool gradient, attrib__row *row) {
  if (!settled) return ATTRIB__PLAN_WAIT;
  if (trials->stop_reason != ATTRIB_STOP_NONE) return ATTRIB__PLAN_END;
  if (trials->rows == trials->search.options.max_evaluations) {
    trials->stop_reason = ATTRIB_STOP_BUDGET;
    return ATTRIB__PLAN_END;
  }
  *row = (attrib__row){.question = gradient ? &trials->ask_gradient : &trials->ask_outputs,
                       .baseline = trials->rows,
                       .alpha = (double)NAN};
  trials->rows++;
  return ATTRIB__PLAN_ROW;
}

void attrib__trials_place(const attrib__trials *trials, const void *at, const attrib__placing *placing) {
  memcpy(placing->point, at, (size_t)trials->search.n * attrib__element_size(trials->search.dtype));
}

attrib__fault attrib__trials_check(const attrib__trials *trials, const attrib__results *results) {
  if (trials->search.options.flags & ATTRIB_SEARCH_PROBABILITIES)
    for (int64_t k = 0; k < trials->search.n_outputs; k++)
      if (results->outputs[k] < 0)
        return (attrib__fault){.status = ATTRIB_E_ARGUMENT,
                               .index = k,
                               .value = results->outputs[k],
                               .because = "options->flags says that outputs are probabilities"};
  return (attrib__fault){.status = ATTRIB_OK};
}

void attrib__trials_accept(attrib__trials *trials) {
  double *weights = trials->weights;
  trials->weights = trials->trial_weights;
  trials->trial_weights = weights;
  trials->ask_gradient.target_weights = trials->weights;
  trials->steps++;
}

void attrib__trials_write(const attrib__trials *trials, double objective, const void *found, double *attributions,
                          attrib_report *report) {
  const attrib__search *search = &trials->search;
  report->points = trials->steps;
  report->tolerance = search->options.goal;
  if (trials->started) report->objective = objective;
  if (report->stop_reason == ATTRIB_STOP_COMPLETE && trials->stop_reason != ATTRIB_STOP_NONE)
    report->stop_reason = trials->stop_reason;
  attrib__search_write(search->dtype, search->n, search->pull, found, attributions);
}

void attrib__search_write(uint32_t dtype, int64_t n, bool pull, const void *row, double *to) {
  if (to == NULL) return;
  if (pull)
    attrib__rows_load(dtype, row, 0, n, to);
  else
    memcpy(to, row, (size_t)n * attrib__element_size(dtype));
}
