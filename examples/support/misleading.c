#include "misleading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

#include "atomic_file.h"
#include "tiny_net.h"

misleading_plan misleading_defaults(int quick) {
  if (quick) return (misleading_plan){.training = 1500, .test = 20, .epochs = 12, .hidden = 32, .decay = 1, .seed = 1};
  return (misleading_plan){.training = 3000, .test = 200, .epochs = 16, .hidden = 32, .decay = 1, .seed = 1};
}

/* A trained network and pictures that it has not seen. */
typedef struct trained {
  tiny_net net, random; /* random: the same with weights of another seed, never trained */
  attrib_model model, random_model;
  shapes_set set;
  float *rows; /* training pictures, then test pictures */
  int32_t *labels;
  float baseline[SHAPES_PIXELS];
} trained;

static void release(trained *t) {
  tiny_net_free(&t->net);
  tiny_net_free(&t->random);
  free(t->rows);
  free(t->labels);
}

static int fail_status(attrib_status status, char *message) {
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_status_text(status));
  return -1;
}

static int prepare(shapes_kind kind, const misleading_plan *plan, trained *t, char *message) {
  const int64_t count = plan->training + plan->test;
  *t = (trained){.set = {kind, plan->seed}};
  t->rows = malloc((size_t)count * SHAPES_PIXELS * sizeof *t->rows);
  t->labels = malloc((size_t)count * sizeof *t->labels);
  int status = t->rows == NULL || t->labels == NULL ? -1 : 0;
  if (status == 0) status = tiny_net_create(&t->net, SHAPES_PIXELS, plan->hidden, SHAPES_CLASSES);
  if (status == 0) status = tiny_net_create(&t->random, SHAPES_PIXELS, plan->hidden, SHAPES_CLASSES);
  if (status == 0) {
    const tiny_training training = {.rows = t->rows,
                                    .labels = t->labels,
                                    .count = plan->training,
                                    .epochs = plan->epochs,
                                    .batch = 32,
                                    .rate = 0.003,
                                    .decay = plan->decay,
                                    .seed = plan->seed};
    shapes_render_all(&t->set, 0, count, t->rows, t->labels);
    status = tiny_net_train(&t->net, &training, NULL);
  }
  if (status != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld pictures", (long long)count);
    release(t);
    return -1;
  }
  tiny_net_init(&t->random, plan->seed + 1);
  tiny_net_model(&t->net, ATTRIB_F32, &t->model);
  tiny_net_model(&t->random, ATTRIB_F32, &t->random_model);
  return 0;
}

static double test_accuracy(const trained *t, const tiny_net *net, const misleading_plan *plan) {
  return tiny_net_accuracy(net, t->rows + plan->training * SHAPES_PIXELS, t->labels + plan->training, plan->test);
}

static attrib_status integrate(const attrib_model *model, const float *picture, int32_t label, const float *baseline,
                               double *map) {
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
  const attrib_ig_options options = {
      .struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = 32, .completeness_threshold = 0};
  return attrib_integrated_gradients(NULL, model, picture, label, &set, &options, map, NULL);
}

/* -- the decoy */

enum { IN_CORNER = 1, IN_OBJECT = 2 };

static void mark_regions(const uint8_t *shape, uint8_t *regions) {
  for (int i = 0; i < SHAPES_PIXELS; i++) {
    const int x = i % SHAPES_SIDE, y = i / SHAPES_SIDE;
    regions[i] = x < SHAPES_CORNER && y < SHAPES_CORNER ? IN_CORNER : 0;
    for (int k = 0; k < 9 && regions[i] == 0; k++) {
      const int nx = x + k % 3 - 1, ny = y + k / 3 - 1;
      if (nx >= 0 && nx < SHAPES_SIDE && ny >= 0 && ny < SHAPES_SIDE && shape[ny * SHAPES_SIDE + nx] != 0)
        regions[i] = IN_OBJECT;
    }
  }
}

static double share_in(const double *map, const uint8_t *regions, uint8_t region) {
  double all = 0, inside = 0;
  for (int i = 0; i < SHAPES_PIXELS; i++) {
    all += fabs(map[i]);
    if (regions[i] == region) inside += fabs(map[i]);
  }
  return all > 0 ? inside / all : 0;
}

static attrib_status measure_picture(trained *t, int64_t index, double part, decoy_result *sum) {
  double map[SHAPES_PIXELS], edges[SHAPES_PIXELS], flat[SHAPES_PIXELS];
  float picture[SHAPES_PIXELS];
  uint8_t shape[SHAPES_PIXELS], regions[SHAPES_PIXELS];
  const int32_t label = shapes_render(&t->set, index, picture, shape);
  const attrib_status status = integrate(&t->model, picture, label, t->baseline, map);
  if (status < 0) return status;
  for (int i = 0; i < SHAPES_PIXELS; i++) flat[i] = 1;
  shapes_edges(picture, edges);
  mark_regions(shape, regions);
  sum->corner_area += part * share_in(flat, regions, IN_CORNER);
  sum->object_area += part * share_in(flat, regions, IN_OBJECT);
  sum->corner_share += part * share_in(map, regions, IN_CORNER);
  sum->object_share += part * share_in(map, regions, IN_OBJECT);
  sum->edge_corner_share += part * share_in(edges, regions, IN_CORNER);
  sum->edge_object_share += part * share_in(edges, regions, IN_OBJECT);
  return ATTRIB_OK;
}

int decoy_measure(const misleading_plan *plan, decoy_result *result, char *message) {
  trained t;
  *result = (decoy_result){0};
  if (prepare(SHAPES_DECOY, plan, &t, message) != 0) return -1;
  const attrib_baselines pictures = {.struct_size = sizeof pictures, .count = plan->training, .rows = t.rows};
  attrib_status status = attrib_baseline_mean(NULL, ATTRIB_F32, SHAPES_PIXELS, &pictures, t.baseline);
  result->accuracy = test_accuracy(&t, &t.net, plan);
  for (int64_t i = 0; i < plan->test && status >= 0; i++)
    status = measure_picture(&t, plan->training + i, 1 / (double)plan->test, result);
  release(&t);
  return status < 0 ? fail_status(status, message) : 0;
}

/* -- the randomisation check */

/* Adds the rank correlation of the sizes of two maps. */
static attrib_status add_correlation(const double *a, const double *b, double part, double *sum) {
  attrib_comparison found = {.struct_size = sizeof found};
  const attrib_status status = attrib_compare_maps(NULL, SHAPES_PIXELS, a, b, NULL, &found);
  *sum += part * found.absolute_rank_correlation;
  return status;
}

static attrib_status compare_maps(trained *t, int64_t index, double part, randomisation_result *sum) {
  double map[SHAPES_PIXELS], random_map[SHAPES_PIXELS];
  float picture[SHAPES_PIXELS];
  const int32_t label = shapes_render(&t->set, index, picture, NULL);
  attrib_status status = integrate(&t->model, picture, label, t->baseline, map);
  if (status >= 0) status = integrate(&t->random_model, picture, label, t->baseline, random_map);
  if (status < 0) return status;
  status = add_correlation(map, random_map, part, &sum->map_correlation);
  if (status < 0) return status;
  status = attrib_gradient(NULL, &t->model, picture, label, NULL, map, NULL);
  if (status >= 0) status = attrib_gradient(NULL, &t->random_model, picture, label, NULL, random_map, NULL);
  return status < 0 ? status : add_correlation(map, random_map, part, &sum->gradient_correlation);
}

int randomisation_measure(shapes_kind kind, const misleading_plan *plan, randomisation_result *result, char *message) {
  trained t;
  attrib_status status = ATTRIB_OK;
  *result = (randomisation_result){0};
  if (prepare(kind, plan, &t, message) != 0) return -1;
  result->accuracy = test_accuracy(&t, &t.net, plan);
  result->random_accuracy = test_accuracy(&t, &t.random, plan);
  for (int64_t i = 0; i < plan->test && status >= 0; i++)
    status = compare_maps(&t, plan->training + i, 1 / (double)plan->test, result);
  release(&t);
  return status < 0 ? fail_status(status, message) : 0;
}
