/* gauss_legendre.c - Newton's method on P_n, carried in about twice the precision of a double.
 *
 * Everything is in terms of alpha = (1 - x) / 2, for which a root near the end x = 1 loses no digits, and of the
 * differences D_k = P_k - P_(k-1), which turn the three-term recurrence into
 *
 *   D_(k+1) = k / (k + 1) (D_k - t P_k) - t P_k,   P_(k+1) = P_k + D_(k+1),   t = 1 - x = 2 alpha.
 *
 * The extra precision comes from running a second recurrence on the rounding errors of the first (the compensated
 * scheme of Graillat, Langlois, Louvet, "Algorithms for accurate, validated and fast polynomial evaluation", 2009). */
#include "gauss_legendre.h"

#include <math.h>
#include <stdbool.h>

/* value + error, unevaluated. */
typedef struct pair {
  double value, error;
} pair;

/* The error terms below are exact only if products and sums are rounded one by one, hence one operation per statement:
 * C lets a compiler fuse operations within an expression. */

/* a + b = value + error exactly (Knuth, TAOCP vol. 2, 4.2.2, theorem B). */
static inline pair exact_sum(double a, double b) {
  pair sum;
  sum.value = a + b;
  double b_seen = sum.value - a;
  double a_seen = sum.value - b_seen;
  double b_lost = b - b_seen;
  double a_lost = a - a_seen;
  sum.error = a_lost + b_lost;
  return sum;
}

/* a = value + error with at most 26 bits in each half (Veltkamp). */
static inline pair split(double a) {
  pair halves;
  double shifted = 134217729.0 * a; /* 2^27 + 1 */
  double excess = shifted - a;
  halves.value = shifted - excess;
  halves.error = a - halves.value;
  return halves;
}

/* a * b = value + error exactly (Dekker, "A floating-point technique for extending the available precision", 1971). */
static inline pair exact_product(double a, double b) {
  pair product, x = split(a), y = split(b);
  product.value = a * b;
  double high = x.value * y.value;
  double cross0 = x.value * y.error;
  double cross1 = x.error * y.value;
  double low = x.error * y.error;
  double rest = high - product.value;
  rest = rest + cross0;
  rest = rest + cross1;
  product.error = rest + low;
  return product;
}

static inline pair multiply(pair a, pair b) {
  pair product = exact_product(a.value, b.value);
  double cross0 = a.value * b.error;
  double cross1 = a.error * b.value;
  product.error += cross0 + cross1;
  return product;
}

/* a / b rounded to a double, for normalised pairs. */
static inline double divide(pair a, pair b) {
  double quotient = a.value / b.value;
  pair back = exact_product(quotient, b.value);
  double rest = a.value - back.value;
  rest = rest - back.error;
  rest = rest + a.error;
  double missing = quotient * b.error;
  rest = rest - missing;
  return quotient + rest / b.value;
}

/* P_n and D_n at t = 2 alpha. */
static void legendre(int64_t n, double t, pair *p, pair *d) {
  pair p_k = {1, 0}, d_k = {0, 0};
  for (int64_t k = 0; k < n; k++) {
    const double count = (double)(k + 1);
    pair tp = exact_product(t, p_k.value);
    pair s = exact_sum(d_k.value, -tp.value);
    /* k / (k + 1) s = s - share */
    double share = s.value / count;
    pair shared = exact_product(share, count);
    double remainder = s.value - shared.value;
    remainder = remainder - shared.error;
    pair kept = exact_sum(s.value, -share);
    pair d_next = exact_sum(kept.value, -tp.value);
    pair p_next = exact_sum(p_k.value, d_next.value);

    double tp_carried = t * p_k.error;
    double tp_error = tp.error + tp_carried;
    double s_error = d_k.error - tp_error;
    s_error = s_error + s.error;
    double share_error = (remainder + s_error) / count;
    double d_error = s_error - share_error;
    d_error = d_error + (kept.error + d_next.error);
    d_error = d_error - tp_error;
    d_k.value = d_next.value;
    d_k.error = d_error;
    p_k.value = p_next.value;
    p_k.error = (p_k.error + d_error) + p_next.error;
  }
  *p = p_k;
  *d = d_k;
}

/* Root j of P_n from the end x = 1, as alpha: x = cos(theta), theta = phi + cot(phi) / (8 N^2), phi = (j + 3/4) pi / N,
 * N = n + 1/2. This is DLMF 18.16.8 for alpha = beta = 0 with two terms of McMahon's expansion (10.21.19) for the zeros
 * of J_0. Off by 0.2 % of theta at worst (j = 0), by O(n^-4) inside. */
static double first_guess(int64_t n, int64_t j) {
  const double pi = 3.14159265358979323846, scale = (double)n + 0.5;
  double phi = ((double)j + 0.75) * pi / scale;
  double sine = sin(0.5 * (phi + 1 / (8 * scale * scale * tan(phi))));
  return sine * sine;
}

/* The weight on [0, 1] is 1 / ((1 - x^2) P_n'(x)^2), or 4 alpha (1 - alpha) / q^2 with q = (1 - x^2) P_n'(x), which is
 * n (t P_n - D_n). By Legendre's equation q is stationary at a root, so it may be taken at `node.value`, a rounding
 * error off the root. */
static double weight_at(int64_t n, pair node, pair p, pair d) {
  double tp = 2 * node.value * (p.value + p.error);
  pair q = exact_sum(-d.value, tp - d.error);
  pair half_n = {0.5 * (double)n, 0};
  pair half_q = multiply(half_n, q);
  pair complement = exact_sum(1, -node.value);
  complement.error -= node.error;
  return divide(multiply(node, complement), multiply(half_q, half_q));
}

void attrib__gauss_legendre_node(int64_t n, int64_t j, double *alpha, double *weight) {
  const int64_t mirrored = n - 1 - j;
  const bool upper = j > mirrored, centre = j == mirrored;
  pair node = {centre ? 0.5 : first_guess(n, upper ? mirrored : j), 0}, p, d;
  /* Newton converges quadratically from within a percent: four rounds at most, to n = 1000; the bound is for safety.
   * Done when the step is a rounding error of the node; that step, in full precision, is then its low part. */
  for (int round = 0; round < 10; round++) {
    double a = node.value;
    legendre(n, 2 * a, &p, &d);
    /* d P / d alpha = -2 P'(x) = -q / (2 alpha (1 - alpha)). */
    double q = (double)n * (2 * a * p.value - d.value);
    node.error = (p.value + p.error) * (2 * a * (1 - a)) / q;
    if (fabs(node.error) <= 0x1p-51 * a) break;
    node.value = a + node.error;
    node.error = 0;
  }
  *weight = weight_at(n, node, p, d);
  if (centre) {
    *alpha = 0.5;
  } else if (upper) {
    pair complement = exact_sum(1, -node.value);
    *alpha = complement.value + (complement.error - node.error);
  } else {
    *alpha = node.value + node.error;
  }
}
