/* misleading.h - two warnings with numbers: maps that look right for the wrong reason, and a check that says no where
 * the answer is yes. Each function renders its pictures, trains a tiny_net on them and asks the library for its maps.
 *
 * Decoy: the pictures' corner says the class and the shape says nothing. An edge detector, which knows no network,
 * points at the shape, as a person would expect of a good map; integrated gradients of the network must sit in the
 * corner.
 *
 * Randomisation: a map that stays the same when the network's weights are replaced by random ones is said to explain
 * nothing (Adebayo et al. 2018). Where the class is in the brightness of dots scattered over black, a map with the
 * input as a factor is the dots for both networks, and rightly so for the trained one: the check misleads. */
#ifndef EXAMPLES_MISLEADING_H
#define EXAMPLES_MISLEADING_H

#include "shapes.h"

/* How it is measured. */
typedef struct misleading_plan {
  int64_t training, test, epochs; /* pictures to train on, others to measure on */
  int32_t hidden;
  double decay; /* as of tiny_training */
  uint64_t seed;
} misleading_plan;

/* What the numbers in the examples are of; quick: about a tenth of it. */
misleading_plan misleading_defaults(int quick);

/* Means over the test pictures; shares of the sum of a map's sizes. The object is the shape and a pixel around it. */
typedef struct decoy_result {
  double accuracy;
  double corner_area, object_area;   /* shares of the pixels */
  double corner_share, object_share; /* of integrated gradients, from the mean of the training pictures */
  double edge_corner_share, edge_object_share;
} decoy_result;

/* Means over the test pictures; rank correlations (Spearman, average ranks for ties) between the sizes of the maps of
 * the trained network and of one with random weights, for the picture's class. */
typedef struct randomisation_result {
  double accuracy, random_accuracy;
  double map_correlation;      /* integrated gradients from black */
  double gradient_correlation; /* gradients */
} randomisation_result;

/* Each: 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int decoy_measure(const misleading_plan *plan, decoy_result *result, char *message);
int randomisation_measure(shapes_kind kind, const misleading_plan *plan, randomisation_result *result, char *message);

#endif
