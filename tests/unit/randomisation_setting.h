/* randomisation_setting.h - a model of two layers whose parameters can be randomised, and maps of several kinds that
 * depend on one of them, on both or on none; callbacks that count, and fail on demand. */
#ifndef ATTRIB_TESTS_RANDOMISATION_SETTING_H
#define ATTRIB_TESTS_RANDOMISATION_SETTING_H

#include "fixture.h"

enum { SIDE = 11, N = SIDE * SIDE, HIDDEN = 5, LAYERS = 2, ROWS = LAYERS + 1, COLUMNS = 4, VALUES = ROWS * COLUMNS };

typedef struct parameters {
  double top[HIDDEN], bottom[HIDDEN * N];
} parameters;

typedef enum which_map { GRADIENT, EDGES, BOTTOM, FLAT, ZEROS, UNWRITTEN, INFINITE, HUGE_MAP } which_map;

typedef struct subject {
  parameters now, learnt;
  double x[N];
  which_map which;
  attrib_context *context; /* of the explanation; NULL = none */
  attrib_context *cancels; /* a context that is cancelled during call cancel_at */
  int64_t calls, explains, restores, cancel_at;
  int64_t answer_at, bad_restore; /* the call that gives `answer`; -1 = none. RESTORE fails */
  int32_t answer;
  uint64_t seeds[LAYERS];
  bool layer_open, wrong; /* a LAYER that no RESTORE has followed; callbacks came in an order they should not */
} subject;

/* f = sum of top_j tanh(bottom_j x). */
static inline int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  const parameters *p = &((subject *)user)->now;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *x = (const double *)batch->inputs + r * batch->input_stride;
    double *gradient = batch->gradients == NULL ? NULL : (double *)batch->gradients + r * batch->gradient_stride;
    batch->outputs[r * batch->output_stride] = 0;
    for (int i = 0; i < N && gradient != NULL; i++) gradient[i] = 0;
    for (int j = 0; j < HIDDEN; j++) {
      double z = 0;
      for (int i = 0; i < N; i++) z += p->bottom[j * N + i] * x[i];
      batch->outputs[r * batch->output_stride] += p->top[j] * tanh(z);
      for (int i = 0; i < N && gradient != NULL; i++)
        gradient[i] += p->top[j] * (1 - tanh(z) * tanh(z)) * p->bottom[j * N + i];
    }
  }
  return 0;
}

static inline void draw_layer(parameters *p, int64_t layer, uint64_t seed) {
  if (layer == 0)
    fill_random(seed, p->top, HIDDEN);
  else
    fill_random(seed, p->bottom, HIDDEN * N);
  for (int k = 0; k < HIDDEN * N && layer == 1; k++) p->bottom[k] *= 0.2;
}

static inline bool answers(subject *s, int32_t *answer) {
  const int64_t nth = s->calls++;
  if (nth == s->cancel_at) attrib_context_cancel(s->cancels);
  *answer = nth == s->answer_at ? s->answer : 0;
  return *answer != 0;
}

static inline int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  subject *s = user;
  const double *x = wanted->input;
  double *map = wanted->attributions;
  attrib_report *report = wanted->report;
  int32_t answer;
  s->explains++;
  s->wrong |= x != s->x || wanted->index != s->explains - 1 || report->struct_size != sizeof *report ||
              report->evaluations != 0;
  if (answers(s, &answer)) {
    snprintf(report->message, (size_t)report->message_capacity, "so it is");
    return answer;
  }
  for (int i = 0; i < N && s->which != GRADIENT && s->which != UNWRITTEN; i++) {
    map[i] = i % SIDE == 0 ? 0 : x[i] - x[i - 1];
    if (s->which == BOTTOM) map[i] = s->now.bottom[i];
    if (s->which == FLAT) map[i] = 3;
    if (s->which == ZEROS) map[i] = 0;
    if (s->which == INFINITE && i == 5) map[i] = INFINITY;
    if (s->which == HUGE_MAP) map[i] = s->now.bottom[i] > 0 ? DBL_MAX : -DBL_MAX;
  }
  if (s->which != GRADIENT) return 0;
  const attrib_model model = {
      .struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = N, .n_outputs = 1, .evaluate = evaluate, .user = s};
  return attrib_gradient(s->context, &model, wanted->input, 0, NULL, map, report);
}

static inline int32_t ATTRIB_CALL randomise(uint32_t action, int64_t layer, uint64_t seed, void *user) {
  subject *s = user;
  int32_t answer;
  if (action == ATTRIB_RANDOMISE_RESTORE) {
    s->wrong |= !s->layer_open || layer != 0 || seed != 0;
    s->layer_open = false;
    s->restores++;
    s->now = s->learnt;
    return (int32_t)s->bad_restore;
  }
  s->wrong |= action != ATTRIB_RANDOMISE_LAYER || layer < 0 || layer >= LAYERS;
  s->layer_open = true;
  draw_layer(&s->now, layer, seed); /* though it fails */
  s->seeds[layer] = seed;
  answers(s, &answer);
  return answer;
}

static inline void set_up(subject *s, which_map which) {
  *s = (subject){.which = which, .answer_at = -1, .cancel_at = -1};
  draw_layer(&s->learnt, 0, 100);
  draw_layer(&s->learnt, 1, 101);
  fill_random(102, s->x, N);
  s->now = s->learnt;
}

static inline attrib_randomisable randomisable(subject *s) {
  return (attrib_randomisable){.struct_size = sizeof(attrib_randomisable),
                               .map_length = N,
                               .layers = LAYERS,
                               .explain = explain,
                               .explain_user = s,
                               .randomise = randomise,
                               .randomise_user = s};
}

static const attrib_image picture = {.struct_size = sizeof picture, .width = SIDE, .height = SIDE, .channels = 1};

static inline attrib_randomisation_options of_order(uint32_t order, bool with_shape) {
  return (attrib_randomisation_options){.struct_size = sizeof(attrib_randomisation_options),
                                        .order = order,
                                        .seed = UINT64_C(0x123456789abcdef),
                                        .shape = with_shape ? &picture : NULL};
}

/* Whatever happened: the model is what it was, and RESTORE came when it should. */
static inline void assert_in_order(const subject *s) {
  assert_memory_equal(&s->now, &s->learnt, sizeof s->now);
  assert_false(s->wrong || s->layer_open);
}

static inline attrib_status check(subject *s, attrib_context *context, uint32_t order, double *values,
                                  attrib_report *report) {
  const attrib_randomisable r = randomisable(s);
  const attrib_randomisation_options o = of_order(order, true);
  return attrib_randomisation_check(context, &r, s->x, &o, values, report);
}

#endif
