#include "run.h"

#include <stdio.h>
#include <stdlib.h>

#include "command_line.h"
#include "interrupt.h"
#include "names.h"
#include "print.h"
#include "record.h"
#include "report.h"

/* All that a run keeps from map to map. */
typedef struct session {
  arguments *a;
  network net;
  names names;
  record record;
  progress bar;
  explanation e;
  char record_path[PATH_CAPACITY + 32];
  char report_path[PATH_CAPACITY + 32], network_digest[DIGEST_TEXT];
  report_book *report; /* NULL: none is wanted */
  int64_t maps;        /* in all */
} session;

/* What one map costs, about. */
static double cost_of(const pair *p) {
  return (double)(p->options.points > 0 ? p->options.points : p->method->rows);
}

static int find_targets(const arguments *a, const subject *s, target_choice *targets, int *count, char *message) {
  *count = 0;
  if (a->n_targets == 0) return targets_find(s, NULL, targets, count, message);
  for (int i = 0; i < a->n_targets; i++)
    if (targets_find(s, a->targets[i], targets, count, message) != 0) return -1;
  return 0;
}

/* All pictures and targets, before any work: how many maps there will be. 0 or -1. */
static int look_ahead(session *x, char *message) {
  double cost = 0;
  for (int i = 0; i < x->a->n_pictures; i++) {
    target_choice targets[TARGETS_MOST];
    char digest[DIGEST_TEXT];
    subject s;
    int count = 0;
    if (subject_open_with(&s, &x->net, x->a->pictures[i], message) != 0) return -1;
    int status = find_targets(x->a, &s, targets, &count, message);
    if (status == 0) status = digest_file(x->a->pictures[i], digest, message);
    if (status == 0) record_add_picture(&x->record, x->a->pictures[i], digest, &s);
    subject_close(&s);
    if (status != 0) return -1;
    if (count > 1) x->names.of_target = true;
    x->maps += (int64_t)count * x->a->n_pairs;
    for (int k = 0; k < x->a->n_pairs; k++) cost += count * cost_of(&x->a->pairs[k]);
  }
  progress_begin(&x->bar, x->maps, cost);
  return 0;
}

/* The map's files and the record together, so that the one always tells of the others. */
static int write_map(session *x, int picture, const pair *p, const target_choice *target, const char *prefix,
                     heat_map_style *style, char *message) {
  output o;
  if (output_begin(&x->e, style, prefix, &o, message) != 0) return -1;
  record_add_result(&x->record, picture, p, target, &x->e, &o, style, prefix);
  if (x->bar.map == x->maps) record_set_status(&x->record, "complete", "");
  o.files[OUTPUT_FILES - 1] = record_begin_file(&x->record, x->record_path, message);
  const bool begun = o.files[OUTPUT_FILES - 1] != NULL;
  if (!begun) output_abort(&o);
  if (!begun || output_commit(&o, message) != 0) {
    record_drop_result(&x->record);
    return -1;
  }
  print_result(&x->e);
  print_files(&o, style, prefix);
  fflush(stdout);
  return 0;
}

static int explain_map(session *x, const subject *s, int picture, const pair *p, const target_choice *target,
                       char *message) {
  heat_map_style style = x->a->style;
  const char *prefix = names_of_map(&x->names, x->a->pictures[picture], p, s->net, target, message);
  if (prefix == NULL || output_check(prefix, message) != 0) return EXIT_FAILED;
  progress_map(&x->bar, cost_of(p));
  const int status =
      interrupted() ? EXPLAIN_INTERRUPTED : explain(p, &x->a->settings, s, target, &x->bar, &x->e, message);
  progress_end(&x->bar);
  if (status == EXPLAIN_INTERRUPTED) return EXIT_INTERRUPTED;
  if (status != EXPLAIN_DONE) return EXIT_FAILED;
  if (write_map(x, picture, p, target, prefix, &style, message) != 0) return EXIT_FAILED;
  if (x->report == NULL) return EXIT_DONE;
  const int kept = report_add_map(x->report, p, target, &x->e, &x->bar, message);
  progress_end(&x->bar);
  return kept == EXPLAIN_DONE ? EXIT_DONE : kept == EXPLAIN_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_FAILED;
}

/* Tells the report of a picture that is about to be explained. */
static int report_picture_of(session *x, const subject *s, int picture, char *message) {
  char digest[DIGEST_TEXT];
  if (x->report == NULL) return 0;
  if (digest_file(x->a->pictures[picture], digest, message) != 0) return -1;
  return report_add_picture(x->report, s, x->a->pictures[picture], digest, message);
}

static int explain_picture(session *x, int picture, char *message) {
  target_choice targets[TARGETS_MOST];
  int count, code = EXIT_DONE;
  subject s;
  if (subject_open_with(&s, &x->net, x->a->pictures[picture], message) != 0) return EXIT_FAILED;
  if (message[0] != '\0') printf("%s\n", message); /* a remark on the picture, such as its transparency */
  if (find_targets(x->a, &s, targets, &count, message) != 0 || report_picture_of(x, &s, picture, message) != 0)
    code = EXIT_FAILED;
  if (code == EXIT_DONE) subject_print(&s, x->a->pictures[picture]);
  fflush(stdout);
  for (int k = 0; k < x->a->n_pairs && code == EXIT_DONE; k++)
    for (int t = 0; t < count && code == EXIT_DONE; t++)
      code = explain_map(x, &s, picture, &x->a->pairs[k], &targets[t], message);
  explanation_free(&x->e); /* it looks at the subject */
  subject_close(&s);
  return code;
}

/* What was finished before stays; the record says why there is no more. */
static void note_end(session *x, int code, char *message) {
  char unused[FILE_MESSAGE_CAPACITY];
  const long long done = (long long)json_array_size(x->record.results);
  if (code == EXIT_INTERRUPTED)
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted: %lld of %lld maps are done", done, (long long)x->maps);
  if (code == EXIT_DONE || (code == EXIT_FAILED && done == 0)) return;
  record_set_status(&x->record, code == EXIT_INTERRUPTED ? "interrupted" : "failed", message);
  atomic_file *file = record_begin_file(&x->record, x->record_path, unused);
  (void)atomic_file_commit(file, unused, sizeof unused); /* there is a message already */
}

/* Writes the page of what there is; code: how the run ended. Returns how it has ended then. */
static int write_report(session *x, int code, char *message) {
  char own[FILE_MESSAGE_CAPACITY];
  if (x->report == NULL || json_array_size(x->record.results) == 0) return code;
  const int status = report_write(x->report, x->network_digest, code == EXIT_DONE ? "" : message, x->report_path, own);
  if (status == 0) print_report(x->report_path);
  if (status == 0 || code != EXIT_DONE) return code;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", own);
  return EXIT_FAILED;
}

/* That a file of the run can be written, before the work: its path in `path`. */
static int check_file(const session *x, const char *suffix, char *path, char *message) {
  if (names_of_run(&x->names, x->a->pictures[0], suffix, path, message) != 0) return -1;
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  atomic_file_abort(file);
  return file == NULL ? -1 : 0;
}

static int check_files(session *x, char *message) {
  if (check_file(x, "_record.json", x->record_path, message) != 0) return -1;
  if (!x->a->report) return 0;
  x->report = report_create();
  if (x->report == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the report");
  return x->report == NULL ? -1 : check_file(x, "_report.html", x->report_path, message);
}

/* Digests of the network and its labels, and a record that begins with them. */
static int begin_record(session *x, char *message) {
  const network_source *source = &x->a->settings.source;
  char of_labels[DIGEST_TEXT] = "";
  if (digest_file(source_file(source), x->network_digest, message) != 0) return -1;
  if (source->labels != NULL && digest_file(source->labels, of_labels, message) != 0) return -1;
  record_init(&x->record, &x->a->settings, &x->net, x->network_digest, of_labels);
  return 0;
}

static int run_session(session *x, char *message) {
  arguments *a = x->a;
  if (source_open(&a->settings.source, &a->settings.common, &x->net, message) != 0) return EXIT_FAILED;
  if (begin_record(x, message) != 0 || look_ahead(x, message) != 0) return EXIT_FAILED;
  message[0] = '\0';
  if (!x->names.several && !x->names.of_method && !x->names.of_baseline && !x->names.of_target) {
    char prefix[PATH_CAPACITY + 32];
    if (names_of_run(&x->names, a->pictures[0], "", prefix, message) != 0 || output_check(prefix, message) != 0)
      return EXIT_FAILED;
  }
  if (check_files(x, message) != 0) return EXIT_FAILED;
  int code = EXIT_DONE;
  for (int i = 0; i < a->n_pictures && code == EXIT_DONE; i++) code = explain_picture(x, i, message);
  note_end(x, code, message);
  code = write_report(x, code, message);
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
  x->names = (names){.out = a->settings.common.prefix,
                     .several = a->n_pictures > 1,
                     .of_method = a->n_methods > 1,
                     .of_baseline = a->n_baselines > 1};
  const int code = run_session(x, message);
  explanation_free(&x->e);
  record_free(&x->record);
  report_free(x->report);
  names_free(&x->names);
  network_close(&x->net);
  free(x);
  return code;
}
