#include "report_charts.h"

#include <math.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

enum { MOST_POINTS = 400, ROW = 18 }; /* ROW: least pixels from number to number */

void axis_include(chart_axis *axis, double value) {
  if (isfinite(value)) chart_include(axis, value);
}

chart_axis axis_open(int start, int length) {
  return (chart_axis){INFINITY, -INFINITY, start, length};
}

bool axis_close(chart_axis *axis) {
  if (!(axis->low <= axis->high) || !isfinite(axis->high - axis->low)) return false;
  if (axis->high - axis->low < 1e-9 * fmax(fabs(axis->low), fabs(axis->high))) {
    const double room = 0.01 * fmax(fabs(axis->low), fabs(axis->high));
    axis->low -= room;
    axis->high += room;
  }
  chart_round(axis);
  return isfinite(axis->high - axis->low);
}

static double tick(double value, double step) {
  return fabs(value) < step / 1e6 ? 0 : value;
}

/* From one number to the next: as many ticks as keep them apart. */
static double row_step(const chart_axis *axis) {
  double step = chart_tick_step(axis);
  while ((axis->high - axis->low) / step > (double)axis->length / ROW) step *= 2;
  return step;
}

void draw_rows(atomic_file *file, const chart_axis *axis) {
  const double step = row_step(axis), first = ceil(axis->low / step) * step;
  for (int i = 0; first + i * step <= axis->high + step / 1e6; i++) {
    const double value = tick(first + i * step, step), y = chart_y(axis, value);
    atomic_file_printf(file,
                       "<path d=\"M%d %.1fH%d\" class=\"grid\"/><text x=\"%d\" y=\"%.1f\" class=\"row\">%.4g</text>\n",
                       PANEL_LEFT, y, PANEL_WIDTH - PANEL_RIGHT, PANEL_LEFT - 6, y + 4, value);
  }
}

void draw_foot(atomic_file *file, const chart_axis *axis, int y) {
  const double step = chart_tick_step(axis), first = ceil(axis->low / step) * step;
  for (int i = 0; first + i * step <= axis->high + step / 1e6; i++)
    atomic_file_printf(file, "<text x=\"%.1f\" y=\"%d\" class=\"column\">%.4g</text>\n",
                       chart_x(axis, first + i * step), y + 15, tick(first + i * step, step));
}

void end_drawing(atomic_file *file, const char *label) {
  atomic_file_printf(file, "</svg>\n<p class=\"axis\">");
  markup_write(file, label);
  atomic_file_printf(file, "</p>\n");
}

/* The last one is never left out. */
static int64_t next(int64_t i, int64_t stride, int64_t count) {
  if (i == count - 1) return count;
  return i + stride < count - 1 ? i + stride : count - 1;
}

void draw_line(atomic_file *file, const panel *on, const report_map *map, const char *class_name, series at,
               int64_t count) {
  const int64_t stride = (count - 1) / MOST_POINTS + 1;
  bool broken = true;
  atomic_file_printf(file, "<path class=\"%s\" d=\"", class_name);
  for (int64_t i = 0; i < count; i = next(i, stride, count)) {
    const place p = at(map, i);
    const bool known = isfinite(p.x) && isfinite(p.y);
    if (known) atomic_file_printf(file, "%c%.1f %.1f", broken ? 'M' : 'L', chart_x(&on->x, p.x), chart_y(&on->y, p.y));
    broken = !known;
  }
  atomic_file_printf(file, "\"/>\n");
}

void begin_figure(atomic_file *file, const report_picture *picture, int64_t m) {
  atomic_file_printf(file, "<figure class=\"chart\" data-map=\"%lld\"><figcaption>", (long long)m);
  report_map_name(file, picture, &picture->maps[m]);
  atomic_file_printf(file, "</figcaption>\n");
}

void begin_drawing(atomic_file *file, int height) {
  atomic_file_printf(file, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", PANEL_WIDTH, height);
}

void write_key(atomic_file *file, const char *class_name, const char *text) {
  atomic_file_printf(file,
                     "<li><svg viewBox=\"0 0 34 10\" aria-hidden=\"true\"><path class=\"%s\" d=\"M0 5h34\"/></svg> "
                     "%s</li>\n",
                     class_name, text);
}
