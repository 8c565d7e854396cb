/* attrib/metrics.h - metrics that judge attributions with more rows of the model: ablation curves, DiffID.
 *
 * Common to all metrics: here, in faithfulness.h and information.h, and as far as they have such arguments in
 * agreement.h, sanity.h and retraining.h. They take attributions as plain arrays, whoever made them: `scores`. input:
 * n_inputs finite elements of the model's dtype. target: the output that the scores are of, or ATTRIB_NO_TARGET where
 * options->target_weights says it. context and report may be NULL, and options but where one of them is required;
 * nothing of the caller's is kept (a run refers to it until it is destroyed). values: what the call gives, as many
 * doubles as it says; written whole when the status is >= 0, untouched otherwise. All rows go through the same checked,
 * batched and cancellable calls as those of attributions, as a rule without gradients; report.output_evaluations counts
 * them. Results have the same bits whatever max_rows and the number of workers.
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

/* attrib_ablation_options.order */
enum {
  ATTRIB_ABLATION_DELETION = 0, /* from the input: the first units are replaced */
  ATTRIB_ABLATION_INSERTION = 1 /* from the replacement: the first units are those of the input */
};

/* attrib_ablation_options.selection: what is ablated at a fraction k. By mass centre: a box of pixels about the centre
 * of mass of the pixels' |score|, (sum of x |s|, sum of y |s|) / sum of |s| in units of pixels, rounded to 2^-20 of
 * one; the middle ((width - 1) / 2, (height - 1) / 2) where all are 0. At EDGE the box covers, along either axis with
 * the centre c and length L, the pixels from c (1 - k) up to c + (L - c) k, both rounded down: about k^2 of the
 * picture, though the published axis says k. (Published code takes signed scores, whose centre may lie outside of the
 * picture; sizes are our own.) AREA, our own, has the root of k in the place of k, so that k is about the fraction of
 * pixels. */
enum { ATTRIB_SELECT_RANKED = 0, ATTRIB_SELECT_CENTRE_EDGE = 1, ATTRIB_SELECT_CENTRE_AREA = 2 };

/* attrib_ablation_options.curve: what values hold. */
enum {
  ATTRIB_CURVE_RAW = 0,   /* f */
  ATTRIB_CURVE_RATIO = 1, /* f / f(input); UNDEFINED where f(input) is 0. Unsafe for outputs of both signs */
  ATTRIB_CURVE_MINMAX = 2 /* (f - f(replacement)) / (f(input) - f(replacement)); UNDEFINED where these are equal */
};

/* attrib_ablation_options.summary: what report.objective holds. */
enum {
  ATTRIB_SUMMARY_AREA = 0, /* under the values, by the trapezoidal rule over the fraction of units (of boxes over k); of
                              a curve that does not reach 1, over the part that there is, divided by its length */
  ATTRIB_SUMMARY_AOPC = 1  /* mean over the points of f(input) - f, whatever `curve` is: area over the perturbation
                              curve (Samek et al. 2017) */
};

/* Zero in a field means its default. */
typedef struct attrib_ablation_options {
  uint32_t struct_size, flags;               /* ATTRIB_METRIC_*; of boxes not ABSOLUTE and LOWEST_FIRST */
  uint32_t order, selection, curve, summary; /* see above */
  uint64_t seed;                             /* of ATTRIB_METRIC_RANDOM; else 0 */
  int64_t step;   /* units from one point to the next; 0 = `points` equal parts of all: at point i, floor(i units /
                     points) of them; 0 for boxes, of which k = i / points */
  int64_t points; /* after the first; 0 = 10, with a step as many as take all units, the last may be shorter;
                     without one at most 2^24 */
  int64_t n_groups;
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* see Units; not with boxes, nor with a shape */
  const attrib_image *shape;    /* see Units; boxes need it */
  const void *reserved;         /* NULL */
} attrib_ablation_options;

/* Ablation: how f changes as units are replaced, most important first. The Distill tests ("Visualizing the Impact of
 * Feature Attribution Baselines", 2020: top-k and mass centre, by the picture's mean or its blur; SOFTMAX and RATIO),
 * deletion and insertion (RISE; Petsiuk, Das, Saenko 2018: step = 224 pixels, SOFTMAX) and region perturbation (Samek
 * et al. 2017: groups, step 1, points 100, AOPC over several fills) are all of this form.
 *
 * replacements: rows that units are replaced by, each in the place of the same unit: the picture filled with its mean
 * colour (attrib_image_mean_fill) or blurred (attrib_image_blur), a constant (attrib_baseline_fill), noise
 * (attrib_noise_fetch), a baseline of maximum entropy (searches.h). Of several the curve is the mean by weight, formed
 * of f before anything is divided. scores: see Units.
 *
 * values: points + 1 of them; values[i] is at i * step units, or floor(i units / points), none at i = 0. With a step
 * and points 0, points is units / step, rounded up. report: points as resolved; objective; output = f(input);
 * baseline_output = mean f of the replacements, where a point or MINMAX asks for it; seed of RANDOM.
 * Row order: the input; then, replacement by replacement, the points that are not the input (of an insertion the whole
 * replacement first); the whole replacement, where MINMAX needs it and it is no point. Points with the same number of
 * units share a row. Cost: at most 1 + replacements (points + 1) rows without gradient. Memory: 6 numbers per unit, 2
 * per point, a label per input with shape, one row where replacements are fetched, however many.
 * Errors: also ARGUMENT for a step or points that lead beyond the units, OVERFLOW where sums or ratios do. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_ablation(attrib_context *context, const attrib_model *model,
                                                           const void *input, int64_t target, const double *scores,
                                                           const attrib_baselines *replacements,
                                                           const attrib_ablation_options *options, double *values,
                                                           attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_ablation_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target, const double *scores,
    const attrib_baselines *replacements, const attrib_ablation_options *options, attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_diff_id_options {
  uint32_t struct_size, flags; /* ATTRIB_METRIC_*, but for LOWEST_FIRST */
  uint64_t seed;               /* of ATTRIB_METRIC_RANDOM; else 0 */
  int64_t points;              /* of r, below 2^24; 0 = 9 */
  int64_t n_groups;
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* see Units; not with a shape */
  const attrib_image *shape;    /* see Units */
  const void *reserved;         /* NULL */
} attrib_diff_id_options;

/* DiffID: insertion minus deletion, each without the part r of the units (local path integration; Yang, Akhtar, Wen,
 * Mian 2023). For r = i / (points + 1), i = 1 .. points, INS is the input without its floor(r units) lowest units, DEL
 * without as many of the highest; of equal ones the lower number goes first in both, so that a map that ranks nothing
 * has DiffID 0. As in its published code, what is taken out becomes the mean of all elements that are left, over all
 * channels (0 where a group without inputs is all that is left). Larger is better.
 *
 * Units are single inputs by default, as published: a pixel's channels may be cut apart (its scores, of one channel,
 * were repeated over them). With shape or groups they are not.
 *
 * values: 3 points of them: f(INS) / f(input) at each r, f(DEL) / f(input) at each, then their differences INS - DEL.
 * UNDEFINED where f(input) is 0. With ATTRIB_METRIC_ACCURACY nothing is divided: 0 or 1, differences -1, 0 or 1.
 * report: points; objective = mean of the differences; output = f(input); seed of RANDOM.
 * Row order: the input; then for each r INS and DEL. Values of r with the same number of units share rows, without
 * units they take none. Cost: at most 1 + 2 points rows without gradient. Memory: 7 numbers per unit, 2 per point, a
 * label per input with shape. Errors: also OVERFLOW where sums or ratios do. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_diff_id(attrib_context *context, const attrib_model *model,
                                                          const void *input, int64_t target, const double *scores,
                                                          const attrib_diff_id_options *options, double *values,
                                                          attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_diff_id_start(attrib_context *context, const attrib_model *model,
                                                                const void *input, int64_t target, const double *scores,
                                                                const attrib_diff_id_options *options,
                                                                attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
