/* layers.h - a picture's attributions at every layer, in every form: what the strip, the table and the CSV show. */
#ifndef EXPLAIN_LAYERS_LAYERS_H
#define EXPLAIN_LAYERS_LAYERS_H

#include "arguments.h"
#include "heat_map.h"

enum { MOST_CUTS = SMALL_NET_MAX_LAYERS + 1 };

typedef struct layer_cell {
  attrib_report report;
  char remark[FILE_MESSAGE_CAPACITY];          /* why the result is not what was asked for; "" = it is */
  int64_t gradient_rows, body_rows, head_rows; /* head_rows: without gradient */
  /* Where the layer has planes: its attributions summed over them, each cell of the layer as large as in the picture.
   */
  double map[SMALL_NET_PIXELS];
  double scale; /* the value that gets the full colour: the 99th percentile over the layer's cells */
} layer_cell;

/* The net cut at one place; 0 is the picture itself. */
typedef struct layer_cut {
  const char *name;
  small_net_shape shape;
  bool planes;
  layer_cell cells[FORMS]; /* as many as there are forms asked for, in that order */
} layer_cut;

typedef struct layer_maps {
  baseline_choice baseline;
  int forms;
  const layer_form *const *form;
  int32_t count; /* cuts */
  layer_cut cuts[MOST_CUTS];
} layer_maps;

/* 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int explain_layers(const arguments *a, const subject *s, int64_t target, layer_maps *maps, char *message);

#endif
