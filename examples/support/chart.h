/* chart.h - the frame of a chart in SVG: a plain axis each way, with ticks. */
#ifndef EXAMPLES_CHART_H
#define EXAMPLES_CHART_H

#include "atomic_file.h"

/* Values low..high over `length` pixels from `start` on: to the right, or, vertical, downwards from the top, where high
 * is. */
typedef struct chart_axis {
  double low, high;
  int start, length;
} chart_axis;

enum { CHART_WIDTH = 720, CHART_LEFT = 78, CHART_RIGHT = 24, CHART_TOP = 84 };

double chart_x(const chart_axis *axis, double value);
double chart_y(const chart_axis *axis, double value);

/* From one tick to the next: 1, 2 or 5 times a power of ten that gives about four of them. */
double chart_tick_step(const chart_axis *axis);

/* Widens the axis to hold the value; to whole ticks. */
void chart_include(chart_axis *axis, double value);
void chart_round(chart_axis *axis);

/* Opens the picture, writes its head and title. height: in pixels. style: further classes, in CSS. Of the file: see
 * atomic_file.h. */
void chart_begin(atomic_file *file, int height, const char *title, const char *style);

/* An entry of the key, x pixels from the left: a line of that class, and what it is. */
void chart_key(atomic_file *file, int x, const char *class_name, const char *text);

/* Grid lines and numbers; label above the frame. */
void chart_frame(atomic_file *file, const chart_axis *axis, const char *label);

/* Vertical grid lines from y = top down to bottom, where the foot then goes. */
void chart_columns(atomic_file *file, const chart_axis *axis, int top, int bottom);

/* Numbers and label under a frame that ends at y. */
void chart_foot(atomic_file *file, const chart_axis *axis, int y, const char *label);

/* Opens PREFIX + suffix for writing; NULL with one line in message (FILE_MESSAGE_CAPACITY bytes). */
atomic_file *chart_open(const char *prefix, const char *suffix, char *message);

#endif
