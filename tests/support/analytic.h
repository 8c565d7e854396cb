/* analytic.h - models in closed form for tests, behind the same callback as a user's, in either element type. */
#ifndef ATTRIB_TESTS_ANALYTIC_H
#define ATTRIB_TESTS_ANALYTIC_H

#include <stdatomic.h>

#include <attrib/attrib.h>

/* f(x) and, where gradient is not NULL, its gradient. `parameters` is the analytic's. */
typedef double (*analytic_fn)(const double *x, int64_t n, double *gradient, const void *parameters);

/* outputs[k] are functions[k]; a weighted target is their weighted sum. Counts what it was asked for, and checks the
 * batch against the contract of model.h: a breach returns -99. */
typedef struct analytic {
  const analytic_fn *functions;
  int64_t n_outputs, n_inputs;
  const void *parameters;
  uint32_t dtype;
  atomic_llong calls, rows, gradient_rows;
  atomic_int busy; /* calls under way now */
  atomic_int most_busy;
} analytic;

int32_t ATTRIB_CALL analytic_evaluate(const attrib_batch *batch, void *analytic);

/* An attrib_model over an analytic, all flags set. */
attrib_model analytic_model(analytic *a);

/* Values as elements of dtype in a malloc of exactly that size; the caller frees. */
void *as_row(uint32_t dtype, const double *values, int64_t n);

/* x1 x2; sum of w_i x_i (parameters: double[n]); x'Ax/2 (parameters: double[n*n], symmetric); x1 x2 + x2 x3;
 * max(x1, x2), the first on a tie; 1 - relu(1 - x1); relu(relu(x1) - 1 - relu(x2)); relu(relu(x1 - 1) - relu(x2));
 * x1^3; sum of sin(i + x_i) x_{i+1}: smooth, mixes neighbours, any n. */
double f_product(const double *x, int64_t n, double *g, const void *p);
double f_linear(const double *x, int64_t n, double *g, const void *p);
double f_quadratic(const double *x, int64_t n, double *g, const void *p);
double f_chain(const double *x, int64_t n, double *g, const void *p);
double f_max(const double *x, int64_t n, double *g, const void *p);
double f_saturating(const double *x, int64_t n, double *g, const void *p);
double f_relu_a(const double *x, int64_t n, double *g, const void *p);
double f_relu_b(const double *x, int64_t n, double *g, const void *p);
double f_cube(const double *x, int64_t n, double *g, const void *p);
double f_waves(const double *x, int64_t n, double *g, const void *p);

#endif
