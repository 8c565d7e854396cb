/* attrib/searches.h - baselines that are searched for with the model. Each call writes one row and stands beside its
 * pull form (run.h), whose attrib_run_result gives the row as n_inputs doubles.
 *
 * Common to all. context, options and report may be NULL. model: as for attributions (methods.h). row: n_inputs
 * elements of the model's dtype, written whole when the status is >= 0, untouched otherwise; in the callback form it
 * may be the row that the search starts from. low, high: the valid range, both 0 = none. The start must lie in it,
 * bounds rounded to the model's dtype included; the result does to the last bit, but for elements of a start that were
 * not moved. Without a range a step may lead to where the model's outputs are no numbers: E_NONFINITE. Rows are asked
 * for one by one, each from the results of all before it, so batches have one row, and the result is the same on every
 * machine up to what the model computes. Different starts give different baselines, and these different attributions:
 * say in a result which start was used.
 *
 * report: objective, evaluations (rows with gradient), output_evaluations, points = steps taken, tolerance = the goal,
 * stop_reason TOLERANCE where the goal was met, BUDGET where max_evaluations ended first, COMPLETE where no step led
 * on; completeness fields are NaN. NOT_CONVERGED: the goal was not met; the row is what the search had come to, and the
 * message says how far that is. Errors: as for attributions; UNSUPPORTED where the model lacks a flag that the search
 * needs; ARGUMENT where with ATTRIB_SEARCH_PROBABILITIES a row has a negative output (logits, most likely), which the
 * message names. */
#ifndef ATTRIB_SEARCHES_H
#define ATTRIB_SEARCHES_H

#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_search_options.flags */
enum {
  ATTRIB_SEARCH_PROBABILITIES = 1 /* the model's outputs are probabilities; else they are logits, of which the softmax
                                     is taken */
};

/* Zero in a field means its default. A field that a search has no use for must be 0, else E_ARGUMENT. */
typedef struct attrib_search_options {
  uint32_t struct_size, flags;
  int64_t max_evaluations; /* most rows, with and without gradient; 0 = 1000 */
  double low, high;        /* the valid range of every element; both 0 = none */
  double goal;             /* max-entropy: what may be missing of the largest entropy, as a fraction, 0 = 1e-3;
                              near-zero: the probability to get under, 0 = 1e-3 */
  double reserved;         /* 0 */
} attrib_search_options;

/* Maximum entropy baseline: a row on which the model's class distribution p is as good as uniform, so that it says
 * nothing of any class. From the idea of "Maximum Entropy Baseline for Integrated Gradients" (Tan 2022), of which only
 * the abstract could be read; the formulation is our own: a local minimum of KL(uniform || p) = -ln K - mean of ln p_k
 * over the valid range, by projected gradients with Polyak's steps (1987), which the known least value gives, and some
 * momentum. Probabilities are taken over their sum; those below 1e-30 count as that.
 *
 * The divergence of a network is not convex, and the goal is no promise. Steps are long at first, and where they end at
 * a row without a gradient (every ReLU off: outputs are nearly even there) the search begins anew, twice at most, with
 * shorter ones. On the bundled network, from mid-grey and black some 90 rows; from four rows of noise and its twelve
 * pictures 4 of 16 meet a thousandth within 1000 rows and 11 within 5000, the others lack up to 2 and 0.4 % of the
 * entropy.
 *
 * start: where the search begins, n_inputs elements; NULL = the middle of the valid range, which must then be given.
 * From the middle the baseline is the same for every input; from the input it is one of its own. The model needs
 * ATTRIB_MODEL_ALL_OUTPUTS and TARGET_WEIGHTS, and K = n_outputs >= 2. report.objective: the entropy of p at the row,
 * in nats; ln K is the most there is. Integrated gradients from it sum to f(x) - 1/K for a probability, up to the goal.
 * Cost: one gradient row and one row without for each step, more without where a step was too long. Memory: two vectors
 * of n_inputs in the model's type, two of double, two of n_outputs. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_max_entropy(attrib_context *context,
                                                                       const attrib_model *model, const void *start,
                                                                       const attrib_search_options *options, void *row,
                                                                       attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_max_entropy_start(attrib_context *context,
                                                                             const attrib_model *model,
                                                                             const void *start,
                                                                             const attrib_search_options *options,
                                                                             attrib_run **run);

/* Near-zero-score baseline, the adversarial example of the integrated gradients paper (Sundararajan, Taly, Yan 2017):
 * from a picture of ANOTHER class, a perturbation as small as can be found that brings the target's probability under a
 * bound. (From the input itself the displacement would be next to nothing, and would explain nothing: where the target
 * is the start's largest output the call fails with E_ARGUMENT.)
 *
 * Our own search, for m = ln(p / (1 - p)) of the target's p: steps of least length to where m, taken as linear, meets
 * the bound (DeepFool; Moosavi-Dezfooli, Fawzi, Frossard 2016) within the range; then shorter: halving towards the
 * start, and the row nearest to the start on the bound as seen from the last one, as long as that gains 0.2 %. A start
 * of another class that is under the bound already is the result, bit for bit: of a network that is sure of its classes
 * nearly every picture is.
 *
 * How short the perturbation is was measured, and is not guaranteed. Held against thousands of turns of projection from
 * the same start, which mostly end up in the same part of the bound: in the median within 0.5 % of theirs on random
 * classifiers and on the bundled network, 9 % longer at worst, and 2 to 10 % shorter than DeepFool's. But rows under
 * the bound are not convex, and a nearer one may lie elsewhere. Held against 30,000 random rows for each of 100 small
 * classifiers (1 to 6 inputs, 2 to 5 classes, 8 hidden units): more than 20 % longer than the nearest of these in 3, at
 * worst 2.2 times as long; these three had ReLUs, as about half of the 100 have.
 *
 * The model needs ATTRIB_MODEL_ALL_OUTPUTS and TARGET_WEIGHTS. With ATTRIB_SEARCH_PROBABILITIES p is taken over the sum
 * of all, less than 1e-30 counts as that, and the goal must be at least as much. report.objective: p at the row. Cost:
 * 1 row without gradient where the start is under the bound already; else, on the bundled network from training
 * pictures to 1e-6, 17 to 77 rows in all, 2 to 13 of them with gradient. Memory: two vectors of n_inputs in the model's
 * type, one of double, two of n_outputs. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_near_zero(attrib_context *context, const attrib_model *model,
                                                                     const void *start, int64_t target,
                                                                     const attrib_search_options *options, void *row,
                                                                     attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_near_zero_start(attrib_context *context,
                                                                           const attrib_model *model, const void *start,
                                                                           int64_t target,
                                                                           const attrib_search_options *options,
                                                                           attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_ascent_options {
  uint32_t struct_size, flags;  /* flags: 0 */
  int64_t steps;                /* 0 = 1 */
  double step;                  /* of every feature, in the units of the input; 0 = 0.05 */
  double low, high;             /* the valid range of every element; both 0 = none */
  const double *target_weights; /* as in attrib_ig_options */
  const void *reserved;         /* NULL */
} attrib_ascent_options;

/* Ascent reference, for recalibrated attributions: the input moved so that the output falls, which is where the loss
 * ascends:
 *   r_{m+1} = clip(r_m - step * sign(gradient of f at r_m)),  r_0 = input
 * With one step (x_i - r_i) times the gradient at x is never negative, for a linear f it is step * |w_i| where nothing
 * is clipped: everything is valid. Our own form. report: output = f(input), baseline_output = objective = f(row);
 * stop_reason COMPLETE: there is no goal. Cost: `steps` gradient rows, 1 row without gradient. Memory: a vector of
 * n_inputs in the model's type. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_ascent(attrib_context *context, const attrib_model *model,
                                                                  const void *input, int64_t target,
                                                                  const attrib_ascent_options *options, void *row,
                                                                  attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_ascent_start(attrib_context *context,
                                                                        const attrib_model *model, const void *input,
                                                                        int64_t target,
                                                                        const attrib_ascent_options *options,
                                                                        attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
