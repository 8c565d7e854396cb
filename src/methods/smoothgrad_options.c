/* smoothgrad_options.c - see smoothgrad_options.h. */
#include "smoothgrad_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "noised.h"
#include "options.h"

enum { DEFAULT_SAMPLES = 50, FIRST_ROUND = 32 };

/* Share of the input's range: 10 to 20 % in the paper. */
static const double default_fraction = 0.15;

static attrib_status check_sigma(attrib_context *context, const attrib_smoothgrad_options *options) {
  attrib_status status = attrib__option_amount(context, "sigma", options->sigma);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "sigma_fraction", options->sigma_fraction);
  if (status < 0) return status;
  if (options->sigma > 0 && options->sigma_fraction > 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->sigma_fraction = %g: must be 0 where sigma = %g says it already",
                        options->sigma_fraction, options->sigma);
  return ATTRIB_OK;
}

static attrib_status check_options(attrib_context *context, const attrib_smoothgrad_options *options) {
  if (options->flags & ~(uint32_t)ATTRIB_SMOOTH_INDEPENDENT)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%x",
                        options->flags, ATTRIB_SMOOTH_INDEPENDENT);
  if (options->round_rows != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->round_rows = %" PRIu32 ": must be 0, samples are doubled",
                        options->round_rows);
  if (options->form > ATTRIB_SMOOTH_TAYLOR)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->form = %" PRIu32 ": must be one of ATTRIB_SMOOTH_* (0 to 4)", options->form);
  return check_sigma(context, options);
}

/* Noised points must stay within the dtype's range, and within the range they are clipped to. */
static attrib_status resolve_noise(attrib_context *context, const attrib_model *model,
                                   const attrib_smoothgrad_options *options, attrib__smoothgrad_checked *checked) {
  double low, high;
  attrib__row_extent(model, checked->input, &low, &high);
  checked->sigma = options->sigma;
  if (options->sigma == 0) {
    double fraction = options->sigma_fraction == 0 ? default_fraction : options->sigma_fraction;
    double range = high - low; /* exact where they are near one another; it may overflow where they are not */
    checked->sigma = isfinite(range) ? fraction * range : fraction * high - fraction * low;
    checked->constant = low == high;
  }
  attrib_status status = attrib__noised_check(context, model, low, high, checked->sigma);
  return status == ATTRIB_OK ? attrib__range_holds(context, &checked->range, "input", model, checked->input) : status;
}

static attrib_status resolve_samples(attrib_context *context, attrib__smoothgrad_checked *checked) {
  attrib__sampling *sampling = &checked->sampling;
  if (checked->constant) { /* without noise all samples are the same */
    sampling->samples = 1;
    checked->members = checked->first_round = 1;
    return ATTRIB_OK;
  }
  if (!attrib__sampling_open(sampling)) {
    sampling->samples += sampling->samples % checked->members;
    checked->first_round = sampling->samples;
    return ATTRIB_OK;
  }
  if (sampling->max_evaluations < checked->members)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->max_evaluations = %" PRId64 ": a pair of samples takes 2 rows",
                        sampling->max_evaluations);
  checked->first_round = FIRST_ROUND;
  while (checked->first_round > sampling->max_evaluations) checked->first_round /= 2;
  return ATTRIB_OK;
}

attrib_status attrib__smoothgrad_read(attrib_context *context, const attrib__smoothgrad_request *request, bool pull,
                                      attrib_model *model, attrib__smoothgrad_checked *checked) {
  attrib_smoothgrad_options options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status < 0) return status;
  status = attrib__read_options(context, request->options, ATTRIB__FIRST_SMOOTHGRAD_OPTIONS, &options, sizeof options);
  if (status < 0) return status;
  status = check_options(context, &options);
  if (status < 0) return status;
  *checked = (attrib__smoothgrad_checked){
      .input = request->input,
      .target = request->target,
      .target_weights = options.target_weights,
      .n_groups = options.n_groups,
      .groups = options.groups,
      .form = options.form,
      .seed = options.seed,
      .sampling = {options.samples, options.max_evaluations, options.tolerance, options.absolute_tolerance},
      .members = options.flags & ATTRIB_SMOOTH_INDEPENDENT ? 1 : 2,
      .deadline_seconds = options.deadline_seconds,
  };
  status = attrib__sampling_read(context, &checked->sampling, DEFAULT_SAMPLES);
  if (status == ATTRIB_OK) status = attrib__deadline_check(context, "options->", options.deadline_seconds);
  if (status < 0) return status;
  attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options.target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status == ATTRIB_OK) status = attrib__groups_check(context, options.n_groups, options.groups, model->n_inputs);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, model->dtype, options.low, options.high, &checked->range);
  if (status == ATTRIB_OK) status = resolve_noise(context, model, &options, checked);
  return status == ATTRIB_OK ? resolve_samples(context, checked) : status;
}
