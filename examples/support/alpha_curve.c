#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alpha_chart.h"

static int by_path(const void *left, const void *right) {
  const attrib_trace_point *a = left, *b = right;
  if (a->baseline != b->baseline) return a->baseline < b->baseline ? -1 : 1;
  if (a->alpha != b->alpha) return a->alpha < b->alpha ? -1 : 1;
  return a->row_id < b->row_id ? -1 : a->row_id > b->row_id;
}

/* Nodes of the path that begins at `first`. */
static int64_t path_length(const attrib_trace_point *first, const attrib_trace_point *end) {
  int64_t length = 1;
  while (first + length < end && first[length].baseline == first->baseline) length++;
  return length;
}

/* The cell of alpha that node j of n stands for. */
static double cell(const attrib_trace_point *path, int64_t n, int64_t j, double share) {
  if (!isnan(path[j].weight)) return path[j].weight / share;
  const double before = j == 0 ? 0 : path[j].alpha - path[j - 1].alpha;
  return (before + (j + 1 == n ? 0 : path[j + 1].alpha - path[j].alpha)) / 2;
}

/* Adds one path, whose share of all is given; a shorter one stays where it ended. */
static void add_path(const attrib_trace_point *path, int64_t n, double share, alpha_curve *curve) {
  double sum = 0, edge = 0;
  for (int64_t j = 0; j < n; j++) {
    alpha_point *p = &curve->at[j];
    const double width = cell(path, n, j, share);
    p->alpha = path[j].alpha;
    p->output += share * path[j].output;
    p->slope += share * path[j].slope;
    p->attribution += share * (sum + (path[j].alpha - edge) * path[j].slope);
    sum += width * path[j].slope;
    edge += width;
  }
  for (int64_t j = n; j < curve->points; j++) {
    curve->at[j].output += share * path[n - 1].output;
    curve->at[j].attribution += share * sum;
  }
}

int alpha_curve_from_trace(const attrib_report *report, bool backwards, alpha_curve *curve) {
  const int64_t count = report->trace_count;
  *curve = (alpha_curve){.backwards = backwards,
                         .start = backwards ? report->output : report->baseline_output,
                         .end = backwards ? report->baseline_output : report->output,
                         .sum = report->attribution_sum,
                         .steps = report->points};
  attrib_trace_point *sorted = malloc((size_t)count * sizeof *sorted);
  if (sorted == NULL) return -1;
  memcpy(sorted, report->trace, (size_t)count * sizeof *sorted);
  for (int64_t i = 0; i < count && backwards; i++) sorted[i].alpha = 1 - sorted[i].alpha;
  qsort(sorted, (size_t)count, sizeof *sorted, by_path);
  int64_t paths = 0, length;
  for (int64_t i = 0; i < count; i += length, paths++) {
    length = path_length(sorted + i, sorted + count);
    if (length > curve->points) curve->points = length;
  }
  curve->at = calloc((size_t)curve->points, sizeof *curve->at);
  for (int64_t i = 0; i < count && curve->at != NULL; i += length) {
    length = path_length(sorted + i, sorted + count);
    add_path(sorted + i, length, 1 / (double)paths, curve);
  }
  free(sorted);
  return curve->at == NULL ? -1 : 0;
}

void alpha_curve_free(alpha_curve *curve) {
  free(curve->at);
  curve->at = NULL;
}
