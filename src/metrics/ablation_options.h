/* ablation_options.h - the arguments of an ablation at the door. */
#ifndef ATTRIB_SRC_ABLATION_OPTIONS_H
#define ATTRIB_SRC_ABLATION_OPTIONS_H

#include <attrib/metrics.h>

#include "../baselines/baselines.h"
#include "grid.h"
#include "ranking.h"
#include "response.h"

/* The arguments of a call, as they came. */
typedef struct attrib__ablation_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const double *scores;
  const attrib_baselines *replacements;
  const attrib_ablation_options *options;
  const double *values; /* callback form: must not be NULL */
} attrib__ablation_request;

/* Read and checked. */
typedef struct attrib__ablation_checked {
  const void *input;
  attrib_ablation_options options; /* defaults filled in */
  attrib__response response;
  attrib__units units;
  attrib__map map;
  attrib__grid grid; /* of units; of a box of parts of its way */
  attrib__baselines replacements;
  int64_t last_replacement; /* of positive weight */
  int64_t whole; /* the point that is the whole replacement, -1 = nobody asks for it; options.points + 1 = a row of its
                    own, after those of the points */
} attrib__ablation_checked;

attrib_status attrib__ablation_read(attrib_context *context, const attrib__ablation_request *request, bool pull,
                                    attrib_model *model, attrib__ablation_checked *checked);

/* Whether point i is the input: nothing has been taken away, or everything inserted. */
bool attrib__ablation_is_input(const attrib__ablation_checked *checked, int64_t i);

/* The next points from `point` on that share a row: [*begin, *end); false where there are no more. */
bool attrib__ablation_next(const attrib__ablation_checked *checked, int64_t point, int64_t *begin, int64_t *end);

#endif
