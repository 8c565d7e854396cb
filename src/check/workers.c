/* workers.c - WORKERS: two rows evaluated by two workers at once, against the same rows evaluated one after the other.
 * Other rows, so that scratch which workers share has something to spoil. */
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "../context/pool.h"
#include "../engine/engine.h"
#include "../rows/rows.h"
#include "checks.h"

enum { LANES = ATTRIB__CHECK_LANES };

/* As much behind the outputs as batches have; behind a gradient another one. */
typedef struct sizes {
  int64_t inputs, gradients, outputs; /* elements, margins and all */
} sizes;

static sizes sizes_of(const attrib__checking *c) {
  const int64_t n = c->model.n_inputs, margins = 2 * (int64_t)ATTRIB__GUARD_MARGIN;
  return (sizes){.inputs = n + margins,
                 .gradients = attrib__check_gradients(c) ? 2 * n + margins : 0,
                 .outputs = 1 + ATTRIB__GUARD_MARGIN + c->output_margin};
}

void attrib__check_lanes(attrib__checking *c, attrib__arena *arena) {
  const size_t size = attrib__element_size(c->model.dtype);
  const sizes s = sizes_of(c);
  if (c->context->pool == NULL || !(c->model.flags & ATTRIB_MODEL_CONCURRENT)) return;
  for (int lane = 0; lane < LANES; lane++) {
    c->lanes[lane].inputs = attrib__carve(arena, s.inputs, size);
    c->lanes[lane].gradients = attrib__carve(arena, s.gradients, size);
    c->lanes[lane].outputs = attrib__carve(arena, s.outputs, sizeof(double));
  }
}

/* Where the row begins. */
static attrib__lane row_of(const attrib__checking *c, int lane) {
  const size_t margin = ATTRIB__GUARD_MARGIN * attrib__element_size(c->model.dtype);
  const attrib__lane *l = &c->lanes[lane];
  return (attrib__lane){.inputs = l->inputs + margin,
                        .gradients = attrib__check_gradients(c) ? l->gradients + margin : NULL,
                        .outputs = l->outputs + ATTRIB__GUARD_MARGIN};
}

/* Guards everywhere, then the rows. */
static void fill(attrib__checking *c) {
  const size_t size = attrib__element_size(c->model.dtype), row = (size_t)c->model.n_inputs * size;
  const sizes s = sizes_of(c);
  for (int lane = 0; lane < LANES; lane++) {
    const attrib__lane own = row_of(c, lane);
    memset(c->lanes[lane].inputs, ATTRIB__GUARD, (size_t)s.inputs * size);
    memset(c->lanes[lane].outputs, ATTRIB__GUARD, (size_t)s.outputs * sizeof(double));
    memcpy(own.inputs, c->inner[lane + 1], row);
    own.outputs[0] = 0;
    if (own.gradients == NULL) continue;
    memset(c->lanes[lane].gradients, ATTRIB__GUARD, (size_t)s.gradients * size);
    memset(own.gradients, 0, row);
  }
}

typedef struct pair {
  attrib__checking *c;
  atomic_int ready;
  int32_t codes[LANES];
} pair;

static void evaluate(uint32_t lane, void *user) {
  pair *p = user;
  attrib__checking *c = p->c;
  if (lane >= LANES) return;
  const int point = (int)lane + 1;
  const int64_t id = point, n = c->model.n_inputs;
  const attrib__lane own = row_of(c, (int)lane);
  const attrib_batch b = {
      .struct_size = sizeof b,
      .flags = ATTRIB_BATCH_OUTPUTS | (attrib__check_gradients(c) ? ATTRIB_BATCH_GRADIENTS : 0U),
      .rows = 1,
      .n_inputs = n,
      .n_outputs = c->model.n_outputs,
      .target = c->target,
      .input_stride = n,
      .gradient_stride = n,
      .output_stride = 1,
      .row_ids = &id,
      .inputs = own.inputs,
      .outputs = own.outputs,
      .gradients = own.gradients,
      .target_weights = c->options.target_weights,
      .dtype = c->model.dtype,
      .worker = lane,
  };
  /* Both begin together, or nearly so; a worker that does not come is not waited for. */
  atomic_fetch_add(&p->ready, 1);
  for (int spins = 0; spins < 1000000 && atomic_load(&p->ready) < LANES; spins++) {
  }
  p->codes[lane] = c->model.evaluate(&b, c->model.user);
}

static attrib_status take_codes(attrib__checking *c, const pair *p) {
  attrib_check_report *report = c->report;
  c->left -= LANES;
  for (int lane = 0; lane < LANES; lane++) {
    const int32_t code = p->codes[lane];
    if (code != 0) report->model_status = code;
    if (code < 0)
      return attrib__fail(
          c->context, ATTRIB_E_CALLBACK,
          "the model returned %" PRId32 " on worker %d, for a batch of 1 row, while another evaluated one", code, lane);
    if (code > 0) report->stop_reason = ATTRIB_STOP_CALLBACK;
  }
  if (report->stop_reason != ATTRIB_STOP_NONE) return ATTRIB_CANCELLED;
  report->model_calls += LANES;
  *(attrib__check_gradients(c) ? &report->evaluations : &report->output_evaluations) += LANES;
  return ATTRIB_OK;
}

/* Elements that were written where none belongs. */
static int64_t find_stains(const attrib__checking *c) {
  const size_t size = attrib__element_size(c->model.dtype);
  const int64_t n = c->model.n_inputs;
  const sizes s = sizes_of(c);
  int64_t beyond = 0, gaps = 0, first = -1;
  for (int lane = 0; lane < LANES; lane++) {
    const attrib__lane *l = &c->lanes[lane];
    attrib__guards_find((const unsigned char *)l->outputs, (size_t)s.outputs * sizeof(double), sizeof(double), 1, 1, 1,
                        &gaps, &beyond);
    attrib__guards_find(l->inputs, (size_t)s.inputs * size, size, 1, n, n, &gaps, &beyond);
    if (s.gradients > 0) attrib__guards_find(l->gradients, (size_t)s.gradients * size, size, 1, n, n, &gaps, &beyond);
    beyond += attrib__guards_changes(c->inner[lane + 1], row_of(c, lane).inputs, n, size, &first);
  }
  return beyond + gaps;
}

static void fail_stains(attrib__checking *c, int64_t stains) {
  attrib__finding *finding =
      attrib__check_fail(c, ATTRIB_CHECK_WORKERS,
                         "two workers at once write %" PRId64
                         " elements that are not theirs, which one alone does not: evaluate shares memory between "
                         "calls; keep it per batch->worker, or do not set ATTRIB_MODEL_CONCURRENT",
                         stains);
  finding->cause = ATTRIB_CAUSE_BEYOND;
  finding->measured = (double)stains;
  finding->bound = 0;
}

static void judge(attrib__checking *c) {
  attrib__apart most = {0};
  const int64_t stains = find_stains(c);
  if (stains > 0) {
    fail_stains(c, stains);
    return;
  }
  for (int lane = 0; lane < LANES; lane++) {
    const attrib__lane own = row_of(c, lane);
    const attrib__answer got = {.outputs = own.outputs, .gradients = own.gradients};
    const attrib__apart apart = attrib__check_apart(c, &got, 0, c->alone_gradients ? &c->alone : &c->first, lane + 1);
    attrib__apart_most(&most, &apart);
  }
  if (attrib__check_close(c, &most))
    attrib__check_same(c, ATTRIB_CHECK_WORKERS, &most, "two workers at once give the same as one",
                       "results will depend on batch size in their last bits");
  else
    attrib__check_fail(c, ATTRIB_CHECK_WORKERS,
                       "two workers at once get other results, by up to %.2g of f and %.2g of the gradient: evaluate "
                       "shares memory between calls; keep it per batch->worker, or do not set ATTRIB_MODEL_CONCURRENT",
                       most.output, most.gradient);
  attrib__check_numbers(c, ATTRIB_CHECK_WORKERS, &most);
}

/* What is wrong with one worker is no business of two. */
static bool writes_astray(const attrib__checking *c) {
  const attrib__stains *s = &c->stains;
  return attrib__check_failed(c, ATTRIB_CHECK_STRIDES) || attrib__check_failed(c, ATTRIB_CHECK_WRITES) ||
         s->inputs + s->input_beyond + s->output_beyond + s->gradient_beyond + s->output_gaps + s->gradient_gaps > 0;
}

attrib_status attrib__check_workers(attrib__checking *c) {
  if (!(c->model.flags & ATTRIB_MODEL_CONCURRENT)) {
    attrib__check_skip(c, ATTRIB_CHECK_WORKERS, "model->flags lacks ATTRIB_MODEL_CONCURRENT");
    return ATTRIB_OK;
  }
  if (c->context->pool == NULL) {
    attrib__check_skip(c, ATTRIB_CHECK_WORKERS, "the context has one worker");
    return ATTRIB_OK;
  }
  if (c->left < LANES) {
    attrib__check_skip(c, ATTRIB_CHECK_WORKERS, "max_evaluations leaves no rows for it");
    return ATTRIB_OK;
  }
  if (writes_astray(c)) {
    attrib__check_skip(c, ATTRIB_CHECK_WORKERS,
                       "not judged: one worker alone does not write what and where it should (see writes, strides, "
                       "inputs)");
    return ATTRIB_OK;
  }
  if (attrib__check_hopeless(c, ATTRIB_CHECK_WORKERS)) return ATTRIB_OK;
  attrib_status status = attrib__check_goes_on(c);
  if (status != ATTRIB_OK) return status;
  fill(c);
  pair p = {.c = c};
  attrib__pool_run(c->context->pool, evaluate, &p);
  status = take_codes(c, &p);
  if (status == ATTRIB_OK) judge(c);
  return status;
}
