/* classifier_models.h - random classifiers for tests of searches: a linear map, or one with a hidden layer of ReLUs or
 * softplus, giving logits or their softmax; every sum a plain loop. Include after fixture.h. */
#ifndef ATTRIB_TESTS_CLASSIFIER_MODELS_H
#define ATTRIB_TESTS_CLASSIFIER_MODELS_H

#include "fixture.h"

enum { CLASSIFIER_INPUTS = 64, CLASSIFIER_HIDDEN = 32, CLASSIFIER_CLASSES = 16 }; /* at most */

typedef enum classifier_kind {
  CLASSIFIER_LINEAR,
  CLASSIFIER_RELU,
  CLASSIFIER_SOFTPLUS,
  CLASSIFIER_KINDS
} classifier_kind;

typedef struct classifier {
  classifier_kind kind;
  int64_t n, classes;
  uint32_t dtype;
  bool probabilities;
  double first[CLASSIFIER_HIDDEN][CLASSIFIER_INPUTS], first_bias[CLASSIFIER_HIDDEN];
  double last[CLASSIFIER_CLASSES][CLASSIFIER_INPUTS], last_bias[CLASSIFIER_CLASSES]; /* of inputs where linear */
  long rows;
  double lowest, highest; /* of all inputs it was asked about */
} classifier;

static inline void make_classifier(classifier *c, classifier_kind kind, uint64_t seed, int64_t n, int64_t classes,
                                   uint32_t dtype) {
  *c = (classifier){.kind = kind, .n = n, .classes = classes, .dtype = dtype, .lowest = 1e308, .highest = -1e308};
  for (int h = 0; h < CLASSIFIER_HIDDEN; h++) {
    fill_random(seed * 1000 + (uint64_t)h, c->first[h], n);
    c->first_bias[h] = 0.3 * random_number(&seed);
  }
  for (int k = 0; k < CLASSIFIER_CLASSES; k++) {
    fill_random(seed * 1000 + 500 + (uint64_t)k, c->last[k], CLASSIFIER_INPUTS);
    c->last_bias[k] = 0.3 * random_number(&seed);
  }
}

static inline double classifier_unit(classifier_kind kind, double t, double *slope) {
  if (kind == CLASSIFIER_RELU) {
    *slope = t > 0;
    return t > 0 ? t : 0;
  }
  *slope = 1 / (1 + exp(-t));
  return t > 30 ? t : log1p(exp(t));
}

/* Logits, and the gradient of sum of weights * logits where it is wanted. */
static inline void classifier_logits(const classifier *c, const double *x, double *logits, const double *weights,
                                     double *gradient) {
  const int64_t width = c->kind == CLASSIFIER_LINEAR ? c->n : CLASSIFIER_HIDDEN;
  double layer[CLASSIFIER_INPUTS], slopes[CLASSIFIER_INPUTS];
  for (int64_t h = 0; h < width; h++) {
    double t = c->first_bias[h < CLASSIFIER_HIDDEN ? h : 0];
    for (int64_t i = 0; i < c->n && c->kind != CLASSIFIER_LINEAR; i++) t += c->first[h][i] * x[i];
    layer[h] = c->kind == CLASSIFIER_LINEAR ? x[h] : classifier_unit(c->kind, t, &slopes[h]);
  }
  for (int64_t k = 0; k < c->classes; k++) {
    logits[k] = c->last_bias[k];
    for (int64_t h = 0; h < width; h++) logits[k] += c->last[k][h] * layer[h];
  }
  for (int64_t i = 0; i < c->n && gradient != NULL; i++) gradient[i] = 0;
  for (int64_t h = 0; h < width && gradient != NULL; h++) {
    double back = 0;
    for (int64_t k = 0; k < c->classes; k++) back += weights[k] * c->last[k][h];
    if (c->kind == CLASSIFIER_LINEAR) gradient[h] = back;
    for (int64_t i = 0; i < c->n && c->kind != CLASSIFIER_LINEAR; i++) gradient[i] += back * slopes[h] * c->first[h][i];
  }
}

static inline void softmax_of(const double *logits, int64_t count, double *p) {
  for (int64_t k = 0; k < count; k++) {
    double sum = 0;
    for (int64_t j = 0; j < count; j++) sum += exp(logits[j] - logits[k]);
    p[k] = 1 / sum;
  }
}

static inline void classifier_probabilities(const classifier *c, const double *x, double *p) {
  double logits[CLASSIFIER_CLASSES];
  classifier_logits(c, x, logits, NULL, NULL);
  softmax_of(logits, c->classes, p);
}

static inline int64_t classifier_class(const classifier *c, const double *x) {
  double logits[CLASSIFIER_CLASSES];
  int64_t best = 0;
  classifier_logits(c, x, logits, NULL, NULL);
  for (int64_t k = 1; k < c->classes; k++) best = logits[k] > logits[best] ? k : best;
  return best;
}

static inline int32_t ATTRIB_CALL classifier_evaluate(const attrib_batch *b, void *user) {
  classifier *c = user;
  for (int64_t r = 0; r < b->rows; r++) {
    double x[CLASSIFIER_INPUTS], logits[CLASSIFIER_CLASSES], values[CLASSIFIER_CLASSES], gradient[CLASSIFIER_INPUTS];
    double seeds[CLASSIFIER_CLASSES], sum = 0;
    for (int64_t i = 0; i < c->n; i++) {
      const int64_t at = r * b->input_stride + i;
      x[i] = b->dtype == ATTRIB_F32 ? (double)((const float *)b->inputs)[at] : ((const double *)b->inputs)[at];
      c->lowest = fmin(c->lowest, x[i]);
      c->highest = fmax(c->highest, x[i]);
    }
    c->rows++;
    classifier_logits(c, x, logits, NULL, NULL);
    memcpy(values, logits, sizeof values);
    if (c->probabilities) softmax_of(logits, c->classes, values);
    for (int64_t k = 0; k < c->classes; k++)
      if (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) b->outputs[r * b->output_stride + k] = values[k];
    if (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) continue;
    for (int64_t k = 0; k < c->classes; k++) {
      const double weight = b->target_weights != NULL ? b->target_weights[k] : k == b->target;
      double seed = weight;
      for (int64_t j = 0; j < c->classes && c->probabilities; j++) {
        const double other = b->target_weights != NULL ? b->target_weights[j] : j == b->target;
        seed = (j == 0 ? 0 : seed) + values[k] * values[j] * (weight - other);
      }
      seeds[k] = seed;
      sum += weight * values[k];
    }
    b->outputs[r * b->output_stride] = sum;
    if (b->gradients == NULL) continue;
    classifier_logits(c, x, logits, seeds, gradient);
    for (int64_t i = 0; i < c->n; i++) {
      const int64_t at = r * b->gradient_stride + i;
      if (b->dtype == ATTRIB_F32)
        ((float *)b->gradients)[at] = (float)gradient[i];
      else
        ((double *)b->gradients)[at] = gradient[i];
    }
  }
  return 0;
}

static inline attrib_model classifier_model(classifier *c) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = c->dtype,
                        .n_inputs = c->n,
                        .n_outputs = c->classes,
                        .evaluate = classifier_evaluate,
                        .user = c};
}

/* A row of dtype as doubles. */
static inline void row_values(uint32_t dtype, const void *row, int64_t n, double *values) {
  for (int64_t i = 0; i < n; i++)
    values[i] = dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static inline double row_distance(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

static inline double entropy_of(const double *p, int64_t count) {
  double sum = 0;
  for (int64_t k = 0; k < count; k++) sum -= p[k] > 0 ? p[k] * log(p[k]) : 0;
  return sum;
}

static inline size_t row_bytes(uint32_t dtype, int64_t n) {
  return (size_t)n * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
}

#endif
