/* integration.c - what the integrator costs beside the model: time, memory, and what more workers and larger batches
 * bring on the bundled network.
 *
 *   bench_integration [--quick]
 *
 * Prints tables in Markdown, then the bounds; exit status 1 where one does not hold. */
#include "integration.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  const bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
  if (argc != (quick ? 2 : 1)) {
    fprintf(stderr, "usage: %s [--quick]\n", argv[0]);
    return 2;
  }
  bounds b = {0};
  printf("# The integrator beside the model%s\n", quick ? ", quick" : "");
  bench_overhead(&b, quick);
  bench_integral_memory(&b, quick);
  bench_throughput(quick);
  return bounds_print(&b) == 0 ? 0 : 1;
}
