/* grid.c - see grid.h. */
#include "grid.h"

int64_t attrib__grid_count(const attrib__grid *grid, int64_t i) {
  if (grid->step > 0) return i > (grid->total - 1) / grid->step ? grid->total : i * grid->step;
  return grid->total / grid->parts * i + grid->total % grid->parts * i / grid->parts;
}

int64_t attrib__grid_end(const attrib__grid *grid, int64_t i, int64_t last) {
  const int64_t count = attrib__grid_count(grid, i);
  int64_t end = i + 1;
  while (end <= last && attrib__grid_count(grid, end) == count) end++;
  return end;
}
