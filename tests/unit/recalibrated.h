/* recalibrated.h - recalibrated attributions by their definition, in plain loops, and calls with everything they give.
 * Include after fixture.h. */
#ifndef ATTRIB_TESTS_RECALIBRATED_H
#define ATTRIB_TESTS_RECALIBRATED_H

#include "random/philox.h"

#include "fixture.h"

/* What a call came to, or should: attributions and the report's buffers, in blocks of their very size. */
typedef struct recalibrated {
  attrib_status status;
  int64_t count;
  double *phi, *positive, *negative, *share, *errors;
  int64_t *kept;
  attrib_report report;
  char message[300];
} recalibrated;

static inline void prepare_recalibrated(recalibrated *r, int64_t count) {
  *r = (recalibrated){.count = count,
                      .phi = untouched(count),
                      .positive = untouched(count),
                      .negative = untouched(count),
                      .share = untouched(count),
                      .errors = untouched(count),
                      .kept = exact_block((size_t)count * sizeof *r->kept)};
  for (int64_t e = 0; e < count; e++) r->kept[e] = -777;
  r->report = (attrib_report){.struct_size = sizeof r->report,
                              .positive = r->positive,
                              .negative = r->negative,
                              .kept_weight = r->share,
                              .kept = r->kept,
                              .standard_errors = r->errors};
}

static inline void free_recalibrated(recalibrated *r) {
  free(r->phi);
  free(r->positive);
  free(r->negative);
  free(r->share);
  free(r->errors);
  free(r->kept);
}

static inline attrib_recalibration_options recalibration(uint32_t mode, uint32_t flags, uint32_t rule, int64_t points) {
  return (attrib_recalibration_options){.struct_size = sizeof(attrib_recalibration_options),
                                        .flags = flags,
                                        .mode = mode,
                                        .rule = rule,
                                        .points = points};
}

/* To be freed by the caller. */
static inline recalibrated recalibrate(const attrib_model *model, const void *input, const attrib_baselines *set,
                                       const attrib_recalibration_options *options) {
  recalibrated r;
  prepare_recalibrated(&r, options->n_groups > 0 ? options->n_groups : model->n_inputs);
  int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  r.report.message = r.message;
  r.report.message_capacity = sizeof r.message;
  r.status = attrib_recalibrated_gradients(NULL, model, input, target, set, options, r.phi, &r.report);
  r.report.message = NULL; /* the struct is about to move */
  return r;
}

#define assert_recalibrated(r) check_recalibrated(&(r), __FILE__, __LINE__)

static inline void check_recalibrated(const recalibrated *r, const char *file, int line) {
  if (r->status == ATTRIB_OK) return;
  print_error("%s: %s\n", attrib_status_name(r->status), r->message);
  _fail(file, line);
}

/* Gradient of what is explained at a point, as the model gives it. */
typedef void (*gradient_fn)(const double *point, double *gradient, void *user);

/* A problem for the definition: values are those that the dtype holds. */
typedef struct definition {
  uint32_t dtype;
  int64_t n, count;
  const double *input, *references, *weights; /* count x n; weights NULL = equal */
  gradient_fn gradient;
  void *user;
  int64_t rows; /* only so many are used; -1 = all */
} definition;

/* Nodes and weights as textbooks have them; of Gauss and Legendre the first three rules. */
static inline void textbook_node(const attrib_recalibration_options *o, int64_t b, int64_t j, double *t, double *w) {
  double n = (double)o->points, place = (double)j;
  *w = 1 / n;
  if (o->flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) {
    attrib__random_uniforms(o->seed, 7, (uint64_t)b, j, 1, t); /* a stream that is part of published results */
    return;
  }
  switch (o->rule) {
    case ATTRIB_RULE_LEFT: *t = place / n; break;
    case ATTRIB_RULE_RIGHT: *t = (place + 1) / n; break;
    case ATTRIB_RULE_TRAPEZOID:
      *t = place / (n - 1);
      *w = (j == 0 || j == o->points - 1 ? 0.5 : 1) / (n - 1);
      break;
    case ATTRIB_RULE_GAUSS_LEGENDRE: {
      double root = o->points == 1 ? 0 : o->points == 2 ? sqrt(1.0 / 3) : sqrt(0.6);
      assert_true(o->points <= 3);
      *t = o->points == 1 ? 0.5 : (1 + root * (o->points == 2 ? 2 * place - 1 : place - 1)) / 2;
      if (o->points == 3) *w = j == 1 ? 4.0 / 9 : 5.0 / 18;
      break;
    }
    default: *t = (2 * place + 1) / (2 * n); break;
  }
}

/* As an element of dtype holds it. Through memory: gcc 12 -O3 drops both conversions from pairs of an unrolled loop. */
static inline double as_held(uint32_t dtype, double value) {
  volatile float held = (float)value;
  return dtype == ATTRIB_F32 ? (double)held : value;
}

/* Contributions by entry of point j of reference b; with `gradients` not NULL the bare gradients by feature, too. */
static inline void contribute(const definition *d, const attrib_recalibration_options *o, int64_t b, int64_t j,
                              double *weight, double *entries, double *gradients) {
  double t, *point = exact_block((size_t)d->n * sizeof *point), *g = exact_block((size_t)d->n * sizeof *g);
  const double *r = d->references + b * d->n;
  long double *sums = calloc((size_t)(o->n_groups > 0 ? o->n_groups : d->n), sizeof *sums);
  textbook_node(o, b, j, &t, weight);
  for (int64_t i = 0; i < d->n; i++)
    point[i] = t == 1 ? d->input[i] : as_held(d->dtype, r[i] + t * (d->input[i] - r[i]));
  d->gradient(point, g, d->user);
  double factor = o->point_factor == 0 ? 1 : o->point_factor == ATTRIB_POINT_FACTOR_TO_INPUT ? 1 - t : t;
  for (int64_t i = 0; i < d->n; i++) {
    double moved = d->input[i] - r[i];
    g[i] = as_held(d->dtype, g[i]);
    gradients[i] = g[i];
    sums[o->n_groups > 0 ? o->groups[i] : i] += moved == 0 ? 0 : (long double)(factor * (moved * g[i]));
  }
  for (int64_t e = 0; e < (o->n_groups > 0 ? o->n_groups : d->n); e++) entries[e] = (double)sums[e];
  free(sums);
  free(point);
  free(g);
}

/* One judgement: a value of an entry, with its weight. */
static inline void judge(recalibrated *r, const attrib_recalibration_options *o, int64_t e, double weight,
                         double value) {
  bool keeps = o->flags & ATTRIB_RECALIBRATE_STRICT ? value > 0 : value >= 0;
  double part = o->flags & ATTRIB_RECALIBRATE_SQUARED ? value * value : value;
  (keeps ? r->positive : r->negative)[e] += weight * part;
  if (!keeps) return;
  r->share[e] += weight;
  r->kept[e]++;
}

/* The definition of recalibrate.h, reference by reference. Sums of few terms in double, as they come. */
static inline recalibrated by_definition(const definition *d, const attrib_recalibration_options *o) {
  recalibrated r;
  int64_t count = o->n_groups > 0 ? o->n_groups : d->n, left = d->rows < 0 ? d->count * o->points : d->rows;
  bool vanilla = o->mode == ATTRIB_RECALIBRATE_VANILLA, squared = (o->flags & ATTRIB_RECALIBRATE_SQUARED) != 0;
  bool whole = o->mode == ATTRIB_RECALIBRATE_VALID_REF || (vanilla && squared);
  double total = 0, weight, *entries = exact_block((size_t)count * sizeof *entries);
  double *gradients = exact_block((size_t)d->n * sizeof *gradients);
  double *means = exact_block((size_t)count * sizeof *means), *slopes = exact_block((size_t)d->n * sizeof *slopes);
  prepare_recalibrated(&r, count);
  for (int64_t e = 0; e < count; e++) r.phi[e] = r.positive[e] = r.negative[e] = r.share[e] = (double)(r.kept[e] = 0);
  for (int64_t b = 0; b < d->count; b++) total += d->weights == NULL ? 1 : d->weights[b];
  for (int64_t b = 0; b < d->count; b++) {
    double of_b = (d->weights == NULL ? 1 : d->weights[b]) / total;
    memset(means, 0, (size_t)count * sizeof *means);
    memset(slopes, 0, (size_t)d->n * sizeof *slopes);
    for (int64_t j = 0; j < o->points && of_b > 0 && left > 0; j++, left--) {
      contribute(d, o, b, j, &weight, entries, gradients);
      for (int64_t i = 0; i < d->n; i++) slopes[i] += weight * gradients[i];
      for (int64_t e = 0; e < count; e++) {
        means[e] += weight * entries[e];
        if (vanilla && !squared) r.phi[e] += of_b * weight * entries[e];
        if (vanilla && !whole) r.share[e] += of_b * weight;
        if (vanilla && !whole) r.kept[e]++;
        if (!vanilla && !whole) judge(&r, o, e, of_b * weight, entries[e]);
      }
      for (int64_t e = 0; e < count && whole && j == o->points - 1; e++) {
        if (vanilla) r.share[e] += of_b;
        if (vanilla) r.kept[e] += o->points;
        if (!vanilla) judge(&r, o, e, of_b, means[e]);
      }
      for (int64_t i = 0; i < d->n && vanilla && whole && j == o->points - 1; i++)
        r.phi[o->n_groups > 0 ? o->groups[i] : i] +=
            of_b * (d->input[i] - d->references[b * d->n + i]) * slopes[i] * slopes[i];
    }
  }
  for (int64_t e = 0; e < count; e++) {
    if (vanilla) r.positive[e] = r.phi[e];
    if (vanilla) continue;
    bool all = (o->flags & ATTRIB_RECALIBRATE_NORM_ALL) != 0;
    r.phi[e] = all ? r.positive[e] : r.kept[e] == 0 ? 0 : r.positive[e] / r.share[e];
  }
  free(entries);
  free(gradients);
  free(means);
  free(slopes);
  return r;
}

/* The same to `tolerance` of the largest number of each kind; what was kept to the last point. */
#define assert_same_recalibrated(a, b, tolerance) check_same_recalibrated(&(a), &(b), (tolerance), __FILE__, __LINE__)

static inline void check_same_recalibrated(const recalibrated *a, const recalibrated *b, double tolerance,
                                           const char *file, int line) {
  const double *left[] = {a->phi, a->positive, a->negative}, *right[] = {b->phi, b->positive, b->negative};
  double sum = 0, scale = 0;
  if (a->count != b->count) _fail(file, line);
  for (int v = 0; v < 3; v++)
    for (int64_t e = 0; e < a->count; e++) scale = fmax(scale, fabs(right[v][e]));
  for (int v = 0; v < 3; v++)
    for (int64_t e = 0; e < a->count; e++) check_near(left[v][e], right[v][e], tolerance, scale, file, line);
  for (int64_t e = 0; e < a->count; e++) {
    check_near(a->share[e], b->share[e], ROUND_OFF, 1, file, line);
    if (a->kept[e] != b->kept[e]) {
      print_error("entry %" PRId64 " kept %" PRId64 ", not %" PRId64 "\n", e, a->kept[e], b->kept[e]);
      _fail(file, line);
    }
    sum += a->phi[e];
  }
  check_near(a->report.attribution_sum, sum, ROUND_OFF * (double)(a->count + 16), scale, file, line);
}

#endif
