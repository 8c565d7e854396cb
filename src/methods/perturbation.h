/* perturbation.h - the area under a perturbation curve (AUPC): the windows of a picture that hold most of a map are
 * filled with random values one after another, and f is followed. Low where the map says what f depends on. Rows of
 * the picture in, outputs of the model back; what evaluates them is somebody else's.
 *
 *   attrib__perturbation_begin(&p, map, f(input));
 *   while (!attrib__perturbation_ended(&p))
 *     for (k = 0; k < p.fills; k++)
 *       attrib__perturbation_place(&p, k, row), attrib__perturbation_take(&p, k, f(row));
 *   attrib__perturbation_area(&p) */
#ifndef ATTRIB_SRC_PERTURBATION_H
#define ATTRIB_SRC_PERTURBATION_H

#include <attrib/image.h>

#include "../base/arena.h"
#include "../model/range.h"

typedef struct attrib__perturbation {
  uint32_t dtype;
  int64_t n;
  const void *input;
  attrib_image shape; /* read (image/shape.h); its elements lie within the n */
  int64_t side;       /* of a window, in pixels; it fits the picture */
  int64_t windows;    /* most of them; layout takes it down to as many as can be */
  int64_t fills;      /* of each window */
  uint64_t seed;
  double low, high;    /* fills are uniform in */
  attrib__range range; /* and rounded into */
  void *picture;       /* the input, with the windows before the one under way filled */
  int64_t *corners;    /* windows: top left pixels; the first `count` of this map */
  double *scratch;     /* for the choice of windows */
  double *outputs;     /* fills: f of the window under way */
  double *curve;       /* windows + 1 */
  int64_t count, window;
  double scale; /* |f(input)| */
} attrib__perturbation;

/* Carves the vectors, whose sizes are set. */
void attrib__perturbation_layout(attrib__perturbation *p, attrib__arena *arena);

/* Chooses the windows of a map, height x width doubles, for which see windows.h. output: f(input), not 0. */
void attrib__perturbation_begin(attrib__perturbation *p, const double *map, double output);

bool attrib__perturbation_ended(const attrib__perturbation *p);

/* Writes the picture with candidate `fill` in the window under way. Element j of the window, channel by channel,
 * pixel by pixel, row by row, depends on (seed, window, fill, j) alone: not on the map. */
void attrib__perturbation_place(const attrib__perturbation *p, int64_t fill, void *row);

/* f of candidate `fill`, in order. The last one ends the window: its point of the curve is the mean of f over the
 * candidates, and the picture keeps the one with the median of f (of two the lower one; of equal ones the first). */
void attrib__perturbation_take(attrib__perturbation *p, int64_t fill, double output);

/* Of (f(input), means ...) / |f(input)|, one unit from window to window, by attrib__simpson. Where the map leaves room
 * for fewer windows than there can be, the curve keeps its last value: areas of two maps are over the same length. */
double attrib__perturbation_area(const attrib__perturbation *p);

#endif
