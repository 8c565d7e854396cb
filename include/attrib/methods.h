/* attrib/methods.h - the attribution calls.
 *
 * Common to all of them. input: n_inputs finite elements of the model's dtype. target: index of the output to explain,
 * or ATTRIB_NO_TARGET where options->target_weights says it. attributions: n_inputs doubles, or n_groups of them with
 * feature groups; written whole when the status is >= 0, untouched otherwise. context, options and report may be NULL.
 * Nothing of the caller's is kept. Working memory is a handful of vectors of n_inputs plus the batches out: independent
 * of points and baselines once these fill the batches. Attributions are signed and never rescaled.
 *
 * Statuses. OK; CANCELLED: attributions are the sum over the rows evaluated, report.evaluations of them, a prefix in
 * row order; NOT_CONVERGED: completeness_relative is above completeness_threshold; E_ARGUMENT, E_STRUCT,
 * E_MEMORY, E_CALLBACK, E_NONFINITE (the message names row and feature; where the displacement is 0 the gradient is not
 * looked at and the attribution is exactly 0), E_OVERFLOW, E_BUSY, E_UNSUPPORTED. */
#ifndef ATTRIB_METHODS_H
#define ATTRIB_METHODS_H

#include "baselines.h"
#include "context.h"
#include "model.h"
#include "path.h"
#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the integral over alpha in [0, 1] is taken, n = points. Weights sum to 1 to round-off.
 * LEFT j/n, RIGHT (j+1)/n, MIDPOINT (j+1/2)/n with weights 1/n; TRAPEZOID j/(n-1), ends halved, n >= 2; GAUSS_LEGENDRE
 * exact for polynomials in alpha to degree 2n-1, n <= 10000 (each node is found anew, in time O(n)). On networks with
 * kinks (ReLU) the error of all falls as 1/n and midpoint has the smallest constant; on smooth ones midpoint and
 * trapezoid fall as 1/n^2. */
enum {
  ATTRIB_RULE_DEFAULT = 0, /* for now MIDPOINT with 50 points; will become ADAPTIVE where points is 0 */
  ATTRIB_RULE_LEFT = 1,
  ATTRIB_RULE_RIGHT = 2,
  ATTRIB_RULE_MIDPOINT = 3,
  ATTRIB_RULE_TRAPEZOID = 4,
  ATTRIB_RULE_GAUSS_LEGENDRE = 5,
  ATTRIB_RULE_ADAPTIVE = 6 /* not in this version: E_UNSUPPORTED */
};

/* attrib_ig_options.flags */
enum {
  ATTRIB_MEAN_GRADIENT = 1, /* leave the displacement factor out: the mean gradient along the path; no identity */
  ATTRIB_TIMES_INPUT = 2    /* attrib_gradient only: gradient times input */
};

/* Zero in a field means its default. An option that the chosen method or rule has no use for must be 0, else
 * E_ARGUMENT. */
typedef struct attrib_ig_options {
  uint32_t struct_size, flags;
  uint32_t rule;                 /* ATTRIB_RULE_* */
  uint32_t round_rows;           /* adaptive rule only */
  int64_t points;                /* gradient rows per baseline (per segment for knots); 0 = 50 */
  int64_t max_evaluations;       /* adaptive rule only */
  int64_t max_vectors;           /* adaptive rule only */
  int64_t n_groups;              /* 0 = one attribution per feature */
  double tolerance;              /* adaptive rule only */
  double completeness_threshold; /* relative; above it the status is NOT_CONVERGED; 0 = off */
  double deadline_seconds;       /* adaptive rule only */
  const double
      *target_weights;   /* n_outputs finite weights: explains sum of w_k f_k; needs ATTRIB_MODEL_TARGET_WEIGHTS */
  const int32_t *groups; /* n_inputs labels in [0, n_groups): attributions are summed by group, in the same pass */
} attrib_ig_options;

/* Gradient of f at the input; with ATTRIB_TIMES_INPUT the gradient times the input, element by element (integrated
 * gradients from a zero baseline with a one-node right rule: it has no identity unless f is linear). Neither looks at a
 * baseline. Options used: flags, n_groups, groups, target_weights. Cost: 1 gradient row. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_gradient(attrib_context *context, const attrib_model *model,
                                                           const void *input, int64_t target,
                                                           const attrib_ig_options *options, double *attributions,
                                                           attrib_report *report);

/* Integrated gradients (Sundararajan, Taly, Yan 2017), averaged over one or many weighted baselines b with weights w_b:
 *   a_i = sum over b of w_b (x_i - b_i) * integral over alpha in [0, 1] of d f / d x_i at b + alpha (x - b)
 * Input and baselines are reached bit for bit at alpha 1 and 0. Row order: f where it is needed and no gradient row
 * gives it (input, then baselines), then for each baseline its points in order of alpha. Sums to f(x) - sum of w_b
 * f(b), up to quadrature. Cost: points gradient rows per baseline of positive weight; 1 row without gradient for the
 * input and 1 per baseline, less those that the rule's own nodes give (LEFT: baselines, RIGHT: input, TRAPEZOID: both).
 */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_integrated_gradients(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_ig_options *options, double *attributions, attrib_report *report);

/* Path gradients: a_i = integral over alpha of d f / d x_i at p(alpha) times d p_i / d alpha, for a curve p.
 * Knots: the rule is applied to each straight segment (report and trace number the segments as baselines, alpha runs 0
 * to 1 in each), so corners cost no accuracy. A curve of the caller's: the rule is applied to [0, 1] once, and alpha 0
 * and 1 are asked of the curve, too. Sums to f(end) - f(start), up to quadrature. Cost: points gradient rows per
 * segment (1 for a curve), and 1 row without gradient for each end that the rule's own nodes do not give. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_path_gradients(attrib_context *context, const attrib_model *model,
                                                                 int64_t target, const attrib_path *path,
                                                                 const attrib_ig_options *options, double *attributions,
                                                                 attrib_report *report);

/* Outputs of the model for a set of rows, without gradients: to pick a target before explaining it, in the same
 * checked, batched, cancellable way. target >= 0: outputs[count] of that output; ATTRIB_NO_TARGET with target_weights:
 * outputs[count] of the weighted sum; ATTRIB_NO_TARGET with target_weights NULL: outputs[count x n_outputs], all of
 * them, for which the model needs ATTRIB_MODEL_ALL_OUTPUTS. rows->weights must be NULL. Rows not reached, after
 * CANCELLED or a failure, are NaN. Cost: count rows without gradient. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_outputs(attrib_context *context, const attrib_model *model,
                                                          const attrib_baselines *rows, int64_t target,
                                                          const double *target_weights, double *outputs,
                                                          attrib_report *report);

#ifdef __cplusplus
}
#endif
#endif
