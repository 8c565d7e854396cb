/* A section for each picture: the picture and its maps as they are without scripts and in print, numbers, curves. */
#include <stdlib.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

static int write_original(atomic_file *file, const report_picture *picture, long long p) {
  atomic_file_printf(file, "<figure><img id=\"image-%lld\" alt=\"The picture\" width=\"%d\" height=\"%d\" src=\"", p,
                     (int)picture->width, (int)picture->height);
  const int status = report_image(file, picture, NULL);
  atomic_file_printf(file, "\"><figcaption>The picture</figcaption></figure>\n");
  return status;
}

static int write_map(atomic_file *file, const report_picture *picture, const report_map *map, double *sum) {
  int status = 0;
  atomic_file_printf(file, "<figure>");
  if (map->attributions != NULL) {
    report_sum(picture, map, sum);
    atomic_file_printf(file, "<img width=\"%d\" height=\"%d\" alt=\"Map by ", (int)picture->width,
                       (int)picture->height);
    report_map_name(file, picture, map);
    atomic_file_printf(file, "\" src=\"");
    status = report_image(file, picture, sum);
    atomic_file_printf(file, "\">");
  } else {
    atomic_file_printf(file, "<p class=\"absent\">No map</p>");
  }
  atomic_file_printf(file, "<figcaption>");
  report_map_name(file, picture, map);
  if (map->verdict != REPORT_AS_ASKED) {
    atomic_file_printf(file, " <strong>%s ", report_mark(map->verdict));
    markup_write(file, map->status);
    atomic_file_printf(file, "</strong>");
  }
  atomic_file_printf(file, "</figcaption></figure>\n");
  return status;
}

static int write_gallery(atomic_file *file, const report_picture *picture, long long p) {
  double *sum = malloc((size_t)picture->width * (size_t)picture->height * sizeof *sum);
  if (sum == NULL) return -1;
  atomic_file_printf(file, "<div class=\"gallery\">\n");
  int status = write_original(file, picture, p);
  for (int64_t m = 0; m < picture->n_maps && status == 0; m++)
    status = write_map(file, picture, &picture->maps[m], sum);
  atomic_file_printf(file,
                     "</div>\n<p class=\"how gallery-how\">Each map lies over the picture in grey: red speaks for the "
                     "target, blue against it, the stronger the colour the more. Full colour is at the map's own 99th "
                     "percentile, so that strength compares within a map and not between maps.</p>\n");
  free(sum);
  return status;
}

static int write_section(atomic_file *file, const report_picture *picture, long long p) {
  atomic_file_printf(file,
                     "<section class=\"picture\" id=\"picture-%lld\" aria-labelledby=\"name-%lld\">\n"
                     "<h2 id=\"name-%lld\">",
                     p, p, p);
  markup_write(file, picture->name);
  atomic_file_printf(file, "</h2>\n");
  report_pairs(file, picture->facts, picture->n_facts);
  const int status = write_gallery(file, picture, p);
  report_table(file, picture);
  report_paths(file, picture);
  report_ablations(file, picture);
  report_settings(file, picture);
  atomic_file_printf(file, "</section>\n");
  return status;
}

int report_sections(atomic_file *file, const report_page *page) {
  for (int64_t p = 0; p < page->n_pictures; p++)
    if (write_section(file, &page->pictures[p], (long long)p) != 0) return -1;
  return 0;
}
