/* overhead.c - the library's own time, against a loop that does nothing but move the same bytes: per feature and row 4
 * written (the point), 4 read (the gradient), and 24 a batch (input, baseline, and the accumulator in and out). Batches
 * have 16 rows, or what a round of the adaptive rule has. Both in the same run, turn by turn, so that what else the
 * machine does falls on both; the median of the turns' ratios counts, not the nanoseconds. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "integration.h"

enum { INPUTS = 3 * 224 * 224, ROWS = 16, ADAPTIVE_ROWS = 8, MOST_TURNS = 15, QUICK_TURNS = 5, THREADS = 2 };
enum { COPIED = 512, POINTS = 512, FEW = 33, SOME = 256, MANY = 2048 }; /* rows of one turn */

/* -- the loop ----------------------------------------------------------------------------------------------------- */

typedef struct copier {
  const float *input, *baseline;
  float *points; /* ROWS rows of a batch */
  uint32_t *gradients;
  double *sums;
  int64_t rows;  /* of a batch */
  uint32_t seen; /* so that reading is not optimised away */
} copier;

static void copy_block(copier *c, int64_t begin, int64_t n) {
  for (int64_t i = begin; i < begin + n; i++) c->sums[i] += (double)c->input[i] - (double)c->baseline[i];
  for (int64_t r = 0; r < c->rows; r++) {
    memcpy(c->points + r * INPUTS + begin, c->input + begin, (size_t)n * sizeof *c->points);
    const uint32_t *gradient = c->gradients + r * INPUTS + begin;
    uint32_t seen = 0;
    for (int64_t i = 0; i < n; i++) seen |= gradient[i];
    c->seen |= seen;
  }
}

static void *copy_batches(void *state) {
  copier *c = state;
  for (int64_t row = 0; row < COPIED; row += c->rows)
    for (int64_t begin = 0; begin < INPUTS; begin += 512)
      copy_block(c, begin, INPUTS - begin < 512 ? INPUTS - begin : 512);
  return NULL;
}

/* COPIED rows in each of `threads` threads: nanoseconds per feature and row. */
static double time_copies(copier *copiers, int threads) {
  pthread_t others[THREADS];
  const double begin = bench_seconds();
  for (int t = 1; t < threads; t++)
    if (pthread_create(&others[t], NULL, copy_batches, &copiers[t]) != 0) abort();
  copy_batches(&copiers[0]);
  for (int t = 1; t < threads; t++) pthread_join(others[t], NULL);
  return 1e9 * (bench_seconds() - begin) / ((double)threads * COPIED * INPUTS);
}

/* -- the library -------------------------------------------------------------------------------------------------- */

/* Gradients are those that lie in the batch already, where they are not marked as unwritten: the model takes no time.
 * Random ones, so that the adaptive rule finds no end. */
typedef struct nothing {
  float *gradients;
  double spent[THREADS * 2];
} nothing;

static int32_t ATTRIB_CALL do_nothing(const attrib_batch *batch, void *user) {
  nothing *model = user;
  const double begin = bench_seconds();
  for (int64_t r = 0; r < batch->rows; r++) {
    batch->outputs[r * batch->output_stride] = 1;
    if (batch->gradients == NULL) continue;
    float *gradient = (float *)batch->gradients + r * batch->gradient_stride;
    if (gradient[0] != gradient[0]) memcpy(gradient, model->gradients + r * INPUTS, INPUTS * sizeof *gradient);
    gradient[INPUTS - 1] = 1;
  }
  model->spent[batch->worker] += bench_seconds() - begin;
  return 0;
}

typedef struct subject {
  float *input, *baseline;
  double *values;
  nothing model;
} subject;

static double time_library(subject *s, attrib_context *context, uint32_t rule, int64_t rows, int threads) {
  const attrib_model model = {.struct_size = sizeof model,
                              .flags = ATTRIB_MODEL_CONCURRENT,
                              .dtype = ATTRIB_F32,
                              .max_rows = ROWS,
                              .n_inputs = INPUTS,
                              .n_outputs = 1,
                              .evaluate = do_nothing,
                              .user = &s->model};
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = s->baseline};
  const attrib_ig_options options = bench_options(rule, rows);
  attrib_report report = {.struct_size = sizeof report};
  memset(s->model.spent, 0, sizeof s->model.spent);
  const double begin = bench_seconds();
  const attrib_status status =
      attrib_integrated_gradients(context, &model, s->input, 0, &baselines, &options, s->values, &report);
  double time = bench_seconds() - begin;
  if (status < 0) {
    fprintf(stderr, "overhead: %s\n", attrib_context_error(context));
    exit(1);
  }
  for (int w = 0; w < threads; w++) time -= s->model.spent[w] / threads;
  return 1e9 * time / ((double)report.evaluations * INPUTS);
}

/* -- side by side ------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return values[count / 2];
}

typedef struct setting {
  uint32_t rule;
  int64_t rows;
  int threads;
  double most; /* bound of the ratio; 0 = none */
} setting;

static void compare(bounds *b, subject *s, copier *copiers, const setting *set, bool quick) {
  const int turns = quick ? QUICK_TURNS : MOST_TURNS;
  const attrib_context_options options = {.struct_size = sizeof options, .workers = (uint32_t)set->threads};
  attrib_context *context;
  if (attrib_context_create(&options, &context) != ATTRIB_OK) abort();
  double copies[MOST_TURNS], library[MOST_TURNS], ratios[MOST_TURNS];
  const bool adaptive = set->rule == ATTRIB_RULE_ADAPTIVE;
  for (int t = 0; t < set->threads; t++) copiers[t].rows = adaptive ? ADAPTIVE_ROWS : ROWS;
  time_library(s, context, set->rule, set->rows, set->threads); /* touches the memory */
  time_copies(copiers, set->threads);
  for (int t = 0; t < turns; t++) {
    copies[t] = time_copies(copiers, set->threads);
    library[t] = time_library(s, context, set->rule, set->rows, set->threads);
    ratios[t] = library[t] / copies[t];
  }
  attrib_context_destroy(context);
  const double ratio = median(ratios, turns);
  const char *name = adaptive ? "adaptive" : "midpoint";
  printf("| %s, %lld rows | %d | %.3f | %.3f | %.2f |\n", name, (long long)set->rows, set->threads,
         median(copies, turns), median(library, turns), ratio);
  fflush(stdout);
  if (set->most > 0 && !quick) /* a short turn on a busy machine says little */
    bounds_note(b, ratio <= set->most,
                "library time, %s, %lld rows, one worker: %.2f times the copy loop, at most %.1f", name,
                (long long)set->rows, ratio, set->most);
}

static float *random_floats(int64_t count, uint32_t seed) {
  float *values = malloc((size_t)count * sizeof *values);
  if (values == NULL) abort();
  for (int64_t i = 0; i < count; i++) {
    seed = seed * 1664525U + 1013904223U;
    values[i] = (float)(seed >> 8) * 0x1p-24F - 0.5F;
  }
  return values;
}

void bench_overhead(bounds *b, bool quick) {
  subject s = {.input = random_floats(INPUTS, 1), .baseline = random_floats(INPUTS, 2)};
  s.values = calloc(INPUTS, sizeof *s.values);
  s.model.gradients = random_floats((int64_t)ROWS * INPUTS, 3);
  copier copiers[THREADS];
  for (int t = 0; t < THREADS; t++) {
    copiers[t] = (copier){.input = s.input, .baseline = s.baseline};
    copiers[t].points = random_floats((int64_t)ROWS * INPUTS, 4);
    copiers[t].gradients = calloc((size_t)ROWS * INPUTS, sizeof *copiers[t].gradients);
    if (copiers[t].gradients == NULL) abort();
    for (int64_t i = 0; i < ROWS * INPUTS; i++) copiers[t].gradients[i] = (uint32_t)i;
    copiers[t].sums = calloc(INPUTS, sizeof *copiers[t].sums);
    if (copiers[t].sums == NULL || s.values == NULL) abort();
  }
  printf(
      "\n## Library time against a copy loop\n\n%d inputs in float, batches of %d rows (adaptive: %d); ns per input "
      "and "
      "row, medians of turns.\n\n",
      INPUTS, ROWS, ADAPTIVE_ROWS);
  printf("| | workers | copy loop | library | ratio |\n|---|---|---|---|---|\n");
  /* The first rows of the adaptive rule, whose vectors it keeps one by one, cost more than later ones. */
  static const setting settings[] = {
      {ATTRIB_RULE_MIDPOINT, POINTS, 1, 1.6}, {ATTRIB_RULE_MIDPOINT, POINTS, THREADS, 0},
      {ATTRIB_RULE_ADAPTIVE, FEW, 1, 0},      {ATTRIB_RULE_ADAPTIVE, SOME, 1, 0},
      {ATTRIB_RULE_ADAPTIVE, MANY, 1, 2.5},   {ATTRIB_RULE_ADAPTIVE, MANY, THREADS, 0},
  };
  for (int k = 0; k < 6; k++) compare(b, &s, copiers, &settings[k], quick);
  for (int t = 0; t < THREADS; t++) {
    free(copiers[t].points);
    free(copiers[t].gradients);
    free(copiers[t].sums);
  }
  free(s.model.gradients);
  free(s.values);
  free(s.baseline);
  free(s.input);
}
