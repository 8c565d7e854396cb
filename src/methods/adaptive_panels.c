/* adaptive_panels.c - see adaptive.h: panels halved as a whole. */
#include <math.h>

#include "adaptive_parts.h"

/* The halving's rows are in: T' - T = midpoints - T/2. Of the panel's share in the squares a new one takes the place.
 */
static void end_halving(attrib__adaptive *a, const attrib__step *step, int64_t begin, int64_t n) {
  void *panel = attrib__adaptive_vector(a, a->halvings.panels[step->panel].vector);
  double integral[ATTRIB__BLOCK], half[ATTRIB__BLOCK], change[ATTRIB__BLOCK];
  for (int64_t done = 0, m; done < n; done += m) {
    m = n - done < ATTRIB__BLOCK ? n - done : ATTRIB__BLOCK;
    int64_t at = begin + done;
    attrib__rows_load(a->dtype, panel, at, m, integral);
    attrib__vector_scale(m, 0.5, integral, half);
    attrib__vector_subtract(m, a->midpoints + at, half, change);
    attrib__vector_add(m, 1, change, integral);
    attrib__vector_add(m, 1, change, a->integral + at);
    attrib__vector_fade(m, a->keep, change, a->squares + at);
    attrib__rows_store(a->dtype, panel, at, m, integral);
    attrib__sum_add(&a->change2, attrib__vector_dot(m, change, change));
  }
}

static void take_midpoint(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  (void)r;
  attrib__adaptive *a = state;
  const attrib__step *step = &a->steps[row->nth];
  attrib__row_sums *sums = &a->sums[row->nth];
  double *midpoints = a->midpoints + begin, weight = step->half * attrib__lines_weight(a->lines, step->line);
  if (step->first)
    attrib__vector_scale(n, weight, v, midpoints);
  else
    attrib__vector_add(n, weight, v, midpoints);
  attrib__sum_add(&sums->slope, attrib__vector_sum(n, v));
  attrib__sum_add(&sums->norm, attrib__vector_dot(n, v, v));
  if (step->last) end_halving(a, step, begin, n);
}

/* Rows up to the end of a halving: what it changes must be known before the next one ends. */
attrib__fault attrib__panels_take(attrib__adaptive *a, const attrib__results *results, int64_t begin, int64_t count) {
  const attrib__step *last = &a->steps[results->rows[begin + count - 1].nth];
  double squares = attrib__adaptive_look(a).squares;
  a->keep = squares > 0 ? fmax(1 - a->halvings.panels[last->panel].square / squares, 0) : 0;
  a->change2 = (attrib__sum){0};
  for (int64_t r = begin; r < begin + count; r++) a->sums[results->rows[r].nth] = (attrib__row_sums){0};
  attrib__results part = attrib__adaptive_part(a, results, begin, count);
  attrib__fault fault = attrib__entries_take(a->entries, &part, take_midpoint, a);
  fault.row += begin;
  if (fault.status < 0) return fault;
  for (int64_t r = begin; r < begin + count; r++) {
    int64_t nth = results->rows[r].nth;
    double weight = attrib__lines_weight(a->lines, a->steps[nth].line);
    attrib__halvings_take(&a->halvings, &a->steps[nth], weight * attrib__sum_value(&a->sums[nth].slope),
                          weight * weight * attrib__sum_value(&a->sums[nth].norm));
  }
  if (last->last) attrib__halvings_finish(&a->halvings, last, attrib__sum_value(&a->change2));
  a->taken += count;
  return fault;
}
