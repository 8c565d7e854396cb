/* integration.h - the parts of the integration benchmark: each prints its tables and notes its bounds. */
#ifndef ATTRIB_TESTS_INTEGRATION_H
#define ATTRIB_TESTS_INTEGRATION_H

#include <attrib/attrib.h>

#include "bounds.h"

void bench_overhead(bounds *b, bool quick);
void bench_integral_memory(bounds *b, bool quick);
void bench_throughput(bool quick);

#endif
