/* order.h - sorting by value, and ranks. */
#ifndef ATTRIB_SRC_ORDER_H
#define ATTRIB_SRC_ORDER_H

#include <stdint.h>

/* order[0..count) = the indices of the values, the largest value first; of equal ones the lower index first, and so
 * +0 and -0 are equal. No NaN. scratch: count indices. */
void attrib__order_descending(int64_t count, const double *values, int64_t *order, int64_t *scratch);

#endif
