/* contributions.h - displacement times gradient, block by block: what every reducer of gradients starts with. */
#ifndef ATTRIB_SRC_CONTRIBUTIONS_H
#define ATTRIB_SRC_CONTRIBUTIONS_H

#include "method.h"

/* Takes features [begin, begin + n) of row r of the batch, n <= ATTRIB__BLOCK. Rows come in order within a block. */
typedef void (*attrib__take_fn)(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n,
                                const double *contribution);

/* Row r of a batch, by itself. */
attrib__results attrib__results_row(const attrib__results *results, uint32_t dtype, int64_t r);

/* Forms the contributions of a batch of gradients (the gradients alone with unit_displacement), adds rows[].weight
 * times them to sums[n], and hands them to `take`; sums and take may be NULL. Where the batch is traced, sums them up
 * into rows[].slope. The first fault in row order, or ATTRIB_OK. */
attrib__fault attrib__contributions(attrib__results *results, uint32_t dtype, int64_t n, bool unit_displacement,
                                    double *sums, attrib__take_fn take, void *state);

#endif
