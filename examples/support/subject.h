/* subject.h - what the picture examples explain: the bundled network and one picture, at the network's size. */
#ifndef EXAMPLES_SUBJECT_H
#define EXAMPLES_SUBJECT_H

#include <stdbool.h>

#include <attrib/attrib.h>

#include "image_io.h"
#include "small_net.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct subject {
  small_net *net;
  attrib_model model;         /* of the score asked for */
  image_data original, input; /* input: 64 x 64, what the network sees */
  bool resized;
  double probabilities[SMALL_NET_CLASSES];
  int64_t best; /* class of the highest probability */
} subject;

/* The shape of the network's input, as the library's image functions want it. */
attrib_image subject_shape(void);

/* Loads weights (NULL = the bundled ones) and picture, and classifies. score: SMALL_NET_LOGIT or _PROBABILITY. Returns
 * 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes), after which nothing is to be closed. */
int subject_open(subject *s, const char *weights, const char *picture, uint32_t score, uint32_t workers, char *message);
void subject_close(subject *s);

/* The picture alone, for a network of another runtime that takes the same input: net, model, probabilities and best are
 * the caller's to fill. Otherwise as subject_open. */
int subject_open_picture(subject *s, const char *picture, char *message);

/* A class by number or name; -1 with a line in message that lists the names. */
int64_t subject_find_class(const subject *s, const char *text, char *message);

/* The most probable classes, a line each, to stdout; and that the picture was resized, where it was. */
void subject_print(const subject *s, const char *picture);

#ifdef __cplusplus
}
#endif
#endif
