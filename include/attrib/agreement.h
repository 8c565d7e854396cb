/* attrib/agreement.h - maps held against one another, against a known place, and over several baselines.
 *
 * Maps are plain arrays of doubles, whoever made them. context may be NULL; it carries the message and lends scratch
 * memory. Results are structs that the caller sizes: struct_size in; filled_size out, how many bytes of it were
 * written; written whole when the status is >= 0, untouched otherwise. */
#ifndef ATTRIB_AGREEMENT_H
#define ATTRIB_AGREEMENT_H

#include "baselines.h"
#include "context.h"
#include "image.h"
#include "metrics.h"
#include "model.h"
#include "report.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_comparison.failed and undefined: one bit for each quantity. */
enum {
  ATTRIB_COMPARE_RANKS = 1,
  ATTRIB_COMPARE_ABSOLUTE_RANKS = 2,
  ATTRIB_COMPARE_TOP = 4,
  ATTRIB_COMPARE_SIGNS = 8,
  ATTRIB_COMPARE_SSIM = 16,
  ATTRIB_COMPARE_RELATIVE = 32,
  ATTRIB_COMPARE_LARGEST = 64
};

/* Zero in a field means its default; a threshold of 0 is not asked about. To ask for none at all, no sign flip and no
 * difference, give a number that is next to nothing: DBL_MIN is met by equal maps alone. */
typedef struct attrib_comparison_options {
  uint32_t struct_size, flags; /* flags: 0, or ATTRIB_METRIC_ABSOLUTE: the top is that of the largest sizes */
  int64_t top_count;           /* values in the top; 0 = top_fraction of all */
  double top_fraction;         /* in (0, 1], rounded to the nearest number of values, at least one; 0 = 0.1 */
  double noise; /* in [0, 1]: a value has a sign where its size is at least this share of its map's largest; 0 = 0.01 */
  double range; /* of SSIM, > 0; 0 = largest less smallest value of both maps together */
  double min_rank_correlation, min_absolute_rank_correlation; /* from -1 to 1 */
  double min_top_overlap, max_sign_flips;                     /* up to 1 */
  double min_ssim;                                            /* from -1 to 1; needs shape */
  double max_relative_difference, max_difference;
  const attrib_image *shape; /* of both maps, which it covers; NULL = no pictures: SSIM is not asked for */
  const void *reserved;      /* NULL */
} attrib_comparison_options;

/* What two maps a and b have in common. NaN where a quantity does not exist. */
typedef struct attrib_comparison {
  uint32_t struct_size, filled_size;
  uint32_t failed;                  /* ATTRIB_COMPARE_* of thresholds that are not met, or-ed together */
  uint32_t undefined;               /* and of quantities that were asked for and do not exist */
  int64_t top_count;                /* resolved */
  int64_t sign_count;               /* values that have a sign in both maps */
  int64_t largest_index;            /* where the largest difference is, of equal ones the first */
  double rank_correlation;          /* Spearman, of signed values */
  double absolute_rank_correlation; /* and of their sizes */
  double top_overlap;               /* of the top of a, the share that is in the top of b */
  double sign_flips;                /* of sign_count, the share whose signs differ */
  double ssim, range;               /* NaN where not asked for; range as resolved */
  double relative_difference;       /* |a - b| / |a|, Euclidean lengths: a is what b is held against */
  double largest_difference;
} attrib_comparison;

/* Compares two maps of the same input: a method in two number formats (float against int8), on two engines, with two
 * seeds or two settings.
 *
 * Rank correlations are Spearman's with average ranks for ties: the Pearson correlation of the ranks, +1 and -1 exactly
 * where the orders are the same or opposite. The top is ranked as everywhere (metrics.h): of equal values the lower
 * index first. SSIM (Wang, Bovik, Sheikh, Simoncelli 2004): gaussian window of 11 x 11 pixels, sigma 1.5, K1 = 0.01, K2
 * = 0.03, the mean over all windows that lie within the picture; of several channels the mean over channels, our own
 * choice.
 *
 * Statuses. OK: every threshold is met and every quantity exists. DISAGREE: a threshold is not met; a quantity that
 * does not exist meets none. UNDEFINED: no threshold failed, but a quantity does not exist: rank correlations of a map
 * of one value everywhere, sign flips where no value has a sign in both maps, SSIM of pictures smaller than the window
 * or of range 0, a relative difference to a map of zeros. The message says which; comparison is written in all three.
 *
 * options may be NULL. Cost: two sorts of each map; SSIM 1000 operations per value. Scratch: 41 bytes per value.
 * Errors: ARGUMENT, STRUCT, MEMORY, NONFINITE (a value of a map), OVERFLOW (a difference beyond the range of double).
 */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_compare_maps(attrib_context *context, int64_t count, const double *a,
                                                               const double *b,
                                                               const attrib_comparison_options *options,
                                                               attrib_comparison *comparison);

/* Zero in a field means its default. */
typedef struct attrib_localisation_options {
  uint32_t struct_size, flags; /* flags: 0, or ATTRIB_METRIC_ABSOLUTE: the largest and the top are those of sizes */
  int64_t width;               /* pixels in a row of the map, which has whole rows; needed by tolerance; 0 = none */
  double tolerance; /* pixels: the largest counts as inside where a pixel of the mask is no further from it, centre to
                       centre; the code published with the pointing game takes 15; 0 = inside alone */
} attrib_localisation_options;

/* How much of a map lies where it is known to belong. NaN where a quantity does not exist. */
typedef struct attrib_localisation {
  uint32_t struct_size, filled_size;
  int32_t hit;               /* pointing game: 1 = the largest is inside, 0 = outside, -1 = there is none */
  uint32_t reserved;         /* 0 */
  int64_t largest;           /* its index, of equal ones the first; -1 = there is none */
  int64_t mask_count;        /* pixels inside the mask */
  double mask_share;         /* of all pixels: what a map without any knowledge gets of the next two */
  double positive_inside;    /* of the sum of positive values, the share inside */
  double absolute_inside;    /* of the sum of sizes */
  double intersection_union; /* of the mask and the mask_count pixels that are first in the map, of equal ones the lower
                                index first: pixels in both over pixels in either */
} attrib_localisation;

/* Holds a map, one value per pixel (attrib_image_reduce makes it of channels), against a mask: count bytes, nonzero =
 * inside. Pointing game: Zhang, Lin, Brandt, Shen, Sclaroff 2016; share of positive attribution: the energy-based one
 * of Wang et al. 2020.
 *
 * UNDEFINED: a mask that is empty or covers everything, or a map of zeros: nothing but mask_count and mask_share
 * exists; a map without a positive value: positive_inside alone does not. options may be NULL. Scratch: 24 bytes per
 * pixel. Errors: ARGUMENT, STRUCT, MEMORY, NONFINITE, OVERFLOW (a sum beyond the range of double). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_localise(attrib_context *context, int64_t count, const double *map,
                                                           const uint8_t *mask,
                                                           const attrib_localisation_options *options,
                                                           attrib_localisation *localisation);

/* Columns of attrib_baseline_report: five numbers per baseline. */
enum {
  ATTRIB_BASELINE_OUTPUT = 0,   /* f(baseline) */
  ATTRIB_BASELINE_BLIND = 1,    /* share of inputs that equal the baseline: whatever the model does with them, they get
                                   exactly 0 from methods that multiply by the displacement */
  ATTRIB_BASELINE_OUTSIDE = 2,  /* share of the baseline's elements outside [low, high]; NaN without a range */
  ATTRIB_BASELINE_DISTANCE = 3, /* from the input to the baseline, Euclidean */
  ATTRIB_BASELINE_LARGEST = 4   /* largest |input - baseline| */
};

/* Zero in a field means its default. */
typedef struct attrib_baseline_report_options {
  uint32_t struct_size, flags; /* 0, ATTRIB_METRIC_SOFTMAX or ATTRIB_METRIC_ACCURACY: see metrics.h */
  int64_t map_length;          /* values of each map; 0 = n_inputs; n_groups where they are of groups */
  double tolerance; /* an input equals its baseline where they are no further apart than this; 0 = to the last bit */
  double low, high; /* the valid range, as far as the model's dtype holds its ends; both 0 = not known */
  const double *target_weights; /* as in attrib_ig_options */
  const double *maps; /* count x map_length: the map from each baseline by itself; NULL = agreement is not asked for */
} attrib_baseline_report_options;

/* What each of several baselines is, before it is trusted: a baseline says what "absent" means, and the answer depends
 * on it. values: 5 count of them, baseline by baseline, in columns ATTRIB_BASELINE_*; with options->maps then count x
 * count rank correlations of the maps (Spearman, ties at their average rank; 1 on the diagonal), of signed values, and
 * as many more of their sizes. Where two baselines give maps that disagree, what the maps say is about the baselines.
 *
 * Arguments, statuses and report as for all metrics (metrics.h). report: output = f(input); baseline_output = mean f of
 * the baselines by weight. Weights change nothing else: a baseline of weight 0 is reported, too. Row order: the input,
 * then the baselines. Cost: 1 + count rows without gradient. Scratch: 5 doubles per baseline; with maps 3 map_length +
 * count map_length + 2 count^2 more.
 *
 * UNDEFINED: a map is one value everywhere, or all of one size: its correlations are NaN. CANCELLED: the rows of
 * baselines that were not reached are NaN. Errors: NONFINITE also for maps; OVERFLOW: an element is further from the
 * input than double can say. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_report(attrib_context *context, const attrib_model *model,
                                                                  const void *input, int64_t target,
                                                                  const attrib_baselines *baselines,
                                                                  const attrib_baseline_report_options *options,
                                                                  double *values, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_report_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_baseline_report_options *options, attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
