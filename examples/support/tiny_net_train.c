/* Training a tiny_net: Adam (Kingma, Ba 2015) with decoupled decay. Sums over a batch run in the order of its rows, and
 * inner loops run over the units of a layer, side by side, so that no sum is reordered by a compiler. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random_bits.h"
#include "tiny_net_layers.h"

typedef struct trainer {
  tiny_net *net;
  const tiny_training *training;
  float *gradient, *mean, *square; /* net->count each */
  int64_t *order;                  /* of the rows */
  int64_t step;
  double power1, power2; /* beta^step */
} trainer;

/* Adds a row's gradient of its cross entropy, times `scale`; returns the cross entropy. */
static double add_row(const trainer *t, const float *row, int32_t label, float scale) {
  const tiny_net *net = t->net;
  const tiny_net_layers at = tiny_net_lay_out(net, net->parameters), to = tiny_net_lay_out(net, t->gradient);
  float hidden[TINY_NET_MAX_HIDDEN] = {0}, back[TINY_NET_MAX_HIDDEN];
  float logits[TINY_NET_MAX_CLASSES] = {0}, error[TINY_NET_MAX_CLASSES];
  const int32_t units = net->hidden, classes = net->classes;
  for (int32_t j = 0; j < units; j++) hidden[j] = at.first_bias[j];
  for (int64_t i = 0; i < net->inputs && units > 0; i++)
    for (int32_t j = 0; j < units; j++) hidden[j] += row[i] * at.first[i * units + j];
  for (int32_t j = 0; j < units; j++) hidden[j] = hidden[j] > 0 ? hidden[j] : 0;
  const float *inner = units > 0 ? hidden : row;
  for (int32_t k = 0; k < classes; k++) logits[k] = at.last_bias[k];
  for (int64_t j = 0; j < at.last_inputs; j++)
    for (int32_t k = 0; k < classes; k++) logits[k] += inner[j] * at.last[j * classes + k];

  float most = logits[0];
  double sum = 0;
  for (int32_t k = 1; k < classes; k++) most = logits[k] > most ? logits[k] : most;
  for (int32_t k = 0; k < classes; k++) sum += exp((double)(logits[k] - most));
  for (int32_t k = 0; k < classes; k++)
    error[k] = scale * (float)(exp((double)(logits[k] - most)) / sum - (k == label));

  for (int32_t k = 0; k < classes; k++) to.last_bias[k] += error[k];
  for (int64_t j = 0; j < at.last_inputs; j++)
    for (int32_t k = 0; k < classes; k++) to.last[j * classes + k] += inner[j] * error[k];
  for (int32_t j = 0; j < units; j++) {
    back[j] = 0;
    for (int32_t k = 0; k < classes && hidden[j] > 0; k++) back[j] += at.last[j * classes + k] * error[k];
    to.first_bias[j] += back[j];
  }
  for (int64_t i = 0; i < net->inputs && units > 0; i++)
    for (int32_t j = 0; j < units; j++) to.first[i * units + j] += row[i] * back[j];
  return log(sum) - (double)(logits[label] - most);
}

static void take_step(trainer *t, float rate) {
  const float beta1 = 0.9f, beta2 = 0.999f, decay = rate * (float)t->training->decay;
  t->power1 *= 0.9;
  t->power2 *= 0.999;
  const float size = rate * (float)(sqrt(1 - t->power2) / (1 - t->power1));
  float *parameters = t->net->parameters;
  for (int64_t i = 0; i < t->net->count; i++) {
    const float slope = t->gradient[i];
    t->mean[i] = beta1 * t->mean[i] + (1 - beta1) * slope;
    t->square[i] = beta2 * t->square[i] + (1 - beta2) * slope * slope;
    parameters[i] -= size * t->mean[i] / (sqrtf(t->square[i]) + 1e-8f) + decay * parameters[i];
  }
}

static void shuffle(uint64_t *random, int64_t *order, int64_t count) {
  for (int64_t i = count - 1; i > 0; i--) {
    const int64_t other = random_choice(random, (int32_t)(i + 1)), kept = order[i];
    order[i] = order[other];
    order[other] = kept;
  }
}

/* Returns the mean loss of the epoch. */
static double run_epoch(trainer *t, uint64_t *random, int64_t steps) {
  const tiny_training *training = t->training;
  const int64_t count = training->count;
  double loss = 0;
  shuffle(random, t->order, count);
  for (int64_t begin = 0; begin < count; begin += training->batch) {
    const int64_t rows = count - begin < training->batch ? count - begin : training->batch;
    memset(t->gradient, 0, (size_t)t->net->count * sizeof *t->gradient);
    for (int64_t i = begin; i < begin + rows; i++) {
      const int64_t row = t->order[i];
      loss += add_row(t, training->rows + row * t->net->inputs, training->labels[row], 1.0f / (float)rows);
    }
    take_step(t, (float)(training->rate * (1 - (double)t->step / (double)steps)));
    t->step++;
  }
  return loss / (double)count;
}

int tiny_net_train(tiny_net *net, const tiny_training *training, double *loss) {
  const size_t count = (size_t)net->count;
  float *memory = calloc(3 * count, sizeof *memory);
  int64_t *order = malloc((size_t)training->count * sizeof *order);
  const int status = memory == NULL || order == NULL ? -1 : 0;
  if (status == 0) {
    trainer t = {net, training, memory, memory + count, memory + 2 * count, order, 0, 1, 1};
    const int64_t steps = training->epochs * ((training->count + training->batch - 1) / training->batch);
    uint64_t random = random_start(training->seed, 1);
    double last = 0;
    for (int64_t i = 0; i < training->count; i++) order[i] = i;
    tiny_net_init(net, training->seed);
    for (int64_t epoch = 0; epoch < training->epochs; epoch++) last = run_epoch(&t, &random, steps);
    if (loss != NULL) *loss = last;
  }
  free(memory);
  free(order);
  return status;
}
