/* report_parts.h - the parts of a report page, each written to the file in its turn. Errors are the file's, but for
 * memory: functions that return an int give 0, or -1 where there is none. */
#ifndef EXAMPLES_REPORT_PARTS_H
#define EXAMPLES_REPORT_PARTS_H

#include <stdbool.h>

#include "atomic_file.h"
#include "report_page.h"

/* What explain_image/page/ holds, from the build: bytes, and of style and script what the page's policy allows. */
typedef struct page_source {
  const unsigned char *text;
  size_t size;
  uint8_t sha256[32];
} page_source;

extern const page_source page_template, page_style, page_script;

/* report_maps.c: of one number a pixel. */

/* The sum over channels, height x width. */
void report_sum(const report_picture *picture, const report_map *map, double *sum);
/* The size that a step of the kept values has; 0 where there is nothing but zeros and what is not finite. */
double report_scale(int64_t pixels, const double *sum);
/* The values in 16 bits, low byte first, in base 64; what is not finite as -32768. */
void report_values(atomic_file *file, int64_t pixels, const double *sum, double scale);
/* What the full colour stands for: the 99th percentile of the sizes that are finite, where that is 0 the largest, into
 * *full. -1: no memory. */
int report_full(int64_t pixels, const double *sum, double *full);
/* Whether some value is below 0. */
bool report_is_signed(int64_t pixels, const double *sum);
/* The picture, or, with a sum, the map laid over it in grey, as the source of an <img>. */
int report_image(atomic_file *file, const report_picture *picture, const double *sum, double full);
/* The colours of a map, from the lowest to the highest, as the source of an <img>. */
int report_bar(atomic_file *file, bool is_signed);
/* The colours from the lowest value to the highest, REPORT_COLOURS of 3 bytes, in hexadecimal, for the script. To be
 * freed; NULL: no memory. */
enum { REPORT_COLOURS = 511 };
char *report_palette(uint32_t palette);

/* report_data.c: what the script reads. */
int report_data(atomic_file *file, const report_page *page);

/* report_sections.c: what is there without it. */
int report_sections(atomic_file *file, const report_page *page);

/* report_tables.c */
void report_table(atomic_file *file, const report_picture *picture);
void report_settings(atomic_file *file, const report_picture *picture);
void report_pairs(atomic_file *file, const report_pair *pairs, int64_t count);
/* Method, baseline, and the target where the picture's maps differ in it. */
void report_map_name(atomic_file *file, const report_picture *picture, const report_map *map);
const char *report_mark(uint32_t verdict); /* a sign that is not a colour */

/* report_paths.c, report_ablations.c: nothing where no map has such curves. */
void report_paths(atomic_file *file, const report_picture *picture);
void report_ablations(atomic_file *file, const report_picture *picture);

#endif
