/* compare_options.c - see compare_options.h. */
#include "compare_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../methods/options.h"
#include "flags.h"
#include "ssim.h"

static const double DEFAULT_TOP = 0.1, DEFAULT_NOISE = 0.01;

static attrib_status check_within(attrib_context *context, const char *name, double value, double low, double high) {
  if (value >= low && value <= high) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %g: must be from %g to %g", name, value, low, high);
}

static attrib_status check_finite(attrib_context *context, const char *name, double value) {
  if (value >= 0 && isfinite(value)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %g: must be finite and not negative", name, value);
}

static attrib_status check_thresholds(attrib_context *context, const attrib_comparison_options *options) {
  attrib_status status = check_within(context, "min_rank_correlation", options->min_rank_correlation, -1, 1);
  if (status == ATTRIB_OK)
    status = check_within(context, "min_absolute_rank_correlation", options->min_absolute_rank_correlation, -1, 1);
  if (status == ATTRIB_OK) status = check_within(context, "min_top_overlap", options->min_top_overlap, 0, 1);
  if (status == ATTRIB_OK) status = check_within(context, "max_sign_flips", options->max_sign_flips, 0, 1);
  if (status == ATTRIB_OK) status = check_within(context, "min_ssim", options->min_ssim, -1, 1);
  if (status == ATTRIB_OK) status = check_finite(context, "max_relative_difference", options->max_relative_difference);
  return status == ATTRIB_OK ? check_finite(context, "max_difference", options->max_difference) : status;
}

static attrib_status check_known(attrib_context *context, const attrib_comparison_options *options) {
  const attrib_status status = attrib__metric_flags(context, options->flags, ATTRIB_METRIC_ABSOLUTE);
  if (status < 0) return status;
  if (options->reserved != NULL) return attrib__option_reserved(context, options->reserved);
  if (options->top_count != 0 && options->top_fraction != 0)
    return attrib__option_unused(context, "top_fraction", options->top_fraction, "as top_count says how many");
  if (options->shape == NULL && options->min_ssim != 0)
    return attrib__option_unused(context, "min_ssim", options->min_ssim, "as options->shape is NULL");
  if (options->shape == NULL && options->range != 0)
    return attrib__option_unused(context, "range", options->range, "as options->shape is NULL");
  return ATTRIB_OK;
}

/* How many values are in the top. */
static int64_t top_of(const attrib_comparison_options *options, int64_t count) {
  if (options->top_count > 0) return options->top_count;
  const double fraction = options->top_fraction == 0 ? DEFAULT_TOP : options->top_fraction;
  const int64_t top = (int64_t)floor(fraction * (double)count + 0.5);
  return top < 1 ? 1 : top > count ? count : top;
}

attrib_status attrib__comparison_options_read(attrib_context *context, const attrib_comparison_options *given,
                                              int64_t count, attrib_comparison_options *options, attrib_image *shape) {
  *shape = (attrib_image){0};
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_COMPARISON_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = check_known(context, options);
  if (status == ATTRIB_OK && options->top_count != 0)
    status = attrib__option_count(context, "top_count", options->top_count, 1, count);
  if (status == ATTRIB_OK) status = check_within(context, "top_fraction", options->top_fraction, 0, 1);
  if (status == ATTRIB_OK) status = check_within(context, "noise", options->noise, 0, 1);
  if (status == ATTRIB_OK) status = check_finite(context, "range", options->range);
  if (status == ATTRIB_OK) status = check_thresholds(context, options);
  if (status == ATTRIB_OK && options->shape != NULL)
    status = attrib__ssim_read_shape(context, options->shape, count, shape);
  if (status < 0) return status;
  options->top_count = top_of(options, count);
  if (options->noise == 0) options->noise = DEFAULT_NOISE;
  return ATTRIB_OK;
}
