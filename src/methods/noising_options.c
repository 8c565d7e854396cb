/* noising_options.c - see noising_options.h. */
#include "noising_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../image/shape.h"
#include "../model/model.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "noise_search.h"
#include "noised.h"
#include "options.h"
#include "variation.h"

enum { DEFAULT_SAMPLES = 150, DEFAULT_SIGMAS = 20, DEFAULT_WINDOWS = 30, DEFAULT_SIDE = 15, DEFAULT_FILLS = 50 };

static const int64_t most_samples = INT64_C(1) << 52, most_of_others = INT64_C(1) << 20;

/* Shares of the input's range. */
static const double least_share = 0.01, greatest_share = 1;

/* -- what does not depend on the model ---------------------------------------------------------------------------- */

static attrib_status check_kinds(attrib_context *context, const attrib_noising_options *options) {
  const uint32_t known = (uint32_t)ATTRIB_SMOOTH_INDEPENDENT | (uint32_t)ATTRIB_NOISING_CLIP;
  if (options->flags & ~known)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%" PRIx32,
                        options->flags, known);
  if (options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->reserved = %p: this version knows no use for it",
                        options->reserved);
  if (options->search > ATTRIB_NOISING_PUBLISHED)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->search = %" PRIu32 ": must be ATTRIB_NOISING_BRACKETED (0) or PUBLISHED (1)",
                        options->search);
  if (options->objective > ATTRIB_NOISING_AUTVC)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->objective = %" PRIu32 ": must be ATTRIB_NOISING_AUPC (0) or AUTVC (1)",
                        options->objective);
  return ATTRIB_OK;
}

/* Options of the other search, or of the other objective. */
static attrib_status check_unused(attrib_context *context, const attrib_noising_options *options) {
  const char *walk = "ATTRIB_NOISING_PUBLISHED has a start and an end of its own";
  const char *grain = "ATTRIB_NOISING_AUTVC fills no windows";
  if (options->search == ATTRIB_NOISING_PUBLISHED) {
    if (options->max_sigmas != 0)
      return attrib__option_unused(context, "max_sigmas", (double)options->max_sigmas, walk);
    if (options->sigma_low != 0) return attrib__option_unused(context, "sigma_low", options->sigma_low, walk);
    if (options->sigma_high != 0) return attrib__option_unused(context, "sigma_high", options->sigma_high, walk);
  }
  if (options->objective == ATTRIB_NOISING_AUPC) return ATTRIB_OK;
  if (options->windows != 0) return attrib__option_unused(context, "windows", (double)options->windows, grain);
  if (options->window_side != 0)
    return attrib__option_unused(context, "window_side", (double)options->window_side, grain);
  if (options->fills != 0) return attrib__option_unused(context, "fills", (double)options->fills, grain);
  if (options->flags & ATTRIB_NOISING_CLIP) return ATTRIB_OK;
  const char *range = "ATTRIB_NOISING_AUTVC has a use for a range with ATTRIB_NOISING_CLIP alone";
  if (options->low != 0) return attrib__option_unused(context, "low", options->low, range);
  if (options->high != 0) return attrib__option_unused(context, "high", options->high, range);
  return ATTRIB_OK;
}

static attrib_status resolve_count(attrib_context *context, const char *name, int64_t *value, int64_t otherwise,
                                   int64_t most) {
  if (*value == 0) *value = otherwise;
  return attrib__option_count(context, name, *value, 1, most);
}

static attrib_status resolve_counts(attrib_context *context, attrib_noising_options *options) {
  attrib_status status = resolve_count(context, "samples", &options->samples, DEFAULT_SAMPLES, most_samples);
  if (status == ATTRIB_OK)
    status = resolve_count(context, "max_sigmas", &options->max_sigmas, DEFAULT_SIGMAS, most_of_others);
  if (status == ATTRIB_OK)
    status = resolve_count(context, "windows", &options->windows, DEFAULT_WINDOWS, most_of_others);
  if (status == ATTRIB_OK)
    status = resolve_count(context, "window_side", &options->window_side, DEFAULT_SIDE, most_of_others);
  return status == ATTRIB_OK ? resolve_count(context, "fills", &options->fills, DEFAULT_FILLS, most_of_others) : status;
}

static attrib_status read_options(attrib_context *context, const attrib_noising_options *given,
                                  attrib__noising_checked *checked) {
  attrib_noising_options *options = &checked->options;
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_NOISING_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = check_kinds(context, options);
  if (status == ATTRIB_OK) status = check_unused(context, options);
  if (status == ATTRIB_OK) status = resolve_counts(context, options);
  if (status < 0) return status;
  checked->members = options->flags & ATTRIB_SMOOTH_INDEPENDENT ? 1 : 2;
  options->samples += options->samples % checked->members;
  return ATTRIB_OK;
}

/* -- what does ---------------------------------------------------------------------------------------------------- */

static attrib_status read_range(attrib_context *context, const attrib_model *model, attrib__noising_checked *checked) {
  const attrib_noising_options *options = &checked->options;
  attrib_status status = attrib__range_read(context, checked->dtype, options->low, options->high, &checked->range);
  if (status < 0) return status;
  const bool needed = options->objective == ATTRIB_NOISING_AUPC || (options->flags & ATTRIB_NOISING_CLIP) != 0;
  if (needed && !checked->range.clipped)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->low = 0, high = 0: %s needs the valid range of the input's elements",
                        options->flags & ATTRIB_NOISING_CLIP ? "ATTRIB_NOISING_CLIP" : "ATTRIB_NOISING_AUPC");
  return attrib__range_holds(context, &checked->range, "input", model, checked->input);
}

static attrib_status read_shape(attrib_context *context, attrib__noising_checked *checked) {
  const attrib_noising_options *options = &checked->options;
  if (options->shape == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL");
  attrib_image *shape = &checked->shape;
  attrib_status status = attrib__image_read_shape(context, checked->dtype, options->shape, shape);
  if (status < 0) return status;
  const int64_t last = attrib__image_offset(shape, shape->width - 1, shape->height - 1, shape->channels - 1);
  if (last >= checked->n)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->shape: its last element would be input %" PRId64 ", and the model has %" PRId64
                        " inputs",
                        last, checked->n);
  if (options->objective == ATTRIB_NOISING_AUPC) {
    if (options->window_side <= shape->width && options->window_side <= shape->height) return ATTRIB_OK;
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->window_side = %" PRId64 ": no such window fits %" PRId64 " x %" PRId64 " pixels",
                        options->window_side, shape->width, shape->height);
  }
  if (attrib__variation_has_area(shape->height, shape->width)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->shape: %" PRId64 " x %" PRId64
                      " pixels are one scale alone, of which there is no AUTVC: sides must be at least 44",
                      shape->width, shape->height);
}

static double mean_size(const attrib_model *model, const void *input) {
  double values[ATTRIB__BLOCK];
  attrib__sum sum = {0, 0};
  for (int64_t begin = 0; begin < model->n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, model->n_inputs);
    attrib__rows_load(model->dtype, input, begin, n, values);
    for (int64_t i = 0; i < n; i++) attrib__sum_add(&sum, fabs(values[i]));
  }
  return attrib__sum_value(&sum) / (double)model->n_inputs;
}

static attrib_status resolve_bracket(attrib_context *context, attrib__noising_checked *checked, double low,
                                     double high) {
  attrib_noising_options *options = &checked->options;
  attrib_status status = attrib__option_amount(context, "sigma_low", options->sigma_low);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "sigma_high", options->sigma_high);
  if (status < 0) return status;
  if (low == high && (options->sigma_low == 0 || options->sigma_high == 0))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->sigma_low = %g, sigma_high = %g: every element of the input is %g, so there is no "
                        "range to take them from; give both",
                        options->sigma_low, options->sigma_high, low);
  if (options->sigma_low == 0) options->sigma_low = least_share * high - least_share * low;
  if (options->sigma_high == 0) options->sigma_high = greatest_share * high - greatest_share * low;
  if (options->sigma_low > 0 && options->sigma_low < options->sigma_high) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->sigma_low = %g, sigma_high = %g: the one must be below the other", options->sigma_low,
                      options->sigma_high);
}

/* Where sigma is searched for, and that no noise there leaves the dtype's range. */
static attrib_status resolve_sigmas(attrib_context *context, const attrib_model *model,
                                    attrib__noising_checked *checked) {
  double low, high, most;
  attrib__row_extent(model, checked->input, &low, &high);
  attrib_status status = ATTRIB_OK;
  if (checked->options.search == ATTRIB_NOISING_PUBLISHED) {
    checked->start = mean_size(model, checked->input);
    most = checked->start; /* the walk's 2 more are no difference to what overflows */
  } else {
    status = resolve_bracket(context, checked, low, high);
    most = checked->options.sigma_high;
  }
  return status == ATTRIB_OK ? attrib__noised_check(context, model, low, high, most) : status;
}

/* Rows that the run may come to; and of those out at once the most. */
static attrib_status count_rows(attrib_context *context, attrib__noising_checked *checked) {
  const attrib_noising_options *options = &checked->options;
  const bool published = options->search == ATTRIB_NOISING_PUBLISHED,
             perturbs = options->objective == ATTRIB_NOISING_AUPC;
  const int64_t sigmas = published ? ATTRIB__NOISE_WALK_EVALUATIONS : options->max_sigmas;
  const int64_t outputs = perturbs ? options->windows * options->fills : 0;
  int64_t rows;
  checked->together = perturbs && options->fills > options->samples ? options->fills : options->samples;
  if (attrib__count_multiply(options->samples + outputs, sigmas, &rows) && rows < INT64_MAX) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "options->samples = %" PRId64 ", windows * fills = %" PRId64 " for up to %" PRId64
                      " sigmas: too many rows",
                      options->samples, outputs, sigmas);
}

attrib_status attrib__noising_read(attrib_context *context, const attrib__noising_request *request, bool pull,
                                   attrib_model *model, attrib__noising_checked *checked) {
  *checked = (attrib__noising_checked){.input = request->input, .target = request->target};
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, checked);
  if (status < 0) return status;
  const attrib_noising_options *options = &checked->options;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status < 0) return status;
  checked->dtype = model->dtype;
  checked->n = model->n_inputs;
  status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK) status = read_range(context, model, checked);
  if (status == ATTRIB_OK) status = read_shape(context, checked);
  if (status == ATTRIB_OK) status = resolve_sigmas(context, model, checked);
  return status == ATTRIB_OK ? count_rows(context, checked) : status;
}
