#include "study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "progress_bar.h"
#include "shapes.h"

const char *const map_names[MAPS] = {"gradient", "IG", "edges", "chance"};

int study_fractions(const study *s, int test, const double **first) {
  *first = test == TEST_ROAR ? s->fraction : s->fraction + 1;
  return test == TEST_ROAR ? s->a->fractions + 1 : s->a->fractions;
}

int64_t study_stride(const study *s) {
  return s->a->repeats + 2;
}

static int allocate(study *s) {
  const size_t count = (size_t)s->count;
  int complete = tiny_net_create(&s->net, SHAPES_PIXELS, (int32_t)s->a->hidden, SHAPES_CLASSES) == 0;
  s->rows = malloc(count * SHAPES_PIXELS * sizeof *s->rows);
  s->ablated = malloc(count * SHAPES_PIXELS * sizeof *s->ablated);
  s->labels = malloc(count * sizeof *s->labels);
  complete = complete && s->rows != NULL && s->ablated != NULL && s->labels != NULL;
  for (int map = 0; map < MAP_CHANCE; map++) {
    s->scores[map] = calloc(count * SHAPES_PIXELS, sizeof *s->scores[map]);
    complete = complete && s->scores[map] != NULL;
  }
  for (int k = 0; k < TESTS * MAPS; k++) {
    double **values = &s->values[k / MAPS][k % MAPS];
    *values = malloc((size_t)(s->a->fractions + 1) * (size_t)study_stride(s) * sizeof **values);
    complete = complete && *values != NULL;
  }
  return complete ? 0 : -1;
}

void study_free(study *s) {
  attrib_context_destroy(s->context);
  tiny_net_free(&s->net);
  free(s->rows);
  free(s->ablated);
  free(s->labels);
  for (int map = 0; map < MAP_CHANCE; map++) free(s->scores[map]);
  for (int k = 0; k < TESTS * MAPS; k++) free(s->values[k / MAPS][k % MAPS]);
}

/* Trains on the first pictures and returns the accuracy on the others; negative: no memory. */
static double train_on(study *s, const float *rows, uint64_t seed) {
  const int64_t pictures = s->a->pictures;
  const tiny_training training = {.rows = rows,
                                  .labels = s->labels,
                                  .count = pictures,
                                  .epochs = s->a->epochs,
                                  .batch = 32,
                                  .rate = 0.003,
                                  .seed = seed};
  if (tiny_net_train(&s->net, &training, NULL) != 0) return -1;
  return tiny_net_accuracy(&s->net, rows + pictures * SHAPES_PIXELS, s->labels + pictures, s->count - pictures);
}

/* An attrib_train_fn. Rows are read once each, and kept for the epochs. */
static int32_t ATTRIB_CALL train_again(const attrib_retraining_set *set, double *accuracy, void *user) {
  study *s = user;
  for (int64_t i = 0; i < set->count; i++)
    if (attrib_retraining_row(set, i, s->ablated + i * SHAPES_PIXELS) != ATTRIB_OK) return -1;
  *accuracy = train_on(s, s->ablated, set->seed);
  return *accuracy < 0 ? -2 : 0;
}

/* Adds the sizes of one class's maps of a picture: gradient, and integrated gradients from the mean picture. */
static attrib_status add_maps(study *s, const attrib_model *model, const attrib_baselines *mean, int64_t index,
                              int64_t target) {
  const attrib_ig_options options = {.struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = 16};
  const float *row = s->rows + index * SHAPES_PIXELS;
  double map[SHAPES_PIXELS];
  attrib_status status = attrib_gradient(s->context, model, row, target, NULL, map, NULL);
  for (int i = 0; i < SHAPES_PIXELS; i++) s->scores[MAP_GRADIENT][index * SHAPES_PIXELS + i] += fabs(map[i]);
  if (status != ATTRIB_OK) return status;
  status = attrib_integrated_gradients(s->context, model, row, target, mean, &options, map, NULL);
  for (int i = 0; i < SHAPES_PIXELS; i++) s->scores[MAP_INTEGRATED][index * SHAPES_PIXELS + i] += fabs(map[i]);
  return status;
}

/* Of all classes together: a map of the picture's own class shows by its places alone which class that is, and the
 * network that is trained again reads it off the holes. */
static attrib_status find_maps(study *s) {
  const attrib_baselines pictures = {.struct_size = sizeof pictures, .count = s->a->pictures, .rows = s->rows};
  float mean[SHAPES_PIXELS];
  const attrib_baselines baseline = {.struct_size = sizeof baseline, .count = 1, .rows = mean};
  attrib_model model;
  tiny_net_model(&s->net, ATTRIB_F32, &model);
  attrib_status status = attrib_baseline_mean(s->context, ATTRIB_F32, SHAPES_PIXELS, &pictures, mean);
  for (int64_t i = 0; i < s->count && status == ATTRIB_OK; i++) {
    for (int64_t k = 0; k < SHAPES_CLASSES && status == ATTRIB_OK; k++)
      if (!s->a->own_class || k == s->labels[i]) status = add_maps(s, &model, &baseline, i, k);
    shapes_edges(s->rows + i * SHAPES_PIXELS, s->scores[MAP_EDGES] + i * SHAPES_PIXELS);
  }
  return status;
}

static attrib_status retrain(study *s, int test, int map) {
  static const attrib_image shape = {
      .struct_size = sizeof shape, .width = SHAPES_SIDE, .height = SHAPES_SIDE, .channels = 1};
  attrib_retraining_options options = {
      .struct_size = sizeof options,
      .flags = map == MAP_CHANCE ? ATTRIB_METRIC_RANDOM : 0,
      .test = test == TEST_ROAR ? ATTRIB_RETRAIN_ROAR : ATTRIB_RETRAIN_DIFF,
      .seed = s->a->seed,
      .repeats = s->a->repeats,
      .shape = &shape, /* the mean over all pixels is what they are replaced by */
  };
  options.n_fractions = study_fractions(s, test, &options.fractions);
  const attrib_baselines rows = {.struct_size = sizeof rows, .count = s->count, .rows = s->rows};
  const attrib_baselines scores = {
      .struct_size = sizeof scores, .count = s->count, .rows = map == MAP_CHANCE ? NULL : s->scores[map]};
  return attrib_retraining(s->context, ATTRIB_F32, SHAPES_PIXELS, &rows, map == MAP_CHANCE ? NULL : &scores,
                           train_again, s, &options, s->values[test][map], NULL);
}

int study_run(study *s, const arguments *a, char *message) {
  const shapes_set set = {SHAPES_PLAIN, a->seed};
  *s = (study){.a = a, .count = a->pictures + a->pictures / 3};
  memcpy(s->fraction + 1, a->fraction, sizeof a->fraction);
  if (allocate(s) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld pictures", (long long)s->count);
    return -1;
  }
  shapes_render_all(&set, 0, s->count, s->rows, s->labels);
  s->accuracy = train_on(s, s->rows, a->seed);
  attrib_status status = s->accuracy < 0 ? ATTRIB_E_MEMORY : attrib_context_create(NULL, &s->context);
  if (status == ATTRIB_OK) status = find_maps(s);
  if (status == ATTRIB_OK) status = attrib_context_set_progress(s->context, progress_bar, NULL);
  for (int k = 0; k < TESTS * MAPS && status == ATTRIB_OK; k++) status = retrain(s, k / MAPS, k % MAPS);
  if (status == ATTRIB_OK) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s: %s", attrib_status_text(status), attrib_context_error(s->context));
  return -1;
}
