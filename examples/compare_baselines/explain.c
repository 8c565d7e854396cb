#include "explain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer_maps.h"
#include "progress_bar.h"

/* What one cell needs while it is worked on; too large for a stack. */
typedef struct work {
  const arguments *a;
  common_options options; /* of methods of the table: no seed, which some baselines have no use for */
  const subject *s;
  const picture_bank *bank;
  int64_t target;
  attrib_context *context;
  attrib_model model; /* the subject's, watched */
  float first[CELL_CARDS][SMALL_NET_INPUTS];
  baseline_choice choice;
  double attributions[SMALL_NET_INPUTS], kept_weight[SMALL_NET_INPUTS];
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
  w->choice.found[0] = '\0';
  w->choice.set = (attrib_baselines){.struct_size = sizeof w->choice.set,
                                     .count = one ? 1 : w->bank->count,
                                     .rows = w->bank->rows + (one ? c->picture : 0) * SMALL_NET_INPUTS};
  return 0;
}

/* What a search has reached, or how many rows the baseline has, where there are several. */
static void name_baseline(const work *w, cell *c) {
  const attrib_baselines *set = &w->choice.set;
  if (w->choice.found[0] != '\0')
    snprintf(c->title[2], sizeof c->title[2], "%s", w->choice.found);
  else if ((c->of->flags & METHOD_RUNNING_MEAN) != 0)
    snprintf(c->title[2], sizeof c->title[2], "%lld draws", (long long)c->report.samples);
  else if (is_of_many_rows(c->baseline.name))
    snprintf(c->title[2], sizeof c->title[2], "%lld row%s", (long long)set->count, set->count == 1 ? "" : "s");
}

/* Where the third line is free, or says no more than every other one of the strip. */
static void name_layer(const work *w, const method_job *job, cell *c) {
  char message[FILE_MESSAGE_CAPACITY];
  const char *name;
  if (small_net_layer_info(w->s->net->bundled, layer_find(w->s->net->bundled, job->layer, message), &name, NULL) != 0)
    return;
  if (c->method == CELL_METHOD)
    snprintf(c->title[2], sizeof c->title[2], "%s, %.20s", name, c->baseline.name);
  else if (c->title[2][0] == '\0')
    snprintf(c->title[2], sizeof c->title[2], "at %s", name);
  one_line(c->title[2]);
}

/* A method of the table. The request is settled here, for that a method draws from its baselines changes them. */
static attrib_status call_method(work *w, cell *c, attrib_report *report, char *message) {
  const bool baseline = c->baseline.name != NULL;
  int64_t feature = 0;
  method_job job = {.method = c->of,
                    .context = w->context,
                    .model = &w->model,
                    .s = w->s,
                    .target = w->target,
                    .options = &w->options,
                    .baselines = baseline ? &w->choice.set : NULL,
                    .feature = &feature,
                    .layer = (c->of->takes & TAKES_LAYER) != 0 ? w->a->layer : NULL};
  if (!method_settle("compare_baselines", &job, &c->baseline) ||
      (baseline && choose_baseline(&c->baseline, w->s, &w->choice, message) != 0))
    return ATTRIB_E_ARGUMENT;
  if ((c->of->flags & METHOD_KEEPS) != 0) report->kept_weight = w->kept_weight;
  attrib_status status = c->of->run(&job, w->attributions, report);
  if (report->kept_weight != NULL && status >= 0) {
    c->kept = 0;
    for (int64_t i = 0; i < SMALL_NET_INPUTS; i++) c->kept += w->kept_weight[i] / SMALL_NET_INPUTS;
  }
  report->kept_weight = NULL;
  if (c->method == CELL_AGAINST) name_baseline(w, c);
  if ((c->of->flags & METHOD_LAYER) != 0) name_layer(w, &job, c);
  if ((c->of->flags & METHOD_OF_FEATURE) != 0) {
    const int pixel = (int)(feature % SMALL_NET_PIXELS);
    snprintf(c->title[2], sizeof c->title[2], "pixel %d,%d", pixel % SMALL_NET_WIDTH, pixel / SMALL_NET_WIDTH);
  }
  return status;
}

static attrib_status call(work *w, cell *c, attrib_report *report, char *message) {
  if (c->of != NULL) return call_method(w, c, report, message);
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

/* How many of the rows in w->first were looked at as baselines, or as noised pictures; of integrals they are the first
 * of the set. 0, or what fetch returned. */
static int find_cards(work *w, const cell *c, int64_t *rows) {
  const attrib_baselines *set = &w->choice.set;
  const bool drawn = c->method == CELL_EXPECTED || (c->of != NULL && (c->of->flags & METHOD_RUNNING_MEAN) != 0);
  int status = 0;
  if (c->method == CELL_SMOOTHGRAD) *rows = c->report.evaluations;
  if (drawn) *rows = c->report.output_evaluations - 1;
  if (drawn || c->method == CELL_SMOOTHGRAD) return 0;
  *rows = c->method == CELL_METHOD && c->baseline.name == NULL ? 0 : set->count;
  for (int64_t i = 0; i < *rows && i < CELL_CARDS && status == 0; i++)
    if (set->rows != NULL)
      memcpy(w->first[i], (const float *)set->rows + i * SMALL_NET_INPUTS, sizeof w->first[i]);
    else
      status = set->fetch(i, w->first[i], set->fetch_user);
  return status;
}

/* The baseline in small: its row, or the first rows that a sampling method has looked at. */
static int draw_cards(work *w, cell *c, char *message) {
  int64_t rows;
  int status = find_cards(w, c, &rows);
  c->cards = rows < CELL_CARDS ? (int)rows : CELL_CARDS;
  for (int i = 0; i < c->cards && status == 0; i++) {
    const image_data image = {.width = SMALL_NET_WIDTH, .height = SMALL_NET_HEIGHT, .pixels = w->first[i]};
    status = image_to_rgba8(&image, c->card[i]);
  }
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "the baseline '%s' cannot be drawn", c->title[1]);
  return status == 0 ? 0 : -1;
}

static int explain_cell(work *w, cell *c, char *message) {
  c->baseline.target = w->target;
  if (c->method != CELL_SMOOTHGRAD && c->of == NULL && choose(w, c, message) != 0) return -1;
  c->report =
      (attrib_report){.struct_size = sizeof c->report, .message = message, .message_capacity = FILE_MESSAGE_CAPACITY};
  attrib_status status = call(w, c, &c->report, message);
  c->report.message = NULL; /* it is the caller's */
  if (status < 0) return -1;
  if (c->method == CELL_IG && w->choice.found[0] != '\0')
    snprintf(c->title[2], sizeof c->title[2], "%s", w->choice.found);
  if (c->method == CELL_SMOOTHGRAD) {
    snprintf(c->title[0], sizeof c->title[0], "%lld gradient%s", (long long)c->report.evaluations,
             c->report.evaluations == 1 ? "" : "s");
    snprintf(c->title[2], sizeof c->title[2], "sigma %.3g", c->report.sigma);
  }
  if (c->method == CELL_METHOD)
    snprintf(c->title[0], sizeof c->title[0], "%lld row%s", (long long)cell_rows(c), cell_rows(c) == 1 ? "" : "s");
  if (c->of != NULL && (c->of->flags & (METHOD_IDENTITY | METHOD_LAYER)) == 0)
    c->report.completeness_relative = (double)NAN; /* a diagnostic at most */
  if (draw_cards(w, c, message) != 0) return -1;
  return heat_map_reduce(&w->s->net->shape, w->attributions, w->a->common.palette, c->map, message);
}

static bool is_map(const cell *c) {
  return c->method != CELL_BLANK && c->method != CELL_PICTURE;
}

/* One scale for the maps of a unit. */
static int share_scale(const arguments *a, plan *p, map_unit unit, char *message) {
  heat_map_style style = {.palette = a->common.palette};
  double *maps = malloc((size_t)p->count * sizeof p->cells[0].map);
  int64_t count = 0;
  int status = 0;
  if (maps == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the scale of %d maps", p->count);
    return -1;
  }
  for (int i = 0; i < p->count; i++)
    if (is_map(&p->cells[i]) && p->cells[i].unit == unit) {
      memcpy(maps + count, p->cells[i].map, sizeof p->cells[i].map);
      count += SMALL_NET_PIXELS;
    }
  if (count > 0) status = heat_map_scale(count, maps, &style, message);
  for (int i = 0; i < p->count; i++)
    if (p->cells[i].unit == unit) p->cells[i].scale = style.scale;
  free(maps);
  return status;
}

static int find_scales(const arguments *a, plan *p, char *message) {
  for (int unit = 0; unit < MAP_UNITS && !a->own_scale; unit++)
    if (share_scale(a, p, (map_unit)unit, message) != 0) return -1;
  for (int i = 0; i < p->count; i++) {
    heat_map_style style = {.palette = a->common.palette};
    if (!is_map(&p->cells[i]) || !a->own_scale) continue;
    if (heat_map_scale(SMALL_NET_PIXELS, p->cells[i].map, &style, message) != 0) return -1;
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
  w->options = a->common;
  w->options.seeded = false;
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
