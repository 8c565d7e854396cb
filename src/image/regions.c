/* regions.c - a picture covered segment by segment, the one of the largest mean first.
 *
 * Covering a region changes the means of all segments that share pixels with it. Sums are integers (exact_sum.h), so
 * taking pixels out leaves the very sum that the rest has: the order is that of true means, and ties are true ties. The
 * segment to be covered next stands at the root of a tree whose nodes name the better of the two below. */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../context/context.h"
#include "exact_sum.h"
#include "segments.h"
#include "shape.h"

typedef struct cover {
  attrib__segment_list list;
  int64_t segments, min_pixels;
  const double *map;
  attrib__exact format;
  uint32_t *sums;   /* per segment format.words: of its uncovered pixels; and one more for the rest */
  int32_t *best;    /* the tree's inner nodes, from the root at 1 on; those below node n are 2 n and 2 n + 1 */
  int32_t *found;   /* segments of one pixel */
  int32_t *touched; /* segments that the region under way took pixels from */
  int64_t touched_count;
  int32_t *order; /* the caller's; -1 = uncovered */
  double *gains;  /* the caller's, or NULL */
} cover;

static uint32_t *sum_of(const cover *c, int64_t segment) {
  return c->sums + segment * c->format.words;
}

static bool is_passed_over(const cover *c, int32_t segment) {
  return c->list.at[segment].uncovered < c->min_pixels;
}

/* The better of two segments; either where both are passed over. */
static int32_t better(const cover *c, int32_t a, int32_t b) {
  if (is_passed_over(c, b)) return a;
  if (is_passed_over(c, a)) return b;
  int comparison = attrib__exact_compare_means(&c->format, sum_of(c, a), c->list.at[a].uncovered, sum_of(c, b),
                                               c->list.at[b].uncovered);
  if (comparison == 0) return a < b ? a : b;
  return comparison > 0 ? a : b;
}

/* The best segment below a node of the tree. Node `segments + k` is the leaf of segment k. */
static int32_t best_below(const cover *c, int64_t node) {
  return node < c->segments ? c->best[node] : (int32_t)(node - c->segments);
}

static void set_node(const cover *c, int64_t node) {
  c->best[node] = better(c, best_below(c, 2 * node), best_below(c, 2 * node + 1));
}

/* All pixels uncovered: sums, counts and tree. */
static void begin(cover *c) {
  attrib__segment_list *list = &c->list;
  for (int64_t y = 0, pixel = 0; y < list->height; y++)
    for (int64_t x = 0; x < list->width; x++, pixel++) {
      int64_t count = attrib__segments_find(list, x, y, c->found);
      for (int64_t i = 0; i < count; i++) {
        attrib__exact_add(&c->format, sum_of(c, c->found[i]), c->map[pixel]);
        list->at[c->found[i]].uncovered++;
      }
      c->order[pixel] = -1;
    }
  for (int64_t k = 0; k < c->segments; k++) list->at[k].seen = -1; /* every pixel is looked at once more */
  for (int64_t node = c->segments - 1; node >= 1; node--) set_node(c, node);
}

static void cover_pixel(cover *c, int64_t x, int64_t y, int32_t region, double gain) {
  int64_t pixel = y * c->list.width + x;
  c->order[pixel] = region;
  if (c->gains != NULL) c->gains[pixel] = gain;
  int64_t count = attrib__segments_find(&c->list, x, y, c->found);
  for (int64_t i = 0; i < count; i++) {
    int32_t k = c->found[i];
    attrib__segment *segment = &c->list.at[k];
    attrib__exact_add(&c->format, sum_of(c, k), -c->map[pixel]);
    segment->uncovered--;
    if (segment->touched == region) continue;
    segment->touched = region;
    c->touched[c->touched_count++] = k;
  }
}

/* Covers what is uncovered of the disc around a pixel of the segment. */
static void cover_disc(cover *c, int64_t x, int64_t y, int32_t region, double gain) {
  const attrib__segment_list *list = &c->list;
  for (int64_t row = y > list->rows ? y - list->rows : 0; row <= y + list->rows && row < list->height; row++) {
    int64_t reach = list->reach[row < y ? y - row : row - y];
    for (int64_t column = x > reach ? x - reach : 0; column <= x + reach && column < list->width; column++)
      if (c->order[row * list->width + column] < 0) cover_pixel(c, column, row, region, gain);
  }
}

static void cover_segment(cover *c, int32_t k, int32_t region) {
  const attrib__segment_list *list = &c->list;
  const attrib__segment *segment = &list->at[k];
  double gain = attrib__exact_mean(&c->format, sum_of(c, k), segment->uncovered);
  c->touched_count = 0;
  for (int64_t y = segment->top; y <= segment->bottom; y++) {
    const int32_t *labels = list->labels + (segment->map * list->height + y) * list->width;
    for (int64_t x = segment->left; x <= segment->right && segment->uncovered > 0; x++)
      if (labels[x] == segment->label) cover_disc(c, x, y, region, gain);
  }
  for (int64_t i = 0; i < c->touched_count; i++)
    for (int64_t node = (c->segments + c->touched[i]) / 2; node >= 1; node /= 2) set_node(c, node);
}

/* What no region covers comes last. */
static void cover_rest(cover *c, int32_t region) {
  uint32_t *rest = sum_of(c, c->segments);
  int64_t pixels = c->list.height * c->list.width, count = 0;
  for (int64_t i = 0; i < pixels; i++)
    if (c->order[i] < 0) {
      attrib__exact_add(&c->format, rest, c->map[i]);
      count++;
    }
  if (count == 0) return;
  double gain = attrib__exact_mean(&c->format, rest, count);
  for (int64_t i = 0; i < pixels; i++)
    if (c->order[i] < 0) {
      c->order[i] = region;
      if (c->gains != NULL) c->gains[i] = gain;
    }
}

static int32_t cover_all(cover *c) {
  int32_t region = 0;
  begin(c);
  for (; c->segments > 0 && !is_passed_over(c, best_below(c, 1)); region++) cover_segment(c, best_below(c, 1), region);
  cover_rest(c, region);
  return region;
}

/* Counts the segments, then lays the scratch memory out in one block and lists them. */
static attrib_status prepare(attrib_context *context, cover *c, int64_t radius) {
  attrib__segment_list *list = &c->list;
  uint64_t pixels = (uint64_t)(list->height * list->width), maps = (uint64_t)list->maps;
  int32_t *sorted = attrib__workspace(context, pixels * sizeof *sorted);
  if (sorted == NULL) return attrib__fail_memory(context, pixels * sizeof *sorted);
  for (int64_t map = 0; map < list->maps; map++) c->segments += attrib__segments_count(list, map, sorted);
  list->rows = attrib__disc_rows(list, radius);

  uint64_t segments = (uint64_t)c->segments, words = (uint64_t)c->format.words, rows = (uint64_t)list->rows;
  size_t bytes = 0;
  if (!attrib__size_add(&bytes, maps + 1, sizeof *list->first) ||
      !attrib__size_add(&bytes, segments, sizeof *list->at) ||
      !attrib__size_add(&bytes, (segments + 1) * words, sizeof *c->sums) ||
      !attrib__size_add(&bytes, 3 * segments + rows + 1 + pixels, sizeof(int32_t)))
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "segments->labels: %" PRId64 " segments need more scratch than memory can be", c->segments);
  list->first = attrib__workspace(context, bytes);
  if (list->first == NULL) return attrib__fail_memory(context, bytes);
  list->at = (attrib__segment *)(list->first + maps + 1);
  c->sums = (uint32_t *)(list->at + segments);
  c->best = (int32_t *)(c->sums + (segments + 1) * words);
  c->found = c->best + segments;
  c->touched = c->found + segments;
  list->reach = c->touched + segments;
  sorted = list->reach + rows + 1;
  memset(c->sums, 0, (segments + 1) * words * sizeof *c->sums);
  attrib__disc_build(list, radius);
  attrib__segments_build(list, sorted);
  return ATTRIB_OK;
}

static attrib_status check_labels(attrib_context *context, const attrib__segment_list *list) {
  const int32_t *label = list->labels;
  for (int64_t map = 0; map < list->maps; map++)
    for (int64_t y = 0; y < list->height; y++)
      for (int64_t x = 0; x < list->width; x++, label++)
        if (*label < -1)
          return attrib__fail(context, ATTRIB_E_ARGUMENT,
                              "segments->labels: %" PRId32 " in map %" PRId64 " at x = %" PRId64 ", y = %" PRId64
                              ": must be at least 0, or -1 for none",
                              *label, map, x, y);
  return ATTRIB_OK;
}

static attrib_status check_segments(attrib_context *context, const attrib_segments *s, int64_t pixels) {
  if (s->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "segments->flags = 0x%" PRIx32 ": this version knows none",
                        s->flags);
  if (s->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "segments->reserved: this version knows no use for it");
  if (s->count < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "segments->count = %" PRId64 ": must be at least 1", s->count);
  if (s->count > INT32_MAX / pixels)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "segments->count = %" PRId64 " maps of %" PRId64 " pixels: at most 2^31 - 1 labels", s->count,
                        pixels);
  if (s->dilation < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "segments->dilation = %" PRId64 ": must not be negative",
                        s->dilation);
  if (s->min_pixels < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "segments->min_pixels = %" PRId64 ": must not be negative",
                        s->min_pixels);
  if (s->labels == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "segments->labels is NULL");
  return ATTRIB_OK;
}

static attrib_status find_regions(attrib_context *context, cover *c, const attrib_segments *given, int64_t *regions) {
  attrib__segment_list *list = &c->list;
  if (list->width < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "width = %" PRId64 ": must be at least 1", list->width);
  if (list->height < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "height = %" PRId64 ": must be at least 1", list->height);
  if (list->width > INT32_MAX / list->height)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " x %" PRId64 " pixels: at most 2^31 - 1 pixels",
                        list->width, list->height);
  if (c->map == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "map is NULL");
  attrib_segments segments;
  attrib_status status =
      attrib__read_struct(context, "segments", given, ATTRIB__FIRST_SEGMENTS, &segments, sizeof segments);
  if (status < 0) return status;
  int64_t pixels = list->height * list->width;
  status = check_segments(context, &segments, pixels);
  if (status < 0) return status;
  if (c->order == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "order is NULL");
  if (regions == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "regions is NULL");
  list->maps = segments.count;
  list->labels = segments.labels;
  status = check_labels(context, list);
  if (status == ATTRIB_OK) status = attrib__image_check_map(context, pixels, c->map);
  if (status < 0) return status;

  c->min_pixels = segments.min_pixels == 0 ? 1 : segments.min_pixels;
  c->format = attrib__exact_format(c->map, pixels);
  status = prepare(context, c, segments.dilation);
  if (status < 0) return status;
  *regions = cover_all(c);
  return ATTRIB_OK;
}

attrib_status attrib_image_regions(attrib_context *given, int64_t width, int64_t height, const double *map,
                                   const attrib_segments *segments, int32_t *order, double *gains, int64_t *regions) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  cover c = {.list = {.width = width, .height = height}, .map = map, .order = order, .gains = gains};
  status = find_regions(context, &c, segments, regions);
  attrib__end(context, &local);
  return status;
}
