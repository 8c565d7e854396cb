/* sides.h - the two sides of a node of a path along one feature: derivatives along it are found from what the model
 * says there. */
#ifndef ATTRIB_SRC_SIDES_H
#define ATTRIB_SRC_SIDES_H

#include <stdbool.h>

#include "../context/context.h"
#include "../rows/row.h"

typedef struct attrib__sides {
  double way;          /* of the feature, from the line's start to its end */
  double offset;       /* h: the sides are at the node + h and - h */
  double above, below; /* the feature there, as the model's type has it */
} attrib__sides;

/* Of the node at row->alpha of the row's line. width: h; 0 = one for derivatives, by the line: see sides.c; `half` of
 * that one. */
attrib__sides attrib__sides_of(uint32_t dtype, const attrib__row *row, int64_t feature, double width, bool half);

/* Whether the sides are numbers apart from the node, all along the line; else E_OVERFLOW, or E_ARGUMENT for
 * options->width. */
attrib_status attrib__sides_check(attrib_context *context, uint32_t dtype, const attrib__row *row, int64_t feature,
                                  double width);

#endif
