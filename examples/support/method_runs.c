#include "method_runs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "regions.h"

attrib_status run_integral(const method_job *job, double *attributions, attrib_report *report) {
  attrib_ig_options options = common_options_integral(job->options);
  options.flags = job->method->variant;
  options.target_weights = job->weights;
  options.groups = job->groups;
  options.n_groups = job->n_groups;
  return attrib_integrated_gradients(job->context, job->model, job->s->input.pixels, job->target, job->baselines,
                                     &options, attributions, report);
}

attrib_status run_gradient(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_ig_options options = {.struct_size = sizeof options,
                                     .flags = job->method->variant,
                                     .n_groups = job->n_groups,
                                     .target_weights = job->weights,
                                     .groups = job->groups};
  return attrib_gradient(job->context, job->model, job->s->input.pixels, job->target, &options, attributions, report);
}

attrib_status run_idgi(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_idgi_options options = {
      .struct_size = sizeof options, .points = job->options->points, .target_weights = job->weights};
  return attrib_idgi(job->context, job->model, job->s->input.pixels, job->target, job->baselines, &options,
                     attributions, report);
}

attrib_status run_recalibrated(const method_job *job, double *attributions, attrib_report *report) {
  const bool squares = job->method->variant == RECALIBRATE_SQUARES;
  const attrib_recalibration_options options = {
      .struct_size = sizeof options,
      .flags = squares ? ATTRIB_RECALIBRATE_SQUARED : 0,
      .mode = squares ? (uint32_t)ATTRIB_RECALIBRATE_VANILLA : job->method->variant,
      .rule = job->options->rule,
      .points = job->options->points,
      .target_weights = job->weights};
  return attrib_recalibrated_gradients(job->context, job->model, job->s->input.pixels, job->target, job->baselines,
                                       &options, attributions, report);
}

attrib_status run_guided(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_guided_options options = {.struct_size = sizeof options,
                                         .rule = job->options->rule,
                                         .steps = job->options->points,
                                         .target_weights = job->weights};
  return attrib_guided_integrated_gradients(job->context, job->model, job->s->input.pixels, job->target, job->baselines,
                                            &options, attributions, report);
}

attrib_status run_blur(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_blur_ig_options options = {.struct_size = sizeof options,
                                          .steps = job->options->points,
                                          .max_sigma = job->sigma > 0 ? job->sigma : 10, /* 50 suits larger pictures */
                                          .shape = &job->s->net->shape,
                                          .target_weights = job->weights};
  return attrib_blur_integrated_gradients(job->context, job->model, job->s->input.pixels, job->target, &options,
                                          attributions, report);
}

attrib_status run_agi(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_agi_options options = {.struct_size = sizeof options,
                                      .rule = job->options->rule,
                                      .mode = job->method->variant,
                                      .steps = job->options->points,
                                      .step = 0.005, /* 0.05 leaps over what the network does */
                                      .low = 0,
                                      .high = 1,
                                      .target_weights = job->weights};
  return attrib_agi(job->context, job->model, job->s->input.pixels, job->target, &options, attributions, report);
}

attrib_status run_ig2(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_ig2_options options = {.struct_size = sizeof options,
                                      .rule = job->options->rule,
                                      .steps = job->options->points,
                                      .low = 0,
                                      .high = 1,
                                      .target_weights = job->weights};
  return attrib_ig2(job->context, job->model, NULL, job->s->input.pixels, job->target, job->baselines, &options,
                    attributions, report);
}

attrib_status run_regions(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_image *shape = &job->s->net->shape;
  const size_t pixels = (size_t)shape->width * (size_t)shape->height;
  attrib_ig_options options = common_options_integral(job->options);
  options.target_weights = job->weights;
  char message[FILE_MESSAGE_CAPACITY];
  attrib_status status = regions_rank(job->context, job->model, job->s->input.pixels, (int32_t)shape->width,
                                      (int32_t)shape->height, job->target, &options, attributions, report, message);
  if (report->message != NULL) snprintf(report->message, (size_t)report->message_capacity, "%s", message);
  memset(attributions + pixels, 0, ((size_t)job->s->net->inputs - pixels) * sizeof *attributions);
  return status;
}

attrib_status run_expected(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_eg_options options = {.struct_size = sizeof options,
                                     .seed = job->options->seed,
                                     .samples = job->samples,
                                     .tolerance = job->options->tolerance,
                                     .max_evaluations = job->options->max_evaluations,
                                     .n_groups = job->n_groups,
                                     .target_weights = job->weights,
                                     .groups = job->groups};
  return attrib_expected_gradients(job->context, job->model, job->s->input.pixels, job->target, job->baselines,
                                   &options, attributions, report);
}

attrib_status run_smoothgrad(const method_job *job, double *attributions, attrib_report *report) {
  const attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                             .form = job->method->variant,
                                             .seed = job->options->seed,
                                             .samples = job->samples,
                                             .sigma = job->sigma,
                                             .tolerance = job->options->tolerance,
                                             .max_evaluations = job->options->max_evaluations,
                                             .n_groups = job->n_groups,
                                             .target_weights = job->weights,
                                             .groups = job->groups};
  return attrib_smoothgrad(job->context, job->model, job->s->input.pixels, job->target, &options, attributions, report);
}

void noising_bracket(const subject *s, double *low, double *high) {
  double least = s->input.pixels[0], most = least;
  for (int64_t i = 1; i < s->net->inputs; i++) {
    least = fmin(least, s->input.pixels[i]);
    most = fmax(most, s->input.pixels[i]);
  }
  *low = 0.01 * most - 0.01 * least;
  *high = most - least;
}

/* By total variation: windows of the size that the other objective perturbs hardly fit a picture of 64 x 64. */
attrib_status run_noising(const method_job *job, double *attributions, attrib_report *report) {
  double low, high;
  noising_bracket(job->s, &low, &high);
  const attrib_noising_options options = {.struct_size = sizeof options,
                                          .objective = ATTRIB_NOISING_AUTVC,
                                          .seed = job->options->seed,
                                          .samples = job->samples == 0 ? 50 : job->samples,
                                          .sigma_low = low, /* 0 of a flat picture: the library says so */
                                          .sigma_high = high,
                                          .shape = &job->s->net->shape,
                                          .target_weights = job->weights};
  return attrib_adaptive_noising(job->context, job->model, job->s->input.pixels, job->target, &options, attributions,
                                 report);
}
