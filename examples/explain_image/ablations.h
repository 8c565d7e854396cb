/* ablations.h - deletion and insertion curves of a map. */
#ifndef EXPLAIN_IMAGE_ABLATIONS_H
#define EXPLAIN_IMAGE_ABLATIONS_H

#include "explain.h"

enum { ABLATION_POINTS = 21 };

typedef struct ablations {
  double deletion[ABLATION_POINTS], insertion[ABLATION_POINTS]; /* at i / (ABLATION_POINTS - 1) of the pixels */
  double deletion_area, insertion_area;                         /* NaN where they do not exist */
} ablations;

/* Of probabilities, pixels becoming the picture's mean colour. EXPLAIN_DONE, EXPLAIN_INTERRUPTED, or EXPLAIN_FAILED
 * with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int ablations_find(const explanation *e, const target_choice *target, progress *bar, ablations *to, char *message);

#endif
