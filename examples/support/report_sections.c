/* A section for each picture: the picture and its maps as they are without scripts and in print, numbers, curves. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

static int write_original(atomic_file *file, const report_picture *picture, long long p) {
  atomic_file_printf(file, "<figure><img id=\"image-%lld\" alt=\"The picture\" width=\"%d\" height=\"%d\" src=\"", p,
                     (int)picture->width, (int)picture->height);
  const int status = report_image(file, picture, NULL, 0);
  atomic_file_printf(file, "\"><figcaption>The picture</figcaption></figure>\n");
  return status;
}

/* What the colours stand for. */
static int write_bar(atomic_file *file, const report_map *map, bool is_signed, double full) {
  atomic_file_printf(file, "<div class=\"bar\"><img alt=\"\" width=\"128\" height=\"1\" src=\"");
  const int status = report_bar(file, is_signed);
  atomic_file_printf(file, "\"><p><span>");
  if (is_signed) {
    atomic_file_printf(file, "-%.3g ", full);
    markup_write(file, map->low);
  } else {
    atomic_file_printf(file, "0");
  }
  atomic_file_printf(file, "</span> <span>+%.3g ", full);
  markup_write(file, map->high);
  atomic_file_printf(file, "</span></p></div>");
  return status;
}

static int write_map(atomic_file *file, const report_picture *picture, const report_map *map, double *sum) {
  const int64_t pixels = (int64_t)picture->width * picture->height;
  double full = 0;
  int status = 0;
  atomic_file_printf(file, "<figure>");
  if (map->attributions != NULL) {
    report_sum(picture, map, sum);
    status = report_full(pixels, sum, &full);
    atomic_file_printf(file, "<img width=\"%d\" height=\"%d\" alt=\"Map by ", (int)picture->width,
                       (int)picture->height);
    report_map_name(file, picture, map);
    atomic_file_printf(file, "\" src=\"");
    if (status == 0) status = report_image(file, picture, sum, full);
    atomic_file_printf(file, "\">");
    if (status == 0) status = write_bar(file, map, report_is_signed(pixels, sum), full);
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

static bool is_same(const char *one, const char *other) {
  return strcmp(one == NULL ? "" : one, other == NULL ? "" : other) == 0;
}

/* What values are, each kind once. */
static void write_meanings(atomic_file *file, const report_picture *picture) {
  for (int64_t m = 0; m < picture->n_maps; m++) {
    const char *meaning = picture->maps[m].meaning;
    bool told = is_same(meaning, NULL);
    for (int64_t i = 0; i < m && !told; i++) told = is_same(meaning, picture->maps[i].meaning);
    if (told) continue;
    atomic_file_printf(file, "<p>");
    markup_write(file, meaning);
    atomic_file_printf(file, "</p>\n");
  }
}

static int write_gallery(atomic_file *file, const report_picture *picture, long long p) {
  double *sum = malloc((size_t)picture->width * (size_t)picture->height * sizeof *sum);
  if (sum == NULL) return -1;
  atomic_file_printf(file, "<div class=\"gallery\">\n");
  int status = write_original(file, picture, p);
  for (int64_t m = 0; m < picture->n_maps && status == 0; m++)
    status = write_map(file, picture, &picture->maps[m], sum);
  atomic_file_printf(file,
                     "</div>\n<div class=\"how gallery-how\"><p>Each map lies over the picture in grey, and under it "
                     "are its colours: the stronger the colour, the further the value is from 0. Full colour is at "
                     "the map's own 99th percentile, so that strength compares within a map and not between "
                     "maps.</p>\n");
  write_meanings(file, picture);
  atomic_file_printf(file, "</div>\n");
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
