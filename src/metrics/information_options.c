/* information_options.c - see information_options.h. */
#include "information_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../random/philox.h"
#include "ablate.h"
#include "flags.h"

static const double DEFAULT_SHOWN = 0.01, DEFAULT_LEAST_OUTPUT = 0.8;
static const double default_thresholds[] = {.005, .01, .02, .03, .04, .05, .07, .1, .13, .21, .34, .5, .75};
enum { DEFAULT_THRESHOLDS = sizeof default_thresholds / sizeof default_thresholds[0] };

static attrib_status check_thresholds(attrib_context *context, attrib_information_options *options) {
  if ((options->thresholds == NULL) != (options->n_thresholds == 0) || options->n_thresholds < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_thresholds = %" PRId64 ": thresholds is %s, and both or neither must be given",
                        options->n_thresholds, options->thresholds == NULL ? "NULL" : "not NULL");
  if (options->thresholds == NULL) {
    options->thresholds = default_thresholds;
    options->n_thresholds = DEFAULT_THRESHOLDS;
  }
  for (int64_t k = 0; k < options->n_thresholds; k++) {
    const double before = k == 0 ? 0 : options->thresholds[k - 1];
    if (!(options->thresholds[k] > before && options->thresholds[k] <= 1))
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->thresholds[%" PRId64 "] = %g: must be above %g and at most 1", k,
                          options->thresholds[k], before);
  }
  return ATTRIB_OK;
}

static attrib_status check_size(attrib_context *context, const attrib_information_options *options) {
  const bool given = options->low != 0 || options->high != 0;
  if (options->size != NULL && given)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->low = %g, high = %g: must be 0, they are for sizes of the library's", options->low,
                        options->high);
  if (options->size == NULL && options->size_user != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->size_user is given without options->size");
  if (options->size == NULL && !(options->low < options->high && isfinite(options->low) && isfinite(options->high)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->low = %g, high = %g: the range of pixels must be given, low < high, for their sizes",
                        options->low, options->high);
  return ATTRIB_OK;
}

static attrib_status read_options(attrib_context *context, const attrib_information_options *given,
                                  attrib_information_options *options) {
  *options = (attrib_information_options){.struct_size = sizeof *options};
  attrib_status status =
      attrib__read_struct(context, "options", given, ATTRIB__FIRST_INFORMATION_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->reserved != NULL) return attrib__option_reserved(context, options->reserved);
  status = attrib__metric_flags(context, options->flags,
                                ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_ABSOLUTE |
                                    ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_RANDOM | ATTRIB_INFORMATION_AS_IT_IS);
  if (status == ATTRIB_OK) status = check_thresholds(context, options);
  if (status == ATTRIB_OK) status = check_size(context, options);
  if (status < 0) return status;
  if (options->shown == 0) options->shown = DEFAULT_SHOWN;
  if (!(options->shown > 0 && options->shown <= 1))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shown = %g: must be in (0, 1], or 0", options->shown);
  if (options->least_output == 0) options->least_output = DEFAULT_LEAST_OUTPUT;
  if (isnan(options->least_output) || options->least_output == (double)INFINITY)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->least_output = %g: must be a number, or -INFINITY",
                        options->least_output);
  if (options->shape == NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL: pictures have a width and a height");
  return ATTRIB_OK;
}

attrib_status attrib__information_read(attrib_context *context, const attrib__information_request *request, bool pull,
                                       attrib_model *model, attrib__information_checked *checked) {
  *checked = (attrib__information_checked){.input = request->input};
  attrib_information_options *options = &checked->options;
  attrib_status status = attrib__result_check(context, pull, "values", request->values);
  if (status == ATTRIB_OK) status = read_options(context, request->options, options);
  if (status < 0) return status;
  status = attrib__response_read(context, request->model, options->flags, request->target, options->target_weights,
                                 pull, model, &checked->response);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status < 0) return status;
  const bool random = (options->flags & ATTRIB_METRIC_RANDOM) != 0;
  checked->map = (attrib__map){.flags = options->flags, .seed = random ? options->seed : 0, .scores = request->scores};
  status = attrib__ranked_units_read(context, model, options->shape, 0, NULL, &checked->map, &checked->units);
  if (status < 0) return status;
  const int64_t shown = attrib__fraction_count(options->shown, checked->units.count);
  checked->shown = shown > 1 ? shown : 1;
  return ATTRIB_OK;
}
