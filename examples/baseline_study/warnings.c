#include "warnings.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "chart.h"

/* Every number that the file holds, by name. */
static const struct {
  const char *name;
  size_t at;
} numbers[] = {
    {"decoy: accuracy", offsetof(warnings, decoy.accuracy)},
    {"decoy: share of the pixels in the corner", offsetof(warnings, decoy.corner_area)},
    {"decoy: share of the pixels on the object", offsetof(warnings, decoy.object_area)},
    {"decoy: share of the map in the corner", offsetof(warnings, decoy.corner_share)},
    {"decoy: share of the map on the object", offsetof(warnings, decoy.object_share)},
    {"decoy: share of the edges in the corner", offsetof(warnings, decoy.edge_corner_share)},
    {"decoy: share of the edges on the object", offsetof(warnings, decoy.edge_object_share)},
    {"scattered: accuracy", offsetof(warnings, scattered.accuracy)},
    {"scattered: accuracy of random weights", offsetof(warnings, scattered.random_accuracy)},
    {"scattered: rank correlation of trained and random: integrated gradients",
     offsetof(warnings, scattered.map_correlation)},
    {"scattered: rank correlation of trained and random: gradients",
     offsetof(warnings, scattered.gradient_correlation)},
    {"plain: accuracy", offsetof(warnings, plain.accuracy)},
    {"plain: accuracy of random weights", offsetof(warnings, plain.random_accuracy)},
    {"plain: rank correlation of trained and random: integrated gradients", offsetof(warnings, plain.map_correlation)},
    {"plain: rank correlation of trained and random: gradients", offsetof(warnings, plain.gradient_correlation)}};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

static double *number_at(warnings *w, int i) {
  return (double *)(void *)((char *)w + numbers[i].at);
}

/* The first line, and that of the columns. */
static void make_head(const misleading_plan *plan, char *head, size_t capacity) {
  snprintf(
      head, capacity,
      "# baseline_study warnings 1, training %lld test %lld epochs %lld hidden %d decay %g seed %llu\nnumber,value\n",
      (long long)plan->training, (long long)plan->test, (long long)plan->epochs, (int)plan->hidden, plan->decay,
      (unsigned long long)plan->seed);
}

static bool take_line(FILE *file, warnings *w, int i) {
  char line[256], name[160], *end;
  snprintf(name, sizeof name, "\"%s\",", numbers[i].name);
  if (fgets(line, sizeof line, file) == NULL || strncmp(line, name, strlen(name)) != 0) return false;
  *number_at(w, i) = strtod(line + strlen(name), &end);
  return end != line + strlen(name) && strcmp(end, "\n") == 0 && isfinite(*number_at(w, i));
}

/* The plan is one of the two; which, the first line says. */
static bool take_head(FILE *file, warnings *w) {
  char line[256], columns[64], read[320], head[256];
  if (fgets(line, sizeof line, file) == NULL || fgets(columns, sizeof columns, file) == NULL) return false;
  snprintf(read, sizeof read, "%s%s", line, columns);
  for (int quick = 0; quick < 2; quick++) {
    w->plan = misleading_defaults(quick);
    make_head(&w->plan, head, sizeof head);
    if (strcmp(head, read) == 0) return true;
  }
  return false;
}

int warnings_read(const char *folder, warnings *w, char *message) {
  char path[4096];
  snprintf(path, sizeof path, "%s/warnings.csv", folder);
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  FILE *file = fopen(path, "r");
  *w = (warnings){.plan = {0}};
  if (file == NULL) return file_fail(&report, -1, "cannot be opened");
  bool ok = take_head(file, w);
  for (int i = 0; i < NUMBERS && ok; i++) ok = take_line(file, w, i);
  ok = ok && fgetc(file) == EOF;
  fclose(file);
  return ok ? 0 : file_fail(&report, -1, "is not what this study writes");
}

int warnings_measure(const char *folder, int quick, char *message) {
  const misleading_plan plan = misleading_defaults(quick);
  warnings w;
  if (warnings_read(folder, &w, message) == 0 && w.plan.training == plan.training) return 0;
  if (decoy_measure(&plan, &w.decoy, message) != 0 ||
      randomisation_measure(SHAPES_SCATTERED, &plan, &w.scattered, message) != 0 ||
      randomisation_measure(SHAPES_PLAIN, &plan, &w.plain, message) != 0)
    return -1;
  char head[256];
  make_head(&plan, head, sizeof head);
  atomic_file *file = chart_open(folder, "/warnings.csv", message);
  if (file == NULL) return -1;
  atomic_file_printf(file, "%s", head);
  for (int i = 0; i < NUMBERS; i++) atomic_file_printf(file, "\"%s\",%.6g\n", numbers[i].name, *number_at(&w, i));
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}
