/* adaptive.h - the vectors of the adaptive rule, for one line or for many.
 *
 * v(alpha) is the line's weight times displacement times gradient, `integral` the trapezoidal rule over all nodes.
 *
 * Nodes, of one line: while there is room every node's v is kept, gaps are cut in the middle one by one, and the change
 * that a node makes to the integral tells the error of its gap (mesh.h).
 *
 * Pilot, of many lines: a few nodes on each, whose vectors are dropped once the line is done; gaps of about the same
 * error, of whatever line, share a panel.
 *
 * Panels: of a panel only the integral T over its gaps is kept. Halving all its parts, T becomes T/2 plus half a part
 * times the sum of v at their middles, so no node is needed again (halving.h).
 *
 * Vectors of nodes and panels are kept in the model's type, what is summed up is in double. */
#ifndef ATTRIB_SRC_ADAPTIVE_H
#define ATTRIB_SRC_ADAPTIVE_H

#include "../engine/method.h"
#include "../path/lines.h"
#include "../quadrature/halving.h"
#include "../quadrature/mesh.h"
#include "attributions.h"
#include "entries.h"

/* Vectors that are neither nodes nor panels: integral, squares, midpoints. And nodes of a single line's start. */
enum { ATTRIB__ADAPTIVE_OTHERS = 3, ATTRIB__ADAPTIVE_START = 17 };

/* Sums over the entries of one row. */
typedef struct attrib__row_sums {
  attrib__sum slope, norm;         /* of v, of v^2 */
  attrib__sum left, right, across; /* of squared differences to the neighbours, and of their product */
  attrib__sum change;              /* of the squared change that the end of a halving makes to the integral */
} attrib__row_sums;

/* Where a node of one line goes. */
typedef struct attrib__cut {
  int32_t left, right, own; /* vectors of its neighbours and its own; left -1: a node of the coarse start */
  double weight;            /* coarse: of v in the integral; else of how far v is from a straight line */
} attrib__cut;

/* The start over many lines: `nodes` equal steps on each, from alpha 0. */
enum { ATTRIB__PILOT_MOST = 8 };
typedef struct attrib__pilot {
  int64_t nodes;      /* 0 = one line, no pilot */
  bool shared;        /* every line ends at the input: its gradient is the first row, and the end of all */
  int64_t line;       /* the planner's */
  int64_t first_slot; /* of the panels' vectors; those before it are of the line under way */
  int32_t *levels;    /* of each panel: floor of 2 log2 of its gaps' error */
  void *end_gradient; /* n_inputs, the model's type */
  double end_output;
  int64_t end_row;                         /* its id */
  attrib__node at[ATTRIB__PILOT_MOST + 1]; /* of the line under way; output times the line's weight */
  int32_t own;                             /* of the row at hand: its vector, its line's weight */
  double weight;
} attrib__pilot;

typedef struct attrib__adaptive {
  attrib__entries *entries;
  const attrib__lines *lines;
  uint32_t dtype;                         /* of the vectors kept */
  int64_t capacity;                       /* vectors of nodes and panels */
  bool residual;                          /* the values are parts of d f / d alpha */
  bool apart;                             /* a gradient holds along its own line alone: none is shared */
  int64_t start;                          /* rows of the start */
  int64_t taken;                          /* rows in all */
  bool panels;                            /* the start, and nodes one by one, are over */
  void *vectors;                          /* capacity of them */
  double *integral, *squares, *midpoints; /* squares: of standard errors */
  attrib__step *steps;                    /* of the round */
  attrib__row_sums *sums;                 /* of each; in the pilot, of the row at hand */
  attrib__halvings halvings;
  /* one line: `coarse` nodes come in order of alpha, then each node cuts a gap */
  int64_t coarse;
  attrib__mesh mesh;
  attrib__candidate *candidates;
  double *alphas;
  attrib__cut *cuts;   /* of the round */
  attrib__pilot pilot; /* many lines */
  /* panels: the last row of the batch at hand; |integral|^2 after the last batch, 0 before there is one */
  int64_t last_row;
  attrib__sum square;
} attrib__adaptive;

/* Sizes: start and coarse or the pilot, from the lines and the budget. */
void attrib__adaptive_plan(attrib__adaptive *adaptive, int64_t budget);

void attrib__adaptive_layout(attrib__adaptive *adaptive, int64_t round_rows, attrib__arena *arena);
void attrib__adaptive_clear(attrib__adaptive *adaptive);

/* Rows that the next round asks for, where rounds have round_rows. The first round is the start. */
int64_t attrib__adaptive_next(const attrib__adaptive *adaptive, int64_t round_rows);

/* Chooses the rows of the next round, at most `wanted`; 0 where nothing can be refined. Only while every row planned
 * has been taken. */
int64_t attrib__adaptive_choose(attrib__adaptive *adaptive, int64_t wanted);

/* Row `at` of the round, in order: its line, alpha, nth and mass. */
void attrib__adaptive_row(attrib__adaptive *adaptive, int64_t at, attrib__row *row);

/* Takes a batch. */
attrib__fault attrib__adaptive_take(attrib__adaptive *adaptive, attrib__results *results);

/* Estimated error; NaN before the start is in. */
attrib__error attrib__adaptive_error(const attrib__adaptive *adaptive);

/* Standard errors by entry; NaN before the start is in. */
void attrib__adaptive_errors(const attrib__adaptive *adaptive, double *errors);

/* Stretch of the path that holds most of the error; false where there is no one path. */
bool attrib__adaptive_worst(const attrib__adaptive *adaptive, double *from, double *to);

#endif
