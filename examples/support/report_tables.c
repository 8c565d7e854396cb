/* Numbers in tables. On a narrow screen each row becomes a card, whose cells name their column by data-label; roles say
 * what is a table where the style says otherwise. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

const char *report_mark(uint32_t verdict) {
  return verdict == REPORT_AS_ASKED ? "&#10003;" : verdict == REPORT_DOUBTFUL ? "!" : "&#10007;";
}

static const char *or_empty(const char *text) {
  return text == NULL ? "" : text;
}

static void write_method(atomic_file *file, const report_map *map) {
  markup_write(file, map->method);
  if (or_empty(map->baseline)[0] == '\0') return;
  atomic_file_printf(file, ", ");
  markup_write(file, map->baseline);
}

void report_map_name(atomic_file *file, const report_picture *picture, const report_map *map) {
  bool differ = false;
  for (int64_t m = 1; m < picture->n_maps && !differ; m++)
    differ = strcmp(or_empty(picture->maps[0].target), or_empty(picture->maps[m].target)) != 0;
  write_method(file, map);
  if (!differ) return;
  atomic_file_printf(file, ", for ");
  markup_write(file, map->target);
}

static void write_pair(atomic_file *file, const report_pair *pair) {
  atomic_file_printf(file, "<div><dt>");
  markup_write(file, pair->name);
  atomic_file_printf(file, "</dt><dd>");
  markup_write(file, pair->value);
  atomic_file_printf(file, "</dd></div>\n");
}

void report_pairs(atomic_file *file, const report_pair *pairs, int64_t count) {
  if (count <= 0) return;
  atomic_file_printf(file, "<dl class=\"pairs\">\n");
  for (int64_t i = 0; i < count; i++) write_pair(file, &pairs[i]);
  atomic_file_printf(file, "</dl>\n");
}

static const char *const columns[] = {
    "Target",         "f at the baseline", "f at the picture", "Sum of the map", "Off by", "Off by, relative",
    "Error estimate", "Gradients",         "Outputs",          "Time",           "Memory"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_cell(atomic_file *file, const report_map *map, int column) {
  switch (column) {
    case 0: markup_write(file, map->target); break;
    case 1: write_number(file, map->baseline_output); break;
    case 2: write_number(file, map->output); break;
    case 3: write_number(file, map->attribution_sum); break;
    case 4: write_number(file, map->completeness_error); break;
    case 5: write_percent(file, map->completeness_relative); break;
    case 6:
      write_percent(file, map->error_estimate);
      if (map->tolerance > 0) {
        atomic_file_printf(file, " (asked&nbsp;");
        write_percent(file, map->tolerance);
        atomic_file_printf(file, ")");
      }
      break;
    case 7: write_count(file, map->gradient_rows); break;
    case 8: write_count(file, map->output_rows); break;
    case 9: write_seconds(file, map->seconds); break;
    default: write_bytes(file, map->peak_bytes); break;
  }
}

static void write_status(atomic_file *file, const report_map *map) {
  static const char *const classes[] = {"good", "doubtful", "failed"};
  const char *status = map->status != NULL && map->status[0] != '\0' ? map->status : "no status";
  atomic_file_printf(file, "<td role=\"cell\" class=\"words\" data-label=\"Status\"><span class=\"%s\">%s ",
                     classes[map->verdict], report_mark(map->verdict));
  markup_write(file, status);
  atomic_file_printf(file, "</span></td>");
}

/* In a row of their own, where sentences have room. */
static void write_remarks(atomic_file *file, const report_map *map) {
  if (or_empty(map->remarks)[0] == '\0') return;
  atomic_file_printf(file, "<tr role=\"row\"><td role=\"cell\" class=\"remarks\" colspan=\"%d\">", COLUMNS + 2);
  markup_write(file, map->remarks);
  atomic_file_printf(file, "</td></tr>\n");
}

static void write_row(atomic_file *file, const report_map *map, int64_t m) {
  atomic_file_printf(file,
                     "<tbody role=\"rowgroup\" data-map=\"%lld\"><tr role=\"row\"><th role=\"rowheader\" "
                     "scope=\"row\">",
                     (long long)m);
  write_method(file, map); /* the target has a column */
  atomic_file_printf(file, "</th>");
  write_status(file, map);
  for (int c = 0; c < COLUMNS; c++) {
    atomic_file_printf(file, "<td role=\"cell\"%s data-label=\"%s\">", c == 0 ? " class=\"words\"" : "", columns[c]);
    write_cell(file, map, c);
    atomic_file_printf(file, "</td>");
  }
  atomic_file_printf(file, "</tr>\n");
  write_remarks(file, map);
  atomic_file_printf(file, "</tbody>\n");
}

void report_table(atomic_file *file, const report_picture *picture) {
  atomic_file_printf(file,
                     "<h3>Does it add up, and what did it cost?</h3>\n"
                     "<p class=\"how\">A map that is complete sums to what f gains from the baseline to the picture: "
                     "<em>off by</em> is what it misses of that, and should be small. The error estimate is of the "
                     "map itself, relative to its size, and stands beside the tolerance where one was asked for. A "
                     "small error says that the map is what its method defines, not that it is a good explanation. "
                     "Gradients and outputs are rows of the model, evaluated with and without gradient.</p>\n"
                     "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table: completeness, error and "
                     "cost\">\n<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">"
                     "<th role=\"columnheader\" scope=\"col\">Map</th>"
                     "<th role=\"columnheader\" scope=\"col\">Status</th>");
  for (int c = 0; c < COLUMNS; c++)
    atomic_file_printf(file, "<th role=\"columnheader\" scope=\"col\">%s</th>", columns[c]);
  atomic_file_printf(file, "</tr></thead>\n");
  for (int64_t m = 0; m < picture->n_maps; m++) write_row(file, &picture->maps[m], m);
  atomic_file_printf(file, "</table></div>\n");
}

/* Whether every map has this setting with this value. */
static bool is_shared(const report_picture *picture, const report_pair *pair) {
  for (int64_t m = 0; m < picture->n_maps; m++) {
    const report_map *map = &picture->maps[m];
    bool found = false;
    for (int64_t i = 0; i < map->n_settings && !found; i++)
      found = strcmp(or_empty(map->settings[i].name), or_empty(pair->name)) == 0 &&
              strcmp(or_empty(map->settings[i].value), or_empty(pair->value)) == 0;
    if (!found) return false;
  }
  return true;
}

/* The settings of a map that all share, or those that they do not. */
static void write_settings(atomic_file *file, const report_picture *picture, const report_map *map, bool shared) {
  int64_t written = 0;
  for (int64_t i = 0; i < map->n_settings; i++) {
    if (is_shared(picture, &map->settings[i]) != shared) continue;
    if (written++ == 0) atomic_file_printf(file, "<dl class=\"pairs\">\n");
    write_pair(file, &map->settings[i]);
  }
  atomic_file_printf(file, "%s", written == 0 ? "<p>None.</p>\n" : "</dl>\n");
}

void report_settings(atomic_file *file, const report_picture *picture) {
  if (picture->n_maps == 0) return;
  atomic_file_printf(file,
                     "<h3>Settings</h3>\n<p class=\"how\">Every option as it was resolved: what all maps share, then "
                     "what is each one's own. On the same model and picture the same settings give the same map, bit "
                     "by bit.</p>\n<div class=\"settings\">\n<section><h4>Shared by all maps</h4>\n");
  write_settings(file, picture, &picture->maps[0], true);
  atomic_file_printf(file, "</section>\n");
  for (int64_t m = 0; m < picture->n_maps && picture->n_maps > 1; m++) {
    atomic_file_printf(file, "<section><h4>");
    report_map_name(file, picture, &picture->maps[m]);
    atomic_file_printf(file, "</h4>\n");
    write_settings(file, picture, &picture->maps[m], false);
    atomic_file_printf(file, "</section>\n");
  }
  atomic_file_printf(file, "</div>\n");
}
