/* npy.h - arrays as files that numpy.load reads: format 1.0 of numpy's format specification, float64 in C order. */
#ifndef EXAMPLES_NPY_H
#define EXAMPLES_NPY_H

#include <stdint.h>

#include "atomic_file.h"

enum { NPY_DIMENSIONS = 3 };

/* Values there are in that shape. */
int64_t npy_count(const int64_t *shape);

/* Opens a file at path and writes an array of NPY_DIMENSIONS dimensions, little-endian whatever the machine; the commit
 * is the caller's. NULL with one line in message (FILE_MESSAGE_CAPACITY bytes). */
atomic_file *npy_begin(const char *path, const int64_t *shape, const double *values, char *message);

/* The bytes of a value in the file. */
void npy_value(double value, unsigned char *bytes);

#endif
