/* noise_search.h - which sigma to try next: a search for the least value of a function of one positive number, scalars
 * alone. It says a sigma, is told what the function is there, and says the next one:
 *
 *   while (search.sigma > 0) attrib__noise_search_take(&search, J(search.sigma));
 *
 * A value that is not finite, of either sign, is as bad as can be, and never the best. */
#ifndef ATTRIB_SRC_NOISE_SEARCH_H
#define ATTRIB_SRC_NOISE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

/* Most evaluations of the published walk: one at the start and two for each step. */
enum { ATTRIB__NOISE_WALK_STEPS = 20, ATTRIB__NOISE_WALK_EVALUATIONS = 2 * ATTRIB__NOISE_WALK_STEPS + 1 };

typedef struct attrib__noise_search {
  double sigma;                      /* to be tried next; 0: the search has ended */
  double best_sigma, best_objective; /* 0 and infinity while there is none */
  int64_t tried;                     /* evaluations so far */
  int64_t most;                      /* BRACKETED: evaluations in all; 0 = PUBLISHED */
  int64_t grid, best;                /* BRACKETED: places on the grid; the best of them */
  double low, high;                  /* BRACKETED: the bracket, */
  double left, middle, right, probe; /* and in log sigma what is left of it: its best place is `middle` */
  double place, last, stride;        /* PUBLISHED: where the walk is, the value there, the length of a step */
  int64_t steps, worse;              /* PUBLISHED: steps taken; of these worse ones in a row */
  double side;                       /* PUBLISHED: of the place that `sigma` lies on, 1 or -1; 0 = at the start */
} attrib__noise_search;

/* A grid of log-spaced sigmas from low to high, ends included, from low on, takes half of the evaluations; then the
 * interval between the neighbours of its best place is narrowed by golden section in log sigma, until its ends are 2 %
 * apart or `most` evaluations are done. 0 < low < high, finite; most >= 1, of which 1 or 2 are a grid of one place in
 * the middle. */
void attrib__noise_search_bracketed(attrib__noise_search *search, double low, double high, int64_t most);

/* The published walk (Goh et al. 2021), from |start| in steps of 0.1: to the right or, where that is worse than the
 * place that it is at, to the left, even if that is worse, too. Steps to a worse place shorten the ones after by a
 * tenth, until three follow one another; a fourth ends the walk, and so do 20 steps. Its own quirk is that a place is
 * held against the last one, which is often a worse one, so that the walk goes to and fro about a minimum and seldom
 * ends early. sigma 0, which the published program stops at, is not evaluated: it counts as infinitely bad. */
void attrib__noise_search_published(attrib__noise_search *search, double start);

/* The function at search->sigma. True where it is the least so far; of equal ones the first counts. */
bool attrib__noise_search_take(attrib__noise_search *search, double objective);

#endif
