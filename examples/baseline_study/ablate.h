/* ablate.h - the tests of a map, and what they share. Each fills a line whose map and test are set, from m->scores;
 * what does not exist stays NaN. */
#ifndef BASELINE_STUDY_ABLATE_H
#define BASELINE_STUDY_ABLATE_H

#include "maps.h"
#include "measure.h"

enum { NOISE_FILLS = 4 };

struct measurer {
  const study_pictures *pictures;
  const settings *settings;
  attrib_context *context; /* of maps and tests */
  attrib_context *outer;   /* of tests that make maps themselves */
  map_maker maker;
  /* The picture that is worked on: */
  int64_t number;
  const float *x;
  uint8_t mask[PIXELS];
  float mean[SMALL_NET_INPUTS], blurred[SMALL_NET_INPUTS], black[SMALL_NET_INPUTS];
  double scores[SMALL_NET_INPUTS], map[PIXELS];
  char *message; /* FILE_MESSAGE_CAPACITY bytes, the caller's */
};

/* A report that tells failures in m->message. */
attrib_report measurer_report(const measurer *m);

/* The map of the picture with the settings' own sigma and samples. */
map_request measurer_request(const measurer *m, study_map map);

/* What pixels are replaced by: the picture's mean colour and its blur. */
attrib_status measure_fills(measurer *m);

/* Top-k, centre of mass, deletion, insertion. */
attrib_status measure_ablation(measurer *m, measurement *line);

attrib_status measure_diff_id(measurer *m, measurement *line);

/* Mass inside, overlap, pointing game. */
attrib_status measure_place(measurer *m, measurement *line);

#endif
