/* tiny_net_layers.h - where the layers of a tiny_net lie in its parameters; internal to it. */
#ifndef EXAMPLES_TINY_NET_LAYERS_H
#define EXAMPLES_TINY_NET_LAYERS_H

#include "tiny_net.h"

typedef struct tiny_net_layers {
  float *first, *first_bias, *last, *last_bias; /* weights lie input by input */
  int64_t last_inputs;
} tiny_net_layers;

/* parameters: the net's, or another array of the same form, such as their gradient. */
tiny_net_layers tiny_net_lay_out(const tiny_net *net, float *parameters);

#endif
