/* settings.h - what decides the bits of a run's results, as the user gave it: 0 and NULL = not given. */
#ifndef EXPLAIN_IMAGE_SETTINGS_H
#define EXPLAIN_IMAGE_SETTINGS_H

#include "common_options.h"
#include "digest.h"
#include "network_torch.h"

/* Where the network comes from: a TorchScript file, or weights of the bundled one. */
typedef struct network_source {
  torch_source torch;  /* path NULL = the bundled network */
  const char *weights; /* of the bundled network; NULL = its own */
  const char *labels;
} network_source;

typedef struct settings {
  network_source source;
  common_options common; /* rule, score, points, max_evaluations, tolerance, seed; palette and workers change no bits */
  double sigma, width;
  int64_t samples, grid; /* grid: pixels of a square's side; 0 = every feature by itself */
  bool of_pixel;
  int64_t pixel[2]; /* x, y */
  const char *layer;
} settings;

/* The file that the weights are in. */
const char *source_file(const network_source *source);

/* Of the files that a network was made of. */
typedef struct source_digests {
  char network[DIGEST_TEXT], labels[DIGEST_TEXT]; /* labels: "" = there are none */
} source_digests;

/* Opens the network, with its labels. What is digested is what was read: files that change meanwhile are refused. 0, or
 * -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int source_open(const network_source *source, const common_options *common, network *net, source_digests *digests,
                char *message);

#endif
