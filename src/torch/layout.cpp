/* layout.cpp - see layout.h. */
#include "layout.h"

#include <cstring>

namespace attrib__torch {

/* One rounding: the products are doubles. */
template <typename number>
static void row_to_network(const settings &s, const number *x, number *z) {
  const bool last = s.layout == ATTRIB_TORCH_CHANNELS_LAST;
  const int64_t step = last ? s.channels : 1;
  for (int64_t c = 0; c < s.channels; c++) {
    const double scale = s.scale[(size_t)c], offset = s.offset[(size_t)c];
    const number *from = x + (last ? c : c * s.positions);
    number *to = z + c * s.positions;
    for (int64_t i = 0; i < s.positions; i++) to[i] = (number)(scale * (double)from[i * step] + offset);
  }
}

template <typename number>
static void gradient_to_row(const settings &s, const number *z, number *x) {
  const bool last = s.layout == ATTRIB_TORCH_CHANNELS_LAST;
  const int64_t step = last ? s.channels : 1;
  for (int64_t c = 0; c < s.channels; c++) {
    const double scale = s.scale[(size_t)c];
    const number *from = z + c * s.positions;
    number *to = x + (last ? c : c * s.positions);
    for (int64_t i = 0; i < s.positions; i++) to[i * step] = (number)(scale * (double)from[i]);
  }
}

template <typename number>
static void all_to_network(const settings &s, const number *rows, int64_t stride, int64_t count, int64_t block,
                           number *network) {
  const size_t bytes = (size_t)s.n_inputs * sizeof(number);
  for (int64_t r = 0; r < block; r++, network += s.n_inputs) {
    if (r >= count)
      memcpy(network, network - s.n_inputs, bytes);
    else if (s.plain)
      memcpy(network, rows + r * stride, bytes);
    else
      row_to_network(s, rows + r * stride, network);
  }
}

template <typename number>
static void all_to_rows(const settings &s, const number *gradients, int64_t count, number *rows, int64_t stride) {
  for (int64_t r = 0; r < count; r++)
    if (s.plain)
      memcpy(rows + r * stride, gradients + r * s.n_inputs, (size_t)s.n_inputs * sizeof(number));
    else
      gradient_to_row(s, gradients + r * s.n_inputs, rows + r * stride);
}

void rows_to_network(const settings &s, const void *rows, int64_t stride, int64_t count, int64_t block, void *network) {
  if (s.dtype == ATTRIB_F64)
    all_to_network(s, static_cast<const double *>(rows), stride, count, block, static_cast<double *>(network));
  else
    all_to_network(s, static_cast<const float *>(rows), stride, count, block, static_cast<float *>(network));
}

void gradients_to_rows(const settings &s, const void *gradients, int64_t count, void *rows, int64_t stride) {
  if (s.dtype == ATTRIB_F64)
    all_to_rows(s, static_cast<const double *>(gradients), count, static_cast<double *>(rows), stride);
  else
    all_to_rows(s, static_cast<const float *>(gradients), count, static_cast<float *>(rows), stride);
}

}  // namespace attrib__torch
