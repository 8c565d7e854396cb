/* make_page - writes the pages that run.sh opens in a browser: make_page KIND FILE. */
#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *what) {
  fprintf(stderr, "make_page: %s\n", what);
  exit(1);
}

void *take_memory(int64_t count, size_t size) {
  void *memory = calloc((size_t)count, size);
  if (memory == NULL) fail("out of memory");
  return memory;
}

void sum_channels(const report_picture *picture, const report_map *map, double *sum) {
  const int64_t pixels = (int64_t)picture->width * picture->height;
  for (int64_t i = 0; i < pixels; i++) {
    sum[i] = 0;
    for (int64_t c = 0; c < map->channels; c++) sum[i] += map->attributions[c * pixels + i];
  }
}

static void write_sums(FILE *file, const report_picture *picture, const report_map *map) {
  const size_t pixels = (size_t)picture->width * (size_t)picture->height;
  double *sum = take_memory((int64_t)pixels, sizeof *sum);
  sum_channels(picture, map, sum);
  if (fwrite(sum, sizeof *sum, pixels, file) != pixels) fail("cannot write the values");
  free(sum);
}

void write_page(const report_page *page, const char *path) {
  char message[FILE_MESSAGE_CAPACITY], values[4096];
  if (report_page_write(page, path, message) != 0) fail(message);
  snprintf(values, sizeof values, "%s.values", path);
  FILE *file = fopen(values, "wb");
  if (file == NULL) fail("cannot write the values");
  for (int64_t p = 0; p < page->n_pictures; p++)
    for (int64_t m = 0; m < page->pictures[p].n_maps; m++)
      if (page->pictures[p].maps[m].attributions != NULL)
        write_sums(file, &page->pictures[p], &page->pictures[p].maps[m]);
  if (fclose(file) != 0) fail("cannot write the values");
  write_colours(page, path);
  write_curves(page, path);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*write)(const char *path);
  } kinds[] = {{"real", write_real},
               {"hostile", write_hostile},
               {"broken", write_broken},
               {"large", write_large},
               {"shapes", write_shapes}};
  for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(argv[1], kinds[i].name) == 0) {
      kinds[i].write(argv[2]);
      return 0;
    }
  fprintf(stderr, "Usage: make_page real|hostile|broken|large|shapes FILE\n");
  return 2;
}
