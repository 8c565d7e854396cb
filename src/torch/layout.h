/* layout.h - from the caller's rows to what the network gets, and gradients back. */
#ifndef ATTRIB_SRC_TORCH_LAYOUT_H
#define ATTRIB_SRC_TORCH_LAYOUT_H

#include "settings.h"

namespace attrib__torch {

/* rows: `count` of the caller's, `stride` elements apart. network: block x n_inputs, back to back; rows past count
 * repeat the last. Both of the dtype of s. */
void rows_to_network(const settings &s, const void *rows, int64_t stride, int64_t count, int64_t block, void *network);

/* gradients: count x n_inputs of the network, back to back; rows: the caller's. */
void gradients_to_rows(const settings &s, const void *gradients, int64_t count, void *rows, int64_t stride);

}  // namespace attrib__torch
#endif
