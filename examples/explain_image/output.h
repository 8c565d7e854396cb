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

/* Whether the files can be written, before the work. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes).
 */
int output_check(const char *prefix, char *message);

/* Writes PREFIX_heat.png, PREFIX_overlay.png, PREFIX.npy and, where the method has one, the curve, up to the commit.
 * style->scale: see heat_map.h. 0, or -1 with one line in message and nothing left. */
int output_begin(const explanation *e, heat_map_style *style, const char *prefix, output *o, char *message);

/* All of them at once, whatever has been added to files since; 0, or -1 with one line in message. */
int output_commit(output *o, char *message);
void output_abort(output *o);

#endif
