#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"
#include "grid.h"
#include "interrupt.h"
#include "option_words.h"

enum { TRACE_MOST = 200000 };

/* Gradient rows the run may take at most, as far as they are wanted for a curve; 0 = it has none. */
static int64_t most_rows(const pair *p, const explanation *e, const network *net) {
  const int64_t paths = e->job.baselines == NULL ? net->classes - 1 : e->job.baselines->count;
  const bool adaptive = (p->method->takes & TAKES_TOLERANCE) != 0 && p->options.points == 0 &&
                        (p->options.rule == 0 || p->options.rule == ATTRIB_RULE_ADAPTIVE);
  const int64_t budget = p->options.max_evaluations > 0 ? p->options.max_evaluations : 256;
  int64_t rows;
  if (p->method->axis == NULL && (p->method->flags & METHOD_RUNNING_MEAN) == 0) return 0;
  if (p->method->axis == NULL)
    rows = p->options.tolerance > 0 ? TRACE_MOST : e->job.samples > 0 ? e->job.samples : p->method->rows;
  else if (adaptive)
    rows = paths > 1 ? 0 : budget; /* it places nodes on each path as it likes, so that there is no mean curve */
  else
    rows = (p->options.points > 0 ? p->options.points + 1 : p->method->rows) * (paths > 0 ? paths : 1);
  return rows < TRACE_MOST ? rows : TRACE_MOST;
}

static void set_shape(const pair *p, const network *net, explanation *e) {
  const attrib_image *shape = &net->shape;
  const bool plane = (p->method->flags & (METHOD_RANKS | METHOD_LAYER)) != 0; /* a map in the first channel */
  const grid g = grid_of(shape, p->grid > 0 ? p->grid : 1);
  e->shape[0] = p->grid > 0 || plane ? 1 : shape->channels;
  e->shape[1] = p->grid > 0 ? g.rows : shape->height;
  e->shape[2] = p->grid > 0 ? g.columns : shape->width;
}

static bool allocate(const pair *p, const network *net, explanation *e, int32_t **labels) {
  const size_t inputs = (size_t)net->inputs;
  const int64_t trace = most_rows(p, e, net);
  e->inputs = calloc(inputs, sizeof *e->inputs);
  e->values = calloc((size_t)npy_count(e->shape), sizeof *e->values);
  if (trace > 0) e->trace = calloc((size_t)trace, sizeof *e->trace);
  e->report.trace = e->trace;
  e->report.trace_capacity = trace;
  *labels = p->grid > 0 ? calloc(inputs, sizeof **labels) : NULL;
  if (e->inputs == NULL || e->values == NULL || (trace > 0 && e->trace == NULL) || (p->grid > 0 && *labels == NULL))
    return false;
  if ((p->method->flags & METHOD_KEEPS) == 0) return true;
  e->report.positive = e->positive = calloc(inputs, sizeof *e->positive);
  e->report.negative = e->negative = calloc(inputs, sizeof *e->negative);
  e->report.kept_weight = e->kept_weight = calloc(inputs, sizeof *e->kept_weight);
  return e->positive != NULL && e->negative != NULL && e->kept_weight != NULL;
}

/* Runs the method on a context of its own. */
static attrib_status call(const pair *p, explanation *e, progress *bar, double *result, char *message) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = p->options.workers};
  attrib_context *context;
  attrib_status status = attrib_context_create(&options, &context);
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "%u workers: %s", (unsigned)options.workers, attrib_status_text(status));
    return status;
  }
  e->job.context = context;
  e->report.message = message;
  e->report.message_capacity = FILE_MESSAGE_CAPACITY;
  status = attrib_context_set_progress(context, progress_show, bar);
  if (status == ATTRIB_OK) status = p->method->run(&e->job, result, &e->report);
  if (status < 0 && message[0] == '\0')
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s: %s", p->method->name, attrib_status_text(status));
  option_words(message);
  attrib_context_destroy(context);
  e->job.context = NULL;
  e->report.message = NULL;
  e->report.message_capacity = 0;
  return status;
}

/* A network may know better than the library why it failed. */
static void say_cause(const network *net, attrib_status status, char *message) {
  char cause[FILE_MESSAGE_CAPACITY / 2];
  if (status == ATTRIB_E_CALLBACK && net->error != NULL && net->error(net->handle, cause, sizeof cause) > 1)
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network failed: %s", cause);
}

static int run(const pair *p, const network *net, progress *bar, explanation *e, int32_t *labels, char *message) {
  const grid g = grid_of(&net->shape, p->grid > 0 ? p->grid : 1);
  double *result = p->grid > 0 ? e->values : e->inputs;
  if (labels != NULL) grid_labels(&g, &net->shape, labels);
  e->job.groups = labels;
  e->job.n_groups = p->grid > 0 ? g.rows * g.columns : 0;
  e->status = call(p, e, bar, result, message);
  e->job.groups = NULL;
  if (e->status == ATTRIB_CANCELLED || (e->status < 0 && interrupted())) return EXPLAIN_INTERRUPTED;
  say_cause(net, e->status, message);
  if (e->status < 0) return EXPLAIN_FAILED;
  if (e->status != ATTRIB_OK) snprintf(e->remark, sizeof e->remark, "%s", message);
  if (p->grid > 0)
    grid_draw(&g, &net->shape, e->values, e->inputs);
  else
    memcpy(e->values, e->inputs, (size_t)npy_count(e->shape) * sizeof *e->values);
  digest_values(e->values, npy_count(e->shape), e->digest);
  e->traced = e->trace != NULL && e->report.trace_count > 0 && e->report.evaluations <= e->report.trace_capacity;
  return EXPLAIN_DONE;
}

/* What the job needs to know of picture and target. 0 or -1. */
static int set_job(const pair *p, const settings *s, const subject *of, const target_choice *target, explanation *e,
                   double *weights, int64_t *pixel, char *message) {
  const attrib_image *shape = &of->net->shape;
  e->job.s = of;
  e->job.model = &of->model;
  e->job.feature = &e->feature;
  e->job.target = target_weights(of->net, target, weights, &e->job.weights);
  target_text(of->net, target, e->target, sizeof e->target);
  if (!p->of_pixel) return 0;
  *pixel = s->pixel[1] * shape->width + s->pixel[0];
  e->job.pixel = pixel;
  if (s->pixel[0] < shape->width && s->pixel[1] < shape->height) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--pixel %lld,%lld: the network's pictures are %lld x %lld",
           (long long)s->pixel[0], (long long)s->pixel[1], (long long)shape->width, (long long)shape->height);
  return -1;
}

int explain(const pair *p, const settings *s, const subject *of, const target_choice *target, progress *bar,
            explanation *e, char *message) {
  baseline_request request;
  int32_t *labels = NULL;
  int64_t pixel;
  explanation_free(e);
  *e = (explanation){.report = {.struct_size = sizeof e->report}};
  double *weights = calloc((size_t)of->net->classes, sizeof *weights);
  pair_job(p, &e->job, &request);
  int status = weights == NULL ? -1 : set_job(p, s, of, target, e, weights, &pixel, message);
  if (status == 0 && !method_settle("explain_image", &e->job, &request)) status = -1; /* it has been settled before */
  request.target = target->classes[0];
  request.progress = progress_show;
  request.progress_user = bar;
  progress_phase(bar, "searching for the baseline", cost_of_search(p));
  if (status == 0 && request.name != NULL) status = choose_baseline(&request, of, &e->baseline, message);
  if (request.name != NULL) e->job.baselines = &e->baseline.set;
  set_shape(p, of->net, e);
  if (status == 0 && !allocate(p, of->net, e, &labels)) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a map of %lld values", (long long)of->net->inputs);
    status = -1;
  }
  if (weights == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
  progress_phase(bar, NULL, cost_of_map(p));
  const int result = status != 0 ? EXPLAIN_FAILED : run(p, of->net, bar, e, labels, message);
  e->job.weights = NULL;
  e->job.pixel = NULL;
  free(labels);
  free(weights);
  return status != 0 && interrupted() ? EXPLAIN_INTERRUPTED : result;
}

void explanation_free(explanation *e) {
  choose_baseline_free(&e->baseline);
  free(e->values);
  free(e->inputs);
  free(e->positive);
  free(e->negative);
  free(e->kept_weight);
  free(e->trace);
  *e = (explanation){.values = NULL};
}
