/* strip.h - draws the maps: a row for each form, a column for each layer that has planes. */
#ifndef EXPLAIN_LAYERS_STRIP_H
#define EXPLAIN_LAYERS_STRIP_H

#include "canvas.h"
#include "layers.h"

/* What stands above the maps. */
typedef struct strip_head {
  char name[64];     /* of the picture */
  char baseline[64]; /* as the user wrote it */
  char found[64], explained[64];
  double output, baseline_output; /* f at picture and baseline */
} strip_head;

/* Creates and fills the canvas, to be freed by the caller whatever comes back. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). */
int strip_draw(const layer_maps *maps, const subject *s, const strip_head *head, canvas *c, char *message);

#endif
