/* response.c - see response.h. */
#include "response.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include <attrib/metrics.h>

#include "../methods/scores.h"
#include "../model/model.h"
#include "../rows/sum.h"

/* The library weighs probabilities itself, so the model need not know how to weigh outputs. */
static attrib_status check_target(attrib_context *context, const attrib_model *model, int64_t target,
                                  const double *target_weights) {
  if (target_weights == NULL && (target < 0 || target >= model->n_outputs))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "target = %" PRId64 ": the model has %" PRId64 " outputs", target,
                        model->n_outputs);
  if (target_weights != NULL && target != ATTRIB_NO_TARGET)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "target = %" PRId64 ": must be ATTRIB_NO_TARGET (-1) where target_weights are given", target);
  for (int64_t k = 0; k < model->n_outputs && target_weights != NULL; k++)
    if (!isfinite(target_weights[k]))
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "target_weights[%" PRId64 "] = %g: must be finite", k,
                          target_weights[k]);
  return ATTRIB_OK;
}

attrib_status attrib__response_read(attrib_context *context, const attrib_model *given, uint32_t flags, int64_t target,
                                    const double *target_weights, bool pull, attrib_model *model,
                                    attrib__response *response) {
  const bool softmax = (flags & ATTRIB_METRIC_SOFTMAX) != 0, accuracy = (flags & ATTRIB_METRIC_ACCURACY) != 0;
  if (softmax && accuracy)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags has SOFTMAX and ACCURACY: one of them says what is read off the model");
  if (accuracy && target_weights != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags has ACCURACY, which is of a target, not of target_weights");
  attrib__model_use use = {.pull = pull, .target = target, .target_weights = target_weights};
  if (softmax || accuracy) use = (attrib__model_use){.pull = pull, .all_outputs = true, .target = ATTRIB_NO_TARGET};
  attrib_status status = attrib__model_read(context, given, &use, model);
  if (status == ATTRIB_OK && use.all_outputs) status = check_target(context, model, target, target_weights);
  if (status < 0) return status;
  *response = (attrib__response){.flags = flags & (ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY),
                                 .target = target,
                                 .columns = use.all_outputs ? model->n_outputs : 1,
                                 .target_weights = target_weights};
  response->question =
      (attrib__question){.target = use.target, .target_weights = use.target_weights, .all_outputs = use.all_outputs};
  return ATTRIB_OK;
}

double attrib__response_value(const attrib__response *response, const double *outputs) {
  if (response->flags == 0) return outputs[0];
  const int64_t predicted = attrib__scores_predicted(response->columns, outputs);
  if (response->flags == ATTRIB_METRIC_ACCURACY) return predicted == response->target ? 1 : 0;
  attrib__sum all = {0}, wanted = {0};
  for (int64_t k = 0; k < response->columns; k++) {
    const double share = exp(outputs[k] - outputs[predicted]);
    attrib__sum_add(&all, share);
    if (response->target_weights != NULL) attrib__sum_add(&wanted, response->target_weights[k] * share);
    if (response->target_weights == NULL && k == response->target) attrib__sum_add(&wanted, share);
  }
  return attrib__sum_value(&wanted) / attrib__sum_value(&all);
}

double attrib__response_unit(uint32_t dtype) {
  const double roundings = 16, rounding = (dtype == ATTRIB_F32 ? (double)FLT_EPSILON : DBL_EPSILON) / 2;
  return roundings * rounding;
}

/* Of a probability p = softmax(z)_k: dp = p sum over j of ([j = k] - p_j) dz_j, whose size is at most 2 p (1 - p) times
 * that of the dz; beside it what p itself is rounded by. */
double attrib__response_rounding(const attrib__response *response, uint32_t dtype, const double *outputs) {
  const double unit = attrib__response_unit(dtype);
  if (response->flags == 0) return unit * fabs(outputs[0]);
  if (response->flags == ATTRIB_METRIC_ACCURACY) return 0;
  const double most = outputs[attrib__scores_predicted(response->columns, outputs)];
  double total = 0, largest = 0, moved = 0, rounded = 0;
  for (int64_t k = 0; k < response->columns; k++) {
    total += exp(outputs[k] - most);
    largest = fmax(largest, fabs(outputs[k]));
  }
  for (int64_t k = 0; k < response->columns; k++) {
    const double share = exp(outputs[k] - most) / total;
    const double weight = response->target_weights != NULL ? fabs(response->target_weights[k])
                          : k == response->target          ? 1
                                                           : 0;
    moved += weight * 2 * share * (1 - share);
    rounded += weight * share;
  }
  return unit * largest * moved + attrib__response_unit(ATTRIB_F64) * rounded;
}
