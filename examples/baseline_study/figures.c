#define _POSIX_C_SOURCE 200809L /* mkdir */
#include "figures.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "chart.h"
#include "map_styles.h"

/* Layout in pixels: a panel of curves, then a row for each map with its score. */
enum { CURVES = 250, ROW = 19, NAMES = 160, SAMPLE = 36, BARS = NAMES + SAMPLE + 26, NUMBERS = 112, FOOT = 52 };

static chart_axis bar_axis(void) {
  return (chart_axis){0, 0, BARS, CHART_WIDTH - CHART_RIGHT - NUMBERS - BARS};
}

static void note(atomic_file *file, int y, const char *text) {
  atomic_file_printf(file, "<text x='%d' y='%d' class='note'>%s</text>\n", CHART_LEFT, y, text);
}

/* -- curves */

static double place(const test_info *info, int point) {
  return info->even ? point : info->at[point];
}

static bool is_sweep(const test_info *info) {
  return info->score == NULL;
}

/* shift: to the right, in pixels, so that bars of several maps lie side by side. */
static void draw_curve(atomic_file *file, const test_info *info, study_map map, const spread *at, const chart_axis *x,
                       const chart_axis *y, int shift) {
  bool begun = false;
  atomic_file_printf(file, "<path class='m%d' d='", (int)map);
  for (int i = 0; i < info->points; i++) {
    if (at[i].n > 0)
      atomic_file_printf(file, "%s%.1f %.1f", begun ? "L" : "M", chart_x(x, place(info, i)) + shift,
                         chart_y(y, at[i].mean));
    begun = begun || at[i].n > 0;
  }
  atomic_file_printf(file, "'/>\n");
  for (int i = 0; i < info->points && is_sweep(info); i++)
    if (at[i].n > 0)
      atomic_file_printf(file, "<path class='i' stroke='%s' d='M%.1f %.1fV%.1f'/>\n", map_colour(map),
                         chart_x(x, place(info, i)) + shift, chart_y(y, at[i].mean - spread_margin(&at[i])),
                         chart_y(y, at[i].mean + spread_margin(&at[i])));
}

/* Places side by side, with the numbers that they stand for. */
static void even_foot(atomic_file *file, const test_info *info, const chart_axis *x, int y) {
  for (int i = 0; i < info->points; i++) {
    char text[32];
    plan_at(info, i, text, sizeof text);
    atomic_file_printf(file, "<text x='%.1f' y='%d' class='tick middle'>%s</text>\n", chart_x(x, i), y + 18, text);
  }
  atomic_file_printf(file, "<text x='%.1f' y='%d' class='label middle'>%s</text>\n", x->start + x->length / 2.0, y + 40,
                     info->axis);
}

/* The panel of curves from y = top on. */
static void draw_curves(atomic_file *file, const summary *of, study_test test, int top) {
  const test_info *info = plan_test(test);
  const int margin = info->even ? 20 : 0;
  chart_axis y = {0, 0, top, CURVES};
  const chart_axis x = {info->even ? 0 : info->at[0], place(info, info->points - 1), CHART_LEFT + margin,
                        CHART_WIDTH - CHART_LEFT - CHART_RIGHT - 2 * margin};
  for (int m = 0; m < MAPS; m++)
    for (int i = 0; i < info->points; i++) {
      const spread *s = &of->at[test][m][i];
      if (s->n == 0) continue;
      chart_include(&y, s->mean + (is_sweep(info) ? spread_margin(s) : 0));
      chart_include(&y, s->mean - (is_sweep(info) ? spread_margin(s) : 0));
    }
  chart_round(&y);
  chart_frame(file, &y, info->value);
  for (int m = 0, shift = is_sweep(info) ? -9 : 0; m < MAPS; m++)
    if (summary_has(of, test, (study_map)m)) {
      draw_curve(file, info, (study_map)m, of->at[test][m], &x, &y, shift);
      shift += is_sweep(info) ? 9 : 0;
    }
  if (info->even)
    even_foot(file, info, &x, top + CURVES);
  else
    chart_foot(file, &x, top + CURVES, info->axis);
}

/* -- scores */

/* Bars end where values do. */
static void draw_bar(atomic_file *file, const chart_axis *x, study_map map, const spread *s, int y) {
  const double low = fmax(x->low, s->mean - spread_margin(s)), high = fmin(x->high, s->mean + spread_margin(s));
  atomic_file_printf(file, "<text x='%d' y='%d' class='name'>%s</text><path class='m%d' d='M%d %dh%d'/>\n", NAMES,
                     y + 4, plan_map(map), (int)map, NAMES + 8, y, SAMPLE);
  atomic_file_printf(file,
                     "<path class='e' d='M%.1f %dH%.1f'/><path class='i' stroke='%s' d='M%.1f %dH%.1f'/>"
                     "<circle cx='%.1f' cy='%d' r='3.5' fill='%s'/>\n",
                     chart_x(x, fmax(x->low, s->mean - s->sd)), y, chart_x(x, fmin(x->high, s->mean + s->sd)),
                     map_colour(map), chart_x(x, low), y, chart_x(x, high), chart_x(x, s->mean), y, map_colour(map));
  atomic_file_printf(file, "<text x='%d' y='%d' class='number'>%.3g", x->start + x->length + 12, y + 4, s->mean);
  if (s->n > 1) atomic_file_printf(file, " &#177; %.2g", spread_margin(s));
  atomic_file_printf(file, "</text>\n");
}

/* A row for each map from y = top on, the best first; where the foot ends. */
static int draw_scores(atomic_file *file, const summary *of, study_test test, int top) {
  const test_info *info = plan_test(test);
  study_map maps[MAPS];
  const int count = summary_rank(of, test, maps), bottom = top + count * ROW;
  chart_axis x = bar_axis();
  for (int i = 0; i < count; i++) {
    const spread *s = &of->score[test][maps[i]];
    chart_include(&x, info->most > 0 ? fmin(info->most, s->mean + s->sd) : s->mean + s->sd);
    chart_include(&x, fmax(info->least, s->mean - s->sd));
  }
  chart_round(&x);
  chart_columns(file, &x, top - ROW / 2, bottom - ROW / 2);
  for (int i = 0; i < count; i++) draw_bar(file, &x, maps[i], &of->score[test][maps[i]], top + i * ROW);
  chart_foot(file, &x, bottom - ROW / 2, info->score);
  return bottom + FOOT;
}

static int64_t most_pictures(const summary *of, study_test test) {
  int64_t most = 0;
  for (int m = 0; m < MAPS; m++) {
    if (of->score[test][m].n > most) most = of->score[test][m].n;
    if (of->at[test][m][0].n > most) most = of->at[test][m][0].n;
  }
  return most;
}

static int write_test(const summary *of, study_test test, const char *folder, char *message) {
  const test_info *info = plan_test(test);
  char suffix[128], title[192], text[256];
  study_map maps[MAPS];
  const int rows = is_sweep(info) ? 0 : summary_rank(of, test, maps) * ROW + FOOT;
  const int scores = info->points > 0 ? CHART_TOP + CURVES + 76 : CHART_TOP;
  const int height = (is_sweep(info) ? CHART_TOP + CURVES + 56 : scores + rows) + 16;
  snprintf(suffix, sizeof suffix, "/%s.svg", info->file);
  const int64_t pictures = most_pictures(of, test);
  snprintf(title, sizeof title, "%s: %s, %lld picture%s", info->name, info->better, (long long)pictures,
           pictures == 1 ? "" : "s");
  title[0] = (char)toupper((unsigned char)title[0]);
  atomic_file *file = chart_open(folder, suffix, message);
  if (file == NULL) return -1;
  chart_begin(file, height, title, map_styles);
  if (info->points > 0) draw_curves(file, of, test, CHART_TOP);
  if (is_sweep(info)) {
    for (int m = 0, x = 0; m < MAPS; m++)
      if (summary_has(of, test, (study_map)m)) {
        snprintf(text, sizeof text, "m%d", m);
        chart_key(file, x, text, plan_map((study_map)m));
        x += 190;
      }
    note(file, height - 8, "Bars: 95 % intervals of the means over pictures.");
  } else {
    draw_scores(file, of, test, scores);
    snprintf(text, sizeof text,
             "%s: means over pictures. Thick bars, &#177;: their 95 %% intervals; thin bars: standard deviation of "
             "pictures.",
             info->points > 0 ? "Curves, dots" : "Dots");
    note(file, height - 8, text);
  }
  atomic_file_printf(file, "</svg>\n");
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}

/* -- the mass inside by the object's colour: a row for each map, a mark for each colour */

static void draw_marks(atomic_file *file, const summary *of, const chart_axis *x, study_map map, int y) {
  static const char *const styles[] = {"fill='#000' stroke='#000'", "fill='#fff' stroke='#000'",
                                       "fill='#d55e00' stroke='#d55e00'"};
  atomic_file_printf(file, "<text x='%d' y='%d' class='name'>%s</text>\n", NAMES + SAMPLE, y + 4, plan_map(map));
  for (int c = 0; c < 3; c++) {
    const spread *s = &of->score[TEST_MASS_BLACK + c][map];
    const int at = y + 5 * (c - 1);
    if (s->n > 0)
      atomic_file_printf(file, "<path class='e' d='M%.1f %dH%.1f'/><circle cx='%.1f' cy='%d' r='4' %s/>\n",
                         chart_x(x, fmax(0, s->mean - spread_margin(s))), at, chart_x(x, s->mean + spread_margin(s)),
                         chart_x(x, s->mean), at, styles[c]);
  }
}

static int write_by_object(const summary *of, const char *folder, char *message) {
  const int row = ROW + 5, height = CHART_TOP + MAPS * row + FOOT + 16;
  chart_axis x = {0, 0, BARS, CHART_WIDTH - CHART_RIGHT - BARS};
  atomic_file *file = chart_open(folder, "/mass_inside_by_object.svg", message);
  if (file == NULL) return -1;
  for (int m = 0; m < MAPS; m++)
    for (int c = 0; c < 3; c++)
      chart_include(&x, of->score[TEST_MASS_BLACK + c][m].mean + spread_margin(&of->score[TEST_MASS_BLACK + c][m]));
  chart_round(&x);
  chart_begin(file, height, "A constant baseline is blind to its own colour", map_styles);
  atomic_file_printf(
      file,
      "<g class='label'><circle cx='90' cy='50' r='4'/><text x='102' y='54'>black objects (%lld)</text>"
      "<circle cx='270' cy='50' r='4' fill='#fff' stroke='#000'/><text x='282' y='54'>white objects "
      "(%lld)</text><circle cx='450' cy='50' r='4' fill='#d55e00'/><text x='462' y='54'>coloured objects "
      "(%lld)</text></g>\n",
      (long long)of->score[TEST_MASS_BLACK][0].n, (long long)of->score[TEST_MASS_WHITE][0].n,
      (long long)of->score[TEST_MASS_COLOURED][0].n);
  chart_columns(file, &x, CHART_TOP - row / 2, CHART_TOP + MAPS * row - row / 2);
  for (int m = 0; m < MAPS; m++) draw_marks(file, of, &x, (study_map)m, CHART_TOP + m * row);
  chart_foot(file, &x, CHART_TOP + MAPS * row - row / 2, plan_test(TEST_MASS)->score);
  note(file, height - 8, "Marks: means over pictures; bars: their 95 % intervals.");
  atomic_file_printf(file, "</svg>\n");
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}

int figures_write(const summary *of, const char *folder, char *message) {
  const file_report report = {folder, message, FILE_MESSAGE_CAPACITY};
  if (mkdir(folder, 0777) != 0 && errno != EEXIST) return file_fail(&report, -1, "cannot be made: %s", strerror(errno));
  for (int t = 0; t < MEASURED_TESTS; t++)
    if (most_pictures(of, (study_test)t) > 0 && write_test(of, (study_test)t, folder, message) != 0) return -1;
  return write_by_object(of, folder, message) != 0 ? -1 : 0;
}
