/* attrib/recalibrate.h - recalibrated attributions: path integrals over several references of which, for each feature
 * by itself, only what agrees in sign is kept. What is common to all calls stands at the top of methods.h. */
#ifndef ATTRIB_RECALIBRATE_H
#define ATTRIB_RECALIBRATE_H

#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_recalibration_options.mode: what is kept. See attrib_recalibrated_gradients. */
enum {
  ATTRIB_RECALIBRATE_DEFAULT = 0,   /* VALID_IP, as published (attrib_agi_options.mode: not recalibrated) */
  ATTRIB_RECALIBRATE_VANILLA = 1,   /* everything: integrated gradients */
  ATTRIB_RECALIBRATE_VALID_REF = 2, /* references */
  ATTRIB_RECALIBRATE_VALID_IP = 3   /* interpolation points */
};

/* attrib_recalibration_options.flags. VANILLA drops nothing, and knows neither STRICT nor NORM_ALL. */
enum {
  ATTRIB_RECALIBRATE_STRICT = 1,      /* keep what is > 0 instead of >= 0 */
  ATTRIB_RECALIBRATE_NORM_ALL = 2,    /* divide by all of the weight instead of the kept: the report's `positive` */
  ATTRIB_RECALIBRATE_SQUARED = 4,     /* squares are averaged (IG-SQ) */
  ATTRIB_RECALIBRATE_RANDOM_ALPHA = 8 /* every point has an alpha of its own, uniform on (0, 1), instead of a rule's */
};

/* attrib_recalibration_options.point_factor: what displaces the gradient at alpha. Published code has had both others
 * in turn; they are here to compare with it. Their sum is no output difference, in no mode. */
enum {
  ATTRIB_POINT_FACTOR_PATH = 0,          /* x - r, as a path integral takes it */
  ATTRIB_POINT_FACTOR_TO_INPUT = 1,      /* x - p = (1 - alpha) (x - r) */
  ATTRIB_POINT_FACTOR_FROM_REFERENCE = 2 /* p - r = alpha (x - r) */
};

/* Zero in a field means its default. An option that the chosen mode has no use for must be 0, else E_ARGUMENT. */
typedef struct attrib_recalibration_options {
  uint32_t struct_size, flags;  /* ATTRIB_RECALIBRATE_STRICT .. RANDOM_ALPHA, or-ed together */
  uint32_t mode;                /* ATTRIB_RECALIBRATE_* */
  uint32_t rule;                /* ATTRIB_RULE_LEFT .. GAUSS_LEGENDRE; 0 = MIDPOINT; 0 with RANDOM_ALPHA */
  uint32_t point_factor;        /* ATTRIB_POINT_FACTOR_*; 0 with VANILLA of SQUARED */
  uint32_t reserved0;           /* 0 */
  uint64_t seed;                /* of RANDOM_ALPHA: any number, 0 too; 0 without */
  int64_t points;               /* gradient rows per reference; 0 = 5, as published; up to 2^33 with RANDOM_ALPHA */
  int64_t n_groups;             /* 0 = one attribution per feature */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* as in attrib_ig_options: entries are groups then */
} attrib_recalibration_options;

/* Recalibrated attributions (Yang, Akhtar, Wen, Shah, Mian, "Re-calibrating Feature Attributions for Model
 * Interpretation", ICLR 2023). Of the paper the abstract could be read, the section on the method could not: the
 * formulas below follow its published code, and differ from it where that breaks what a path integral is (below).
 *
 * With references r_b of weights w_b and points alpha_j of weights v_j on the line to each, both of sum 1, and g the
 * gradient of f:
 *   c_bj,i = (x_i - r_b,i) g_i(r_b + alpha_j (x - r_b))        C_b,i = sum over j of v_j c_bj,i
 *   VANILLA    sum over b of w_b C_b,i
 *   VALID_REF  sum of w_b C_b,i / sum of w_b, both over the b with C_b,i >= 0
 *   VALID_IP   sum of w_b v_j c_bj,i / sum of w_b v_j, both over the (b, j) with c_bj,i >= 0
 * and 0 where nothing is kept. The idea: a reference should lie where the output is lower, so that input minus
 * reference and gradient agree in sign; of references that were chosen beforehand each feature keeps those, or those
 * stretches of their paths, of which that is true. What is dropped has weight 0, and nothing takes its place. So
 * features are averages over different references, and how many these are differs from one to the next.
 *
 * With `groups` an entry is a group, here and in the report: it is the sum over the group that is judged. No
 * attribution but VANILLA's is negative. VANILLA is attrib_integrated_gradients with the same rule, bit for bit (not
 * with RANDOM_ALPHA).
 *
 * There is no completeness: what is dropped differs by feature, so the rest sums to no difference of outputs, and
 * completeness fields are NaN. What holds instead, by entry, is in the report's buffers:
 *   kept_weight  P, the kept share of the weight, 0 to 1; exactly 1 where all was kept
 *   kept         how many references (VALID_REF) or points (else)
 *   positive     sum of weight times contribution over what was kept, over all of the weight
 *   negative     the same of what was dropped
 * positive + negative = VANILLA; positive / P = the attribution (NORM_ALL: positive is); positive >= VANILLA and >= 0.
 * Where every entry is kept whole, all modes give VANILLA, and completeness is back.
 *
 * A contribution of 0 counts as valid (features that equal their reference, dead units), adds nothing, and so dilutes
 * the mean; STRICT leaves it out. f = x^2, x = 0.5, references -1, 1, 0, 0.5, VALID_REF: C = -0.75, -0.75, 0.25, 0, so
 * 0.25 / 2 = 0.125, with STRICT 0.25. And f = x^2 from -0.5 to 1 at 3 midpoints: c = -0.75, 0.75, 2.25; VANILLA 0.75,
 * positive 1, negative -0.25, VALID_IP 3 / 2 = 1.5.
 *
 * SQUARED: VANILLA is the sum over b of w_b (x_i - r_b,i) (sum over j of v_j g_i)^2, signed; VALID_* average c^2 or C^2
 * over what has c or C >= 0. These are two quantities, not one and its part: positive and negative are the means of the
 * squares kept and of the squares dropped (both >= 0, over all of the weight; of VANILLA all is kept), positive / P is
 * still the attribution, but their sum is not VANILLA. Nor are they of one unit: VANILLA is in that of f times that of
 * its gradient, VALID_* in that of f squared. f = x^2, x = 1, references 0 and 3: VANILLA -15.5, VALID_REF 1.
 * With groups VANILLA is summed over the group, and VALID_* square its contribution.
 *
 * References are the baselines, any set of them: attrib_noise_fetch (uniform; gaussian around the input), blurred or
 * training rows, one row (VALID_REF then keeps or drops whole features). RANDOM_ALPHA over training rows is the
 * expected gradients form: alpha of point j of reference b depends on (seed, b, j) alone. The published defaults are 10
 * references and 5 points.
 *
 * Unlike the published code: every reference has all points; displacement and gradient are of the same reference and
 * the same input; the displacement is that of the path (point_factor); the weights sum to 1.
 *
 * Row order and cost: reference by reference its points, gradient rows alone: points for every reference of positive
 * weight. f is not asked for, so report.output is NaN; report.samples is the number of points with RANDOM_ALPHA. The
 * trace is that of VANILLA and PATH, whatever is kept: weight * slope sums to what integrated gradients sum to. A
 * stopped call gives VANILLA, positive, negative and P as far as the sums had come, and means over what was kept so far
 * (VALID_REF, and VANILLA of SQUARED: over whole references). Memory, whatever the number of references and points:
 * vectors of 8 bytes for each entry, 4 of them, 5 with VALID_REF (VANILLA: 1 for each feature, 2 with SQUARED), and a
 * row where references are fetched. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_recalibrated_gradients(attrib_context *context,
                                                                         const attrib_model *model, const void *input,
                                                                         int64_t target,
                                                                         const attrib_baselines *baselines,
                                                                         const attrib_recalibration_options *options,
                                                                         double *attributions, attrib_report *report);

/* Its pull form. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_recalibrated_gradients_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_recalibration_options *options, attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
