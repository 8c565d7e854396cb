/* pictures.h - what the study is made on: the network, held-out pictures with the masks of their objects, the training
 * pictures that serve as a baseline. */
#ifndef BASELINE_STUDY_PICTURES_H
#define BASELINE_STUDY_PICTURES_H

#include <attrib/attrib.h>

#include "picture_bank.h"
#include "plan.h"
#include "small_net.h"

enum { PIXELS = SMALL_NET_WIDTH * SMALL_NET_HEIGHT };

/* By what the object is where the mask is full: every value 0, every value 1, anything else. */
typedef enum object_colour { OBJECT_BLACK, OBJECT_WHITE, OBJECT_COLOURED } object_colour;

const char *object_name(object_colour colour);

typedef struct study_pictures {
  small_net *net;
  attrib_model model; /* of the logits */
  picture_bank held_out, masks, training;
  int64_t right;         /* pictures that the network gets right; wrong ones are not looked at */
  int64_t *index;        /* of these, their numbers among all; picture i is of class i modulo 10 */
  object_colour *object; /* of every picture of the study */
} study_pictures;

/* Loads all; net NULL = the bundled one. Fills the checksums of s. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes), after which nothing is to be closed. */
int pictures_open(study_pictures *p, const char *net, uint32_t workers, settings *s, char *message);
void pictures_close(study_pictures *p);

/* Of a held-out picture, by its number. */
const float *picture_row(const study_pictures *p, int64_t number);
int64_t picture_class(int64_t number);
object_colour picture_object(const study_pictures *p, int64_t number);

/* A byte for each pixel, nonzero = inside the object. */
void picture_mask(const study_pictures *p, int64_t number, uint8_t *mask);

#endif
