/* integration.c - the adaptive rule on the bundled network, and what the integrator costs beside the model: time,
 * memory, and what more workers and larger batches bring.
 *
 *   bench_integration [--quick]
 *
 * Prints tables in Markdown, then the bounds; exit status 1 where one does not hold. */
#include "integration.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

double bench_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

attrib_ig_options bench_options(uint32_t rule, int64_t rows) {
  attrib_ig_options options = {.struct_size = sizeof options, .rule = rule};
  if (rule == ATTRIB_RULE_ADAPTIVE) {
    options.tolerance = 1e-9;
    options.max_evaluations = rows;
  } else {
    options.points = rows;
  }
  return options;
}

int main(int argc, char **argv) {
  const bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
  if (argc != (quick ? 2 : 1)) {
    fprintf(stderr, "usage: %s [--quick]\n", argv[0]);
    return 2;
  }
  bounds b = {0};
  printf("# The integrator beside the model%s\n", quick ? ", quick" : "");
  bench_bundled(&b, quick);
  bench_overhead(&b, quick);
  bench_integral_memory(&b, quick);
  bench_throughput(quick);
  return bounds_print(&b) == 0 ? 0 : 1;
}
