/* attrib/noising.h - how much noise a smoothed map should have, found for each input.
 *
 * What methods.h says of all attribution calls holds here: arguments, attributions, statuses, memory. Each call stands
 * beside its pull form (run.h). */
#ifndef ATTRIB_NOISING_H
#define ATTRIB_NOISING_H

#include "image.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* attrib_noising_options.search */
enum {
  ATTRIB_NOISING_BRACKETED = 0, /* a grid over a bracket, then golden section: our own */
  ATTRIB_NOISING_PUBLISHED = 1  /* the published walk from the mean of |x| */
};

/* attrib_noising_options.objective: what a map is judged by; less is better. */
enum {
  ATTRIB_NOISING_AUPC = 0, /* area under a perturbation curve: how soon f falls */
  ATTRIB_NOISING_AUTVC = 1 /* area under a curve of total variation: how grainy the map is */
};

/* attrib_noising_options.flags, besides ATTRIB_SMOOTH_INDEPENDENT */
enum {
  ATTRIB_NOISING_CLIP = 2 /* noised points are clipped to [low, high]; it breaks the expectation below */
};

/* Zero in a field means its default. */
typedef struct attrib_noising_options {
  uint32_t struct_size, flags;  /* ATTRIB_SMOOTH_INDEPENDENT | ATTRIB_NOISING_CLIP */
  uint32_t search, objective;   /* ATTRIB_NOISING_* */
  uint64_t seed;                /* any number, 0 too */
  int64_t samples;              /* gradient rows for each sigma; 0 = 150; an odd number is rounded up to whole pairs */
  int64_t max_sigmas;           /* BRACKETED: most sigmas that are tried; 0 = 20 */
  int64_t windows;              /* AUPC: most windows that are filled; 0 = 30 */
  int64_t window_side;          /* AUPC: of each, in pixels; 0 = 15 */
  int64_t fills;                /* AUPC: random fills of each window; 0 = 50 */
  int64_t n_groups;             /* 0 = one attribution per feature */
  double sigma_low, sigma_high; /* BRACKETED: between which sigma is searched for, in the units of the input; 0 = 0.01
                                   and 1 times max x - min x */
  double low, high;             /* the valid range, which must hold the input: of fills, and with CLIP of noised points;
                                   AUPC needs it, AUTVC without CLIP has no use for it */
  const attrib_image *shape;    /* how the pixels lie in the input; must be given; looked at when the call begins */
  const void *reserved;         /* NULL */
  const double *target_weights; /* as in attrib_ig_options */
  const int32_t *groups;        /* as in attrib_ig_options */
} attrib_noising_options;

/* Adaptive noising (Goh, Lapuschkin, Weber, Samek, Binder 2021): the SmoothTaylor map of the sigma that minimises an
 * objective J. Of sigma s, with `samples` points z_k = x + s e_k, e_k of independent N(0, 1), in pairs e, -e unless
 * ATTRIB_SMOOTH_INDEPENDENT is given,
 *   a_i(s) = mean over k of (x_i - z_ki) * d f / d x_i at z_k
 * and a(s) is, bit for bit, what attrib_smoothgrad gives with ATTRIB_SMOOTH_TAYLOR, this sigma, seed and samples.
 *
 * What is searched. a_i(s) tends to -s^2 E of the second derivative d^2 f / d x_i^2 at x + s e: curvature, smoothed
 * over s, and no share of f(x) (see attrib_smoothgrad). Where f is linear as far as the noise reaches that is 0, and J
 * then judges rounding errors: of a linear model at every sigma, of a network of ReLUs at small ones. Where the map is
 * 0 to the last bit, AUTVC is 0, the least there is, so that this sigma wins; for AUPC the windows of such a map are
 * laid row by row from the top left corner. Neither says anything: look again where the objective is 0, and at
 * report.notes, which say where the map is within its standard errors (ATTRIB_NOTE_WITHIN_ERRORS; of a single pair or
 * sample these are not known) and where the best sigma is an end of the bracket (ATTRIB_NOTE_SIGMA_AT_END). With
 * ATTRIB_SMOOTH_INDEPENDENT, as published, there is noise of standard deviation s |d f / d x_i| / sqrt(samples) beside
 * the curvature, and where f is nearly linear it is most of the map.
 *
 * The e_k are the same for every sigma, and so are the random fills, whatever windows they go to: J is then a function
 * of sigma that can be compared with itself. (The published program draws anew for each.) It is one of the seed all the
 * same: with few samples another seed may find another sigma. And it is rough: on twelve pictures and the bundled
 * network, logits, AUPC had 15 to 24 local minima among 73 sigmas from 0.01 to 1 (50 samples, 15 fills), and AUTVC,
 * which was least below 0.025 on eleven of them, 10 to 20. What is found is a good place, not the best of all.
 *
 * AUPC. The map h of a pixel is the sum of a over its channels, signed; elements of the input that belong to no pixel
 * are noised like the others, and have no part in it. The window of window_side x window_side pixels with the largest
 * mean of |h| is taken, then the best one that does not overlap it, and so on. Window by window, `fills` copies of the
 * picture are made with independent U(low, high) in every element of the window, and evaluated; the curve goes on with
 * their mean output, the picture with the copy whose output is the median (the lower one of two), on which the next
 * window works. J is the area under (f(x), means ...) / |f(x)| by Simpson's rule, one unit from window to window, not
 * divided by their number; f is the logit in the paper. f(x) = 0: UNDEFINED. Fewer windows than fit for another map (in
 * small pictures): the curve keeps its last value, our own rule, so that areas stay comparable. The published program's
 * second kind of fills, normal ones, is not offered: a mistake in scale makes them all but black.
 *
 * AUTVC. The map h, signed, is made smaller by 1.5 again and again, as long as no side falls below 30; J is the area
 * under the total variation V per pixel at these scales, one unit from scale to scale:
 *   V = (sum |n(x+1, y) - n(x, y)| + sum |n(x, y+1) - n(x, y)|) / (height width)
 *   n = min((|h| - min |h|) / (p99 - min |h|), 1), p99 the 99th percentile of |h|; V = 0 where that is min |h|
 * with the percentile at place 0.99 (height width - 1) of the sorted |h|, counted from 0, linear in between. To the
 * next scale, along x and then along y: h is smoothed with weights e^(-2 k^2) / sum over k, k = -2 .. 2, a Gaussian of
 * sigma 1/2, borders reflected (b a | a b c); then, along y and x, side s becomes t = s - floor(s / 3), that is s / 1.5
 * rounded up, and pixel i of t is read at (i + 1/2) s / t - 1/2, linearly between its two neighbours. Factor, smallest
 * side, sigma and normalisation are the published ones, cut-off, borders, rounding and reading are our own. Sides of 44
 * pixels at least: of a smaller picture there is but one scale, and no area.
 *
 * Simpson's rule, in both: on pairs of intervals; of an odd number the last three by his 3/8 rule, a single one by the
 * trapezoid.
 *
 * BRACKETED, our own, and what is recommended: half of max_sigmas, rounded up, log-spaced from sigma_low to sigma_high;
 * then golden section in log sigma between the neighbours of the best one, until its ends are 2 % apart or max_sigmas
 * have been tried. PUBLISHED, to compare with: from s = mean of |x| steps of 0.1, in the units of the input whatever
 * these are, to s + 0.1 or, where J is larger there than at s, to s - 0.1, though J be larger there, too; steps become
 * shorter by a tenth after each that went up, until three followed one another; a fourth ends the walk, and so do 20
 * steps. It compares with where it is, often a worse place than where it was, and so walks to and fro about a minimum.
 * |s - 0.1| is meant: it turns back at 0, and sigma 0 itself, at which the program stops, counts as infinitely bad.
 *
 * report: sigma and objective of the map that is returned (the best of all that were tried, the first of equal ones);
 * samples, standard_errors, error_estimate, baseline_output (mean f at its points) and the completeness fields are as
 * attrib_smoothgrad gives them for it. A J that is no finite number is as bad as can be; where none is finite:
 * UNDEFINED. With UNDEFINED, and in a call that is stopped before the first J is known, attributions are NaN; one
 * stopped later gives the best map so far. There is no trace: no row lies on a path.
 *
 * Row order: f(x); then for each sigma the samples and, with AUPC, by window its fills; each of these waits for the
 * ones before. Cost: at most max_sigmas (20, PUBLISHED 41) times `samples` (150) gradient rows and, with AUPC, as often
 * windows * fills (1,500) rows without gradient; 1 row without gradient. So PUBLISHED may take 6,150 gradients and
 * 61,501 outputs. Own time: for each sigma some passes over the map and, with AUPC, windows * pixels. Memory: seven
 * vectors of n_inputs doubles, of the map's size two (with AUTVC three), with AUPC one of n_inputs of the model's type,
 * and 16 bytes for each window and 8 for each fill.
 *
 * Errors beside the common: ARGUMENT (no shape, or one that reaches beyond the input; AUPC or CLIP without low and
 * high, or an input outside of them; a window larger than the picture; AUTVC of a picture with a side below 44),
 * OVERFLOW (more rows than can be counted). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_adaptive_noising(attrib_context *context, const attrib_model *model,
                                                                   const void *input, int64_t target,
                                                                   const attrib_noising_options *options,
                                                                   double *attributions, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_adaptive_noising_start(attrib_context *context,
                                                                         const attrib_model *model, const void *input,
                                                                         int64_t target,
                                                                         const attrib_noising_options *options,
                                                                         attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
