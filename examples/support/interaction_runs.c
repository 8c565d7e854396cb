#include <math.h>
#include <stdlib.h>

#include "method_runs.h"

enum { CHOICE = 50, POINTS = 200 };
static const double default_width = 0.1; /* of [0, 1]: a tenth of a colour more or less should change nothing */

/* The feature with the largest integrated gradient: of one pixel where pixel >= 0. */
static int64_t largest(const network *net, const double *attributions, int64_t pixel) {
  int64_t best = pixel < 0 ? 0 : pixel;
  for (int64_t i = best; i < net->inputs; i += pixel < 0 ? 1 : net->shape.width * net->shape.height)
    if (fabs(attributions[i]) > fabs(attributions[best])) best = i;
  return best;
}

/* What the choice took is part of what the method takes. */
static void add_cost(attrib_report *report, const attrib_report *choice) {
  report->evaluations += choice->evaluations;
  report->output_evaluations += choice->output_evaluations;
  report->elapsed_seconds += choice->elapsed_seconds;
  if (choice->peak_bytes > report->peak_bytes) report->peak_bytes = choice->peak_bytes;
}

attrib_status run_interactions(const method_job *job, double *attributions, attrib_report *report) {
  const float *input = job->s->input.pixels;
  const attrib_ig_options integral = {.struct_size = sizeof integral, .points = CHOICE, .target_weights = job->weights};
  const attrib_interactions_options options = {
      .struct_size = sizeof options,
      .points = job->options->points > 0 ? job->options->points : POINTS, /* fewer miss kinks in windows so narrow */
      .width = job->width > 0 ? job->width : default_width,
      .target_weights = job->weights};
  attrib_report choice = {
      .struct_size = sizeof choice, .message = report->message, .message_capacity = report->message_capacity};
  attrib_status status = attrib_integrated_gradients(job->context, job->model, input, job->target, job->baselines,
                                                     &integral, attributions, &choice);
  if (status != ATTRIB_OK) return status;
  const int64_t feature = largest(job->s->net, attributions, job->pixel == NULL ? -1 : *job->pixel);
  if (job->feature != NULL) *job->feature = feature;
  status = attrib_interactions(job->context, job->model, input, job->target, feature, job->baselines, &options,
                               attributions, report);
  add_cost(report, &choice);
  return status;
}
