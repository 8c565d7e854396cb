/* study.h - the pictures, the network, its maps, and what retraining says of them. */
#ifndef RETRAINING_STUDY_H
#define RETRAINING_STUDY_H

#include <attrib/attrib.h>

#include "arguments.h"
#include "tiny_net.h"

/* The maps that compete; the last has no scores of its own. */
enum { MAP_GRADIENT, MAP_INTEGRATED, MAP_EDGES, MAP_CHANCE, MAPS };
enum { TEST_ROAR, TEST_DIFF, TESTS };

typedef struct study {
  const arguments *a;
  attrib_context *context;
  int64_t count;         /* pictures, those to test on behind the others */
  float *rows, *ablated; /* count pictures; those of the training under way */
  int32_t *labels;
  double *scores[MAP_CHANCE];          /* a map for each picture */
  tiny_net net;                        /* trained on whole pictures, then on ablated ones */
  double accuracy;                     /* of the network that is explained, on the pictures to test on */
  double fraction[MOST_FRACTIONS + 1]; /* 0, which is whole pictures, and those asked for */
  double *values[TESTS][MAPS];         /* as of attrib_retraining: of ROAR with the fraction 0, of DIFF without */
} study;

extern const char *const map_names[MAPS];

/* Fractions of a test, and the first of them; values of one of them. */
int study_fractions(const study *s, int test, const double **first);
int64_t study_stride(const study *s);

/* 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). Free with study_free in either case. */
int study_run(study *s, const arguments *a, char *message);
void study_free(study *s);

#endif
