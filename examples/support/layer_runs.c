#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer_maps.h"
#include "method_runs.h"

/* Of the image of the input's path the trace has a path for each chord, with one row at its middle: as one path, on
 * which alpha is that of the input, each row stands for its share of the whole. */
static void join_chords(attrib_report *report) {
  attrib_trace_point *points = report->trace;
  const double chords = (double)report->points;
  for (int64_t i = 0; i < report->trace_count; i++) {
    attrib_trace_point *p = &points[i];
    p->alpha = ((double)p->baseline + p->alpha) / chords;
    p->weight /= chords;
    p->slope *= chords;
    p->baseline = 0;
  }
}

static attrib_status refuse(attrib_report *report, attrib_status status, const char *text) {
  if (report->message != NULL) snprintf(report->message, (size_t)report->message_capacity, "%s", text);
  return status;
}

/* The one row of a set. */
static int fetch_row(const attrib_baselines *set, float *row) {
  if (set->rows == NULL) return set->fetch(0, row, set->fetch_user);
  memcpy(row, set->rows, SMALL_NET_INPUTS * sizeof *row);
  return 0;
}

static attrib_status explain(const method_job *job, const layer_parts *parts, const float *baseline, double *layer,
                             attrib_report *report) {
  const uint32_t form = job->method->variant;
  const bool line = form == ATTRIB_LAYER_LINE;
  const common_options *o = job->options;
  const attrib_layer_options options = {.struct_size = sizeof options,
                                        .form = form,
                                        .rule = line ? o->rule : 0,
                                        .points = line || form == ATTRIB_LAYER_PATH ? o->points : 0,
                                        .max_evaluations = line ? o->max_evaluations : 0,
                                        .tolerance = line ? o->tolerance : 0,
                                        .shape = form == ATTRIB_LAYER_ODAM ? &parts->shape : NULL,
                                        .target_weights = job->weights};
  attrib_status status = attrib_layer_attributions(job->context, &parts->body, &parts->head, job->s->input.pixels,
                                                   job->target, baseline, &options, layer, report);
  if (status >= 0 && form == ATTRIB_LAYER_PATH && report->trace != NULL) join_chords(report);
  return status;
}

attrib_status run_layer(const method_job *job, double *map, attrib_report *report) {
  char message[FILE_MESSAGE_CAPACITY];
  layer_parts parts;
  if (job->s->net->bundled == NULL)
    return refuse(report, ATTRIB_E_UNSUPPORTED, "layers are of the bundled network alone: this one is a whole");
  const int32_t cut = layer_find(job->s->net->bundled, job->layer, message);
  if (cut < 0 || layer_split(job->s->net->bundled, cut, job->options->score, &parts, message) != 0)
    return refuse(report, ATTRIB_E_ARGUMENT, message);
  if (!parts.planes && job->method->axis == NULL) /* nothing but a map would come of it */
    return refuse(report, ATTRIB_E_ARGUMENT, "the layer has no planes, so no map: explain_layers has its numbers");
  if (job->baselines->count != 1)
    return refuse(report, ATTRIB_E_ARGUMENT, "layers are explained from one row: give --samples 1");
  float *baseline = malloc(SMALL_NET_INPUTS * sizeof *baseline);
  double *layer = malloc((size_t)parts.head.n_inputs * sizeof *layer);
  attrib_status status = ATTRIB_E_MEMORY;
  if (baseline == NULL || layer == NULL)
    refuse(report, status, "out of memory for the activations of a layer");
  else if (fetch_row(job->baselines, baseline) != 0)
    status = refuse(report, ATTRIB_E_CALLBACK, "the baseline cannot be made");
  else
    status = explain(job, &parts, baseline, layer, report);
  memset(map, 0, SMALL_NET_INPUTS * sizeof *map);
  if (status >= 0 && parts.planes && layer_map(job->context, &parts, layer, map, NULL, message) != 0)
    status = refuse(report, ATTRIB_E_ARGUMENT, message);
  free(layer);
  free(baseline);
  return status;
}
