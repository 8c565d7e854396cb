#include "results.h"

#include <math.h>
#include <stdio.h>

#include "chart.h"

/* Layout in pixels: a panel for each test. */
enum { HEIGHT = 620, PANEL = 200, GAP = 46 };

static const char *const test_names[TESTS] = {"ROAR", "DiffROAR"};
static const char *const test_texts[TESTS] = {
    "accuracy after retraining without the first pixels: the lower, the better the map",
    "accuracy with the first pixels alone, less that with the last alone: the higher, the better"};

static const double *value_at(const study *s, int test, int map, int fraction) {
  return s->values[test][map] + fraction * study_stride(s);
}

static void print_value(const double *value) {
  if (isnan(value[1]))
    printf("  %8.3f     ", value[0]);
  else
    printf("  %6.3f \xc2\xb1 %.3f", value[0], value[1]);
}

void results_print(const study *s) {
  printf("The network that is explained tells %.1f %% of %lld pictures that it has not seen.\n", 100 * s->accuracy,
         (long long)(s->count - s->a->pictures));
  for (int test = 0; test < TESTS; test++) {
    const double *fractions;
    const int count = study_fractions(s, test, &fractions);
    printf("\n%s, %s\n  pixels  ", test_names[test], test_texts[test]);
    for (int f = 0; f < count; f++) printf("  %11.0f %% ", 100 * fractions[f]);
    printf("\n");
    for (int map = 0; map < MAPS; map++) {
      printf("  %-8s", map_names[map]);
      for (int f = 0; f < count; f++) print_value(value_at(s, test, map, f));
      printf("\n");
    }
  }
  printf("\nMean and standard error of %lld trainings.\n", (long long)s->a->repeats);
}

static void list(atomic_file *file, const study *s) {
  atomic_file_printf(file, "test,map,fraction,mean,standard_error");
  for (int64_t r = 0; r < s->a->repeats; r++) atomic_file_printf(file, ",repeat_%lld", (long long)r + 1);
  atomic_file_printf(file, "\n");
  for (int test = 0; test < TESTS; test++)
    for (int map = 0; map < MAPS; map++) {
      const double *fractions;
      const int count = study_fractions(s, test, &fractions);
      for (int f = 0; f < count; f++) {
        const double *value = value_at(s, test, map, f);
        atomic_file_printf(file, "%s,%s,%.17g,%.17g,", test_names[test], map_names[map], fractions[f], value[0]);
        if (!isnan(value[1])) atomic_file_printf(file, "%.17g", value[1]);
        for (int64_t r = 0; r < s->a->repeats; r++) atomic_file_printf(file, ",%.17g", value[2 + r]);
        atomic_file_printf(file, "\n");
      }
    }
}

/* The order of points along the axis: fractions may come in any. */
static int next_fraction(const double *fractions, int count, double after) {
  int best = -1;
  for (int f = 0; f < count; f++)
    if (fractions[f] > after && (best < 0 || fractions[f] < fractions[best])) best = f;
  return best;
}

static void draw_line(atomic_file *file, const study *s, int test, int map, const chart_axis *x, const chart_axis *y) {
  const double *fractions;
  const int count = study_fractions(s, test, &fractions);
  char lead = 'M';
  atomic_file_printf(file, "<path class='m%d' d='", map);
  for (int f = next_fraction(fractions, count, -1); f >= 0; f = next_fraction(fractions, count, fractions[f])) {
    atomic_file_printf(file, "%c%.2f %.2f", lead, chart_x(x, fractions[f]), chart_y(y, value_at(s, test, map, f)[0]));
    lead = 'L';
  }
  atomic_file_printf(file, "'/>\n");
  for (int f = 0; f < count; f++) {
    const double *value = value_at(s, test, map, f), at = chart_x(x, fractions[f]);
    if (isnan(value[1]) || value[1] == 0) continue;
    atomic_file_printf(file, "<path class='m%d w' d='M%.2f %.2fV%.2f'/>\n", map, at, chart_y(y, value[0] - value[1]),
                       chart_y(y, value[0] + value[1]));
  }
}

static void draw(atomic_file *file, const study *s) {
  const chart_axis x = {0, 1, CHART_LEFT, CHART_WIDTH - CHART_LEFT - CHART_RIGHT};
  int top = CHART_TOP + 14;
  chart_begin(file, HEIGHT, "Trained again on what the maps left",
              "path[class^=m]{fill:none;stroke-width:2}.m0{stroke:#1f4e9c}.m1{stroke:#c1400b}"
              ".m2{stroke:#2d7d32;stroke-dasharray:7 4}.m3{stroke:#777;stroke-dasharray:2 3}.w{stroke-dasharray:none}");
  for (int map = 0; map < MAPS; map++) {
    char class_name[8];
    snprintf(class_name, sizeof class_name, "m%d", map);
    chart_key(file, 150 * map, class_name, map_names[map]);
  }
  for (int test = 0; test < TESTS; test++) {
    const double *fractions;
    const int count = study_fractions(s, test, &fractions);
    chart_axis y = {0, 0, top, PANEL};
    char label[160];
    for (int k = 0; k < MAPS * count; k++) {
      const double *value = value_at(s, test, k / count, k % count);
      const double error = isnan(value[1]) ? 0 : value[1];
      chart_include(&y, value[0] - error);
      chart_include(&y, value[0] + error);
    }
    chart_round(&y);
    snprintf(label, sizeof label, "%s: %s", test_names[test], test_texts[test]);
    chart_frame(file, &y, label);
    for (int map = 0; map < MAPS; map++) draw_line(file, s, test, map, &x, &y);
    top += PANEL + GAP;
  }
  chart_foot(file, &x, top - GAP, "fraction of the pixels; bars: one standard error either way");
  atomic_file_printf(file, "</svg>\n");
}

int results_write(const study *s, char *message) {
  atomic_file *csv = chart_open(s->a->prefix, "_retraining.csv", message);
  if (csv == NULL) return -1;
  atomic_file *svg = chart_open(s->a->prefix, "_retraining.svg", message);
  if (svg == NULL) {
    atomic_file_abort(csv);
    return -1;
  }
  list(csv, s);
  draw(svg, s);
  return atomic_file_commit_pair(csv, svg, message, FILE_MESSAGE_CAPACITY);
}
