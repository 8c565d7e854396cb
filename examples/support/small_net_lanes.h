/* What the files that make up small_net share: the net itself, and steps from one place of a lane to another.
 * Programs include small_net.h.
 *
 * Places are what lies between layers: place 0 is the picture, place k the activations behind the k-th layer, the last
 * one the logits. Arguments are not checked here. */
#ifndef SMALL_NET_LANES_H
#define SMALL_NET_LANES_H

#include "small_net.h"

/* One lane's workspace holds, for each of the layer_count + 1 places, the activation and its gradient, at the same
 * offset in two halves of activation_floats each. Borders of maps are zeroed once, at allocation. */
struct small_net {
  small_net_layer layers[SMALL_NET_MAX_LAYERS];
  size_t offsets[SMALL_NET_MAX_LAYERS + 1];
  size_t layer_count, activation_floats;
  char class_names[SMALL_NET_CLASSES][SMALL_NET_NAME_BYTES];
  uint32_t lanes;
  float *workspaces; /* lanes x 2 x activation_floats */
};

/* The layers are read; 0 or SMALL_NET_E_MEMORY. */
int32_t small_net_allocate_lanes(small_net *net);

const small_net_shape *small_net_place_shape(const small_net *net, size_t place);

/* Puts the values of place `begin` and computes on to place `end`. */
void small_net_run_forward(small_net *net, uint32_t lane, size_t begin, size_t end, const float *values);

/* Values of a place after it was computed: all of them as doubles, one of them, or sum_k weights[k] * value k. */
void small_net_read_all(const small_net *net, uint32_t lane, size_t place, double *values);
double small_net_read_one(const small_net *net, uint32_t lane, size_t place, int64_t index);
double small_net_read_sum(const small_net *net, uint32_t lane, size_t place, const double *weights);
void small_net_read_logits(const small_net *net, uint32_t lane, float *logits);

/* Gradient of sum_k weights[k] * value k of place `end`, with respect to the values of place `begin`, after
 * small_net_run_forward from one to the other; of value `target` if weights is NULL. */
void small_net_run_backward(small_net *net, uint32_t lane, size_t begin, size_t end, const double *weights,
                            int64_t target, float *gradient);

/* The scores for ten logits. */
void small_net_scores(uint32_t score, const float *logits, double *values);

/* Value of the explained sum of scores, and its derivative with respect to each logit in seeds. */
double small_net_explain(uint32_t score, const float *logits, const double *weights, double *seeds);

#endif
