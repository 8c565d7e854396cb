/* rows.h - vectors in the model's element type. The only place that knows there are two; everything above works in
 * double.
 *
 * Ranges [begin, begin + n) of a row let callers work block by block, so that what several rows share stays in cache.
 * Block borders never change a bit of a result. */
#ifndef ATTRIB_SRC_ROWS_H
#define ATTRIB_SRC_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Elements in a block: a few such blocks of doubles fit the first-level cache. */
enum { ATTRIB__BLOCK = 512 };

/* Of them in the block that begins at `begin`, of n elements in all. */
static inline int64_t attrib__block_length(int64_t begin, int64_t n) {
  return n - begin < ATTRIB__BLOCK ? n - begin : ATTRIB__BLOCK;
}

/* Bytes of one element; 0 for a dtype that does not exist. */
size_t attrib__element_size(uint32_t dtype);

/* Address of element i of a row. */
void *attrib__element(uint32_t dtype, void *row, int64_t i);
const void *attrib__const_element(uint32_t dtype, const void *row, int64_t i);

/* Row elements to doubles and back (rounded to nearest). */
void attrib__rows_load(uint32_t dtype, const void *row, int64_t begin, int64_t n, double *values);
void attrib__rows_store(uint32_t dtype, void *row, int64_t begin, int64_t n, const double *values);

void attrib__rows_copy(uint32_t dtype, const void *row, int64_t begin, int64_t n, void *copy);

/* Elements [begin, begin + n) of the point start + alpha displacement, rounded once. start and displacement hold the
 * range alone. Alpha 1 may miss the line's end by a rounding. */
void attrib__rows_interpolate(uint32_t dtype, const double *start, const double *displacement, double alpha,
                              int64_t begin, int64_t n, void *point);

/* displacement = to - from over the range; from NULL = zeros. */
void attrib__rows_displacement(uint32_t dtype, const void *to, const void *from, int64_t begin, int64_t n,
                               double *displacement);

/* contribution = displacement * gradient over the range, exactly 0 where the displacement is 0 whatever the gradient.
 * Returns n, or the first offset at which a gradient that counts, or the product, is not finite. */
int64_t attrib__rows_contribution(uint32_t dtype, const void *gradient, int64_t begin, int64_t n,
                                  const double *displacement, double *contribution);

/* The same, and sums += weight * contribution over the range; sums hold the range alone, and are left as they are where
 * something is not finite. wanted: whether contribution is, otherwise it is scratch. */
int64_t attrib__rows_accumulate(uint32_t dtype, const void *gradient, int64_t begin, int64_t n,
                                const double *displacement, double weight, bool wanted, double *contribution,
                                double *sums);

/* A node with the values v comes between two others of a trapezoidal rule: left = v - before, right = after - v,
 * integral += weight (left - right), own = v. left, right and v hold the range alone. */
typedef struct attrib__cutting {
  const void *before, *after;
  void *own;
  double weight;
  double *integral, *left, *right;
} attrib__cutting;
void attrib__rows_cut(uint32_t dtype, const attrib__cutting *cutting, int64_t begin, int64_t n, const double *v);

/* Two nodes become the trapezoidal integral between them, which takes the place of the first; squares += part
 * (end - start)^2, over the range alone. */
void attrib__rows_join(uint32_t dtype, void *start, const void *end, int64_t begin, int64_t n, double width,
                       double part, double *squares);

/* A panel's trapezoidal integral goes to half the width: panel / 2 + midpoints, the sum over its new nodes. The
 * integral over all panels changes by as much, which is handed out before it is rounded to dtype; squares = keep *
 * squares + change^2 / 3. All but the panel hold the range alone. */
typedef struct attrib__halved {
  const double *midpoints;
  double keep;
  double *integral, *squares, *change;
} attrib__halved;
void attrib__rows_halve(uint32_t dtype, void *panel, int64_t begin, int64_t n, const attrib__halved *halved);

/* Narrows [low, high] to the outermost values of dtype inside it: a bound that dtype cannot hold would else be rounded
 * out of the range. low > high where dtype has no value there. */
void attrib__rows_narrow(uint32_t dtype, double *low, double *high);

/* The value of dtype nearest to `value`. */
double attrib__rows_round(uint32_t dtype, double value);

/* First element that is not finite, or -1. */
int64_t attrib__rows_find_nonfinite(uint32_t dtype, const void *row, int64_t n);

/* Says that the range will be read soon: it lies where the processor does not look for it. */
void attrib__rows_expect(uint32_t dtype, const void *row, int64_t begin, int64_t n);

/* Marks elements as not yet written, by a NaN whose payload arithmetic does not produce, and finds a mark that is left
 * (its index, or -1). */
void attrib__rows_mark(uint32_t dtype, void *row, int64_t begin, int64_t n);
int64_t attrib__rows_find_mark(uint32_t dtype, const void *row, int64_t begin, int64_t n);

#endif
