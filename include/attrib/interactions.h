/* attrib/interactions.h - how features act together.
 *
 * What methods.h says of all attribution calls holds here: arguments, attributions, statuses, memory. Each call stands
 * beside its pull form (run.h). */
#ifndef ATTRIB_INTERACTIONS_H
#define ATTRIB_INTERACTIONS_H

#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero in a field means its default. */
typedef struct attrib_interactions_options {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t points;              /* n, pieces that each path is cut into; 0 = 50 */
  int64_t n_groups;            /* as in attrib_ig_options: interactions are summed by group of the other feature */
  double width; /* h, in the units of the input: gradients are compared at h on both sides of a point along the feature;
                   0 = h for derivatives, see below */
  double completeness_threshold; /* as in attrib_ig_options, for the sum of the row */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;
} attrib_interactions_options;

/* Integrated Hessians (Janizek, Sturmfels, Lee 2021), one row of the matrix: what of the integrated gradient of one
 * feature i is due to each feature j, i itself included. From one baseline b, with d = x - b:
 *   a_j = d_i d_j * integral over u, v in [0, 1] of u v * d2 f / d x_i d x_j at b + u v d
 *   a_i   adds      d_i * integral over u, v of d f / d x_i at b + u v d
 *
 * averaged over baselines by weight. a_j of feature i is a_i of feature j; the row sums to the integrated gradient of
 * i, all rows together to f(x) - f(b). x1 x2 from the origin to (1, 1): 1/4 and 1/4 for either feature.
 *
 * The rest is our own. The integrands depend on c = u v alone, whose density is -ln c, so that one integral is enough:
 *   a_j = d_i d_j * integral over c of -c ln c * d2 f / d x_i d x_j,   a_i adds   d_i * integral of -ln c * d f / d x_i
 *
 * by a rule with nodes c = k / n, k = 0 ... n, that is exact where derivatives are linear between the nodes; its error
 * falls as 1 / n^2. At a node p, with e the unit vector of i,
 *   d2 f / d x_i d x_j = (d f / d x_j at p + h e  -  d f / d x_j at p - h e) / 2h
 *
 * which is the second derivative of f averaged over the window from -h to h along feature i. With options->width the
 * first derivative, too, is that of this average, (f(p + h e) - f(p - h e)) / 2h, so that a row sums to the integrated
 * gradient of i for the averaged f, however wide the window. (Each row has an average of its own, so that with a width
 * the matrix is not quite symmetric.) Without a width h is cbrt(eps) |d_i|, and at least cbrt(eps)^2 of |x_i| and
 * |b_i|, eps the rounding error of the model's type, and half of that at k = 1, 3, 5...; what rounding of gradients
 * leaves is divided by it and stays when points are added. Rows of smooth float networks were off those of doubles by
 * 2e-5 (median) to 5e-3 (99 % of 288), with a width of 0.1 on inputs in [-1, 1] by 4e-7 to 3e-5.
 *
 * ATTRIB_UNDEFINED: without a width, where second derivatives at the nodes miss more than half of how the gradient of i
 * changes between them. Networks of ReLUs do so: between their kinks second derivatives are 0, and what interacts lies
 * in the kinks. The interactions are NaN then, and the message says how much was missed; give a width, of the size of
 * changes of feature i that should not matter. Kinks are found at nodes in whose window they lie, and the error falls
 * as 1 / (n h): completeness_error shows whether n is enough. (A function that bends within one or two pieces of the
 * path looks kinked, too; it takes more points.) A linear f is fine: a_i = d_i d f / d x_i, and exactly 0. Where more
 * than a sixteenth is missed and the row is off its target by more than a tenth of it, the status is NOT_CONVERGED,
 * unless a completeness_threshold says otherwise.
 *
 * Of 864 rows of random networks of ReLUs with one output 864 were undefined. Of 1728 under a softmax 1285 were, and
 * 292 NOT_CONVERGED; the others were off their targets by 22 % at most. Of 5184 rows of smooth networks, softplus of
 * 20 z among them, all were OK.
 *
 * What the sums cannot tell, OK does not promise: beside a smooth part that is large, the interactions of a single kink
 * may be missed as a whole. Where the path itself lies on a kink, as from black to a flat patch under a maximum, or
 * within h of one on either side, the differences are jumps, whatever h is, and may cancel in every sum; they are as
 * long again at the smaller h, or gone, and where most are the row is UNDEFINED, too. This takes some nodes of either
 * h: n = 3 or less is never judged by it.
 *
 * feature: i. Baselines one after the other. Where b_i = x_i the row is 0, without model rows if the baseline is in
 * memory; if it is fetched, they are not looked at. Row order: by baseline from node 0 on, each p + h e, then p - h e;
 * no row depends on another's results. Points lie up to h outside of the range of feature i. Cost: 2 (n + 1) gradient
 * rows for each baseline. Memory: two vectors of n_inputs doubles. A stopped call gives the sums over the nodes so far.
 *
 * report: points = n, sigma = h (without a width the largest over baselines), completeness_target = the integrated
 * gradient of i by Simpson's rule from the same rows, whose error is of higher order than the row's; output and
 * baseline_output are NaN. Trace: alpha = c; what a node adds to the sum of the row is in its second row, the first has
 * weight 0.
 *
 * Errors beside the common: ARGUMENT (feature; a width that is lost in rounding beside x_i or b_i), OVERFLOW (a width
 * that leads beyond the type's numbers). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_interactions(attrib_context *context, const attrib_model *model,
                                                               const void *input, int64_t target, int64_t feature,
                                                               const attrib_baselines *baselines,
                                                               const attrib_interactions_options *options,
                                                               double *attributions, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_interactions_start(attrib_context *context, const attrib_model *model,
                                                                     const void *input, int64_t target, int64_t feature,
                                                                     const attrib_baselines *baselines,
                                                                     const attrib_interactions_options *options,
                                                                     attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
