#define _POSIX_C_SOURCE 200809L /* access */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command_line.h"
#include "interrupt.h"
#include "names.h"
#include "record_read.h"

/* One of the files that a record names: where it is now. */
typedef char found_path[PATH_CAPACITY];

static int check_digest(const char *path, const char *digest, const char *now, const char *what, char *message) {
  if (strcmp(now, digest) == 0) return 0;
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  return file_fail(&report, -1, "is not the %s of the record: its SHA-256 is %.16s..., not %.16s...", what, now,
                   digest);
}

/* As given, from the record's folder, or beside the record; the last where it is none of these. */
static int find_file(const char *record, const char *given, const char *digest, const char *what, char *found,
                     char *message) {
  char now[DIGEST_TEXT];
  const int folder = (int)(file_name(record) - record);
  snprintf(found, PATH_CAPACITY, "%s", given);
  if (access(found, R_OK) != 0) snprintf(found, PATH_CAPACITY, "%.*s%s", folder, record, given);
  if (access(found, R_OK) != 0) snprintf(found, PATH_CAPACITY, "%.*s%s", folder, record, file_name(given));
  if (access(found, R_OK) != 0) snprintf(found, PATH_CAPACITY, "%s", given);
  if (digest_file(found, now, message) != 0) return -1;
  return check_digest(found, digest, now, what, message);
}

typedef struct session {
  const char *path;
  recorded r;
  network net;
  subject s;
  int64_t open; /* the picture that s is of; -1 = none */
  found_path *pictures, network_file, labels_file;
  progress bar;
  explanation e;
  int64_t same, different;
} session;

/* Every file there and unchanged, before any work. */
static int find_files(session *x, char *message) {
  network_source *source = &x->r.settings.source;
  const char *file = source_file(source);
  if (find_file(x->path, file, x->r.network_digest, "network", x->network_file, message) != 0) return -1;
  if (source->torch.path != NULL) source->torch.path = x->network_file;
  if (source->weights != NULL) source->weights = x->network_file;
  if (source->labels != NULL) {
    if (find_file(x->path, source->labels, x->r.labels_digest, "file of labels", x->labels_file, message) != 0)
      return -1;
    source->labels = x->labels_file;
  }
  x->pictures = calloc((size_t)x->r.n_pictures, sizeof *x->pictures);
  if (x->pictures == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld pictures", (long long)x->r.n_pictures);
    return -1;
  }
  for (int64_t i = 0; i < x->r.n_pictures; i++)
    if (find_file(x->path, x->r.pictures[i].path, x->r.pictures[i].digest, "picture", x->pictures[i], message) != 0)
      return -1;
  return 0;
}

static int open_picture(session *x, int64_t picture, char *message) {
  if (x->open == picture) return 0;
  explanation_free(&x->e);
  if (x->open >= 0) subject_close(&x->s);
  x->open = -1;
  if (subject_open_with(&x->s, &x->net, x->pictures[picture], message) != 0) return -1;
  x->open = picture; /* what was opened is what is explained, whatever was digested before */
  return check_digest(x->pictures[picture], x->r.pictures[picture].digest, x->s.digest, "picture", message);
}

/* Whether a number of the report is the recorded one; NaN is null there. */
static bool is_same(const json_t *report, const char *key, double now) {
  const json_t *value = json_object_get(report, key);
  if (!json_is_number(value)) return json_is_null(value) && !(now - now == 0);
  return json_number_value(value) == now;
}

/* The first number of the report that is another; NULL = none. */
static const char *other_number(const json_t *was, const attrib_report *now) {
  if (!is_same(was, "output", now->output)) return "output";
  if (!is_same(was, "baseline_output", now->baseline_output)) return "baseline_output";
  if (!is_same(was, "attribution_sum", now->attribution_sum)) return "attribution_sum";
  if (!is_same(was, "completeness_error", now->completeness_error)) return "completeness_error";
  if (!is_same(was, "error_estimate", now->error_estimate)) return "error_estimate";
  if (!is_same(was, "gradient_rows", (double)now->evaluations)) return "gradient_rows";
  return is_same(was, "output_rows", (double)now->output_evaluations) ? NULL : "output_rows";
}

static void compare(session *x, const recorded_result *was) {
  char name[256];
  const char *other = other_number(was->report, &x->e.report);
  const bool same = strcmp(was->digest, x->e.digest) == 0;
  snprintf(name, sizeof name, "%s, %s%s%s of '%.120s'", file_name(x->pictures[was->picture]), was->method->name,
           was->baseline[0] == '\0' ? "" : " from ", was->baseline, x->e.target);
  one_line(name);
  if (same && other == NULL)
    printf("%s: all bits agree (%lld attributions)\n", name, (long long)npy_count(x->e.shape));
  else if (same)
    printf("%s: the attributions agree, but %s does not\n", name, other);
  else
    printf("%s: OTHER BITS: SHA-256 %.16s..., recorded %.16s...\n", name, x->e.digest, was->digest);
  fflush(stdout);
  if (same && other == NULL)
    x->same++;
  else
    x->different++;
}

static int repeat(session *x, const recorded_result *was, char *message) {
  pair p;
  if (!pair_make("explain_image", &x->r.settings, was->method, was->baseline, false, &p)) {
    message[0] = '\0'; /* it has been said */
    return EXIT_FAILED;
  }
  if (open_picture(x, was->picture, message) != 0) return EXIT_FAILED;
  progress_map(&x->bar, (double)was->method->rows);
  const int status =
      interrupted() ? EXPLAIN_INTERRUPTED : explain(&p, &x->r.settings, &x->s, &was->target, &x->bar, &x->e, message);
  progress_end(&x->bar);
  const int64_t done = x->same + x->different;
  if (status == EXPLAIN_INTERRUPTED) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted: %lld of %lld results are repeated", (long long)done,
             (long long)x->r.n_results);
    return EXIT_INTERRUPTED;
  }
  if (status != EXPLAIN_DONE) return EXIT_FAILED;
  compare(x, was);
  return EXIT_DONE;
}

static int repeat_all(session *x, char *message) {
  double cost = 0;
  int code = EXIT_DONE;
  source_digests digests;
  const network_source *source = &x->r.settings.source;
  if (find_files(x, message) != 0 || source_open(source, &x->r.settings.common, &x->net, &digests, message) != 0)
    return EXIT_FAILED;
  if (check_digest(source_file(source), x->r.network_digest, digests.network, "network", message) != 0 ||
      (source->labels != NULL &&
       check_digest(source->labels, x->r.labels_digest, digests.labels, "file of labels", message) != 0))
    return EXIT_FAILED;
  if (x->net.classes != x->r.classes) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network has %lld classes, in the record %lld",
             (long long)x->net.classes, (long long)x->r.classes);
    return EXIT_FAILED;
  }
  for (int64_t i = 0; i < x->r.n_results; i++) cost += (double)x->r.results[i].method->rows;
  progress_begin(&x->bar, x->r.n_results, cost);
  for (int64_t i = 0; i < x->r.n_results && code == EXIT_DONE; i++) code = repeat(x, &x->r.results[i], message);
  if (code != EXIT_DONE) return code;
  if (strcmp(x->r.status, "complete") != 0) printf("The record is of a run that was not completed: %s\n", x->r.status);
  if (x->different == 0) {
    printf("All %lld results agree in every bit.\n", (long long)x->same);
    return EXIT_DONE;
  }
  snprintf(message, FILE_MESSAGE_CAPACITY, "%lld of %lld results differ", (long long)x->different,
           (long long)x->r.n_results);
  return EXIT_DIFFERENT;
}

int replay(const char *path, uint32_t workers, char *message) {
  session *x = calloc(1, sizeof *x);
  if (x == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
    return EXIT_FAILED;
  }
  x->path = path;
  x->open = -1;
  int code = EXIT_FAILED;
  if (record_read(path, &x->r, message) == 0) {
    x->r.settings.common.workers = workers;
    code = repeat_all(x, message);
    explanation_free(&x->e);
    if (x->open >= 0) subject_close(&x->s);
    network_close(&x->net);
    free(x->pictures);
    recorded_free(&x->r);
  }
  free(x);
  return code;
}
