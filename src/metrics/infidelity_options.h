/* infidelity_options.h - the arguments of infidelity at the door, and the squares of a picture by number. */
#ifndef ATTRIB_SRC_INFIDELITY_OPTIONS_H
#define ATTRIB_SRC_INFIDELITY_OPTIONS_H

#include <stdbool.h>

#include <attrib/faithfulness.h>

#include "../baselines/baselines.h"
#include "../model/range.h"
#include "response.h"
#include "units.h"

/* The arguments of a call, as they came. */
typedef struct attrib__infidelity_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const double *scores;
  const attrib_baselines *baselines;
  const attrib_infidelity_options *options;
  const double *values; /* callback form: must not be NULL */
} attrib__infidelity_request;

/* Read and checked. */
typedef struct attrib__infidelity_checked {
  uint32_t dtype;
  int64_t n;
  const void *input;
  const double *scores;
  attrib_infidelity_options options; /* defaults filled in; samples: rows after the first */
  bool noise;                        /* GAUSSIAN or NOISY: of elements, else of units */
  bool local;                        /* scores are of changes of x */
  bool enumerated;                   /* all SQUARES, for each baseline */
  int64_t squares;                   /* SQUARES: how many there are; else 0 */
  attrib__units units;
  attrib__range range; /* always clipped: to the type's numbers at least */
  attrib__response response;
  attrib__baselines set; /* GAUSSIAN: count 0 */
} attrib__infidelity_checked;

attrib_status attrib__infidelity_read(attrib_context *context, const attrib__infidelity_request *request, bool pull,
                                      attrib_model *model, attrib__infidelity_checked *checked);

/* Square number `number` of a picture: by side, from 1 on, then by row, then by column. */
typedef struct attrib__square {
  int64_t side, x, y;
} attrib__square;

int64_t attrib__squares_count(const attrib_image *shape, int64_t largest_side);
attrib__square attrib__squares_at(const attrib_image *shape, int64_t number);

#endif
