/* curve.h - what is made of f along a curve of ablation: its values, and one number for all of them. */
#ifndef ATTRIB_SRC_CURVE_H
#define ATTRIB_SRC_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "../rows/sum.h"

/* Doubles are NaN as long as they are not known, and so is what is made of them. */
typedef struct attrib__curve {
  uint32_t kind;        /* ATTRIB_CURVE_* */
  double output, whole; /* f of the input, and of the whole replacement */
} attrib__curve;

/* How far a value is on the way between two that differ, however large or small they are. */
double attrib__curve_share(double from, double value, double to);

/* Whether there is anything to divide by, as far as it is known. */
bool attrib__curve_exists(const attrib__curve *curve);

/* Of f. NaN where the curve does not exist. */
double attrib__curve_value(const attrib__curve *curve, double f);

/* The area under points that come one by one, `place` rising, by the trapezoidal rule; value: divided by its length. */
typedef struct attrib__area {
  attrib__sum sum;
  bool begun;
  int64_t first, place; /* of the point before */
  double value;
} attrib__area;

void attrib__area_add(attrib__area *area, int64_t place, double value);
double attrib__area_value(const attrib__area *area);

#endif
