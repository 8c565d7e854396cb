/* exact_sum.c - see exact_sum.h. */
#include "exact_sum.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum {
  WORD_BITS = 32,
  COUNT_BITS = 31,                     /* a sum is less than 2^31 times the largest value */
  LOWEST = DBL_MIN_EXP - DBL_MANT_DIG, /* exponent of the smallest double above 0: -1074 */
  EXTRA_WORDS = 3,                     /* of a quotient, below the unit: 1 / 2^31 still has 65 bits there */
  HEAD_BITS = 64,
  ROUNDED = HEAD_BITS - DBL_MANT_DIG /* of a quotient's first bits those that a double has no room for */
};

/* |value| = mantissa * 2^exponent, 53 bits at most. */
static uint64_t split(double value, int *exponent) {
  double fraction = frexp(fabs(value), exponent);
  *exponent -= DBL_MANT_DIG;
  return (uint64_t)ldexp(fraction, DBL_MANT_DIG);
}

attrib__exact attrib__exact_format(const double *values, int64_t count) {
  int lowest = DBL_MAX_EXP, highest = LOWEST;
  for (int64_t i = 0; i < count; i++) {
    int exponent;
    if (split(values[i], &exponent) == 0) continue;
    if (exponent < lowest) lowest = exponent;
    if (exponent > highest) highest = exponent;
  }
  if (lowest == DBL_MAX_EXP) return (attrib__exact){.exponent = 0, .words = 1}; /* nothing but zeros */
  if (lowest < LOWEST) lowest = LOWEST;                                         /* the bits below are zeros */
  int bits = highest + DBL_MANT_DIG - lowest + COUNT_BITS + 1;                  /* and a sign */
  return (attrib__exact){.exponent = lowest, .words = (bits + WORD_BITS - 1) / WORD_BITS};
}

void attrib__exact_add(const attrib__exact *format, uint32_t *sum, double value) {
  int exponent;
  uint64_t mantissa = split(value, &exponent);
  if (mantissa == 0) return;
  int shift = exponent - format->exponent;
  if (shift < 0) { /* a subnormal number, whose last bits are zeros */
    mantissa >>= -shift;
    shift = 0;
  }
  int first = shift / WORD_BITS, bit = shift % WORD_BITS;
  uint64_t low = mantissa << bit, high = bit == 0 ? 0 : mantissa >> (64 - bit);
  const uint32_t parts[3] = {(uint32_t)low, (uint32_t)(low >> WORD_BITS), (uint32_t)high};
  uint64_t carry = 0; /* or borrow */
  for (int k = first; k < format->words && (k < first + 3 || carry != 0); k++) {
    uint64_t part = (k < first + 3 ? parts[k - first] : 0) + carry;
    uint64_t result = value > 0 ? sum[k] + part : sum[k] - part;
    sum[k] = (uint32_t)result;
    carry = value > 0 ? result >> WORD_BITS : result >> 63;
  }
}

static bool is_negative(const attrib__exact *format, const uint32_t *sum) {
  return sum[format->words - 1] >> (WORD_BITS - 1) != 0;
}

/* The sign of a * b_count - b * a_count, word by word. Every step stays within 63 bits: (2^32 - 1) * (2^31 - 1) and a
 * carry of 2^31 at most. */
int attrib__exact_compare_means(const attrib__exact *format, const uint32_t *a, int64_t a_count, const uint32_t *b,
                                int64_t b_count) {
  const int64_t base = INT64_C(1) << WORD_BITS;
  int64_t difference = 0;
  bool rest = false; /* a word below the top one is not 0; they make up a number >= 0 */
  for (int k = 0;; k++) {
    int64_t a_word = a[k], b_word = b[k];
    bool top = k == format->words - 1;
    if (top && is_negative(format, a)) a_word -= base;
    if (top && is_negative(format, b)) b_word -= base;
    difference += a_word * b_count - b_word * a_count;
    if (top) break;
    uint32_t word = (uint32_t)difference;
    rest = rest || word != 0;
    difference = (difference - word) / base;
  }
  if (difference == 0) return rest;
  return difference < 0 ? -1 : 1;
}

/* (head, then bits that are not all 0 where more) * 2^exponent, rounded to nearest; head has its highest bit set. Only
 * as many bits are kept as the double has, which are fewer below the normal ones. */
static double round_to_double(uint64_t head, bool more, int exponent) {
  int dropped = ROUNDED;
  if (exponent + dropped < LOWEST) dropped = LOWEST - exponent;
  if (dropped > HEAD_BITS) return 0;
  uint64_t kept = dropped == HEAD_BITS ? 0 : head >> dropped;
  uint64_t rest = head << (HEAD_BITS - dropped), half = UINT64_C(1) << (HEAD_BITS - 1);
  if (rest > half || (rest == half && (more || (kept & 1) != 0))) kept++;
  return ldexp((double)kept, exponent + dropped);
}

/* Long division of the magnitude, from the top: the first three words of the quotient that count hold the 64 bits that
 * are rounded; of what follows it matters only whether it is 0. */
double attrib__exact_mean(const attrib__exact *format, const uint32_t *sum, int64_t count) {
  int lowest = 0; /* the lowest word that is not 0: negated, the words above it are complements */
  while (lowest < format->words && sum[lowest] == 0) lowest++;
  if (lowest == format->words) return 0;
  bool negative = is_negative(format, sum), more = false;
  uint64_t remainder = 0, divisor = (uint64_t)count;
  uint64_t found[3] = {0};
  int n = 0, last = 0;
  for (int k = format->words - 1; k >= -EXTRA_WORDS; k--) {
    uint32_t word = k >= lowest ? sum[k] : 0;
    if (negative && k >= lowest) word = k == lowest ? 0 - word : ~word;
    uint64_t dividend = remainder << WORD_BITS | word, quotient = dividend / divisor;
    remainder = dividend % divisor;
    if (n == 3) more = more || quotient != 0;
    if (n == 3 || (n == 0 && quotient == 0)) continue;
    found[n++] = quotient;
    last = k;
  }
  int zeros = 0; /* in front of the first word */
  while (found[0] << zeros >> (WORD_BITS - 1) == 0) zeros++;
  uint64_t head = (found[0] << WORD_BITS | found[1]) << zeros | found[2] >> (WORD_BITS - zeros);
  more = more || remainder != 0 || (uint32_t)(found[2] << zeros) != 0;
  double mean = round_to_double(head, more, format->exponent + WORD_BITS * last + WORD_BITS - zeros);
  return negative ? -mean : mean;
}
