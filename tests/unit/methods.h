/* methods.h - one call of every kind, for what must hold of all of them. */
#ifndef ATTRIB_TESTS_METHODS_H
#define ATTRIB_TESTS_METHODS_H

#include "drive.h"

enum { METHOD_BASELINES = 3, METHOD_KNOTS = 4, METHOD_FIRST_ADAPTIVE = 17 };

/* Adaptive integrals and sampling methods, by number. All of the former meet their tolerance; so do the latter that
 * have one, after three doublings or more. */
enum {
  METHOD_ADAPTIVE_DEFAULT = METHOD_FIRST_ADAPTIVE, /* no options at all */
  METHOD_ADAPTIVE_NODES,                           /* a few cuts */
  METHOD_ADAPTIVE_PANELS,                          /* panels from the start on */
  METHOD_ADAPTIVE_FETCHED,                         /* nodes, then panels; fetched */
  METHOD_ADAPTIVE_MEAN,
  METHOD_ADAPTIVE_GROUPS,
  METHOD_ADAPTIVE_TARGET_WEIGHTS,
  METHOD_ADAPTIVE_KNOTS,
  METHOD_ADAPTIVE_CURVE,
  METHOD_ADAPTIVE_POOL,      /* weighted */
  METHOD_ADAPTIVE_POOL_MANY, /* fetched; more levels than panels */
  METHOD_ADAPTIVE_POOLED,    /* of expected gradients */
  METHOD_FIRST_SAMPLED,
  METHOD_EG_IID = METHOD_FIRST_SAMPLED,
  METHOD_EG_STRATIFIED,
  METHOD_EG_LATTICE_ONCE, /* a draw for every baseline */
  METHOD_EG_LATTICE_TWICE,
  METHOD_EG_DEFAULT,
  METHOD_EG_IID_ROUNDS,
  METHOD_EG_STRATIFIED_ROUNDS,
  METHOD_EG_LATTICE_ROUNDS,
  METHOD_EG_CHANGED, /* strata, and then a lattice of many baselines */
  METHOD_EG_WEIGHTED,
  METHOD_EG_FETCHED,
  METHOD_EG_NOISE,
  METHOD_EG_GROUPS,
  METHOD_EG_TARGET_WEIGHTS,
  METHOD_EG_MEAN_GRADIENT,
  METHOD_SMOOTH_PAIRS,
  METHOD_SMOOTH_INDEPENDENT,
  METHOD_SMOOTH_SQUARED,
  METHOD_SMOOTH_VARIANCE,
  METHOD_SMOOTH_VARIANCE_GROUPS,
  METHOD_SMOOTH_TIMES_INPUT,
  METHOD_SMOOTH_TAYLOR,
  METHOD_SMOOTH_CLIPPED,
  METHOD_SMOOTH_ROUNDS,
  METHOD_SMOOTH_GROUPS,
  METHOD_SMOOTH_CONSTANT,
  METHOD_COUNT
};

static inline bool method_is_adaptive(int which) {
  return which >= METHOD_FIRST_ADAPTIVE && which < METHOD_FIRST_SAMPLED;
}

static inline bool method_has_tolerance(int which) {
  return method_is_adaptive(which) || which == METHOD_EG_IID_ROUNDS || which == METHOD_EG_STRATIFIED_ROUNDS ||
         which == METHOD_EG_LATTICE_ROUNDS || which == METHOD_EG_CHANGED || which == METHOD_SMOOTH_ROUNDS;
}

typedef struct method_case {
  const char *name;
  call call;
  int64_t attributions; /* their number */
  analytic model;
  double *parameters;
  void *input, *rows;
  double *weights, *target_weights;
  int32_t *groups;
  attrib_noise noise;
  attrib_baselines baselines;
  attrib_path path;
  attrib_ig_options options;
  attrib_eg_options eg_options;
  attrib_smoothgrad_options smooth_options;
} method_case;

static inline int32_t ATTRIB_CALL fetch_from_case(int64_t index, void *row, void *user) {
  const method_case *c = user;
  size_t size = (size_t)c->model.n_inputs * (c->model.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)c->rows + (size_t)index * size, size);
  return 0;
}

/* A parabola from the first row: row0 + alpha row1 + alpha^2 row2. */
static inline int32_t ATTRIB_CALL parabola(double alpha, void *point, void *tangent, void *user) {
  const method_case *c = user;
  int64_t n = c->model.n_inputs;
  for (int64_t i = 0; i < n; i++) {
    double k[3];
    for (int j = 0; j < 3; j++)
      k[j] = c->model.dtype == ATTRIB_F32 ? (double)((const float *)c->rows)[j * n + i]
                                          : ((const double *)c->rows)[j * n + i];
    double p = k[0] + alpha * (k[1] + alpha * k[2]), t = k[1] + 2 * alpha * k[2];
    if (c->model.dtype == ATTRIB_F32) {
      ((float *)point)[i] = (float)p;
      if (tangent != NULL) ((float *)tangent)[i] = (float)t;
    } else {
      ((double *)point)[i] = p;
      if (tangent != NULL) ((double *)tangent)[i] = t;
    }
  }
  return 0;
}

static inline void use_baselines(method_case *c, int64_t count, uint32_t rule, int64_t points) {
  c->call.kind = CALL_INTEGRATED;
  c->baselines = (attrib_baselines){.struct_size = sizeof c->baselines, .count = count, .rows = c->rows};
  c->options = with_rule(rule, points);
}

static inline void use_path(method_case *c, uint32_t rule, int64_t points) {
  c->call.kind = CALL_PATH;
  c->path = (attrib_path){.struct_size = sizeof c->path, .knots = METHOD_KNOTS, .rows = c->rows};
  c->options = with_rule(rule, points);
}

static inline void use_fetch(method_case *c, attrib_baseline_fn fetch, void *user) {
  c->baselines.rows = NULL;
  c->baselines.fetch = fetch;
  c->baselines.fetch_user = user;
}

static inline void choose_method(method_case *c, int which) {
  static const char *const names[METHOD_FIRST_ADAPTIVE] = {"gradient",
                                                           "times input",
                                                           "left",
                                                           "right",
                                                           "midpoint",
                                                           "trapezoid",
                                                           "gauss",
                                                           "default",
                                                           "weighted baselines",
                                                           "fetched",
                                                           "noise",
                                                           "mean gradient",
                                                           "target weights",
                                                           "groups",
                                                           "knots",
                                                           "curve",
                                                           "trapezoid over baselines"};
  c->name = names[which];
  use_baselines(c, 1, which <= 6 ? (uint32_t)(which - 1) : ATTRIB_RULE_MIDPOINT, 9);
  switch (which) {
    case 0:
    case 1:
      c->call.kind = CALL_GRADIENT;
      c->options = with_rule(0, 0);
      c->options.flags = which == 1 ? ATTRIB_TIMES_INPUT : 0;
      break;
    case 7: c->options = with_rule(0, 50); break; /* the default where points are given */
    case 8:
      use_baselines(c, METHOD_BASELINES, ATTRIB_RULE_GAUSS_LEGENDRE, 5);
      c->baselines.weights = c->weights;
      break;
    case 9:
      use_baselines(c, METHOD_BASELINES, ATTRIB_RULE_LEFT, 5);
      use_fetch(c, fetch_from_case, c);
      break;
    case 10:
      use_baselines(c, 4, ATTRIB_RULE_MIDPOINT, 3);
      use_fetch(c, attrib_noise_fetch, &c->noise);
      break;
    case 11: c->options.flags = ATTRIB_MEAN_GRADIENT; break;
    case 12:
      c->options.target_weights = c->target_weights;
      c->call.target = ATTRIB_NO_TARGET;
      break;
    case 13:
      c->options.groups = c->groups;
      c->options.n_groups = c->attributions = 3;
      break;
    case 14: use_path(c, ATTRIB_RULE_GAUSS_LEGENDRE, 4); break;
    case 15:
      use_path(c, ATTRIB_RULE_MIDPOINT, 10);
      c->path = (attrib_path){.struct_size = sizeof c->path, .at = parabola, .user = c};
      break;
    case 16: use_baselines(c, METHOD_BASELINES, ATTRIB_RULE_TRAPEZOID, 4); break;
    default: break;
  }
}

static inline void use_tolerance(method_case *c, double tolerance, uint32_t round_rows, int64_t max_vectors) {
  c->options = with_rule(ATTRIB_RULE_ADAPTIVE, 0);
  c->options.tolerance = tolerance;
  c->options.round_rows = round_rows;
  c->options.max_vectors = max_vectors;
  c->options.max_evaluations = 20000;
}

static inline void use_expected(method_case *c, uint32_t sampler, int64_t samples, double tolerance) {
  use_baselines(c, METHOD_BASELINES, 0, 0);
  c->call.kind = CALL_EXPECTED;
  c->eg_options = (attrib_eg_options){.struct_size = sizeof c->eg_options,
                                      .sampler = sampler,
                                      .samples = samples,
                                      .tolerance = tolerance,
                                      .seed = UINT64_C(0x123456789abcdef0)};
}

static inline void choose_adaptive(method_case *c, int which) {
  static const char *const names[] = {"adaptive by default",    "adaptive nodes",
                                      "adaptive panels",        "adaptive, fetched",
                                      "adaptive mean gradient", "adaptive in groups",
                                      "adaptive with weights",  "adaptive over knots",
                                      "adaptive along a curve", "pool",
                                      "pool of many",           "pooled draws"};
  c->name = names[which - METHOD_FIRST_ADAPTIVE];
  use_baselines(c, 1, 0, 0);
  use_tolerance(c, 1e-4, 5, 0);
  switch (which) {
    case METHOD_ADAPTIVE_DEFAULT: c->options = with_rule(0, 0); break;
    case METHOD_ADAPTIVE_NODES: use_tolerance(c, 4e-4, 3, 0); break;
    case METHOD_ADAPTIVE_PANELS: use_tolerance(c, 2e-4, 7, 20); break;
    case METHOD_ADAPTIVE_FETCHED:
      use_tolerance(c, 1e-4, 0, 25);
      use_fetch(c, fetch_from_case, c);
      break;
    case METHOD_ADAPTIVE_MEAN: c->options.flags = ATTRIB_MEAN_GRADIENT; break;
    case METHOD_ADAPTIVE_GROUPS:
      c->options.groups = c->groups;
      c->options.n_groups = c->attributions = 3;
      break;
    case METHOD_ADAPTIVE_TARGET_WEIGHTS:
      c->options.target_weights = c->target_weights;
      c->call.target = ATTRIB_NO_TARGET;
      break;
    case METHOD_ADAPTIVE_KNOTS:
      use_path(c, 0, 0);
      use_tolerance(c, 3e-3, 11, 20);
      break;
    case METHOD_ADAPTIVE_CURVE:
      use_path(c, 0, 0);
      use_tolerance(c, 3e-4, 4, 24);
      c->path = (attrib_path){.struct_size = sizeof c->path, .at = parabola, .user = c};
      break;
    case METHOD_ADAPTIVE_POOL:
      use_baselines(c, METHOD_BASELINES, 0, 0);
      use_tolerance(c, 3e-4, 0, 0);
      c->baselines.weights = c->weights;
      break;
    case METHOD_ADAPTIVE_POOL_MANY:
      use_baselines(c, 40, 0, 0);
      use_tolerance(c, 3e-3, 9, 20);
      use_fetch(c, attrib_noise_fetch, &c->noise);
      break;
    case METHOD_ADAPTIVE_POOLED:
      use_expected(c, ATTRIB_SAMPLER_POOLED, 0, 5e-4);
      c->eg_options.round_rows = 6;
      break;
    default: break;
  }
}

static inline void choose_expected(method_case *c, int which) {
  static const char *const names[] = {"independent draws",    "stratified draws",   "lattice of one draw",
                                      "lattice of two draws", "default draws",      "doubled independent draws",
                                      "doubled strata",       "doubled lattice",    "strata and a lattice",
                                      "weighted draws",       "fetched draws",      "draws from noise",
                                      "draws in groups",      "draws with weights", "draws of the mean gradient"};
  c->name = names[which - METHOD_EG_IID];
  use_expected(c, ATTRIB_SAMPLER_LATTICE, 4 * METHOD_BASELINES, 0);
  switch (which) {
    case METHOD_EG_IID: use_expected(c, ATTRIB_SAMPLER_IID, 11, 0); break;
    case METHOD_EG_STRATIFIED: use_expected(c, ATTRIB_SAMPLER_STRATIFIED, 11, 0); break;
    case METHOD_EG_LATTICE_ONCE: use_expected(c, ATTRIB_SAMPLER_LATTICE, METHOD_BASELINES + 1, 0); break;
    case METHOD_EG_LATTICE_TWICE: use_expected(c, ATTRIB_SAMPLER_LATTICE, 2 * METHOD_BASELINES, 0); break;
    case METHOD_EG_DEFAULT: use_expected(c, ATTRIB_SAMPLER_DEFAULT, 0, 0); break;
    case METHOD_EG_IID_ROUNDS: use_expected(c, ATTRIB_SAMPLER_IID, 0, 0.06); break;
    case METHOD_EG_STRATIFIED_ROUNDS: use_expected(c, ATTRIB_SAMPLER_STRATIFIED, 0, 0.06); break;
    case METHOD_EG_LATTICE_ROUNDS: use_expected(c, ATTRIB_SAMPLER_LATTICE, 0, 0.0032); break;
    case METHOD_EG_CHANGED:
      use_expected(c, ATTRIB_SAMPLER_DEFAULT, 0, 0.06);
      use_fetch(c, attrib_noise_fetch, &c->noise);
      c->baselines.count = 140;
      break;
    case METHOD_EG_WEIGHTED: c->baselines.weights = c->weights; break;
    case METHOD_EG_FETCHED:
      use_expected(c, ATTRIB_SAMPLER_STRATIFIED, 17, 0);
      use_fetch(c, fetch_from_case, c);
      c->baselines.weights = c->weights;
      break;
    case METHOD_EG_NOISE:
      use_expected(c, ATTRIB_SAMPLER_IID, 19, 0);
      use_fetch(c, attrib_noise_fetch, &c->noise);
      c->baselines.count = 1000000;
      break;
    case METHOD_EG_GROUPS:
      c->eg_options.groups = c->groups;
      c->eg_options.n_groups = c->attributions = 3;
      break;
    case METHOD_EG_TARGET_WEIGHTS:
      c->eg_options.target_weights = c->target_weights;
      c->call.target = ATTRIB_NO_TARGET;
      break;
    case METHOD_EG_MEAN_GRADIENT: c->eg_options.flags = ATTRIB_MEAN_GRADIENT; break;
    default: break;
  }
}

static inline void use_constant_input(method_case *c) {
  for (int64_t i = 0; i < c->model.n_inputs; i++) {
    if (c->model.dtype == ATTRIB_F32)
      ((float *)c->input)[i] = 0.25F;
    else
      ((double *)c->input)[i] = 0.25;
  }
}

static inline void choose_smoothgrad(method_case *c, int which) {
  static const char *const names[] = {"noised in pairs",
                                      "noised independently",
                                      "squared",
                                      "variance",
                                      "variance in groups",
                                      "noised times input",
                                      "taylor",
                                      "clipped noise",
                                      "doubled noise",
                                      "noised in groups with weights",
                                      "constant input"};
  c->name = names[which - METHOD_SMOOTH_PAIRS];
  c->call.kind = CALL_SMOOTHGRAD;
  attrib_smoothgrad_options *options = &c->smooth_options;
  *options = (attrib_smoothgrad_options){
      .struct_size = sizeof *options, .samples = 10, .sigma = 0.25, .seed = UINT64_C(0xfedcba9876543210)};
  if (which == METHOD_SMOOTH_SQUARED) options->form = ATTRIB_SMOOTH_SQUARED;
  if (which == METHOD_SMOOTH_VARIANCE || which == METHOD_SMOOTH_VARIANCE_GROUPS) options->form = ATTRIB_SMOOTH_VARIANCE;
  if (which == METHOD_SMOOTH_TIMES_INPUT) options->form = ATTRIB_SMOOTH_TIMES_INPUT;
  if (which == METHOD_SMOOTH_TAYLOR) options->form = ATTRIB_SMOOTH_TAYLOR;
  if (which == METHOD_SMOOTH_VARIANCE_GROUPS || which == METHOD_SMOOTH_GROUPS) {
    options->groups = c->groups;
    options->n_groups = c->attributions = 3;
  }
  switch (which) {
    case METHOD_SMOOTH_INDEPENDENT:
      options->flags = ATTRIB_SMOOTH_INDEPENDENT;
      options->samples = 11;
      options->sigma = 0; /* a fraction of the range */
      break;
    case METHOD_SMOOTH_CLIPPED:
      options->low = -1;
      options->high = 1;
      break;
    case METHOD_SMOOTH_ROUNDS:
      options->samples = 0;
      options->tolerance = 0.0085;
      break;
    case METHOD_SMOOTH_GROUPS:
      options->flags = ATTRIB_SMOOTH_INDEPENDENT;
      options->target_weights = c->target_weights;
      c->call.target = ATTRIB_NO_TARGET;
      break;
    case METHOD_SMOOTH_CONSTANT:
      use_constant_input(c);
      options->samples = 0;
      options->sigma = 0;
      break;
    default: break;
  }
}

/* The case stays where it is until freed: its call points into it. */
static inline void make_method(method_case *c, int which, uint32_t dtype, int64_t n) {
  static const analytic_fn functions[] = {f_waves, f_linear};
  *c = (method_case){.attributions = n};
  double *values = exact_block((size_t)(n * METHOD_KNOTS) * sizeof *values);
  memset(values, 0, (size_t)(n * METHOD_KNOTS) * sizeof *values);
  c->parameters = exact_block((size_t)n * sizeof *c->parameters);
  fill_random(1, c->parameters, n);
  fill_random(2, values, n);
  c->input = as_row(dtype, values, n);
  fill_random(3, values, n * METHOD_KNOTS);
  c->rows = as_row(dtype, values, n * METHOD_KNOTS);
  free(values);
  c->weights = exact_copy((double[]){1, 0, 2.5}, METHOD_BASELINES * sizeof(double));
  c->target_weights = exact_copy((double[]){0.75, -2}, 2 * sizeof(double));
  c->groups = exact_block((size_t)n * sizeof *c->groups);
  for (int64_t i = 0; i < n; i++) c->groups[i] = (int32_t)(i * 7 % 3);
  c->model =
      (analytic){.functions = functions, .n_outputs = 2, .n_inputs = n, .parameters = c->parameters, .dtype = dtype};
  c->noise = (attrib_noise){.struct_size = sizeof c->noise,
                            .dtype = dtype,
                            .kind = ATTRIB_NOISE_UNIFORM,
                            .n_inputs = n,
                            .seed = 7,
                            .low = -1,
                            .high = 1};
  if (which < METHOD_FIRST_ADAPTIVE)
    choose_method(c, which);
  else if (which < METHOD_FIRST_SAMPLED)
    choose_adaptive(c, which);
  else if (which < METHOD_SMOOTH_PAIRS)
    choose_expected(c, which);
  else
    choose_smoothgrad(c, which);
  c->call.model = analytic_model(&c->model);
  c->call.input = c->input;
  c->call.baselines = &c->baselines;
  c->call.path = &c->path;
  c->call.options = &c->options;
  c->call.eg_options = &c->eg_options;
  c->call.smooth_options = &c->smooth_options;
}

static inline void free_method(method_case *c) {
  free(c->parameters);
  free(c->input);
  free(c->rows);
  free(c->weights);
  free(c->target_weights);
  free(c->groups);
}

/* Drives a run to its end, holding as many batches as it is given. */
static inline attrib_status drive(attrib_run *run, analytic *a, order how, uint64_t seed, int64_t *most_out) {
  return drive_with(run, analytic_evaluate, a, how, seed, most_out);
}

/* Fields that may differ: time, and memory with other numbers of batches. */
static inline void expect_same_report(const attrib_report *a, const attrib_report *b) {
  attrib_report left = *a, right = *b;
  left.elapsed_seconds = right.elapsed_seconds = 0;
  left.peak_bytes = right.peak_bytes = 0;
  left.trace = right.trace = NULL;
  left.standard_errors = right.standard_errors = NULL;
  left.trace_capacity = right.trace_capacity = 0;
  assert_memory_equal(&left, &right, sizeof left);
}

#endif
