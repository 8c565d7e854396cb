/* points.h - where the rows of a batch lie on their lines, block by block: the other side of contributions.h. */
#ifndef ATTRIB_SRC_POINTS_H
#define ATTRIB_SRC_POINTS_H

#include <stdint.h>

#include "../rows/row.h"

/* Writes the points of `count` gathered rows of n elements, one after another, but for those that gather has written.
 */
void attrib__points_fill(const attrib__row *rows, int64_t count, uint32_t dtype, int64_t n, void *points);

/* `gather` of a method whose rows need no callback and lie where its `place` puts them. */
attrib_status attrib__points_placed(void *state, attrib__row *row, attrib__gathering *gathering);

#endif
