/* difference_first.c - see difference_first.h. */
#include "difference_first.h"

#include <math.h>
#include <string.h>

#include <attrib/model.h>

enum { ENDS = 2, NEAR = ATTRIB__NOISE_MOST_VALUES, FAR = NEAR - 1, HALF = NEAR / 2 };

double attrib__difference_first_alpha(uint32_t dtype, int64_t row) {
  const double near = dtype == ATTRIB_F32 ? 0x1p-17 : 0x1p-46, far = dtype == ATTRIB_F32 ? 0x1p-7 : 0x1p-16;
  if (row < ENDS) return (double)row;
  row -= ENDS;
  if (row < NEAR) return 0.5 + (double)(row - HALF) * near;
  row -= NEAR;
  return 0.5 + (double)(row < HALF ? row - HALF : row - HALF + 1) * far;
}

static double spread_of(double a, double b, double c) {
  return fmax(a, fmax(b, c)) - fmin(a, fmin(b, c));
}

double attrib__difference_step(double noise, double change) {
  double step = ATTRIB__MOST_STEP;
  while (step > ATTRIB__LEAST_STEP && step * step * change > noise) step /= 2;
  return step;
}

/* 0 where the points are too near one another, or there is none. */
static double noise_of(const double values[NEAR]) {
  double noise;
  return attrib__ecnoise(values, NEAR, &noise) == ATTRIB__NOISE_STEPS ? 0 : noise;
}

attrib__difference_found attrib__difference_conclude(uint32_t dtype, const double outputs[ATTRIB__FIRST_ROWS],
                                                     double rounding) {
  const double *near = outputs + ENDS, *beyond = near + NEAR, middle = near[HALF];
  double far[NEAR], least = 0;
  attrib__difference_found found = {.noise = noise_of(near)};
  memcpy(far, beyond, HALF * sizeof *far);
  far[HALF] = middle;
  memcpy(far + HALF + 1, beyond + HALF, HALF * sizeof *far);
  for (int64_t k = 0; k < ATTRIB__FIRST_ROWS; k++) least = fmax(least, fabs(outputs[k]) * 0x1p-53);
  if (found.noise == 0) found.noise = noise_of(far);
  const double change = spread_of(outputs[0], outputs[1], middle);
  found.noise = fmax(found.noise, fmax(least, rounding * change));
  const double size = least * 0x1p53, sums = size * (dtype == ATTRIB_F32 ? 0x1p-24 : 0x1p-53);
  found.step = change > 0 ? attrib__difference_step(found.noise, change)
                          : attrib__difference_step(fmax(found.noise, sums), size);
  if (least > 0) {
    frexp(least, &found.scale);
    found.scale += 53;
  }
  return found;
}
