/* The numbers of a page's charts. */
#include <math.h>
#include <stdio.h>

#include "pages.h"

static void put_number(FILE *file, const char *before, double value) {
  if (isfinite(value))
    fprintf(file, "%s%.17g", before, value);
  else
    fprintf(file, "%snull", before);
}

static void put_numbers(FILE *file, const char *name, const double *values, int64_t count) {
  fprintf(file, "\"%s\":[", name);
  for (int64_t i = 0; i < count && values != NULL; i++) put_number(file, i > 0 ? "," : "", values[i]);
  fputs("]", file);
}

static void put_path(FILE *file, const alpha_curve *curve) {
  fputs("\"path\":{\"points\":[", file);
  for (int64_t i = 0; i < curve->points; i++) {
    const alpha_point *p = &curve->at[i];
    put_number(file, i > 0 ? ",[" : "[", p->alpha);
    put_number(file, ",", p->output);
    put_number(file, ",", p->slope);
    put_number(file, ",", p->attribution);
    fputs("]", file);
  }
  put_number(file, "],\"start\":", curve->start);
  put_number(file, ",\"end\":", curve->end);
  put_number(file, ",\"sum\":", curve->sum);
  fputs("}", file);
}

static void put_map(FILE *file, const report_map *map) {
  fputs("{", file);
  if (map->curve != NULL) put_path(file, map->curve);
  if (map->curve != NULL && map->ablation != NULL) fputs(",", file);
  if (map->ablation != NULL) {
    const double areas[2] = {map->ablation->deletion_area, map->ablation->insertion_area};
    fputs("\"ablation\":{", file);
    put_numbers(file, "deletion", map->ablation->deletion, map->ablation->points);
    fputs(",", file);
    put_numbers(file, "insertion", map->ablation->insertion, map->ablation->points);
    fputs(",", file);
    put_numbers(file, "areas", areas, 2);
    fputs("}", file);
  }
  fputs("}", file);
}

void write_curves(const report_page *page, const char *path) {
  char name[4096];
  snprintf(name, sizeof name, "%s.curves", path);
  FILE *file = fopen(name, "w");
  if (file == NULL) fail("cannot write the curves");
  for (int64_t p = 0; p < page->n_pictures; p++) {
    fputs(p == 0 ? "[[" : ",[", file);
    for (int64_t m = 0; m < page->pictures[p].n_maps; m++) {
      if (m > 0) fputs(",\n", file);
      put_map(file, &page->pictures[p].maps[m]);
    }
    fputs("]", file);
  }
  fputs("]\n", file);
  if (fclose(file) != 0) fail("cannot write the curves");
}
