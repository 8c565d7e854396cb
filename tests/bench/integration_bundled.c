/* integration_bundled.c - what the adaptive rule claims on the bundled network, and what it makes of it: evaluations
 * and true error for four tolerances. References: midpoints, as many as leave an error far below the tolerances. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundled.h"
#include "integration.h"

enum { TOLERANCES = 4, KINDS = 3, MOST_CASES = KINDS * BUNDLED_PICTURES, DENSE = 2048, QUICK_DENSE = 1024 };
static const double tolerances[TOLERANCES] = {0.1, 0.05, 0.02, 0.01};

/* What was claimed for one tolerance. */
typedef struct claims {
  int64_t rows[MOST_CASES];
  int count, met;
  double worst; /* true error over the tolerance */
} claims;

static int ascending(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Black, mid-grey, uniform noise. */
static void fill_baseline(int kind, uint64_t seed, float *row) {
  const attrib_noise noise = {.struct_size = sizeof noise,
                              .dtype = ATTRIB_F32,
                              .kind = ATTRIB_NOISE_UNIFORM,
                              .n_inputs = BUNDLED_N,
                              .seed = seed,
                              .high = 1};
  for (int64_t i = 0; i < BUNDLED_N; i++) row[i] = kind == 0 ? 0 : 0.5F;
  if (kind == 2 && attrib_noise_fetch(0, row, (void *)&noise) != 0) abort();
}

static void integrate(const bundled *data, const attrib_model *model, const bundled_picture *picture, const float *row,
                      const attrib_ig_options *options, double *values, attrib_report *report) {
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = row};
  char message[256];
  *report = (attrib_report){.struct_size = sizeof *report, .message = message, .message_capacity = sizeof message};
  expect_status(attrib_integrated_gradients(data->context, model, picture->image.pixels, picture->target, &set, options,
                                            values, report),
                ATTRIB_OK, message);
  report->message = NULL;
}

/* A case whose output changes too little from baseline to picture is left out: the range is 1 for a probability; for a
 * logit, the largest change of it that any case of the picture has. */
static void measure(const bundled *data, const attrib_model *model, const bundled_picture *picture, int64_t dense,
                    double range, claims *found) {
  float *row = malloc(BUNDLED_N * sizeof *row);
  double *reference = bundled_vector(), *values = bundled_vector();
  if (row == NULL) abort();
  for (int kind = 0; kind < KINDS; kind++) {
    attrib_report report;
    const attrib_ig_options midpoints = bench_options(ATTRIB_RULE_MIDPOINT, dense);
    fill_baseline(kind, (uint64_t)(picture - data->pictures), row);
    integrate(data, model, picture, row, &midpoints, reference, &report);
    const double change = fabs(report.completeness_target);
    range = fmax(range, change);
    if (change < 0.02 * range) continue;
    for (int t = 0; t < TOLERANCES; t++) {
      claims *c = &found[t];
      attrib_ig_options options = bench_options(ATTRIB_RULE_ADAPTIVE, 4096);
      options.tolerance = tolerances[t];
      integrate(data, model, picture, row, &options, values, &report);
      const double ratio = relative_error(values, reference) / tolerances[t];
      c->rows[c->count++] = report.evaluations;
      c->met += ratio <= 1;
      c->worst = fmax(c->worst, ratio);
    }
  }
  free(values);
  free(reference);
  free(row);
}

static void print_score(bounds *b, const char *name, claims *found) {
  printf("| %s | %d |", name, found[0].count);
  for (int t = 0; t < TOLERANCES; t++) {
    claims *c = &found[t];
    qsort(c->rows, (size_t)c->count, sizeof *c->rows, ascending);
    printf(" **%lld** (%lld), %d/%d, %.2f |", (long long)c->rows[c->count / 2], (long long)c->rows[c->count - 1],
           c->met, c->count, c->worst);
    bounds_note(b, c->met >= 0.95 * c->count && c->worst <= 1.3,
                "bundled network, %s, %g %%: %d of %d met, worst %.2f; 95 %% and 1.3", name, 100 * tolerances[t],
                c->met, c->count, c->worst);
  }
  printf("\n");
  fflush(stdout);
}

void bench_bundled(bounds *b, bool quick) {
  static bundled data;
  bundled_open(&data);
  printf(
      "\n## The bundled network, stopped by itself\n\nFrom black, mid-grey and uniform noise: median evaluations "
      "(most), "
      "how many met the tolerance, worst error / tolerance.\n\n"
      "| score | cases | 10 %% | 5 %% | 2 %% | 1 %% |\n|---|---|---|---|---|---|\n");
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    const attrib_model model = bundled_model(&data, score);
    claims found[TOLERANCES] = {{{0}, 0, 0, 0}};
    for (int p = 0; p < BUNDLED_PICTURES; p += quick ? 4 : 1)
      measure(&data, &model, &data.pictures[p], quick ? QUICK_DENSE : DENSE, score == SMALL_NET_LOGIT ? 0 : 1, found);
    print_score(b, score == SMALL_NET_LOGIT ? "logit" : "probability", found);
  }
  bundled_close(&data);
}
