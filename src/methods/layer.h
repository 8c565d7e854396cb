/* layer.h - what the forms of layer attributions share. The activations at input and baseline are found first
 * (layer.c); then a form goes on as a method of its own. */
#ifndef ATTRIB_SRC_LAYER_H
#define ATTRIB_SRC_LAYER_H

#include <attrib/layers.h>

#include "../engine/engine.h"

typedef struct attrib__layer {
  attrib_layer_options options; /* resolved */
  attrib_image shape;           /* ODAM: resolved */
  int64_t target;
  bool cut; /* there is a body, and the head is the second model; else the layer is the input */
  uint32_t dtype;
  int64_t n_inputs, n;          /* of the body; of the layer */
  const void *input, *baseline; /* the caller's */
  const void *features,
      *base_features; /* activations: of the state, found before the form begins; or the caller's rows */
} attrib__layer;

/* The arguments at the door (layer_options.c): options first, of which LINE's are those of integrated gradients, too;
 * then the models; then ODAM's shape. */
attrib_status attrib__layer_options_read(attrib_context *context, const attrib_layer_options *given,
                                         attrib__layer *layer, attrib_ig_options *integral);
attrib_status attrib__layer_models_read(attrib_context *context, const attrib_model *body, const attrib_model *head,
                                        bool pull, attrib__layer *layer, attrib__start *start);
attrib_status attrib__layer_shape_read(attrib_context *context, attrib__layer *layer);

/* Complete `start` for a form. `layer` stays where it is until the run is laid out, and its features are set by then.
 */
void attrib__layer_path_describe(attrib__start *start, const attrib__layer *layer);
void attrib__layer_point_describe(attrib__start *start, const attrib__layer *layer);

/* Stores outputs as a row of dtype. The index of the first that it cannot hold, or -1. */
int64_t attrib__layer_store(uint32_t dtype, int64_t n, const double *outputs, void *row);

#endif
