/* noised.c - see noised.h. */
#include "noised.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../random/normal.h"
#include "../random/philox.h"
#include "../rows/rows.h"

/* No draw of the noise is farther out: the normal quantile of 2^-53, rounded up. */
static const double most_sigmas = 8.3;

attrib_status attrib__noised_check(attrib_context *context, const attrib_model *model, double low, double high,
                                   double sigma) {
  if (model->n_inputs > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "model->n_inputs = %" PRId64 ": noise is for at most %" PRId64,
                        model->n_inputs, ATTRIB__RANDOM_ELEMENTS);
  double most = model->dtype == ATTRIB_F32 ? (double)FLT_MAX : DBL_MAX;
  if (most_sigmas * sigma <= most - fmax(fabs(low), fabs(high))) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "sigma = %g on inputs from %g to %g leaves the range of the model's dtype", sigma, low, high);
}

void attrib__noised_place(const attrib__noised *noised, int64_t sample, void *point) {
  if (noised->sigma == 0) {
    memcpy(point, noised->input, (size_t)noised->n * attrib__element_size(noised->dtype));
    return;
  }
  uint64_t draw = (uint64_t)(sample / noised->members);
  double sigma = sample % noised->members == 0 ? noised->sigma : -noised->sigma;
  double values[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < noised->n; begin += ATTRIB__BLOCK) {
    int64_t n = attrib__block_length(begin, noised->n);
    attrib__random_uniforms(noised->seed, ATTRIB__STREAM_SMOOTHING, draw, begin, n, uniforms);
    attrib__rows_load(noised->dtype, noised->input, begin, n, values);
    for (int64_t i = 0; i < n; i++)
      values[i] = attrib__range_clip(&noised->range, values[i] + sigma * attrib__normal_quantile(uniforms[i]));
    attrib__rows_store(noised->dtype, point, begin, n, values);
  }
}

void attrib__noised_output_add(attrib__noised_output *output, int64_t members, double value) {
  if (output->taken++ % members == 0) output->held = 0;
  output->held += value / (double)members;
  if (output->taken % members != 0) return;
  const int64_t draws = output->taken / members;
  output->mean += (output->held - output->mean) / (double)draws;
}
