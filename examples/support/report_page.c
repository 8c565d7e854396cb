#include "report_page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <attrib/base.h>

#include "markup.h"
#include "report_parts.h"
#include "report_text.h"

enum { MOST_CHANNELS = 4096 };

static int refuse(char *message, const char *format, ...) FILE_PRINTF_LIKE(2, 3);
static int refuse(char *message, const char *format, ...) {
  va_list list;
  va_start(list, format);
  const int used = snprintf(message, FILE_MESSAGE_CAPACITY, "report page: ");
  vsnprintf(message + used, (size_t)(FILE_MESSAGE_CAPACITY - used), format, list);
  va_end(list);
  return -1;
}

/* A number of things and where they are. */
static int check_array(const char *whose, const char *what, const void *array, int64_t count, char *message) {
  if (count >= 0 && count <= REPORT_MOST_ITEMS && (count == 0 || array != NULL)) return 0;
  return refuse(message, "%s%lld %s%s", whose, (long long)count, what,
                count > 0 && array == NULL ? " at NULL" : ": must be 0 to 10000");
}

static int check_map(const report_map *map, const char *whose, char *message) {
  if (map->verdict > REPORT_FAILED)
    return refuse(message, "%sverdict = %u: must be one of REPORT_*", whose, (unsigned)map->verdict);
  if (map->attributions != NULL && (map->channels < 1 || map->channels > MOST_CHANNELS))
    return refuse(message, "%schannels = %lld: must be 1 to %d", whose, (long long)map->channels, (int)MOST_CHANNELS);
  if (map->curve != NULL && (map->curve->points < 1 || map->curve->at == NULL))
    return refuse(message, "%sa curve of %lld points%s", whose, (long long)map->curve->points,
                  map->curve->at == NULL ? " at NULL" : "");
  if (map->ablation != NULL && map->ablation->points < 2)
    return refuse(message, "%sablation of %lld points: must be at least 2", whose, (long long)map->ablation->points);
  return check_array(whose, "settings", map->settings, map->n_settings, message);
}

static int check_picture(const report_picture *picture, int64_t p, char *message) {
  char whose[80];
  if (picture->width < 1 || picture->width > REPORT_MOST_SIDE || picture->height < 1 ||
      picture->height > REPORT_MOST_SIDE)
    return refuse(message, "picture %lld is %d x %d: sides must be 1 to %d", (long long)p, (int)picture->width,
                  (int)picture->height, (int)REPORT_MOST_SIDE);
  if (!(picture->aspect >= 0 && picture->aspect <= REPORT_MOST_SIDE)) /* or NaN */
    return refuse(message, "picture %lld: aspect = %g: must be 0 to %d", (long long)p, picture->aspect,
                  (int)REPORT_MOST_SIDE);
  if (picture->planes == NULL && picture->rgb == NULL)
    return refuse(message, "picture %lld has no pixels", (long long)p);
  snprintf(whose, sizeof whose, "picture %lld: ", (long long)p);
  if (check_array(whose, "facts", picture->facts, picture->n_facts, message) != 0) return -1;
  if (check_array(whose, "maps", picture->maps, picture->n_maps, message) != 0) return -1;
  for (int64_t m = 0; m < picture->n_maps; m++) {
    snprintf(whose, sizeof whose, "picture %lld, map %lld: ", (long long)p, (long long)m);
    if (check_map(&picture->maps[m], whose, message) != 0) return -1;
  }
  return 0;
}

static int check(const report_page *page, char *message) {
  if (page == NULL) return refuse(message, "page is NULL");
  if (page->pictures == NULL || page->n_pictures < 1 || page->n_pictures > REPORT_MOST_ITEMS)
    return refuse(message, "%lld pictures%s: must be 1 to %d", (long long)page->n_pictures,
                  page->pictures == NULL ? " at NULL" : "", (int)REPORT_MOST_ITEMS);
  if (check_array("", "versions", page->versions, page->n_versions, message) != 0) return -1;
  for (int64_t p = 0; p < page->n_pictures; p++)
    if (check_picture(&page->pictures[p], p, message) != 0) return -1;
  return 0;
}

/* -- what stands for the names in page.html */

static void write_hash(atomic_file *file, const page_source *source) {
  base64 to = {.file = file};
  atomic_file_printf(file, "'sha256-");
  base64_write(&to, source->sha256, sizeof source->sha256);
  base64_end(&to);
  atomic_file_printf(file, "'");
}

/* Nothing is loaded, and no style or script runs but the page's own; markup cannot be made from strings. */
static int write_policy(atomic_file *file, const report_page *page) {
  (void)page;
  atomic_file_printf(file, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src ");
  write_hash(file, &page_style);
  atomic_file_printf(file, "; script-src ");
  write_hash(file, &page_script);
  atomic_file_printf(file, "; require-trusted-types-for 'script'; trusted-types 'none'");
  return 0;
}

static int write_style(atomic_file *file, const report_page *page) {
  (void)page;
  atomic_file_write(file, page_style.text, page_style.size);
  return 0;
}

static int write_script(atomic_file *file, const report_page *page) {
  (void)page;
  atomic_file_write(file, page_script.text, page_script.size);
  return 0;
}

static int write_title(atomic_file *file, const report_page *page) {
  markup_write(file, page->title != NULL && page->title[0] != '\0' ? page->title : "Attributions");
  return 0;
}

static int write_summary(atomic_file *file, const report_page *page) {
  markup_write(file, page->summary);
  return 0;
}

static int write_versions(atomic_file *file, const report_page *page) {
  report_pairs(file, page->versions, page->n_versions);
  return 0;
}

/* Each: 0, or -1: no memory. What becomes of the file is told at its commit. */
static const struct {
  const char *name;
  int (*write)(atomic_file *file, const report_page *page);
} places[] = {{"{{policy}}", write_policy},   {"{{style}}", write_style},        {"{{title}}", write_title},
              {"{{summary}}", write_summary}, {"{{sections}}", report_sections}, {"{{versions}}", write_versions},
              {"{{data}}", report_data},      {"{{script}}", write_script}};

/* Writes what stands for the name at the beginning of text. The length of the name; 0 = there is none; -1 = failed. */
static int write_place(atomic_file *file, const report_page *page, const unsigned char *text, size_t size) {
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const size_t length = strlen(places[i].name);
    if (length > size || memcmp(text, places[i].name, length) != 0) continue;
    return places[i].write(file, page) == 0 ? (int)length : -1;
  }
  return 0;
}

static int write_page(atomic_file *file, const report_page *page) {
  const unsigned char *text = page_template.text;
  size_t from = 0, to = 0;
  while (to < page_template.size) {
    if (text[to] != '{') {
      to++;
      continue;
    }
    atomic_file_write(file, text + from, to - from);
    from = to;
    const int length = write_place(file, page, text + to, page_template.size - to);
    if (length < 0) return -1;
    from += (size_t)length;
    to = length > 0 ? from : to + 1;
  }
  atomic_file_write(file, text + from, to - from);
  return 0;
}

int report_page_write(const report_page *page, const char *path, char *message) {
  message[0] = '\0';
  if (check(page, message) != 0) return -1;
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return -1;
  if (write_page(file, page) == 0) return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
  atomic_file_abort(file);
  return refuse(message, "out of memory");
}

void report_map_numbers(report_map *map, int32_t status, const attrib_report *report) {
  map->verdict = status < 0 ? REPORT_FAILED : status == ATTRIB_OK ? REPORT_AS_ASKED : REPORT_DOUBTFUL;
  map->status = status == ATTRIB_OK ? "OK" : attrib_status_text(status);
  map->remarks = report->message;
  map->output = report->output;
  map->baseline_output = report->baseline_output;
  map->attribution_sum = report->attribution_sum;
  map->completeness_error = report->completeness_error;
  map->completeness_relative = report->completeness_relative;
  map->error_estimate = report->error_estimate;
  map->tolerance = report->tolerance;
  map->seconds = report->elapsed_seconds;
  map->gradient_rows = report->evaluations;
  map->output_rows = report->output_evaluations;
  map->peak_bytes = report->peak_bytes;
}
