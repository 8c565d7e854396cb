/* bits.c - prints the attributions of a fixed set of runs, bit by bit: two builds of the library agree or they do not.
 *
 * Compilers and optimisation levels are compared by diffing the output. The model's own arithmetic is the same
 * everywhere (IEEE operations and sqrt; compile with -ffp-contract=off), so what differs is the library's. Gaussian
 * noise is left out: it takes logarithms from the machine's libm, and so do independent draws of expected gradients and
 * most noise of SmoothGrad. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

enum { SMALL = 5, LARGE = 1025, KNOTS = 4 };

static double number(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(int64_t)(*state >> 11) * 0x1p-52 - 1;
}

static double get(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static void put(uint32_t dtype, void *row, int64_t i, double value) {
  if (dtype == ATTRIB_F32)
    ((float *)row)[i] = (float)value;
  else
    ((double *)row)[i] = value;
}

/* f = sum of sqrt(1 + x_i^2) x_{i+1}, indices round the ring; output 1 is half of it. */
static int32_t ATTRIB_CALL evaluate(const attrib_batch *b, void *user) {
  (void)user;
  int64_t n = b->n_inputs;
  double scale = b->target_weights != NULL ? b->target_weights[0] + b->target_weights[1] / 2 : b->target == 0 ? 1 : .5;
  for (int64_t r = 0; r < b->rows; r++) {
    int64_t at = r * b->input_stride, to = r * b->gradient_stride;
    double f = 0;
    for (int64_t i = 0; i < n; i++) {
      double x = get(b->dtype, b->inputs, at + i), next = get(b->dtype, b->inputs, at + (i + 1) % n);
      double before = get(b->dtype, b->inputs, at + (i + n - 1) % n);
      double root = sqrt(1 + x * x);
      f += root * next;
      if (b->gradients != NULL)
        put(b->dtype, b->gradients, to + i, scale * (x / root * next + sqrt(1 + before * before)));
    }
    b->outputs[r * b->output_stride] = scale * f;
  }
  return 0;
}

/* Knots 0, 1, 2 as the coefficients of a parabola. */
typedef struct curve {
  const void *rows;
  uint32_t dtype;
  int64_t n;
} curve;

static int32_t ATTRIB_CALL along(double alpha, void *point, void *tangent, void *user) {
  const curve *c = user;
  for (int64_t i = 0; i < c->n; i++) {
    double p = get(c->dtype, c->rows, i), q = get(c->dtype, c->rows, c->n + i),
           s = get(c->dtype, c->rows, 2 * c->n + i);
    put(c->dtype, point, i, p + alpha * (q + alpha * s));
    if (tangent != NULL) put(c->dtype, tangent, i, q + 2 * alpha * s);
  }
  return 0;
}

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* Short vectors in full, long ones as one number (FNV-1a). */
static void print(const char *name, uint32_t dtype, attrib_status status, const double *values, int64_t n) {
  printf("%s f%d %" PRId64 ":", name, dtype == ATTRIB_F32 ? 32 : 64, n);
  if (status != ATTRIB_OK) printf(" %s", attrib_status_name(status));
  uint64_t hash = UINT64_C(14695981039346656037);
  for (int64_t i = 0; i < n && status == ATTRIB_OK; i++) {
    uint64_t bits = bits_of(values[i]);
    if (n <= 16) printf(" %016" PRIx64, bits);
    for (int byte = 0; byte < 8; byte++) hash = (hash ^ (bits >> 8 * byte & 255)) * UINT64_C(1099511628211);
  }
  if (n > 16 && status == ATTRIB_OK) printf(" #%016" PRIx64, hash);
  printf("\n");
}

static void print_report(const attrib_report *report) {
  const double values[] = {report->output,
                           report->baseline_output,
                           report->attribution_sum,
                           report->completeness_target,
                           report->completeness_error,
                           report->completeness_relative};
  for (int i = 0; i < 6; i++) printf("  %016" PRIx64, isnan(values[i]) ? 0 : bits_of(values[i]));
  printf("\n");
}

typedef struct scene {
  uint32_t dtype;
  int64_t n;
  attrib_model model;
  void *rows; /* KNOTS of them; the last is the input */
  const void *input;
  double *attributions;
  int32_t *groups;
} scene;

static void integrate(const scene *s, const char *name, const attrib_baselines *set, const attrib_ig_options *options,
                      int64_t target, int64_t count) {
  double *errors = malloc((size_t)count * sizeof *errors);
  if (errors == NULL) abort();
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  attrib_status status =
      attrib_integrated_gradients(NULL, &s->model, s->input, target, set, options, s->attributions, &report);
  print(name, s->dtype, status, s->attributions, count);
  if (report.rule == ATTRIB_RULE_ADAPTIVE) {
    printf("%" PRId64 " rows, ", report.evaluations);
    print("give or take", s->dtype, status, errors, count);
  }
  free(errors);
  print_report(&report);
}

static void integrated_gradients(const scene *s) {
  static const char *const names[] = {"default", "left", "right", "midpoint", "trapezoid", "gauss"};
  static const double weights[] = {.3, 0, 1.7}, target_weights[] = {.1, -3};
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .rows = s->rows};
  attrib_ig_options options = {.struct_size = sizeof options};
  for (uint32_t rule = 0; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
    options.rule = rule;
    options.points = rule == 0 ? 0 : 17;
    integrate(s, names[rule], &set, &options, 0, s->n);
  }
  set.count = 1;
  for (int times = 1; times <= 100; times *= 10) { /* from the first nodes to panels */
    const attrib_ig_options adaptive = {
        .struct_size = sizeof adaptive, .tolerance = 1e-2 / times, .max_evaluations = 10000};
    integrate(s, "adaptive", &set, &adaptive, 0, s->n);
  }
  set.count = 3;
  const attrib_ig_options pool = {.struct_size = sizeof pool, .tolerance = 1e-4, .max_evaluations = 10000};
  integrate(s, "pool", &set, &pool, 0, s->n);
  set.weights = weights;
  options.target_weights = target_weights;
  integrate(s, "weighted", &set, &options, ATTRIB_NO_TARGET, s->n);
  options.target_weights = NULL;
  options.groups = s->groups;
  options.n_groups = 3;
  integrate(s, "grouped", &set, &options, 1, 3);
  options.groups = NULL;
  options.n_groups = 0;
  options.flags = ATTRIB_MEAN_GRADIENT;
  integrate(s, "mean gradient", &set, &options, 0, s->n);
  options.flags = 0;
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = s->dtype,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = s->n,
                        .seed = 20240229,
                        .low = -.7,
                        .high = 1.3};
  set = (attrib_baselines){.struct_size = sizeof set, .count = 3, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  integrate(s, "noise", &set, &options, 0, s->n);
}

/* With the standard errors, and where the doublings ended. */
static void draw(const scene *s, const char *name, const attrib_baselines *set, const attrib_eg_options *options,
                 int64_t target, int64_t count) {
  double *errors = malloc((size_t)count * sizeof *errors);
  if (errors == NULL) abort();
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  attrib_status status =
      attrib_expected_gradients(NULL, &s->model, s->input, target, set, options, s->attributions, &report);
  print(name, s->dtype, status, s->attributions, count);
  print("  give or take", s->dtype, status, errors, count);
  print_report(&report);
  printf("  %" PRId64 " draws, %016" PRIx64 "\n", report.samples,
         isnan(report.error_estimate) ? 0 : bits_of(report.error_estimate));
  free(errors);
}

static void expected_gradients(const scene *s) {
  static const double weights[] = {.3, 0, 1.7}, target_weights[] = {.1, -3};
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .rows = s->rows};
  attrib_eg_options options = {.struct_size = sizeof options, .seed = UINT64_C(0x8badf00d12345678)};
  draw(s, "draws", &set, &options, 0, s->n);
  options.samples = 3;
  draw(s, "one draw for each", &set, &options, 0, s->n);
  options.samples = 14;
  set.weights = weights;
  options.sampler = ATTRIB_SAMPLER_LATTICE;
  draw(s, "weighted lattice", &set, &options, 0, s->n);
  options.sampler = ATTRIB_SAMPLER_STRATIFIED;
  draw(s, "weighted strata", &set, &options, 0, s->n);
  options.target_weights = target_weights;
  options.groups = s->groups;
  options.n_groups = 3;
  draw(s, "strata in groups", &set, &options, ATTRIB_NO_TARGET, 3);
  options = (attrib_eg_options){.struct_size = sizeof options, .seed = 3, .tolerance = 4e-3};
  draw(s, "doubled lattice", &set, &options, 1, s->n);
  options.sampler = ATTRIB_SAMPLER_STRATIFIED;
  options.flags = ATTRIB_MEAN_GRADIENT;
  options.tolerance = 2e-2;
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = s->dtype,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = s->n,
                        .seed = 20240229,
                        .low = -.7,
                        .high = 1.3};
  set = (attrib_baselines){.struct_size = sizeof set, .count = 1000, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  draw(s, "doubled strata", &set, &options, 0, s->n);
}

/* SmoothGrad with a seed whose first six draws of five numbers all lie within 1.4 sigma, where the quantile takes no
 * logarithm. */
static void smoothgrad(const scene *s) {
  static const char *const names[] = {"smooth", "squared", "variance", "smooth times input", "taylor"};
  double errors[SMALL];
  for (uint32_t k = 0; k < 10; k++) {
    attrib_smoothgrad_options options = {
        .struct_size = sizeof options, .form = k / 2, .seed = 51, .samples = k % 2 == 0 ? 12 : 6};
    options.flags = k % 2 == 0 ? 0 : ATTRIB_SMOOTH_INDEPENDENT;
    if (k % 2 == 1) {
      options.groups = s->groups;
      options.n_groups = 3;
    }
    int64_t count = k % 2 == 0 ? s->n : 3;
    attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
    attrib_status status = attrib_smoothgrad(NULL, &s->model, s->input, 0, &options, s->attributions, &report);
    print(names[k / 2], s->dtype, status, s->attributions, count);
    print("  give or take", s->dtype, status, errors, count);
    print_report(&report);
  }
}

/* SmoothGrad without noise. */
static void constant_input(const scene *s) {
  size_t size = s->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  void *grey = malloc((size_t)s->n * size);
  if (grey == NULL) abort();
  for (int64_t i = 0; i < s->n; i++) put(s->dtype, grey, i, .3);
  for (uint32_t form = ATTRIB_SMOOTH_MEAN; form <= ATTRIB_SMOOTH_TAYLOR; form++) {
    attrib_smoothgrad_options options = {.struct_size = sizeof options, .form = form};
    attrib_status status = attrib_smoothgrad(NULL, &s->model, grey, 0, &options, s->attributions, NULL);
    print("constant input", s->dtype, status, s->attributions, s->n);
  }
  free(grey);
}

static void gradients_and_paths(const scene *s) {
  attrib_ig_options options = {.struct_size = sizeof options, .flags = ATTRIB_TIMES_INPUT};
  print("gradient", s->dtype, attrib_gradient(NULL, &s->model, s->input, 0, NULL, s->attributions, NULL),
        s->attributions, s->n);
  print("times input", s->dtype, attrib_gradient(NULL, &s->model, s->input, 0, &options, s->attributions, NULL),
        s->attributions, s->n);
  options = (attrib_ig_options){.struct_size = sizeof options, .rule = ATTRIB_RULE_GAUSS_LEGENDRE, .points = 9};
  attrib_path knots = {.struct_size = sizeof knots, .knots = KNOTS, .rows = s->rows};
  print("knots", s->dtype, attrib_path_gradients(NULL, &s->model, 0, &knots, &options, s->attributions, NULL),
        s->attributions, s->n);
  curve c = {s->rows, s->dtype, s->n};
  attrib_path curved = {.struct_size = sizeof curved, .at = along, .user = &c};
  print("curve", s->dtype, attrib_path_gradients(NULL, &s->model, 0, &curved, &options, s->attributions, NULL),
        s->attributions, s->n);
}

/* Every mode by feature and by group, squared or not, at nodes and at drawn points. */
static void recalibrated(const scene *s) {
  static const char *const names[] = {"vanilla", "valid references", "valid points"};
  static const double weights[] = {.3, 0, 1.7};
  double *parts = malloc(3 * (size_t)s->n * sizeof *parts);
  if (parts == NULL) abort();
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .rows = s->rows, .weights = weights};
  for (uint32_t k = 0; k < 24; k++) {
    attrib_recalibration_options options = {.struct_size = sizeof options, .mode = 1 + k % 3, .points = 7};
    options.flags = k / 3 % 4 * ATTRIB_RECALIBRATE_SQUARED;
    options.groups = k < 12 ? NULL : s->groups;
    options.n_groups = k < 12 ? 0 : 3;
    int64_t count = k < 12 ? s->n : 3;
    attrib_report report = {
        .struct_size = sizeof report, .positive = parts, .negative = parts + count, .kept_weight = parts + 2 * count};
    attrib_status status =
        attrib_recalibrated_gradients(NULL, &s->model, s->input, 0, &set, &options, s->attributions, &report);
    print(names[k % 3], s->dtype, status, s->attributions, count);
    print("  kept and dropped", s->dtype, status, parts, 3 * count);
    print_report(&report);
  }
  free(parts);
}

static void baseline_mean(const scene *s) {
  static const double weights[] = {.3, .1, 1.7};
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .rows = s->rows, .weights = weights};
  double *mean = malloc((size_t)s->n * sizeof *mean);
  if (mean == NULL) abort();
  attrib_status status = attrib_baseline_mean(NULL, s->dtype, s->n, &set, mean);
  for (int64_t i = 0; i < s->n; i++) s->attributions[i] = get(s->dtype, mean, i);
  print("baseline mean", s->dtype, status, s->attributions, s->n);
  free(mean);
}

static void show(uint32_t dtype, int64_t n) {
  size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  scene s = {.dtype = dtype, .n = n};
  s.model = (attrib_model){.struct_size = sizeof s.model,
                           .flags = ATTRIB_MODEL_TARGET_WEIGHTS,
                           .dtype = dtype,
                           .n_inputs = n,
                           .n_outputs = 2,
                           .evaluate = evaluate};
  s.rows = malloc(KNOTS * (size_t)n * size);
  s.attributions = malloc((size_t)n * sizeof *s.attributions);
  s.groups = malloc((size_t)n * sizeof *s.groups);
  if (s.rows == NULL || s.attributions == NULL || s.groups == NULL) abort();
  uint64_t seed = 1;
  for (int64_t i = 0; i < KNOTS * n; i++) put(dtype, s.rows, i, 2 * number(&seed));
  for (int64_t i = 0; i < n; i++) s.groups[i] = (int32_t)(i % 3);
  s.input = (const char *)s.rows + (KNOTS - 1) * (size_t)n * size;
  integrated_gradients(&s);
  expected_gradients(&s);
  if (n == SMALL) smoothgrad(&s);
  constant_input(&s);
  gradients_and_paths(&s);
  recalibrated(&s);
  baseline_mean(&s);
  free(s.groups);
  free(s.attributions);
  free(s.rows);
}

int main(void) {
  show(ATTRIB_F32, SMALL);
  show(ATTRIB_F64, SMALL);
  show(ATTRIB_F32, LARGE);
  show(ATTRIB_F64, LARGE);
  return 0;
}
