/* adaptive_panels.c - see adaptive.h: panels halved as a whole. */
#include <math.h>
#include <string.h>

#include "adaptive_parts.h"

/* The halving's rows are in: T' - T = midpoints - T/2. In the squares of the standard errors what is new takes the
 * place of the panel's share. */
static void end_halving(attrib__adaptive *a, const attrib__step *step, attrib__row_sums *sums, int64_t begin,
                        int64_t n) {
  void *panel = attrib__adaptive_vector(a, a->halvings.panels[step->panel].vector);
  double change[ATTRIB__BLOCK];
  for (int64_t done = 0, m; done < n; done += m) {
    m = attrib__block_length(done, n);
    int64_t at = begin + done;
    const attrib__halved halved = {a->midpoints + at, step->kept, a->integral + at, a->squares + at, change};
    attrib__rows_halve(a->dtype, panel, at, m, &halved);
    attrib__sum_add(&sums->change, attrib__vector_square(m, change));
  }
  memset(a->midpoints + begin, 0, (size_t)n * sizeof *a->midpoints);
}

/* What a row adds to the midpoints is in them. */
static void take_midpoint(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  attrib__adaptive *a = state;
  const attrib__step *step = &a->steps[row->nth];
  attrib__row_sums *sums = &a->sums[row->nth];
  attrib__sum_add(&sums->slope, attrib__vector_sum(n, v));
  attrib__sum_add(&sums->norm, attrib__vector_square(n, v));
  if (step->last) end_halving(a, step, sums, begin, n);
  if (r == a->last_row) attrib__sum_add(&a->square, attrib__vector_square(n, a->integral + begin));
}

attrib__fault attrib__panels_take(attrib__adaptive *a, const attrib__results *results) {
  attrib__results taken = *results;
  for (int64_t r = 0; r < taken.count; r++) {
    attrib__row *row = &taken.rows[r];
    const attrib__step *step = &a->steps[row->nth];
    row->weight = step->half * attrib__lines_weight(a->lines, step->line);
    a->sums[row->nth] = (attrib__row_sums){0};
  }
  a->entries->sums = a->midpoints;
  a->last_row = taken.count - 1;
  a->square = (attrib__sum){0};
  attrib__fault fault = attrib__entries_take(a->entries, &taken, take_midpoint, a);
  if (fault.status < 0) return fault;
  for (int64_t r = 0; r < taken.count; r++) {
    const attrib__step *step = &a->steps[taken.rows[r].nth];
    const attrib__row_sums *sums = &a->sums[taken.rows[r].nth];
    taken.rows[r].weight = (double)NAN; /* later halvings change it */
    double weight = attrib__lines_weight(a->lines, step->line);
    attrib__halvings_take(&a->halvings, step, weight * attrib__sum_value(&sums->slope),
                          weight * weight * attrib__sum_value(&sums->norm));
    if (step->last) attrib__halvings_finish(&a->halvings, step, attrib__sum_value(&sums->change));
  }
  a->taken += taken.count;
  return fault;
}
