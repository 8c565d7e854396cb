/* attrib/paths.h - methods that follow a path of their own, or share out in a way of their own what f does along one.
 *
 * What methods.h says of all attribution calls holds here: arguments, attributions, statuses, memory. Each call stands
 * beside its pull form (run.h). */
#ifndef ATTRIB_PATHS_H
#define ATTRIB_PATHS_H

#include "image.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero in a field means its default. */
typedef struct attrib_guided_options {
  uint32_t struct_size, flags; /* flags: 0 */
  uint32_t rule, reserved0;    /* ATTRIB_RULE_TRAPEZOID (0 = this) or LEFT; reserved0: 0 */
  int64_t steps;               /* moves from each baseline to the input; 0 = 200 */
  int64_t n_groups;            /* as in attrib_ig_options */
  double fraction;             /* of the features that move first, in (0, 1]; 0 = 0.25 */
  double max_distance;         /* how far, as a part of its way, a feature may be from the straight line, in (0, 1]; 0 =
                                  0.02 */
  double completeness_threshold; /* as in attrib_ig_options */
  double reserved1;              /* 0 */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;
} attrib_guided_options;

/* Guided integrated gradients (Kapishnikov, Venugopalan, Avci, Wedin, Terry, Bolukbasi 2021): from the baseline to the
 * input in `steps` moves of equal L1 length, each of the features whose gradient is smallest, so that the path keeps
 * away from where the output changes fast without cause. Feature i is moved as a part alpha_i of its way; before move s
 * all alpha_i below s / steps - max_distance are lifted to that, then the features with |gradient| up to the `fraction`
 * quantile (lower order statistic, over all features; last those at their limit s / steps + max_distance, and those
 * that equal their baseline) move to the limit, again and again until the length is used up. Of the last ones all move
 * by the same part of what is left.
 *
 * Attribution: of moves along one gradient at their start, as published (LEFT); or of every point's gradient for half
 * of the moves before and after it (TRAPEZOID, ours: one row more, and the error of the sum falls faster). max_distance
 * near 0 is integrated gradients; 1 lets features move one after the other. Sums to f(x) - f(baseline) up to the rule's
 * error: 0.5 % of it with TRAPEZOID, 3 % with LEFT (here and below median of the bundled network's 12 pictures, logits,
 * defaults). Features equal to their baseline get exactly 0. The path follows the gradients, so rounding in them can
 * send it another way: on networks with ties, expect maps of float and double models to differ.
 *
 * Several baselines: one after the other, averaged by weight. Each row needs the one before it: batches have one row.
 * Row order: f(x) with LEFT; then by baseline the points of its path. Cost: steps gradient rows for each baseline of
 * positive weight, and one more with TRAPEZOID, or one row without gradient in all with LEFT. Own time: some thirty
 * passes over the features for each move, and some four more for each time that `fraction` is halved, as far down as to
 * one feature. Memory: nine vectors of n_inputs doubles. report: rule, points = steps. Trace: point s of a path at
 * alpha s / steps, which is its share of the path's length. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status
attrib_guided_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                   int64_t target, const attrib_baselines *baselines,
                                   const attrib_guided_options *options, double *attributions, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_guided_integrated_gradients_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_guided_options *options, attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_agi_options {
  uint32_t struct_size, flags; /* where recalibrated ATTRIB_RECALIBRATE_STRICT, NORM_ALL (recalibrate.h); else 0 */
  uint32_t rule;               /* ATTRIB_RULE_TRAPEZOID (0 = this) or LEFT; where recalibrated 0 */
  uint32_t mode;     /* 0 = AGI as it is; ATTRIB_RECALIBRATE_VALID_REF or VALID_IP = recalibrated, see below. (In
                        attrib_recalibration_options 0 is VALID_IP) */
  int64_t steps;     /* most steps towards a class; 0 = 15 */
  int64_t n_classes; /* length of `classes`, 1 or more; where that is NULL how many to choose, 0 = 15, or all where
                        there are fewer */
  int64_t n_groups;  /* as in attrib_ig_options */
  double step;       /* of every feature, in the units of the input; 0 = 0.05 */
  double low, high;  /* points are clipped to [low, high], which must hold the input; both 0 = no clipping */
  double completeness_threshold; /* as in attrib_ig_options; where recalibrated 0 */
  const int64_t *classes;       /* which outputs to climb towards, none of them the target; the array must outlive a run
                                   (run.h). NULL = n_classes of the outputs other than the target, at even distances
                                   in their order, for which model->n_outputs must be stated */
  const void *reserved;         /* NULL */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;
} attrib_agi_options;

/* Adversarial gradient integration (Pan, Li, Zhu 2021): no baseline is chosen; paths start at the input x and climb
 * towards other classes q, and what the explained output f loses on the way is what the features gave to it:
 *   x_{m+1} = clip(x_m + step * sign(gradient of output q at x_m))
 *   a_i = mean over q of sum over m of (x_m - x_{m+1})_i * d f / d x_i
 *
 * until output q is the largest (of equal ones the first), nothing moves, or steps are done; with the gradient at x_m,
 * as published (LEFT), or the mean of those at both ends of the step (TRAPEZOID, ours: the error of the sum falls
 * faster). The published sum over classes is n_classes times this mean. Sums to f(x) - mean over q of f(end of path q),
 * up to the rule's error (30 % with TRAPEZOID, 99 % with LEFT: steps are long);
 * report.baseline_output is that mean. Unlike the published program every step starts where the last one ended. Whether
 * q is the largest is only known of models with ATTRIB_MODEL_ALL_OUTPUTS; others take all steps. As published, outputs
 * are probabilities; with logits the paths are others. The gradient of q must be finite in every feature.
 *
 * report.objective: the share of classes whose output was seen to be the largest (at the point after the last step it
 * is not looked at); NaN of models that do not say. Where a softmax is saturated gradients are 0: nothing moves, no
 * class is reached, ATTRIB_NOTE_NO_STEP is set and the attributions of that path are 0. Explain logits then.
 *
 * Classes one after the other; each row needs the one before it: batches have one row. Row order: by class, point by
 * point, the gradient of q (all outputs with it) and that of f. Cost: at most 2 steps + 1 gradient rows for each class;
 * with LEFT, 2 steps and one row without gradient. Memory: three vectors of n_inputs in the model's type, one of
 * double. report: rule, points = steps. Trace: the rows of f from the input back, x_m at alpha 1 - m / steps, so that
 * the cells of a path that ends early begin there (report.h says what cells are); baseline = index of the class.
 *
 * With a mode other than 0: recalibrated (recalibrate.h says how), the points as references. The contributions are
 *   c = (x - x_m)_i * d f / d x_i at x_m,  m >= 1
 * and of them VALID_IP keeps points, by feature or group, VALID_REF classes, by the mean of c over a class's points
 * (the published program takes their sum). positive, negative, kept_weight and kept are filled, completeness is not,
 * nor is the trace: no path is integrated over. Row order: the same without f at x. Cost: at most 2 steps for each
 * class. Memory: four vectors of 8 bytes more for each attribution, VALID_REF five. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_agi(attrib_context *context, const attrib_model *model,
                                                      const void *input, int64_t target,
                                                      const attrib_agi_options *options, double *attributions,
                                                      attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_agi_start(attrib_context *context, const attrib_model *model,
                                                            const void *input, int64_t target,
                                                            const attrib_agi_options *options, attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_ig2_options {
  uint32_t struct_size, flags; /* flags: 0 */
  uint32_t rule, reserved0;    /* ATTRIB_RULE_TRAPEZOID (0 = this) or LEFT; reserved0: 0 */
  int64_t steps;               /* most steps towards each reference; 0 = 201 */
  int64_t n_groups;            /* as in attrib_ig_options */
  double step;      /* length of one, Euclidean, in the units of the input; 0 = 4/3 of the distance from input to
                       reference over steps */
  double low, high; /* points are clipped to [low, high], which must hold the input; both 0 = no clipping */
  double completeness_threshold; /* as in attrib_ig_options */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;
} attrib_ig2_options;

/* IG2 (Zhuo, Ge 2024): from the input x the path goes towards a reference r, a row that stands for another answer,
 * where a representation h of the model sees it nearer, with D(z) = |h(z) - h(r)|:
 *   x_{m+1} = clip(x_m - s_m * gradient of D at x_m / its length)
 *   a_i = sum over m of (x_m - x_{m+1})_i * d f / d x_i
 *
 * with the gradient of f at x_m, as published (LEFT), or the mean of those at both ends of the step (TRAPEZOID, ours),
 * averaged over references by weight. Steps are `step` long, and shorter near the end: at most D / |gradient of D|, as
 * far as D would take to fall to 0 at its present rate. That is ours (and Polyak's step of 1969): of a linear h no step
 * passes r and each ends nearer to it, though h need not; published steps of one length go to and fro about the
 * reference, and divide by 0 at it. A path ends after `steps`, at the reference, where D has no slope (its gradient
 * must be finite in every feature), or where nothing moves; at the input already: ATTRIB_NOTE_NO_STEP; report.objective
 * is the weighted mean of |h(end) - h(r)|. Sums to f(x) - mean of f(end) up to the rule's error; report.baseline_output
 * is that mean. On networks with kinks the path runs to and fro across them, and the error is large (20 % with
 * TRAPEZOID, 110 % with LEFT) and falls slowly.
 *
 * representation: a model over the same inputs and dtype with ATTRIB_MODEL_ALL_OUTPUTS and TARGET_WEIGHTS, a layer's
 * body say; NULL = the outputs of `model` itself, which then needs these flags. In the pull form batches for a
 * representation of its own have ATTRIB_BATCH_SECOND_MODEL.
 *
 * References one after the other; each row needs the one before it: batches have one row. Row order: by reference h(r);
 * then by point h, the gradient of D, and that of f. Cost for each reference: 2 steps + 1 gradient rows (LEFT one less)
 * and steps + 2 rows without gradient (LEFT one more), less what an early end saves. Memory: three vectors of n_inputs
 * in the model's type, two of double; two of the representation's size. report: rule, points = steps. Trace: the rows
 * of f from the input back, x_m at alpha 1 - m / steps, so that the cells of a path that ends early begin there
 * (attrib_trace_point in report.h says what cells are); baseline = index of the reference. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_ig2(attrib_context *context, const attrib_model *model,
                                                      const attrib_model *representation, const void *input,
                                                      int64_t target, const attrib_baselines *references,
                                                      const attrib_ig2_options *options, double *attributions,
                                                      attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_ig2_start(attrib_context *context, const attrib_model *model,
                                                            const attrib_model *representation, const void *input,
                                                            int64_t target, const attrib_baselines *references,
                                                            const attrib_ig2_options *options, attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_idgi_options {
  uint32_t struct_size, flags;   /* flags: 0 */
  int64_t points;                /* n, gradient rows per baseline; 0 = 50 */
  int64_t n_groups;              /* 0 = one attribution per feature */
  double completeness_threshold; /* relative; above it the status is NOT_CONVERGED; 0 = off */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;         /* as in attrib_ig_options */
} attrib_idgi_options;

/* IDGI, integrated gradients by important directions (Yang, Wang, Bilgic 2023): what f gains from point to point of the
 * straight path, shared out by the squares of the gradient at the point where the step begins. Of one baseline b
 *   a_i = sum over j = 0 .. n - 1 of (f_{j+1} - f_j) g_ji^2 / (sum over k of g_jk^2)
 * with f_j and g_j, f and its gradient, at b + (j / n) (x - b), and f_n = f(x); of many baselines the mean by weight.
 *
 * Sums to f(x) - sum of w_b f(b) to round-off, whatever n is: completeness says nothing about n. Where the gradient at
 * a point is 0 in every feature the step's gain goes to none of them; report.unassigned is the sum of these, by weight,
 * and completeness_error is its opposite. (A plateau at the baseline does that: x1 x2 from the origin to (1, 1), n = 4,
 * gives (0.46875, 0.46875), and 0.0625 is unassigned.)
 *
 * The displacement x - b takes no part in the shares. A feature that equals its baseline may get an attribution, and
 * the gradient must be finite in every feature; what a step gives has the sign of f's gain in every feature, whatever
 * that feature does; and attributions are not linear in f and change with the unit of a feature: x1 + 2 x2 from the
 * origin to (1, 1) gives (0.6, 2.4), where integrated gradients give (1, 2).
 *
 * Row order: f(x), once; then for each baseline of positive weight its points from j = n - 1 back to 0, so that where a
 * step leads is known when its gradient is in, and no gradient is kept. The trace comes in that order: sorted by alpha
 * it is as attrib_trace_point says, and the cumulative curve at each alpha_j is f_j - f(b), less what was unassigned up
 * to there. A stopped call gives the steps that lead to x. Cost: n gradient rows for each baseline of positive weight
 * and 1 row without gradient. Memory: a vector of n_inputs doubles, and a row where baselines are fetched. report:
 * points = n. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_idgi(attrib_context *context, const attrib_model *model,
                                                       const void *input, int64_t target,
                                                       const attrib_baselines *baselines,
                                                       const attrib_idgi_options *options, double *attributions,
                                                       attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_idgi_start(attrib_context *context, const attrib_model *model,
                                                             const void *input, int64_t target,
                                                             const attrib_baselines *baselines,
                                                             const attrib_idgi_options *options, attrib_run **run);

/* attrib_blur_ig_options.flags */
enum {
  ATTRIB_BLUR_EQUAL_STEPS = 1 /* sigmas equally spaced, as published */
};

/* Zero in a field means its default. */
typedef struct attrib_blur_ig_options {
  uint32_t struct_size, flags;   /* ATTRIB_BLUR_EQUAL_STEPS */
  int64_t steps;                 /* gradient rows; 0 = 100 */
  int64_t n_groups;              /* 0 = one attribution per feature */
  double max_sigma;              /* where the path begins, in pixels, to 1e6; 0 = 50 */
  double completeness_threshold; /* relative; above it the status is NOT_CONVERGED; 0 = off */
  const attrib_image *shape;     /* how the pixels lie in the input; must be given; looked at when the call begins */
  const void *reserved;          /* NULL */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;         /* as in attrib_ig_options */
} attrib_blur_ig_options;

/* Blur integrated gradients (Xu, Venugopalan, Sundararajan 2020): path gradients along the scale of a picture, from the
 * input blurred with max_sigma to the input, sharper and sharper. L(s) is the input blurred with sigma s, by
 * attrib_image_blur, and L(0) the input itself, both bit for bit. Our own discretisation: straight chords between
 * L(s_m), s_m = max_sigma (1 - m / steps)^2, m = 0 .. steps, and on each the gradient at its middle
 *
 *   a_i = sum over m = 0 .. steps - 1 of (L_i(s_{m+1}) - L_i(s_m)) * d f / d x_i at (L(s_m) + L(s_{m+1})) / 2
 * which for linear f is exact whatever steps is, and sums to f(x) - f(L(max_sigma)) up to the midpoint rule's error on
 * the chords. There is no baseline to choose but max_sigma, and what is still there in the coarsest blur is explained
 * by nothing; choose it by the size of the picture. Most happens at the sharp end, hence the square: on six pictures of
 * 64 x 64 and the bundled network 100 steps from 50 pixels missed the target by 0.9 % on average (logits;
 * probabilities: 8.4 %), and with EQUAL_STEPS by 5 % (31 %). completeness_threshold tells.
 *
 * The blur reflects the picture at its borders, so nothing flows in from there. A channel that is one value all over
 * stays as it is to the last bit, and its attributions are exactly 0; so are those of elements of the input that belong
 * to no pixel of the shape, which keep their value.
 *
 * Row order: f(x); f(L(max_sigma)); the chords in order, coarsest first. In the report sigma is max_sigma, points the
 * steps, rule ATTRIB_RULE_MIDPOINT and baseline_output f(L(max_sigma)); the trace has alpha (m + 1/2) / steps and
 * baseline 0. Cost: `steps` gradient rows, 2 rows without gradient, and one blur per step, which the library makes in
 * turn on one thread while batches are filled: about pixels * channels * min(4 sigma, side of the picture) * 4
 * multiplications and as many additions. For 224 x 224 x 3 with the defaults that is 0.6 s in all, 6 ms per step (one
 * core of a server with AVX-512; 9 ms without AVX). Memory: two more vectors of n_inputs of the model's type
 * and the scratch of one attrib_image_blur. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status
attrib_blur_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                 const attrib_blur_ig_options *options, double *attributions, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_blur_integrated_gradients_start(attrib_context *context,
                                                                                  const attrib_model *model,
                                                                                  const void *input, int64_t target,
                                                                                  const attrib_blur_ig_options *options,
                                                                                  attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
