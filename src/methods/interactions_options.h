/* interactions_options.h - the arguments of interactions at the door. */
#ifndef ATTRIB_SRC_INTERACTIONS_OPTIONS_H
#define ATTRIB_SRC_INTERACTIONS_OPTIONS_H

#include <attrib/interactions.h>

#include "../path/lines.h"

typedef struct attrib__interactions_request {
  const attrib_model *model;
  const void *input;
  int64_t target, feature;
  const attrib_baselines *baselines;
  const attrib_interactions_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__interactions_request;

/* The same, read and checked. */
typedef struct attrib__interactions_checked {
  int64_t target, feature;
  attrib_interactions_options options; /* resolved */
  attrib__lines lines;
  int64_t lines_taken, rows; /* lines that take rows, and the rows of them all */
} attrib__interactions_checked;

attrib_status attrib__interactions_read(attrib_context *context, const attrib__interactions_request *request, bool pull,
                                        attrib_model *model, attrib__interactions_checked *checked);

/* Where the feature does not move every interaction is 0. Such a line takes no rows where this is known beforehand; of
 * one that is fetched they are not looked at. */
bool attrib__interactions_leave_out(const attrib__lines *lines, int64_t feature, int64_t line);

#endif
