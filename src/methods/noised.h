/* noised.h - points about an input, with normal noise on every element. The same draws for every sigma, so that results
 * for two of them differ by sigma alone. */
#ifndef ATTRIB_SRC_NOISED_H
#define ATTRIB_SRC_NOISED_H

#include "../model/range.h"

typedef struct attrib__noised {
  uint32_t dtype;
  int64_t n, members; /* members of a draw: 2 for a pair e, -e; 1 */
  const void *input;
  uint64_t seed;
  double sigma;        /* 0: the points are the input */
  attrib__range range; /* points are clipped to */
} attrib__noised;

/* E_OVERFLOW where inputs from low to high with the noise of sigma may leave the range of the model's dtype; E_ARGUMENT
 * where the model has more inputs than noise is for. */
attrib_status attrib__noised_check(attrib_context *context, const attrib_model *model, double low, double high,
                                   double sigma);

/* Writes point number `sample`, from 0. Element i of it depends on (seed, draw, i) and the input alone. */
void attrib__noised_place(const attrib__noised *noised, int64_t sample, void *point);

/* Mean of f over whole draws, of points that come in order. Zeros at the start. */
typedef struct attrib__noised_output {
  int64_t taken; /* points */
  double mean, held;
} attrib__noised_output;
void attrib__noised_output_add(attrib__noised_output *output, int64_t members, double value);

#endif
