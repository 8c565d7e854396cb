/* attrib/report.h - what a call did, what it cost, and how far its result can be trusted. */
#ifndef ATTRIB_REPORT_H
#define ATTRIB_REPORT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_report.stop_reason: why no further row was evaluated. */
enum {
  ATTRIB_STOP_NONE = 0,      /* it was not stopped: the run is still under way */
  ATTRIB_STOP_COMPLETE = 1,  /* every planned row was evaluated */
  ATTRIB_STOP_TOLERANCE = 2, /* the error estimate met the tolerance */
  ATTRIB_STOP_BUDGET = 3,    /* max_evaluations was used up */
  ATTRIB_STOP_DEADLINE = 4,  /* deadline_seconds had passed */
  ATTRIB_STOP_CANCEL = 5,    /* attrib_context_cancel */
  ATTRIB_STOP_PROGRESS = 6,  /* the progress callback returned nonzero */
  ATTRIB_STOP_CALLBACK = 7,  /* the model, a fetch or a curve returned > 0 */
  ATTRIB_STOP_ERROR = 8      /* the call failed */
};

/* attrib_report.notes: what a reader of the result should know. */
enum {
  ATTRIB_NOTE_CONSTANT_INPUT = 1, /* every element of the input is the same, so sigma_fraction gave sigma 0: no noise */
  ATTRIB_NOTE_WITHIN_ERRORS = 2,  /* adaptive noising: mostly noise; half or more of the sum of attributions^2 is that
                                     of standard_errors^2 (error_estimate >= sqrt(1/2)), or the map is all 0 */
  ATTRIB_NOTE_SIGMA_AT_END = 4, /* adaptive noising: sigma is an end of its bracket, and a better one may lie beyond */
  ATTRIB_NOTE_NO_STEP = 8       /* AGI, IG2: on a path or more the first gradient is 0 or leads out of the range at
                                   once, short of the goal: such a path has no length and gives nothing */
};

/* One evaluated gradient row, or of a model without gradients one node, in row order. From these the alpha-curve is
 * drawn. With W the baseline's weight, node j of its points stands for the cell [e_j, e_j + weight_j / W] of alpha, and
 * the cells follow one another from e_0 = 0 to 1. The cumulative attribution of the baseline is at the cells' edges
 * S(e_j) = sum over i < j of weight_i slope_i at the nodes         S(alpha_j) = S(e_j) + W (alpha_j - e_j) slope_j to
 * be held against W (output_j - f(baseline)).
 *
 * Of the adaptive rule the rows come in the order in which they were chosen, and later ones change the weights: sorted
 * by alpha they are the nodes of a trapezoidal rule on each baseline. Of several baselines the row at the common input
 * stands once, under the first of them, with slope NaN. */
typedef struct attrib_trace_point {
  double alpha;     /* where on the path, 0 = baseline, 1 = input; NaN for methods without a path */
  double weight;    /* the row's weight in the sum: quadrature weight times baseline weight; of sampling methods
                       under a tolerance in the sum over its own doubling; NaN under the adaptive rule: see above */
  double output;    /* f there */
  double slope;     /* sum over features of displacement * gradient: d f / d alpha along the path (sum of the gradient
                       where a method leaves the displacement out) */
  double error;     /* NaN: kept for an estimated error of this stretch */
  int64_t baseline; /* index of the baseline; of the segment for knots; of the sample without a path */
  int64_t row_id;   /* as in attrib_batch.row_ids */
} attrib_trace_point;

/* Filled by every call, failed ones included (as far as things got). The caller sets struct_size, and the buffers it
 * wants with their capacities; everything else is output, and zero-initialising it is good practice. The library writes
 * as many bytes of its own report as struct_size has room for, and says how many in filled_size. Fields that say
 * nothing about a call are 0, or NaN for double.
 *
 * For the method's identity sum of attributions = target:
 *   completeness_target = f(input) - weighted mean of f(baseline)
 *   completeness_error = attribution_sum - completeness_target, signed
 *   completeness_relative = |completeness_error| / max(|completeness_target|, DBL_MIN)
 * It is a diagnostic: nothing is rescaled by it, and a small value does not mean that each attribution is right. */
typedef struct attrib_report {
  uint32_t struct_size, filled_size;
  int32_t model_status;                   /* the last nonzero return of a callback of the caller's */
  uint32_t rule, stop_reason, round_rows; /* resolved; ATTRIB_STOP_* */
  int64_t points;      /* resolved: gradient rows per baseline or segment; adaptive and POOLED: all of them; of samplers
                          LATTICE alone has such a number */
  int64_t evaluations; /* gradient rows used */
  int64_t output_evaluations;     /* rows used without gradient, for f at input and baselines */
  int64_t model_calls;            /* batches evaluated and used */
  int64_t failed_row;             /* row_id of the row that ended the call; -1 = none */
  int64_t samples;                /* draws used, of sampling methods */
  int64_t peak_bytes;             /* most memory the call needed at once: context, workspace, batches */
  uint64_t seed;                  /* of sampling methods */
  double output, baseline_output; /* f(input); weighted mean of f(baseline), or of f at noised points */
  double attribution_sum;
  double completeness_target, completeness_error, completeness_relative;
  double error_estimate;       /* relative L2 error of the attributions, sqrt(sum of standard_errors^2 / sum of
                                  attributions^2); NaN = this method or rule gives none */
  double error_from, error_to; /* adaptive rule on one path: the stretch that holds most of it, in the mesh of the
                                  first max_vectors - 3 nodes */
  double tolerance, sigma;     /* resolved, of methods that have them */
  double elapsed_seconds;      /* from the start of the call or run */
  int64_t trace_capacity;      /* in: trace points the caller's buffer holds */
  int64_t trace_count;         /* out: trace points written; rows beyond the capacity are not traced */
  int64_t trace_stride;        /* in: bytes from one to the next: sizeof(attrib_trace_point); 0 = 56, its first size */
  int64_t message_capacity;    /* in: bytes, terminator included; a longer message is cut */
  void *trace;                 /* in: attrib_trace_point array or NULL */
  double *standard_errors;     /* in: one per attribution, or NULL; out: NaN where the method estimates none. Of a
                                  random result: how far it is, about, from what many more samples would give */
  char *message;  /* in: buffer or NULL; out: one line naming the cause of a failure or of NOT_CONVERGED; else "" */
  void *reserved; /* NULL */
  uint32_t sampler, notes; /* resolved ATTRIB_SAMPLER_*, of expected gradients; ATTRIB_NOTE_* or-ed together */
  double objective;  /* of searches: what was reached of the quantity that is searched for; of others: see there */
  double unassigned; /* of the target, what the method could give to no feature */
  double *positive;  /* in: of recalibrated methods one per attribution each, of DiffROAR as it says, or NULL;
                        out: see there */
  double *negative;
  double *kept_weight;
  int64_t *kept;
  /* Of models without gradients (ATTRIB_MODEL_NO_GRADIENTS, see methods.h): */
  double difference_step;   /* used, a power of two */
  double output_noise;      /* standard deviation of the noise of f, as measured */
  double truncation_error;  /* relative L2 errors of the attributions: that of differences over a finite step, */
  double roundoff_error;    /* and what the noise of f leaves in them */
  int64_t difference_nodes; /* nodes used, each in place of a gradient row */
} attrib_report;

#ifdef __cplusplus
}
#endif
#endif
