/* box.h - a box of pixels that grows from the centre of mass of a map to the whole picture. */
#ifndef ATTRIB_SRC_BOX_H
#define ATTRIB_SRC_BOX_H

#include "units.h"

typedef struct attrib__centre {
  double x, y; /* in pixels */
} attrib__centre;

/* Pixels [left, right) of rows [top, bottom). */
typedef struct attrib__box {
  int64_t left, right, top, bottom;
} attrib__box;

/* Of |score|, height x width of them, rounded to 2^-20: what is left of rounding in the sums shall not decide which
 * pixel a border falls on. The middle where all are 0. */
attrib__centre attrib__box_centre(int64_t width, int64_t height, const double *scores);

/* The box at k = part / parts, or by_area at the root of that: nothing at 0, everything at 1. */
attrib__box attrib__box_at(int64_t width, int64_t height, attrib__centre centre, int64_t part, int64_t parts,
                           bool by_area);

/* Copies into the point, from a row of dtype, the pixels inside of the box or those outside. */
void attrib__box_copy(const attrib__units *units, const attrib__box *box, bool inside, const void *source, void *point);

#endif
