/* pages.h - the pages that the browser test opens. */
#ifndef ATTRIB_TESTS_PAGES_H
#define ATTRIB_TESTS_PAGES_H

#include "report_page.h"

/* Real runs of the bundled network on three pictures: six maps each, methods by baselines, with paths and ablations. */
void write_real(const char *path);

/* Every text of others holds markup, scripts, ends of elements and bytes that are not UTF-8. */
void write_hostile(const char *path);

/* Maps with NaN and infinity, of zeros, of tiny and of huge numbers, without pixels of a sign, and that failed. */
void write_broken(const char *path);

/* Six maps at 224 x 224 that do not compress, under a picture that does not either. */
void write_large(const char *path);

/* Pictures that are very tall, very wide, and of one pixel. */
void write_shapes(const char *path);

/* Writes the page, and beside it PATH.values: of every map that is given the sums over channels, as doubles; and
 * PATH.colours. */
void write_page(const report_page *page, const char *path);

/* Writes PATH.colours, what the library makes of the values of the first picture's given maps, as RGB: for each map,
 * for each of PERCENTILES, the four sign modes (both, absolute, positive, negative); then, for each map, both signs on
 * one scale, the largest of the maps' at the 99th percentile; then the palettes' ends: blue, middle, red; first and
 * last of the sequential one. Values that are not finite are left out of percentiles, and drawn as 0. */
void write_colours(const report_page *page, const char *path);
/* Writes PATH.curves, what the page's charts are of, in JSON: for each picture, for each map {"path": {"start", "end",
 * "sum", "points": [[alpha, output, slope, attribution]]}, "ablation": {"deletion", "insertion", "areas"}}, each where
 * there is one. Numbers that are not finite are null. */
void write_curves(const report_page *page, const char *path);
void sum_channels(const report_picture *picture, const report_map *map, double *sum);

/* Each ends the program, with a line on stderr. */
void fail(const char *what);
void *take_memory(int64_t count, size_t size);

#endif
