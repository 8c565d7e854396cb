/* network.h - the network that a picture program explains: a model of the library over a picture, and what it calls its
 * classes. Pictures are planar (channel, row, column), red first, values in [0, 1]. */
#ifndef EXAMPLES_NETWORK_H
#define EXAMPLES_NETWORK_H

#include <stdbool.h>

#include <attrib/attrib.h>

#include "atomic_file.h"
#include "small_net.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct network {
  attrib_model model;  /* of the score asked for; F32, one row = one picture of `shape`; it can give all outputs */
  attrib_model logits; /* of what softmax would make probabilities of; evaluate NULL = not known */
  attrib_image shape;  /* three channels, planar */
  int64_t inputs, classes;
  char **names;       /* of the classes: never NULL in an open network */
  bool named;         /* the names are more than numbers */
  uint32_t score;     /* SMALL_NET_LOGIT or SMALL_NET_PROBABILITY */
  small_net *bundled; /* the bundled network's layers, for what looks into it; NULL = another network */
  void *handle;       /* of another network, for close */
  void (*close)(void *handle);
  int64_t (*error)(const void *handle, char *message, int64_t capacity); /* why its last evaluation failed; NULL = not
                                                                            known */
} network;

/* The shape of the bundled network's pictures, as the library's image functions want it. */
attrib_image network_bundled_shape(void);

/* The bundled network; weights: a file of its own kind, or NULL = the file network_bundled_weights names. Returns 0, or
 * -1 with one line in message (FILE_MESSAGE_CAPACITY bytes), after which nothing is to be closed. */
int network_open_bundled(network *net, const char *weights, uint32_t score, uint32_t workers, char *message);
const char *network_bundled_weights(void);
void network_close(network *net); /* a network that is all zero is fine */

/* Replaces the names of the classes by the lines of a file, as many as there are classes; empty ones, and what is no
 * UTF-8, are errors. 0, or -1 with one line in message: then the names are as they were. */
int network_read_labels(network *net, const char *path, char *message);

/* Lives as long as the names do; "?" where k is no class. */
const char *network_class_name(const network *net, int64_t k);

/* Probabilities of the classes for a picture, best first where the caller sorts: the scores where those are asked for,
 * else softmax of the logits. Outputs that may be anything, of a network without logits, are left as they are.
 * probabilities: `classes` doubles. 0, or -1 with one line in message. */
int network_classify(const network *net, const float *pixels, double *probabilities, char *message);

/* The parts shared with other kinds of network: gives net->names room, and each its number for a name. 0 or -1. */
int network_number_classes(network *net);

#ifdef __cplusplus
}
#endif
#endif
