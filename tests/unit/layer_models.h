/* layer_models.h - a small net of two stages and two outputs that can be cut before, between and behind its stages, for
 * tests of layer attributions. Include after fixture.h. */
#ifndef ATTRIB_TESTS_LAYER_MODELS_H
#define ATTRIB_TESTS_LAYER_MODELS_H

#include "fixture.h"

/* Values at the cuts: the input, the stages' outputs; then the outputs of all. */
enum { CUTS = 3, AT_INPUT = 5, AT_FIRST = 12, AT_SECOND = 8, HEADS = 2, WIDEST = AT_FIRST };
static const int64_t cut_sizes[CUTS] = {AT_INPUT, AT_FIRST, AT_SECOND};

/* Stage k: each value an activation function of a weighted sum of all of the stage before it. */
typedef struct staged_net {
  double weights[CUTS - 1][WIDEST][WIDEST + 1];
  bool relu; /* else sine */
} staged_net;

static inline void make_net(staged_net *net, uint64_t seed, bool relu) {
  fill_random(seed, &net->weights[0][0][0], (CUTS - 1) * WIDEST * (WIDEST + 1));
  net->relu = relu;
}

static inline double weighted_sum(const staged_net *net, int stage, int64_t k, const double *v) {
  double sum = net->weights[stage][k][WIDEST];
  for (int64_t i = 0; i < cut_sizes[stage]; i++) sum += net->weights[stage][k][i] * v[i];
  return sum;
}

/* From the values at one cut to those at a later one. */
static inline void run_stages(const staged_net *net, int from, int to, const double *v, double *values) {
  double before[WIDEST];
  memcpy(values, v, (size_t)cut_sizes[from] * sizeof *values);
  for (int stage = from; stage < to; stage++) {
    memcpy(before, values, (size_t)cut_sizes[stage] * sizeof *before);
    for (int64_t k = 0; k < cut_sizes[stage + 1]; k++) {
      const double sum = weighted_sum(net, stage, k, before);
      values[k] = !net->relu ? sin(sum) : sum > 0 ? sum : 0;
    }
  }
}

static inline void outputs_of(const staged_net *net, int from, const double *v, double *outputs) {
  double last[WIDEST];
  run_stages(net, from, CUTS - 1, v, last);
  outputs[0] = f_waves(last, AT_SECOND, NULL, NULL);
  outputs[1] = 0;
  for (int64_t i = 0; i < AT_SECOND; i++) outputs[1] += cos((double)i + last[i]);
}

static inline double explained(const staged_net *net, int from, const double *weights, const double *v) {
  double outputs[HEADS];
  outputs_of(net, from, v, outputs);
  return weights[0] * outputs[0] + weights[1] * outputs[1];
}

/* Of the weighted outputs, with respect to the values at a cut. */
static inline void gradient_of(const staged_net *net, int from, const double *weights, const double *v, double *g) {
  double last[WIDEST], back[WIDEST];
  run_stages(net, from, CUTS - 1, v, last);
  f_waves(last, AT_SECOND, g, NULL);
  for (int64_t i = 0; i < AT_SECOND; i++) g[i] = weights[0] * g[i] - weights[1] * sin((double)i + last[i]);
  for (int stage = CUTS - 2; stage >= from; stage--) {
    double before[WIDEST];
    run_stages(net, from, stage, v, before);
    memset(back, 0, sizeof back);
    for (int64_t k = 0; k < cut_sizes[stage + 1]; k++) {
      const double sum = weighted_sum(net, stage, k, before);
      const double slope = !net->relu ? cos(sum) : sum > 0;
      for (int64_t i = 0; i < cut_sizes[stage]; i++) back[i] += g[k] * slope * net->weights[stage][k][i];
    }
    memcpy(g, back, (size_t)cut_sizes[stage] * sizeof *g);
  }
}

/* -- as models ---------------------------------------------------------------------------------------------------- */

/* The net from one cut to another; to CUTS: to its outputs. One output of one row may be replaced. */
typedef struct net_part {
  const staged_net *net;
  int from, to;
  int64_t spoilt_row, spoilt_output; /* row -1 = none */
  double spoilt_value;
} net_part;

static inline double element(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static inline void evaluate_row(const net_part *p, const attrib_batch *b, int64_t r) {
  double v[WIDEST], all[WIDEST], g[WIDEST];
  double *outputs = b->outputs + r * b->output_stride;
  for (int64_t i = 0; i < b->n_inputs; i++) v[i] = element(b->dtype, b->inputs, r * b->input_stride + i);
  if (p->to < CUTS) {
    run_stages(p->net, p->from, p->to, v, outputs);
  } else {
    double weights[HEADS] = {b->target == 0, b->target == 1};
    if (b->target_weights != NULL) memcpy(weights, b->target_weights, sizeof weights);
    outputs_of(p->net, p->from, v, all);
    *outputs = weights[0] * all[0] + weights[1] * all[1];
    if (b->gradients != NULL) gradient_of(p->net, p->from, weights, v, g);
  }
  if (b->row_ids[r] == p->spoilt_row) outputs[p->spoilt_output] = p->spoilt_value;
  for (int64_t i = 0; i < b->n_inputs && b->gradients != NULL; i++)
    if (b->dtype == ATTRIB_F32)
      ((float *)b->gradients)[r * b->gradient_stride + i] = (float)g[i];
    else
      ((double *)b->gradients)[r * b->gradient_stride + i] = g[i];
}

/* A body is asked for all outputs and no gradient, a head for one output. */
static inline int32_t ATTRIB_CALL evaluate_part(const attrib_batch *b, void *user) {
  const net_part *p = user;
  const bool all = (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  if (all != (p->to < CUTS) || (all && b->gradients != NULL)) return -99;
  for (int64_t r = 0; r < b->rows; r++) evaluate_row(p, b, r);
  return 0;
}

static inline attrib_model part_model(net_part *p, const staged_net *net, int from, int to, uint32_t dtype) {
  *p = (net_part){.net = net, .from = from, .to = to, .spoilt_row = -1};
  return (attrib_model){
      .struct_size = sizeof(attrib_model),
      .flags = ATTRIB_MODEL_CONCURRENT | (to < CUTS ? ATTRIB_MODEL_ALL_OUTPUTS : ATTRIB_MODEL_TARGET_WEIGHTS),
      .n_inputs = cut_sizes[from],
      .n_outputs = to < CUTS ? cut_sizes[to] : HEADS,
      .dtype = dtype,
      .evaluate = evaluate_part,
      .user = p};
}

/* Both sides of a cut, and a picture and a baseline to explain. */
typedef struct cut_net {
  staged_net net;
  net_part body_part, head_part;
  attrib_model body, head;
  uint32_t dtype;
  int cut;
  double x[AT_INPUT], b[AT_INPUT]; /* what the rows hold */
  void *input, *baseline;
} cut_net;

static inline void make_cut_net(cut_net *c, int cut, uint32_t dtype, bool relu) {
  c->cut = cut;
  c->dtype = dtype;
  make_net(&c->net, 7, relu);
  c->body = part_model(&c->body_part, &c->net, 0, cut, dtype);
  c->head = part_model(&c->head_part, &c->net, cut, CUTS, dtype);
  fill_random(8, c->x, AT_INPUT);
  fill_random(9, c->b, AT_INPUT);
  c->input = as_row(dtype, c->x, AT_INPUT);
  c->baseline = as_row(dtype, c->b, AT_INPUT);
  for (int64_t i = 0; i < AT_INPUT; i++) {
    c->x[i] = element(dtype, c->input, i);
    c->b[i] = element(dtype, c->baseline, i);
  }
}

static inline void free_cut_net(cut_net *c) {
  free(c->input);
  free(c->baseline);
}

/* Through memory, so that no compiler keeps the double. */
static inline double rounded(uint32_t dtype, double value) {
  volatile float single = (float)value;
  return dtype == ATTRIB_F32 ? (double)single : value;
}

/* The activations at b + t (x - b), as a model is handed them. */
static inline void image_at(const cut_net *c, double t, double *a) {
  double point[AT_INPUT];
  for (int64_t i = 0; i < AT_INPUT; i++)
    point[i] = t == 1 ? c->x[i] : rounded(c->dtype, c->b[i] + t * (c->x[i] - c->b[i]));
  run_stages(&c->net, 0, c->cut, point, a);
  for (int64_t i = 0; i < cut_sizes[c->cut]; i++) a[i] = rounded(c->dtype, a[i]);
}

/* The library's call. */
static inline attrib_status explain(const cut_net *c, const attrib_layer_options *options, int64_t target, double *phi,
                                    attrib_report *report) {
  *report = (attrib_report){.struct_size = sizeof *report};
  return attrib_layer_attributions(NULL, c->cut == 0 ? NULL : &c->body, &c->head, c->input, target, c->baseline,
                                   options, phi, report);
}

#endif
