#include "regions.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "felzenszwalb.h"
#include "image_io.h"

enum { CHANNELS = 3, ENDS = 2 };

static const double published_scales[REGIONS_MAPS] = {50, 100, 150, 250, 500, 1200};
static const double published_side = 224, published_sigma = 0.8, published_dilation = 5;
static const double published_segment = 150, published_addition = 50; /* pixels */

attrib_status regions_segment(attrib_context *context, const float *pixels, int32_t width, int32_t height,
                              int32_t *labels, attrib_segments *segments, char *message) {
  const int64_t count = (int64_t)width * height;
  const double size = sqrt((double)count) / published_side, area = size * size;
  for (int i = 0; i < REGIONS_MAPS; i++) {
    const felzenszwalb_options options = {.sigma = published_sigma * size,
                                          .scale = published_scales[i] * size,
                                          .min_size = llround(published_segment * area)};
    int64_t found;
    attrib_status status = felzenszwalb(context, pixels, width, height, &options, labels + i * count, &found, message);
    if (status < 0) return status;
  }
  *segments = (attrib_segments){.struct_size = sizeof *segments,
                                .count = REGIONS_MAPS,
                                .dilation = llround(published_dilation * size),
                                .min_pixels = llround(published_addition * area),
                                .labels = labels};
  return ATTRIB_OK;
}

/* What the steps hand to each other. */
typedef struct work {
  int32_t width, height;
  int64_t pixels;
  float *ends;          /* black, then white */
  double *attributions; /* 3 x pixels */
  double *sums;         /* of a pixel's channels */
  int32_t *labels, *order;
  int64_t *before; /* of each region the pixels that come before it; at most one region per pixel */
} work;

static attrib_status fail(attrib_context *context, attrib_status status, char *message) {
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_context_error(context));
  return status;
}

static attrib_status attribute(attrib_context *context, const work *w, const attrib_model *model, const float *pixels,
                               int64_t target, const attrib_ig_options *options, attrib_report *report, char *message) {
  const int64_t inputs = CHANNELS * w->pixels;
  const attrib_baselines ends = {.struct_size = sizeof ends, .count = ENDS, .rows = w->ends};
  const attrib_image shape = {.struct_size = sizeof shape,
                              .width = w->width,
                              .height = w->height,
                              .channels = CHANNELS,
                              .x_stride = 1,
                              .y_stride = w->width,
                              .channel_stride = w->pixels};
  for (int64_t i = 0; i < ENDS * inputs; i++) w->ends[i] = i < inputs ? 0 : 1;
  attrib_status status =
      attrib_integrated_gradients(context, model, pixels, target, &ends, options, w->attributions, report);
  if (status != ATTRIB_OK) (void)fail(context, status, message);
  if (status < 0 || status == ATTRIB_CANCELLED) return status;
  attrib_status reduced = attrib_image_reduce(context, &shape, w->attributions, ATTRIB_REDUCE_SUM, w->sums);
  return reduced < 0 ? fail(context, reduced, message) : status;
}

/* From the order of regions to how much of the picture was covered before each of them. */
static void spread_ranks(const work *w, double *map) {
  int64_t before = 0, last = 0;
  memset(w->before, 0, (size_t)w->pixels * sizeof *w->before);
  for (int64_t i = 0; i < w->pixels; i++) {
    w->before[w->order[i]]++;
    if (w->order[i] > last) last = w->order[i];
  }
  for (int64_t region = 0; region <= last; region++) {
    int64_t own = w->before[region];
    w->before[region] = before;
    before += own;
  }
  const double most = (double)w->before[last];
  for (int64_t i = 0; i < w->pixels; i++) map[i] = last == 0 ? 1 : 1 - (double)w->before[w->order[i]] / most;
}

static bool allocate(work *w) {
  const size_t pixels = (size_t)w->pixels;
  w->ends = malloc(pixels * ENDS * CHANNELS * sizeof *w->ends);
  w->attributions = malloc(pixels * CHANNELS * sizeof *w->attributions);
  w->sums = malloc(pixels * sizeof *w->sums);
  w->labels = malloc(pixels * REGIONS_MAPS * sizeof *w->labels);
  w->order = malloc(pixels * sizeof *w->order);
  w->before = malloc(pixels * sizeof *w->before);
  return w->ends != NULL && w->attributions != NULL && w->sums != NULL && w->labels != NULL && w->order != NULL &&
         w->before != NULL;
}

static void release(work *w) {
  free(w->ends);
  free(w->attributions);
  free(w->sums);
  free(w->labels);
  free(w->order);
  free(w->before);
}

/* The cheap step first: what is wrong with the picture costs no gradients. */
static attrib_status rank(attrib_context *context, const work *w, const attrib_model *model, const float *pixels,
                          int64_t target, const attrib_ig_options *options, double *map, attrib_report *report,
                          char *message) {
  attrib_segments segments;
  int64_t regions;
  attrib_status status = regions_segment(context, pixels, w->width, w->height, w->labels, &segments, message);
  if (status < 0) return status;
  status = attribute(context, w, model, pixels, target, options, report, message);
  if (status < 0 || status == ATTRIB_CANCELLED) return status;
  attrib_status ranked =
      attrib_image_regions(context, w->width, w->height, w->sums, &segments, w->order, NULL, &regions);
  if (ranked < 0) return fail(context, ranked, message);
  spread_ranks(w, map);
  return status;
}

attrib_status regions_rank(attrib_context *context, const attrib_model *model, const float *pixels, int32_t width,
                           int32_t height, int64_t target, const attrib_ig_options *options, double *map,
                           attrib_report *report, char *message) {
  message[0] = '\0';
  if (width < 1 || height < 1 || width > IMAGE_MAX_PIXELS / height || model->dtype != ATTRIB_F32 ||
      model->n_inputs != (int64_t)CHANNELS * width * height) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "regions: %d x %d pixels are not what the model takes", (int)width,
             (int)height);
    return ATTRIB_E_ARGUMENT;
  }
  work w = {.width = width, .height = height, .pixels = (int64_t)width * height};
  attrib_status status = ATTRIB_E_MEMORY;
  if (allocate(&w))
    status = rank(context, &w, model, pixels, target, options, map, report, message);
  else
    snprintf(message, FILE_MESSAGE_CAPACITY, "regions: out of memory for a picture of %d x %d", (int)width,
             (int)height);
  release(&w);
  return status;
}
