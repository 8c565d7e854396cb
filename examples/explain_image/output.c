#include "output.h"

#include <stdio.h>

#include "alpha_chart.h"
#include "names.h"
#include "running_mean.h"

enum { HEAT, OVERLAY, ARRAY, CURVE, TABLE };

int output_check(const char *prefix, char *message) {
  return heat_map_check(prefix, message);
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
  o->suffixes[CURVE] = mean ? "_running_mean.svg" : "_alpha.svg";
  o->suffixes[TABLE] = mean ? "_running_mean.csv" : "_alpha.csv";
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
  *o = (output){.suffixes = {"_heat.png", "_overlay.png", ".npy"}};
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
