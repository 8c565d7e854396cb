/* targets.h - what of a network's outputs is to be explained, as the user writes it. */
#ifndef EXAMPLES_TARGETS_H
#define EXAMPLES_TARGETS_H

#include "subject.h"

enum { TARGETS_MOST = 64 };

/* A class, or one less another. */
typedef struct target_choice {
  int count;          /* 1, or 2: classes[0] less classes[1] */
  int64_t classes[2]; /* of the network */
} target_choice;

/* NULL: the subject's most probable class. Else a name or number of a class; "top:N", its N most probable ones; or
 * "A-B", A less B. A name that holds '-' or ':' is taken for what it is; a name of several classes, and what can be cut
 * at more than one '-' into two of them, are errors that name the readings. Appends to targets, of room for
 * TARGETS_MOST, those that are not yet there. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes) that
 * names what is near to a name that does not exist. */
int targets_find(const subject *s, const char *text, target_choice *targets, int *count, char *message);

/* "star", "star less heart". Returns text. */
char *target_text(const network *net, const target_choice *target, char *text, size_t capacity);

/* "probability of star", "probability of star less that of heart": what is measured as pixels are taken away. */
char *target_probability(const network *net, const target_choice *target, char *text, size_t capacity);

/* What a job needs to explain it: the class, and NULL; or ATTRIB_NO_TARGET, and weights, which get one value per class.
 */
int64_t target_weights(const network *net, const target_choice *target, double *weights, const double **used);

#endif
