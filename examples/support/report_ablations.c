/* Deletion and insertion: one chart per map, on one scale for all of a picture. */
#include <stdbool.h>

#include "markup.h"
#include "report_charts.h"
#include "report_parts.h"
#include "report_text.h"

static double share(const report_map *map, int64_t i) {
  return 100 * (double)i / (double)(map->ablation->points - 1);
}

static place deletion_at(const report_map *map, int64_t i) {
  return (place){share(map, i), map->ablation->deletion[i]};
}

static place insertion_at(const report_map *map, int64_t i) {
  return (place){share(map, i), map->ablation->insertion[i]};
}

static void draw_ablation(atomic_file *file, const report_picture *picture, int64_t m, const chart_axis *responses) {
  const report_map *map = &picture->maps[m];
  const report_ablation *a = map->ablation;
  panel on = {{0, 100, PANEL_LEFT, PANEL_WIDTH - PANEL_LEFT - PANEL_RIGHT}, *responses};
  begin_figure(file, picture, m);
  if (!axis_close(&on.y)) {
    atomic_file_printf(file, "<p>Nothing that can be drawn.</p></figure>\n");
    return;
  }
  begin_drawing(file, PANEL_TOP + PANEL_HEIGHT + PANEL_FOOT);
  markup_write(file, a->response);
  atomic_file_printf(file, " as pixels are replaced\">\n");
  draw_rows(file, &on.y);
  if (a->deletion != NULL) draw_line(file, &on, map, "x", deletion_at, a->points);
  if (a->insertion != NULL) draw_line(file, &on, map, "i", insertion_at, a->points);
  draw_foot(file, &on.x, PANEL_TOP + PANEL_HEIGHT);
  end_drawing(file, "% of the pixels");
  atomic_file_printf(file, "<p class=\"areas\">");
  if (a->deletion != NULL) {
    atomic_file_printf(file, "Area of deletion ");
    write_number(file, a->deletion_area);
  }
  if (a->insertion != NULL) {
    atomic_file_printf(file, "%s of insertion ", a->deletion != NULL ? "," : "Area");
    write_number(file, a->insertion_area);
  }
  atomic_file_printf(file, "; ");
  markup_write(file, a->response);
  atomic_file_printf(file, ", replaced by ");
  markup_write(file, a->replacement);
  atomic_file_printf(file, "</p></figure>\n");
}

void report_ablations(atomic_file *file, const report_picture *picture) {
  chart_axis responses = axis_open(PANEL_TOP, PANEL_HEIGHT);
  bool any = false;
  for (int64_t m = 0; m < picture->n_maps; m++) {
    const report_ablation *a = picture->maps[m].ablation;
    for (int64_t i = 0; a != NULL && i < a->points; i++) {
      if (a->deletion != NULL) axis_include(&responses, a->deletion[i]);
      if (a->insertion != NULL) axis_include(&responses, a->insertion[i]);
      any = true;
    }
  }
  if (!any) return;
  atomic_file_printf(
      file,
      "<h3>Deletion and insertion</h3>\n<p class=\"how\">Pixels are replaced in the map's order, the "
      "highest first (deletion), or put back into what replaces them (insertion). If the map finds "
      "what the model looks at, deletion falls early, with a small area, and insertion rises early, "
      "with a large one. Compare only curves of one replacement: what pixels become is itself seen by "
      "the model. Pixels of equal value go in the order of their lines, so that a step where many are "
      "equal, as at 0 where the picture is like its baseline, says nothing of the map.</p>\n<ul class=\"key\">\n");
  write_key(file, "x", "deletion");
  write_key(file, "i", "insertion");
  atomic_file_printf(file, "</ul>\n<div class=\"charts\">\n");
  for (int64_t m = 0; m < picture->n_maps; m++)
    if (picture->maps[m].ablation != NULL) draw_ablation(file, picture, m, &responses);
  atomic_file_printf(file, "</div>\n");
}
