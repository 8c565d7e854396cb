/* attrib/faithfulness.h - metrics that ask whether scores say what the model does, and whether they hold still:
 * sensitivity-n, infidelity, maximum sensitivity.
 *
 * What metrics.h says of all metrics holds here: arguments, units, response, statuses. Each metric that runs the model
 * stands beside its pull form (run.h), whose attrib_run_result gives `values`. */
#ifndef ATTRIB_FAITHFULNESS_H
#define ATTRIB_FAITHFULNESS_H

#include "explain.h"
#include "metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_sensitivity_n_options.flags, besides ATTRIB_METRIC_SOFTMAX, ACCURACY, ABSOLUTE and UNIT_SCORES */
enum {
  ATTRIB_SENSITIVITY_N_COINS = 256 /* each unit is in S by a coin of its own, with probability n / units */
};

/* Zero in a field means its default. */
typedef struct attrib_sensitivity_n_options {
  uint32_t struct_size, flags;
  uint64_t seed;   /* any number, 0 too */
  int64_t subsets; /* drawn for each size, 2 or more; 0 = 100 */
  int64_t n_sizes; /* 0 with sizes NULL */
  int64_t n_groups;
  const int64_t *sizes;         /* n_sizes of them, from 1 to the number of units; NULL = see below */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* see Units */
  const attrib_image *shape;    /* see Units */
} attrib_sensitivity_n_options;

/* Sensitivity-n (Ancona, Ceolini, Oztireli, Gross 2018): Pearson's correlation, over random sets S of n units, of
 *   the sum of the scores over S    and    f(x) - f(x with S replaced by the baseline).
 * 1 for every n where f is linear and the scores are its exact contributions. Of several baselines f is their mean, by
 * weight, formed for each S.
 *
 * Every S of n units is as likely as any other; subset k of the size at place i depends on (seed, i, k), the number of
 * units and n alone, and never on the scores, so that maps of one input are compared on the same subsets. Sizes by
 * default, our own choice of numbers (the paper goes to 80 % of the inputs): ten, m^(i / 9) rounded to the nearest, i =
 * 0 to 9, m = 80 % of the units, rounded down, at least 1; of few units some sizes come more than once. With COINS, as
 * published code for recalibrated attributions has it (there 10 subsets, groups or pixels, and ABSOLUTE scores or not),
 * S is of random size: sizes by default are nine, 10 % to 90 % of the units, and need not be whole.
 *
 * UNDEFINED: a size has no correlation, and is NaN, where n is the number of units (there is but one S: no rows are
 * asked for), or where a side does not change: where none of its values is farther from their mean than 16 roundings,
 * in the model's type, of the size of its terms (of the scores, the sum of |score| over S; of f, |f|, and of
 * probabilities what such roundings of the outputs make of them). Differences as small as that are rounding, and would
 * correlate anyhow.
 *
 * values: one for each size; NaN for those whose rows are not all in when a call is stopped. report: samples = subsets,
 * points = number of sizes, seed; objective = mean over the sizes that have a correlation; output = f(x);
 * standard_errors NaN. Row order: the input; then, size by size, each subset with every baseline of positive weight.
 * Cost: 1 + sizes * subsets * baselines rows without gradient. Memory: 1 number per unit, with shape a label per input,
 * a row where baselines are fetched; 2 numbers per subset. Errors: also OVERFLOW for sums beyond double. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_sensitivity_n(attrib_context *context, const attrib_model *model,
                                                                const void *input, int64_t target, const double *scores,
                                                                const attrib_baselines *baselines,
                                                                const attrib_sensitivity_n_options *options,
                                                                double *values, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_sensitivity_n_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target, const double *scores,
    const attrib_baselines *baselines, const attrib_sensitivity_n_options *options, attrib_run **run);

/* attrib_infidelity_options.perturbation: what I is, the part that is taken from x. */
enum {
  ATTRIB_INFIDELITY_GAUSSIAN = 0, /* sigma N(0, 1) in every element; baselines: NULL */
  ATTRIB_INFIDELITY_NOISY = 1,    /* x - (b + sigma N(0, 1)), b a baseline: all of x is replaced by a noisy baseline */
  ATTRIB_INFIDELITY_SQUARES = 2,  /* x - b in a square of pixels, sides 1 to largest_side, else 0 */
  ATTRIB_INFIDELITY_SUBSETS = 3   /* x - b in random units, each with probability `fraction`, else 0 */
};

/* attrib_infidelity_options.flags, besides ATTRIB_METRIC_SOFTMAX, ACCURACY and UNIT_SCORES */
enum {
  ATTRIB_INFIDELITY_SCALED = 256, /* scores are first multiplied by the number that fits best, as the official code does
                                     always */
  ATTRIB_INFIDELITY_LOCAL = 512   /* SQUARES and SUBSETS: scores are local */
};

/* Zero in a field means its default. An option that the perturbation has no use for must be 0, else E_ARGUMENT. */
typedef struct attrib_infidelity_options {
  uint32_t struct_size, flags;
  uint32_t perturbation;        /* ATTRIB_INFIDELITY_* */
  uint32_t largest_side;        /* SQUARES: in pixels; 0 = 10; never more than fits the picture */
  uint64_t seed;                /* any number, 0 too */
  int64_t samples;              /* draws of I; 0 = 1000, of SQUARES all of them, each once */
  int64_t n_groups;             /* SUBSETS */
  double sigma;                 /* GAUSSIAN, NOISY: in the units of the input; 0 = 0.2 */
  double fraction;              /* SUBSETS: in (0, 1]; 0 = 0.5 */
  double low, high;             /* GAUSSIAN, NOISY: points are clipped to [low, high], which must hold the input; both
                                   0 = no clipping */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* SUBSETS: see Units */
  const attrib_image *shape;    /* SQUARES: must be given; SUBSETS: see Units */
  const void *reserved;         /* NULL */
} attrib_infidelity_options;

/* Infidelity (Yeh, Hsieh, Suggala, Inouye, Ravikumar 2019): how far scores are, in the mean square, from telling by how
 * much f falls when I is taken from x,
 *   E over I of (s(I) - (f(x) - f(x - I)))^2
 * Local scores, those of a gradient, which speak of a change of x: s(I) = sum of I_i score_i; GAUSSIAN and NOISY take
 * these. Scores that hold the displacement from a baseline already, those of integrated gradients: s(I) = sum of the
 * scores of the units that are replaced; SQUARES and SUBSETS take these, local ones with LOCAL. Give a kind of scores
 * to the wrong one and the number means nothing. I is what the rounded (and clipped) point really differs by.
 *
 * SCALED: E of (beta s(I) - D)^2 with beta = E[s D] / E[s^2], 0 where E[s^2] is 0, D = f(x) - f(x - I). Off by default,
 * as in the definition and in captum; on in the official code, always. Numbers with and without do not compare.
 *
 * What was published. SQUARES with SCALED, zeros as baseline and gradient * input (or integrated gradients) is the
 * official code's "Square": all squares of sides 1 to 10. Its "Gaussian" is no gaussian I but NOISY with SCALED, zeros
 * as baseline, sigma 0.2, low 0, high 1, 10,000 samples and a local map. GAUSSIAN is what the paper writes and captum's
 * examples draw. SUBSETS, random ones of all SQUARES, several baselines and response flags are our own.
 *
 * Of several baselines each draw takes one, by weight; all SQUARES are gone through for each, and weighted. Draws
 * depend on the seed and their number alone, not on the scores: maps of one input are compared on the same ones.
 *
 * values: one number. report: its standard error in standard_errors (standard deviation / sqrt(samples), of SCALED with
 * beta as it is found; 0 where all SQUARES are gone through; NaN for fewer than 2 draws); objective = value; samples =
 * draws used; sigma; seed; output = f(x). A call that is stopped gives the mean over the draws so far, NaN where there
 * are none and of all SQUARES. Row order: the input, then the draws; all SQUARES by baseline, side, row and column.
 * Cost: 1 row without gradient, and 1 for each draw. Memory: 2 numbers per draw, of all SQUARES 3; else as for
 * sensitivity-n. Errors: also OVERFLOW for values beyond double. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_infidelity(attrib_context *context, const attrib_model *model,
                                                             const void *input, int64_t target, const double *scores,
                                                             const attrib_baselines *baselines,
                                                             const attrib_infidelity_options *options, double *values,
                                                             attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_infidelity_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target, const double *scores,
    const attrib_baselines *baselines, const attrib_infidelity_options *options, attrib_run **run);

/* Zero in a field means its default. */
typedef struct attrib_sensitivity_max_options {
  uint32_t struct_size, flags; /* flags: 0 */
  uint64_t seed;               /* any number, 0 too */
  int64_t samples;             /* points about the input; 0 = 10 */
  double radius;               /* r, in the units of the input; 0 = 0.02 */
  double low, high;            /* points are clipped to [low, high], which must hold the input; both 0 = no clipping */
} attrib_sensitivity_max_options;

/* Maximum sensitivity (Yeh et al. 2019): how far a map moves when the input hardly does,
 *   max over y, |y_i - x_i| <= r for every i, of |phi(y) - phi(x)| / |phi(x)|    (Euclidean lengths)
 * from below: the largest of `samples` points y = x + r U(-1, 1), within r as rounded. What lies between them is not
 * seen, and in many dimensions hardly any point is near a corner; compare values of equal samples only. (captum has the
 * same defaults and draws; the official code divides what it has found by |phi(x)| once more at every further point.)
 * Where phi(x) is 0 the quantity does not exist: UNDEFINED (captum divides by 1 there).
 *
 * Random explanations must use common random numbers, or the metric measures their noise: hand on wanted->seed. Noise
 * drawn anew makes the map of a linear model look sensitive.
 *
 * input: n_inputs elements of dtype. explain gives n_attributions numbers for a point: n_inputs, or groups. value: one
 * number, of a call that is stopped the largest so far, NaN where there is none. Point k depends on (seed, k, element).
 * report: objective = value; samples = points used; sigma = r; seed; evaluations, output_evaluations and model_calls
 * are sums of those in the callback's reports, peak_bytes counts the largest of theirs; failed_row = index of the
 * explanation that ended the call. Progress: explanations, of samples + 1; cancel takes effect between them.
 *
 * Cost: samples + 1 explanations. Memory: a row and two maps. There is no pull form, and no threads: the explanations
 * have their own. Errors: ARGUMENT, STRUCT, MEMORY, CALLBACK, NONFINITE (input, attributions; those left unwritten are
 * found), OVERFLOW, BUSY, UNSUPPORTED. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_sensitivity_max(attrib_context *context, uint32_t dtype,
                                                                  int64_t n_inputs, const void *input,
                                                                  int64_t n_attributions, attrib_explain_fn explain,
                                                                  void *user,
                                                                  const attrib_sensitivity_max_options *options,
                                                                  double *value, attrib_report *report);

#ifdef __cplusplus
}
#endif
#endif
