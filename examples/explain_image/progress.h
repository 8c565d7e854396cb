/* progress.h - how far a run of several maps is, on a terminal: rows, rate, and the time that is left. */
#ifndef EXPLAIN_IMAGE_PROGRESS_H
#define EXPLAIN_IMAGE_PROGRESS_H

#include <attrib/context.h>

#include "work_bar.h"

/* Cost is counted in rows of the model, as estimated before: what a run will take is not known then. The share that is
 * shown never falls. */
typedef struct progress {
  work_bar bar;
  int64_t map, maps;   /* the one under way, from 1 */
  double behind, cost; /* of the maps that are done; of this one */
  double before, part; /* of its phases that are done; of this one, in rows */
  const char *phase;   /* its name; NULL = the map itself */
  int64_t rows;        /* that have been evaluated before this phase */
  int64_t within;      /* in this phase, by calls of the library that have ended */
  int64_t current;     /* by the call under way */
  double shown;
} progress;

/* cost: of all the maps. */
void progress_begin(progress *p, int64_t maps, double cost);
void progress_map(progress *p, double cost);                      /* the next map begins */
void progress_phase(progress *p, const char *phase, double cost); /* a part of it begins, of about that many rows */
void progress_end(const progress *p);                             /* wipes the line */

/* An attrib_progress_fn; user is the progress. Cancels the call once the run is interrupted. */
int32_t ATTRIB_CALL progress_show(const attrib_progress *now, void *user);

#endif
