/* felzenszwalb.c - see felzenszwalb.h.
 *
 * Pixels are nodes, neighbours are edges, and edges are taken from the smallest difference on: each may merge the two
 * segments that it lies between. So the largest difference within a segment (along its spanning tree) is that of the
 * edge that merged it last. */
#include "felzenszwalb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <attrib/image.h>

#include "image_io.h"

enum { CHANNELS = 3 };

/* from < to. */
typedef struct edge {
  float difference;
  int32_t from, to;
} edge;

/* Segments as trees of pixels; what is said of a segment stands at its root. */
typedef struct forest {
  int32_t *parent, *size; /* parent of a root: itself */
  float *bound;           /* the largest difference across which it merges */
} forest;

typedef struct work {
  int32_t width, height, pixels;
  float *smooth; /* planes as the picture's */
  edge *edges;
  size_t edge_count;
  forest trees;
} work;

static int compare_edges(const void *left, const void *right) {
  const edge *a = left, *b = right;
  if (a->difference != b->difference) return a->difference < b->difference ? -1 : 1;
  if (a->from != b->from) return a->from < b->from ? -1 : 1;
  return (a->to > b->to) - (a->to < b->to);
}

static float colour_difference(const work *w, int32_t a, int32_t b) {
  double sum = 0;
  for (size_t c = 0; c < CHANNELS; c++) {
    const float *plane = w->smooth + c * (size_t)w->pixels;
    double difference = 255 * ((double)plane[a] - plane[b]);
    sum += difference * difference;
  }
  return (float)sqrt(sum);
}

static void add_edge(work *w, int32_t x, int32_t y, int32_t right, int32_t down) {
  if (x + right < 0 || x + right >= w->width || y + down >= w->height) return;
  int32_t from = y * w->width + x, to = from + down * w->width + right;
  w->edges[w->edge_count++] = (edge){.difference = colour_difference(w, from, to), .from = from, .to = to};
}

static void build_edges(work *w) {
  for (int32_t y = 0; y < w->height; y++)
    for (int32_t x = 0; x < w->width; x++) {
      add_edge(w, x, y, 1, 0);
      add_edge(w, x, y, -1, 1);
      add_edge(w, x, y, 0, 1);
      add_edge(w, x, y, 1, 1);
    }
  qsort(w->edges, w->edge_count, sizeof *w->edges, compare_edges); /* no two are equal: the result is the only one */
}

static int32_t find_root(const forest *trees, int32_t pixel) {
  while (trees->parent[pixel] != pixel) {
    trees->parent[pixel] = trees->parent[trees->parent[pixel]]; /* shorter for the next one */
    pixel = trees->parent[pixel];
  }
  return pixel;
}

/* Hangs the smaller tree below the larger one; returns the root. */
static int32_t merge(const forest *trees, int32_t a, int32_t b) {
  int32_t root = trees->size[a] < trees->size[b] ? b : a, other = root == a ? b : a;
  trees->parent[other] = root;
  trees->size[root] += trees->size[other];
  return root;
}

static void merge_like_colours(const work *w, double scale) {
  const forest *trees = &w->trees;
  for (int32_t i = 0; i < w->pixels; i++) {
    trees->parent[i] = i;
    trees->size[i] = 1;
    trees->bound[i] = (float)scale;
  }
  for (size_t i = 0; i < w->edge_count; i++) {
    const edge *e = &w->edges[i];
    int32_t a = find_root(trees, e->from), b = find_root(trees, e->to);
    if (a == b || e->difference > trees->bound[a] || e->difference > trees->bound[b]) continue;
    int32_t root = merge(trees, a, b);
    trees->bound[root] = (float)(e->difference + scale / trees->size[root]);
  }
}

static void merge_small(const work *w, int64_t min_size) {
  const forest *trees = &w->trees;
  for (size_t i = 0; i < w->edge_count; i++) {
    int32_t a = find_root(trees, w->edges[i].from), b = find_root(trees, w->edges[i].to);
    if (a != b && (trees->size[a] < min_size || trees->size[b] < min_size)) (void)merge(trees, a, b);
  }
}

/* Numbers the roots; sizes are not needed any more and hold the numbers. */
static int64_t write_labels(const work *w, int32_t *labels) {
  const forest *trees = &w->trees;
  int32_t count = 0;
  for (int32_t i = 0; i < w->pixels; i++) trees->size[i] = -1;
  for (int32_t i = 0; i < w->pixels; i++) {
    int32_t root = find_root(trees, i);
    if (trees->size[root] < 0) trees->size[root] = count++;
    labels[i] = trees->size[root];
  }
  return count;
}

static attrib_status segment(attrib_context *context, work *w, const float *pixels, const felzenszwalb_options *options,
                             int32_t *labels, int64_t *segments, char *message) {
  const size_t n = (size_t)w->pixels;
  w->smooth = malloc(CHANNELS * n * sizeof *w->smooth);
  w->edges = malloc(4 * n * sizeof *w->edges);
  w->trees.parent = malloc(n * sizeof *w->trees.parent);
  w->trees.size = malloc(n * sizeof *w->trees.size);
  w->trees.bound = malloc(n * sizeof *w->trees.bound);
  if (w->smooth == NULL || w->edges == NULL || w->trees.parent == NULL || w->trees.size == NULL ||
      w->trees.bound == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "segmentation: out of memory for a picture of %d x %d", (int)w->width,
             (int)w->height);
    return ATTRIB_E_MEMORY;
  }
  const attrib_image shape = {.struct_size = sizeof shape,
                              .width = w->width,
                              .height = w->height,
                              .channels = CHANNELS,
                              .x_stride = 1,
                              .y_stride = w->width,
                              .channel_stride = w->pixels};
  attrib_status status = attrib_image_blur(context, ATTRIB_F32, &shape, pixels, options->sigma, w->smooth);
  if (status < 0) {
    const char *cause = context == NULL ? attrib_status_text(status) : attrib_context_error(context);
    snprintf(message, FILE_MESSAGE_CAPACITY, "segmentation: %s", cause);
    return status;
  }
  build_edges(w);
  merge_like_colours(w, options->scale);
  merge_small(w, options->min_size);
  *segments = write_labels(w, labels);
  return ATTRIB_OK;
}

attrib_status felzenszwalb(attrib_context *context, const float *pixels, int32_t width, int32_t height,
                           const felzenszwalb_options *options, int32_t *labels, int64_t *segments, char *message) {
  message[0] = '\0';
  if (width < 1 || height < 1 || width > IMAGE_MAX_PIXELS / height) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "segmentation: %d x %d pixels: must be 1 to %d", (int)width, (int)height,
             IMAGE_MAX_PIXELS);
    return ATTRIB_E_ARGUMENT;
  }
  if (!(options->scale >= 0 && options->scale <= 1e30) || options->min_size < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "segmentation: scale %g and min_size %lld: must be at least 0",
             options->scale, (long long)options->min_size);
    return ATTRIB_E_ARGUMENT;
  }
  work w = {.width = width, .height = height, .pixels = width * height};
  attrib_status status = segment(context, &w, pixels, options, labels, segments, message);
  free(w.smooth);
  free(w.edges);
  free(w.trees.parent);
  free(w.trees.size);
  free(w.trees.bound);
  return status;
}
