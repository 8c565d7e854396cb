/* The net cut in two: body and head as models of the library, callbacks over a batch of rows. */
#include "small_net_lanes.h"

#include <stddef.h>
#include <string.h>

int32_t small_net_layer_count(const small_net *net) {
  return net == NULL ? 0 : (int32_t)net->layer_count;
}

static int is_cut(const small_net *net, int32_t layer) {
  return net != NULL && layer >= 0 && (size_t)layer <= net->layer_count;
}

int32_t small_net_layer_info(const small_net *net, int32_t layer, const char **name, small_net_shape *shape) {
  if (!is_cut(net, layer)) {
    return SMALL_NET_E_ARGUMENT;
  }
  if (name != NULL) {
    *name = layer == 0 ? "picture" : net->layers[layer - 1].name;
  }
  if (shape != NULL) {
    *shape = *small_net_place_shape(net, (size_t)layer);
  }
  return 0;
}

/* ---- a batch ---- */

static int32_t check_ranges(const attrib_batch *batch, int64_t n_inputs, int64_t n_outputs) {
  const int gradients = (batch->flags & ATTRIB_BATCH_GRADIENTS) != 0;
  const int all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  if (batch->n_inputs != n_inputs || batch->rows < 0 || (batch->flags & ATTRIB_BATCH_OUTPUTS) == 0 ||
      batch->inputs == NULL || batch->outputs == NULL || (gradients && batch->gradients == NULL)) {
    return SMALL_NET_E_ARGUMENT;
  }
  if ((all || batch->target_weights != NULL) && batch->n_outputs != n_outputs) {
    return SMALL_NET_E_ARGUMENT;
  }
  if ((gradients || !all) && batch->target_weights == NULL && (batch->target < 0 || batch->target >= n_outputs)) {
    return SMALL_NET_E_ARGUMENT;
  }
  /* Rows that are written may not overlap; rows that are read may. */
  if (batch->rows > 1 &&
      (batch->output_stride < (all ? n_outputs : 1) || (gradients && batch->gradient_stride < n_inputs))) {
    return SMALL_NET_E_UNSUPPORTED;
  }
  return 0;
}

/* Everything that can be wrong with a batch, before the first row is touched. */
static int32_t check(const attrib_batch *batch, const small_net_split *split, int is_head) {
  if (batch == NULL || batch->struct_size < offsetof(attrib_batch, worker) + sizeof batch->worker || split == NULL ||
      !is_cut(split->net, split->layer) || batch->worker >= split->net->lanes ||
      (is_head && split->score > SMALL_NET_PROBABILITY)) {
    return SMALL_NET_E_ARGUMENT;
  }
  const uint32_t known =
      ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS | ATTRIB_BATCH_ALL_OUTPUTS | ATTRIB_BATCH_SECOND_MODEL;
  if (batch->dtype != ATTRIB_F32 || (batch->flags & ~known) != 0) {
    return SMALL_NET_E_UNSUPPORTED;
  }
  const int64_t activations = small_net_shape_values(small_net_place_shape(split->net, (size_t)split->layer));
  return is_head ? check_ranges(batch, activations, SMALL_NET_CLASSES)
                 : check_ranges(batch, SMALL_NET_INPUTS, activations);
}

/* One row: fills output or outputs, and gradient unless it is NULL. */
typedef void (*row_fn)(const small_net_split *split, const attrib_batch *batch, const float *input, double *output,
                       float *gradient);

static void body_row(const small_net_split *split, const attrib_batch *batch, const float *input, double *output,
                     float *gradient) {
  small_net *net = split->net;
  const uint32_t lane = batch->worker;
  const size_t cut = (size_t)split->layer;
  small_net_run_forward(net, lane, 0, cut, input);
  if ((batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0) {
    small_net_read_all(net, lane, cut, output);
  } else if (batch->target_weights != NULL) {
    *output = small_net_read_sum(net, lane, cut, batch->target_weights);
  } else {
    *output = small_net_read_one(net, lane, cut, batch->target);
  }
  if (gradient != NULL) {
    small_net_run_backward(net, lane, 0, cut, batch->target_weights, batch->target, gradient);
  }
}

static void head_row(const small_net_split *split, const attrib_batch *batch, const float *input, double *output,
                     float *gradient) {
  small_net *net = split->net;
  const uint32_t lane = batch->worker;
  const size_t cut = (size_t)split->layer;
  const int all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  double one_hot[SMALL_NET_CLASSES] = {0}, seeds[SMALL_NET_CLASSES];
  float logits[SMALL_NET_CLASSES];
  small_net_run_forward(net, lane, cut, net->layer_count, input);
  small_net_read_logits(net, lane, logits);
  if (all) {
    small_net_scores(split->score, logits, output);
    if (gradient == NULL) {
      return;
    }
  }
  const double *weights = batch->target_weights;
  if (weights == NULL) {
    one_hot[batch->target] = 1.0;
    weights = one_hot;
  }
  const double value = small_net_explain(split->score, logits, weights, seeds);
  if (!all) {
    *output = value;
  }
  if (gradient != NULL) {
    small_net_run_backward(net, lane, cut, net->layer_count, seeds, -1, gradient);
  }
}

static void evaluate(const attrib_batch *batch, const small_net_split *split, row_fn row_of) {
  const int gradients = (batch->flags & ATTRIB_BATCH_GRADIENTS) != 0;
  for (int64_t row = 0; row < batch->rows; row++) {
    row_of(split, batch, (const float *)batch->inputs + row * batch->input_stride,
           batch->outputs + row * batch->output_stride,
           gradients ? (float *)batch->gradients + row * batch->gradient_stride : NULL);
  }
}

int32_t ATTRIB_CALL small_net_evaluate_body(const attrib_batch *batch, void *user) {
  int32_t status = check(batch, user, 0);
  if (status == 0) {
    evaluate(batch, user, body_row);
  }
  return status;
}

int32_t ATTRIB_CALL small_net_evaluate_head(const attrib_batch *batch, void *user) {
  int32_t status = check(batch, user, 1);
  if (status == 0) {
    evaluate(batch, user, head_row);
  }
  return status;
}

/* ---- the models ---- */

static void fill(small_net_split *split, attrib_model *model, attrib_model_fn evaluate_fn) {
  memset(model, 0, sizeof *model);
  model->struct_size = (uint32_t)sizeof *model;
  model->flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS;
  model->dtype = ATTRIB_F32;
  model->evaluate = evaluate_fn;
  model->user = split;
}

int32_t small_net_body(small_net *net, int32_t layer, small_net_split *split, attrib_model *model) {
  if (!is_cut(net, layer) || split == NULL || model == NULL) {
    return SMALL_NET_E_ARGUMENT;
  }
  *split = (small_net_split){net, layer, SMALL_NET_LOGIT};
  fill(split, model, small_net_evaluate_body);
  model->n_inputs = SMALL_NET_INPUTS;
  model->n_outputs = small_net_shape_values(small_net_place_shape(net, (size_t)layer));
  return 0;
}

int32_t small_net_head(small_net *net, int32_t layer, uint32_t score, small_net_split *split, attrib_model *model) {
  if (!is_cut(net, layer) || score > SMALL_NET_PROBABILITY || split == NULL || model == NULL) {
    return SMALL_NET_E_ARGUMENT;
  }
  *split = (small_net_split){net, layer, score};
  fill(split, model, small_net_evaluate_head);
  model->n_inputs = small_net_shape_values(small_net_place_shape(net, (size_t)layer));
  model->n_outputs = SMALL_NET_CLASSES;
  return 0;
}
