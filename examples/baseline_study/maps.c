#include "maps.h"

#include <string.h>

#include "network.h"

/* Apart, so that no two kinds of draws share numbers: uniform ones are those of the seed itself. */
enum { GAUSSIAN_SEEDS = 1000, RANKING_SEEDS = 1000000 };

attrib_noise map_uniform_noise(const settings *s) {
  return (attrib_noise){.struct_size = sizeof(attrib_noise),
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = SMALL_NET_INPUTS,
                        .seed = (uint64_t)s->seed,
                        .low = 0,
                        .high = 1};
}

attrib_status map_maker_init(map_maker *m, const study_pictures *pictures, const settings *s, attrib_context *context,
                             attrib_report *report) {
  const attrib_search_options options = {.struct_size = sizeof options, .low = 0, .high = 1};
  m->pictures = pictures;
  m->settings = s;
  m->context = context;
  return attrib_baseline_max_entropy(context, &pictures->model, NULL, &options, m->entropy, report);
}

/* N(0, 1) for every value, as far as 8 of it. */
static attrib_status rank_randomly(map_maker *m, const map_request *request, double *scores) {
  m->noise = map_uniform_noise(m->settings);
  m->noise.kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED;
  m->noise.seed += RANKING_SEEDS + (uint64_t)request->number;
  m->noise.low = -8;
  m->noise.high = 8;
  m->noise.sigma = 1;
  memset(m->row, 0, sizeof m->row);
  m->noise.around = m->row;
  float drawn[SMALL_NET_INPUTS];
  attrib_status status = attrib_noise_fetch(0, drawn, &m->noise);
  for (int i = 0; i < SMALL_NET_INPUTS; i++) scores[i] = (double)drawn[i];
  return status;
}

static void draw_from(map_maker *m, const map_request *request, attrib_baselines *set) {
  const bool gaussian = request->map == MAP_GAUSSIAN || request->map == MAP_EXPECTED_GAUSSIAN;
  m->noise = map_uniform_noise(m->settings);
  if (gaussian) {
    m->noise.kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED;
    m->noise.seed += GAUSSIAN_SEEDS + (uint64_t)request->number;
    m->noise.sigma = request->sigma / 10;
    m->noise.around = request->x;
  }
  set->rows = NULL;
  set->fetch = attrib_noise_fetch;
  set->fetch_user = &m->noise;
}

/* The rows of the map's baseline. */
static attrib_status choose(map_maker *m, const map_request *request, attrib_baselines *set) {
  const attrib_image shape = network_bundled_shape();
  const picture_bank *bank = &m->pictures->training;
  *set = (attrib_baselines){.struct_size = sizeof *set, .count = 1, .rows = m->row};
  switch (request->map) {
    case MAP_BLACK: return attrib_baseline_fill(m->context, ATTRIB_F32, SMALL_NET_INPUTS, 0, m->row);
    case MAP_WHITE: return attrib_baseline_fill(m->context, ATTRIB_F32, SMALL_NET_INPUTS, 1, m->row);
    case MAP_GREY: return attrib_baseline_fill(m->context, ATTRIB_F32, SMALL_NET_INPUTS, 0.5, m->row);
    case MAP_MAX_DISTANCE:
      return attrib_baseline_max_distance(m->context, ATTRIB_F32, SMALL_NET_INPUTS, request->x, 0, 1, m->row);
    case MAP_BLUR: return attrib_image_blur(m->context, ATTRIB_F32, &shape, request->x, request->sigma, m->row);
    case MAP_TRAINING: set->rows = bank->rows + request->number % bank->count * SMALL_NET_INPUTS; break;
    case MAP_MAX_ENTROPY: set->rows = m->entropy; break;
    case MAP_EXPECTED_TRAINING:
      set->rows = bank->rows;
      set->count = bank->count;
      break;
    default:
      draw_from(m, request, set);
      if (request->map == MAP_EXPECTED_UNIFORM || request->map == MAP_EXPECTED_GAUSSIAN) set->count = request->samples;
      break;
  }
  return ATTRIB_OK;
}

attrib_status map_make(map_maker *m, const map_request *request, double *scores, attrib_report *report) {
  if (request->map == MAP_RANDOM) return rank_randomly(m, request, scores);
  const attrib_model *model = &m->pictures->model;
  const int64_t target = picture_class(request->number);
  attrib_baselines set;
  attrib_status status = choose(m, request, &set);
  if (status < 0) return status;
  if (request->map >= MAP_EXPECTED_UNIFORM) {
    const attrib_eg_options options = {
        .struct_size = sizeof options, .seed = (uint64_t)m->settings->seed, .samples = request->samples};
    return attrib_expected_gradients(m->context, model, request->x, target, &set, &options, scores, report);
  }
  const attrib_ig_options options = {.struct_size = sizeof options, .points = m->settings->points};
  return attrib_integrated_gradients(m->context, model, request->x, target, &set, &options, scores, report);
}
