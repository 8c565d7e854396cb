/* subject.h - what the picture programs explain: a network and one picture, at the network's size. */
#ifndef EXAMPLES_SUBJECT_H
#define EXAMPLES_SUBJECT_H

#include <stdbool.h>

#include "digest.h"
#include "image_io.h"
#include "network.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct subject {
  const network *net;
  network own;                /* of subject_open */
  attrib_model model;         /* the network's, of the score asked for */
  image_data original, input; /* input: what the network sees */
  char digest[DIGEST_TEXT];   /* of the file's bytes that original was made of */
  bool resized;
  double *probabilities; /* of the network's classes, as network_classify has them */
  int64_t best;          /* class of the highest one */
} subject;

/* Loads weights of the bundled network (NULL = the bundled ones) and picture, and classifies. score: SMALL_NET_LOGIT or
 * _PROBABILITY. Returns 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes), after which nothing is to be
 * closed; message may hold a remark where it is 0. */
int subject_open(subject *s, const char *weights, const char *picture, uint32_t score, uint32_t workers, char *message);

/* The same with a network of the caller's, which must outlive the subject. */
int subject_open_with(subject *s, const network *net, const char *picture, char *message);
void subject_close(subject *s);

/* The picture alone, at the size of a network of the caller's: model, probabilities and best are the caller's to fill.
 * Otherwise as subject_open_with. */
int subject_open_picture(subject *s, const network *net, const char *picture, char *message);

/* A class by name or number. Below 0 with a line in message: NO_CLASS, with the names, or those that are near where
 * they are many; SEVERAL_CLASSES have that name, with their numbers. message may be NULL: none is wanted. */
enum { NO_CLASS = -1, SEVERAL_CLASSES = -2 };
int64_t subject_find_class(const subject *s, const char *text, char *message);

/* The most probable classes, best first, as many as there are up to MOST_PROBABLE. Returns how many. */
enum { MOST_PROBABLE = 3 };
int subject_most_probable(const subject *s, int64_t *classes);

/* The same, a line each, to stdout; and that the picture was resized, where it was. */
void subject_print(const subject *s, const char *picture);

#ifdef __cplusplus
}
#endif
#endif
