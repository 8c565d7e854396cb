/* What the script reads: names and sizes in JSON, and each map's values beside it. JSON is ASCII here, with & < > as \u
 * escapes, so that nothing in it can end the element or begin a comment, and no separator is a line end. */
#include <math.h>
#include <stdlib.h>

#include <attrib/image.h>
#include <jansson.h>

#include "report_parts.h"
#include "report_text.h"

/* NULL where memory is short, as jansson has it; what takes it sees to that. */
static json_t *text_value(const char *text) {
  char *clean = clean_text(text);
  json_t *value = clean == NULL ? NULL : json_string(clean);
  free(clean);
  return value;
}

static json_t *palette_value(uint32_t palette) {
  char *colours = report_palette(palette);
  json_t *value = colours == NULL ? NULL : json_string(colours);
  free(colours);
  return value;
}

static json_t *map_value(const report_map *map, double scale) {
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:f, s:I}", "method", text_value(map->method), "baseline",
                   text_value(map->baseline), "target", text_value(map->target), "meaning", text_value(map->meaning),
                   "high", text_value(map->high), "low", text_value(map->low), "verdict", (int)map->verdict, "given",
                   map->attributions != NULL, "scale", scale, "channels", (json_int_t)map->channels);
}

static double aspect_of(const report_picture *picture) {
  return picture->aspect > 0 ? picture->aspect : (double)picture->width / picture->height;
}

/* Scales come from the sums; sum is room for one of them. */
static json_t *picture_value(const report_picture *picture, double *sum) {
  json_t *maps = json_array();
  for (int64_t m = 0; m < picture->n_maps; m++) {
    const report_map *map = &picture->maps[m];
    double scale = 0;
    if (map->attributions != NULL) {
      report_sum(picture, map, sum);
      scale = report_scale((int64_t)picture->width * picture->height, sum);
    }
    if (json_array_append_new(maps, map_value(map, scale)) != 0) {
      json_decref(maps);
      return NULL;
    }
  }
  return json_pack("{s:o, s:i, s:i, s:f, s:o}", "name", text_value(picture->name), "width", (int)picture->width,
                   "height", (int)picture->height, "aspect", aspect_of(picture), "maps", maps);
}

static json_t *page_value(const report_page *page, double *sum) {
  json_t *pictures = json_array();
  for (int64_t p = 0; p < page->n_pictures; p++)
    if (json_array_append_new(pictures, picture_value(&page->pictures[p], sum)) != 0) {
      json_decref(pictures);
      return NULL;
    }
  return json_pack("{s:o, s:o, s:o}", "diverging", palette_value(ATTRIB_PALETTE_DIVERGING), "sequential",
                   palette_value(ATTRIB_PALETTE_SEQUENTIAL), "pictures", pictures);
}

/* jansson's writer callback; a failure is remembered by the file. */
static int append(const char *text, size_t size, void *file) {
  size_t from = 0;
  for (size_t i = 0; i < size; i++) {
    if (text[i] != '<' && text[i] != '>' && text[i] != '&') continue;
    atomic_file_write(file, text + from, i - from);
    atomic_file_printf(file, "\\u%04x", (unsigned)text[i]);
    from = i + 1;
  }
  atomic_file_write(file, text + from, size - from);
  return 0;
}

static void write_values(atomic_file *file, const report_page *page, double *sum) {
  for (int64_t p = 0; p < page->n_pictures; p++)
    for (int64_t m = 0; m < page->pictures[p].n_maps; m++) {
      const report_picture *picture = &page->pictures[p];
      const int64_t pixels = (int64_t)picture->width * picture->height;
      if (picture->maps[m].attributions == NULL) continue;
      report_sum(picture, &picture->maps[m], sum);
      atomic_file_printf(file, "<script type=\"text/plain\" id=\"values-%lld-%lld\">", (long long)p, (long long)m);
      report_values(file, pixels, sum, report_scale(pixels, sum));
      atomic_file_printf(file, "</script>\n");
    }
}

static int64_t most_pixels(const report_page *page) {
  int64_t most = 1;
  for (int64_t p = 0; p < page->n_pictures; p++) {
    const int64_t pixels = (int64_t)page->pictures[p].width * page->pictures[p].height;
    if (pixels > most) most = pixels;
  }
  return most;
}

int report_data(atomic_file *file, const report_page *page) {
  double *sum = malloc((size_t)most_pixels(page) * sizeof *sum);
  json_t *value = sum == NULL ? NULL : page_value(page, sum);
  if (value != NULL) {
    atomic_file_printf(file, "<script type=\"application/json\" id=\"data\">");
    if (json_dump_callback(value, append, file, JSON_ENSURE_ASCII | JSON_COMPACT) != 0) {
      json_decref(value);
      value = NULL;
    }
    atomic_file_printf(file, "</script>\n");
  }
  if (value != NULL) write_values(file, page, sum);
  const int status = value == NULL ? -1 : 0;
  json_decref(value);
  free(sum);
  return status;
}
