#include "analytic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double relu(double x) {
  return x > 0 ? x : 0;
}

static double step(double x) {
  return x > 0 ? 1 : 0;
}

double f_product(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = x[1];
    g[1] = x[0];
  }
  return x[0] * x[1];
}

double f_linear(const double *x, int64_t n, double *g, const void *p) {
  const double *w = p;
  double f = 0;
  for (int64_t i = 0; i < n; i++) f += w[i] * x[i];
  if (g != NULL) memcpy(g, w, (size_t)n * sizeof *g);
  return f;
}

double f_quadratic(const double *x, int64_t n, double *g, const void *p) {
  const double *a = p;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    double row = 0;
    for (int64_t j = 0; j < n; j++) row += a[i * n + j] * x[j];
    if (g != NULL) g[i] = row;
    f += x[i] * row / 2;
  }
  return f;
}

double f_chain(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = x[1];
    g[1] = x[0] + x[2];
    g[2] = x[1];
  }
  return x[0] * x[1] + x[1] * x[2];
}

double f_max(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  int first = x[0] >= x[1];
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[first ? 0 : 1] = 1;
  }
  return first ? x[0] : x[1];
}

double f_saturating(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = step(1 - x[0]);
  }
  return 1 - relu(1 - x[0]);
}

double f_relu_a(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double inner = relu(x[0]) - 1 - relu(x[1]);
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = step(inner) * step(x[0]);
    g[1] = -step(inner) * step(x[1]);
  }
  return relu(inner);
}

double f_relu_b(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double inner = relu(x[0] - 1) - relu(x[1]);
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = step(inner) * step(x[0] - 1);
    g[1] = -step(inner) * step(x[1]);
  }
  return relu(inner);
}

double f_cube(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  if (g != NULL) {
    memset(g, 0, (size_t)n * sizeof *g);
    g[0] = 3 * x[0] * x[0];
  }
  return x[0] * x[0] * x[0];
}

double f_waves(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double f = 0;
  if (g != NULL) memset(g, 0, (size_t)n * sizeof *g);
  for (int64_t i = 0; i < n; i++) {
    double phase = (double)i + x[i], next = i + 1 < n ? x[i + 1] : 1;
    f += sin(phase) * next;
    if (g == NULL) continue;
    g[i] += cos(phase) * next;
    if (i + 1 < n) g[i + 1] += sin(phase);
  }
  return f;
}

void *as_row(uint32_t dtype, const double *values, int64_t n) {
  size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  void *row = malloc((size_t)n * size);
  if (row == NULL) abort();
  for (int64_t i = 0; i < n; i++) {
    if (dtype == ATTRIB_F32)
      ((float *)row)[i] = (float)values[i];
    else
      ((double *)row)[i] = values[i];
  }
  return row;
}

static double get(const attrib_batch *b, int64_t r, int64_t i) {
  int64_t k = r * b->input_stride + i;
  return b->dtype == ATTRIB_F32 ? (double)((const float *)b->inputs)[k] : ((const double *)b->inputs)[k];
}

static void put(const attrib_batch *b, int64_t r, int64_t i, double value) {
  int64_t k = r * b->gradient_stride + i;
  if (b->dtype == ATTRIB_F32)
    ((float *)b->gradients)[k] = (float)value;
  else
    ((double *)b->gradients)[k] = value;
}

static int sound(const attrib_batch *b, const analytic *a) {
  int gradients = (b->flags & ATTRIB_BATCH_GRADIENTS) != 0, all = (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  if (b->struct_size < sizeof *b || !(b->flags & ATTRIB_BATCH_OUTPUTS) || b->rows < 1) return 0;
  if (b->n_inputs != a->n_inputs || b->dtype != a->dtype || b->input_stride < b->n_inputs) return 0;
  if (gradients != (b->gradients != NULL) || b->outputs == NULL || b->row_ids == NULL) return 0;
  if (!all && b->target_weights == NULL && (b->target < 0 || b->target >= a->n_outputs)) return 0;
  for (int64_t r = 1; r < b->rows; r++)
    if (b->row_ids[r] != b->row_ids[r - 1] + 1) return 0;
  return 1;
}

static void evaluate_row(const attrib_batch *b, const analytic *a, int64_t r, double *x, double *g, double *sum) {
  int gradients = (b->flags & ATTRIB_BATCH_GRADIENTS) != 0, all = (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  double f = 0;
  for (int64_t i = 0; i < b->n_inputs; i++) x[i] = get(b, r, i);
  memset(sum, 0, (size_t)b->n_inputs * sizeof *sum);
  for (int64_t k = 0; k < a->n_outputs; k++) {
    double weight = b->target_weights != NULL ? b->target_weights[k] : k == b->target;
    if (!all && weight == 0) continue;
    double value = a->functions[k](x, b->n_inputs, gradients ? g : NULL, a->parameters);
    if (all) b->outputs[r * b->output_stride + k] = value;
    f += weight * value;
    for (int64_t i = 0; gradients && i < b->n_inputs; i++) sum[i] += weight * g[i];
  }
  if (!all) b->outputs[r * b->output_stride] = f;
  for (int64_t i = 0; gradients && i < b->n_inputs; i++) put(b, r, i, sum[i]);
}

int32_t ATTRIB_CALL analytic_evaluate(const attrib_batch *b, void *user) {
  analytic *a = user;
  int busy = atomic_fetch_add(&a->busy, 1) + 1;
  int most = atomic_load(&a->most_busy);
  while (busy > most && !atomic_compare_exchange_weak(&a->most_busy, &most, busy)) {
  }
  atomic_fetch_add(&a->calls, 1);
  atomic_fetch_add(&a->rows, b->rows);
  if (b->flags & ATTRIB_BATCH_GRADIENTS) atomic_fetch_add(&a->gradient_rows, b->rows);
  int32_t status = -99;
  double *scratch = malloc(3 * (size_t)b->n_inputs * sizeof *scratch);
  if (scratch != NULL && sound(b, a)) {
    for (int64_t r = 0; r < b->rows; r++)
      evaluate_row(b, a, r, scratch, scratch + b->n_inputs, scratch + 2 * b->n_inputs);
    status = 0;
  }
  free(scratch);
  atomic_fetch_sub(&a->busy, 1);
  return status;
}

attrib_model analytic_model(analytic *a) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = a->dtype,
                        .n_inputs = a->n_inputs,
                        .n_outputs = a->n_outputs,
                        .evaluate = analytic_evaluate,
                        .user = a};
}
