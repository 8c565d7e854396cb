#include "layers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "layer_maps.h"
#include "progress_bar.h"

/* A model whose rows are counted, on as many threads as there are workers. */
typedef struct counted {
  attrib_model model;
  atomic_llong rows;
} counted;

static int32_t ATTRIB_CALL count(const attrib_batch *batch, void *user) {
  counted *c = user;
  atomic_fetch_add(&c->rows, batch->rows);
  return c->model.evaluate(batch, c->model.user);
}

typedef struct work {
  const arguments *a;
  const subject *s;
  int64_t target;
  attrib_context *context;
  layer_parts parts; /* the cut at hand */
  counted body;
  attrib_model body_model; /* the counted one */
  double *attributions;
} work;

static int explain_cell(work *w, const float *baseline, const layer_form *form, layer_cell *cell, char *message) {
  const common_options *o = &w->a->common;
  const attrib_layer_options options = {.struct_size = sizeof options,
                                        .form = form->form,
                                        .points = form->form == ATTRIB_LAYER_PATH ? o->points : 0,
                                        .tolerance = form->form == ATTRIB_LAYER_LINE ? o->tolerance : 0,
                                        .shape = form->form == ATTRIB_LAYER_ODAM ? &w->parts.shape : NULL};
  cell->report = (attrib_report){
      .struct_size = sizeof cell->report, .message = cell->remark, .message_capacity = sizeof cell->remark};
  atomic_store(&w->body.rows, 0);
  attrib_status status = attrib_layer_attributions(w->context, &w->body_model, &w->parts.head, w->s->input.pixels,
                                                   w->target, baseline, &options, w->attributions, &cell->report);
  cell->report.message = NULL;
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", cell->remark);
    return -1;
  }
  cell->gradient_rows = cell->report.evaluations;
  cell->body_rows = atomic_load(&w->body.rows);
  cell->head_rows = cell->report.output_evaluations - cell->body_rows;
  return w->parts.planes ? layer_map(w->context, &w->parts, w->attributions, cell->map, &cell->scale, message) : 0;
}

static int explain_cut(work *w, const float *baseline, int32_t cut, layer_cut *c, char *message) {
  if (layer_split(w->s->net->bundled, cut, w->a->common.score, &w->parts, message) != 0) return -1;
  c->name = w->parts.name;
  c->shape = w->parts.places;
  c->planes = w->parts.planes;
  w->body.model = w->body_model = w->parts.body;
  w->body_model.evaluate = count;
  w->body_model.user = &w->body;
  w->attributions = malloc((size_t)w->parts.head.n_inputs * sizeof *w->attributions);
  int status = w->attributions == NULL ? -1 : 0;
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the activations of %s", c->name);
  for (int i = 0; i < w->a->forms && status == 0; i++)
    status = explain_cell(w, baseline, w->a->form[i], &c->cells[i], message);
  free(w->attributions);
  return status;
}

int explain_layers(const arguments *a, const subject *s, int64_t target, layer_maps *maps, char *message) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = a->common.workers};
  work w = {.a = a, .s = s, .target = target};
  if (choose_baseline(&a->baseline, s, &maps->baseline, message) != 0) return -1;
  attrib_status status = attrib_context_create(&options, &w.context);
  if (status == ATTRIB_OK) status = attrib_context_set_progress(w.context, progress_bar, NULL);
  if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "%u workers: %s", (unsigned)a->common.workers, attrib_status_text(status));
  int result = status < 0 ? -1 : 0;
  maps->forms = a->forms;
  maps->form = a->form;
  maps->count = small_net_layer_count(s->net->bundled) + 1;
  for (int32_t cut = 0; cut < maps->count && result == 0; cut++)
    result = explain_cut(&w, maps->baseline.row, cut, &maps->cuts[cut], message);
  attrib_context_destroy(w.context);
  return result;
}
