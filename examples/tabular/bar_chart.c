#include "bar_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "atomic_file.h"
#include "markup.h"

/* Layout in pixels: names at the left, as wide as they need, bars, numbers at the right. */
enum { PLOT = 360, RIGHT = 148, TOP = 96, ROW = 42, BAR = 18, CAP = 5, BOTTOM = 138 };

/* About the width of a letter in each size of text. */
static const double title_letter = 9.2, letter = 7.6, small_letter = 6.4;

typedef struct plot {
  atomic_file *file;
  double low, high, step; /* of the axis; step: between its ticks */
  int left, width, height;
  int decimals; /* of the numbers; -1: written with an exponent */
} plot;

static void put_line(const plot *p, double x, double y, const char *style, const char *text) {
  atomic_file_printf(p->file, "<text x='%.1f' y='%.1f' class='%s'>", x, y, style);
  markup_write(p->file, text);
  atomic_file_printf(p->file, "</text>\n");
}

static double x_of(const plot *p, double value) {
  return p->left + PLOT * (value - p->low) / (p->high - p->low);
}

static double whisker(const bar *b) {
  return isnan(b->error) ? 0 : 2 * b->error;
}

/* Whole ticks of 1, 2 or 5 times a power of ten, about five of them, that hold zero, bars and whiskers. */
static void choose_axis(const bar_chart *chart, plot *p) {
  double low = 0, high = 0;
  for (int32_t i = 0; i < chart->count; i++) {
    low = fmin(low, chart->bars[i].size - whisker(&chart->bars[i]));
    high = fmax(high, chart->bars[i].size + whisker(&chart->bars[i]));
  }
  if (!(high - low > 1e-300)) high = low + 1;
  double raw = (high - low) / 5, power = pow(10, floor(log10(raw))), lead = raw / power;
  p->step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
  p->low = floor(low / p->step) * p->step;
  p->high = ceil(high / p->step) * p->step;
}

static int larger(int a, double b) {
  return b > a ? (int)b : a;
}

/* Room for the longest texts; letters are counted, as nothing here knows their widths. */
static void choose_size(const bar_chart *chart, plot *p) {
  int names = 160, lines = larger(0, title_letter * (double)strlen(chart->title));
  for (int32_t i = 0; i < chart->count; i++) {
    const bar *b = &chart->bars[i];
    names = larger(names, small_letter * (double)strlen(b->typical));
    names = larger(names, letter * (double)(strlen(b->name) + 3 + strlen(b->value)));
  }
  for (int i = 0; i < 2; i++) lines = larger(lines, letter * (double)strlen(chart->heads[i]));
  for (int i = 0; i < BAR_CHART_LINES; i++) lines = larger(lines, letter * (double)strlen(chart->notes[i]));
  p->left = 40 + names;
  p->width = p->left + PLOT + RIGHT;
  if (p->width < lines + 40) p->width = lines + 40;
  p->height = TOP + ROW * (int)chart->count + BOTTOM;
}

static void draw_head(const plot *p, const bar_chart *chart) {
  atomic_file_printf(p->file,
                     "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img' "
                     "font-family='sans-serif'>\n<title>",
                     p->width, p->height, p->width, p->height);
  markup_write(p->file, chart->title);
  atomic_file_printf(p->file,
                     "</title>\n<style>text{font-size:13px;fill:#333}.title{font-size:17px;fill:#111}"
                     ".grid{stroke:#ddd}.zero{stroke:#555}.tick{font-size:12px;fill:#555;text-anchor:middle}"
                     ".name{text-anchor:end}.small{font-size:11px;fill:#666}.smallname{font-size:11px;fill:#666;"
                     "text-anchor:end}.number{text-anchor:end;font-variant-numeric:tabular-nums}"
                     ".p{fill:#c4372b}.n{fill:#1855a4}.whisker{stroke:#111;stroke-width:1.5;fill:none}</style>\n"
                     "<rect width='%d' height='%d' fill='#fff'/>\n",
                     p->width, p->height);
  put_line(p, 20, 32, "title", chart->title);
  put_line(p, 20, 54, "head", chart->heads[0]);
  put_line(p, 20, 73, "head", chart->heads[1]);
}

static void draw_axis(const plot *p, int32_t count) {
  const int bottom = TOP + ROW * (int)count;
  const int ticks = (int)lround((p->high - p->low) / p->step);
  for (int i = 0; i <= ticks; i++) {
    double value = p->low + i * p->step;
    if (fabs(value) < p->step / 1e6) value = 0; /* no "-0" and no "1e-17" */
    atomic_file_printf(p->file, "<path d='M%.1f %dV%d' class='%s'/><text x='%.1f' y='%d' class='tick'>%g</text>\n",
                       x_of(p, value), TOP, bottom, value == 0 ? "zero" : "grid", x_of(p, value), bottom + 17, value);
  }
}

static void draw_whisker(const plot *p, double from, double to, double y) {
  atomic_file_printf(p->file, "<path class='whisker' d='M%.1f %.1fv%dm0 -%dH%.1fm0 -%dv%d'/>\n", from, y - CAP, 2 * CAP,
                     CAP, to, CAP, 2 * CAP);
}

/* As many decimals as show a digit of the whisker. */
static int decimals_for(const plot *p, double half) {
  int decimals = half > 0 ? -(int)floor(log10(half)) : 0;
  return decimals > 6 ? 6 : decimals > p->decimals ? decimals : p->decimals;
}

/* "+1.83 +- 0.12", the whisker being twice the standard error. */
static void print_size(const plot *p, const bar *b, char *text, size_t size) {
  const double half = whisker(b);
  if (p->decimals < 0 && isnan(b->error))
    snprintf(text, size, "%+.2e", b->size);
  else if (p->decimals < 0)
    snprintf(text, size, "%+.2e \xc2\xb1 %.0e", b->size, half);
  else if (isnan(b->error))
    snprintf(text, size, "%+.*f", p->decimals, b->size);
  else
    snprintf(text, size, "%+.*f \xc2\xb1 %.*f", decimals_for(p, half), b->size, decimals_for(p, half), half);
}

static void draw_bar(const plot *p, const bar *b, int32_t place) {
  const double middle = TOP + ROW * (place + 0.5), zero = x_of(p, 0), end = x_of(p, b->size);
  char text[160];
  snprintf(text, sizeof text, "%s = %s", b->name, b->value);
  put_line(p, p->left - 12, middle - 1, "name", text);
  put_line(p, p->left - 12, middle + 13, "smallname", b->typical);
  atomic_file_printf(p->file, "<rect x='%.1f' y='%.1f' width='%.1f' height='%d' class='%s'/>\n", fmin(zero, end),
                     middle - BAR / 2.0, fabs(end - zero), BAR, b->size < 0 ? "n" : "p");
  print_size(p, b, text, sizeof text);
  if (!isnan(b->error)) draw_whisker(p, x_of(p, b->size - whisker(b)), x_of(p, b->size + whisker(b)), middle);
  put_line(p, p->left + PLOT + RIGHT - 20, middle + 4, "number", text);
}

static void draw_legend(const plot *p, const bar_chart *chart) {
  const int y = p->height - 88;
  const double second = 44 + letter * (double)strlen(chart->positive) + 24;
  atomic_file_printf(p->file,
                     "<rect x='20' y='%d' width='14' height='14' class='p'/>\n"
                     "<rect x='%.0f' y='%d' width='14' height='14' class='n'/>\n",
                     y - 12, second, y - 12);
  put_line(p, 42, y, "head", chart->positive);
  put_line(p, second + 22, y, "head", chart->negative);
  for (int i = 0; i < BAR_CHART_LINES; i++) put_line(p, 20, y + 24 + 19.0 * i, "head", chart->notes[i]);
  atomic_file_printf(p->file, "</svg>\n");
}

static void draw(plot *p, const bar_chart *chart) {
  double largest = 0;
  for (int32_t i = 0; i < chart->count; i++) largest = fmax(largest, fabs(chart->bars[i].size));
  const double power = largest > 0 ? floor(log10(largest)) : 0;
  p->decimals = power < -5 || power > 6 ? -1 : power > 2 ? 0 : 2 - (int)power; /* three digits of the largest */
  choose_axis(chart, p);
  choose_size(chart, p);
  draw_head(p, chart);
  draw_axis(p, chart->count);
  for (int32_t i = 0; i < chart->count; i++) draw_bar(p, &chart->bars[i], i);
  draw_legend(p, chart);
}

/* A field of CSV, quoted where it has to be. */
static void put_field(atomic_file *file, const char *text) {
  if (strpbrk(text, ",\"\r\n") == NULL) {
    atomic_file_printf(file, "%s,", text);
    return;
  }
  atomic_file_printf(file, "\"");
  for (; *text != '\0'; text++) atomic_file_printf(file, *text == '"' ? "\"\"" : "%c", *text);
  atomic_file_printf(file, "\",");
}

static void list(atomic_file *file, const bar_chart *chart) {
  atomic_file_printf(file, "column,value,attribution,standard_error\n");
  for (int32_t i = 0; i < chart->count; i++) {
    const bar *b = &chart->bars[i];
    put_field(file, b->name);
    put_field(file, b->value);
    atomic_file_printf(file, "%.17g,", b->size);
    if (!isnan(b->error)) atomic_file_printf(file, "%.17g", b->error);
    atomic_file_printf(file, "\n");
  }
}

int bar_chart_write(const bar_chart *chart, const char *prefix, char *message) {
  char path[2][4096];
  const int length = snprintf(path[0], sizeof path[0], "%s_bars.svg", prefix);
  if (length < 0 || (size_t)length >= sizeof path[0]) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", sizeof path[0] - 1);
    return -1;
  }
  snprintf(path[1], sizeof path[1], "%s_bars.csv", prefix);
  atomic_file *svg = atomic_file_begin(path[0], message, FILE_MESSAGE_CAPACITY);
  if (svg == NULL) return -1;
  atomic_file *csv = atomic_file_begin(path[1], message, FILE_MESSAGE_CAPACITY);
  if (csv == NULL) {
    atomic_file_abort(svg);
    return -1;
  }
  plot p = {.file = svg};
  draw(&p, chart);
  list(csv, chart);
  return atomic_file_commit_pair(svg, csv, message, FILE_MESSAGE_CAPACITY);
}
