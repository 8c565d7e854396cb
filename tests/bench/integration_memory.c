/* integration_memory.c - the most memory a call needs, by its report: the same for any number of evaluations or
 * baselines, and how many vectors of the input that is beside the batches. */
#include <stdio.h>
#include <stdlib.h>

#include "integration.h"

enum { INPUTS = 3 * 224 * 224, ROWS = 8, MOST_BASELINES = 1000 };

/* Gradients that look random whatever the point: the adaptive rule finds no end. */
static int32_t ATTRIB_CALL rough(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    uint32_t seed = (uint32_t)batch->row_ids[r] + 1;
    batch->outputs[r * batch->output_stride] = (double)seed;
    if (batch->gradients == NULL) continue;
    float *gradient = (float *)batch->gradients + r * batch->gradient_stride;
    for (int64_t i = 0; i < batch->n_inputs; i++) {
      seed = seed * 1664525U + 1013904223U;
      gradient[i] = (float)(seed >> 8) * 0x1p-24F - 0.5F;
    }
  }
  return 0;
}

typedef struct setting {
  const char *name;
  uint32_t rule;
  int64_t most[3], baselines[3];
} setting;

/* In vectors of the input, less the batches: ROWS rows in and out. */
static double vectors(const attrib_ig_options *options, int64_t baselines) {
  static float input[INPUTS];
  static double values[INPUTS];
  const attrib_model model = {.struct_size = sizeof model,
                              .dtype = ATTRIB_F32,
                              .max_rows = ROWS,
                              .n_inputs = INPUTS,
                              .n_outputs = 1,
                              .evaluate = rough};
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = INPUTS,
                        .seed = 3,
                        .high = 1};
  static float row[INPUTS];
  attrib_baselines set = {.struct_size = sizeof set, .count = baselines, .rows = row};
  if (baselines > 1)
    set = (attrib_baselines){
        .struct_size = sizeof set, .count = baselines, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  attrib_report report = {.struct_size = sizeof report};
  char message[256];
  report.message = message;
  report.message_capacity = sizeof message;
  if (attrib_integrated_gradients(NULL, &model, input, 0, &set, options, values, &report) < 0) {
    fprintf(stderr, "memory: %s\n", message);
    exit(1);
  }
  const int per_row = set.fetch != NULL ? 3 : 2; /* a baseline that is fetched is kept with its row */
  return (double)report.peak_bytes / (sizeof(float) * INPUTS) - (double)per_row * ROWS;
}

void bench_integral_memory(bounds *b, bool quick) {
  static const setting settings[] = {
      {"midpoint, 50, 500, 2,000 points", ATTRIB_RULE_MIDPOINT, {50, 500, 2000}, {1, 1, 1}},
      {"adaptive, 50, 500, 2,000 evaluations", ATTRIB_RULE_ADAPTIVE, {50, 500, 2000}, {1, 1, 1}},
      {"adaptive, 10, 100, 1,000 baselines", ATTRIB_RULE_ADAPTIVE, {41, 300, 3000}, {10, 100, 1000}},
  };
  printf(
      "\n## Memory\n\n%d inputs in float; vectors of that length beside batches of %d rows, by report.peak_bytes.\n\n",
      INPUTS, ROWS);
  printf("| | | | |\n|---|---|---|---|\n");
  for (int k = 0; k < (quick ? 2 : 3); k++) {
    double found[3];
    for (int i = 0; i < 3; i++) {
      const attrib_ig_options options = bench_options(settings[k].rule, settings[k].most[i]);
      found[i] = vectors(&options, settings[k].baselines[i]);
    }
    printf("| %s | %.2f | %.2f | %.2f |\n", settings[k].name, found[0], found[1], found[2]);
    if (settings[k].baselines[2] == 1) {
      bounds_note(b, found[0] == found[1] && found[1] == found[2], "memory is flat: %s", settings[k].name);
      bounds_note(b, found[2] <= 40, "%s: %.1f vectors, at most 40", settings[k].name, found[2]);
    }
  }
}
