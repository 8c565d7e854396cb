/* choose_baseline.h - a baseline by name, for the picture examples. Pixels are in [0, 1]. */
#ifndef EXAMPLES_CHOOSE_BASELINE_H
#define EXAMPLES_CHOOSE_BASELINE_H

#include "colour.h"
#include "subject.h"

/* What the user may say about baselines. */
typedef struct baseline_request {
  const char *name; /* a colour (colour.h), max-distance, blur, uniform, gaussian, gaussian-truncated */
  double sigma;     /* blur: pixels; gaussian: pixel values; 0 = 5 and 0.5 */
  int64_t samples;  /* rows of the random ones; 0 = 10 */
  uint64_t seed;
  bool seeded; /* the user gave the seed */
} baseline_request;

/* The set that was made; `row` and `noise` are what it points to, so it stays where it was filled. */
typedef struct baseline_choice {
  attrib_baselines set;
  attrib_noise noise;
  float row[SMALL_NET_INPUTS];
} baseline_choice;

#define BASELINE_NAMES "max-distance, blur, uniform, gaussian, gaussian-truncated, a colour (" COLOUR_FORMS ")"

/* Fills choice. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). The subject must outlive the choice.
 */
int choose_baseline(const baseline_request *request, const subject *s, baseline_choice *choice, char *message);

#endif
