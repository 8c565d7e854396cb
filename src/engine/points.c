/* points.c - see points.h. Rows of a batch mostly share their line: of it, a block is read once. */
#include "points.h"

#include "../rows/rows.h"

/* A block of a line. */
typedef struct stretch {
  const void *from, *to;
  double start[ATTRIB__BLOCK], displacement[ATTRIB__BLOCK];
} stretch;

static void fill_block(stretch *s, const attrib__row *rows, int64_t count, uint32_t dtype, int64_t begin, int64_t m,
                       int64_t n, void *points) {
  s->from = s->to = NULL;
  for (int64_t r = 0; r < count; r++) {
    const attrib__row *row = &rows[r];
    void *point = attrib__element(dtype, points, r * n);
    if (row->placed) continue;
    if (row->alpha == 0 || row->alpha == 1) { /* bit for bit */
      attrib__rows_copy(dtype, row->alpha == 0 ? row->from : row->to, begin, m, point);
      continue;
    }
    if (row->from != s->from || row->to != s->to) {
      s->from = row->from;
      s->to = row->to;
      attrib__rows_load(dtype, row->from, begin, m, s->start);
      attrib__rows_displacement(dtype, row->to, row->from, begin, m, s->displacement);
    }
    attrib__rows_interpolate(dtype, s->start, s->displacement, row->alpha, begin, m, point);
  }
}

void attrib__points_fill(const attrib__row *rows, int64_t count, uint32_t dtype, int64_t n, void *points) {
  stretch s;
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK)
    fill_block(&s, rows, count, dtype, begin, attrib__block_length(begin, n), n, points);
}

attrib_status attrib__points_placed(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)state, (void)gathering;
  row->placed = true;
  return ATTRIB_OK;
}
