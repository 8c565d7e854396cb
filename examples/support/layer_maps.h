/* layer_maps.h - the network cut at one of its layers, and attributions of that layer as a map of the picture. */
#ifndef EXAMPLES_LAYER_MAPS_H
#define EXAMPLES_LAYER_MAPS_H

#include "heat_map.h"

/* The net cut in two. Body and head share its lanes: one run of the library has no two batches on one lane. */
typedef struct layer_parts {
  const char *name; /* of the layer */
  small_net_shape places;
  bool planes;        /* what the layer gives lies in planes; if not, there is no map of it */
  attrib_image shape; /* how the activations lie; a vector is planes of one cell, so that no blur mixes them */
  small_net_split body_split, head_split;
  attrib_model body, head; /* of the splits above, so the parts stay where they were filled */
} layer_parts;

/* 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). score: of the head. */
int layer_split(small_net *net, int32_t cut, uint32_t score, layer_parts *parts, char *message);

/* The cut behind the layer of that name. NULL: the last convolution of at least half the picture's size, on whose
 * map shapes can still be seen, else the last layer that has planes. -1 with a line in message that lists the names. */
int32_t layer_find(const small_net *net, const char *name, char *message);

/* Attributions of a layer with planes, summed over them: for each pixel of the picture that of the cell that lies
 * there. scale: the 99th percentile over the cells, or NULL. 0, or -1 with one line in message. */
int layer_map(attrib_context *context, const layer_parts *parts, const double *attributions, double *map, double *scale,
              char *message);

/* The baseline that a form of ATTRIB_LAYER_* implies, as layers.h has it: "as given", "zero map" or "none". */
const char *layer_implied_baseline(uint32_t form);

#endif
