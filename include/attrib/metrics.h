/* attrib/metrics.h - metrics that judge attributions with more rows of the model: ablation curves.
 *
 * Common to all metrics, here and in faithfulness.h and information.h. They take attributions as plain arrays, whoever
 * made them: `scores`. input: n_inputs finite elements of the model's dtype. target: the output that the scores are of,
 * or ATTRIB_NO_TARGET where options->target_weights says it. context, options and report may be NULL; nothing of the
 * caller's is kept (a run refers to it until it is destroyed). values: what the call gives, as many doubles as it says;
 * written whole when the status is >= 0, untouched otherwise. All rows go through the same checked, batched and
 * cancellable calls as those of attributions, as a rule without gradients; report.output_evaluations counts them.
 * Results have the same bits whatever max_rows and the number of workers.
 *
 * Units. What is taken away or kept as a whole is a unit: by default a single input; with options->shape a pixel with
 * all its channels, numbered y * width + x; with options->groups (labels in [0, n_groups), n_groups <= n_inputs) a
 * group, and shape may be given beside for metrics that need one. The score of a unit is the sum of its inputs' scores,
 * signed, as of the published tests; give ATTRIB_METRIC_UNIT_SCORES where there is one score per unit already. Units
 * are ranked from the highest score down, of equal ones the lower number first; with ATTRIB_METRIC_ABSOLUTE by size.
 *
 * Response. f is the target's output as the model gives it, or its softmax probability, or whether it is the largest:
 * see the flags. Curves by logits and by probabilities differ: say which one was used.
 *
 * Statuses. OK; CANCELLED: values that the rows so far do not give are NaN; UNDEFINED: a quantity does not exist for
 * this input, such as a correlation with a constant: it is NaN, and so may be others; the message says why. Errors: as
 * for attributions; NONFINITE also for scores. */
#ifndef ATTRIB_METRICS_H
#define ATTRIB_METRICS_H

#include "baselines.h"
#include "context.h"
#include "image.h"
#include "model.h"
#include "report.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* options.flags of metrics: those that a metric has no use for are E_ARGUMENT. */
enum {
  ATTRIB_METRIC_SOFTMAX = 1,     /* f = softmax probability of the target (weighted sum of probabilities with weights);
                                    the model needs ALL_OUTPUTS */
  ATTRIB_METRIC_ACCURACY = 2,    /* f = 1 where the target is the largest output, of equal ones the first; else 0 */
  ATTRIB_METRIC_ABSOLUTE = 4,    /* scores count by their size, |sum over the unit| */
  ATTRIB_METRIC_UNIT_SCORES = 8, /* scores: one per unit */
  ATTRIB_METRIC_LOWEST_FIRST = 16, /* from the lowest score up, of equal ones the lower number first */
  ATTRIB_METRIC_RANDOM = 32        /* control: scores must be NULL and are N(0, 1) for each unit, from options->seed */
};

#ifdef __cplusplus
}
#endif
#endif
