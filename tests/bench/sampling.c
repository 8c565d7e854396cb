/* sampling.c - what sampling costs on the bundled network: evaluations for a given true error, and memory.
 *
 *   bench_sampling [--quick]
 *
 * Prints tables in Markdown, then the bounds; exit status 1 where one does not hold. --quick: fewer pictures and seeds,
 * logits only, the same bounds; a minute on one processor. Evaluations are gradient rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void series_add(series *s, double value) {
  s->values[s->count++] = value;
  qsort(s->values, (size_t)s->count, sizeof *s->values, ascending);
}

double series_median(const series *s) {
  return (s->values[(s->count - 1) / 2] + s->values[s->count / 2]) / 2;
}

double series_least(const series *s) {
  return s->values[0];
}

double series_most(const series *s) {
  return s->values[s->count - 1];
}

int main(int argc, char **argv) {
  static bench b;
  b = (bench){
      .every = 1, .dense = 128, .independent_seeds = 16, .seeds = 4, .smooth_seeds = 30, .smooth_reference = 3000};
  if (argc == 2 && strcmp(argv[1], "--quick") == 0) {
    b.quick = true;
    b.every = 4;
    b.dense = 64;
    b.independent_seeds = 6;
    b.seeds = 2;
    b.smooth_seeds = 15;
    b.smooth_reference = 1500;
  } else if (argc != 1) {
    fprintf(stderr, "usage: %s [--quick]\n", argv[0]);
    return 2;
  }
  const time_t begin = time(NULL);
  bundled_open(&b.data);
  printf("# Sampling on the bundled network%s\n", b.quick ? ", quick" : "");
  bench_expected(&b);
  bench_smooth(&b);
  bench_memory(&b);
  const int failed = bounds_print(&b.bounds);
  printf("\n%.0f s, %u threads\n", difftime(time(NULL), begin), (unsigned)b.data.workers);
  bundled_close(&b.data);
  return failed == 0 ? 0 : 1;
}
