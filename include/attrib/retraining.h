/* attrib/retraining.h - metrics that train a model again on rows of which the most important units are missing. The
 * library makes the data sets, the caller's callback trains; no model of the library's form is asked.
 *
 * Why: a model that sees ablated rows sees what it was never trained on, and its output may fall for that alone. One
 * that is trained on such rows tells whether what was taken away held information, which is something else than whether
 * the first model used it: where the same information lies in several places, taking away one of them costs nothing.
 *
 * Beware: which units are missing is itself information. Scores for the class of each row's own label may tell the
 * class by their places alone, and then accuracy rises as they are taken away (seen in examples/retraining,
 * --own-class; Rong et al. 2022 call it leakage). Give scores that do not depend on the label, such as sizes added over
 * all classes, and read every result beside that of RANDOM.
 *
 * Units, their scores, flags and statuses: see "Common to all metrics" in metrics.h. */
#ifndef ATTRIB_RETRAINING_H
#define ATTRIB_RETRAINING_H

#include "baselines.h"
#include "context.h"
#include "image.h"
#include "metrics.h"
#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What becomes of the first units, those with the highest scores, or with ATTRIB_METRIC_LOWEST_FIRST the lowest. */
enum {
  ATTRIB_ABLATE_REPLACE_FIRST = 0, /* they are replaced */
  ATTRIB_ABLATE_KEEP_FIRST = 1     /* they are kept and all others are replaced */
};

/* Zero in a field means its default. */
typedef struct attrib_ablate_options {
  uint32_t struct_size, flags; /* ATTRIB_METRIC_ABSOLUTE, UNIT_SCORES, LOWEST_FIRST */
  uint32_t part, reserved0;    /* ATTRIB_ABLATE_*; reserved0: 0 */
  int64_t n_groups;
  const attrib_image *shape; /* see Units in metrics.h */
  const int32_t *groups;     /* see there */
} attrib_ablate_options;

/* One row with a part of its units replaced: what all tests below are made of.
 *
 * input, replacement, row: n_inputs elements of dtype; row may be input, and overlaps with nothing else. scores: see
 * metrics.h. fraction: of the units, in [0, 1], that come first. They are the largest number m of units with
 * m / units <= fraction, the quotient taken as a double: floor(fraction units), and where fraction is written as a
 * decimal or as a quotient of whole numbers it counts as what was meant, so that 0.3 of 10 is 3 although the double
 * 0.3 is a little less than that.
 *
 * Costs no model rows. Scratch: 32 bytes per unit, with shape or groups 48, with shape 4 per input. Errors: ARGUMENT,
 * STRUCT, NONFINITE (input, replacement, scores), OVERFLOW (a unit's sum), MEMORY. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_ablate_row(attrib_context *context, uint32_t dtype, int64_t n_inputs,
                                                             const void *input, const double *scores,
                                                             const void *replacement, double fraction,
                                                             const attrib_ablate_options *options, void *row);

/* attrib_retraining_options.test */
enum {
  ATTRIB_RETRAIN_ROAR = 0, /* remove and retrain (Hooker, Erhan, Kindermans, Kim 2019): the first units are replaced;
                              scores are good where accuracy falls fast */
  ATTRIB_RETRAIN_KAR = 1,  /* keep and retrain (same paper): all but the first are replaced; good where it stays high */
  ATTRIB_RETRAIN_DIFF = 2  /* DiffROAR (Shah, Jain, Netrapalli 2021): accuracy with the highest units kept, less that
                              with as many of the lowest kept; > 0 is good, about 0 no better than chance */
};

/* A data set to train on: every row of the caller's with a part of its units replaced. Owned by the library, valid
 * until attrib_train_fn returns. */
typedef struct attrib_retraining_set {
  uint32_t struct_size, flags; /* flags: ATTRIB_METRIC_LOWEST_FIRST, or 0 */
  uint32_t dtype, part;        /* part: ATTRIB_ABLATE_* */
  int64_t count, n_inputs;     /* rows, and elements of one */
  int64_t training, trainings; /* this is number `training`, from 0, of so many */
  int64_t repeat;
  uint64_t seed;   /* of this repeat, for initial weights, order of rows and the like; the same for every fraction and
                      for both sides of DIFF, so that these are compared with common random numbers */
  double fraction; /* of the units that come first */
  void *library;   /* not the caller's */
  void *reserved;  /* NULL */
} attrib_retraining_set;

/* Writes row `index` of the set, n_inputs elements of dtype, and returns 0. Any number of times, in any order, from any
 * thread while the callback runs, though not from two at once. A row is made each time, with its ranking (n log n) and
 * with what its fetches cost; a trainer that goes over its rows many times keeps them. Anything but 0, a failure or
 * that a fetch asked to stop, ends the call with that status once the callback has returned, whatever it returns: it
 * should do so at once. The message of a failure is the context's. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_retraining_row(const attrib_retraining_set *set, int64_t index,
                                                                 void *row);

/* Trains a model from scratch on those rows of the set that it holds to be training rows, tests it on the others, and
 * writes its accuracy, or whatever finite number is to be compared; both parts are ablated, as published. Labels are
 * the caller's: rows have the numbers of its data set. Returns 0; > 0 ends the call as CANCELLED with the trainings
 * before it, < 0 as E_CALLBACK. Called on the thread that made the call, one training after the other. */
typedef int32_t(ATTRIB_CALL *attrib_train_fn)(const attrib_retraining_set *set, double *accuracy, void *user);

/* Zero in a field means its default. */
typedef struct attrib_retraining_options {
  uint32_t struct_size, flags; /* ATTRIB_METRIC_ABSOLUTE, UNIT_SCORES, LOWEST_FIRST (not with DIFF), RANDOM */
  uint32_t test, reserved0;    /* ATTRIB_RETRAIN_*; reserved0: 0 */
  uint64_t seed;               /* of the repeats' seeds, and of RANDOM */
  int64_t repeats;             /* trainings per fraction, with another seed each; 0 = 5 */
  int64_t n_fractions;         /* 0 with fractions NULL */
  int64_t n_groups;
  const double *fractions;              /* each in [0, 1], in any order; NULL = 0.1, 0.3, 0.5, 0.7, 0.9 */
  const attrib_baselines *replacements; /* rows of dtype that units are replaced by: one for all, or as many as rows,
                                           each for its own (a blurred picture, say). NULL = the mean of the data set:
                                           with shape one number per channel, over rows and pixels, which is ROAR's
                                           published fill; without shape one per input */
  const attrib_image *shape;            /* see Units in metrics.h */
  const int32_t *groups;                /* see there */
} attrib_retraining_options;

/* ROAR, KAR and DiffROAR.
 *
 * rows: the data set, training and test rows together, of n_inputs elements of dtype, in memory or fetched; nothing is
 * copied whole. scores: the attributions, a row of doubles for each row of the data set, n_inputs of them or with
 * UNIT_SCORES one per unit; also in memory or fetched, which may well compute them (on another context). Both are read
 * as often as train asks for rows; weights must be NULL here, as in replacements. With RANDOM scores is NULL, and every
 * row and repeat has a ranking of its own by chance: the control that scores must beat. Train on fraction 0 (a fraction
 * like others) to see the accuracy of whole rows.
 *
 * values: repeats + 2 numbers for each fraction, in the order given: the mean over the repeats, its standard error
 * (standard deviation with divisor repeats - 1, over sqrt(repeats)), then the accuracy, or difference, of each repeat.
 * Of a call that ended early these are of the repeats that are complete, and NaN where there are none; the standard
 * error of fewer than two is NaN.
 *
 * Order: repeat by repeat, in each the fractions, of DIFF the highest before the lowest; so that a call that is stopped
 * has something of every fraction. attrib_context_cancel is heard between trainings, where also the context's progress
 * callback is called, with trainings as its evaluations.
 *
 * report: samples = trainings done; points = repeats; seed; model_status of any callback; failed_row = the row that
 * could not be had or -1. In: standard_errors, one per fraction, and of DIFF positive and negative, fractions x repeats
 * each: accuracies with the highest, and with the lowest, kept. There is no trace.
 * Memory: 32 to 48 bytes per unit, 8 per training, and as needed a label per input and a row each of what is fetched
 * and of the mean; nothing per row. Errors: ARGUMENT, STRUCT, NONFINITE (rows, scores, replacements, an accuracy that
 * is NaN, infinite or was left unwritten), OVERFLOW, MEMORY, CALLBACK. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_retraining(attrib_context *context, uint32_t dtype, int64_t n_inputs,
                                                             const attrib_baselines *rows,
                                                             const attrib_baselines *scores, attrib_train_fn train,
                                                             void *user, const attrib_retraining_options *options,
                                                             double *values, attrib_report *report);

#ifdef __cplusplus
}
#endif
#endif
