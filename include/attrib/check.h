/* attrib/check.h - is the callback right? Holds a model against the contract of model.h and its gradient against
 * differences of f, and says what is wrong with it, one sentence per check. */
#ifndef ATTRIB_CHECK_H
#define ATTRIB_CHECK_H

#include "context.h"
#include "image.h"
#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_check_finding.check, in the order in which they are reported. */
enum {
  ATTRIB_CHECK_WRITES = 1,       /* every element that was asked for is written, anew in each call */
  ATTRIB_CHECK_STRIDES = 2,      /* rows are read and written where the strides say, and nothing beside them */
  ATTRIB_CHECK_INPUTS = 3,       /* the inputs are as they were */
  ATTRIB_CHECK_FINITE = 4,       /* no NaN, no infinity */
  ATTRIB_CHECK_REPEAT = 5,       /* the same batch again gives the same */
  ATTRIB_CHECK_BATCH = 6,        /* a row gives the same by itself as among others */
  ATTRIB_CHECK_ORDER = 7,        /* and wherever in a batch it stands */
  ATTRIB_CHECK_FORWARD = 8,      /* f is the same with and without gradients */
  ATTRIB_CHECK_TARGET = 9,       /* another target is another f */
  ATTRIB_CHECK_WEIGHTS = 10,     /* ATTRIB_MODEL_TARGET_WEIGHTS is true */
  ATTRIB_CHECK_ALL_OUTPUTS = 11, /* ATTRIB_MODEL_ALL_OUTPUTS is true */
  ATTRIB_CHECK_WORKERS = 12,     /* ATTRIB_MODEL_CONCURRENT is true, as far as one try can tell */
  ATTRIB_CHECK_ZERO = 13,        /* the gradient is not 0 where f has a slope */
  ATTRIB_CHECK_GRADIENT = 14,    /* the gradient is the slope of f */
  ATTRIB_CHECK_PRECISION = 15    /* how exact f is: a note, never a failure */
};

/* attrib_check_finding.verdict; attrib_check_report.verdict is one of the first two, 0 where the call
 * could not be made, or was stopped when nothing had failed. */
enum {
  ATTRIB_CHECK_PASSED = 1,
  ATTRIB_CHECK_FAILED = 2,
  ATTRIB_CHECK_SKIPPED = 3 /* could not be judged; the sentence says why */
};

/* attrib_check_finding.cause: of a check that failed, what its numbers fit. */
enum {
  ATTRIB_CAUSE_UNKNOWN = 0,
  ATTRIB_CAUSE_UNWRITTEN = 1,     /* elements are left as they were */
  ATTRIB_CAUSE_ADDED = 2,         /* results are added to what the buffer holds */
  ATTRIB_CAUSE_STALE = 3,         /* results of another call */
  ATTRIB_CAUSE_INPUT_STRIDE = 4,  /* rows are read as if they lay back to back */
  ATTRIB_CAUSE_GAP = 5,           /* something is written between rows */
  ATTRIB_CAUSE_BEYOND = 6,        /* something is written before the first row or after the last */
  ATTRIB_CAUSE_NONFINITE = 7,     /* NaN or infinity */
  ATTRIB_CAUSE_RANDOM = 8,        /* another result every time */
  ATTRIB_CAUSE_SHARED = 9,        /* all rows of a batch have one gradient: that of the sum */
  ATTRIB_CAUSE_BATCH_SIZE = 10,   /* the gradient is divided by the number of rows: that of the mean */
  ATTRIB_CAUSE_OTHER_ROWS = 11,   /* f of a row depends on its companions: batch normalisation in training mode */
  ATTRIB_CAUSE_SIGN = 12,         /* the gradient is -1 times the slope */
  ATTRIB_CAUSE_FACTOR = 13,       /* the gradient is a constant times the slope; measured says which */
  ATTRIB_CAUSE_CHANNELS = 14,     /* the same with one constant for each channel */
  ATTRIB_CAUSE_LAYOUT = 15,       /* the gradient lies in another layout than the input */
  ATTRIB_CAUSE_OTHER_TARGET = 16, /* it is that of another output */
  ATTRIB_CAUSE_SCORE = 17         /* it is that of another score: of logits where f is a probability, and the like */
};

/* One for each check, in the order of their numbers. */
typedef struct attrib_check_finding {
  uint32_t check, verdict, cause, reserved;
  int64_t element; /* output or input that is named; -1 = none */
  double measured; /* see attrib_model_check; NaN = nothing was */
  double bound;    /* what it is held against; NaN = none */
} attrib_check_finding;

/* Zero in a field means its default. */
typedef struct attrib_check_options {
  uint32_t struct_size, flags;  /* flags: 0 */
  uint64_t seed;                /* of the random directions; any number, 0 too */
  int64_t max_evaluations;      /* rows, >= 13; 0 = 40 */
  double tolerance;             /* relative, of slopes, in (0, 0.5]; 0 = 0.05 */
  const double *target_weights; /* as in attrib_ig_options */
  const attrib_image *shape;    /* of a row that is a picture: for faults of its layout and channels; NULL =
                                   layouts are tried as n_inputs allows, with 1, 3 and 4 channels, and no factors for
                                   each channel */
} attrib_check_options;

/* The caller sets struct_size, and the buffers it wants with their capacities; everything else is output. The library
 * writes as many bytes as struct_size has room for, and says how many in filled_size. */
typedef struct attrib_check_report {
  uint32_t struct_size, filled_size;
  uint32_t verdict;               /* ATTRIB_CHECK_PASSED: all were reached, and none failed */
  uint32_t failed, skipped;       /* checks, bit 1 << number for each */
  uint32_t stop_reason;           /* ATTRIB_STOP_* of report.h */
  int32_t model_status;           /* the last nonzero return of the model */
  uint32_t reserved0;             /* 0 */
  int64_t evaluations;            /* rows with gradient */
  int64_t output_evaluations;     /* rows without */
  int64_t model_calls;            /* batches */
  int64_t peak_bytes;             /* most memory the call needed at once */
  double output, baseline_output; /* f(input), f(baseline); NaN = not reached, or not a number */
  double noise;                   /* of f, relative to the largest |f| seen: its standard deviation; NaN = unknown */
  double elapsed_seconds;
  int64_t finding_capacity; /* in: findings the caller's buffer holds */
  int64_t finding_count;    /* out: findings written */
  int64_t finding_stride;   /* in: bytes from one to the next: sizeof(attrib_check_finding); 0 = 40, its first size */
  int64_t text_capacity;    /* in: bytes, terminator included; a longer text is cut */
  int64_t text_length;      /* out: bytes of the whole text, without terminator: text_capacity - 1 at most is there */
  int64_t reserved1;        /* 0 */
  void *findings;           /* in: attrib_check_finding array or NULL */
  char *text;               /* in: buffer or NULL; out: one sentence per check, each ended by '\n'; of a call that
                               failed its message */
} attrib_check_report;

/* Checks a model on rows between baseline and input: the two, three points near the straight line that joins them
 * (alpha 0.21, 0.55, 0.86, for each feature by itself up to 1/16 off, since features that are equal on the line tie in
 * a maximum, where f has no gradient), and neighbours of these. Every row lies in the box between the two, so a model
 * need not know anything else. A feature that is the same in both does not move, and nothing is said of its gradient
 * but that it repeats. Both are required; take the pair that is going to be explained. Where they are equal, the checks
 * of slopes are skipped in words.
 *
 * input, baseline: n_inputs elements of the model's dtype. target: 0 <= target < n_outputs, beyond which the call
 * refuses as all do; ATTRIB_NO_TARGET with target_weights. options may be NULL, and report, when only the status and
 * the context's message are wanted.
 *
 * How slopes are judged, our own: at each of the three points along the displacement d, and along d with the signs of
 * its elements drawn at random. f at p + h v and p - h v against the gradient times what lies between the rows as
 * rounded. They may be apart by the tolerance, by a fifth of it of the length of the products that are added up, by
 * |f(p + h v) - 2 f(p) + f(p - h v)| (or twice its median by that length), as much as kinks of f can make, and by four
 * times the noise of f; where the last three are more than 0.3 of the larger number, the difference is not counted. h
 * is as small as noise allows, 2^-5 at most; what disagrees is tried with other h while there are rows. The check fails
 * where, at two points or more, half of what counts disagrees, or more than half of either kind of direction by more
 * than half the length of the products. Noise: ECnoise (More, Wild, Estimating computational noise, SIAM J. Sci.
 * Comput. 33, 2011), from six rows; an f that moves in steps (few digits) is told by equal values and multiples.
 *
 * The same, in REPEAT to WORKERS: equal bits pass; what round-off can make (2^-13 of the largest |f| seen, and 2^-10 of
 * a gradient's length; with F64 and outputs that are more than floats 2^-30 and 2^-27) passes with a sentence that says
 * so, since results then differ in their last bits with batch size, too; more fails.
 *
 * measured and bound: GRADIENT, where it fails, the median ratio of gradient to slope, and 1; REPEAT to WORKERS the
 * largest relative difference and what passes; PRECISION the relative noise; WRITES to FINITE how many elements, and 0.
 *
 * Statuses. OK: nothing failed (something may have been skipped). DISAGREE: something did; the message is the first of
 * those sentences. CANCELLED (context, progress callback, or a model that returns > 0): what was not reached is
 * SKIPPED. A model that returns < 0 is E_CALLBACK; rows that are not finite or not written are findings, not errors.
 * With ATTRIB_MODEL_NO_GRADIENTS what needs gradients is skipped in words. A call that failed writes the report, too,
 * without findings; E_BUSY, and a report that cannot be read, write nothing.
 *
 * What it cannot see: faults away from these rows; at the input and the baseline themselves, where no slopes are taken,
 * what is wrong by itself and among others alike; reads beyond a row; a race that does not show in one try.
 *
 * Row order: the three points in one batch, again with gaps between rows, the second by itself, the third, input,
 * baseline and the second in one batch; then rows by themselves, last of them, where rows are left, input and baseline.
 * row_ids are the points' numbers: 0 to 2, baseline 3, input 4; a
 * neighbour has its point's. Cost: at most max_evaluations rows, 19 of them with gradient. max_rows is honoured.
 * Memory: 40 rows; n_outputs doubles, 5 times with the optional flags and 4 times, at most 512 KiB, for what is watched
 * behind the outputs, and that twice more for two workers. One thread, but for WORKERS: two, where the context has
 * them. Errors: ARGUMENT, STRUCT, MEMORY, CALLBACK, NONFINITE (input, baseline), OVERFLOW (input - baseline, sizes),
 * BUSY, UNSUPPORTED. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_model_check(attrib_context *context, const attrib_model *model,
                                                              const void *input, int64_t target, const void *baseline,
                                                              const attrib_check_options *options,
                                                              attrib_check_report *report);

#ifdef __cplusplus
}
#endif
#endif
