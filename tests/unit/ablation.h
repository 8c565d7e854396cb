/* ablation.h - an ablation with random arguments, and the same by plain loops: for the tests of metrics. Include after
 * fixture.h. */
#ifndef ATTRIB_TESTS_ABLATION_H
#define ATTRIB_TESTS_ABLATION_H

#include "fixture.h"

enum { WIDTH = 4, HEIGHT = 3, CHANNELS = 2, N = WIDTH * HEIGHT * CHANNELS, GROUPS = 7, ROWS = 3, OUTPUTS = 3 };

static inline double f_squares(const double *x, int64_t n, double *g, const void *p) {
  const double *w = p;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    f += w[i] * x[i] * x[i];
    if (g != NULL) g[i] = 2 * w[i] * x[i];
  }
  return f;
}

static const analytic_fn ablated_functions[OUTPUTS] = {f_waves, f_linear, f_squares};
static const attrib_image hwc = {.struct_size = sizeof hwc, .width = WIDTH, .height = HEIGHT, .channels = CHANNELS};
static const attrib_image chw = {.struct_size = sizeof chw,
                                 .width = WIDTH,
                                 .height = HEIGHT,
                                 .channels = CHANNELS,
                                 .x_stride = 1,
                                 .y_stride = WIDTH,
                                 .channel_stride = WIDTH * HEIGHT};

typedef struct ablation_case {
  analytic analytic;
  attrib_model model;
  double parameters[N], x[N], rows[ROWS][N], weights[ROWS], target_weights[OUTPUTS]; /* x, rows: as dtype holds them */
  double scores[N];
  int32_t groups[N];
  void *input, *memory; /* memory: rows */
  int64_t target, units;
  attrib_baselines set;
  attrib_ablation_options options;
} ablation_case;

static inline int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  const ablation_case *c = user;
  const size_t size = N * (c->analytic.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)c->memory + (size_t)index * size, size);
  return 0;
}

/* Numbers that dtype holds. */
static inline void fill_row(uint64_t seed, uint32_t dtype, double *values) {
  fill_random(seed, values, N);
  for (int64_t i = 0; i < N; i++) {
    volatile float single = (float)values[i];
    if (dtype == ATTRIB_F32) values[i] = (double)single;
  }
}

/* Single inputs, no flags, one replacement in memory; the caller changes what it likes. */
static inline void open_ablation(ablation_case *c, uint64_t seed, uint32_t dtype) {
  *c = (ablation_case){.units = N, .options = {.struct_size = sizeof c->options}};
  fill_random(seed * 100, c->parameters, N);
  c->analytic = (analytic){
      .functions = ablated_functions, .n_outputs = OUTPUTS, .n_inputs = N, .parameters = c->parameters, .dtype = dtype};
  c->model = analytic_model(&c->analytic);
  fill_row(seed * 100 + 1, dtype, c->x);
  fill_random(seed * 100 + 2, c->scores, N);
  const size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  c->memory = exact_block(ROWS * N * size);
  for (int64_t k = 0; k < ROWS; k++) {
    fill_row(seed * 100 + 3 + (uint64_t)k, dtype, c->rows[k]);
    void *row = as_row(dtype, c->rows[k], N);
    memcpy((char *)c->memory + (size_t)(k * N) * size, row, N * size);
    free(row);
  }
  const double weights[ROWS] = {1, 0, 3}, target_weights[OUTPUTS] = {.5, -1, 2};
  memcpy(c->weights, weights, sizeof weights);
  memcpy(c->target_weights, target_weights, sizeof target_weights);
  for (int64_t i = 0; i < N; i++) c->groups[i] = (int32_t)(i * i % GROUPS); /* 0 1 4 2 2 4 1 ...: 3, 5, 6 are empty */
  c->input = as_row(dtype, c->x, N);
  c->set = (attrib_baselines){.struct_size = sizeof c->set, .count = 1, .rows = c->memory};
}

static inline void close_ablation(ablation_case *c) {
  free(c->input);
  free(c->memory);
}

static inline void use_shape(ablation_case *c, const attrib_image *shape) {
  c->options.shape = shape;
  c->units = (int64_t)WIDTH * HEIGHT;
}

static inline void use_unit_groups(ablation_case *c) {
  c->options.groups = c->groups;
  c->options.n_groups = c->units = GROUPS;
}

/* -- by plain loops -- */

static inline int64_t plain_unit(const attrib_image *shape, const int32_t *groups, int64_t i) {
  if (groups != NULL) return groups[i];
  if (shape == NULL) return i;
  return shape->x_stride == 0 ? i / CHANNELS : i % (WIDTH * HEIGHT);
}

static inline void plain_scores(const attrib_image *shape, const int32_t *groups, uint32_t flags, const double *scores,
                                int64_t units, double *sums) {
  for (int64_t u = 0; u < units; u++) sums[u] = 0;
  for (int64_t i = 0; i < N; i++) sums[plain_unit(shape, groups, i)] += scores[i];
  for (int64_t u = 0; u < units; u++) {
    if (flags & ATTRIB_METRIC_UNIT_SCORES) sums[u] = scores[u];
    if (flags & ATTRIB_METRIC_ABSOLUTE) sums[u] = fabs(sums[u]);
  }
}

/* Whether fewer than `count` units come before this one. */
static inline bool plain_first(const double *sums, int64_t units, bool lowest, int64_t u, int64_t count) {
  int64_t before = 0;
  for (int64_t v = 0; v < units; v++)
    before += lowest ? sums[v] < sums[u] || (sums[v] == sums[u] && v < u)
                     : sums[v] > sums[u] || (sums[v] == sums[u] && v < u);
  return before < count;
}

static inline double plain_response(const ablation_case *c, uint32_t flags, int64_t target,
                                    const double *target_weights, const double *x) {
  double outputs[OUTPUTS], sum = 0, f = 0;
  int64_t best = 0;
  for (int64_t k = 0; k < OUTPUTS; k++) {
    outputs[k] = ablated_functions[k](x, N, NULL, c->parameters);
    if (outputs[k] > outputs[best]) best = k;
  }
  if (flags & ATTRIB_METRIC_ACCURACY) return best == target ? 1 : 0;
  for (int64_t k = 0; k < OUTPUTS; k++) {
    if (flags & ATTRIB_METRIC_SOFTMAX) outputs[k] = exp(outputs[k]);
    sum += outputs[k];
  }
  for (int64_t k = 0; k < OUTPUTS; k++) f += (target_weights != NULL ? target_weights[k] : k == target) * outputs[k];
  return flags & ATTRIB_METRIC_SOFTMAX ? f / sum : f;
}

#endif
