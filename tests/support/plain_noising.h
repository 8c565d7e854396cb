/* plain_noising.h - adaptive noising in plain loops, over any function that gives f and its gradient: what tests hold
 * the library against. Of the library it uses random numbers alone, which are documented as part of a result: the same
 * seed must mean the same draws (golden numbers hold them), and another generator could not say what the map of a seed
 * is. */
#ifndef ATTRIB_TESTS_PLAIN_NOISING_H
#define ATTRIB_TESTS_PLAIN_NOISING_H

#include <attrib/attrib.h>

/* f at x and, where gradient is not NULL, its gradient. */
typedef double (*plain_fn)(void *user, const double *x, double *gradient);

typedef struct plain_noising {
  uint32_t dtype; /* that points are rounded to */
  int64_t n;
  const double *input; /* of values of dtype */
  plain_fn look;
  void *user;
  attrib_noising_options options; /* every default spelled out, samples of whole pairs */
  attrib_image shape;             /* strides spelled out */
  /* what it came to: */
  double *best; /* n: the map of the best sigma; the caller's */
  double best_sigma, best_objective;
  double best_mean; /* of f at its points */
  int64_t sigmas;   /* tried */
  int64_t windows;  /* filled at all of them */
} plain_noising;

/* The search, up to `most` sigmas (0 = to its end). */
void plain_noising_search(plain_noising *p, int64_t most);

#endif
