/* sensitivity_n_options.c - see sensitivity_n_options.h. */
#include "sensitivity_n_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../random/philox.h"
#include "flags.h"

enum { DEFAULT_SUBSETS = 100, DEFAULT_SIZES = 10, DEFAULT_FRACTIONS = 9, TENTHS = 10 };

/* -- sizes -------------------------------------------------------------------------------------------------------- */

/* most^(part / parts), rounded to the nearest number: the largest n for which n - 1/2 is not beyond it. Products alone,
 * so that it is the same on every machine. */
static int64_t log_spaced(int64_t most, int part, int parts) {
  double bound = 1;
  for (int k = 0; k < part; k++) bound *= (double)most;
  int64_t low = 1, high = most;
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    double power = 1;
    for (int k = 0; k < parts; k++) power *= (double)middle - 0.5;
    if (power <= bound)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

bool attrib__sensitivity_n_coins(const attrib__sensitivity_n_checked *call) {
  return (call->options.flags & ATTRIB_SENSITIVITY_N_COINS) != 0;
}

int64_t attrib__sensitivity_n_size(const attrib__sensitivity_n_checked *call, int64_t i) {
  if (call->options.sizes != NULL) return call->options.sizes[i];
  const int64_t count = call->units.count, most = count / 5 * 4 + count % 5 * 4 / 5;
  return log_spaced(most > 1 ? most : 1, (int)i, DEFAULT_SIZES - 1);
}

double attrib__sensitivity_n_probability(const attrib__sensitivity_n_checked *call, int64_t i) {
  if (call->options.sizes == NULL) return (double)(i + 1) / TENTHS;
  return (double)call->options.sizes[i] / (double)call->units.count;
}

bool attrib__sensitivity_n_whole(const attrib__sensitivity_n_checked *call, int64_t i) {
  if (attrib__sensitivity_n_coins(call) && call->options.sizes == NULL) return false;
  return attrib__sensitivity_n_size(call, i) == call->units.count;
}

/* -- options ------------------------------------------------------------------------------------------------------ */

static attrib_status read_options(attrib_context *context, const attrib_sensitivity_n_options *given,
                                  attrib_sensitivity_n_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_SENSITIVITY_N_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  status = attrib__metric_flags(context, options->flags,
                                ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_ABSOLUTE |
                                    ATTRIB_METRIC_UNIT_SCORES | ATTRIB_SENSITIVITY_N_COINS);
  if (status < 0) return status;
  if ((options->sizes == NULL) != (options->n_sizes == 0) || options->n_sizes < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_sizes = %" PRId64 ": sizes is %s, and both or neither must be given",
                        options->n_sizes, options->sizes == NULL ? "NULL" : "not NULL");
  if (options->sizes == NULL)
    options->n_sizes = options->flags & ATTRIB_SENSITIVITY_N_COINS ? DEFAULT_FRACTIONS : DEFAULT_SIZES;
  if (options->subsets == 0) options->subsets = DEFAULT_SUBSETS;
  return attrib__option_count(context, "subsets", options->subsets, 2, INT32_MAX);
}

static attrib_status check_sizes(attrib_context *context, const attrib__sensitivity_n_checked *call) {
  const attrib_sensitivity_n_options *options = &call->options;
  for (int64_t i = 0; i < options->n_sizes && options->sizes != NULL; i++)
    if (options->sizes[i] < 1 || options->sizes[i] > call->units.count)
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->sizes[%" PRId64 "] = %" PRId64 ": must be from 1 to the number of units, %" PRId64,
                          i, options->sizes[i], call->units.count);
  if (call->units.count > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "model->n_inputs = %" PRId64 ": random subsets are of at most %" PRId64, call->units.count,
                        ATTRIB__RANDOM_ELEMENTS);
  return ATTRIB_OK;
}

/* Rows in all. */
static attrib_status count_rows(attrib_context *context, const attrib__sensitivity_n_checked *call, int64_t *rows) {
  int64_t sizes = 0, each;
  for (int64_t i = 0; i < call->options.n_sizes; i++) sizes += !attrib__sensitivity_n_whole(call, i);
  if (!attrib__count_multiply(call->options.subsets, call->set.used, &each) ||
      !attrib__count_multiply(each, call->options.n_sizes, rows) || *rows == INT64_MAX)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "options->subsets = %" PRId64 ", n_sizes = %" PRId64 ", %" PRId64 " baselines: too many rows",
                        call->options.subsets, call->options.n_sizes, call->set.used);
  *rows = each * sizes + 1;
  return ATTRIB_OK;
}

attrib_status attrib__sensitivity_n_read(attrib_context *context, const attrib__sensitivity_n_request *request,
                                         bool pull, attrib_model *model, attrib__sensitivity_n_checked *checked) {
  *checked = (attrib__sensitivity_n_checked){.input = request->input, .scores = request->scores};
  if (!pull && request->values == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "values is NULL");
  const attrib_sensitivity_n_options *options = &checked->options;
  attrib_status status = read_options(context, request->options, &checked->options);
  if (status == ATTRIB_OK)
    status = attrib__response_read(context, request->model, options->flags, request->target, options->target_weights,
                                   pull, model, &checked->response);
  if (status == ATTRIB_OK)
    status = attrib__units_read(context, model->dtype, model->n_inputs, options->shape, options->n_groups,
                                options->groups, &checked->units);
  if (status == ATTRIB_OK) status = check_sizes(context, checked);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK)
    status = attrib__units_check_scores(context, &checked->units, (options->flags & ATTRIB_METRIC_UNIT_SCORES) != 0,
                                        request->scores);
  if (status == ATTRIB_OK)
    status = attrib__baselines_read(context, "baselines", request->baselines, model, &checked->set);
  return status == ATTRIB_OK ? count_rows(context, checked, &checked->rows) : status;
}
