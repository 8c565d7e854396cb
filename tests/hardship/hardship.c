#include "hardship.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the stage ---- */

static const analytic_fn functions[STAGE_OUTPUTS] = {f_waves, f_chain};

static bool batch_has_fault(const stage *s, const attrib_batch *b) {
  int64_t first = b->row_ids[0], last = b->row_ids[b->rows - 1];
  return s->fault != FAULT_NONE && last >= s->at && (s->onwards || first <= s->at);
}

static bool row_has_fault(const stage *s, const attrib_batch *b, int64_t r) {
  return s->onwards ? b->row_ids[r] >= s->at : b->row_ids[r] == s->at;
}

static void note_first_row(stage *s, int64_t row) {
  long long known = atomic_load(&s->first_row);
  while (row < known && !atomic_compare_exchange_weak(&s->first_row, &known, row)) {
  }
}

/* Puts back what was there before the model wrote, or spoils it. */
static void spoil_row(const stage *s, const attrib_batch *b, int64_t r, const double *outputs, const char *gradients) {
  size_t element = b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  double *output = b->outputs + r * b->output_stride;
  char *gradient = b->gradients == NULL ? NULL : (char *)b->gradients + (size_t)(r * b->gradient_stride) * element;
  if (s->fault == FAULT_NAN) *output = (double)NAN;
  if (s->fault == FAULT_NO_OUTPUT) *output = outputs[r];
  if (gradient == NULL) return;
  if (s->fault == FAULT_NO_GRADIENT)
    memcpy(gradient, gradients + (size_t)(r * b->gradient_stride) * element, (size_t)b->n_inputs * element);
  if (s->fault == FAULT_INFINITE && b->dtype == ATTRIB_F32) ((float *)(void *)gradient)[b->n_inputs - 1] = INFINITY;
  if (s->fault == FAULT_INFINITE && b->dtype == ATTRIB_F64) ((double *)(void *)gradient)[b->n_inputs - 1] = INFINITY;
}

static int32_t evaluate_spoilt(stage *s, const attrib_batch *b) {
  size_t element = b->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  size_t bytes = (size_t)((b->rows - 1) * b->gradient_stride + b->n_inputs) * element;
  double *outputs = malloc((size_t)b->rows * sizeof *outputs);
  char *gradients = malloc(bytes);
  if (outputs == NULL || gradients == NULL) abort();
  for (int64_t r = 0; r < b->rows; r++) outputs[r] = b->outputs[r * b->output_stride];
  if (b->gradients != NULL) memcpy(gradients, b->gradients, bytes);
  int32_t status = analytic_evaluate(b, &s->inner);
  for (int64_t r = 0; r < b->rows; r++)
    if (row_has_fault(s, b, r)) spoil_row(s, b, r, outputs, gradients);
  free(outputs);
  free(gradients);
  return status;
}

/* Takes a moment without giving the processor away, which may take long on a busy machine. */
static void dawdle(int64_t rounds) {
  volatile int64_t done = 0;
  while (done < rounds) done = done + 1;
}

static int32_t ATTRIB_CALL stage_evaluate(const attrib_batch *b, void *user) {
  stage *s = user;
  if (s->shuffled) dawdle((b->row_ids[0] * 7 + 3) % 5 * 400);
  if (s->inside != NULL) s->inside(s);
  if (!batch_has_fault(s, b)) return analytic_evaluate(b, &s->inner);
  note_first_row(s, b->row_ids[0]);
  switch (s->fault) {
    case FAULT_FAIL: return -(int32_t)(1000 + b->row_ids[0]);
    case FAULT_STOP: return (int32_t)(1000 + b->row_ids[0]);
    case FAULT_IDLE: return 0;
    default: return evaluate_spoilt(s, b);
  }
}

static int32_t fetch_begins(stage *s) {
  int busy = atomic_fetch_add(&s->fetching, 1) + 1;
  if (busy > atomic_load(&s->most_fetching)) atomic_store(&s->most_fetching, busy);
  if (s->inside_fetch != NULL) s->inside_fetch(s);
  return atomic_fetch_add(&s->fetches, 1) == s->fail_fetch_at ? s->fetch_code : 0;
}

static int32_t ATTRIB_CALL stage_fetch(int64_t index, void *row, void *user) {
  stage *s = user;
  size_t element = s->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  int32_t code = fetch_begins(s);
  if (code == 0) {
    int64_t from = index % s->count; /* larger sets repeat */
    memcpy(row, (const char *)s->rows + (size_t)(from * s->stride) * element, (size_t)s->n * element);
  }
  atomic_fetch_sub(&s->fetching, 1);
  return code;
}

/* A parabola in time along the line from the first baseline to the input. */
static double curve_at(const stage *s, double alpha, int64_t i, double *tangent) {
  double from = s->values[i], displacement = s->input_values[i] - from;
  *tangent = displacement * (2 * alpha + 1) / 2;
  return from + displacement * (alpha * alpha + alpha) / 2;
}

static int32_t ATTRIB_CALL stage_curve(double alpha, void *point, void *tangent, void *user) {
  stage *s = user;
  int32_t code = fetch_begins(s);
  for (int64_t i = 0; code == 0 && i < s->n; i++) {
    double slope, value = curve_at(s, alpha, i, &slope);
    if (s->dtype == ATTRIB_F32) {
      ((float *)point)[i] = (float)value;
      if (tangent != NULL) ((float *)tangent)[i] = (float)slope;
    } else {
      ((double *)point)[i] = value;
      if (tangent != NULL) ((double *)tangent)[i] = slope;
    }
  }
  atomic_fetch_sub(&s->fetching, 1);
  return code;
}

static void *block(int64_t count, size_t size) {
  void *memory = malloc((size_t)count * size);
  if (memory == NULL) abort();
  return memory;
}

void stage_open(stage *s, uint32_t dtype, int64_t n, int64_t count, int64_t points) {
  memset(s, 0, sizeof *s);
  s->dtype = dtype;
  s->n = n;
  s->count = count;
  s->stride = n + 2;
  s->points = points;
  s->values = block(count * n, sizeof *s->values);
  s->input_values = block(n, sizeof *s->input_values);
  int64_t reach = (count - 1) * s->stride + n; /* no slack behind the last row */
  double *spread = block(reach, sizeof *spread);
  for (int64_t i = 0; i < reach; i++) spread[i] = (double)NAN; /* between rows nobody looks */
  for (int64_t i = 0; i < n; i++) s->input_values[i] = 0.75 - 0.125 * (double)(i % 5);
  for (int64_t k = 0; k < count; k++)
    for (int64_t i = 0; i < n; i++)
      spread[k * s->stride + i] = s->values[k * n + i] = 0.0625 * (double)((3 * k + i) % 7) - 0.25;
  s->input = as_row(dtype, s->input_values, n);
  s->rows = as_row(dtype, spread, reach);
  free(spread);
  s->weights = block(count, sizeof *s->weights);
  for (int64_t k = 0; k < count; k++) s->weights[k] = (double)(k % 3 == 1 ? 0 : k + 1);
  s->target_weights = block(STAGE_OUTPUTS, sizeof *s->target_weights);
  s->target_weights[0] = 0.5;
  s->target_weights[1] = -2;
  s->groups = block(n, sizeof *s->groups);
  for (int64_t i = 0; i < n; i++) s->groups[i] = (int32_t)(i % STAGE_GROUPS);
  s->noise = (attrib_noise){.struct_size = sizeof s->noise,
                            .dtype = dtype,
                            .kind = ATTRIB_NOISE_UNIFORM,
                            .n_inputs = n,
                            .seed = 7,
                            .low = -1,
                            .high = 1};
  s->inner = (analytic){.functions = functions, .n_outputs = STAGE_OUTPUTS, .n_inputs = n, .dtype = dtype};
  s->model = analytic_model(&s->inner);
  s->model.evaluate = stage_evaluate;
  s->model.user = s;
  s->fail_fetch_at = -1;
  atomic_store(&s->first_row, INT64_MAX);
  recordings_open(s);
}

void stage_close(stage *s) {
  recordings_close(s);
  free(s->values);
  free(s->input_values);
  free(s->input);
  free(s->rows);
  free(s->weights);
  free(s->target_weights);
  free(s->groups);
}

void stage_fault(stage *s, fault kind, int64_t at, bool onwards) {
  s->fault = kind;
  s->at = at;
  s->onwards = onwards;
  atomic_store(&s->first_row, INT64_MAX);
}

void stage_stand_in(stage *other, const stage *s) {
  memset(other, 0, sizeof *other);
  other->dtype = s->dtype;
  other->n = s->n;
  other->count = s->count;
  other->stride = s->stride;
  other->points = s->points;
  other->tolerance = s->tolerance;
  other->swapped = s->swapped;
  other->values = s->values;
  other->input_values = s->input_values;
  other->input = s->input;
  other->rows = s->rows;
  other->weights = s->weights;
  other->target_weights = s->target_weights;
  other->groups = s->groups;
  other->noise = s->noise;
  other->inner = (analytic){.functions = functions, .n_outputs = STAGE_OUTPUTS, .n_inputs = s->n, .dtype = s->dtype};
  other->model = analytic_model(&other->inner);
  other->fail_fetch_at = -1;
}

/* ---- the scenes ---- */

const char *const scene_names[SCENE_END] = {"gradient",
                                            "gradient times input",
                                            "integrated gradients, rows",
                                            "integrated gradients, fetched",
                                            "integrated gradients, noise",
                                            "mean gradient",
                                            "knots",
                                            "curve",
                                            "independent draws",
                                            "stratified draws",
                                            "lattice",
                                            "lattice of one draw",
                                            "doubled strata",
                                            "doubled lattice",
                                            "strata and a lattice",
                                            "noise in pairs",
                                            "independent noise",
                                            "taylor",
                                            "variance",
                                            "doubled noise",
                                            "one output",
                                            "all outputs",
                                            "mean of rows",
                                            "mean of fetched rows",
                                            "blur",
                                            "scale",
                                            "normalise"};

bool scene_fetches(scene which) {
  return which == SCENE_IG_FETCHED || which == SCENE_PATH_CURVE || which == SCENE_EG_IID || which == SCENE_EG_LATTICE ||
         which == SCENE_EG_ROUNDS || which == SCENE_EG_CHANGED || which == SCENE_OUTPUTS_ALL ||
         which == SCENE_MEAN_FETCHED;
}

bool scene_weighs_outputs(scene which) {
  return which == SCENE_IG_NOISE || which == SCENE_EG_STRATIFIED || which == SCENE_SMOOTH_SINGLE;
}

static int64_t target_of(scene which) {
  return scene_weighs_outputs(which) ? ATTRIB_NO_TARGET : 0;
}

bool scene_is_grouped(scene which) {
  return which == SCENE_IG_NOISE || which == SCENE_PATH_KNOTS || which == SCENE_EG_STRATIFIED ||
         which == SCENE_SMOOTH_SINGLE || which == SCENE_SMOOTH_VARIANCE;
}

static bool weighted(scene which) {
  return which == SCENE_IG_ROWS || which == SCENE_IG_FETCHED || which == SCENE_EG_IID || which == SCENE_EG_LATTICE ||
         which == SCENE_EG_ROUNDS || which == SCENE_EG_DOUBLED;
}

static uint32_t rule_of(scene which) {
  switch (which) {
    case SCENE_IG_FETCHED: return ATTRIB_RULE_LEFT;
    case SCENE_IG_NOISE: return ATTRIB_RULE_TRAPEZOID;
    case SCENE_IG_MEAN: return ATTRIB_RULE_GAUSS_LEGENDRE;
    case SCENE_PATH_KNOTS: return ATTRIB_RULE_RIGHT;
    default: return ATTRIB_RULE_MIDPOINT;
  }
}

static attrib_ig_options options_of(const stage *s, scene which) {
  attrib_ig_options options = {.struct_size = sizeof options};
  if (which == SCENE_TIMES_INPUT) options.flags = ATTRIB_TIMES_INPUT;
  if (which == SCENE_IG_MEAN) options.flags = ATTRIB_MEAN_GRADIENT;
  if (which != SCENE_GRADIENT && which != SCENE_TIMES_INPUT) {
    options.rule = rule_of(which);
    options.points = s->points;
  }
  if (target_of(which) == ATTRIB_NO_TARGET) options.target_weights = s->target_weights;
  if (scene_is_grouped(which)) {
    options.groups = s->groups;
    options.n_groups = STAGE_GROUPS;
  }
  return options;
}

static attrib_baselines set_of(stage *s, scene which) {
  attrib_baselines set = {.struct_size = sizeof set, .count = s->count};
  if (which == SCENE_IG_NOISE) {
    set.fetch = attrib_noise_fetch;
    set.fetch_user = &s->noise;
  } else if (scene_fetches(which) != (s->swapped && scene_is_sampled(which))) {
    set.fetch = stage_fetch;
    set.fetch_user = s;
    set.count = scene_baselines(s, which);
  } else {
    set.rows = s->rows;
    set.stride = s->stride;
  }
  if (weighted(which) || which == SCENE_MEAN_ROWS) set.weights = s->weights;
  return set;
}

static attrib_path path_of(stage *s, scene which) {
  if (which == SCENE_PATH_CURVE) return (attrib_path){.struct_size = sizeof(attrib_path), .at = stage_curve, .user = s};
  return (attrib_path){.struct_size = sizeof(attrib_path), .knots = s->count, .stride = s->stride, .rows = s->rows};
}

static attrib_image shape_of(const stage *s) {
  return (attrib_image){.struct_size = sizeof(attrib_image), .width = s->n, .height = 1, .channels = 1};
}

int64_t scene_results(const stage *s, scene which) {
  switch (which) {
    case SCENE_OUTPUTS_ONE: return s->count;
    case SCENE_OUTPUTS_ALL: return s->count * STAGE_OUTPUTS;
    case SCENE_SCALE: return 1;
    default: return scene_is_grouped(which) ? STAGE_GROUPS : s->n;
  }
}

static attrib_status play_plain(stage *s, scene which, attrib_context *context, double *results) {
  attrib_baselines set = set_of(s, which);
  attrib_image shape = shape_of(s);
  switch (which) {
    case SCENE_MEAN_ROWS:
    case SCENE_MEAN_FETCHED: return attrib_baseline_mean(context, s->dtype, s->n, &set, results);
    case SCENE_BLUR: return attrib_image_blur(context, s->dtype, &shape, s->input, 1.5, results);
    case SCENE_SCALE: return attrib_image_scale(context, s->n, 0, ATTRIB_SIGN_ABSOLUTE, s->input_values, results);
    default: break;
  }
  double *map = block(s->n, sizeof *map);
  memcpy(map, s->input_values, (size_t)s->n * sizeof *map);
  attrib_status status = attrib_image_normalise(context, s->n, 0, ATTRIB_SIGN_BOTH, 0, map);
  if (status >= 0) memcpy(results, map, (size_t)s->n * sizeof *map);
  free(map);
  return status;
}

attrib_status scene_play(stage *s, scene which, attrib_context *context, double *results, attrib_report *report) {
  attrib_ig_options options = options_of(s, which);
  attrib_baselines set = set_of(s, which);
  attrib_path path = path_of(s, which);
  int64_t target = target_of(which);
  switch (which) {
    case SCENE_GRADIENT:
    case SCENE_TIMES_INPUT: return attrib_gradient(context, &s->model, s->input, target, &options, results, report);
    case SCENE_IG_ROWS:
    case SCENE_IG_FETCHED:
    case SCENE_IG_NOISE:
    case SCENE_IG_MEAN:
      return attrib_integrated_gradients(context, &s->model, s->input, target, &set, &options, results, report);
    case SCENE_PATH_KNOTS:
    case SCENE_PATH_CURVE: return attrib_path_gradients(context, &s->model, target, &path, &options, results, report);
    case SCENE_OUTPUTS_ONE: return attrib_outputs(context, &s->model, &set, 1, NULL, results, report);
    case SCENE_OUTPUTS_ALL: return attrib_outputs(context, &s->model, &set, ATTRIB_NO_TARGET, NULL, results, report);
    default: break;
  }
  if (scene_is_sampled(which)) return sampled_play(s, which, &set, context, results, report);
  return play_plain(s, which, context, results);
}

attrib_status scene_start(stage *s, scene which, attrib_context *context, attrib_run **run) {
  attrib_ig_options options = options_of(s, which);
  attrib_baselines set = set_of(s, which);
  attrib_path path = path_of(s, which);
  int64_t target = target_of(which);
  if (scene_is_sampled(which)) return sampled_start(s, which, &set, context, run);
  switch (which) {
    case SCENE_GRADIENT:
    case SCENE_TIMES_INPUT: return attrib_gradient_start(context, &s->model, s->input, target, &options, run);
    case SCENE_PATH_KNOTS:
    case SCENE_PATH_CURVE: return attrib_path_gradients_start(context, &s->model, target, &path, &options, run);
    default: return attrib_integrated_gradients_start(context, &s->model, s->input, target, &set, &options, run);
  }
}

attrib_status scene_pull(stage *s, scene which, attrib_context *context, int out, double *results,
                         attrib_report *report) {
  attrib_run *run;
  attrib_status status = scene_start(s, which, context, &run);
  if (status < 0) return status;
  attrib_batch *held[16];
  int holding = 0;
  while (!attrib_run_done(run)) {
    attrib_batch *batch = NULL;
    if (holding < out && holding < 16 && attrib_run_next(run, &batch) < 0) break;
    if (batch != NULL) {
      held[holding++] = batch;
      continue;
    }
    if (holding == 0) continue; /* done, which only attrib_run_next could find out */
    batch = held[--holding];
    if (attrib_run_submit(run, batch, s->model.evaluate(batch, s)) < 0) break;
  }
  status = attrib_run_result(run, results, report);
  attrib_run_destroy(run);
  return status;
}

/* ---- the right answers ---- */

typedef struct true_row {
  bool gradient;
  double alpha, weight;
  int64_t line;
} true_row;

/* Nodes and weights on [0, 1]; Gauss-Legendre up to 3 points. */
static void true_node(uint32_t rule, int64_t points, int64_t j, double *alpha, double *weight) {
  double n = (double)points, k = (double)j;
  *weight = 1 / n;
  switch (rule) {
    case ATTRIB_RULE_LEFT: *alpha = k / n; return;
    case ATTRIB_RULE_RIGHT: *alpha = (k + 1) / n; return;
    case ATTRIB_RULE_MIDPOINT: *alpha = (k + 0.5) / n; return;
    case ATTRIB_RULE_TRAPEZOID:
      *alpha = k / (n - 1);
      *weight = (j == 0 || j == points - 1 ? 0.5 : 1) / (n - 1);
      return;
    default: break;
  }
  double reach = points == 1 ? 0 : points == 2 ? sqrt(1.0 / 3) : sqrt(3.0 / 5);
  *alpha = 0.5 + reach / 2 * (points == 1 ? 0 : points == 2 ? 2 * k - 1 : k - 1);
  *weight = points == 1 ? 1 : points == 2 ? 0.5 : j == 1 ? 4.0 / 9 : 5.0 / 18;
}

double scene_weight(const stage *s, scene which, int64_t k) {
  if (which == SCENE_PATH_KNOTS || which == SCENE_PATH_CURVE) return 1;
  double total = 0;
  for (int64_t i = 0; i < s->count; i++) total += weighted(which) ? s->weights[i] : 1;
  return (weighted(which) ? s->weights[k] : 1) / total;
}

/* All rows in the order that methods.h promises; returns how many. rows may be NULL. */
static int64_t list_rows(const stage *s, scene which, true_row *rows) {
  int64_t count = 0;
#define PUT(...)                                             \
  do {                                                       \
    if (rows != NULL) rows[count] = (true_row){__VA_ARGS__}; \
    count++;                                                 \
  } while (0)
  if (which >= SCENE_RUNS) {
    for (int64_t k = 0; k < s->count; k++) PUT(false, 0, 0, k);
    return count;
  }
  if (which == SCENE_GRADIENT || which == SCENE_TIMES_INPUT) {
    PUT(true, 1, 1, 0);
    return count;
  }
  uint32_t rule = rule_of(which);
  bool path = which == SCENE_PATH_KNOTS || which == SCENE_PATH_CURVE;
  int64_t lines = which == SCENE_PATH_KNOTS ? s->count - 1 : which == SCENE_PATH_CURVE ? 1 : s->count;
  if (rule != ATTRIB_RULE_RIGHT && rule != ATTRIB_RULE_TRAPEZOID) PUT(false, 1, 0, path ? lines - 1 : 0);
  if (rule != ATTRIB_RULE_LEFT && rule != ATTRIB_RULE_TRAPEZOID)
    for (int64_t k = 0; k < (path ? 1 : lines); k++)
      if (scene_weight(s, which, k) > 0) PUT(false, 0, 0, k);
  for (int64_t k = 0; k < lines; k++) {
    for (int64_t j = 0; scene_weight(s, which, k) > 0 && j < s->points; j++) {
      double alpha, weight;
      true_node(rule, s->points, j, &alpha, &weight);
      PUT(true, alpha, weight * scene_weight(s, which, k), k);
    }
  }
#undef PUT
  return count;
}

int64_t scene_rows(const stage *s, scene which) {
  return scene_is_sampled(which) ? sampled_rows(s, which) : list_rows(s, which, NULL);
}

static true_row *rows_of(const stage *s, scene which) {
  true_row *rows = block(scene_rows(s, which), sizeof *rows);
  list_rows(s, which, rows);
  return rows;
}

bool scene_row_has_gradient(const stage *s, scene which, int64_t r) {
  if (scene_is_sampled(which)) return sampled_row_has_gradient(s, which, r);
  true_row *rows = rows_of(s, which);
  bool gradient = rows[r].gradient;
  free(rows);
  return gradient;
}

static double rounded(const stage *s, double value) {
  return s->dtype == ATTRIB_F32 ? (double)(float)value : value;
}

/* The point of a row and its displacement. */
static void true_point(const stage *s, scene which, const true_row *row, double *point, double *displacement) {
  void *drawn = block(s->n, sizeof(double));
  if (which == SCENE_IG_NOISE && attrib_noise_fetch(row->line, drawn, (void *)&s->noise) != 0) abort();
  for (int64_t i = 0; i < s->n; i++) {
    double from = s->values[row->line * s->n + i], to = s->input_values[i];
    if (which == SCENE_IG_NOISE) from = s->dtype == ATTRIB_F32 ? (double)((float *)drawn)[i] : ((double *)drawn)[i];
    if (which == SCENE_PATH_KNOTS) to = s->values[(row->line + 1) * s->n + i];
    displacement[i] = to - from;
    point[i] = rounded(s, from + row->alpha * (to - from));
    if (which == SCENE_PATH_CURVE) {
      point[i] = rounded(s, curve_at(s, row->alpha, i, &displacement[i]));
      displacement[i] = rounded(s, displacement[i]);
    }
    if (which == SCENE_TIMES_INPUT) displacement[i] = s->input_values[i];
    if (which == SCENE_GRADIENT || which == SCENE_IG_MEAN) displacement[i] = 1;
    if (which == SCENE_GRADIENT || which == SCENE_TIMES_INPUT) point[i] = s->input_values[i];
  }
  free(drawn);
}

void scene_gradient(const stage *s, scene which, const double *point, double *gradient) {
  double *part = block(s->n, sizeof *part);
  memset(gradient, 0, (size_t)s->n * sizeof *gradient);
  for (int k = 0; k < STAGE_OUTPUTS; k++) {
    double weight = target_of(which) == ATTRIB_NO_TARGET ? s->target_weights[k] : k == 0;
    functions[k](point, s->n, part, NULL);
    for (int64_t i = 0; i < s->n; i++) gradient[i] += weight * part[i];
  }
  for (int64_t i = 0; i < s->n; i++) gradient[i] = rounded(s, gradient[i]);
  free(part);
}

static void expect_outputs(const stage *s, scene which, int64_t rows, double *results) {
  int64_t columns = which == SCENE_OUTPUTS_ALL ? STAGE_OUTPUTS : 1;
  for (int64_t i = 0; i < s->count * columns; i++) {
    int64_t k = which == SCENE_OUTPUTS_ALL ? i % columns : 1;
    results[i] = i / columns < rows ? functions[k](s->values + i / columns * s->n, s->n, NULL, NULL) : (double)NAN;
  }
}

void scene_expect(const stage *s, scene which, int64_t rows, double *results) {
  if (which >= SCENE_RUNS) {
    expect_outputs(s, which, rows, results);
    return;
  }
  if (scene_is_sampled(which)) {
    sampled_expect(s, which, rows, results);
    return;
  }
  true_row *all = rows_of(s, which);
  double *point = block(s->n, sizeof *point), *displacement = block(s->n, sizeof *point);
  double *gradient = block(s->n, sizeof *point);
  memset(results, 0, (size_t)scene_results(s, which) * sizeof *results);
  for (int64_t r = 0; r < rows; r++) {
    if (!all[r].gradient) continue;
    true_point(s, which, &all[r], point, displacement);
    scene_gradient(s, which, point, gradient);
    for (int64_t i = 0; i < s->n; i++)
      results[scene_is_grouped(which) ? s->groups[i] : i] += all[r].weight * displacement[i] * gradient[i];
  }
  free(all);
  free(point);
  free(displacement);
  free(gradient);
}

int64_t scene_held(const stage *s, scene which, int64_t rows) {
  return scene_is_sampled(which) ? sampled_held(s, which, rows) : 0;
}

bool scene_expect_errors(const stage *s, scene which, int64_t rows, double *errors) {
  if (scene_is_sampled(which)) return sampled_expect_errors(s, which, rows, errors);
  for (int64_t i = 0; i < scene_results(s, which); i++) errors[i] = (double)NAN;
  return true;
}

/* ---- small things ---- */

void assert_close(const double *actual, const double *expected, int64_t n, const char *what) {
  double scale = 0;
  for (int64_t i = 0; i < n; i++) scale = fmax(scale, fabs(expected[i]));
  for (int64_t i = 0; i < n; i++) {
    if (isnan(expected[i]) ? isnan(actual[i]) : fabs(actual[i] - expected[i]) <= 1e-12 * scale) continue;
    fail_msg("%s: element %" PRId64 " is %.17g, not %.17g", what, i, actual[i], expected[i]);
  }
}

double *untouched(int64_t n) {
  double *values = block(n, sizeof *values);
  memset(values, 0x5a, (size_t)n * sizeof *values);
  return values;
}

bool is_untouched(const double *values, int64_t n) {
  const unsigned char *bytes = (const unsigned char *)values;
  for (size_t i = 0; i < (size_t)n * sizeof *values; i++)
    if (bytes[i] != 0x5a) return false;
  return true;
}

attrib_report *report_open(int64_t message_capacity) {
  attrib_report *report = block(1, sizeof *report);
  memset(report, 0, sizeof *report);
  report->struct_size = sizeof *report;
  report->message_capacity = message_capacity;
  report->message = block(message_capacity, 1);
  memset(report->message, '#', (size_t)message_capacity);
  return report;
}

void report_close(attrib_report *report) {
  free(report->message);
  free(report);
}
