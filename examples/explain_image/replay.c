#define _POSIX_C_SOURCE 200809L /* access */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command_line.h"
#include "interrupt.h"
#include "json_memory.h"
#include "layer_maps.h"
#include "names.h"
#include "record.h"
#include "record_read.h"
#include "replay_compare.h"

/* One of the files that a record names: where it is now. */
typedef char found_path[PATH_CAPACITY];

static int check_digest(const char *path, const char *digest, const char *now, const char *what, char *message) {
  if (strcmp(now, digest) == 0) return 0;
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  return file_fail(&report, -1, "is not the %s of the record: its SHA-256 is %.16s..., not %.16s...", what, now,
                   digest);
}

/* As given, from the record's folder, or beside the record; the last where it is none of these. */
static int find_file(const char *path, const char *given, const char *digest, const char *what, char *found,
                     char *message) {
  char now[DIGEST_TEXT];
  const int folder = (int)(file_name(path) - path);
  snprintf(found, PATH_CAPACITY, "%s", given);
  if (access(found, R_OK) != 0) snprintf(found, PATH_CAPACITY, "%.*s%s", folder, path, given);
  if (access(found, R_OK) != 0) snprintf(found, PATH_CAPACITY, "%.*s%s", folder, path, file_name(given));
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

/* Of a map, as heat_map.h has it. */
static int full_colour(const session *x, double *scale, char *message) {
  const attrib_image *shape = &x->net.shape;
  heat_map_style style = {.palette = x->r.settings.common.palette, .scale = x->r.scale};
  const int64_t count = shape->width * shape->height;
  double *map = calloc((size_t)count, sizeof *map);
  int status = map == NULL ? -1 : 0;
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a map of %lld pixels", (long long)count);
  if (status == 0) status = heat_map_reduce(shape, x->e.inputs, style.palette, map, message);
  if (status == 0 && style.scale == 0) status = heat_map_scale(count, map, &style, message);
  free(map);
  *scale = style.scale;
  return status;
}

/* Whether the result is the recorded one, on stdout. 0, or -1 with one line in message. */
static int compare(session *x, const recorded_result *was, const pair *p, char *message) {
  char name[256];
  double scale;
  record unused = {.root = NULL};
  if (full_colour(x, &scale, message) != 0) return -1;
  json_t *now = record_result(&unused, was->picture, p, &was->target, &x->e, scale);
  if (now == NULL || unused.failed || json_memory_lacked()) {
    json_decref(now);
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory to compare a result");
    return -1;
  }
  const bool same = strcmp(was->digest, x->e.digest) == 0, agree = same && results_agree(was->object, now);
  snprintf(name, sizeof name, "%s, %s%s%s of '%.120s'", file_name(x->pictures[was->picture]), was->method->name,
           was->baseline[0] == '\0' ? "" : " from ", was->baseline, x->e.target);
  one_line(name);
  if (agree)
    printf("%s: all bits agree (%lld attributions)\n", name, (long long)npy_count(x->e.shape));
  else if (same)
    printf("%s: the attributions agree, but not\n", name);
  else
    printf("%s: OTHER BITS\n", name);
  if (!agree) results_print_differences(was->object, now);
  json_decref(now);
  fflush(stdout);
  if (agree)
    x->same++;
  else
    x->different++;
  return 0;
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
  return compare(x, was, &p, message) == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* Whether the network is what the record says, and has what the results look at. 0 or -1. */
static int check_network(const session *x, char *message) {
  const file_report report = {x->path, message, FILE_MESSAGE_CAPACITY};
  const torch_source *torch = &x->r.settings.source.torch;
  const small_net *layers = x->net.bundled;
  char unused[FILE_MESSAGE_CAPACITY];
  if (x->net.classes != x->r.classes)
    return file_fail(&report, -1, "network.classes: %lld, the network has %lld", (long long)x->r.classes,
                     (long long)x->net.classes);
  if (x->net.shape.width != torch->width || x->net.shape.height != torch->height)
    return file_fail(&report, -1, "network.width, height: %lld x %lld, the network takes %lld x %lld",
                     (long long)torch->width, (long long)torch->height, (long long)x->net.shape.width,
                     (long long)x->net.shape.height);
  for (int64_t i = 0; i < x->r.n_results; i++) {
    if ((x->r.results[i].method->flags & METHOD_LAYER) == 0) continue;
    if (layers == NULL)
      return file_fail(&report, -1, "results[%lld].method: the network has no layers to look at", (long long)i);
    if (layer_find(layers, x->r.settings.layer, unused) < 0)
      return file_fail(&report, -1, "options.layer: the network has none of that name");
  }
  return 0;
}

/* Whether each result can be asked for with the options. 0 or -1. */
static int check_options(const session *x, char *message) {
  const file_report report = {x->path, message, FILE_MESSAGE_CAPACITY};
  for (int64_t i = 0; i < x->r.n_results; i++) {
    const recorded_result *result = &x->r.results[i];
    const char *why, *key = pair_clash(&x->r.settings, result->method, result->baseline, &why);
    if (key != NULL)
      return file_fail(&report, -1, "options.%s: %s, for results[%lld], %s", key, why, (long long)i,
                       result->method->name);
  }
  return 0;
}

static int repeat_all(session *x, char *message) {
  double cost = 0;
  int code = EXIT_DONE;
  source_digests digests;
  const network_source *source = &x->r.settings.source;
  if (check_options(x, message) != 0 || find_files(x, message) != 0 ||
      source_open(source, &x->r.settings.common, &x->net, &digests, message) != 0)
    return EXIT_FAILED;
  if (check_network(x, message) != 0 ||
      check_digest(source_file(source), x->r.network_digest, digests.network, "network", message) != 0 ||
      (source->labels != NULL &&
       check_digest(source->labels, x->r.labels_digest, digests.labels, "file of labels", message) != 0))
    return EXIT_FAILED;
  if (x->r.libtorch != NULL && strcmp(x->r.libtorch, network_torch_version()) != 0) {
    char version[32];
    printf("The record is of libtorch %s, this is %s: bits may differ\n",
           shown_line(x->r.libtorch, version, sizeof version), network_torch_version());
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
