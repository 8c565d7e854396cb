/* attrib/agreement.h - maps held against one another, against a known place, and over several baselines.
 *
 * Maps are plain arrays of doubles, whoever made them. context may be NULL; it carries the message and lends scratch
 * memory. Results are structs that the caller sizes: struct_size in; filled_size out, how many bytes of it were
 * written; written whole when the status is >= 0, untouched otherwise. */
#ifndef ATTRIB_AGREEMENT_H
#define ATTRIB_AGREEMENT_H

#include "context.h"
#include "image.h"
#include "metrics.h"

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

/* Zero in a field means its default; a threshold of 0 is not asked about. */
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

#ifdef __cplusplus
}
#endif
#endif
