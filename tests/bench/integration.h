/* integration.h - the parts of the integration benchmark: each prints its tables and notes its bounds. */
#ifndef ATTRIB_TESTS_INTEGRATION_H
#define ATTRIB_TESTS_INTEGRATION_H

#include <attrib/attrib.h>

#include "bounds.h"

double bench_seconds(void); /* of a clock that only runs forward */

/* So many gradient rows by the rule; the adaptive one finds no end before. */
attrib_ig_options bench_options(uint32_t rule, int64_t rows);

void bench_bundled(bounds *b, bool quick);
void bench_overhead(bounds *b, bool quick);
void bench_integral_memory(bounds *b, bool quick);
void bench_throughput(bool quick);

#endif
