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
      .inputs = c->lanes[lane].inputs,
      .outputs = c->lanes[lane].outputs,
      .gradients = attrib__check_gradients(c) ? c->lanes[lane].gradients : NULL,
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

static void judge(attrib__checking *c) {
  attrib__apart most = {0};
  for (int lane = 0; lane < LANES; lane++) {
    const attrib__answer got = {.outputs = c->lanes[lane].outputs, .gradients = c->lanes[lane].gradients};
    const attrib__apart apart = attrib__check_apart(c, &got, 0, c->alone_gradients ? &c->alone : &c->first, lane + 1);
    attrib__apart_most(&most, &apart);
  }
  if (c->unwritten) most.gradient = 0;
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
  if (attrib__check_hopeless(c, ATTRIB_CHECK_WORKERS)) return ATTRIB_OK;
  attrib_status status = attrib__check_goes_on(c);
  if (status != ATTRIB_OK) return status;
  const size_t row = (size_t)c->model.n_inputs * attrib__element_size(c->model.dtype);
  for (int lane = 0; lane < LANES; lane++) {
    memcpy(c->lanes[lane].inputs, c->inner[lane + 1], row);
    if (attrib__check_gradients(c)) memset(c->lanes[lane].gradients, 0, row);
    c->lanes[lane].outputs[0] = 0;
  }
  pair p = {.c = c};
  attrib__pool_run(c->context->pool, evaluate, &p);
  status = take_codes(c, &p);
  if (status == ATTRIB_OK) judge(c);
  return status;
}
