/* noising.h - calls of adaptive noising for its tests: small pictures, and what a call came to. Include after
 * cmocka's headers. */
#ifndef ATTRIB_TESTS_NOISING_H
#define ATTRIB_TESTS_NOISING_H

#include "fixture.h"
#include "plain_noising.h"
#include "recorder.h"

/* A small picture of two channels, for AUPC, and one that has a second scale, for AUTVC. */
static const attrib_image small_shape = {.struct_size = sizeof small_shape, .width = 6, .height = 5, .channels = 2};
static const attrib_image large_shape = {.struct_size = sizeof large_shape, .width = 46, .height = 45, .channels = 1};
enum { SMALL = 60, LARGE = 2070, MOST = LARGE };

/* Features that matter bend on the scale of 1. The others ripple, so fast that little noise makes them look larger, and
 * more noise wipes them out: the best sigma is neither small nor large. */
static double f_bumps(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double f = 3;
  for (int64_t i = 0; i < n; i++) {
    const bool matters = i % 7 == 3 || i % 11 == 5;
    const double t = x[i] - .4 * sin((double)i), e = exp(-t * t);
    f += matters ? e : .01 * cos(30 * t);
    f += .02 * x[i] * x[(i + 1) % n];
    if (g == NULL) continue;
    g[i] = matters ? -2 * t * e : -.3 * sin(30 * t);
    g[i] += .02 * (x[(i + 1) % n] + x[(i + n - 1) % n]);
  }
  return f;
}

typedef struct noising_case {
  attrib_noising_options options;
  int64_t n, count; /* inputs, attributions */
  uint32_t dtype;
  void *input;
  double *values; /* the input once more */
  int32_t *groups;
  analytic analytic;
  analytic_fn function;
  attrib_model model;
  /* what a call came to */
  double *phi, *errors;
  attrib_report report;
  char message[600];
} noising_case;

static inline void open_case(noising_case *c, uint32_t dtype, uint32_t search, uint32_t objective) {
  const bool small = objective == ATTRIB_NOISING_AUPC;
  *c = (noising_case){.dtype = dtype, .n = small ? SMALL : LARGE, .function = f_bumps};
  c->count = c->n;
  c->options = (attrib_noising_options){.struct_size = sizeof c->options,
                                        .search = search,
                                        .objective = objective,
                                        .seed = 31,
                                        .samples = 6,
                                        .shape = small ? &small_shape : &large_shape};
  if (small) {
    c->options.windows = 4;
    c->options.window_side = 2;
    c->options.fills = 5;
    c->options.low = -1;
    c->options.high = 1;
  }
  if (search == ATTRIB_NOISING_BRACKETED) {
    c->options.max_sigmas = 12;
    c->options.sigma_low = .05;
    c->options.sigma_high = 1.5;
  }
  double values[MOST];
  fill_random(77, values, c->n);
  c->input = as_row(dtype, values, c->n);
  c->values = exact_block((size_t)c->n * sizeof(double));
  for (int64_t i = 0; i < c->n; i++) c->values[i] = element_of(dtype, c->input, i);
  c->model = single_model(&c->analytic, &c->function, dtype, c->n, NULL);
  c->phi = untouched(c->n);
  c->errors = untouched(c->n);
}

static inline void use_groups(noising_case *c, int64_t count) {
  c->groups = exact_block((size_t)c->n * sizeof *c->groups);
  for (int64_t i = 0; i < c->n; i++) c->groups[i] = (int32_t)(i * i % count);
  c->options.groups = c->groups;
  c->options.n_groups = c->count = count;
}

static inline void close_case(noising_case *c) {
  free(c->input);
  free(c->values);
  free(c->groups);
  free(c->phi);
  free(c->errors);
}

static inline attrib_status call_case(noising_case *c, attrib_context *context) {
  c->report = (attrib_report){.struct_size = sizeof c->report,
                              .standard_errors = c->errors,
                              .message = c->message,
                              .message_capacity = sizeof c->message};
  return attrib_adaptive_noising(context, &c->model, c->input, 0, &c->options, c->phi, &c->report);
}

#endif
