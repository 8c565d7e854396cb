/* baseline_study - which baseline gives the better map? The tests of "Visualizing the Impact of Feature Attribution
 * Baselines" (Sturmfels, Lundberg, Lee 2020) made again on the bundled network, and others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "atomic_file.h"
#include "command_line.h"
#include "figures.h"
#include "results.h"
#include "summary.h"
#include "tables.h"
#include "work_bar.h"

/* Room for the lines of any part. */
enum { MOST_LINES = MAPS * MEASURED_TESTS };

/* What the progress of a unit needs; there is one study in a program. */
static struct progress {
  work_bar bar;
  double behind, unit; /* cost of the units before, of this one */
  char text[96];
} progress;

static void show(double share) {
  work_bar_show(&progress.bar, progress.behind + share * progress.unit, progress.text);
}

static double cost_of(const study_pictures *p, const settings *s, int64_t units) {
  double cost = 0;
  int64_t number;
  for (int64_t i = 0; i < units; i++) cost += plan_cost(unit_of(p, s, i, &number), s);
  return cost;
}

/* Measures what is not in the results yet. */
static int measure_rest(results *r, const study_pictures *p, const arguments *a, char *message) {
  static measurement lines[MOST_LINES];
  static const char *const names[] = {"ablation", "slow tests", "sweeps"};
  const settings *s = &a->settings;
  const int64_t units = unit_count(p, s), before = r->done;
  measurer *m;
  int status = measurer_create(p, s, a->workers, &m, message);
  progress.behind = cost_of(p, s, r->done);
  work_bar_begin(&progress.bar, cost_of(p, s, units), progress.behind);
  while (status == 0 && r->done < units) {
    int64_t number;
    const study_part part = unit_of(p, s, r->done, &number);
    progress.unit = plan_cost(part, s);
    snprintf(progress.text, sizeof progress.text, "%s of picture %lld, %lld of %lld", names[part], (long long)number,
             (long long)r->done + 1, (long long)units);
    show(0);
    status = measure_unit(m, part, number, lines, show, message);
    if (status == 0) status = results_add(r, p, part, number, lines, message);
    progress.behind += progress.unit;
  }
  work_bar_end(&progress.bar);
  measurer_free(m);
  if (status != 0) return -1;
  char time[32];
  printf("%lld of %lld pictures are right. Measured %lld units of work in %s", (long long)p->right,
         (long long)s->pictures, (long long)(units - before),
         duration_text(work_bar_elapsed(&progress.bar), time, sizeof time));
  printf(before > 0 ? ", %lld were there\n" : "\n", (long long)before);
  return 0;
}

/* FOLDER/summary.csv */
static int summary_path(const arguments *a, char *path, size_t capacity, char *message) {
  int length = snprintf(path, capacity, "%s/summary.csv", a->out);
  if (length >= 0 && (size_t)length < capacity) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", capacity - 1);
  return -1;
}

static int measure_all(arguments *a, const char *path, summary *of, char *message) {
  study_pictures p;
  results r;
  if (pictures_open(&p, a->net, a->workers, &a->settings, message) != 0) return -1;
  int status = results_open(&r, a->out, &p, &a->settings, message);
  if (status == 0) {
    status = measure_rest(&r, &p, a, message);
    if (status == 0) status = summarise(&r, &p, &a->settings, of, message);
    if (status == 0) status = summary_write(of, path, message);
    if (status == 0) status = warnings_measure(a->out, a->settings.pictures < p.held_out.count, message);
    results_close(&r);
  }
  pictures_close(&p);
  return status;
}

/* The folder that a file is in. */
static void folder_of(const char *path, char *folder, size_t capacity) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL)
    snprintf(folder, capacity, ".");
  else
    snprintf(folder, capacity, "%.*s", (int)(slash == path ? 1 : slash - path), path);
}

static int run(arguments *a, summary *of, char *message) {
  char path[4096], folder[4096];
  warnings w;
  if (a->guide != NULL && tables_check(a->guide, message) != 0) return -1;
  if (summary_path(a, path, sizeof path, message) != 0) return -1;
  if (a->from == NULL && measure_all(a, path, of, message) != 0) return -1;
  /* Read again, so that what is made of it does not depend on how many digits were there before. */
  if (summary_read(a->from == NULL ? path : a->from, of, message) != 0) return -1;
  folder_of(a->from == NULL ? path : a->from, folder, sizeof folder);
  if (warnings_read(folder, &w, message) != 0 || figures_write(of, a->out, message) != 0) return -1;
  tables_print(of, &w);
  if (a->guide != NULL && tables_write(of, &w, a->guide, message) != 0) return -1;
  printf("%s: %s\n", a->from == NULL ? "results.csv, summary.csv, warnings.csv and figures" : "Figures", a->out);
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY] = "out of memory";
  summary *of = malloc(sizeof *of);
  int status = of == NULL ? -1 : run(&a, of, message);
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line("baseline_study", message);
  free(of);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
