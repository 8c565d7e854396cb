#include "alpha_chart.h"

#include <math.h>
#include <stdio.h>

#include "atomic_file.h"

/* Layout in pixels: two panels, f and cumulative attribution above, the slope below. */
enum { WIDTH = 720, HEIGHT = 560, LEFT = 78, RIGHT = 24, TOP = 84, UPPER = 240, GAP = 44, LOWER = 120 };

void alpha_curve_from_trace(const attrib_report *report, alpha_curve *curve) {
  const attrib_trace_point *trace = report->trace;
  for (int64_t i = 0; i < report->trace_count; i++) {
    alpha_point *p = &curve->at[i % curve->points];
    p->alpha = trace[i].alpha;
    p->weight += trace[i].weight; /* over all baselines: what the rule gives the node */
    p->output += trace[i].weight * trace[i].output;
    p->slope += trace[i].weight * trace[i].slope;
  }
  /* A node stands for a cell of alpha as wide as its weight; the slope is taken as constant there. */
  double sum = report->baseline_output, edge = 0;
  for (int64_t j = 0; j < curve->points; j++) {
    alpha_point *p = &curve->at[j];
    double own = p->slope;
    p->output /= p->weight;
    p->slope /= p->weight;
    p->cumulative = sum + (p->alpha - edge) * p->slope;
    sum += own;
    edge += p->weight;
  }
  curve->start = report->baseline_output;
  curve->end = report->output;
  curve->sum = sum;
}

static int write_csv(const alpha_curve *curve, const char *path, char *message) {
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return -1;
  atomic_file_printf(file, "alpha,output,slope,cumulative_attribution,output_minus_baseline\n");
  if (curve->at[0].alpha > 0) atomic_file_printf(file, "0,%.17g,,0,0\n", curve->start);
  for (int64_t j = 0; j < curve->points; j++) {
    const alpha_point *p = &curve->at[j];
    atomic_file_printf(file, "%.17g,%.17g,%.17g,%.17g,%.17g\n", p->alpha, p->output, p->slope,
                       p->cumulative - curve->start, p->output - curve->start);
  }
  if (curve->at[curve->points - 1].alpha < 1)
    atomic_file_printf(file, "1,%.17g,,%.17g,%.17g\n", curve->end, curve->sum - curve->start,
                       curve->end - curve->start);
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}

/* A vertical axis: values low..high over the pixels top..top + height. */
typedef struct axis {
  double low, high;
  int top, height;
} axis;

static double x_of(double alpha) {
  return LEFT + alpha * (WIDTH - LEFT - RIGHT);
}

static double y_of(const axis *a, double value) {
  return a->top + a->height * (a->high - value) / (a->high - a->low);
}

static void include_value(axis *a, double value) {
  if (value < a->low) a->low = value;
  if (value > a->high) a->high = value;
}

/* A step of 1, 2 or 5 times a power of ten that gives about four ticks. */
static double tick_step(const axis *a) {
  double raw = (a->high - a->low) / 4, power = pow(10, floor(log10(raw)));
  double lead = raw / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

/* Widens the axis to whole ticks, so that the frame carries numbers. */
static void round_axis(axis *a) {
  if (!(a->high > a->low)) {
    a->low -= 0.5;
    a->high += 0.5;
  }
  double step = tick_step(a);
  a->low = floor(a->low / step) * step;
  a->high = ceil(a->high / step) * step;
}

static void draw_frame(atomic_file *file, const axis *a, const char *label) {
  double step = tick_step(a);
  atomic_file_printf(file, "<text x='%d' y='%d' class='label'>%s</text>\n", LEFT, a->top - 8, label);
  int ticks = (int)lround((a->high - a->low) / step);
  for (int i = 0; i <= ticks; i++) {
    double v = a->low + i * step, y = y_of(a, v);
    atomic_file_printf(file, "<path d='M%d %.1fH%d' class='grid'/><text x='%d' y='%.1f' class='tick'>%g</text>\n", LEFT,
                       y, WIDTH - RIGHT, LEFT - 8, y + 4, fabs(v) < step / 1e6 ? 0 : v);
  }
}

typedef enum series { OUTPUT, CUMULATIVE, SLOPE } series;

static void draw_line(atomic_file *file, const alpha_curve *curve, const axis *a, const char *class_name,
                      series which) {
  atomic_file_printf(file, "<path class='%s' d='M", class_name);
  if (which != SLOPE) atomic_file_printf(file, "%.2f %.2fL", x_of(0), y_of(a, curve->start));
  for (int64_t j = 0; j < curve->points; j++) {
    const alpha_point *p = &curve->at[j];
    double value = which == OUTPUT ? p->output : which == CUMULATIVE ? p->cumulative : p->slope;
    atomic_file_printf(file, "%s%.2f %.2f", j == 0 ? "" : "L", x_of(p->alpha), y_of(a, value));
  }
  if (which != SLOPE)
    atomic_file_printf(file, "L%.2f %.2f", x_of(1), y_of(a, which == OUTPUT ? curve->end : curve->sum));
  atomic_file_printf(file, "'/>\n");
}

static void draw_x_axis(atomic_file *file) {
  int y = TOP + UPPER + GAP + LOWER;
  for (int i = 0; i <= 4; i++)
    atomic_file_printf(file, "<text x='%.1f' y='%d' class='tick middle'>%g</text>\n", x_of(i / 4.0), y + 18, i / 4.0);
  atomic_file_printf(file, "<text x='%.1f' y='%d' class='label middle'>alpha: 0 = baseline, 1 = picture</text>\n",
                     x_of(0.5), y + 40);
}

static int write_svg(const alpha_curve *curve, const char *title, const char *path, char *message) {
  axis upper = {
      .low = fmin(curve->start, curve->end), .high = fmax(curve->start, curve->end), .top = TOP, .height = UPPER};
  axis lower = {.low = 0, .high = 0, .top = TOP + UPPER + GAP, .height = LOWER};
  for (int64_t j = 0; j < curve->points; j++) {
    include_value(&upper, curve->at[j].output);
    include_value(&upper, curve->at[j].cumulative);
    include_value(&lower, curve->at[j].slope);
  }
  include_value(&upper, curve->sum);
  round_axis(&upper);
  round_axis(&lower);
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return -1;
  atomic_file_printf(
      file,
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img' "
      "font-family='sans-serif'>\n<title>%s</title>\n"
      "<style>.grid{stroke:#ddd}.tick{font-size:12px;fill:#555;text-anchor:end}.label{font-size:13px;fill:#333}"
      ".middle{text-anchor:middle}.f{fill:none;stroke:#1f4e9c;stroke-width:5;stroke-opacity:.35}"
      ".s{fill:none;stroke:#c1400b;stroke-width:2}.d{fill:none;stroke:#333;stroke-width:1.5}</style>\n"
      "<rect width='%d' height='%d' fill='#fff'/>\n",
      WIDTH, HEIGHT, WIDTH, HEIGHT, title, WIDTH, HEIGHT);
  atomic_file_printf(
      file,
      "<text x='%d' y='30' font-size='17' fill='#111'>%s</text>\n"
      "<path class='f' d='M%d 50h34'/><text x='%d' y='54' class='label'>output f</text>\n"
      "<path class='s' d='M%d 50h34'/><text x='%d' y='54' class='label'>f(baseline) + attribution so far</text>\n",
      LEFT, title, LEFT, LEFT + 42, LEFT + 130, LEFT + 172);
  draw_frame(file, &upper, "");
  draw_line(file, curve, &upper, "f", OUTPUT);
  draw_line(file, curve, &upper, "s", CUMULATIVE);
  draw_frame(file, &lower, "slope of f along the path, by the gradient");
  draw_line(file, curve, &lower, "d", SLOPE);
  draw_x_axis(file);
  atomic_file_printf(file, "</svg>\n");
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}

int alpha_curve_write(const alpha_curve *curve, const char *title, const char *prefix, char *message) {
  char path[4096];
  int length = snprintf(path, sizeof path, "%s_alpha.csv", prefix);
  if (length < 0 || (size_t)length >= sizeof path) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", sizeof path - 1);
    return -1;
  }
  if (write_csv(curve, path, message) != 0) return -1;
  snprintf(path, sizeof path, "%s_alpha.svg", prefix);
  return write_svg(curve, title, path, message) == 0 ? 0 : -1;
}
