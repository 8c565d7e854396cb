/* adaptive_panels.c - see adaptive.h: panels halved as a whole. */
#include <math.h>

#include "adaptive_parts.h"

/* The halving's rows are in: T' - T = midpoints - T/2. In the squares of the standard errors what is new takes the
 * place of the panel's share. */
static void end_halving(attrib__adaptive *a, const attrib__step *step, attrib__row_sums *sums, int64_t begin,
                        int64_t n) {
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
    attrib__vector_fade(m, step->kept, change, a->squares + at);
    attrib__rows_store(a->dtype, panel, at, m, integral);
    attrib__sum_add(&sums->change, attrib__vector_dot(m, change, change));
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
  if (step->last) end_halving(a, step, sums, begin, n);
}

attrib__fault attrib__panels_take(attrib__adaptive *a, const attrib__results *results) {
  attrib__results taken = *results;
  for (int64_t r = 0; r < taken.count; r++) a->sums[taken.rows[r].nth] = (attrib__row_sums){0};
  attrib__fault fault = attrib__entries_take(a->entries, &taken, take_midpoint, a);
  if (fault.status < 0) return fault;
  for (int64_t r = 0; r < taken.count; r++) {
    const attrib__step *step = &a->steps[taken.rows[r].nth];
    const attrib__row_sums *sums = &a->sums[taken.rows[r].nth];
    double weight = attrib__lines_weight(a->lines, step->line);
    attrib__halvings_take(&a->halvings, step, weight * attrib__sum_value(&sums->slope),
                          weight * weight * attrib__sum_value(&sums->norm));
    if (step->last) attrib__halvings_finish(&a->halvings, step, attrib__sum_value(&sums->change));
  }
  a->taken += taken.count;
  return fault;
}
