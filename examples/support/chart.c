#include "chart.h"

#include <math.h>
#include <stdio.h>

double chart_x(const chart_axis *axis, double value) {
  return axis->start + axis->length * (value - axis->low) / (axis->high - axis->low);
}

double chart_y(const chart_axis *axis, double value) {
  return axis->start + axis->length * (axis->high - value) / (axis->high - axis->low);
}

void chart_include(chart_axis *axis, double value) {
  if (value < axis->low) axis->low = value;
  if (value > axis->high) axis->high = value;
}

double chart_tick_step(const chart_axis *axis) {
  double raw = (axis->high - axis->low) / 4, power = pow(10, floor(log10(raw)));
  double lead = raw / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

void chart_round(chart_axis *axis) {
  if (!(axis->high > axis->low)) {
    axis->low -= 0.5;
    axis->high += 0.5;
  }
  double step = chart_tick_step(axis);
  axis->low = floor(axis->low / step) * step;
  axis->high = ceil(axis->high / step) * step;
}

void chart_begin(atomic_file *file, int height, const char *title, const char *style) {
  atomic_file_printf(
      file,
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img' "
      "font-family='sans-serif'>\n<title>%s</title>\n"
      "<style>.grid{stroke:#ddd}.tick{font-size:12px;fill:#555;text-anchor:end}.label{font-size:13px;fill:#333}"
      ".middle{text-anchor:middle}%s</style>\n"
      "<rect width='%d' height='%d' fill='#fff'/>\n"
      "<text x='%d' y='30' font-size='17' fill='#111'>%s</text>\n",
      CHART_WIDTH, height, CHART_WIDTH, height, title, style, CHART_WIDTH, height, CHART_LEFT, title);
}

void chart_key(atomic_file *file, int x, const char *class_name, const char *text) {
  atomic_file_printf(file, "<path class='%s' d='M%d 50h34'/><text x='%d' y='54' class='label'>%s</text>\n", class_name,
                     CHART_LEFT + x, CHART_LEFT + x + 42, text);
}

void chart_frame(atomic_file *file, const chart_axis *axis, const char *label) {
  double step = chart_tick_step(axis);
  atomic_file_printf(file, "<text x='%d' y='%d' class='label'>%s</text>\n", CHART_LEFT, axis->start - 8, label);
  int ticks = (int)lround((axis->high - axis->low) / step);
  for (int i = 0; i <= ticks; i++) {
    double v = axis->low + i * step, y = chart_y(axis, v);
    atomic_file_printf(file, "<path d='M%d %.1fH%d' class='grid'/><text x='%d' y='%.1f' class='tick'>%g</text>\n",
                       CHART_LEFT, y, CHART_WIDTH - CHART_RIGHT, CHART_LEFT - 8, y + 4, fabs(v) < step / 1e6 ? 0 : v);
  }
}

/* The first tick on the axis, and how many more there are. */
static int find_ticks(const chart_axis *axis, double step, double *first) {
  *first = ceil(axis->low / step) * step;
  return (int)((axis->high + step / 1e6 - *first) / step);
}

void chart_columns(atomic_file *file, const chart_axis *axis, int top, int bottom) {
  double step = chart_tick_step(axis), first;
  const int ticks = find_ticks(axis, step, &first);
  for (int i = 0; i <= ticks; i++)
    atomic_file_printf(file, "<path d='M%.1f %dV%d' class='grid'/>", chart_x(axis, first + i * step), top, bottom);
  atomic_file_printf(file, "\n");
}

void chart_foot(atomic_file *file, const chart_axis *axis, int y, const char *label) {
  double step = chart_tick_step(axis), first;
  const int ticks = find_ticks(axis, step, &first);
  for (int i = 0; i <= ticks; i++)
    atomic_file_printf(file, "<text x='%.1f' y='%d' class='tick middle'>%g</text>\n", chart_x(axis, first + i * step),
                       y + 18, first + i * step);
  atomic_file_printf(file, "<text x='%.1f' y='%d' class='label middle'>%s</text>\n", axis->start + axis->length / 2.0,
                     y + 40, label);
}

atomic_file *chart_open(const char *prefix, const char *suffix, char *message) {
  char path[4096];
  int length = snprintf(path, sizeof path, "%s%s", prefix, suffix);
  if (length < 0 || (size_t)length >= sizeof path) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", sizeof path - 1);
    return NULL;
  }
  return atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
}
