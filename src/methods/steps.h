/* steps.h - a path that starts at the input and is made step by step, each from the gradients at the last point. */
#ifndef ATTRIB_SRC_STEPS_H
#define ATTRIB_SRC_STEPS_H

#include "../base/arena.h"
#include "../engine/method.h"

typedef struct attrib__steps {
  uint32_t dtype;
  bool left; /* a point's gradient counts for the step from it; else for half of those to it and from it */
  int64_t n, most;
  void *previous, *current, *next; /* points: vectors of dtype */
  int64_t point;                   /* number of the current one */
  bool ended;                      /* it is the last: `next` says nothing */
} attrib__steps;

/* Carves the points. */
void attrib__steps_layout(attrib__steps *steps, attrib__arena *arena);

/* Back to the input. */
void attrib__steps_begin(attrib__steps *steps, const void *input);

/* The next point becomes the current one. */
void attrib__steps_go_on(attrib__steps *steps);

/* Whether the next point is another one. */
bool attrib__steps_move(const attrib__steps *steps);

/* E_OVERFLOW where dtype does not hold the next point, so that no model is asked there. */
attrib__fault attrib__steps_check(const attrib__steps *steps);

/* A row at the current point, alpha counted back from 1 at the input, as everywhere; and its input written. */
void attrib__steps_row(const attrib__steps *steps, attrib__row *row);
void attrib__steps_place(const attrib__steps *steps, const attrib__placing *placing);

/* Takes the explained gradient at the current point, once the next one is known: sums += weight times what it says of
 * the way from the end of the path to the input. The row's weight and slope become those of the trace, where a point
 * stands for the alpha of a step, or of half a one at the ends. */
attrib__fault attrib__steps_take(const attrib__steps *steps, attrib__results *results, double weight, double *sums);

#endif
