/* throughput.c - rows a second of the bundled network, which is safe to call from several threads: by workers, and by
 * max_rows, beside calling it directly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundled.h"
#include "integration.h"

enum { POINTS = 512 };

/* The network alone, batch after batch on one thread. */
static double direct_rows(const bundled *data, int64_t rows) {
  attrib_model model = bundled_model(data, SMALL_NET_LOGIT);
  const bundled_picture *picture = &data->pictures[0];
  float *inputs = malloc((size_t)rows * BUNDLED_N * sizeof *inputs);
  float *gradients = malloc((size_t)rows * BUNDLED_N * sizeof *gradients);
  double *outputs = malloc((size_t)rows * sizeof *outputs);
  int64_t *ids = calloc((size_t)rows, sizeof *ids);
  if (inputs == NULL || gradients == NULL || outputs == NULL || ids == NULL) abort();
  for (int64_t r = 0; r < rows; r++) memcpy(inputs + r * BUNDLED_N, picture->image.pixels, BUNDLED_N * sizeof *inputs);
  const attrib_batch batch = {.struct_size = sizeof batch,
                              .flags = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS,
                              .rows = rows,
                              .n_inputs = BUNDLED_N,
                              .n_outputs = model.n_outputs,
                              .target = picture->target,
                              .input_stride = BUNDLED_N,
                              .gradient_stride = BUNDLED_N,
                              .output_stride = 1,
                              .row_ids = ids,
                              .inputs = inputs,
                              .outputs = outputs,
                              .gradients = gradients,
                              .dtype = ATTRIB_F32};
  const double begin = bench_seconds();
  for (int64_t done = 0; done < POINTS; done += rows)
    if (model.evaluate(&batch, model.user) != 0) abort();
  const double spent = bench_seconds() - begin;
  free(ids);
  free(outputs);
  free(gradients);
  free(inputs);
  return POINTS / spent;
}

static double library_rows(const bundled *data, uint32_t workers, int64_t max_rows, uint32_t rule) {
  attrib_model model = bundled_model(data, SMALL_NET_LOGIT);
  model.max_rows = max_rows;
  const bundled_picture *picture = &data->pictures[0];
  const attrib_context_options options = {.struct_size = sizeof options, .workers = workers};
  attrib_context *context;
  if (attrib_context_create(&options, &context) != ATTRIB_OK) abort();
  const attrib_baselines black = {.struct_size = sizeof black, .count = 1, .rows = (float[BUNDLED_N]){0}};
  const attrib_ig_options ig = bench_options(rule, POINTS);
  double *values = bundled_vector();
  attrib_report report = {.struct_size = sizeof report};
  char message[256];
  report.message = message;
  report.message_capacity = sizeof message;
  expect_status(attrib_integrated_gradients(context, &model, picture->image.pixels, picture->target, &black, &ig,
                                            values, &report),
                ATTRIB_NOT_CONVERGED, message);
  free(values);
  attrib_context_destroy(context);
  return (double)report.evaluations / report.elapsed_seconds;
}

void bench_throughput(bool quick) {
  static bundled data;
  bundled_open(&data);
  printf(
      "\n## Throughput on the bundled network\n\nGradient rows a second, %d rows; direct: the network called by "
      "itself.\n\n",
      POINTS);
  printf(
      "| max_rows | direct, 1 thread | midpoint, 1 worker | %u workers | adaptive, 1 worker | %u workers |\n"
      "|---|---|---|---|---|---|\n",
      (unsigned)data.workers, (unsigned)data.workers);
  static const int64_t rows[] = {1, 4, 16, 64};
  static const uint32_t rules[] = {ATTRIB_RULE_MIDPOINT, ATTRIB_RULE_ADAPTIVE};
  for (int k = quick ? 2 : 0; k < 4; k++) {
    printf("| %lld | %.0f |", (long long)rows[k], direct_rows(&data, rows[k]));
    for (int rule = 0; rule < 2; rule++)
      printf(" %.0f | %.0f |", library_rows(&data, 1, rows[k], rules[rule]),
             library_rows(&data, data.workers, rows[k], rules[rule]));
    printf("\n");
    fflush(stdout);
  }
  bundled_close(&data);
}
