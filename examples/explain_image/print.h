/* print.h - what explain_image says on stdout. */
#ifndef EXPLAIN_IMAGE_PRINT_H
#define EXPLAIN_IMAGE_PRINT_H

#include "output.h"

/* The method, what it sums to, its errors and its cost. */
void print_result(const explanation *e);

/* Where the files of a map are. */
void print_files(const output *o, const heat_map_style *style, const char *prefix);
void print_record(const char *path);
void print_report(const char *path);

#endif
