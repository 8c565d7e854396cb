/* attrib/methods.h - the attribution calls.
 *
 * Common to all of them. input: n_inputs finite elements of the model's dtype. target: index of the output to explain,
 * or ATTRIB_NO_TARGET where options->target_weights says it. attributions: n_inputs doubles, or n_groups of them with
 * feature groups; written whole when the status is >= 0, untouched otherwise. context, options and report may be NULL.
 * Nothing of the caller's is kept. Working memory is vectors of n_inputs (36 with the adaptive rule, else a
 * handful) plus the batches out: independent of evaluations and samples, and but for some 100 bytes each of baselines,
 * once these fill the batches. Attributions are signed and never rescaled.
 *
 * Statuses. OK; CANCELLED: attributions are what a prefix of the rows gives: of integrals the sum so far, over
 * report.evaluations rows; of sampling methods a mean, over report.samples; NOT_CONVERGED: completeness_relative is
 * above completeness_threshold, or max_evaluations or a deadline ended before the tolerance was met; UNDEFINED, of the
 * calls that say when: attributions are NaN; E_ARGUMENT (a pointer that must be given is NULL, a value is out of
 * range), E_STRUCT, E_MEMORY, E_CALLBACK, E_NONFINITE (the message names row and feature; where the displacement is 0
 * the gradient is not looked at and the attribution is exactly 0), E_OVERFLOW, E_BUSY, E_UNSUPPORTED. */
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

/* How the integral over alpha in [0, 1] is taken.
 *
 * ADAPTIVE refines the path where its gradients say that the error is, until the estimated error of the attributions
 * meets a tolerance or the budget ends. A trapezoidal rule, our own composition of textbook parts: a start of 17 nodes;
 * gaps are halved best first, one by one while their vectors can be kept, then in panels of which one vector each is
 * kept, so that memory does not grow with the nodes. Of many baselines or segments one pool: a start of 8 steps on each
 * (from 4 of them on 4, from 32 on 2), the gradient at a common input taken once; then gaps of about the same error,
 * wherever they lie, are halved together. After the start rounds of round_rows rows, each chosen from the results of
 * all before it; a round that does not fit max_evaluations is not begun.
 *
 * error_estimate is 1.4 max(sqrt(sum of |change|^2 / 3), kappa |R|, kappa sqrt(sum of R_g^2)) over the length of the
 * attributions, R_g what the integral over gap g misses of the change of f across it, R their sum, kappa the ratio of
 * the lengths of gradient contributions to their sums. Standard errors have the shape of the changes and add up, in
 * squares, to the estimate. On 391 cases of small networks and photographs (tests/bench) what the rule called converged
 * was within the tolerance in 100, 100, 99.7 and 100 % at 10, 5, 2 and 1 %, and at most 1.03 times it. What changes and
 * changes back between two nodes of the start is beyond any rule (from 32 lines on these are half a line apart: where
 * all lines agree in such a change a pool claims too much, LATTICE does not), and where a steep output jumps within a
 * sixteenth of the path the estimate may be far too low (of 60 cases of a vision transformer with probabilities made
 * five times as steep, one: 4.3 % claimed, 24.6 % true). A jump of one input among many counts by its share in f. It is
 * infinite where squares of the contributions leave the range of double (beyond 1e140, or below 1e-140).
 *
 * The fixed rules, n = points, weights sum to 1 to round-off: LEFT j/n, RIGHT (j+1)/n, MIDPOINT (j+1/2)/n with weights
 * 1/n; TRAPEZOID j/(n-1), ends halved, n >= 2; GAUSS_LEGENDRE exact for polynomials in alpha to degree 2n-1, n <= 10000
 * (each node is found anew, in time O(n)). On networks with kinks (ReLU) the error of all falls as 1/n and midpoint has
 * the smallest constant; on smooth ones midpoint and trapezoid fall as 1/n^2. */
enum {
  ATTRIB_RULE_DEFAULT = 0, /* ADAPTIVE; where points > 0 MIDPOINT */
  ATTRIB_RULE_LEFT = 1,
  ATTRIB_RULE_RIGHT = 2,
  ATTRIB_RULE_MIDPOINT = 3,
  ATTRIB_RULE_TRAPEZOID = 4,
  ATTRIB_RULE_GAUSS_LEGENDRE = 5,
  ATTRIB_RULE_ADAPTIVE = 6
};

/* attrib_ig_options.flags */
enum {
  ATTRIB_MEAN_GRADIENT = 1, /* leave the displacement factor out: the mean gradient along the path; no identity */
  ATTRIB_TIMES_INPUT = 2    /* attrib_gradient only: gradient times input */
};

/* Models without gradients (ATTRIB_MODEL_NO_GRADIENTS). attrib_integrated_gradients, attrib_path_gradients and
 * attrib_expected_gradients then take central differences, for groups of features, with every rule and sampler. With d
 * the displacement at a node p (of a curve its tangent) and d_g the same on group g and 0 elsewhere,
 *   D_g = (f(p + h d_g) - f(p - h d_g)) / (2 h)
 * takes the place of displacement times gradient summed over group g. Without groups each of up to 1000 features is a
 * group of its own; with more the call is E_UNSUPPORTED and says what it would cost. Points leave the path by h times
 * the displacement, at check nodes by 2 h, beyond baseline and input, too. All else is as with gradients, a node for a
 * gradient row: statuses, runs, traces, and max_evaluations, points, samples and tolerances, which count and judge
 * nodes. ATTRIB_MEAN_GRADIENT is E_UNSUPPORTED, as are the calls that need gradients as such.
 *
 * Row order and cost, all without gradients: 19 rows on the first line of positive weight (alpha 0, 1; nine near 1/2,
 * eight further apart). Then the rows of the method; of a node f(p) and, group by group, p + h d_g and p - h d_g: 2 *
 * groups + 1 rows. f(p) is what tells a kink from a slope. Check nodes, one in eight and two at least, have p + 2 h d_g
 * and p - 2 h d_g besides: 4 * groups + 1 rows. A group without displacement costs the same, and is exactly 0. A curve
 * is asked for every row. With several baselines the adaptive rule shares no end: M - 1 nodes more in its start.
 * report.evaluations is 0, output_evaluations counts rows, difference_nodes nodes; a trace has one point for each node,
 * with the id of its last row. Memory: one vector of n_inputs more, and fifteen doubles for each group.
 *
 * The step h, our own choice: options->difference_step, or the largest power of two with h^2 <= sigma / change, from
 * 2^-17 to 2^-4: small enough for kinks, which networks have everywhere. Of a smooth f in float, tolerances below some
 * 1e-3 want a larger one, about the cube root of 3 sigma / change. sigma is the standard deviation of the noise of f by
 * ECnoise (More, Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011), from the nine rows, which are
 * 64 roundings of the model's type apart, or where half of these are the same from the eight; at least half a rounding
 * of f in double, and what half a rounding of the points to the model's type makes of the change. change is the spread
 * of f over alpha 0, 1/2 and 1.
 *
 * Errors against the same nodes with gradients, as relative L2 errors, by formulas of our own: report.truncation_error
 * is of the finite step, for smooth f (h^2 f''' / 6, from D at h and 2 h at the check nodes) and for kinks (from second
 * differences at every node, and how much of them is no curvature at the check nodes); report.roundoff_error is of the
 * noise, sigma / (sqrt(2) h) in every D. error_estimate, standard_errors and completeness are the method's own and know
 * nothing of them. Where f has a kink at the nodes themselves, as networks with max pooling have over flat areas of a
 * picture, a difference is the mean of both sides and a gradient that of one: neither is wrong, and truncation_error
 * holds half of their distance.
 *
 * Measured: on the bundled network, 64 regions of 8 x 8 pixels, ten cases (tests/axioms/test_network_differences.c),
 * differences were 0.3 to 6 % apart from gradients, and 0.82 of the sum of both errors at most; 2,880 cases of small
 * random networks in float and double, 20 points each, were all within the sum. With few nodes, two of which are check
 * nodes, a kink may go unseen: of one or two features more are off. Of linear functions of 1 to 4 floats, where rounded
 * points are all the error, it was up to 3 times what is stated. */

/* Zero in a field means its default. An option that the chosen method or rule has no use for must be 0, else
 * E_ARGUMENT. */
typedef struct attrib_ig_options {
  uint32_t struct_size, flags;
  uint32_t rule;           /* ATTRIB_RULE_* */
  uint32_t round_rows;     /* adaptive: rows chosen at a time, and so the most in a batch after the start; part of the
                              result; larger ones suit a GPU and cost some rows more; 0 = 8 */
  int64_t points;          /* fixed: gradient rows per baseline (per segment for knots); 0 = 50 */
  int64_t max_evaluations; /* adaptive: most gradient rows; 0 = 256, or 16 per baseline or segment if that is more */
  int64_t max_vectors;     /* adaptive: vectors of n_inputs kept, 20 or more; 0 = 36 */
  int64_t n_groups;        /* 0 = one attribution per feature */
  double tolerance;        /* adaptive: error_estimate to reach, a fraction: 0.02 is 2 %; 0 = 0.05 */
  double completeness_threshold; /* relative; above it the status is NOT_CONVERGED; 0 = off */
  double deadline_seconds; /* adaptive: from the start of the call or run on; no batch is given out after, those that
                              are out are waited for; NOT_CONVERGED then; 0 = none */
  const double
      *target_weights;       /* n_outputs finite weights: explains sum of w_k f_k; needs ATTRIB_MODEL_TARGET_WEIGHTS */
  const int32_t *groups;     /* n_inputs labels in [0, n_groups): attributions are summed by group, in the same pass */
  double absolute_tolerance; /* adaptive: enough, too, where the error vector is no longer than this; 0 = off */
  double difference_step;    /* ATTRIB_MODEL_NO_GRADIENTS: half the distance of differences, as a fraction of the
                                displacement, 2^-30 to 0.25, rounded down to a power of two; 0 = from the noise of f */
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
 * Input and baselines are reached bit for bit at alpha 1 and 0. Sums to f(x) - sum of w_b f(b), up to quadrature.
 *
 * Row order and cost. Adaptive: gradient rows alone, in rounds; as many as the tolerance takes, at most
 * max_evaluations. A fixed rule: f where it is needed and no gradient row gives it (input, then baselines), then for
 * each baseline its points in order of alpha: points gradient rows per baseline of positive weight; 1 row without
 * gradient for the input and 1 per baseline, less those that the rule's own nodes give (LEFT: baselines, RIGHT: input,
 * TRAPEZOID: both).
 *
 * Budget, deadline: the best map so far, NOT_CONVERGED, stop_reason BUDGET or DEADLINE, and a message with the figures.
 * Within the start, which a deadline or a cancel may cut short, it is no map yet but the sum so far, and error_estimate
 * is NaN. A run (attrib_integrated_gradients_start, run.h) can be continued from there, and to another tolerance. Rows
 * of the start: 17 from one baseline, of which a smaller budget leaves 9, 5 or 3; from M baselines 8 M + 1, from 4 on 4
 * M + 1, from 32 on 2 M + 1, which the budget must hold. Memory: max_vectors vectors of n_inputs, three of them of
 * double, the others of the model's type (of float models contributions beyond the range of float are E_OVERFLOW); with
 * several baselines one more, one where they are fetched, and 400 bytes at most for each baseline. With
 * ATTRIB_MEAN_GRADIENT nothing is known of what f does between nodes: a jump there goes unseen. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_integrated_gradients(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_ig_options *options, double *attributions, attrib_report *report);

/* Path gradients: a_i = integral over alpha of d f / d x_i at p(alpha) times d p_i / d alpha, for a curve p.
 * Knots: a fixed rule is applied to each straight segment (report and trace number the segments as baselines, alpha
 * runs 0 to 1 in each), so corners cost no accuracy; the adaptive rule takes all segments as one pool. A curve of the
 * caller's: the rule is applied to [0, 1] once, and a fixed one asks the curve for alpha 0 and 1, too. Sums to f(end) -
 * f(start), up to quadrature. Cost: of a fixed rule points gradient rows per segment (1 for a curve), and 1 row without
 * gradient for each end that its own nodes do not give; else as for integrated gradients. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_path_gradients(attrib_context *context, const attrib_model *model,
                                                                 int64_t target, const attrib_path *path,
                                                                 const attrib_ig_options *options, double *attributions,
                                                                 attrib_report *report);

/* How expected gradients draw baselines b and alphas from a set of M baselines of positive weight w. All but POOLED,
 * which is no sample, are unbiased. The order of baselines and the strata of alpha are permuted by the seed; draws of
 * one baseline follow one another. IID: b by weight with replacement, alpha uniform: plain Monte Carlo, error
 * 1/sqrt(N). samples <= 2^22, as for STRATIFIED. STRATIFIED: b by systematic sampling in permuted order (equal weights
 * and N <= M: without replacement), alpha one per N-th of [0, 1], permuted. LATTICE: every baseline m = N / M times,
 * rounded down, at equispaced alphas with a shift of its own, the shifts again one per M-th; error about 1/m times what
 * the first pass leaves. DEFAULT: the report says which. Without a tolerance LATTICE for N >= 2 M and for M <= N < 1.5
 * M, else STRATIFIED. With one POOLED for M up to 128 where max_evaluations is more than 8 M, LATTICE where it is 2 M
 * and more; else STRATIFIED, and once that has taken M / 2 rows and was not enough a LATTICE of 2 M and more that
 * starts anew (report.evaluations counts all, report.samples the lattice's). POOLED: no draws, but ATTRIB_RULE_ADAPTIVE
 * over all baselines at once, from 2 to 8 rows for each on. Evaluations to a certified 5 %, medians: breast cancer
 * table, M = 96, logits 233 (LATTICE 192), probabilities 1,749 (6,144); pictures of digits, M = 15, ReLU network,
 * logits 125 (240), probabilities 301 (960). On steep functions, whose transitions take a hundredth of a path, 14 of
 * 250 claims of 5 % from 40 baselines were beyond it, by up to 2 times. */
enum {
  ATTRIB_SAMPLER_DEFAULT = 0,
  ATTRIB_SAMPLER_IID = 1,
  ATTRIB_SAMPLER_STRATIFIED = 2,
  ATTRIB_SAMPLER_LATTICE = 3,
  ATTRIB_SAMPLER_POOLED = 4
};

typedef struct attrib_eg_options {
  uint32_t struct_size, flags; /* flags: ATTRIB_MEAN_GRADIENT */
  uint32_t sampler;            /* ATTRIB_SAMPLER_* */
  uint32_t round_rows;         /* POOLED: rows chosen at a time; 0 = 8 */
  uint64_t seed;               /* any number, 0 too; apart from that of an attrib_noise */
  int64_t samples; /* N, gradient rows; 0 = 200; with LATTICE the largest multiple of M in it; 0 with tolerance */
  int64_t max_evaluations; /* with tolerance: most gradient rows; 0 = 4096 */
  int64_t max_vectors;     /* POOLED: vectors of n_inputs kept, 20 or more; 0 = 36 */
  int64_t n_groups;        /* 0 = one attribution per feature */
  double tolerance; /* error_estimate to reach: the draws are doubled until it is; 0 = N draws, as they come out */
  double completeness_threshold; /* relative; above it the status is NOT_CONVERGED; 0 = off */
  double deadline_seconds;       /* no batch is given out after; NOT_CONVERGED then; 0 = none */
  const double *target_weights;  /* as in attrib_ig_options */
  const int32_t *groups;         /* as in attrib_ig_options; standard errors are by group, too */
  double absolute_tolerance;     /* enough, too, where the error vector is no longer than this; 0 = off */
  double difference_step;        /* as in attrib_ig_options */
} attrib_eg_options;

/* Expected gradients (Erion, Janizek, Sturmfels, Lundberg, Lee 2021): the mean over baselines b, by weight, and over
 * alpha uniform in [0, 1] of
 *   (x_i - b_i) * d f / d x_i at b + alpha (x - b)
 * from N random draws: integrated gradients averaged over the set, at the price of N rows instead of points * M.
 *
 * baselines: as for integrated gradients; with attrib_noise_fetch the set is the first `count` rows of the noise. The
 * result, its standard errors and its tolerance are about the mean over this set. To speak of the distribution that the
 * noise comes from, give a count far above the samples, 2^40 say: then no row is drawn twice.
 *
 * Target of completeness: f(x) - mean of f over the draws used (LATTICE: over the whole set, by weight). The sum of the
 * attributions is random even so. standard_errors: sample standard deviation / sqrt(N), which stratification makes too
 * large rather than too small; LATTICE with m >= 2 by a formula of our own from the means A, B of each baseline's even
 * and odd draws, the square root of 1.25^2 / 3 * sum over baselines of w^2 ((A - B) / 2)^2, a factor that was measured
 * to cover on networks (of a later doubling from its own draws, times a quarter to one by how far it came out from the
 * ones before), and all of them widened in proportion where they sum to less than twice the completeness error. They
 * speak of several baselines of like weight, 8 or more; of one or two, jumps of f may deceive both halves alike. An
 * error estimate sees only what was drawn: on saturated probabilities the draws that matter are rare, and few draws may
 * miss them all. With ATTRIB_MEAN_GRADIENT there is no identity to show it.
 *
 * Row order: f(x); then in every doubling f of each baseline it uses (LATTICE: in the first alone), and the draws.
 * Doublings start at 64 rows (LATTICE: at the least power of two per baseline, 2 or more, that reaches 64) and end
 * within max_evaluations: NOT_CONVERGED with stop_reason BUDGET where the tolerance is not met by then. A stopped call
 * gives its last whole doubling, or in the first the draws so far, which are those of some baselines alone, with
 * standard errors NaN. Cost: N gradient rows; 1 row without gradient for the input and 1 for each distinct baseline of
 * a doubling. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_expected_gradients(attrib_context *context, const attrib_model *model,
                                                                     const void *input, int64_t target,
                                                                     const attrib_baselines *baselines,
                                                                     const attrib_eg_options *options,
                                                                     double *attributions, attrib_report *report);

/* What is averaged over noised inputs z_k = x + e_k, e_k of independent N(0, sigma^2), g = gradient of f. */
enum {
  ATTRIB_SMOOTH_MEAN = 0,        /* SmoothGrad: mean of g(z_k) */
  ATTRIB_SMOOTH_SQUARED = 1,     /* SmoothGrad-squared: mean of g(z_k)^2 */
  ATTRIB_SMOOTH_VARIANCE = 2,    /* VarGrad: mean of (g(z_k) - their mean)^2, divisor: the number of samples */
  ATTRIB_SMOOTH_TIMES_INPUT = 3, /* mean of z_k g(z_k), the input with its noise */
  ATTRIB_SMOOTH_TAYLOR = 4       /* SmoothTaylor: mean of (x - z_k) g(z_k) */
};

/* attrib_smoothgrad_options.flags */
enum {
  ATTRIB_SMOOTH_INDEPENDENT = 1 /* every e_k drawn anew, instead of in pairs e, -e */
};

typedef struct attrib_smoothgrad_options {
  uint32_t struct_size, flags; /* ATTRIB_SMOOTH_INDEPENDENT */
  uint32_t form;               /* ATTRIB_SMOOTH_* */
  uint32_t round_rows;         /* 0 */
  uint64_t seed;               /* any number, 0 too */
  int64_t samples;             /* gradient rows; 0 = 50; an odd number is rounded up to whole pairs; 0 with tolerance */
  int64_t max_evaluations;     /* with tolerance: most gradient rows; 0 = 4096 */
  int64_t n_groups;            /* 0 = one attribution per feature */
  double sigma;                /* in the units of the input; 0 = by sigma_fraction */
  double sigma_fraction;   /* sigma as a fraction of max x - min x; 0 = 0.15 where sigma is 0, too. One sigma for all
                              inputs: scale the columns of a table first */
  double tolerance;        /* error_estimate to reach: the samples are doubled until it is; 0 = `samples` of them */
  double deadline_seconds; /* no batch is given out after; NOT_CONVERGED then; 0 = none */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* as in attrib_ig_options */
  double low, high;             /* clips noised points to [low, high], which must hold the input; both 0 = no clipping.
                                   Clipping breaks the identities below */
  double absolute_tolerance;    /* as in attrib_eg_options */
} attrib_smoothgrad_options;

/* SmoothGrad (Smilkov, Thorat, Kim, Viegas, Wattenberg 2017), its square, VarGrad (Adebayo et al. 2018) and
 * SmoothTaylor (Goh et al. 2021): gradients averaged over noise around the input. None looks at a baseline.
 *
 * With F(s) = E f(x + e) at sigma s: MEAN tends to the gradient of F, SQUARED to MEAN^2 + VARIANCE, TAYLOR to
 * -sigma^2 E of the second derivative d^2 f / d x_i^2, and so to 0 where f is linear (in pairs 0 to rounding),
 * TIMES_INPUT to x_i MEAN_i plus the opposite of TAYLOR. None sums to an output difference. For TAYLOR the report's
 * completeness fields hold sum of attributions against f(x) - mean f(z_k) all the same, as a diagnostic of how far it
 * is from one (for a quadratic f the sum is twice the target).
 *
 * Noise comes in pairs e, -e, which cancel the odd part of the error: of what varies like e, nothing is left. What
 * varies like e^2 the members of a pair say twice, so VARIANCE may need fewer rows with INDEPENDENT. standard_errors:
 * standard deviation of the pair means / sqrt(pairs) (of single values with INDEPENDENT; of VARIANCE by the delta
 * method, and for its groups the sum over the group's features, an upper bound); of SQUARED and VARIANCE, which are
 * skewed, times 1 + 10 / draws (a draw: a pair, or a single value), a factor of our own that makes them cover from 100
 * samples on. An input whose elements are all equal has no range to take a fraction of: the result is that of sigma 0,
 * the plain gradient for MEAN, from one row, and ATTRIB_NOTE_CONSTANT_INPUT says so. Element i of e_k depends on (seed,
 * k, i) alone.
 *
 * What no sample has met, no error estimate can tell: where f changes only far out in the noise, all samples may agree.
 *
 * Row order: f(x), then the samples; doublings start at 32 and end within max_evaluations, NOT_CONVERGED with
 * stop_reason BUDGET where the tolerance is not met by then. report.baseline_output is the mean of f(z_k), an estimate
 * of F(sigma). Cost: `samples` gradient rows and 1 row without gradient. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_smoothgrad(attrib_context *context, const attrib_model *model,
                                                             const void *input, int64_t target,
                                                             const attrib_smoothgrad_options *options,
                                                             double *attributions, attrib_report *report);

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
