/* infidelity_options.c - see infidelity_options.h. */
#include "infidelity_options.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../random/philox.h"
#include "flags.h"

enum { DEFAULT_SAMPLES = 1000, DEFAULT_SIDE = 10 };
static const double DEFAULT_SIGMA = 0.2, DEFAULT_FRACTION = 0.5;
static const int64_t MOST_SAMPLES = INT64_C(1) << 40;

/* -- squares ------------------------------------------------------------------------------------------------------ */

static int64_t of_side(const attrib_image *shape, int64_t side) {
  return (shape->width - side + 1) * (shape->height - side + 1);
}

int64_t attrib__squares_count(const attrib_image *shape, int64_t largest_side) {
  int64_t count = 0;
  for (int64_t side = 1; side <= largest_side && side <= shape->width && side <= shape->height; side++)
    count += of_side(shape, side);
  return count;
}

attrib__square attrib__squares_at(const attrib_image *shape, int64_t number) {
  attrib__square square = {.side = 1};
  for (; number >= of_side(shape, square.side); square.side++) number -= of_side(shape, square.side);
  const int64_t in_a_row = shape->width - square.side + 1;
  square.x = number % in_a_row;
  square.y = number / in_a_row;
  return square;
}

/* -- options ------------------------------------------------------------------------------------------------------ */

/* Options that the perturbation has no use for. */
static attrib_status check_unused(attrib_context *context, const attrib_infidelity_options *options, bool noise) {
  const char *of_noise = "it belongs to ATTRIB_INFIDELITY_GAUSSIAN and NOISY";
  const char *of_units = "it belongs to ATTRIB_INFIDELITY_SUBSETS";
  const char *of_pictures = "it belongs to ATTRIB_INFIDELITY_SQUARES and SUBSETS";
  if (!noise) {
    if (options->sigma != 0) return attrib__option_unused(context, "sigma", options->sigma, of_noise);
    if (options->low != 0) return attrib__option_unused(context, "low", options->low, of_noise);
    if (options->high != 0) return attrib__option_unused(context, "high", options->high, of_noise);
  } else if (options->shape != NULL) {
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape: must be NULL, %s", of_pictures);
  }
  if (options->perturbation != ATTRIB_INFIDELITY_SQUARES && options->largest_side != 0)
    return attrib__option_unused(context, "largest_side", options->largest_side,
                                 "it belongs to ATTRIB_INFIDELITY_SQUARES");
  if (options->perturbation == ATTRIB_INFIDELITY_SUBSETS) return ATTRIB_OK;
  if (options->fraction != 0) return attrib__option_unused(context, "fraction", options->fraction, of_units);
  if (options->n_groups != 0) return attrib__option_unused(context, "n_groups", (double)options->n_groups, of_units);
  if (options->groups != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->groups: must be NULL, %s", of_units);
  return ATTRIB_OK;
}

static attrib_status check_flags(attrib_context *context, const attrib_infidelity_options *options, bool noise) {
  uint32_t used = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_INFIDELITY_SCALED;
  if (!noise) used |= ATTRIB_METRIC_UNIT_SCORES | ATTRIB_INFIDELITY_LOCAL;
  if (noise && (options->flags & ATTRIB_INFIDELITY_LOCAL))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags has LOCAL, which scores always are with ATTRIB_INFIDELITY_GAUSSIAN and NOISY");
  if ((options->flags & ATTRIB_INFIDELITY_LOCAL) && (options->flags & ATTRIB_METRIC_UNIT_SCORES))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags has LOCAL and UNIT_SCORES: local scores are of single inputs");
  return attrib__metric_flags(context, options->flags, used);
}

static attrib_status resolve_numbers(attrib_context *context, attrib_infidelity_options *options) {
  const bool squares = options->perturbation == ATTRIB_INFIDELITY_SQUARES;
  if (options->samples == 0 && !squares) options->samples = DEFAULT_SAMPLES;
  if (options->samples != 0) {
    attrib_status status = attrib__option_count(context, "samples", options->samples, 1, MOST_SAMPLES);
    if (status < 0) return status;
  }
  if (options->largest_side == 0) options->largest_side = DEFAULT_SIDE;
  if (options->sigma == 0) options->sigma = DEFAULT_SIGMA;
  if (!(options->sigma > 0) || !isfinite(options->sigma))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->sigma = %g: must be finite and not negative",
                        options->sigma);
  if (options->fraction == 0) options->fraction = DEFAULT_FRACTION;
  if (!(options->fraction > 0 && options->fraction <= 1))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->fraction = %g: must be 0 or from above 0 to 1",
                        options->fraction);
  return ATTRIB_OK;
}

static attrib_status read_options(attrib_context *context, const attrib_infidelity_options *given,
                                  attrib__infidelity_checked *checked) {
  attrib_infidelity_options *options = &checked->options;
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_INFIDELITY_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->reserved != NULL) return attrib__option_reserved(context, options->reserved);
  if (options->perturbation > ATTRIB_INFIDELITY_SUBSETS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->perturbation = %" PRIu32 ": must be one of ATTRIB_INFIDELITY_* (0 to 3)",
                        options->perturbation);
  const bool squares = options->perturbation == ATTRIB_INFIDELITY_SQUARES;
  checked->noise = !squares && options->perturbation != ATTRIB_INFIDELITY_SUBSETS;
  checked->enumerated = squares && options->samples == 0;
  checked->local = checked->noise || (options->flags & ATTRIB_INFIDELITY_LOCAL) != 0;
  if (squares && options->shape == NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL: ATTRIB_INFIDELITY_SQUARES needs it");
  status = check_flags(context, options, checked->noise);
  if (status == ATTRIB_OK) status = check_unused(context, options, checked->noise);
  return status == ATTRIB_OK ? resolve_numbers(context, options) : status;
}

/* -- the rest ----------------------------------------------------------------------------------------------------- */

/* Noise is kept to the type's numbers, so that no point is infinite. */
static attrib_status read_range(attrib_context *context, const attrib_model *model,
                                attrib__infidelity_checked *checked) {
  const attrib_infidelity_options *options = &checked->options;
  attrib_status status = attrib__range_read(context, model->dtype, options->low, options->high, &checked->range);
  if (status < 0) return status;
  if (checked->range.clipped) return attrib__range_holds(context, &checked->range, "input", model, checked->input);
  const double most = model->dtype == ATTRIB_F32 ? (double)FLT_MAX : DBL_MAX;
  checked->range = (attrib__range){.clipped = true, .low = -most, .high = most};
  return ATTRIB_OK;
}

static attrib_status read_baselines(attrib_context *context, const attrib_model *model, const attrib_baselines *given,
                                    attrib__infidelity_checked *checked) {
  if (checked->options.perturbation != ATTRIB_INFIDELITY_GAUSSIAN)
    return attrib__baselines_read(context, "baselines", given, model, &checked->set);
  if (given == NULL) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "baselines: must be NULL, ATTRIB_INFIDELITY_GAUSSIAN takes noise from the input alone");
}

static attrib_status count_rows(attrib_context *context, attrib__infidelity_checked *checked) {
  if (checked->options.perturbation == ATTRIB_INFIDELITY_SQUARES)
    checked->squares = attrib__squares_count(&checked->units.shape, checked->options.largest_side);
  if (checked->units.count > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "model->n_inputs = %" PRId64 ": noise is for at most %" PRId64,
                        checked->units.count, ATTRIB__RANDOM_ELEMENTS);
  if (!checked->enumerated) return ATTRIB_OK;
  if (attrib__count_multiply(checked->squares, checked->set.used, &checked->options.samples) &&
      checked->options.samples <= MOST_SAMPLES)
    return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " squares and %" PRId64 " baselines: too many rows",
                      checked->squares, checked->set.used);
}

attrib_status attrib__infidelity_read(attrib_context *context, const attrib__infidelity_request *request, bool pull,
                                      attrib_model *model, attrib__infidelity_checked *checked) {
  *checked = (attrib__infidelity_checked){.input = request->input, .scores = request->scores};
  if (!pull && request->values == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "values is NULL");
  const attrib_infidelity_options *options = &checked->options;
  attrib_status status = read_options(context, request->options, checked);
  if (status == ATTRIB_OK)
    status = attrib__response_read(context, request->model, options->flags, request->target, options->target_weights,
                                   pull, model, &checked->response);
  if (status < 0) return status;
  checked->dtype = model->dtype;
  checked->n = model->n_inputs;
  status = attrib__units_read(context, model->dtype, model->n_inputs, options->shape, options->n_groups,
                              options->groups, &checked->units);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK)
    status = attrib__units_check_scores(context, &checked->units, (options->flags & ATTRIB_METRIC_UNIT_SCORES) != 0,
                                        request->scores);
  if (status == ATTRIB_OK) status = read_range(context, model, checked);
  if (status == ATTRIB_OK) status = read_baselines(context, model, request->baselines, checked);
  return status == ATTRIB_OK ? count_rows(context, checked) : status;
}
