/* maps.h - the maps that are compared: one picture explained from one of the study's baselines. */
#ifndef BASELINE_STUDY_MAPS_H
#define BASELINE_STUDY_MAPS_H

#include "pictures.h"

/* The blur baseline's width in pixels, and a tenth of the gaussian's in units of the pixels' range; as in the other
 * examples (the literature's 20 of 299 pixels and 1 of [-1, 1]). */
#define STUDY_SIGMA 5.0

typedef struct map_maker {
  const study_pictures *pictures;
  const settings *settings;
  attrib_context *context;
  float entropy[SMALL_NET_INPUTS]; /* the row of maximum entropy, the same for every picture */
  float row[SMALL_NET_INPUTS];     /* of the baseline in use */
  attrib_noise noise;
} map_maker;

/* Finds the row of maximum entropy. The context is the maker's alone while a map is made. */
attrib_status map_maker_init(map_maker *m, const study_pictures *pictures, const settings *s, attrib_context *context,
                             attrib_report *report);

/* What is explained: x is the picture of that number, or a point near it; the number says what is drawn for it. */
typedef struct map_request {
  study_map map;
  const float *x;
  int64_t number;
  double sigma;    /* as STUDY_SIGMA, of blur and gaussian */
  int64_t samples; /* of expected gradients */
} map_request;

/* The logit of the picture's class: SMALL_NET_INPUTS scores. report may be NULL. */
attrib_status map_make(map_maker *m, const map_request *request, double *scores, attrib_report *report);

/* Draws of uniform noise, rows of [0, 1], the same for all pictures: row 0 is the uniform baseline. */
attrib_noise map_uniform_noise(const settings *s);

#endif
