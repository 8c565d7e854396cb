/* output.h - the files of one map. */
#ifndef EXPLAIN_IMAGE_OUTPUT_H
#define EXPLAIN_IMAGE_OUTPUT_H

#include "explain.h"
#include "heat_map.h"

enum { OUTPUT_FILES = 6 }; /* heat map, overlay, array, curve as SVG and CSV, and room for the record */

typedef struct output {
  atomic_file *files[OUTPUT_FILES];
  const char *suffixes[OUTPUT_FILES]; /* NULL = not written */
  char note[160];                     /* why there is no curve; "" = there is one */
} output;

/* What follows a prefix in the names of all files that a map may have. */
enum { OUTPUT_SUFFIXES = 7 };
extern const char *const output_suffixes[OUTPUT_SUFFIXES];

/* Whether a map of the method may have the file of suffix number i. */
bool output_may_write(const picture_method *method, int i);

/* Writes PREFIX_heat.png, PREFIX_overlay.png, PREFIX.npy and, where the method has one, the curve, up to the commit.
 * style->scale: see heat_map.h. 0, or -1 with one line in message and nothing left. */
int output_begin(const explanation *e, heat_map_style *style, const char *prefix, output *o, char *message);

/* All of them at once, whatever has been added to files since; 0, or -1 with one line in message. */
int output_commit(output *o, char *message);
void output_abort(output *o);

/* Removes what an older map of another method has left under the names of curves that this map has none of, and says so
 * on stdout: beside its files it would pass for a part of it. After the commit. */
void output_remove_older(const output *o, const char *prefix);

#endif
