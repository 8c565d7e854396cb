#include "layers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress_bar.h"

const layer_form layer_forms[FORMS] = {
    {ATTRIB_LAYER_LINE, "line", {"line", "in the layer"}},
    {ATTRIB_LAYER_PATH, "path", {"path", "of the input"}},
    {ATTRIB_LAYER_TIMES_ACTIVATION, "gradient x activation", {"gradient x", "activation"}},
    {ATTRIB_LAYER_CAM, "LayerCAM", {"LayerCAM", ""}},
    {ATTRIB_LAYER_ODAM, "ODAM", {"ODAM", ""}},
    {ATTRIB_LAYER_DIFFERENCE, "difference map", {"difference", "map"}},
    {ATTRIB_LAYER_TAYLOR, "first-order Taylor", {"first-order", "Taylor"}},
};

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
  /* The cut at hand. Body and head share the net's lanes: one run of the library has no two batches on one lane. */
  small_net_split body_split, head_split;
  counted body;
  attrib_model body_model, head; /* body_model: the counted one */
  attrib_image shape;
  double *attributions;
} work;

/* How the activations lie. A vector is planes of one cell, so that a blur over a plane leaves it as it is. */
static attrib_image shape_of(const small_net_shape *shape) {
  const int64_t width = shape->width > 0 ? shape->width : 1, height = shape->height > 0 ? shape->height : 1;
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = width,
                        .height = height,
                        .channels = shape->channels,
                        .x_stride = 1,
                        .y_stride = width,
                        .channel_stride = width * height};
}

/* One number per cell of the layer, then one per pixel of the picture: that of the cell that lies there. */
static int make_map(const work *w, layer_cell *cell, char *message) {
  double small[HEAT_MAP_PIXELS];
  const int64_t width = w->shape.width, height = w->shape.height;
  heat_map_style style = {.palette = ATTRIB_PALETTE_DIVERGING};
  attrib_status status = attrib_image_reduce(w->context, &w->shape, w->attributions, ATTRIB_REDUCE_SUM, small);
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_context_error(w->context));
    return -1;
  }
  if (heat_map_scale(width * height, small, &style, message) != 0) return -1;
  cell->scale = style.scale;
  for (int64_t y = 0; y < SMALL_NET_HEIGHT; y++)
    for (int64_t x = 0; x < SMALL_NET_WIDTH; x++)
      cell->map[y * SMALL_NET_WIDTH + x] = small[y * height / SMALL_NET_HEIGHT * width + x * width / SMALL_NET_WIDTH];
  return 0;
}

static int explain_cell(work *w, const float *baseline, const layer_form *form, bool planes, layer_cell *cell,
                        char *message) {
  const common_options *o = &w->a->common;
  const attrib_layer_options options = {.struct_size = sizeof options,
                                        .form = form->form,
                                        .points = form->form == ATTRIB_LAYER_PATH ? o->points : 0,
                                        .tolerance = form->form == ATTRIB_LAYER_LINE ? o->tolerance : 0,
                                        .shape = form->form == ATTRIB_LAYER_ODAM ? &w->shape : NULL};
  cell->report = (attrib_report){
      .struct_size = sizeof cell->report, .message = cell->remark, .message_capacity = sizeof cell->remark};
  atomic_store(&w->body.rows, 0);
  attrib_status status = attrib_layer_attributions(w->context, &w->body_model, &w->head, w->s->input.pixels, w->target,
                                                   baseline, &options, w->attributions, &cell->report);
  cell->report.message = NULL;
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", cell->remark);
    return -1;
  }
  cell->gradient_rows = cell->report.evaluations;
  cell->body_rows = atomic_load(&w->body.rows);
  cell->head_rows = cell->report.output_evaluations - cell->body_rows;
  return planes ? make_map(w, cell, message) : 0;
}

static int explain_cut(work *w, const float *baseline, int32_t cut, layer_cut *c, char *message) {
  small_net *net = w->s->net;
  if (small_net_layer_info(net, cut, &c->name, &c->shape) != 0 ||
      small_net_body(net, cut, &w->body_split, &w->body.model) != 0 ||
      small_net_head(net, cut, w->a->common.score, &w->head_split, &w->head) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network cannot be cut at layer %d", (int)cut);
    return -1;
  }
  c->planes = c->shape.height > 0;
  w->body_model = w->body.model;
  w->body_model.evaluate = count;
  w->body_model.user = &w->body;
  w->shape = shape_of(&c->shape);
  w->attributions = malloc((size_t)w->head.n_inputs * sizeof *w->attributions);
  int status = w->attributions == NULL ? -1 : 0;
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the activations of %s", c->name);
  for (int i = 0; i < FORMS && status == 0; i++)
    status = explain_cell(w, baseline, &layer_forms[i], c->planes, &c->cells[i], message);
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
  maps->count = small_net_layer_count(s->net) + 1;
  for (int32_t cut = 0; cut < maps->count && result == 0; cut++)
    result = explain_cut(&w, maps->baseline.row, cut, &maps->cuts[cut], message);
  attrib_context_destroy(w.context);
  return result;
}
