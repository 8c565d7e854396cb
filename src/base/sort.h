/* sort.h - sorting values alone. */
#ifndef ATTRIB_SRC_SORT_H
#define ATTRIB_SRC_SORT_H

#include <stdint.h>

/* Sorts values that are >= 0, never -0 and never NaN, the smallest first; infinity is fine. The same cost whatever they
 * are: at most sixteen passes. scratch: count doubles. */
void attrib__sort_ascending(int64_t count, double *values, double *scratch);

#endif
