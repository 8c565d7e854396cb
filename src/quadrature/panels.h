/* panels.h - an adaptive trapezoidal rule in scalars: which parts of the paths to refine next, and what error is left.
 *
 * The integrand v(alpha) is a vector; here are only numbers about it. A panel is a set of gaps of equal width, of one
 * path or of many, each cut into as many parts, that is refined as a whole by halving all parts: T(h/2) = T(h)/2 + M/2,
 * M the midpoint sum, which takes one vector per panel however many nodes it has. See src/methods/adaptive.c for the
 * vectors. */
#ifndef ATTRIB_SRC_PANELS_H
#define ATTRIB_SRC_PANELS_H

#include <stdbool.h>
#include <stdint.h>

/* A stretch of a path between two nodes, as it was found; it is cut no more but into equal parts. */
typedef struct attrib__gap {
  int64_t line;
  double start;
  int64_t next;               /* gap of the same panel, -1 = none */
  double rise, slope, coming; /* as of a panel; half of slope to come, while the gap is being halved */
} attrib__gap;

typedef struct attrib__panel {
  double start, width; /* of its gap, where it has one; of each gap */
  int64_t first, gaps; /* list of the gaps, their number */
  int64_t parts;       /* of all gaps together */
  int32_t pending;     /* halvings asked for and not yet in */
  int32_t vector;      /* where the panel's vector is kept; of a gap between two nodes, that of its left node */
  double square;       /* estimate of |error|^2 */
  double change;       /* of a gap between two nodes: |v(end) - v(start)|^2 */
  /* trapezoidal integrals over the panel of p = sum of v (d f / d alpha), |v|^2 and p^2; and f(end) - f(start) */
  double slope, norm, slope_square, rise;
  double missed; /* sum over the gaps of (rise - slope)^2: what of them cannot cancel */
} attrib__panel;

/* What is known about all panels together. */
typedef struct attrib__panels_state {
  double squares;  /* sum of `square` */
  double norm;     /* integral of |v|^2 */
  double residual; /* sum of rise - slope: what the trapezoids miss of f(x) - f(b) */
  double missed;   /* sum of `missed` */
  double kappa;    /* |v| in proportion to p, of root mean squares: turns a residual into the length of a vector */
  double parts;    /* of all panels */
  double spread;   /* sum of square parts^2 / width^2; used where every panel is one gap */
  bool pooled;     /* some panel has several */
} attrib__panels_state;

/* residual: whether p is the derivative of f along the path, so that the residual means something. */
attrib__panels_state attrib__panels_look(const attrib__panel *panels, int64_t count, bool residual);

/* Estimated length of the error vector. */
double attrib__panels_error(const attrib__panels_state *state);

/* How much a new node in the panel promises; 0 where its parts cannot be halved any more. */
double attrib__panels_priority(const attrib__panels_state *state, const attrib__panel *panel);

/* The panel that holds most of the error. */
const attrib__panel *attrib__panels_worst(const attrib__panels_state *state, const attrib__panel *panels,
                                          int64_t count);

#endif
