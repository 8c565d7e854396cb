/* statistics.h - what tests of random results compare with: naive formulas in long double, and distances between what
 * was drawn and the distribution it should have. Seeds are fixed, so a test passes or fails for good; bounds are those
 * that one right implementation in about ten thousand would miss. Include after fixture.h. */
#ifndef ATTRIB_TESTS_STATISTICS_H
#define ATTRIB_TESTS_STATISTICS_H

#include "fixture.h"

/* How far out a normal number may be. */
#define MOST_SIGMAS 4.0

/* A sum of n terms in double is off by no more than n rounding errors of the stated scale. */
static inline double sum_round_off(int64_t n) {
  return (double)(n + 16) * DBL_EPSILON;
}

static inline double mean_of(const double *values, int64_t n) {
  long double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (long double)values[i];
  return (double)(sum / (long double)n);
}

/* Sum of squared deviations from the mean, in two passes. */
static inline double squares_of(const double *values, int64_t n) {
  long double mean = 0, sum = 0;
  for (int64_t i = 0; i < n; i++) mean += (long double)values[i];
  mean /= (long double)n;
  for (int64_t i = 0; i < n; i++) sum += ((long double)values[i] - mean) * ((long double)values[i] - mean);
  return (double)sum;
}

/* Sample standard deviation / sqrt(n). */
static inline double error_of(const double *values, int64_t n) {
  return (double)sqrtl((long double)squares_of(values, n) / ((long double)n * (long double)(n - 1)));
}

static inline double largest_of(const double *values, int64_t n) {
  double most = 0;
  for (int64_t i = 0; i < n; i++) most = fmax(most, fabs(values[i]));
  return most;
}

/* The mean is that of the distribution: within MOST_SIGMAS of its standard errors. */
#define assert_unbiased(values, n, expected) check_unbiased((values), (n), (expected), __FILE__, __LINE__)

static inline void check_unbiased(const double *values, int64_t n, double expected, const char *file, int line) {
  double mean = mean_of(values, n), error = error_of(values, n);
  if (fabs(mean - expected) <= MOST_SIGMAS * error) return;
  print_error("mean %.9g of %" PRId64 " is %.2f standard errors from %.9g\n", mean, n, (mean - expected) / error,
              expected);
  _fail(file, line);
}

static inline int compare_doubles(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static inline double *sorted_copy(const double *values, int64_t n) {
  double *sorted = exact_copy(values, (size_t)n * sizeof *values);
  qsort(sorted, (size_t)n, sizeof *sorted, compare_doubles);
  return sorted;
}

/* Kolmogorov and Smirnov: sqrt(n) times the largest distance between the empirical cdf and the uniform one, or that of
 * N(0, 1). One in ten thousand exceeds 2.23. */
#define KOLMOGOROV 2.23

static inline double normal_cdf(double z) {
  return erfc(-z / sqrt(2)) / 2;
}

static inline double uniform_cdf(double u) {
  return u < 0 ? 0 : u > 1 ? 1 : u;
}

static inline double kolmogorov(const double *values, int64_t n, double (*cdf)(double)) {
  double *sorted = sorted_copy(values, n), most = 0;
  for (int64_t i = 0; i < n; i++) {
    double p = cdf(sorted[i]);
    most = fmax(most, fmax(p - (double)i / (double)n, (double)(i + 1) / (double)n - p));
  }
  free(sorted);
  return most * sqrt((double)n);
}

/* sum of (count - expected)^2 / expected over cells that are equally likely. */
static inline double chi_square(const int64_t *counts, int64_t cells, double expected) {
  double sum = 0;
  for (int64_t k = 0; k < cells; k++) sum += ((double)counts[k] - expected) * ((double)counts[k] - expected) / expected;
  return sum;
}

/* What chi-square with that many degrees of freedom exceeds once in ten thousand, by Wilson and Hilferty. */
static inline double chi_square_bound(int64_t freedom) {
  double part = 2 / (9 * (double)freedom), root = 1 - part + 3.72 * sqrt(part);
  return (double)freedom * root * root * root;
}

/* The fewest of n trials that hold with probability p each, once in ten thousand. */
static inline double fewest_of(int64_t n, double p) {
  return (double)n * p - 3.72 * sqrt((double)n * p * (1 - p)) - 0.5;
}

#endif
