#include "running_mean.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "chart.h"

enum { HEIGHT = 400, PANEL = 260 };

/* means[k]: of the draws 0 to k, by weight. */
static void find_means(const attrib_report *report, double *means) {
  const attrib_trace_point *draws = report->trace;
  double sum = 0, weight = 0;
  for (int64_t k = 0; k < report->trace_count; k++) {
    sum += draws[k].weight * draws[k].slope;
    weight += draws[k].weight;
    means[k] = sum / weight;
  }
}

static atomic_file *begin_csv(const attrib_report *report, const double *means, const char *prefix, char *message) {
  const attrib_trace_point *draws = report->trace;
  atomic_file *file = chart_open(prefix, "_running_mean.csv", message);
  if (file == NULL) return NULL;
  atomic_file_printf(file, "draw,baseline,alpha,sum,running_mean,target\n");
  for (int64_t k = 0; k < report->trace_count; k++)
    atomic_file_printf(file, "%lld,%lld,%.17g,%.17g,%.17g,%.17g\n", (long long)k + 1, (long long)draws[k].baseline,
                       draws[k].alpha, draws[k].slope, means[k], report->completeness_target);
  return file;
}

/* The first few means are wild, and would leave no room for the others: they may leave the frame. */
static void find_range(const double *means, int64_t count, chart_axis *y) {
  for (int64_t k = count / 20; k < count; k++) chart_include(y, means[k]);
  chart_round(y);
}

static atomic_file *begin_svg(const attrib_report *report, const double *means, const char *title, const char *prefix,
                              char *message) {
  const int64_t count = report->trace_count;
  const chart_axis x = {0, (double)count, CHART_LEFT, CHART_WIDTH - CHART_LEFT - CHART_RIGHT};
  chart_axis y = {fmin(0, report->completeness_target), fmax(0, report->completeness_target), CHART_TOP, PANEL};
  char text[96];
  find_range(means, count, &y);
  atomic_file *file = chart_open(prefix, "_running_mean.svg", message);
  if (file == NULL) return NULL;
  chart_begin(file, HEIGHT, title,
              ".t{fill:none;stroke:#1f4e9c;stroke-width:5;stroke-opacity:.35}"
              ".m{fill:none;stroke:#c1400b;stroke-width:2}");
  snprintf(text, sizeof text, "f(picture) &#8722; mean f(baseline): %.4g", report->completeness_target);
  chart_key(file, 0, "t", text);
  snprintf(text, sizeof text, "running mean over the draws, at the end: %.4g", report->attribution_sum);
  chart_key(file, 280, "m", text);
  chart_frame(file, &y, "");
  atomic_file_printf(file, "<clipPath id='frame'><rect x='%d' y='%d' width='%d' height='%d'/></clipPath>\n", x.start,
                     y.start, x.length, y.length);
  atomic_file_printf(file, "<path class='t' d='M%d %.2fh%d'/>\n<path class='m' clip-path='url(#frame)' d='M", x.start,
                     chart_y(&y, report->completeness_target), x.length);
  for (int64_t k = 0; k < count; k++)
    atomic_file_printf(file, "%s%.2f %.2f", k == 0 ? "" : "L", chart_x(&x, (double)k + 1), chart_y(&y, means[k]));
  atomic_file_printf(file, "'/>\n");
  chart_foot(file, &x, y.start + y.length, "draws");
  atomic_file_printf(file, "</svg>\n");
  return file;
}

int running_mean_begin(const attrib_report *report, const char *title, const char *prefix, atomic_file **svg,
                       atomic_file **csv, char *message) {
  double *means = malloc((size_t)report->trace_count * sizeof *means);
  *svg = *csv = NULL;
  if (means == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld draws", (long long)report->trace_count);
    return -1;
  }
  find_means(report, means);
  *csv = begin_csv(report, means, prefix, message);
  if (*csv != NULL) *svg = begin_svg(report, means, title, prefix, message);
  free(means);
  if (*svg != NULL) return 0;
  atomic_file_abort(*csv);
  *csv = NULL;
  return -1;
}

int running_mean_write(const attrib_report *report, const char *title, const char *prefix, char *message) {
  atomic_file *svg, *csv;
  if (running_mean_begin(report, title, prefix, &svg, &csv, message) != 0) return -1;
  return atomic_file_commit_pair(csv, svg, message, FILE_MESSAGE_CAPACITY);
}
