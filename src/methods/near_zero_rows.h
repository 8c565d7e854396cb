/* near_zero_rows.h - the rows of a search for the nearest one under a bound: what is moved where, element by element.
 * The search itself is near_zero.c. */
#ifndef ATTRIB_SRC_NEAR_ZERO_ROWS_H
#define ATTRIB_SRC_NEAR_ZERO_ROWS_H

#include "../base/arena.h"
#include "../model/range.h"

/* All rows but the start lie in the range, but for elements that are those of the start. */
typedef struct attrib__near_rows {
  attrib__range range;
  uint32_t dtype;
  int64_t n;
  const void *start;     /* the caller's */
  void *current, *trial; /* vectors of dtype: best so far; being tried */
  double *gradient;      /* vector: at the current row, times scale */
  double scale;          /* a power of two that keeps squares of it in the range of double */
} attrib__near_rows;

/* Carves the vectors of n elements of dtype; begin: both rows are the start. */
void attrib__near_layout(attrib__near_rows *rows, attrib__arena *arena);
void attrib__near_begin(attrib__near_rows *rows);

/* Once the gradient has been written as it is. */
void attrib__near_scale_gradient(attrib__near_rows *rows);

/* Put the trial row where the function, taken as linear about the current row, has changed by `wanted`, or as far there
 * as the range lets it. step: the shortest way from the current row. project: the row nearest to the start. False where
 * that is the current row or no row of finite numbers. */
bool attrib__near_step(attrib__near_rows *rows, double wanted);
bool attrib__near_project(attrib__near_rows *rows, double wanted);

/* Put the trial row on the way from the start to the current one, at the part `by`, in (0, 1); halfway back to the
 * current row; at `by` times its displacement from the start. */
void attrib__near_along(attrib__near_rows *rows, double by);
void attrib__near_retreat(attrib__near_rows *rows);
void attrib__near_stretch(attrib__near_rows *rows, double by);

/* The trial row becomes the current one. */
void attrib__near_accept(attrib__near_rows *rows);

/* Distance of a row from the start. */
double attrib__near_distance(const attrib__near_rows *rows, const void *row);

#endif
