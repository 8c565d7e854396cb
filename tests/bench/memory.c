/* memory.c - the most memory a call needs, by its report: the same for 100 and 10,000 samples, for 10 and 1,000
 * baselines, in memory or fetched. The model is cheap: memory does not depend on what it computes. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

enum { INPUTS = 3072, MOST_BASELINES = 1000 };

static int32_t ATTRIB_CALL half_square(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const float *x = (const float *)batch->inputs + r * batch->input_stride;
    float *gradient = batch->gradients == NULL ? NULL : (float *)batch->gradients + r * batch->gradient_stride;
    double sum = 0;
    for (int64_t i = 0; i < batch->n_inputs; i++) {
      sum += 0.5 * (double)x[i] * (double)x[i];
      if (gradient != NULL) gradient[i] = x[i];
    }
    batch->outputs[r * batch->output_stride] = sum;
  }
  return 0;
}

static const attrib_model model = {.struct_size = sizeof model,
                                   .dtype = ATTRIB_F32,
                                   .max_rows = 16,
                                   .n_inputs = INPUTS,
                                   .n_outputs = 1,
                                   .evaluate = half_square};

typedef struct memory {
  float input[INPUTS], rows[MOST_BASELINES * INPUTS];
  double values[INPUTS];
  attrib_noise noise;
} memory;

static int64_t expected_bytes(memory *m, bool fetched, int64_t baselines, uint32_t sampler, int64_t samples) {
  const attrib_baselines in_memory = {.struct_size = sizeof in_memory, .count = baselines, .rows = m->rows};
  const attrib_baselines made = {
      .struct_size = sizeof made, .count = baselines, .fetch = attrib_noise_fetch, .fetch_user = &m->noise};
  const attrib_eg_options options = {.struct_size = sizeof options, .sampler = sampler, .samples = samples};
  char message[256];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  expect_status(
      attrib_expected_gradients(NULL, &model, m->input, 0, fetched ? &made : &in_memory, &options, m->values, &report),
      ATTRIB_OK, message);
  return report.peak_bytes;
}

/* A lattice with a tolerance out of reach. (The default may be a pool, which keeps a few numbers for each baseline: see
 * integration_memory.c.) */
static int64_t tolerance_bytes(memory *m, int64_t baselines, int64_t most) {
  const attrib_baselines made = {
      .struct_size = sizeof made, .count = baselines, .fetch = attrib_noise_fetch, .fetch_user = &m->noise};
  const attrib_eg_options options = {
      .struct_size = sizeof options, .sampler = ATTRIB_SAMPLER_LATTICE, .tolerance = 1e-9, .max_evaluations = most};
  char message[256];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  expect_status(attrib_expected_gradients(NULL, &model, m->input, 0, &made, &options, m->values, &report),
                ATTRIB_NOT_CONVERGED, message);
  return report.peak_bytes;
}

static int64_t smooth_bytes(memory *m, uint32_t form, int64_t samples) {
  const attrib_smoothgrad_options options = {.struct_size = sizeof options, .form = form, .samples = samples};
  char message[256];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  expect_status(attrib_smoothgrad(NULL, &model, m->input, 0, &options, m->values, &report), ATTRIB_OK, message);
  return report.peak_bytes;
}

static bool print_row(const char *what, const int64_t *bytes) {
  const bool flat = bytes[0] == bytes[1] && bytes[1] == bytes[2];
  printf("| %s | %lld | %lld | %lld |%s\n", what, (long long)bytes[0], (long long)bytes[1], (long long)bytes[2],
         flat ? "" : " differ |");
  return flat;
}

static bool by_samples(memory *m) {
  static const int64_t samples[] = {100, 1000, 10000};
  static const char *const names[] = {"expected gradients, i.i.d.", "expected gradients, stratified",
                                      "expected gradients, lattice"};
  static const char *const forms[] = {"SmoothGrad", "SmoothGrad, variance"};
  bool flat = true;
  int64_t bytes[3];
  printf("\n| peak bytes by samples | 100 | 1,000 | 10,000 |\n|---|---|---|---|\n");
  for (uint32_t k = 0; k < 3; k++) {
    for (int i = 0; i < 3; i++) bytes[i] = expected_bytes(m, true, 50, ATTRIB_SAMPLER_IID + k, samples[i]);
    flat = print_row(names[k], bytes) && flat;
  }
  for (int i = 0; i < 3; i++) bytes[i] = tolerance_bytes(m, 50, samples[i]);
  flat = print_row("expected gradients, lattice to a tolerance", bytes) && flat;
  for (uint32_t k = 0; k < 2; k++) {
    const uint32_t form = k == 0 ? ATTRIB_SMOOTH_MEAN : ATTRIB_SMOOTH_VARIANCE;
    for (int i = 0; i < 3; i++) bytes[i] = smooth_bytes(m, form, samples[i]);
    flat = print_row(forms[k], bytes) && flat;
  }
  return flat;
}

static bool by_baselines(memory *m) {
  static const int64_t baselines[] = {10, 100, 1000};
  static const struct {
    const char *name;
    bool fetched;
    uint32_t sampler;
  } rows[] = {{"stratified, fetched", true, ATTRIB_SAMPLER_STRATIFIED},
              {"stratified, rows of the caller's", false, ATTRIB_SAMPLER_STRATIFIED},
              {"lattice, fetched", true, ATTRIB_SAMPLER_LATTICE},
              {"lattice, rows of the caller's", false, ATTRIB_SAMPLER_LATTICE}};
  bool flat = true;
  int64_t bytes[3];
  printf("\n| peak bytes by baselines, 2,000 samples | 10 | 100 | 1,000 |\n|---|---|---|---|\n");
  for (int k = 0; k < 4; k++) {
    for (int i = 0; i < 3; i++) bytes[i] = expected_bytes(m, rows[k].fetched, baselines[i], rows[k].sampler, 2000);
    flat = print_row(rows[k].name, bytes) && flat;
  }
  for (int i = 0; i < 3; i++) bytes[i] = tolerance_bytes(m, baselines[i], 8000);
  return print_row("lattice to a tolerance, fetched, 8,000 samples", bytes) && flat;
}

void bench_memory(bench *b) {
  memory *m = calloc(1, sizeof *m);
  if (m == NULL) abort();
  m->noise = (attrib_noise){.struct_size = sizeof m->noise,
                            .dtype = ATTRIB_F32,
                            .kind = ATTRIB_NOISE_UNIFORM,
                            .n_inputs = INPUTS,
                            .seed = 3,
                            .high = 1};
  for (int64_t i = 0; i < INPUTS; i++) m->input[i] = (float)i / INPUTS;
  for (int64_t i = 0; i < MOST_BASELINES; i++)
    if (attrib_noise_fetch(i, m->rows + i * INPUTS, &m->noise) != 0) abort();
  printf("\n## Memory, %d inputs in float, batches of 16\n", INPUTS);
  bounds_note(&b->bounds, by_samples(m), "peak memory the same for 100 and 10,000 samples");
  bounds_note(&b->bounds, by_baselines(m), "peak memory the same for 10 and 1,000 baselines");
  free(m);
}
