/* tiny_net.h - a classifier small enough to be trained in a second: one hidden layer of ReLUs, or none, and a softmax.
 *
 * Trained by Adam on minibatches, in float; the result depends on the rows and the seed alone, to the bit. As a model
 * of the library it computes in double from the same weights, so that its gradient can be checked. A net that nobody
 * trains may be used by several threads at once. */
#ifndef EXAMPLES_TINY_NET_H
#define EXAMPLES_TINY_NET_H

#include <stdint.h>

#include <attrib/model.h>

enum { TINY_NET_MAX_HIDDEN = 256, TINY_NET_MAX_CLASSES = 32 };

typedef struct tiny_net {
  int64_t inputs;
  int32_t hidden, classes; /* hidden 0: linear */
  uint32_t dtype;          /* of the model; set by tiny_net_model */
  int64_t count;           /* of parameters */
  float *parameters;       /* inputs x hidden, hidden biases, hidden x classes, class biases; a linear net has the last
                              two alone, with its inputs for the hidden */
} tiny_net;

/* Allocates a net of zeros: 0, or -1 where a size is out of range or there is no memory, with *net empty. */
int tiny_net_create(tiny_net *net, int64_t inputs, int32_t hidden, int32_t classes);
void tiny_net_free(tiny_net *net); /* an empty one is fine */

/* Random weights, uniform with variance 2 / inputs of a layer (1 / inputs of the last); biases 0. */
void tiny_net_init(tiny_net *net, uint64_t seed);

typedef struct tiny_training {
  const float *rows; /* count x inputs */
  const int32_t *labels;
  int64_t count, epochs, batch; /* batch: rows of a step; the last of an epoch may be shorter */
  double rate;                  /* Adam's step, falling linearly to 0 at the end */
  double decay;                 /* of weights, taken off with each step, in parts of the step */
  uint64_t seed;                /* of initial weights and order of rows */
} tiny_training;

/* Trains from scratch. *loss, or NULL: the mean over the last epoch, as it went. 0, or -1: no memory. */
int tiny_net_train(tiny_net *net, const tiny_training *training, double *loss);

/* Logits of a row; the largest of them, of equal ones the first. */
void tiny_net_logits(const tiny_net *net, const float *row, double *logits);
int32_t tiny_net_predict(const tiny_net *net, const float *row);

/* Mean cross entropy and share of rows that are told right. */
double tiny_net_loss(const tiny_net *net, const float *rows, const int32_t *labels, int64_t count);
double tiny_net_accuracy(const tiny_net *net, const float *rows, const int32_t *labels, int64_t count);

/* The logits as a model: CONCURRENT, TARGET_WEIGHTS, ALL_OUTPUTS; inputs of dtype ATTRIB_F32 or F64. The net must
 * outlive its use. ReLU'(0) = 0. */
void tiny_net_model(tiny_net *net, uint32_t dtype, attrib_model *model);

/* The callback; user is the net. */
int32_t ATTRIB_CALL tiny_net_evaluate(const attrib_batch *batch, void *user);

#endif
