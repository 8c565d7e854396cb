#include "plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "output.h"

void plan_begin(plan *p, const arguments *a) {
  *p = (plan){.names = {.out = a->settings.common.prefix,
                        .several = a->n_pictures > 1,
                        .of_method = a->n_methods > 1,
                        .of_baseline = a->n_baselines > 1}};
}

static int find_targets(const arguments *a, const subject *s, target_choice *targets, int *count, char *message) {
  *count = 0;
  if (a->n_targets == 0) return targets_find(s, NULL, targets, count, message);
  for (int i = 0; i < a->n_targets; i++)
    if (targets_find(s, a->targets[i], targets, count, message) != 0) return -1;
  return 0;
}

int plan_add_picture(plan *p, const arguments *a, int picture, const subject *s, char *message) {
  target_choice targets[TARGETS_MOST];
  int count;
  if (find_targets(a, s, targets, &count, message) != 0) return -1;
  const int64_t maps = (int64_t)count * a->n_pairs;
  if (p->count + maps > p->capacity) {
    const int64_t capacity = 2 * p->capacity + maps;
    planned_map *grown = realloc(p->maps, (size_t)capacity * sizeof *p->maps);
    if (grown == NULL) {
      snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld maps", (long long)capacity);
      return -1;
    }
    p->maps = grown;
    p->capacity = capacity;
  }
  if (count > 1) p->names.of_target = true;
  for (int k = 0; k < a->n_pairs; k++)
    for (int t = 0; t < count; t++)
      p->maps[p->count++] = (planned_map){.picture = picture, .pair = &a->pairs[k], .target = targets[t]};
  return 0;
}

static int check_path(const inputs *in, const char *path, bool written, char *message) {
  if (inputs_check(in, path, message) != 0) return -1;
  return written ? atomic_file_check(path, message, FILE_MESSAGE_CAPACITY) : 0;
}

/* Of what is not written older files are removed, so that it is no input, either. */
static int check_map(const inputs *in, const planned_map *map, char *message) {
  char path[PATH_CAPACITY + 32];
  for (int i = 0; i < OUTPUT_SUFFIXES; i++) {
    snprintf(path, sizeof path, "%s%s", map->prefix, output_suffixes[i]);
    if (check_path(in, path, output_may_write(map->pair->method, i), message) != 0) return -1;
  }
  return 0;
}

int plan_files(plan *p, const arguments *a, const network *net, const inputs *in, char *message) {
  for (int64_t i = 0; i < p->count; i++) {
    planned_map *map = &p->maps[i];
    map->prefix = names_of_map(&p->names, a->pictures[map->picture], map->pair, net, &map->target, message);
    if (map->prefix == NULL || check_map(in, map, message) != 0) return -1;
  }
  return 0;
}

int plan_file_of_run(const plan *p, const arguments *a, const inputs *in, const char *suffix, char *path,
                     char *message) {
  if (names_of_run(&p->names, a->pictures[0], suffix, path, message) != 0) return -1;
  return check_path(in, path, true, message);
}

void plan_free(plan *p) {
  names_free(&p->names);
  free(p->maps);
  p->maps = NULL;
}
