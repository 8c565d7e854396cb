/* attrib/baselines.h - reference rows: sets of them, and generators.
 *
 * A baseline says what "absent" means, and the answer depends on it; the library never picks one. A feature that equals
 * its baseline gets exactly 0 whatever it does in the model: black is blind to black.
 *
 * Generators write one row of n elements of dtype in the units the model is fed (if the model is fed normalised pixels,
 * "black" is -mean/std, not 0). context may be NULL; it carries the message. Image generators (a colour per channel,
 * blur) are in image.h. Generators cost no model rows. */
#ifndef ATTRIB_BASELINES_H
#define ATTRIB_BASELINES_H

#include "context.h"
#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes row `index` (n_inputs elements of the model's dtype) and returns 0; > 0 stops the call as CANCELLED with the
 * rows before it, < 0 fails it. Never called by two threads at once, though with workers > 1 from any of them; may be
 * called more than once for an index and must give the same bits. */
typedef int32_t(ATTRIB_CALL *attrib_baseline_fn)(int64_t index, void *row, void *user);

/* A set of reference rows: in memory (`rows`) or made on demand (`fetch`), never both. Read during the call; an
 * attrib_run refers to rows, weights and fetch_user until it is destroyed. Rows must be finite. */
typedef struct attrib_baselines {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t count;               /* >= 1 */
  int64_t stride;              /* elements from one row to the next; 0 = n_inputs; 0 with fetch */
  const void *rows;            /* count x n_inputs, dtype; NULL = fetch */
  const double *weights;       /* count, finite, >= 0, normalised by their sum; NULL = equal; weight 0 = left out */
  attrib_baseline_fn fetch;
  void *fetch_user;
} attrib_baselines;

/* attrib_noise.kind. The clipped gaussian puts the tails on the bounds (as published code does), so it does not tend to
 * the uniform as sigma grows; the truncated one (drawn by inverse CDF) does. */
enum { ATTRIB_NOISE_UNIFORM = 1, ATTRIB_NOISE_GAUSSIAN_CLIPPED = 2, ATTRIB_NOISE_GAUSSIAN_TRUNCATED = 3 };

/* Random reference rows without keeping any: give attrib_noise_fetch as `fetch` and this as `fetch_user`.
 * UNIFORM: independent U(low, high) per element; sigma and around must be 0 and NULL.
 * GAUSSIAN_*: around + sigma N(0, 1) per element, clipped to or truncated at [low, high]. sigma in the units of the
 * input, >= 0; the default of the literature is 1 on inputs in [-1, 1]. The centre may lie outside of [low, high].
 * A set of them is its first `count` rows, and results are about these; for the distribution itself give a count far
 * above the rows that are used. Element i of row `index` depends on (seed, index, i) alone: Philox4x32-10, never on the
 * order or number of calls. */
typedef struct attrib_noise {
  uint32_t struct_size, flags, dtype, kind; /* flags: 0 */
  int64_t n_inputs;
  uint64_t seed;
  double low, high, sigma; /* low < high */
  const void *around;      /* n_inputs, dtype: centre of the gaussian, finite */
  const void *reserved;    /* NULL */
} attrib_noise;

/* An attrib_baseline_fn; `noise` is a const attrib_noise *. Thread-safe. Returns 0, or an attrib_status < 0 for a wrong
 * noise, row or index (a call that is given it as `fetch` checks it first, with a message). */
ATTRIB_API int32_t ATTRIB_CALL attrib_noise_fetch(int64_t index, void *row, void *noise);

/* Checks a noise without drawing. Errors: ARGUMENT, STRUCT; the message names the field. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_noise_check(attrib_context *context, const attrib_noise *noise);

/* Fills the row with one value ("black" = the low end of the range). A colour per channel: attrib_image_fill.
 * Errors: ARGUMENT (value not finite, or not within dtype's range). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_fill(attrib_context *context, uint32_t dtype, int64_t n,
                                                                double value, void *row);

/* For each element, the end of [low, high] farther from the input: high where input < (low + high) / 2, else low.
 * Errors: ARGUMENT, NONFINITE (input). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_max_distance(attrib_context *context, uint32_t dtype,
                                                                        int64_t n, const void *input, double low,
                                                                        double high, void *row);

/* Weighted mean of a set, element by element, summed in double in index order. Fetches each row of positive weight
 * once. Scratch: 2 n doubles and one row. Errors: ARGUMENT, STRUCT, MEMORY, NONFINITE, CALLBACK (fetch failed or
 * stopped), OVERFLOW.
 */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_baseline_mean(attrib_context *context, uint32_t dtype, int64_t n,
                                                                const attrib_baselines *set, void *row);

#ifdef __cplusplus
}
#endif
#endif
