/* layout.cpp - see layout.h. */
#include "layout.h"

#include <cstring>

#include "../base/clones.h"

namespace attrib__torch {

/* One rounding: the products are doubles. `step`: from one position to the next on the caller's side. */
template <typename number>
static inline void scaled_in(const number *__restrict x, int64_t step, int64_t count, double scale, double offset,
                             number *__restrict z) {
  for (int64_t i = 0; i < count; i++) z[i] = (number)(scale * (double)x[i * step] + offset);
}

template <typename number>
static inline void scaled_out(const number *__restrict z, int64_t step, int64_t count, double scale,
                              number *__restrict x) {
  for (int64_t i = 0; i < count; i++) x[i * step] = (number)(scale * (double)z[i]);
}

/* With channels last all of them share cache lines: so many positions of each before the next. */
static constexpr int64_t STRETCH = 512;

template <typename number>
static inline void row_in(const settings &s, const number *x, number *z) {
  const bool last = s.layout == ATTRIB_TORCH_CHANNELS_LAST;
  for (int64_t begin = 0; begin < s.positions; begin += STRETCH) {
    const int64_t left = s.positions - begin, count = left < STRETCH ? left : STRETCH;
    for (int64_t c = 0; c < s.channels; c++) {
      const double scale = s.scale[(size_t)c], offset = s.offset[(size_t)c];
      number *to = z + c * s.positions + begin;
      if (!last)
        scaled_in(x + c * s.positions + begin, 1, count, scale, offset, to);
      else if (s.channels == 3) /* a step that the compiler knows */
        scaled_in(x + begin * 3 + c, 3, count, scale, offset, to);
      else
        scaled_in(x + begin * s.channels + c, s.channels, count, scale, offset, to);
    }
  }
}

template <typename number>
static inline void row_out(const settings &s, const number *z, number *x) {
  const bool last = s.layout == ATTRIB_TORCH_CHANNELS_LAST;
  for (int64_t begin = 0; begin < s.positions; begin += STRETCH) {
    const int64_t left = s.positions - begin, count = left < STRETCH ? left : STRETCH;
    for (int64_t c = 0; c < s.channels; c++) {
      const double scale = s.scale[(size_t)c];
      const number *from = z + c * s.positions + begin;
      if (!last)
        scaled_out(from, 1, count, scale, x + c * s.positions + begin);
      else if (s.channels == 3)
        scaled_out(from, 3, count, scale, x + begin * 3 + c);
      else
        scaled_out(from, s.channels, count, scale, x + begin * s.channels + c);
    }
  }
}

/* Not templates: these are the loops that are compiled for several processors. */
ATTRIB__CLONES static void row_to_network(const settings &s, const float *x, float *z) {
  row_in(s, x, z);
}

ATTRIB__CLONES static void gradient_to_row(const settings &s, const float *z, float *x) {
  row_out(s, z, x);
}

static void row_to_network(const settings &s, const double *x, double *z) {
  row_in(s, x, z);
}

static void gradient_to_row(const settings &s, const double *z, double *x) {
  row_out(s, z, x);
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
