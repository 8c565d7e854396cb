/* line_models.h - models whose line integrals are known: sums of functions of one input each, whose attribution is what
 * they change by along any path, and networks of one layer of ReLUs, whose gradient changes at known places of a line.
 * Include after fixture.h. */
#ifndef ATTRIB_TESTS_LINE_MODELS_H
#define ATTRIB_TESTS_LINE_MODELS_H

#include "outcome.h"

/* What input i adds to f: weight times h(x_i); the derivative of h is named. */
typedef enum profile_kind {
  PROFILE_LINE,    /* 1 */
  PROFILE_SQUARE,  /* t */
  PROFILE_KINK,    /* |t - center| */
  PROFILE_STEP,    /* 1 behind the center, else 0 */
  PROFILE_SPIKE,   /* a normal density about the center with standard deviation `width` */
  PROFILE_SIGMOID, /* of a logistic function of steepness 1 / width */
  PROFILE_RAMP,    /* 1 / width from the center on for `width`: h is constant elsewhere, its derivative exactly 0 */
  PROFILE_WAVE     /* sin(2 pi t / width): comes to nothing over a whole number of waves */
} profile_kind;

typedef struct profile {
  profile_kind kind;
  double center, width, weight;
} profile;

static const double pi = 3.14159265358979323846;

static inline double profile_value(const profile *p, double t) {
  const double u = t - p->center;
  switch (p->kind) {
    case PROFILE_LINE: return t;
    case PROFILE_SQUARE: return t * t / 2;
    case PROFILE_KINK: return u * fabs(u) / 2;
    case PROFILE_STEP: return u > 0 ? u : 0;
    case PROFILE_SPIKE: return erfc(-u / p->width / sqrt(2)) / 2;
    case PROFILE_SIGMOID: return 1 / (1 + exp(-u / p->width));
    case PROFILE_RAMP: return u < 0 ? 0 : u > p->width ? 1 : u / p->width;
    case PROFILE_WAVE: return -cos(2 * pi * t / p->width) * p->width / (2 * pi);
  }
  return 0;
}

static inline double profile_slope(const profile *p, double t) {
  const double u = t - p->center, e = exp(-fabs(u) / p->width);
  switch (p->kind) {
    case PROFILE_LINE: return 1;
    case PROFILE_SQUARE: return t;
    case PROFILE_KINK: return fabs(u);
    case PROFILE_STEP: return u > 0;
    case PROFILE_SPIKE: return exp(-u / p->width * (u / p->width) / 2) / (p->width * sqrt(2 * pi));
    case PROFILE_SIGMOID: return e / ((1 + e) * (1 + e)) / p->width;
    case PROFILE_RAMP: return u > 0 && u < p->width ? 1 / p->width : 0;
    case PROFILE_WAVE: return sin(2 * pi * t / p->width);
  }
  return 0;
}

/* parameters: profile[n]. */
static inline double f_profiles(const double *x, int64_t n, double *g, const void *parameters) {
  const profile *profiles = parameters;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    f += profiles[i].weight * profile_value(&profiles[i], x[i]);
    if (g != NULL) g[i] = profiles[i].weight * profile_slope(&profiles[i], x[i]);
  }
  return f;
}

/* Input i's attribution, along whatever path. */
static inline double profile_attribution(const profile *p, double from, double to) {
  return p->weight * (profile_value(p, to) - profile_value(p, from));
}

/* One layer of ReLUs: f = sum over k of out_k relu(bias_k + sum over i of in_ki x_i). */
typedef struct relu_net {
  int64_t units;
  double *in, *bias, *out;
} relu_net;

static inline double f_relu_net(const double *x, int64_t n, double *g, const void *parameters) {
  const relu_net *net = parameters;
  double f = 0;
  if (g != NULL) memset(g, 0, (size_t)n * sizeof *g);
  for (int64_t k = 0; k < net->units; k++) {
    double sum = net->bias[k];
    for (int64_t i = 0; i < n; i++) sum += net->in[k * n + i] * x[i];
    if (sum <= 0) continue;
    f += net->out[k] * sum;
    for (int64_t i = 0; i < n && g != NULL; i++) g[i] += net->out[k] * net->in[k * n + i];
  }
  return f;
}

/* Attributions from `from` to `to`: a unit's gradient counts for as long as it is on. */
static inline void relu_net_attributions(const relu_net *net, int64_t n, const double *from, const double *to,
                                         double *attributions) {
  for (int64_t i = 0; i < n; i++) attributions[i] = 0;
  for (int64_t k = 0; k < net->units; k++) {
    double start = net->bias[k], end = net->bias[k];
    for (int64_t i = 0; i < n; i++) start += net->in[k * n + i] * from[i];
    for (int64_t i = 0; i < n; i++) end += net->in[k * n + i] * to[i];
    double on = start > 0 && end > 0 ? 1 : start <= 0 && end <= 0 ? 0 : fmax(start, end) / fabs(end - start);
    for (int64_t i = 0; i < n; i++) attributions[i] += on * net->out[k] * net->in[k * n + i] * (to[i] - from[i]);
  }
}

/* Random, with kinks all along the lines between points of [-1, 1]^n. */
static inline relu_net new_relu_net(uint64_t seed, int64_t n, int64_t units) {
  relu_net net = {.units = units,
                  .in = exact_block((size_t)(units * n) * sizeof(double)),
                  .bias = exact_block((size_t)units * sizeof(double)),
                  .out = exact_block((size_t)units * sizeof(double))};
  fill_random(3 * seed, net.in, units * n);
  fill_random(3 * seed + 1, net.bias, units);
  fill_random(3 * seed + 2, net.out, units);
  return net;
}

static inline void free_relu_net(relu_net *net) {
  free(net->in);
  free(net->bias);
  free(net->out);
}

/* -- calls -------------------------------------------------------------------------------------------------------- */

static inline attrib_ig_options to_tolerance(double tolerance, int64_t max_evaluations) {
  return (attrib_ig_options){.struct_size = sizeof(attrib_ig_options),
                             .rule = ATTRIB_RULE_ADAPTIVE,
                             .tolerance = tolerance,
                             .max_evaluations = max_evaluations};
}

/* To be freed by the caller, as the two that follow. */
static inline outcome integrate_set(const attrib_model *model, const void *input, const attrib_baselines *baselines,
                                    const attrib_ig_options *options) {
  outcome o;
  prepare_outcome(&o, options->n_groups > 0 ? options->n_groups : model->n_inputs);
  int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  o.status = attrib_integrated_gradients(NULL, model, input, target, baselines, options, o.phi, &o.report);
  return o;
}

static inline outcome integrate_path(const attrib_model *model, const attrib_path *path,
                                     const attrib_ig_options *options) {
  outcome o;
  prepare_outcome(&o, options->n_groups > 0 ? options->n_groups : model->n_inputs);
  o.status = attrib_path_gradients(NULL, model, 0, path, options, o.phi, &o.report);
  return o;
}

/* f_profiles in double from all 0 to all 1, where every input is alpha. */
static inline outcome integrate_profiles(const profile *profiles, int64_t n, const attrib_ig_options *options) {
  const analytic_fn function = f_profiles;
  analytic a;
  attrib_model model = single_model(&a, &function, ATTRIB_F64, n, profiles);
  double *ends = exact_block((size_t)(2 * n) * sizeof *ends);
  for (int64_t i = 0; i < 2 * n; i++) ends[i] = i < n ? 0 : 1;
  attrib_baselines set = one_baseline(ends);
  outcome o = integrate_set(&model, ends + n, &set, options);
  assert_int_equal(o.report.evaluations, atomic_load(&a.gradient_rows));
  assert_int_equal(o.report.output_evaluations, 0);
  free(ends);
  return o;
}

static inline double length_of(const double *values, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += values[i] * values[i];
  return sqrt(sum);
}

/* |actual - expected| / |expected|. */
static inline double distance_to(const double *actual, const double *expected, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (actual[i] - expected[i]) * (actual[i] - expected[i]);
  return sqrt(sum) / length_of(expected, n);
}

/* Whether what is certified meets its tolerance; in no case it is far off. */
static inline bool meets_tolerance(const outcome *o, const double *expected, double tolerance) {
  assert_outcome(*o, ATTRIB_OK);
  double error = distance_to(o->phi, expected, o->count) / tolerance;
  assert_true(error <= 1.3);
  return error <= 1;
}

/* True relative error of what integrate_profiles gave. */
static inline double profiles_error(const profile *profiles, const outcome *o) {
  double *expected = exact_block((size_t)o->count * sizeof *expected);
  for (int64_t i = 0; i < o->count; i++) expected[i] = profile_attribution(&profiles[i], 0, 1);
  double error = distance_to(o->phi, expected, o->count);
  free(expected);
  return error;
}

/* What every report of the adaptive rule says. */
static inline void check_adaptive_report(const outcome *o, const attrib_ig_options *options) {
  const attrib_report *r = &o->report;
  assert_int_equal(r->rule, ATTRIB_RULE_ADAPTIVE);
  assert_true(options->round_rows > 0 ? r->round_rows == options->round_rows : r->round_rows > 0);
  assert_true(r->tolerance == (options->tolerance > 0 ? options->tolerance : 0.05));
  assert_int_equal(r->points, r->evaluations);
  if (options->max_evaluations > 0) assert_true(r->evaluations <= options->max_evaluations);
  assert_true(r->error_estimate >= 0);
  bool met = r->stop_reason == ATTRIB_STOP_TOLERANCE;
  assert_int_equal(o->status, met ? ATTRIB_OK : ATTRIB_NOT_CONVERGED);
  if (options->absolute_tolerance == 0) assert_int_equal(r->error_estimate <= r->tolerance, met);
  assert_int_equal(o->message[0] == '\0', met);
  double sum = 0, scale = 0;
  for (int64_t i = 0; i < o->count; i++) sum += o->phi[i];
  for (int64_t i = 0; i < o->count; i++) scale += fabs(o->phi[i]);
  assert_near(r->attribution_sum, sum, ROUND_OFF, scale);
}

#endif
