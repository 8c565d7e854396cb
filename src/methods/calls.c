/* calls.c - the public attribution calls and their pull forms: arguments packed, nothing else. */
#include <attrib/methods.h>
#include <attrib/run.h>

#include "../engine/engine.h"
#include "expected.h"
#include "integral.h"
#include "smoothgrad.h"

static attrib__integral_request gradient(const attrib_model *model, const void *input, int64_t target,
                                         const attrib_ig_options *options) {
  return (attrib__integral_request){
      .kind = ATTRIB__INTEGRAL_GRADIENT, .model = model, .input = input, .target = target, .options = options};
}

static attrib__integral_request integrated(const attrib_model *model, const void *input, int64_t target,
                                           const attrib_baselines *baselines, const attrib_ig_options *options) {
  attrib__integral_request request = gradient(model, input, target, options);
  request.kind = ATTRIB__INTEGRAL_BASELINES;
  request.baselines = baselines;
  return request;
}

static attrib__integral_request along_path(const attrib_model *model, int64_t target, const attrib_path *path,
                                           const attrib_ig_options *options) {
  attrib__integral_request request = gradient(model, NULL, target, options);
  request.kind = ATTRIB__INTEGRAL_PATH;
  request.path = path;
  return request;
}

attrib_status attrib_gradient(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                              const attrib_ig_options *options, double *attributions, attrib_report *report) {
  attrib__integral_request request = gradient(model, input, target, options);
  request.attributions = attributions;
  return attrib__run_call(context, attrib__integral_prepare, &request, attributions, report);
}

attrib_status attrib_gradient_start(attrib_context *context, const attrib_model *model, const void *input,
                                    int64_t target, const attrib_ig_options *options, attrib_run **run) {
  const attrib__integral_request request = gradient(model, input, target, options);
  return attrib__run_open(context, attrib__integral_prepare, &request, run);
}

attrib_status attrib_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                          int64_t target, const attrib_baselines *baselines,
                                          const attrib_ig_options *options, double *attributions,
                                          attrib_report *report) {
  attrib__integral_request request = integrated(model, input, target, baselines, options);
  request.attributions = attributions;
  return attrib__run_call(context, attrib__integral_prepare, &request, attributions, report);
}

attrib_status attrib_integrated_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                                int64_t target, const attrib_baselines *baselines,
                                                const attrib_ig_options *options, attrib_run **run) {
  const attrib__integral_request request = integrated(model, input, target, baselines, options);
  return attrib__run_open(context, attrib__integral_prepare, &request, run);
}

attrib_status attrib_path_gradients(attrib_context *context, const attrib_model *model, int64_t target,
                                    const attrib_path *path, const attrib_ig_options *options, double *attributions,
                                    attrib_report *report) {
  attrib__integral_request request = along_path(model, target, path, options);
  request.attributions = attributions;
  return attrib__run_call(context, attrib__integral_prepare, &request, attributions, report);
}

attrib_status attrib_path_gradients_start(attrib_context *context, const attrib_model *model, int64_t target,
                                          const attrib_path *path, const attrib_ig_options *options, attrib_run **run) {
  const attrib__integral_request request = along_path(model, target, path, options);
  return attrib__run_open(context, attrib__integral_prepare, &request, run);
}

attrib_status attrib_expected_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                        int64_t target, const attrib_baselines *baselines,
                                        const attrib_eg_options *options, double *attributions, attrib_report *report) {
  const attrib__expected_request request = {model, input, target, baselines, options, attributions};
  return attrib__run_call(context, attrib__expected_prepare, &request, attributions, report);
}

attrib_status attrib_expected_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                              int64_t target, const attrib_baselines *baselines,
                                              const attrib_eg_options *options, attrib_run **run) {
  const attrib__expected_request request = {model, input, target, baselines, options, NULL};
  return attrib__run_open(context, attrib__expected_prepare, &request, run);
}

attrib_status attrib_smoothgrad(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const attrib_smoothgrad_options *options, double *attributions, attrib_report *report) {
  const attrib__smoothgrad_request request = {model, input, target, options, attributions};
  return attrib__run_call(context, attrib__smoothgrad_prepare, &request, attributions, report);
}

attrib_status attrib_smoothgrad_start(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const attrib_smoothgrad_options *options, attrib_run **run) {
  const attrib__smoothgrad_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, attrib__smoothgrad_prepare, &request, run);
}
