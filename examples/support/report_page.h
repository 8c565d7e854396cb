/* report_page.h - maps of pictures as one HTML file to look at: everything is inside, nothing is loaded from elsewhere,
 * and it opens from disk. What it looks like and does is in explain_image/page/ (page.html, page.css, *.js). Without
 * scripts, and in print, each map is shown as a picture, and all numbers and curves are there.
 *
 * Every text is untrusted: a file name or a label of any bytes is shown, and never becomes markup or script; invalid
 * UTF-8 and control characters are shown as U+FFFD. Texts may be NULL, which reads "". NaN is a number that there is
 * none of. Nothing of the caller's is changed or kept. */
#ifndef EXAMPLES_REPORT_PAGE_H
#define EXAMPLES_REPORT_PAGE_H

#include <stdint.h>

#include <attrib/report.h>

#include "alpha_chart.h"
#include "atomic_file.h" /* FILE_MESSAGE_CAPACITY */

typedef struct report_pair {
  const char *name, *value;
} report_pair;

/* Deletion and insertion at fractions i / (points - 1) of the pixels. */
typedef struct report_ablation {
  const char *response, *replacement; /* what falls and rises, "probability of star"; what pixels become, "grey" */
  int64_t points;                     /* of each curve, >= 2 */
  const double *deletion, *insertion; /* either may be NULL */
  double deletion_area, insertion_area;
} report_ablation;

/* What is to be thought of a map. */
enum { REPORT_AS_ASKED = 0, REPORT_DOUBTFUL = 1, REPORT_FAILED = 2 };

typedef struct report_map {
  const char *method, *baseline, *target;
  const char *status, *remarks; /* "OK"; why not, and whatever else a reader should know, with '\n' between */
  uint32_t verdict;
  int64_t channels;           /* of the attributions, >= 1; the page shows their sum */
  const double *attributions; /* channels x height x width; NULL = there are none. NaN and infinity are shown as such */
  double output, baseline_output, attribution_sum; /* as in attrib_report */
  double completeness_error, completeness_relative;
  double error_estimate, tolerance, seconds;
  int64_t gradient_rows, output_rows, peak_bytes; /* -1 = unknown */
  const alpha_curve *curve;                       /* NULL = none */
  const char *axis;                               /* what alpha is, where there is a curve */
  const report_ablation *ablation;                /* NULL = none */
  const report_pair *settings;
  int64_t n_settings;
  const char *meaning;    /* what a value is, in a sentence */
  const char *high, *low; /* what values above and below 0 are, in a word or two: "for the target", "against" */
} report_map;

typedef struct report_picture {
  const char *name;
  int32_t width, height; /* of the picture as the model sees it, and of its maps */
  const float *planes;   /* 3 x height x width in [0, 1], as in image_data */
  const uint8_t *rgb;    /* where planes is NULL: 3 bytes a pixel */
  const report_pair *facts;
  int64_t n_facts;
  const report_map *maps;
  int64_t n_maps;
  double aspect; /* width / height as it is shown, where the model sees it squeezed; 0 = as width and height say */
} report_picture;

typedef struct report_page {
  const char *title, *summary; /* summary: a sentence, or NULL */
  const report_picture *pictures;
  int64_t n_pictures; /* >= 1 */
  const report_pair *versions;
  int64_t n_versions;
} report_page;

/* What a page holds at most: pixels of a side of a picture, and maps of one or pictures. */
enum { REPORT_MOST_SIDE = 4096, REPORT_MOST_ITEMS = 10000 };

/* Fills a map's numbers and status from a run's report and status: everything but method, baseline, target,
 * attributions, curves and settings, which are left alone. The remarks are the report's message. */
void report_map_numbers(report_map *map, int32_t status, const attrib_report *report);

/* Writes the page, whole or not at all. Attributions are kept to 16 bits: within scale / 2, where scale is the largest
 * size in the map / 32767, which the page says. Memory: about 40 bytes a pixel of one map. 0, or -1 with one line in
 * message (FILE_MESSAGE_CAPACITY bytes) that names the argument and its value. */
int report_page_write(const report_page *page, const char *path, char *message);

#endif
