/* f along the path and the attribution so far: one chart per map, f on one scale for all of a picture. */
#include <math.h>
#include <stdbool.h>

#include "report_charts.h"
#include "report_parts.h"
#include "report_text.h"

enum { GAP = 30, LOWER = 60 }; /* the panel of the slope, in pixels */

/* alpha, or of a way back the steps from the picture. */
static double along(const alpha_curve *curve, double alpha) {
  return curve->backwards ? alpha * (double)curve->steps : alpha;
}

static double last_alpha(const alpha_curve *curve) {
  return curve->backwards && curve->points > 1 ? curve->at[curve->points - 1].alpha : 1;
}

/* Of the axis: never nothing, where a way back took no step. */
static double length_of(const alpha_curve *curve) {
  const double length = along(curve, last_alpha(curve));
  return length == 0 ? 1 : length;
}

static double expected(const alpha_curve *curve, double attribution) {
  return curve->backwards ? curve->start - attribution : curve->start + attribution;
}

/* Outputs and attribution begin and end beside the nodes. */
static place output_at(const report_map *map, int64_t i) {
  const alpha_curve *c = map->curve;
  if (i == 0) return (place){0, c->start};
  if (i > c->points) return (place){along(c, last_alpha(c)), c->end};
  return (place){along(c, c->at[i - 1].alpha), c->at[i - 1].output};
}

static place attribution_at(const report_map *map, int64_t i) {
  const alpha_curve *c = map->curve;
  if (i == 0) return (place){0, c->start};
  if (i > c->points) return (place){along(c, last_alpha(c)), expected(c, c->sum)};
  return (place){along(c, c->at[i - 1].alpha), expected(c, c->at[i - 1].attribution)};
}

static place slope_at(const report_map *map, int64_t i) {
  return (place){along(map->curve, map->curve->at[i].alpha), map->curve->at[i].slope};
}

static void draw_path(atomic_file *file, const report_picture *picture, int64_t m, const chart_axis *outputs) {
  const report_map *map = &picture->maps[m];
  const alpha_curve *curve = map->curve;
  panel upper = {{0, length_of(curve), PANEL_LEFT, PANEL_WIDTH - PANEL_LEFT - PANEL_RIGHT}, *outputs};
  panel lower = {upper.x, axis_open(PANEL_TOP + PANEL_HEIGHT + GAP, LOWER)};
  axis_include(&lower.y, 0);
  for (int64_t i = 0; i < curve->points; i++) axis_include(&lower.y, curve->at[i].slope);
  begin_figure(file, picture, m);
  if (!isfinite(upper.x.high) || !axis_close(&lower.y) || !axis_close(&upper.y)) {
    atomic_file_printf(file, "<p>Too large to draw.</p></figure>\n");
    return;
  }
  begin_drawing(file, PANEL_TOP + PANEL_HEIGHT + GAP + LOWER + PANEL_FOOT);
  write_number(file, curve->start);
  atomic_file_printf(file, " at the %s, ", curve->backwards ? "picture" : "baseline");
  write_number(file, curve->end);
  atomic_file_printf(file, " at the end; the attribution leads to ");
  write_number(file, expected(curve, curve->sum));
  atomic_file_printf(file, "\">\n");
  draw_rows(file, &upper.y);
  draw_line(file, &upper, map, "f", output_at, curve->points + 2);
  draw_line(file, &upper, map, "s", attribution_at, curve->points + 2);
  atomic_file_printf(file, "<text x=\"%d\" y=\"%d\" class=\"name\">slope</text>\n", PANEL_LEFT,
                     PANEL_TOP + PANEL_HEIGHT + GAP - 9);
  draw_rows(file, &lower.y);
  draw_line(file, &lower, map, "d", slope_at, curve->points);
  draw_foot(file, &lower.x, PANEL_TOP + PANEL_HEIGHT + GAP + LOWER);
  end_drawing(file, map->axis);
  atomic_file_printf(file, "</figure>\n");
}

void report_paths(atomic_file *file, const report_picture *picture) {
  chart_axis outputs = axis_open(PANEL_TOP, PANEL_HEIGHT);
  bool any = false;
  for (int64_t m = 0; m < picture->n_maps; m++) {
    const report_map *map = &picture->maps[m];
    for (int64_t i = 0; map->curve != NULL && i < map->curve->points + 2; i++) {
      axis_include(&outputs, output_at(map, i).y);
      axis_include(&outputs, attribution_at(map, i).y);
      any = true;
    }
  }
  if (!any) return;
  atomic_file_printf(file,
                     "<h3>Along the path</h3>\n<p class=\"how\">From the baseline (or from the picture back) f changes "
                     "as the wide line says; the thin one adds up what has been attributed so far. Where they part, "
                     "gradients were missed between two points: take more of them. A slope that is high in one "
                     "stretch and near 0 elsewhere says that the map comes from that stretch alone. f is on one scale "
                     "in all charts of a picture.</p>\n<ul class=\"key\">\n");
  write_key(file, "f", "f, the output");
  write_key(file, "s", "f at the start, and the attribution so far");
  write_key(file, "d", "slope: attribution per length of the way");
  atomic_file_printf(file, "</ul>\n<div class=\"charts\">\n");
  for (int64_t m = 0; m < picture->n_maps; m++)
    if (picture->maps[m].curve != NULL) draw_path(file, picture, m, &outputs);
  atomic_file_printf(file, "</div>\n");
}
