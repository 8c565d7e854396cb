/* A small picture classifier for the examples and tests: ten shapes on 64 x 64 colour pictures.
 *
 * A chain of 3 x 3 convolutions, ReLU, maximum and average pooling and dense layers, read from a file that
 * examples/train wrote. It computes in float, one row at a time, so a row's result never depends on its batch,
 * and no sum is reordered, so compilers and optimisation levels agree to the bit (given -ffp-contract=off).
 *
 * Pictures are planar (channel, row, column), red first, values in [0, 1].
 *
 * Threads: a loaded net has a fixed number of lanes. Calls on different lanes may run at the same time; a lane serves
 * one call at a time. Nothing is allocated after loading.
 */
#ifndef SMALL_NET_H
#define SMALL_NET_H

#include <attrib/model.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SMALL_NET_CHANNELS = 3,
  SMALL_NET_HEIGHT = 64,
  SMALL_NET_WIDTH = 64,
  SMALL_NET_PIXELS = 64 * 64,
  SMALL_NET_INPUTS = 3 * 64 * 64,
  SMALL_NET_CLASSES = 10,
  SMALL_NET_MAX_LANES = 256,
  SMALL_NET_MAX_LAYERS = 32,
  SMALL_NET_NAME_BYTES = 16 /* class and layer names, terminator included */
};

/* What every function that can fail returns; 0 is success. */
enum {
  SMALL_NET_E_ARGUMENT = -1, /* a NULL, a lane or target out of range */
  SMALL_NET_E_FILE = -2,     /* cannot be opened or read */
  SMALL_NET_E_FORMAT = -3,   /* not a well-formed net; the message names the cause */
  SMALL_NET_E_MEMORY = -4,
  SMALL_NET_E_UNSUPPORTED = -5 /* a batch this adaptor cannot serve */
};

/* Which number the net is asked to explain. */
enum {
  SMALL_NET_LOGIT = 0,
  SMALL_NET_PROBABILITY = 1 /* softmax over the ten classes */
};

typedef struct small_net small_net;

/* ---- loading ---- */

/* Reads a net. lanes: 1 ... SMALL_NET_MAX_LANES calls may run at a time; each lane costs about 1.5 MB.
 * On failure *net is NULL and message (may be NULL) holds one line that names the cause; on success it is empty.
 * Free with small_net_free. */
int32_t small_net_load(const char *path, uint32_t lanes, small_net **net, char *message, size_t message_size);

/* The same from memory; bytes are not kept. */
int32_t small_net_parse(const void *bytes, size_t size, uint32_t lanes, small_net **net, char *message,
                        size_t message_size);

void small_net_free(small_net *net); /* NULL is fine; no call may be running */

/* "disc", "star", ...; NULL if index is not a class. Lives as long as the net. */
const char *small_net_class_name(const small_net *net, int64_t index);

/* ---- evaluating one picture; input and gradient have SMALL_NET_INPUTS values ---- */

/* Fills the SMALL_NET_CLASSES logits and keeps what small_net_backward needs. */
int32_t small_net_forward(small_net *net, uint32_t lane, const float *input, float *logits);

/* Gradient of sum_k logit_weights[k] * logit[k] with respect to the picture of the lane's last small_net_forward, if
 * nothing else was done on the lane since.
 * At a tie of a maximum pooling window the first value in row-major order gets the gradient; ReLU'(0) = 0. */
int32_t small_net_backward(small_net *net, uint32_t lane, const double *logit_weights, float *gradient);

/* Value and gradient of a score of one picture. score: SMALL_NET_LOGIT or SMALL_NET_PROBABILITY. The value explained is
 * sum_k weights[k] * score[k], or score[target] if weights is NULL. output or gradient may be NULL. */
int32_t small_net_gradient(small_net *net, uint32_t lane, uint32_t score, const float *input, int64_t target,
                           const double *weights, double *output, float *gradient);

/* Softmax of SMALL_NET_CLASSES logits. */
void small_net_softmax(const float *logits, double *probabilities);

/* ---- as a model of the library ---- */

/* Fills model; flags CONCURRENT, TARGET_WEIGHTS and ALL_OUTPUTS, dtype F32, user = net. The net must outlive its use,
 * and have at least as many lanes as the context has workers. */
int32_t small_net_model(small_net *net, uint32_t score, attrib_model *model);

/* The callbacks small_net_model installs; user is the small_net. Return SMALL_NET_E_UNSUPPORTED or
 * SMALL_NET_E_ARGUMENT for a batch they cannot serve (other dtype, lane or target out of range, overlapping rows). */
int32_t ATTRIB_CALL small_net_evaluate(const attrib_batch *batch, void *user);
int32_t ATTRIB_CALL small_net_evaluate_probability(const attrib_batch *batch, void *user);

/* ---- the chain of layers, for code that goes through the net step by step ---- */

enum {
  SMALL_NET_CONVOLUTION = 1, /* 3 x 3, stride 1, zero padding of one pixel */
  SMALL_NET_RELU = 2,
  SMALL_NET_MAX_POOL = 3, /* 2 x 2, stride 2 */
  SMALL_NET_AVERAGE_POOL = 4,
  SMALL_NET_FLATTEN = 5,
  SMALL_NET_DENSE = 6
};

/* Maps have height > 0 and are stored as planes with a border of one zero on every side, row by row; a vector of
 * channels values has height = width = 0. Storage is rounded up to a multiple of SMALL_NET_BLOCK floats, and border
 * and rounding are zero: layers rely on that and keep it so. */
enum { SMALL_NET_BLOCK = 8 };
typedef struct small_net_shape {
  int32_t channels, height, width;
} small_net_shape;

typedef struct small_net_layer {
  char name[SMALL_NET_NAME_BYTES];
  uint32_t kind;
  small_net_shape in, out;
  float *weights; /* as in the file: [out][in][row][column] or [out][in]; NULL without parameters */
  float *bias;    /* part of the block of weights */
  float *forward_weights, *forward_bias, *backward_weights; /* derived by small_net_layer_prepare */
} small_net_layer;

size_t small_net_shape_floats(const small_net_shape *shape);  /* floats of storage */
int64_t small_net_shape_values(const small_net_shape *shape); /* values, without border and rounding */

/* Allocates and fills the derived weights; again after weights or bias were changed. 0 or SMALL_NET_E_MEMORY. */
int32_t small_net_layer_prepare(small_net_layer *layer);
void small_net_layer_release(small_net_layer *layer);

/* One step each way. in and out are the activations around the layer. */
void small_net_layer_forward(const small_net_layer *layer, const float *in, float *out);
void small_net_layer_backward(const small_net_layer *layer, const float *in, const float *out_gradient,
                              float *in_gradient);

/* CRC-32 of zlib and PNG, at the end of every weights file. */
uint32_t small_net_crc32(const void *data, size_t size);

/* Parses and checks a file: fills at most SMALL_NET_MAX_LAYERS layers, prepared, and the class names. On failure
 * nothing is left to release. */
int32_t small_net_read_layers(const void *bytes, size_t size, small_net_layer *layers, size_t *count,
                              char (*class_names)[SMALL_NET_NAME_BYTES], char *message, size_t message_size);

/* ---- the net cut in two, as two models of the library ----
 *
 * Cut at a layer, the net is a body g, from the picture to the activations a of that layer, and a head h, from a to the
 * scores. Cuts are counted from 0, the picture itself, to small_net_layer_count, the logits; cut k lies behind the k-th
 * layer. Activations have no border: a map is planes, row by row; a vector is as it is.
 *
 * The two do what the whole net does, in its order, so
 *   h(g(x)) has the same bits as the net's scores, at every cut, and
 *   the head's gradient, as target_weights of the body, gives the net's gradient: with the same bits too, for it is
 *   handed over in float, as inside the net, and all that is scaled on the way is scaled by powers of two; only where
 *   a number leaves the range of normal floats (a softmax so saturated that gradients fall below 1e-38) bits are lost.
 *
 * Threads: as in small_net_model, batch->worker picks the lane. Body and head of a net use the same lanes: not both on
 * one lane at once. Within one run of the library they never are, for no two batches under way share a worker; two runs
 * at once need a net each. */
typedef struct small_net_split {
  small_net *net;
  int32_t layer;
  uint32_t score; /* of the head */
} small_net_split;

int32_t small_net_layer_count(const small_net *net); /* 0 for NULL */

/* Name ("picture" for 0; lives as long as the net) and shape of the activations at a cut; either may be NULL. */
int32_t small_net_layer_info(const small_net *net, int32_t layer, const char **name, small_net_shape *shape);

/* Fill split and model: flags CONCURRENT, TARGET_WEIGHTS and ALL_OUTPUTS, dtype F32, user = split. A split for each
 * model; it and the net must outlive the model's use, and the net have as many lanes as the context has workers.
 * The body has an output for each activation; with target_weights their terms are added in double, in order. */
int32_t small_net_body(small_net *net, int32_t layer, small_net_split *split, attrib_model *model);
int32_t small_net_head(small_net *net, int32_t layer, uint32_t score, small_net_split *split, attrib_model *model);

/* The callbacks they install; user is the small_net_split. They return what small_net_evaluate returns, with nothing
 * written where it is a failure. */
int32_t ATTRIB_CALL small_net_evaluate_body(const attrib_batch *batch, void *user);
int32_t ATTRIB_CALL small_net_evaluate_head(const attrib_batch *batch, void *user);

#ifdef __cplusplus
}
#endif
#endif
