/* segments.c - see segments.h. */
#include "segments.h"

#include <stdbool.h>

/* A radius beyond this covers the picture from any pixel; its square fits in 64 bits, since width * height < 2^31. */
static int64_t useful_radius(const attrib__segment_list *list, int64_t radius) {
  int64_t most = list->width + list->height;
  return radius < most ? radius : most;
}

int64_t attrib__disc_rows(const attrib__segment_list *list, int64_t radius) {
  return radius < list->height ? radius : list->height - 1;
}

void attrib__disc_build(attrib__segment_list *list, int64_t radius) {
  radius = useful_radius(list, radius);
  int64_t across = radius;
  for (int64_t away = 0; away <= list->rows; away++) {
    while (across * across + away * away > radius * radius) across--;
    list->reach[away] = (int32_t)(across < list->width ? across : list->width);
  }
}

/* Moves the label at `place` down to where the heap of n labels, largest on top, is one again. */
static void sift_down(int32_t *labels, int64_t n, int64_t place) {
  int32_t label = labels[place];
  for (int64_t child = 2 * place + 1; child < n; child = 2 * place + 1) {
    if (child + 1 < n && labels[child + 1] > labels[child]) child++;
    if (labels[child] <= label) break;
    labels[place] = labels[child];
    place = child;
  }
  labels[place] = label;
}

/* Heap sort: no memory besides, and no input that makes it slow. */
static void sort_labels(int32_t *labels, int64_t n) {
  for (int64_t place = n / 2; place-- > 0;) sift_down(labels, n, place);
  while (n > 1) {
    n--;
    int32_t largest = labels[0];
    labels[0] = labels[n];
    labels[n] = largest;
    sift_down(labels, n, 0);
  }
}

/* The labels of a map, each once, rising. */
static int64_t collect_labels(const attrib__segment_list *list, int64_t map, int32_t *sorted) {
  int64_t pixels = list->height * list->width, n = 0, distinct = 0;
  const int32_t *labels = list->labels + map * pixels;
  for (int64_t i = 0; i < pixels; i++) /* of a run of equal ones the first is enough */
    if (labels[i] >= 0 && (i == 0 || labels[i] != labels[i - 1])) sorted[n++] = labels[i];
  sort_labels(sorted, n);
  for (int64_t i = 0; i < n; i++)
    if (i == 0 || sorted[i] != sorted[i - 1]) sorted[distinct++] = sorted[i];
  return distinct;
}

int64_t attrib__segments_count(const attrib__segment_list *list, int64_t map, int32_t *sorted) {
  return collect_labels(list, map, sorted);
}

/* The number of the segment with this label, which the map has. Labels that count from 0 without gaps are found at
 * once. */
static int64_t find_label(const attrib__segment_list *list, int64_t map, int32_t label) {
  int64_t low = list->first[map], high = list->first[map + 1] - 1, middle = low + label;
  if (middle > high) middle = low + (high - low) / 2;
  while (list->at[middle].label != label) {
    if (list->at[middle].label < label)
      low = middle + 1;
    else
      high = middle - 1;
    middle = low + (high - low) / 2;
  }
  return middle;
}

static void extend_box(attrib__segment *segment, int64_t x, int64_t y) {
  if (x < segment->left) segment->left = (int32_t)x;
  if (x > segment->right) segment->right = (int32_t)x;
  if (segment->top < 0) segment->top = (int32_t)y; /* rows come in order */
  segment->bottom = (int32_t)y;
}

void attrib__segments_build(attrib__segment_list *list, int32_t *sorted) {
  list->first[0] = 0;
  for (int64_t map = 0; map < list->maps; map++) {
    int64_t count = collect_labels(list, map, sorted), first = list->first[map];
    list->first[map + 1] = first + count;
    for (int64_t k = 0; k < count; k++)
      list->at[first + k] = (attrib__segment){.map = (int32_t)map,
                                              .label = sorted[k],
                                              .left = (int32_t)list->width,
                                              .right = -1,
                                              .top = -1,
                                              .bottom = -1,
                                              .touched = -1,
                                              .seen = -1};
    const int32_t *label = list->labels + map * list->height * list->width;
    for (int64_t y = 0; y < list->height; y++)
      for (int64_t x = 0; x < list->width; x++, label++)
        if (*label >= 0) extend_box(&list->at[find_label(list, map, *label)], x, y);
  }
}

int64_t attrib__segments_find(attrib__segment_list *list, int64_t x, int64_t y, int32_t *found) {
  int64_t count = 0, width = list->width, height = list->height;
  int64_t top = y > list->rows ? y - list->rows : 0, bottom = y + list->rows < height ? y + list->rows : height - 1;
  int32_t pixel = (int32_t)(y * width + x);
  for (int64_t map = 0; map < list->maps; map++) {
    int32_t last = -1; /* labels mostly equal their neighbours */
    for (int64_t row = top; row <= bottom; row++) {
      const int32_t *labels = list->labels + (map * height + row) * width;
      int64_t reach = list->reach[row < y ? y - row : row - y];
      int64_t left = x > reach ? x - reach : 0, right = x + reach < width ? x + reach : width - 1;
      for (int64_t column = left; column <= right; column++) {
        int32_t label = labels[column];
        if (label == last) continue;
        last = label;
        if (label < 0) continue;
        int64_t k = find_label(list, map, label);
        if (list->at[k].seen == pixel) continue;
        list->at[k].seen = pixel;
        found[count++] = (int32_t)k;
      }
    }
  }
  return count;
}
