/* ranked.h - calls of attrib_image_regions with everything they give. Include after fixture.h. */
#ifndef ATTRIB_TESTS_RANKED_H
#define ATTRIB_TESTS_RANKED_H

#include "fixture.h"

/* What no call writes. */
enum { UNSET = -77 };

/* A call's outputs, in blocks of their very size. */
typedef struct ranked {
  attrib_status status;
  int64_t pixels, regions;
  int32_t *order;
  double *gains;
} ranked;

static inline attrib_segments segments_of(int64_t count, const int32_t *labels, int64_t dilation, int64_t min_pixels) {
  return (attrib_segments){.struct_size = sizeof(attrib_segments),
                           .count = count,
                           .dilation = dilation,
                           .min_pixels = min_pixels,
                           .labels = labels};
}

/* Inputs are copied to blocks of their very size, too. */
static inline ranked rank(attrib_context *context, int64_t width, int64_t height, const double *map,
                          const attrib_segments *segments) {
  ranked r = {.pixels = width * height, .regions = UNSET, .gains = untouched(width * height)};
  size_t pixels = (size_t)r.pixels;
  r.order = exact_block(pixels * sizeof *r.order);
  for (size_t i = 0; i < pixels; i++) r.order[i] = UNSET;
  double *its_map = exact_copy(map, pixels * sizeof *map);
  int32_t *its_labels = exact_copy(segments->labels, (size_t)segments->count * pixels * sizeof *its_labels);
  attrib_segments its_segments = *segments;
  its_segments.labels = its_labels;
  r.status = attrib_image_regions(context, width, height, its_map, &its_segments, r.order, r.gains, &r.regions);
  free(its_labels);
  free(its_map);
  return r;
}

static inline bool nothing_written(const ranked *r) {
  for (int64_t i = 0; i < r->pixels; i++)
    if (r->order[i] != UNSET) return false;
  return r->regions == UNSET && is_untouched(r->gains, r->pixels);
}

static inline void free_ranked(ranked *r) {
  free(r->order);
  free(r->gains);
}

#endif
