#include "alpha_chart.h"

#include <math.h>

#include "chart.h"

/* Layout in pixels: two panels, f and cumulative attribution above, the slope below. */
enum { HEIGHT = 560, UPPER = 240, GAP = 44, LOWER = 120 };

/* Backwards f falls by what is attributed. */
static double expected_output(const alpha_curve *curve, double attribution) {
  return curve->backwards ? curve->start - attribution : curve->start + attribution;
}

/* Backwards paths end early: nothing happens after the longest. */
static double last_alpha(const alpha_curve *curve) {
  return curve->backwards && curve->points > 1 ? curve->at[curve->points - 1].alpha : 1;
}

static atomic_file *begin_csv(const alpha_curve *curve, const char *prefix, char *message) {
  atomic_file *file = chart_open(prefix, "_alpha.csv", message);
  if (file == NULL) return NULL;
  const double sign = curve->backwards ? -1 : 1;
  const double unit = curve->backwards ? (double)curve->steps : 1; /* of the first column, for the whole way */
  atomic_file_printf(file, "%s,output,slope,cumulative_attribution,%s\n",
                     curve->backwards ? "steps_from_picture" : "alpha",
                     curve->backwards ? "picture_minus_output" : "output_minus_baseline");
  if (curve->at[0].alpha > 0) atomic_file_printf(file, "0,%.17g,,0,0\n", curve->start);
  for (int64_t j = 0; j < curve->points; j++) {
    const alpha_point *p = &curve->at[j];
    atomic_file_printf(file, "%.17g,%.17g,%.17g,%.17g,%.17g\n", curve->backwards ? round(unit * p->alpha) : p->alpha,
                       p->output, p->slope, p->attribution, sign * (p->output - curve->start));
  }
  if (curve->at[curve->points - 1].alpha < last_alpha(curve))
    atomic_file_printf(file, "1,%.17g,,%.17g,%.17g\n", curve->end, curve->sum, sign * (curve->end - curve->start));
  return file;
}

typedef enum series { OUTPUT, CUMULATIVE, SLOPE } series;

static double value_of(const alpha_curve *curve, const alpha_point *p, series which) {
  return which == OUTPUT ? p->output : which == SLOPE ? p->slope : expected_output(curve, p->attribution);
}

static void draw_line(atomic_file *file, const alpha_curve *curve, const chart_axis *x, const chart_axis *y,
                      const char *class_name, series which) {
  const double unit = curve->backwards ? (double)curve->steps : 1; /* of the axis, for the whole way */
  atomic_file_printf(file, "<path class='%s' d='M", class_name);
  if (which != SLOPE) atomic_file_printf(file, "%.2f %.2fL", chart_x(x, 0), chart_y(y, curve->start));
  for (int64_t j = 0; j < curve->points; j++) {
    const alpha_point *p = &curve->at[j];
    atomic_file_printf(file, "%s%.2f %.2f", j == 0 ? "" : "L", chart_x(x, unit * p->alpha),
                       chart_y(y, value_of(curve, p, which)));
  }
  if (which != SLOPE)
    atomic_file_printf(file, "L%.2f %.2f", chart_x(x, unit * last_alpha(curve)),
                       chart_y(y, which == OUTPUT ? curve->end : expected_output(curve, curve->sum)));
  atomic_file_printf(file, "'/>\n");
}

static atomic_file *begin_svg(const alpha_curve *curve, const char *title, const char *axis, const char *prefix,
                              char *message) {
  chart_axis upper = {fmin(curve->start, curve->end), fmax(curve->start, curve->end), CHART_TOP, UPPER};
  chart_axis lower = {0, 0, CHART_TOP + UPPER + GAP, LOWER};
  const chart_axis x = {0, last_alpha(curve) * (curve->backwards ? (double)curve->steps : 1), CHART_LEFT,
                        CHART_WIDTH - CHART_LEFT - CHART_RIGHT};
  for (int64_t j = 0; j < curve->points; j++) {
    chart_include(&upper, curve->at[j].output);
    chart_include(&upper, value_of(curve, &curve->at[j], CUMULATIVE));
    chart_include(&lower, curve->at[j].slope);
  }
  chart_include(&upper, expected_output(curve, curve->sum));
  chart_round(&upper);
  chart_round(&lower);
  atomic_file *file = chart_open(prefix, "_alpha.svg", message);
  if (file == NULL) return NULL;
  chart_begin(file, HEIGHT, title,
              ".f{fill:none;stroke:#1f4e9c;stroke-width:5;stroke-opacity:.35}"
              ".s{fill:none;stroke:#c1400b;stroke-width:2}.d{fill:none;stroke:#333;stroke-width:1.5}");
  chart_key(file, 0, "f", "output f");
  chart_key(file, 130, "s",
            curve->backwards ? "f(picture) &#8722; attribution so far" : "f(baseline) + attribution so far");
  chart_frame(file, &upper, "");
  draw_line(file, curve, &x, &upper, "f", OUTPUT);
  draw_line(file, curve, &x, &upper, "s", CUMULATIVE);
  chart_frame(file, &lower,
              curve->backwards ? "attribution per path length: how fast f falls"
                               : "attribution per alpha: slope of f along the path");
  draw_line(file, curve, &x, &lower, "d", SLOPE);
  chart_foot(file, &x, lower.start + lower.length, axis);
  atomic_file_printf(file, "</svg>\n");
  return file;
}

int alpha_curve_begin(const alpha_curve *curve, const char *title, const char *axis, const char *prefix,
                      atomic_file **svg, atomic_file **csv, char *message) {
  *csv = begin_csv(curve, prefix, message);
  *svg = *csv == NULL ? NULL : begin_svg(curve, title, axis, prefix, message);
  if (*svg != NULL) return 0;
  atomic_file_abort(*csv);
  *csv = NULL;
  return -1;
}

int alpha_curve_write(const alpha_curve *curve, const char *title, const char *axis, const char *prefix,
                      char *message) {
  atomic_file *svg, *csv;
  if (alpha_curve_begin(curve, title, axis, prefix, &svg, &csv, message) != 0) return -1;
  return atomic_file_commit_pair(csv, svg, message, FILE_MESSAGE_CAPACITY);
}
