/* report_charts.h - a chart of a report page: a panel or two in inline SVG, coloured by page.css. */
#ifndef EXAMPLES_REPORT_CHARTS_H
#define EXAMPLES_REPORT_CHARTS_H

#include <stdbool.h>

#include "chart.h"
#include "report_page.h"

/* Layout in pixels: a panel, and for paths the slope in another one below. */
enum { PANEL_WIDTH = 360, PANEL_LEFT = 56, PANEL_RIGHT = 12, PANEL_TOP = 12, PANEL_HEIGHT = 130, PANEL_FOOT = 22 };

typedef struct panel {
  chart_axis x, y;
} panel;

/* Point i of a series. */
typedef struct place {
  double x, y;
} place;
typedef place (*series)(const report_map *map, int64_t i);

/* An axis that nothing was included in yet; includes what is finite; goes to whole ticks: false where there is nothing
 * that can be drawn. */
chart_axis axis_open(int start, int length);
void axis_include(chart_axis *axis, double value);
bool axis_close(chart_axis *axis);

/* Grid lines with numbers; numbers under a panel that ends at y. */
void draw_rows(atomic_file *file, const chart_axis *axis);
void draw_foot(atomic_file *file, const chart_axis *axis, int y);

/* A line through `count` points, broken where one is not finite; of very many, some are left out. */
void draw_line(atomic_file *file, const panel *on, const report_map *map, const char *class_name, series at,
               int64_t count);

/* A figure with the map's name, up to the drawing; the drawing, up to its description in words. */
void begin_figure(atomic_file *file, const report_picture *picture, int64_t m);
void begin_drawing(atomic_file *file, int height);

/* Its end, and what the axis is: a text of others of any length, in lines as wide as there is room. */
void end_drawing(atomic_file *file, const char *label);

/* An entry of the key. */
void write_key(atomic_file *file, const char *class_name, const char *text);

#endif
