/* layer_options.c - the arguments of layer attributions at the door. */
#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../image/shape.h"
#include "../model/model.h"
#include "layer.h"
#include "options.h"

enum { DEFAULT_STEPS = 50 };
#define MOST_STEPS (INT64_C(1) << 40)
static const double DEFAULT_SIGMA = 1;

/* What only some forms have a use for must be 0 elsewhere. */
static attrib_status check_unused(attrib_context *context, const attrib_layer_options *o) {
  const bool line = o->form == ATTRIB_LAYER_LINE, path = o->form == ATTRIB_LAYER_PATH;
  const bool blurs = o->form == ATTRIB_LAYER_ODAM;
  const char *of_line = "it belongs to ATTRIB_LAYER_LINE", *of_odam = "it belongs to ATTRIB_LAYER_ODAM";
  const struct {
    const char *name;
    double value;
    bool used;
    const char *why;
  } fields[] = {{"rule", o->rule, line, of_line},
                {"round_rows", o->round_rows, line, of_line},
                {"points", (double)o->points, line || path, "the form takes one point"},
                {"max_evaluations", (double)o->max_evaluations, line, of_line},
                {"max_vectors", (double)o->max_vectors, line, of_line},
                {"tolerance", o->tolerance, line, of_line},
                {"deadline_seconds", o->deadline_seconds, line, of_line},
                {"absolute_tolerance", o->absolute_tolerance, line, of_line},
                {"sigma", o->sigma, blurs, of_odam}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    if (!fields[i].used && fields[i].value != 0)
      return attrib__option_unused(context, fields[i].name, fields[i].value, fields[i].why);
  if (o->shape != NULL && !blurs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is given: must be NULL, %s", of_odam);
  return ATTRIB_OK;
}

/* LINE is integrated gradients: the same options, the same checks. */
static attrib_status read_integral(attrib_context *context, const attrib_layer_options *o,
                                   attrib_ig_options *integral) {
  const attrib_ig_options given = {.struct_size = sizeof given,
                                   .rule = o->rule,
                                   .round_rows = o->round_rows,
                                   .points = o->points,
                                   .max_evaluations = o->max_evaluations,
                                   .max_vectors = o->max_vectors,
                                   .n_groups = o->n_groups,
                                   .tolerance = o->tolerance,
                                   .completeness_threshold = o->completeness_threshold,
                                   .deadline_seconds = o->deadline_seconds,
                                   .target_weights = o->target_weights,
                                   .groups = o->groups,
                                   .absolute_tolerance = o->absolute_tolerance};
  return attrib__ig_options_read(context, &given, false, integral);
}

attrib_status attrib__layer_options_read(attrib_context *context, const attrib_layer_options *given,
                                         attrib__layer *layer, attrib_ig_options *integral) {
  attrib_layer_options *options = &layer->options;
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_LAYER_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0 || options->reserved0 != 0 || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved0 = %" PRIu32
                        ", reserved = %p: this version knows none",
                        options->flags, options->reserved0, options->reserved);
  if (options->form > ATTRIB_LAYER_DIFFERENCE)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->form = %" PRIu32 ": must be one of ATTRIB_LAYER_* (0 to 7)", options->form);
  status = check_unused(context, options);
  if (status == ATTRIB_OK) status = attrib__threshold_check(context, options->completeness_threshold, 0);
  if (status < 0) return status;
  if (options->form == ATTRIB_LAYER_LINE) return read_integral(context, options, integral);
  if (options->form == ATTRIB_LAYER_PATH) {
    if (!layer->cut)
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "body is NULL: ATTRIB_LAYER_PATH needs one; of the input itself LINE is the same");
    if (options->points == 0) options->points = DEFAULT_STEPS;
    return attrib__option_count(context, "points", options->points, 1, MOST_STEPS);
  }
  if (!(options->sigma >= 0 && options->sigma <= 1e6))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->sigma = %g: must be in [0, 1e6]", options->sigma);
  if (options->form == ATTRIB_LAYER_ODAM && options->sigma == 0) options->sigma = DEFAULT_SIGMA;
  return ATTRIB_OK;
}

attrib_status attrib__layer_models_read(attrib_context *context, const attrib_model *body, const attrib_model *head,
                                        bool pull, attrib__layer *layer, attrib__start *start) {
  const attrib__model_use of_body = {.name = "body", .all_outputs = true, .pull = pull, .target = ATTRIB_NO_TARGET};
  const attrib__model_use of_head = {.name = "head",
                                     .gradients = layer->options.form != ATTRIB_LAYER_DIFFERENCE,
                                     .pull = pull,
                                     .target = layer->target,
                                     .target_weights = layer->options.target_weights};
  attrib_model *last = layer->cut ? &start->second : &start->model;
  attrib_status status = layer->cut ? attrib__model_read(context, body, &of_body, &start->model) : ATTRIB_OK;
  if (status == ATTRIB_OK) status = attrib__model_read(context, head, &of_head, last);
  if (status < 0) return status;
  if (layer->cut && (last->n_inputs != start->model.n_outputs || last->dtype != start->model.dtype))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "head->n_inputs = %" PRId64 ", dtype = %" PRIu32 ": the body has %" PRId64
                        " outputs, of dtype %" PRIu32,
                        last->n_inputs, last->dtype, start->model.n_outputs, start->model.dtype);
  start->gradients = of_head.gradients;
  start->output_columns = layer->cut ? start->model.n_outputs : 1;
  start->second_columns = layer->cut ? 1 : 0;
  start->n_groups = layer->options.n_groups;
  layer->dtype = last->dtype;
  layer->n = last->n_inputs;
  layer->n_inputs = start->model.n_inputs;
  return ATTRIB_OK;
}

attrib_status attrib__layer_shape_read(attrib_context *context, attrib__layer *layer) {
  if (layer->options.form != ATTRIB_LAYER_ODAM) return ATTRIB_OK;
  if (layer->options.shape == NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL: ATTRIB_LAYER_ODAM blurs over planes");
  attrib_status status = attrib__image_read_shape(context, layer->dtype, layer->options.shape, &layer->shape);
  if (status < 0) return status;
  const attrib_image *s = &layer->shape;
  const int64_t last = attrib__image_offset(s, s->width - 1, s->height - 1, s->channels - 1);
  if (last < layer->n) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->shape reaches element %" PRId64 ": the layer has %" PRId64 " activations", last,
                      layer->n);
}
