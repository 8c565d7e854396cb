/* attrib/information.h - performance information curves: how much of a picture has to be shown, in the order of its
 * scores, until the model sees what it sees in the whole. What is common to metrics is said in metrics.h. */
#ifndef ATTRIB_INFORMATION_H
#define ATTRIB_INFORMATION_H

#include "metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An estimate, our own, of the bytes that a lossless code takes for a picture: its values are rounded to 256 levels of
 * [low, high] (those beyond are clipped), each is predicted from the ones to the left of it, above and between (the
 * median edge detector of LOCO-I; Weinberger, Seroussi, Sapiro 2000), and what is left has the entropy of its
 * histogram, one for all channels: bytes = elements * entropy in bits / 8. 0 for a picture of one colour. No codec
 * gives this number; published curves are by WebP's or PNG's.
 *
 * picture: elements of dtype, laid out as shape says. context may be NULL. Costs no model rows, takes no memory.
 * Errors: ARGUMENT (low < high, both finite), NONFINITE. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_picture_size(attrib_context *context, uint32_t dtype,
                                                               const attrib_image *shape, const void *picture,
                                                               double low, double high, double *bytes);

/* Tells how large a picture is when it is compressed: n_inputs elements of the model's dtype, laid out as
 * options->shape says; *size is finite and >= 0, in any unit. Returns 0; > 0 stops the call as CANCELLED, < 0 fails it.
 * Never called by two threads at once, though with workers > 1 from any of them; equal pictures must have equal sizes.
 */
typedef int32_t(ATTRIB_CALL *attrib_size_fn)(const void *picture, double *size, void *user);

/* attrib_information_options.flags, beside ATTRIB_METRIC_SOFTMAX, ACCURACY, ABSOLUTE, UNIT_SCORES and RANDOM */
enum {
  ATTRIB_INFORMATION_AS_IT_IS = 512 /* f may fall as more is shown; else it counts as the largest so far */
};

/* Zero in a field means its default, but for shape, and low and high or size, which must be given: options are not
 * NULL. */
typedef struct attrib_information_options {
  uint32_t struct_size, flags;
  uint64_t seed;                /* of the pixels that are shown from the start, and of ATTRIB_METRIC_RANDOM */
  int64_t n_thresholds;         /* 0 = 13: .005 .01 .02 .03 .04 .05 .07 .1 .13 .21 .34 .5 .75 */
  double shown;                 /* share of the pixels that is shown from the start, at random; 0 = 0.01 */
  double least_output;          /* f(input) under which there is no curve; 0 = 0.8; -INFINITY = any will do */
  double low, high;             /* of pixels' values, for attrib_picture_size; both 0 with a size of the caller's */
  const double *target_weights; /* as in attrib_ig_options */
  const double *thresholds;     /* n_thresholds, rising, in (0, 1]; NULL with 0 */
  const attrib_image *shape;    /* required: units are its pixels */
  attrib_size_fn size;          /* NULL = attrib_picture_size */
  void *size_user;
  const void *reserved; /* NULL */
} attrib_information_options;

/* Performance information curve (Kapishnikov, Bolukbasi, Viegas, Terry 2019), of the softmax with SOFTMAX (SIC), of
 * whether the class is found with ACCURACY (AIC). At a threshold t the floor(t pixels) pixels of the highest scores are
 * shown, beside a few that are shown from the start; the others are filled in from these. Then
 *   x = (size - size(start)) / (size(input) - size(start)),  y = (f - f(start)) / (f(input) - f(start))
 * both clipped to [0, 1], `start` the picture of which only the pixels drawn at random are shown. The curve goes from
 * (0, 0) through these points, by rising x (of equal ones by threshold), to (1, 1). report.objective: the area under
 * it, of straight pieces. To put pictures together take the median of their areas, or of y at each x.
 *
 * Our own: of equal scores the lower number is shown first (by a quantile, as published, a flat map shows everything at
 * once); the area of the pieces themselves instead of 1000 samples of them; and how the rest is filled in, where
 * published code interpolates over triangles: from coarse to fine, each pixel that is not shown by bilinear
 * interpolation of means of 2 x 2 (pull-push; Gortler, Grzeszczuk, Szeliski, Cohen 1996).
 *
 * scores: one per input, summed over a pixel's channels, or per pixel: see Units. values: 2 n_thresholds of them, all
 * x, then all y. UNDEFINED, and all NaN: f(input) < least_output, f(start) >= f(input), or size(start) >= size(input).
 * report: points = n_thresholds; output = f(input), baseline_output = f(start), seed. Row order: the input, the start,
 * the thresholds. Cost: n_thresholds + 2 rows without gradient, as many sizes. Memory: some 7 numbers per pixel, and 2
 * per input. Errors: also CALLBACK (a size that failed), NONFINITE (a size that is no number or negative). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_information_curve(attrib_context *context, const attrib_model *model,
                                                                    const void *input, int64_t target,
                                                                    const double *scores,
                                                                    const attrib_information_options *options,
                                                                    double *values, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_information_curve_start(attrib_context *context,
                                                                          const attrib_model *model, const void *input,
                                                                          int64_t target, const double *scores,
                                                                          const attrib_information_options *options,
                                                                          attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
