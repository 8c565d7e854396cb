/* moments.c - see moments.h. */
#include "moments.h"

#include <math.h>
#include <string.h>

void attrib__moments_layout(attrib__moments *moments, attrib__arena *arena) {
  double **vectors[] = {&moments->mean,  &moments->squares, &moments->values,    &moments->errors,  &moments->held,
                        &moments->pivot, &moments->mean_a,  &moments->squares_a, &moments->products};
  int wanted = moments->variance ? 9 : moments->members > 1 ? 5 : 4;
  for (int i = 0; i < wanted; i++) *vectors[i] = attrib__carve(arena, moments->count, sizeof(double));
}

void attrib__moments_clear(attrib__moments *moments) {
  size_t size = (size_t)moments->count * sizeof(double);
  memset(moments->mean, 0, size);
  memset(moments->squares, 0, size);
  if (!moments->variance) return;
  memset(moments->mean_a, 0, size);
  memset(moments->squares_a, 0, size);
  memset(moments->products, 0, size);
}

static void take_variance(attrib__moments *m, int64_t draw, double share, int64_t i, double one, double other) {
  if (draw == 0) m->pivot[i] = one;
  double d = one - m->pivot[i], e = other - m->pivot[i];
  double a = (d * d + e * e) / 2, b = (d + e) / 2;
  double before_a = a - m->mean_a[i], before_b = b - m->mean[i];
  m->mean_a[i] += share * before_a;
  m->mean[i] += share * before_b;
  m->squares_a[i] += before_a * (a - m->mean_a[i]);
  m->squares[i] += before_b * (b - m->mean[i]);
  m->products[i] += before_a * (b - m->mean[i]);
}

void attrib__moments_take(attrib__moments *m, int64_t index, int64_t begin, int64_t n, const double *value) {
  int64_t draw = index / m->members;
  if (index % m->members != m->members - 1) {
    memcpy(m->held + begin, value, (size_t)n * sizeof *value);
    return;
  }
  double share = 1 / (double)(draw + 1);
  for (int64_t i = 0; i < n; i++) {
    int64_t k = begin + i;
    double other = m->members > 1 ? m->held[k] : value[i];
    if (m->variance) {
      take_variance(m, draw, share, k, other, value[i]);
    } else {
      double pair = other / 2 + value[i] / 2, before = pair - m->mean[k];
      m->mean[k] += share * before;
      m->squares[k] += before * (pair - m->mean[k]);
    }
  }
}

/* Rounding may leave a sum of squares below 0, and overflow one that is not a number. */
static double as_square(double square) {
  return square < 0 ? 0 : isnan(square) ? (double)INFINITY : square;
}

/* Two values are equally far from their mean, which says nothing of the variance's error. */
static bool has_error(const attrib__moments *m, int64_t draws) {
  return draws >= (m->variance && m->members == 1 ? 3 : 2);
}

void attrib__moments_conclude(attrib__moments *m, int64_t draws) {
  double divisor = has_error(m, draws) ? (double)draws * (double)(draws - 1) : (double)NAN;
  for (int64_t i = 0; i < m->count; i++) {
    double squares = m->squares[i], b = m->mean[i];
    m->values[i] = b;
    if (m->variance) {
      m->values[i] = as_square(m->mean_a[i] - b * b);
      squares = as_square(m->squares_a[i] - 4 * b * m->products[i] + 4 * b * b * squares);
    }
    m->errors[i] = sqrt(squares / divisor) * (1 + m->widening / (double)draws);
  }
}
