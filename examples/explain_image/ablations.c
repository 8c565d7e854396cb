#include "ablations.h"

#include <stdio.h>
#include <stdlib.h>

#include "cost.h"
#include "interrupt.h"

/* One curve. Scores that are probabilities already are taken as they are. */
static attrib_status find_curve(attrib_context *context, const explanation *e, int64_t class_number,
                                const double *weights, const float *mean, uint32_t order, double *values,
                                double *area) {
  const network *net = e->job.s->net;
  const attrib_baselines fill = {.struct_size = sizeof fill, .count = 1, .rows = mean};
  const attrib_ablation_options options = {.struct_size = sizeof options,
                                           .flags = net->score == SMALL_NET_PROBABILITY ? 0 : ATTRIB_METRIC_SOFTMAX,
                                           .order = order,
                                           .points = ABLATION_POINTS - 1,
                                           .target_weights = weights,
                                           .shape = &net->shape};
  attrib_report report = {.struct_size = sizeof report};
  const attrib_status status = attrib_ablation(context, &net->model, e->job.s->input.pixels, class_number, e->inputs,
                                               &fill, &options, values, &report);
  *area = report.objective;
  return status;
}

static attrib_status find(attrib_context *context, const explanation *e, int64_t class_number, const double *weights,
                          float *mean, ablations *to) {
  const network *net = e->job.s->net;
  attrib_status status = attrib_image_mean_fill(context, ATTRIB_F32, &net->shape, e->job.s->input.pixels, mean);
  if (status == ATTRIB_OK && interrupted()) status = ATTRIB_CANCELLED; /* a call of one batch would not notice */
  if (status == ATTRIB_OK)
    status =
        find_curve(context, e, class_number, weights, mean, ATTRIB_ABLATION_DELETION, to->deletion, &to->deletion_area);
  if (status == ATTRIB_OK && interrupted()) status = ATTRIB_CANCELLED;
  if (status == ATTRIB_OK)
    status = find_curve(context, e, class_number, weights, mean, ATTRIB_ABLATION_INSERTION, to->insertion,
                        &to->insertion_area);
  return status;
}

int ablations_find(const explanation *e, const target_choice *target, progress *bar, ablations *to, char *message) {
  const network *net = e->job.s->net;
  const attrib_context_options options = {.struct_size = sizeof options, .workers = e->job.options->workers};
  const double *used;
  attrib_context *context = NULL;
  double *weights = calloc((size_t)net->classes, sizeof *weights);
  float *mean = calloc((size_t)net->inputs, sizeof *mean);
  attrib_status status = weights == NULL || mean == NULL ? ATTRIB_E_MEMORY : attrib_context_create(&options, &context);
  if (status == ATTRIB_OK) status = attrib_context_set_progress(context, progress_show, bar);
  progress_phase(bar, "deletion and insertion", COST_OF_CURVES);
  if (status == ATTRIB_OK) {
    const int64_t class_number = target_weights(net, target, weights, &used);
    status = find(context, e, class_number, used, mean, to);
  }
  if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "deletion and insertion: %s",
             context != NULL && attrib_context_error(context)[0] != '\0' ? attrib_context_error(context)
                                                                         : attrib_status_text(status));
  attrib_context_destroy(context);
  free(mean);
  free(weights);
  if (status == ATTRIB_CANCELLED || (status < 0 && interrupted())) return EXPLAIN_INTERRUPTED;
  return status < 0 ? EXPLAIN_FAILED : EXPLAIN_DONE;
}
