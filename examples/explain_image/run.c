#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "cost.h"
#include "interrupt.h"
#include "plan.h"
#include "print.h"
#include "record.h"
#include "report.h"
#include "report_page.h"

/* All that a run keeps from map to map. */
typedef struct session {
  arguments *a;
  network net;
  source_digests of_source;
  inputs inputs;
  plan plan;
  int64_t next;                     /* map of the plan */
  char (*of_pictures)[DIGEST_TEXT]; /* digests, as they were at the beginning */
  record record;
  progress bar;
  explanation e;
  char record_path[PATH_CAPACITY + 32], report_path[PATH_CAPACITY + 32];
  report_book *report; /* NULL: none is wanted */
} session;

static double cost_of(const session *x, const pair *p) {
  return cost_of_search(p) + cost_of_map(p) + (x->a->report ? COST_OF_CURVES : 0);
}

static int look_at_picture(session *x, int picture, char *message) {
  const char *path = x->a->pictures[picture];
  subject s;
  if (subject_open_with(&s, &x->net, path, message) != 0) return -1;
  memcpy(x->of_pictures[picture], s.digest, sizeof s.digest);
  record_add_picture(&x->record, path, s.digest, &s);
  const int status = plan_add_picture(&x->plan, x->a, picture, &s, message);
  subject_close(&s);
  return status != 0 ? -1 : inputs_add(&x->inputs, "the picture", path, message);
}

/* All pictures and targets, before any work: which maps there will be. EXIT_DONE, or why not. */
static int look_ahead(session *x, char *message) {
  const int count = x->a->n_pictures;
  double cost = 0;
  x->of_pictures = calloc((size_t)count, sizeof *x->of_pictures);
  if (x->of_pictures == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %d pictures", count);
  if (x->of_pictures == NULL) return EXIT_FAILED;
  for (int i = 0; i < count; i++) {
    if (interrupted()) return EXIT_INTERRUPTED;
    if (look_at_picture(x, i, message) != 0) return EXIT_FAILED;
  }
  for (int64_t i = 0; i < x->plan.count; i++) cost += cost_of(x, x->plan.maps[i].pair);
  progress_begin(&x->bar, x->plan.count, cost);
  return EXIT_DONE;
}

/* The map's files and the record together, so that the one always tells of the others. */
static int write_map(session *x, const planned_map *map, heat_map_style *style, char *message) {
  const char *prefix = map->prefix;
  output o;
  if (output_begin(&x->e, style, prefix, &o, message) != 0) return -1;
  record_add_result(&x->record, map->picture, map->pair, &map->target, &x->e, &o, style->scale, prefix);
  if (x->bar.map == x->plan.count && x->report == NULL) record_set_status(&x->record, "complete", "");
  o.files[OUTPUT_FILES - 1] = record_begin_file(&x->record, x->record_path, message);
  const bool begun = o.files[OUTPUT_FILES - 1] != NULL;
  if (!begun) output_abort(&o);
  if (!begun || output_commit(&o, message) != 0) {
    record_drop_result(&x->record);
    return -1;
  }
  print_result(&x->e);
  print_files(&o, style, prefix);
  output_remove_older(&o, prefix);
  fflush(stdout);
  return 0;
}

static int explain_map(session *x, const subject *s, const planned_map *map, char *message) {
  heat_map_style style = x->a->style;
  progress_map(&x->bar, cost_of(x, map->pair));
  const int status = interrupted() ? EXPLAIN_INTERRUPTED
                                   : explain(map->pair, &x->a->settings, s, &map->target, &x->bar, &x->e, message);
  progress_end(&x->bar);
  if (status == EXPLAIN_INTERRUPTED) return EXIT_INTERRUPTED;
  if (status != EXPLAIN_DONE) return EXIT_FAILED;
  if (write_map(x, map, &style, message) != 0) return EXIT_FAILED;
  if (x->report == NULL) return EXIT_DONE;
  const int kept = report_add_map(x->report, map->pair, &map->target, &x->e, &x->bar, message);
  progress_end(&x->bar);
  return kept == EXPLAIN_DONE ? EXIT_DONE : kept == EXPLAIN_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_FAILED;
}

/* That the picture is the one that was looked at, so that the record says of it what is so; and tells the report. */
static int begin_picture(session *x, const subject *s, int picture, char *message) {
  const file_report report = {x->a->pictures[picture], message, FILE_MESSAGE_CAPACITY};
  if (strcmp(s->digest, x->of_pictures[picture]) != 0) return file_fail(&report, -1, "has changed since the run began");
  if (x->report == NULL) return 0;
  return report_add_picture(x->report, s, report.path, s->digest, message);
}

static int explain_picture(session *x, int picture, char *message) {
  const plan *p = &x->plan;
  int code = EXIT_DONE;
  subject s;
  if (interrupted()) return EXIT_INTERRUPTED;
  if (subject_open_with(&s, &x->net, x->a->pictures[picture], message) != 0) return EXIT_FAILED;
  if (message[0] != '\0') printf("%s\n", message); /* a remark on the picture, such as its transparency */
  if (begin_picture(x, &s, picture, message) != 0) code = EXIT_FAILED;
  if (code == EXIT_DONE) subject_print(&s, x->a->pictures[picture]);
  fflush(stdout);
  while (code == EXIT_DONE && x->next < p->count && p->maps[x->next].picture == picture)
    code = explain_map(x, &s, &p->maps[x->next++], message);
  explanation_free(&x->e); /* it looks at the subject */
  subject_close(&s);
  return code;
}

/* Writes the page of what there is; code: how the run ended. Returns how it has ended then. */
static int write_report(session *x, int code, char *message) {
  char own[FILE_MESSAGE_CAPACITY];
  if (x->report == NULL || json_array_size(x->record.results) == 0) return code;
  const int status =
      report_write(x->report, x->of_source.network, code == EXIT_DONE ? "" : message, x->report_path, own);
  if (status == 0) print_report(x->report_path);
  if (status == 0 || code != EXIT_DONE) return code;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", own);
  return EXIT_FAILED;
}

/* What was finished before stays; the record says how the run ended, its page included. Returns how it has ended. */
static int note_end(session *x, int code, char *message) {
  char own[FILE_MESSAGE_CAPACITY];
  if (json_array_size(x->record.results) == 0) return code; /* nothing was made: an older record is of what is there */
  if (code == EXIT_DONE && x->report == NULL) return code;  /* it came with the last map's files */
  record_set_status(&x->record,
                    code == EXIT_DONE          ? "complete"
                    : code == EXIT_INTERRUPTED ? "interrupted"
                                               : "failed",
                    code == EXIT_DONE ? "" : message); /* it may hold a remark on a picture */
  atomic_file *file = record_begin_file(&x->record, x->record_path, own);
  if (atomic_file_commit(file, own, sizeof own) == 0 || code != EXIT_DONE) return code;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", own);
  return EXIT_FAILED;
}

/* How far an interrupted run has come. */
static void say_interrupted(const session *x, char *message) {
  const long long done = (long long)json_array_size(x->record.results);
  if (done == 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted: no map is done");
  else
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted: %lld of %lld maps are done", done, (long long)x->plan.count);
}

/* What the page can show is less than what a run can make. */
static int check_counts(const plan *p, char *message) {
  for (int64_t i = 0, of_picture = 0; i < p->count; i++) {
    of_picture = i > 0 && p->maps[i].picture != p->maps[i - 1].picture ? 1 : of_picture + 1;
    if (of_picture <= REPORT_MOST_ITEMS) continue;
    snprintf(message, FILE_MESSAGE_CAPACITY, "--report: more than the %d maps of a picture that the page shows",
             REPORT_MOST_ITEMS);
    return -1;
  }
  return 0;
}

/* All files of the run, before the work. */
static int check_files(session *x, char *message) {
  const network_source *source = &x->a->settings.source;
  if (inputs_add(&x->inputs, "the network", source_file(source), message) != 0) return -1;
  if (source->labels != NULL && inputs_add(&x->inputs, "the file of labels", source->labels, message) != 0) return -1;
  if (x->a->report && check_counts(&x->plan, message) != 0) return -1;
  if (plan_files(&x->plan, x->a, &x->net, &x->inputs, message) != 0) return -1;
  if (plan_file_of_run(&x->plan, x->a, &x->inputs, "_record.json", x->record_path, message) != 0) return -1;
  if (!x->a->report) return 0;
  x->report = report_create();
  if (x->report == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the report");
  if (x->report == NULL) return -1;
  return plan_file_of_run(&x->plan, x->a, &x->inputs, "_report.html", x->report_path, message);
}

static int run_session(session *x, char *message) {
  arguments *a = x->a;
  if (source_open(&a->settings.source, &a->settings.common, &x->net, &x->of_source, message) != 0) return EXIT_FAILED;
  record_init(&x->record, a, &x->net, x->of_source.network, x->of_source.labels);
  int code = look_ahead(x, message);
  if (code == EXIT_DONE && check_files(x, message) != 0) code = EXIT_FAILED;
  if (code == EXIT_FAILED) return code;
  message[0] = '\0';
  for (int i = 0; i < a->n_pictures && code == EXIT_DONE; i++) code = explain_picture(x, i, message);
  if (code == EXIT_INTERRUPTED) say_interrupted(x, message);
  code = write_report(x, code, message);
  code = note_end(x, code, message);
  if (code == EXIT_DONE) print_record(x->record_path);
  return code;
}

int run(arguments *a, char *message) {
  session *x = calloc(1, sizeof *x);
  if (x == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
    return EXIT_FAILED;
  }
  x->a = a;
  plan_begin(&x->plan, a);
  const int code = run_session(x, message);
  explanation_free(&x->e);
  record_free(&x->record);
  report_free(x->report);
  plan_free(&x->plan);
  inputs_free(&x->inputs);
  free(x->of_pictures);
  network_close(&x->net);
  free(x);
  return code;
}
