/* expected_options.c - see expected_options.h. */
#include "expected_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../baselines/draws.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "differences.h"
#include "options.h"

/* Rows of a first round: enough for a standard error that means something. */
enum { DEFAULT_SAMPLES = 200, FIRST_ROUND = 64 };

/* Rows for each baseline from which on a pool is worth its start; of differences, where no end is shared, its start
 * takes up to one more for each. */
enum { POOL_SHARE = 8, POOL_SHARE_APART = 9 };

/* Draws that are not a lattice are gone through before the first one is made, in a second at most; and for a progress
 * bar's sake it is found out how many baselines they meet, where that takes no time that is felt. */
static const int64_t most_draws = (int64_t)1 << 22, most_counted = (int64_t)1 << 20;

/* What a random order can be computed for. */
static const int64_t most_baselines = (int64_t)1 << 62;

static attrib_status check_options(attrib_context *context, const attrib_eg_options *options) {
  if (options->flags & ~(uint32_t)ATTRIB_MEAN_GRADIENT)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%x",
                        options->flags, ATTRIB_MEAN_GRADIENT);
  if (options->sampler > ATTRIB_SAMPLER_POOLED)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->sampler = %" PRIu32 ": must be one of ATTRIB_SAMPLER_* (0 to 4)", options->sampler);
  attrib_status status = attrib__deadline_check(context, "options->", options->deadline_seconds);
  if (status < 0) return status;
  return attrib__threshold_check(context, options->completeness_threshold, options->flags);
}

/* One row per baseline is what a lattice needs, two are what its standard error does. */
static attrib_status resolve_lattice(attrib_context *context, attrib__expected_options *options, int64_t used) {
  attrib__sampling *sampling = &options->sampling;
  bool fixed = !attrib__sampling_open(sampling);
  int64_t most = fixed ? sampling->samples : sampling->max_evaluations;
  if (most < used)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->%s = %" PRId64 ": ATTRIB_SAMPLER_LATTICE needs a row for each of %" PRId64
                        " baselines",
                        fixed ? "samples" : "max_evaluations", most, used);
  options->first_round = most / used;
  if (fixed) return ATTRIB_OK;
  int64_t points = 2;
  while (points < FIRST_ROUND && used * points < FIRST_ROUND) points *= 2;
  if (points < options->first_round) options->first_round = points;
  return ATTRIB_OK;
}

static attrib_status resolve_pool(attrib_context *context, attrib__expected_options *options) {
  if (options->sampler == ATTRIB_SAMPLER_POOLED)
    return attrib__adaptive_check(context, &options->max_vectors, &options->round_rows);
  if (options->max_vectors != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->max_vectors = %" PRId64 ": must be 0, it belongs to ATTRIB_SAMPLER_POOLED",
                        options->max_vectors);
  if (options->round_rows != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->round_rows = %" PRIu32 ": must be 0, it belongs to ATTRIB_SAMPLER_POOLED",
                        options->round_rows);
  return ATTRIB_OK;
}

/* With a number of draws: a lattice leaves those beyond a multiple of the baselines unused, which from half of them on
 * is worse than strata. With a tolerance: the pool where its start of 2 rows for each baseline or a few more leaves
 * most of the budget, and baselines are few; of many strata are enough for a loose tolerance, and cost little where
 * they are not. */
static void choose_sampler(attrib__expected_options *options, int64_t most, int64_t used) {
  const bool open = attrib__sampling_open(&options->sampling), few = used <= (int64_t)2 * FIRST_ROUND;
  bool lattice = most / 2 >= used || (!open && most >= used && most - used < used - used / 2);
  if (open && few && (most - 1) / (options->differences ? POOL_SHARE_APART : POOL_SHARE) >= used) {
    options->sampler = ATTRIB_SAMPLER_POOLED;
    return;
  }
  if (open && !few) lattice = false;
  options->then_lattice = open && !few && used <= most_draws;
  options->sampler = lattice ? ATTRIB_SAMPLER_LATTICE : ATTRIB_SAMPLER_STRATIFIED;
}

static attrib_status resolve_sampler(attrib_context *context, attrib__expected_options *options, int64_t used) {
  const attrib__sampling *sampling = &options->sampling;
  int64_t most = attrib__sampling_open(sampling) ? sampling->max_evaluations : sampling->samples;
  if (options->sampler == ATTRIB_SAMPLER_DEFAULT) choose_sampler(options, most, used);
  attrib_status status = resolve_pool(context, options);
  if (status < 0 || options->sampler == ATTRIB_SAMPLER_POOLED) return status;
  if (options->sampler == ATTRIB_SAMPLER_LATTICE) return resolve_lattice(context, options, used);
  if (!attrib__sampling_open(sampling) && most > most_draws)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->samples = %" PRId64 ": must be at most %" PRId64 " with this sampler", most,
                        most_draws);
  options->first_round = !attrib__sampling_open(sampling) || most < FIRST_ROUND ? most : FIRST_ROUND;
  return ATTRIB_OK;
}

/* Rows of a call with a fixed number of draws: f(x), f of every visit, the draws. */
static int64_t count_rows(const attrib__expected_checked *checked) {
  const attrib__expected_options *options = &checked->options;
  if (attrib__sampling_open(&options->sampling) || options->sampler == ATTRIB_SAMPLER_POOLED) return 0;
  int64_t used = checked->lines.baselines.used;
  if (options->sampler == ATTRIB_SAMPLER_LATTICE) return 1 + used + used * options->first_round;
  if (options->first_round > most_counted || used > most_counted) return 0;
  attrib__draws draws = {.set = &checked->lines.baselines, .sampler = options->sampler, .seed = options->seed};
  attrib__visit visit;
  int64_t visits = 0;
  attrib__draws_begin(&draws, 0, options->first_round);
  while (attrib__draws_visit(&draws, &visit)) visits++;
  return 1 + visits + options->first_round;
}

static attrib_status read_options(attrib_context *context, const attrib__expected_request *request,
                                  attrib_eg_options *options, attrib__expected_checked *checked) {
  attrib_status status =
      attrib__read_options(context, request->options, ATTRIB__FIRST_EG_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = check_options(context, options);
  if (status < 0) return status;
  checked->target = request->target;
  checked->options = (attrib__expected_options){
      .sampler = options->sampler,
      .seed = options->seed,
      .sampling = {options->samples, options->max_evaluations, options->tolerance, options->absolute_tolerance},
      .completeness_threshold = options->completeness_threshold,
      .deadline_seconds = options->deadline_seconds,
      .max_vectors = options->max_vectors,
      .round_rows = options->round_rows,
      .difference_step = options->difference_step,
      .target_weights = options->target_weights,
  };
  return attrib__sampling_read(context, &checked->options.sampling, DEFAULT_SAMPLES);
}

attrib_status attrib__expected_read(attrib_context *context, const attrib__expected_request *request, bool pull,
                                    attrib_model *model, attrib__expected_checked *checked) {
  attrib_eg_options options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status < 0) return status;
  status = read_options(context, request, &options, checked);
  if (status < 0) return status;
  attrib__model_use use = {.gradients = true,
                           .differences = true,
                           .pull = pull,
                           .target = request->target,
                           .target_weights = options.target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status == ATTRIB_OK) status = attrib__differences_check(context, model, options.difference_step, options.flags);
  if (status < 0) return status;
  checked->options.differences = attrib__differences_needed(model);
  status = attrib__groups_check(context, options.n_groups, options.groups, model->n_inputs);
  if (status < 0) return status;
  checked->entries = (attrib__entries){.dtype = model->dtype,
                                       .unit_displacement = (options.flags & ATTRIB_MEAN_GRADIENT) != 0,
                                       .n = model->n_inputs,
                                       .count = options.groups != NULL ? options.n_groups : model->n_inputs,
                                       .groups = options.groups};
  status = attrib__lines_from_baselines(context, model, request->input, request->baselines, &checked->lines);
  if (status == ATTRIB_OK && checked->lines.count > most_baselines)
    status = attrib__fail(context, ATTRIB_E_ARGUMENT, "baselines->count = %" PRId64 ": must be at most %" PRId64,
                          checked->lines.count, most_baselines);
  if (status == ATTRIB_OK) status = resolve_sampler(context, &checked->options, checked->lines.baselines.used);
  if (status < 0) return status;
  checked->planned = count_rows(checked);
  return ATTRIB_OK;
}
