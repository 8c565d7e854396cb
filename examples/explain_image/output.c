#define _POSIX_C_SOURCE 200809L /* lstat, unlink */
#include "output.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alpha_chart.h"
#include "command_line.h"
#include "names.h"
#include "running_mean.h"

enum { HEAT, OVERLAY, ARRAY, CURVE, TABLE };

/* In the order of output.files, and then of the other kind of curve. */
enum { ALPHA = CURVE, MEAN = 5 };
const char *const output_suffixes[OUTPUT_SUFFIXES] = {
    "_heat.png", "_overlay.png", ".npy", "_alpha.svg", "_alpha.csv", "_running_mean.svg", "_running_mean.csv"};

bool output_may_write(const picture_method *method, int i) {
  const bool mean = (method->flags & METHOD_RUNNING_MEAN) != 0;
  return i < ALPHA || (i < MEAN ? !mean && method->axis != NULL : mean);
}

/* Of a method with a path or a running mean; where there is none, o->note says why. */
static int begin_curve(const explanation *e, const char *prefix, output *o, char *message) {
  const picture_method *method = e->job.method;
  const bool mean = (method->flags & METHOD_RUNNING_MEAN) != 0;
  char title[640];
  int status;
  if (method->axis == NULL && !mean) {
    snprintf(o->note, sizeof o->note, "no curve: the method follows no path");
    return 0;
  }
  if (!e->traced) {
    snprintf(o->note, sizeof o->note, "no curve: %s",
             e->trace == NULL ? "the adaptive rule places its points on each of several paths as it likes; "
                                "with --points there is one"
                              : "more points than are kept");
    return 0;
  }
  method_job_title(&e->job, e->target, e->baseline.text, title, sizeof title);
  o->suffixes[CURVE] = output_suffixes[mean ? MEAN : ALPHA];
  o->suffixes[TABLE] = output_suffixes[(mean ? MEAN : ALPHA) + 1];
  if (mean) return running_mean_begin(&e->report, title, prefix, &o->files[CURVE], &o->files[TABLE], message);
  alpha_curve curve;
  if (alpha_curve_from_trace(&e->report, (method->flags & METHOD_BACKWARDS) != 0, &curve) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld points", (long long)e->report.trace_count);
    return -1;
  }
  status = alpha_curve_begin(&curve, title, method->axis, prefix, &o->files[CURVE], &o->files[TABLE], message);
  alpha_curve_free(&curve);
  return status;
}

int output_begin(const explanation *e, heat_map_style *style, const char *prefix, output *o, char *message) {
  char path[PATH_CAPACITY + 8];
  const attrib_image *shape = &e->job.s->net->shape;
  const int64_t pixel = e->feature % (shape->width * shape->height);
  *o = (output){.suffixes = {output_suffixes[HEAT], output_suffixes[OVERLAY], output_suffixes[ARRAY]}};
  style->mark = (e->job.method->flags & METHOD_OF_FEATURE) != 0 ? &pixel : NULL;
  int status = heat_map_begin(e->job.s, e->inputs, style, prefix, &o->files[HEAT], &o->files[OVERLAY], message);
  style->mark = NULL;
  snprintf(path, sizeof path, "%s.npy", prefix);
  if (status == 0) o->files[ARRAY] = npy_begin(path, e->shape, e->values, message);
  if (status == 0 && o->files[ARRAY] == NULL) status = -1;
  if (status == 0) status = begin_curve(e, prefix, o, message);
  if (status != 0) output_abort(o);
  return status;
}

int output_commit(output *o, char *message) {
  return atomic_file_commit_all(o->files, OUTPUT_FILES, message, FILE_MESSAGE_CAPACITY);
}

void output_abort(output *o) {
  for (int i = 0; i < OUTPUT_FILES; i++) {
    atomic_file_abort(o->files[i]);
    o->files[i] = NULL;
  }
}

void output_remove_older(const output *o, const char *prefix) {
  for (int i = ALPHA; i < OUTPUT_SUFFIXES; i++) {
    char path[PATH_CAPACITY + 32];
    struct stat status;
    const bool written = o->suffixes[CURVE] == output_suffixes[i] || o->suffixes[TABLE] == output_suffixes[i];
    snprintf(path, sizeof path, "%s%s", prefix, output_suffixes[i]);
    if (written || lstat(path, &status) != 0 || !S_ISREG(status.st_mode)) continue;
    const bool removed = unlink(path) == 0;
    printf("  %s %s, which is of an older map\n", removed ? "removed" : "! could not remove", one_line(path));
  }
}
