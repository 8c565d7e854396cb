#include "pictures.h"

#include <stdio.h>
#include <stdlib.h>

#include "atomic_file.h"

static const char *const colours[] = {"black", "white", "coloured"};

const char *object_name(object_colour colour) {
  return colours[colour];
}

const float *picture_row(const study_pictures *p, int64_t number) {
  return p->held_out.rows + number * SMALL_NET_INPUTS;
}

int64_t picture_class(int64_t number) {
  return number % SMALL_NET_CLASSES;
}

void picture_mask(const study_pictures *p, int64_t number, uint8_t *mask) {
  const float *share = p->masks.rows + number * SMALL_NET_INPUTS;
  for (int i = 0; i < PIXELS; i++) mask[i] = share[i] > 0.5F;
}

object_colour picture_object(const study_pictures *p, int64_t number) {
  return p->object[number];
}

static object_colour find_object(const study_pictures *p, int64_t number) {
  const float *share = p->masks.rows + number * SMALL_NET_INPUTS, *x = picture_row(p, number);
  bool black = true, white = true;
  for (int i = 0; i < SMALL_NET_INPUTS; i++) {
    if (share[i] < 1) continue;
    black = black && x[i] <= 0;
    white = white && x[i] >= 1;
  }
  return black ? OBJECT_BLACK : white ? OBJECT_WHITE : OBJECT_COLOURED;
}

static uint32_t bank_crc(const picture_bank *bank) {
  return small_net_crc32(bank->rows, (size_t)bank->count * SMALL_NET_INPUTS * sizeof *bank->rows);
}

/* Classifies the first s->pictures; what the network says of them stands for its weights in the settings. */
static int classify(study_pictures *p, settings *s) {
  const size_t bytes = (size_t)s->pictures * SMALL_NET_CLASSES * sizeof(float);
  float *logits = malloc(bytes);
  p->index = malloc((size_t)s->pictures * sizeof *p->index);
  p->object = malloc((size_t)s->pictures * sizeof *p->object);
  int status = logits == NULL || p->index == NULL || p->object == NULL ? -1 : 0;
  for (int64_t i = 0; i < s->pictures && status == 0; i++) {
    float *of = logits + i * SMALL_NET_CLASSES;
    int best = 0;
    p->object[i] = find_object(p, i);
    status = small_net_forward(p->net, 0, picture_row(p, i), of);
    for (int k = 1; k < SMALL_NET_CLASSES; k++)
      if (of[k] > of[best]) best = k;
    if (best == picture_class(i)) p->index[p->right++] = i;
  }
  if (status == 0) s->network = small_net_crc32(logits, bytes);
  free(logits);
  return status;
}

static int load(study_pictures *p, const char *net, uint32_t workers, settings *s, char *message) {
  if (net == NULL) net = ATTRIB_EXAMPLES_DATA "/small_net.bin";
  if (small_net_load(net, workers, &p->net, message, FILE_MESSAGE_CAPACITY) != 0) return -1;
  if (picture_bank_load(ATTRIB_EXAMPLES_DATA "/held_out_pictures.png", &p->held_out, message) != 0 ||
      picture_bank_load(ATTRIB_EXAMPLES_DATA "/held_out_masks.png", &p->masks, message) != 0 ||
      picture_bank_load(NULL, &p->training, message) != 0)
    return -1;
  if (p->held_out.count != p->masks.count || p->held_out.count < s->pictures) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "--pictures %lld: there are %lld held-out pictures",
             (long long)s->pictures, (long long)p->held_out.count);
    return -1;
  }
  if (small_net_model(p->net, SMALL_NET_LOGIT, &p->model) != 0 || classify(p, s) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network cannot be evaluated");
    return -1;
  }
  s->held_out = bank_crc(&p->held_out) ^ bank_crc(&p->masks);
  s->bank = bank_crc(&p->training);
  if (p->right >= 1 && p->right >= s->few) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--few %lld: the network gets %lld of the pictures right", (long long)s->few,
           (long long)p->right);
  return -1;
}

int pictures_open(study_pictures *p, const char *net, uint32_t workers, settings *s, char *message) {
  *p = (study_pictures){.net = NULL};
  int status = load(p, net, workers, s, message);
  if (status != 0) pictures_close(p);
  return status;
}

void pictures_close(study_pictures *p) {
  free(p->object);
  free(p->index);
  picture_bank_free(&p->held_out);
  picture_bank_free(&p->masks);
  picture_bank_free(&p->training);
  small_net_free(p->net);
  p->net = NULL;
}
