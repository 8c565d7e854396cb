/* points.c - see points.h. Rows of a batch mostly share their line: its ends stay in cache from row to row. */
#include "points.h"

#include "../rows/rows.h"

void attrib__points_fill(const attrib__row *rows, int64_t count, uint32_t dtype, int64_t n, void *points) {
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t m = n - begin < ATTRIB__BLOCK ? n - begin : ATTRIB__BLOCK;
    for (int64_t r = 0; r < count; r++) {
      if (rows[r].placed) continue;
      const void *from = rows[r].from; /* NULL: of a point, alpha 1 */
      if (from != NULL) from = attrib__const_element(dtype, from, begin);
      const void *to = attrib__const_element(dtype, rows[r].to, begin);
      attrib__rows_interpolate(dtype, from, to, rows[r].alpha, m, attrib__element(dtype, points, r * n + begin));
    }
  }
}
