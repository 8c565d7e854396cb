/* Scenes of the sampling methods. Which rows these evaluate is drawn at random, so an undisturbed run is recorded, as
 * the model sees it; what a prefix of its rows comes to is worked out here, from the rows and from nothing else that
 * the library says. */
#include "hardship.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Between what 64 and 128 draws of the standard stage (5 inputs, 3 baselines) give, 64 draws and a lattice of 2 for
 * each of MANY, and 32 and 128 samples. */
static const double draws_tolerance = 0.04, change_tolerance = 0.03, noise_tolerance = 0.05, noise = 0.3;

/* Baselines for which strata come before a lattice, and strata that are taken before it. */
enum { MANY = 129, FIRST_DRAWS = 64 };

static void *block(int64_t count, size_t size) {
  void *memory = malloc((size_t)count * size + 1);
  if (memory == NULL) abort();
  return memory;
}

/* ---- the calls ---- */

bool scene_is_sampled(scene which) {
  return which >= SCENE_EG_IID && which <= SCENE_SMOOTH_ROUNDS;
}

bool scene_has_tolerance(scene which) {
  return which == SCENE_EG_ROUNDS || which == SCENE_EG_DOUBLED || which == SCENE_EG_CHANGED ||
         which == SCENE_SMOOTH_ROUNDS;
}

static bool smooth(scene which) {
  return which >= SCENE_SMOOTH_PAIRS && which <= SCENE_SMOOTH_ROUNDS;
}

static bool lattice(scene which) {
  return which == SCENE_EG_LATTICE || which == SCENE_EG_SINGLE || which == SCENE_EG_DOUBLED;
}

static bool in_pairs(scene which) {
  return smooth(which) && which != SCENE_SMOOTH_SINGLE;
}

int64_t scene_baselines(const stage *s, scene which) {
  return which == SCENE_EG_CHANGED && s->count < MANY ? MANY : s->count; /* a fetched set repeats */
}

static int64_t baselines_used(const stage *s, scene which) {
  if (which == SCENE_EG_CHANGED) return scene_baselines(s, which);
  int64_t used = 0;
  for (int64_t k = 0; k < s->count; k++) used += scene_weight(s, which, k) > 0;
  return used;
}

static double tolerance_of(const stage *s, scene which) {
  if (!scene_has_tolerance(which)) return 0;
  if (s->tolerance > 0) return s->tolerance;
  switch (which) {
    case SCENE_EG_DOUBLED: return 1e-9;
    case SCENE_EG_ROUNDS: return draws_tolerance;
    case SCENE_EG_CHANGED: return change_tolerance;
    default: return noise_tolerance;
  }
}

/* A draw more than the lattice has use for: it takes whole multiples. */
static int64_t samples_of(const stage *s, scene which) {
  switch (which) {
    case SCENE_EG_LATTICE: return s->points * baselines_used(s, which) + baselines_used(s, which) - 1;
    case SCENE_EG_SINGLE: return s->count;
    case SCENE_SMOOTH_PAIRS: return 2 * s->points - 1; /* rounded up to pairs */
    case SCENE_SMOOTH_SINGLE: return s->points + 1;
    default: return scene_has_tolerance(which) ? 0 : 2 * s->points;
  }
}

static attrib_eg_options eg_options_of(const stage *s, scene which) {
  attrib_eg_options options = {
      .struct_size = sizeof options, .seed = 5, .samples = samples_of(s, which), .tolerance = tolerance_of(s, which)};
  if (which == SCENE_EG_IID) options.sampler = ATTRIB_SAMPLER_IID;
  if (which == SCENE_EG_STRATIFIED || which == SCENE_EG_ROUNDS) options.sampler = ATTRIB_SAMPLER_STRATIFIED;
  if (which == SCENE_EG_LATTICE || which == SCENE_EG_DOUBLED) options.sampler = ATTRIB_SAMPLER_LATTICE;
  if (which == SCENE_EG_SINGLE) options.flags = ATTRIB_MEAN_GRADIENT;
  if (scene_has_tolerance(which)) options.max_evaluations = (which == SCENE_EG_CHANGED ? MANY : 64) * s->points;
  if (scene_weighs_outputs(which)) options.target_weights = s->target_weights;
  if (scene_is_grouped(which)) {
    options.groups = s->groups;
    options.n_groups = STAGE_GROUPS;
  }
  return options;
}

static uint32_t form_of(scene which) {
  switch (which) {
    case SCENE_SMOOTH_SINGLE: return ATTRIB_SMOOTH_TIMES_INPUT;
    case SCENE_SMOOTH_TAYLOR: return ATTRIB_SMOOTH_TAYLOR;
    case SCENE_SMOOTH_VARIANCE: return ATTRIB_SMOOTH_VARIANCE;
    case SCENE_SMOOTH_ROUNDS: return ATTRIB_SMOOTH_SQUARED;
    default: return ATTRIB_SMOOTH_MEAN;
  }
}

static attrib_smoothgrad_options smooth_options_of(const stage *s, scene which) {
  attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                       .form = form_of(which),
                                       .seed = 5,
                                       .samples = samples_of(s, which),
                                       .tolerance = tolerance_of(s, which),
                                       .sigma = noise};
  if (which == SCENE_SMOOTH_SINGLE) options.flags = ATTRIB_SMOOTH_INDEPENDENT;
  if (which == SCENE_SMOOTH_TAYLOR) options.high = 1; /* and low 0: about the input */
  if (scene_has_tolerance(which)) options.max_evaluations = 64 * s->points;
  if (scene_weighs_outputs(which)) options.target_weights = s->target_weights;
  if (scene_is_grouped(which)) {
    options.groups = s->groups;
    options.n_groups = STAGE_GROUPS;
  }
  return options;
}

attrib_status sampled_play(stage *s, scene which, const attrib_baselines *set, attrib_context *context, double *results,
                           attrib_report *report) {
  int64_t target = scene_weighs_outputs(which) ? ATTRIB_NO_TARGET : 0;
  attrib_eg_options drawn = eg_options_of(s, which);
  attrib_smoothgrad_options noised = smooth_options_of(s, which);
  if (smooth(which)) return attrib_smoothgrad(context, &s->model, s->input, target, &noised, results, report);
  return attrib_expected_gradients(context, &s->model, s->input, target, set, &drawn, results, report);
}

attrib_status sampled_start(stage *s, scene which, const attrib_baselines *set, attrib_context *context,
                            attrib_run **run) {
  int64_t target = scene_weighs_outputs(which) ? ATTRIB_NO_TARGET : 0;
  attrib_eg_options drawn = eg_options_of(s, which);
  attrib_smoothgrad_options noised = smooth_options_of(s, which);
  if (smooth(which)) return attrib_smoothgrad_start(context, &s->model, s->input, target, &noised, run);
  return attrib_expected_gradients_start(context, &s->model, s->input, target, set, &drawn, run);
}

/* ---- the recording ---- */

typedef struct recording {
  int64_t points;   /* of the stage when it was made; 0 = not made */
  double tolerance; /* likewise */
  int64_t rows, draws, capacity;
  bool *gradient; /* by row */
  double *inputs; /* rows x n */
  attrib_status status;
  uint32_t stop_reason;
  int64_t first;            /* draws of the first doubling; without a tolerance of a lattice all of them */
  int64_t change, anew;     /* draws before a lattice that begins anew, and of its first doubling; 0 = there is none */
  double *values, *weights; /* of each draw what it adds to the mean, n of it, and how much it counts */
} recording;

/* The draws that the values of a prefix hold. */
typedef struct held {
  int64_t from, count;
} held;

typedef struct recorder {
  stage stage; /* a stand-in, so that the counters of the other stay as they are */
  recording *recording;
} recorder;

static int32_t ATTRIB_CALL record_row(const attrib_batch *b, void *user) {
  recorder *r = user;
  recording *rec = r->recording;
  int64_t n = b->n_inputs;
  assert_int_equal(b->rows, 1);
  assert_int_equal(b->row_ids[0], rec->rows);
  if (rec->rows == rec->capacity) {
    rec->capacity = 2 * rec->capacity + 64;
    rec->gradient = realloc(rec->gradient, (size_t)rec->capacity * sizeof *rec->gradient);
    rec->inputs = realloc(rec->inputs, (size_t)(rec->capacity * n) * sizeof *rec->inputs);
    if (rec->gradient == NULL || rec->inputs == NULL) abort();
  }
  rec->gradient[rec->rows] = b->gradients != NULL;
  for (int64_t i = 0; i < n; i++)
    rec->inputs[rec->rows * n + i] =
        b->dtype == ATTRIB_F32 ? (double)((const float *)b->inputs)[i] : ((const double *)b->inputs)[i];
  rec->draws += rec->gradient[rec->rows++];
  return analytic_evaluate(b, &r->stage.inner);
}

static void forget(recording *rec) {
  free(rec->gradient);
  free(rec->inputs);
  free(rec->values);
  free(rec->weights);
  *rec = (recording){0};
}

void recordings_open(stage *s) {
  s->recordings = block(SCENE_END, sizeof *s->recordings);
  memset(s->recordings, 0, SCENE_END * sizeof *s->recordings);
}

void recordings_close(stage *s) {
  for (int which = 0; which < SCENE_END; which++) forget(&s->recordings[which]);
  free(s->recordings);
}

static recording *recording_of(const stage *s, scene which) {
  recording *rec = &s->recordings[which];
  if (rec->points == s->points && rec->tolerance == s->tolerance) return rec;
  forget(rec);
  rec->points = s->points;
  rec->tolerance = s->tolerance;
  recorder r = {.recording = rec};
  stage_stand_in(&r.stage, s);
  r.stage.model.evaluate = record_row;
  r.stage.model.user = &r;
  r.stage.model.max_rows = 1;
  double *results = untouched(scene_results(s, which));
  attrib_report *report = report_open(200);
  rec->status = scene_play(&r.stage, which, NULL, results, report);
  rec->stop_reason = report->stop_reason;
  assert_true(rec->status == ATTRIB_OK || rec->status == ATTRIB_NOT_CONVERGED);
  report_close(report);
  free(results);
  return rec;
}

attrib_status scene_status(const stage *s, scene which) {
  return scene_is_sampled(which) ? recording_of(s, which)->status : ATTRIB_OK;
}

uint32_t scene_stop_reason(const stage *s, scene which) {
  return scene_is_sampled(which) ? recording_of(s, which)->stop_reason : ATTRIB_STOP_COMPLETE;
}

int64_t scene_planned(const stage *s, scene which) {
  return scene_has_tolerance(which) ? 0 : scene_rows(s, which);
}

int64_t sampled_rows(const stage *s, scene which) {
  return recording_of(s, which)->rows;
}

bool sampled_row_has_gradient(const stage *s, scene which, int64_t r) {
  return recording_of(s, which)->gradient[r];
}

/* ---- what the rows come to ---- */

/* How far the point lies from the line from baseline k to the input. */
static double distance(const stage *s, const double *point, int64_t k) {
  double along = 0, length = 0, apart = 0;
  const double *from = s->values + k * s->n;
  for (int64_t i = 0; i < s->n; i++) {
    along += (point[i] - from[i]) * (s->input_values[i] - from[i]);
    length += (s->input_values[i] - from[i]) * (s->input_values[i] - from[i]);
  }
  for (int64_t i = 0; i < s->n; i++) {
    double off = point[i] - from[i] - along / length * (s->input_values[i] - from[i]);
    apart += off * off;
  }
  return along < 0 || along > length ? (double)INFINITY : sqrt(apart);
}

/* The baseline whose line a draw lies on; no two lines meet but in the input. */
static int64_t baseline_of(const stage *s, const double *point) {
  double least = s->dtype == ATTRIB_F32 ? 1e-7 : 1e-15;
  int64_t found = -1;
  for (int64_t k = 0; k < s->count; k++) {
    if (distance(s, point, k) > least) continue;
    assert_int_equal(found, -1);
    found = k;
  }
  assert_int_not_equal(found, -1);
  return found;
}

static void take_draw(const stage *s, scene which, const double *point, double *value, double *weight) {
  double *gradient = block(s->n, sizeof *gradient);
  int64_t k = smooth(which) ? -1 : baseline_of(s, point);
  bool by_feature = which == SCENE_SMOOTH_VARIANCE; /* summed over groups at the end */
  *weight = lattice(which) ? scene_weight(s, which, k) : 1;
  assert_true(*weight > 0 && (k < 0 || scene_weight(s, which, k) > 0));
  scene_gradient(s, which, point, gradient);
  memset(value, 0, (size_t)s->n * sizeof *value);
  for (int64_t i = 0; i < s->n; i++) {
    double x = s->input_values[i], g = gradient[i];
    if (!smooth(which) && which != SCENE_EG_SINGLE) g *= x - s->values[k * s->n + i];
    if (form_of(which) == ATTRIB_SMOOTH_TIMES_INPUT) g *= point[i];
    if (form_of(which) == ATTRIB_SMOOTH_TAYLOR) g *= x - point[i];
    if (form_of(which) == ATTRIB_SMOOTH_TAYLOR) assert_true(point[i] >= 0 && point[i] <= 1); /* clipped */
    if (form_of(which) == ATTRIB_SMOOTH_SQUARED) g *= g;
    value[scene_is_grouped(which) && !by_feature ? s->groups[i] : i] += g;
  }
  free(gradient);
}

/* The draws of a recording, each n doubles long. Of a lattice, how many come before the first baseline's turn again. */
static recording *draws_of(const stage *s, scene which) {
  recording *rec = recording_of(s, which);
  if (rec->values != NULL) return rec;
  rec->values = block(rec->draws * s->n, sizeof *rec->values);
  rec->weights = block(rec->draws, sizeof *rec->weights);
  int64_t draw = 0, first_baseline = -1;
  for (int64_t r = 0; r < rec->rows; r++) {
    const double *point = rec->inputs + r * s->n;
    if (!rec->gradient[r]) continue;
    take_draw(s, which, point, rec->values + draw * s->n, &rec->weights[draw]);
    if (lattice(which)) {
      int64_t k = baseline_of(s, point);
      if (draw == 0) first_baseline = k;
      if (k == first_baseline && rec->first == draw) rec->first = draw + 1;
    }
    draw++;
  }
  rec->first *= baselines_used(s, which);
  if (!lattice(which)) rec->first = scene_has_tolerance(which) ? FIRST_DRAWS : rec->draws;
  if (which != SCENE_EG_CHANGED) return rec;
  rec->change = FIRST_DRAWS;
  while (rec->change < baselines_used(s, which) / 2) rec->change *= 2;
  rec->anew = 2 * baselines_used(s, which);
  return rec;
}

/* Header, "Statuses" and "Row order" of the methods. */
static held held_draws(const recording *rec, scene which, int64_t rows) {
  int64_t draws = 0;
  for (int64_t r = 0; r < rows; r++) draws += rec->gradient[r];
  if (in_pairs(which)) return (held){0, draws - draws % 2};
  if (!scene_has_tolerance(which) || draws < rec->first) return (held){0, draws};
  held h = {0, rec->first};
  if (rec->change > 0 && draws >= rec->change + rec->anew) h = (held){rec->change, rec->anew};
  int64_t end = rec->change > 0 && h.from == 0 && draws > rec->change ? rec->change : draws;
  while (h.from + 2 * h.count <= end) h.count *= 2;
  return h;
}

int64_t sampled_held(const stage *s, scene which, int64_t rows) {
  return held_draws(draws_of(s, which), which, rows).count;
}

int64_t scene_points(const stage *s, scene which, int64_t rows) {
  const recording *rec = draws_of(s, which);
  held h = held_draws(rec, which, rows);
  if (!lattice(which) && h.from == 0) return 0;
  return (h.count > rec->first ? h.count : rec->first) / baselines_used(s, which);
}

/* Mean of entry i, and, with `size` draws taken together, the sum of squared deviations from it. */
static double mean_of(const stage *s, const recording *rec, held h, int64_t i) {
  long double sum = 0, weights = 0;
  for (int64_t d = h.from; d < h.from + h.count; d++) {
    sum += (long double)rec->weights[d] * rec->values[d * s->n + i];
    weights += rec->weights[d];
  }
  return h.count == 0 ? 0 : (double)(sum / weights);
}

static double square_deviation(const stage *s, const recording *rec, held h, int64_t i, int64_t size) {
  long double mean = mean_of(s, rec, h, i), sum = 0;
  for (int64_t d = h.from; d + size <= h.from + h.count; d += size) {
    long double together = 0;
    for (int64_t k = 0; k < size; k++) together += rec->values[(d + k) * s->n + i] / (long double)size;
    sum += (together - mean) * (together - mean);
  }
  return (double)sum;
}

void sampled_expect(const stage *s, scene which, int64_t rows, double *results) {
  const recording *rec = draws_of(s, which);
  held h = held_draws(rec, which, rows);
  bool variance = which == SCENE_SMOOTH_VARIANCE;
  memset(results, 0, (size_t)scene_results(s, which) * sizeof *results);
  for (int64_t i = 0; i < (variance ? s->n : scene_results(s, which)); i++) {
    if (variance && h.count > 0)
      results[s->groups[i]] += square_deviation(s, rec, h, i, 1) / (double)h.count;
    else if (!variance)
      results[i] = mean_of(s, rec, h, i);
  }
}

/* Sample standard deviation / sqrt(N). Of a lattice's differences and of a variance it is for others to say what the
 * number is, here that there is one. */
bool sampled_expect_errors(const stage *s, scene which, int64_t rows, double *errors) {
  const recording *rec = draws_of(s, which);
  held h = held_draws(rec, which, rows);
  int64_t size = in_pairs(which) ? 2 : 1;
  double count = (double)(h.count / size);
  bool unknown = count < 2 || (!smooth(which) && h.count < rec->first); /* the draws of some baselines are no sample */
  double widened = form_of(which) == ATTRIB_SMOOTH_SQUARED ? 1 + 10 / count : 1;
  for (int64_t i = 0; i < scene_results(s, which); i++)
    errors[i] = unknown ? (double)NAN : widened * sqrt(square_deviation(s, rec, h, i, size) / (count * (count - 1)));
  bool halves = which == SCENE_EG_LATTICE || which == SCENE_EG_DOUBLED || h.from > 0;
  return unknown || (!halves && which != SCENE_SMOOTH_VARIANCE);
}
