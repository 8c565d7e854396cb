/* adaptive_parts.h - what the files of the adaptive rule share. */
#ifndef ATTRIB_SRC_ADAPTIVE_PARTS_H
#define ATTRIB_SRC_ADAPTIVE_PARTS_H

#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "adaptive.h"

static inline void *attrib__adaptive_vector(const attrib__adaptive *a, int64_t index) {
  return attrib__element(a->dtype, a->vectors, index * a->entries->count);
}

static inline attrib__panels_state attrib__adaptive_look(const attrib__adaptive *a) {
  if (a->panels || a->pilot.nodes > 0) return attrib__panels_look(a->halvings.panels, a->halvings.count, a->residual);
  return attrib__panels_look(a->mesh.gaps, a->mesh.count - 1, a->residual);
}

/* One line (adaptive_nodes.c). squares: the shape of the standard errors. */
int64_t attrib__nodes_choose(attrib__adaptive *a, int64_t wanted);
attrib__fault attrib__nodes_take(attrib__adaptive *a, const attrib__results *results);
void attrib__nodes_squares(const attrib__adaptive *a, double *squares);

/* Many lines (adaptive_pilot.c). */
void attrib__pilot_plan(attrib__adaptive *a);
void attrib__pilot_layout(attrib__adaptive *a, attrib__arena *arena);
void attrib__pilot_row(attrib__adaptive *a, int64_t at, attrib__row *row);
attrib__fault attrib__pilot_take(attrib__adaptive *a, const attrib__results *results);

/* Panels (adaptive_panels.c). */
attrib__fault attrib__panels_take(attrib__adaptive *a, const attrib__results *results);

#endif
