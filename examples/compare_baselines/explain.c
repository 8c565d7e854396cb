#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress_bar.h"

/* What one cell needs while it is worked on; too large for a stack. */
typedef struct work {
  const arguments *a;
  const subject *s;
  const picture_bank *bank;
  int64_t target;
  attrib_context *context;
  attrib_model model; /* the subject's, watched */
  float first[CELL_CARDS][SMALL_NET_INPUTS];
  baseline_choice choice;
  double attributions[SMALL_NET_INPUTS];
} work;

/* The subject's model; keeps the rows behind f(picture), with which a sampling method begins: of expected gradients the
 * baselines drawn, of SmoothGrad the noised pictures. Each row is in one batch, so no two threads write one. */
static int32_t ATTRIB_CALL watch(const attrib_batch *batch, void *user) {
  work *w = user;
  for (int64_t r = 0; r < batch->rows; r++)
    if (batch->row_ids[r] >= 1 && batch->row_ids[r] <= CELL_CARDS)
      memcpy(w->first[batch->row_ids[r] - 1], (const float *)batch->inputs + r * batch->input_stride,
             sizeof w->first[0]);
  return w->s->model.evaluate(batch, w->s->model.user);
}

/* The rows of the cell's baseline. 0 or -1. */
static int choose(work *w, const cell *c, char *message) {
  if (c->baseline.name != NULL) return choose_baseline(&c->baseline, w->s, &w->choice, message);
  const bool one = c->method == CELL_IG;
  w->choice.set = (attrib_baselines){.struct_size = sizeof w->choice.set,
                                     .count = one ? 1 : w->bank->count,
                                     .rows = w->bank->rows + (one ? c->picture : 0) * SMALL_NET_INPUTS};
  return 0;
}

static attrib_status call(work *w, const cell *c, attrib_report *report) {
  const float *input = w->s->input.pixels;
  if (c->method == CELL_SMOOTHGRAD) {
    const attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                               .seed = c->baseline.seed,
                                               .samples = c->baseline.samples,
                                               .sigma = c->baseline.sigma};
    return attrib_smoothgrad(w->context, &w->model, input, w->target, &options, w->attributions, report);
  }
  if (c->method == CELL_EXPECTED) {
    const attrib_eg_options options = {
        .struct_size = sizeof options, .seed = c->baseline.seed, .samples = c->baseline.samples};
    return attrib_expected_gradients(w->context, &w->model, input, w->target, &w->choice.set, &options, w->attributions,
                                     report);
  }
  const attrib_ig_options options = common_options_integral(&w->a->common);
  return attrib_integrated_gradients(w->context, &w->model, input, w->target, &w->choice.set, &options, w->attributions,
                                     report);
}

/* The baseline in small: its row, or the first rows that a sampling method has looked at. */
static int draw_cards(work *w, cell *c, char *message) {
  const attrib_baselines *set = &w->choice.set;
  int64_t rows = c->method == CELL_EXPECTED ? c->report.output_evaluations - 1 : c->report.evaluations;
  int status = 0;
  if (c->method == CELL_IG) {
    rows = 1;
    if (set->rows != NULL)
      memcpy(w->first[0], set->rows, sizeof w->first[0]);
    else
      status = set->fetch(0, w->first[0], set->fetch_user);
  }
  c->cards = rows < CELL_CARDS ? (int)rows : CELL_CARDS;
  for (int i = 0; i < c->cards && status == 0; i++) {
    const image_data image = {.width = SMALL_NET_WIDTH, .height = SMALL_NET_HEIGHT, .pixels = w->first[i]};
    status = image_to_rgba8(&image, c->card[i]);
  }
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "the baseline '%s' cannot be drawn", c->title[1]);
  return status == 0 ? 0 : -1;
}

static int explain_cell(work *w, cell *c, char *message) {
  if (c->method != CELL_SMOOTHGRAD && choose(w, c, message) != 0) return -1;
  c->report =
      (attrib_report){.struct_size = sizeof c->report, .message = message, .message_capacity = FILE_MESSAGE_CAPACITY};
  attrib_status status = call(w, c, &c->report);
  c->report.message = NULL; /* it is the caller's */
  if (status < 0) return -1;
  if (c->method == CELL_SMOOTHGRAD) {
    snprintf(c->title[0], sizeof c->title[0], "%lld gradient%s", (long long)c->report.evaluations,
             c->report.evaluations == 1 ? "" : "s");
    snprintf(c->title[2], sizeof c->title[2], "sigma %.3g", c->report.sigma);
  }
  if (draw_cards(w, c, message) != 0) return -1;
  return heat_map_reduce(w->attributions, w->a->common.palette, c->map, message);
}

static bool is_map(const cell *c) {
  return c->method == CELL_IG || c->method == CELL_EXPECTED || c->method == CELL_SMOOTHGRAD;
}

/* One scale for the maps that are gradients, or for those that are attributions: these have different units. */
static int share_scale(const arguments *a, plan *p, bool gradients, char *message) {
  heat_map_style style = {.palette = a->common.palette};
  double *maps = malloc((size_t)p->count * sizeof p->cells[0].map);
  int64_t count = 0;
  int status = 0;
  if (maps == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the scale of %d maps", p->count);
    return -1;
  }
  for (int i = 0; i < p->count; i++)
    if (is_map(&p->cells[i]) && (p->cells[i].method == CELL_SMOOTHGRAD) == gradients) {
      memcpy(maps + count, p->cells[i].map, sizeof p->cells[i].map);
      count += HEAT_MAP_PIXELS;
    }
  if (count > 0) status = heat_map_scale(count, maps, &style, message);
  for (int i = 0; i < p->count; i++)
    if ((p->cells[i].method == CELL_SMOOTHGRAD) == gradients) p->cells[i].scale = style.scale;
  free(maps);
  return status;
}

static int find_scales(const arguments *a, plan *p, char *message) {
  if (!a->own_scale) return share_scale(a, p, false, message) != 0 || share_scale(a, p, true, message) != 0 ? -1 : 0;
  for (int i = 0; i < p->count; i++) {
    heat_map_style style = {.palette = a->common.palette};
    if (!is_map(&p->cells[i])) continue;
    if (heat_map_scale(HEAT_MAP_PIXELS, p->cells[i].map, &style, message) != 0) return -1;
    p->cells[i].scale = style.scale;
  }
  return 0;
}

int explain_cells(const arguments *a, const subject *s, const picture_bank *bank, int64_t target, plan *p,
                  char *message) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = a->common.workers};
  work *w = calloc(1, sizeof *w);
  if (w == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
    return -1;
  }
  w->a = a;
  w->s = s;
  w->bank = bank;
  w->target = target;
  w->model = s->model;
  w->model.evaluate = watch;
  w->model.user = w;
  attrib_status status = attrib_context_create(&options, &w->context);
  if (status == ATTRIB_OK) status = attrib_context_set_progress(w->context, progress_bar, NULL);
  if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "%u workers: %s", (unsigned)a->common.workers, attrib_status_text(status));
  int result = status < 0 ? -1 : 0;
  for (int i = 0; i < p->count && result == 0; i++)
    if (is_map(&p->cells[i])) result = explain_cell(w, &p->cells[i], message);
  attrib_context_destroy(w->context);
  choose_baseline_free(&w->choice);
  free(w);
  return result == 0 ? find_scales(a, p, message) : result;
}
