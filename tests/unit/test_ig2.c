/* IG2: a recomputation by plain loops, how far steps go, where paths end, numbers of every size, references,
 * representations, options, report and trace. Exact values: test_step_paths.c. */
#include "step_models.h"

#include "drive.h"
#include "statistics.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64}, rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};

static attrib_ig2_options with_steps(uint32_t rule, int64_t steps, double step) {
  return (attrib_ig2_options){.struct_size = sizeof(attrib_ig2_options), .rule = rule, .steps = steps, .step = step};
}

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* What one call comes to. */
typedef struct plain {
  double *phi;
  double f_end, distance;                /* means, of f and of |h - h(r)|, at the paths' ends */
  int64_t represented, towards, counted; /* rows for h, for its gradient; points where f counts */
} plain;

static double clipped(const attrib_ig2_options *o, double value) {
  return o->low == 0 && o->high == 0 ? value : fmin(fmax(value, o->low), o->high);
}

/* |h(x) - h(r)|, and its gradient as a model of that type hands it over. */
static double distance_at(const sines *h, const double *goal, const double *x, double *gradient) {
  double *d = exact_block((size_t)h->n_outputs * sizeof *d), square = 0;
  for (int64_t k = 0; k < h->n_outputs; k++) {
    d[k] = sines_output(h, k, x, NULL) - goal[k];
    square += d[k] * d[k];
  }
  for (int64_t k = 0; k < h->n_outputs && square > 0; k++) d[k] /= sqrt(square);
  sines_at(h, d, x, gradient);
  for (int64_t i = 0; i < h->n_inputs; i++) gradient[i] = attrib__rows_round(h->dtype, gradient[i]);
  free(d);
  return sqrt(square);
}

/* The next point; false where there is none. */
static bool plain_step(const sines *h, const double *gradient, double distance, double step, const double *at,
                       const attrib_ig2_options *o, double *next) {
  const int64_t n = h->n_inputs;
  const double length = sqrt(inner_product(gradient, gradient, n)), most = fmin(step, distance / length);
  bool moved = false;
  for (int64_t i = 0; i < n && length > 0; i++) {
    next[i] = attrib__rows_round(h->dtype, clipped(o, at[i] - most * gradient[i] / length));
    moved |= next[i] != at[i];
  }
  return moved;
}

/* From x towards r; adds weight times what it gives. */
static void plain_path(const sines *f, const sines *h, const double *target, const double *x, const double *r,
                       double weight, const attrib_ig2_options *o, plain *result) {
  const int64_t n = f->n_inputs;
  double *vectors = calloc((size_t)(5 * n + h->n_outputs), sizeof *vectors);
  assert_non_null(vectors);
  double *at = vectors, *next = at + n, *gradient = next + n, *g = gradient + n, *g_next = g + n, *goal = g_next + n;
  const double step = o->step > 0 ? o->step : 4.0 / 3 * distance_between(x, r, n) / (double)o->steps;
  for (int64_t k = 0; k < h->n_outputs; k++) goal[k] = sines_output(h, k, r, NULL);
  memcpy(at, x, (size_t)n * sizeof *at);
  double f_at = sines_at(f, target, at, g), distance;
  result->represented++;
  for (int64_t m = 0;; m++) {
    result->represented++;
    result->counted++;
    distance = distance_at(h, goal, at, gradient);
    if (m == o->steps || distance == 0) break;
    result->towards++;
    if (!plain_step(h, gradient, distance, step, at, o, next)) break;
    f_at = sines_at(f, target, next, g_next);
    for (int64_t i = 0; i < n; i++) {
      const double here = attrib__rows_round(f->dtype, g[i]), there = attrib__rows_round(f->dtype, g_next[i]);
      result->phi[i] += weight * (at[i] - next[i]) * (o->rule == ATTRIB_RULE_LEFT ? here : (here + there) / 2);
    }
    memcpy(at, next, (size_t)n * sizeof *at);
    memcpy(g, g_next, (size_t)n * sizeof *g);
  }
  result->f_end += weight * f_at;
  result->distance += weight * distance;
  free(vectors);
}

enum { LINES = 3 };

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f, h;
  attrib_model model, space;
  const attrib_model *representation; /* NULL = the model itself */
  int64_t n;
  double *x, *r; /* as the model's type holds them */
  void *input, *rows;
  double *weights, *target_weights;
  attrib_baselines set;
  int64_t fetched;
} setting;

/* Three references, of which the second has no weight. */
static void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n) {
  *s = (setting){.f = new_sines(seed, dtype, n, 3), .h = new_sines(seed + 50, dtype, n, 4), .n = n};
  s->model = sines_model(&s->f);
  s->space = sines_model(&s->h);
  s->representation = &s->space;
  s->x = exact_block((size_t)n * sizeof *s->x);
  s->r = exact_block((size_t)(LINES * n) * sizeof *s->r);
  fill_random(seed + 100, s->x, n);
  fill_random(seed + 200, s->r, LINES * n);
  s->input = rounded_row(dtype, s->x, n);
  s->rows = rounded_row(dtype, s->r, LINES * n);
  s->weights = exact_copy((double[]){3, 0, 1}, LINES * sizeof *s->weights);
  s->target_weights = exact_copy((double[]){.5, -1, 2}, 3 * sizeof *s->target_weights);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
}

static void tear_down(setting *s) {
  free_sines(&s->f);
  free_sines(&s->h);
  free(s->x);
  free(s->r);
  free(s->input);
  free(s->rows);
  free(s->weights);
  free(s->target_weights);
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  setting *s = user;
  const size_t size = (size_t)s->n * attrib__element_size(s->f.dtype);
  s->fetched++;
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  return 0;
}

/* To be freed by the caller. */
static double *explain(const setting *s, const attrib_ig2_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  const int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  assert_int_equal(attrib_ig2(NULL, &s->model, s->representation, s->input, target, &s->set, options, phi, report),
                   ATTRIB_OK);
  return phi;
}

/* What rounds differently goes on along the path. */
static void assert_recomputed(const setting *s, const attrib_ig2_options *options) {
  const sines *h = s->representation == NULL ? &s->f : &s->h;
  static const double one_hot[] = {1, 0, 0};
  const double *target = options->target_weights != NULL ? options->target_weights : one_hot;
  plain expected = {.phi = calloc((size_t)s->n, sizeof(double))};
  assert_non_null(expected.phi);
  plain_path(&s->f, h, target, s->x, s->r, .75, options, &expected);
  plain_path(&s->f, h, target, s->x, s->r + 2 * s->n, .25, options, &expected);
  attrib_report report = fresh_report();
  double *phi = explain(s, options, &report);
  const double largest = largest_of(expected.phi, s->n), tolerance = s->f.dtype == ATTRIB_F32 ? 1e-5 : 1e-12;
  assert_true(largest > 1e-4);
  for (int64_t i = 0; i < s->n; i++) assert_near(phi[i], expected.phi[i], tolerance, largest);
  const bool left = options->rule == ATTRIB_RULE_LEFT;
  assert_int_equal(report.evaluations, expected.towards + expected.counted - (left ? 2 : 0));
  assert_int_equal(report.output_evaluations, expected.represented + (left ? 2 : 0));
  assert_int_equal(report.points, options->steps);
  assert_int_equal(report.rule, left ? ATTRIB_RULE_LEFT : ATTRIB_RULE_TRAPEZOID);
  const double f_x = sines_at(&s->f, target, s->x, NULL);
  assert_near(report.output, f_x, ROUND_OFF, (double)s->n);
  assert_near(report.baseline_output, expected.f_end, tolerance, (double)s->n);
  assert_near(report.completeness_target, f_x - expected.f_end, tolerance, (double)s->n);
  assert_near(report.objective, expected.distance, tolerance, (double)s->n);
  free(phi);
  free(expected.phi);
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  for (int64_t n = 1; n <= 40; n++)
    for (int t = 0; t < 2; t++)
      for (int k = 0; k < 8; k++) {
        setting s;
        set_up(&s, (uint64_t)n, dtypes[t], n);
        if (k & 1) s.representation = NULL;
        attrib_ig2_options options = with_steps(rules[k / 2 % 2], 1 + (n + k) % 9, (n + k) % 3 == 0 ? 0 : .02);
        if (k & 4) {
          options.low = -1;
          options.high = 1.125;
        }
        if (n % 3 == 0) options.target_weights = s.target_weights;
        assert_recomputed(&s, &options);
        tear_down(&s);
      }
}

/* -- linear representations --------------------------------------------------------------------------------------- */

/* Output k is row k of a matrix times x, scaled. */
typedef struct matrix {
  int64_t n_inputs, n_outputs;
  const double *rows;
  double unit;
  uint32_t dtype;
} matrix;

static int32_t ATTRIB_CALL matrix_evaluate(const attrib_batch *b, void *user) {
  const matrix *a = user;
  const int64_t n = a->n_inputs;
  double x[64], g[64];
  if (n > 64 || b->rows != 1) return -97;
  attrib__rows_load(a->dtype, b->inputs, 0, n, x);
  if (b->gradients == NULL) {
    for (int64_t k = 0; k < a->n_outputs; k++) b->outputs[k] = a->unit * inner_product(a->rows + k * n, x, n);
    return (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0 ? 0 : -96;
  }
  b->outputs[0] = 0;
  for (int64_t i = 0; i < n; i++) {
    g[i] = 0;
    for (int64_t k = 0; k < a->n_outputs; k++) g[i] += b->target_weights[k] * (a->unit * a->rows[k * n + i]);
    b->outputs[0] += g[i] * x[i];
  }
  attrib__rows_store(a->dtype, b->gradients, 0, n, g);
  return 0;
}

static attrib_model matrix_model(matrix *a) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = a->dtype,
                        .n_inputs = a->n_inputs,
                        .n_outputs = a->n_outputs,
                        .evaluate = matrix_evaluate,
                        .user = a};
}

/* The points of a path are those at which h is asked for, but for the first, which is the reference. Near the reference
 * h(x) - h(r) has few digits, so a step is not quite where it should be: that is the noise. */
static void expect_nearer(const watcher *w, const double *r, int64_t n, double noise) {
  const double *last = NULL;
  for (int64_t k = 1; k < w->count; k++) {
    if (!(w->rows[k].flags & ATTRIB_BATCH_ALL_OUTPUTS)) continue;
    const double *at = w->rows[k].point;
    if (last != NULL) {
      const double before = distance_between(last, r, n), after = distance_between(at, r, n);
      const double step = distance_between(at, last, n);
      assert_true(step > 0);
      /* Pythagoras: what is left of the way is never in front of the step, let alone behind. */
      assert_true(after * after <= before * before - step * step + noise * before);
    }
    last = at;
  }
}

/* However stretched it is, no step passes the reference and each brings the point nearer to it, by its own length or
 * more in squares; as long as the range holds the reference clipping changes nothing about that. */
static void of_a_linear_representation_every_step_leads_to_the_reference(void **state) {
  (void)state;
  static watcher w;
  enum { N = 6, STEPS = 40 };
  static const double stretches[] = {1, 3, 100, 1e4}, steps[] = {0, .1, 1e9};
  for (int64_t features = 1; features <= N; features++)
    for (int64_t k = 0; k < COUNT(stretches); k++)
      for (int64_t j = 0; j < COUNT(steps); j++)
        for (int clip = 0; clip < 2; clip++) {
          double rows[N * N], x[N], r[N], phi[N];
          fill_random((uint64_t)(features + 10 * k), rows, features * N);
          for (int64_t i = 0; i < features * N; i++) rows[i] *= pow(stretches[k], (double)(i / N) / N);
          fill_random(71, x, N);
          fill_random(72, r, N);
          matrix a = {.n_inputs = N, .n_outputs = features, .rows = rows, .unit = 1, .dtype = ATTRIB_F64};
          static const analytic_fn waves = f_waves;
          analytic f;
          const attrib_model model = single_model(&f, &waves, ATTRIB_F64, N, NULL);
          const attrib_model space = watch(&w, matrix_model(&a), true);
          const attrib_baselines set = one_baseline(r);
          attrib_ig2_options options = with_steps(ATTRIB_RULE_LEFT, STEPS, steps[j]);
          options.low = clip ? -1 : 0;
          options.high = clip ? 1 : 0;
          attrib_report report = fresh_report();
          assert_int_equal(attrib_ig2(NULL, &model, &space, x, 0, &set, &options, phi, &report), ATTRIB_OK);
          assert_true(w.count > 3);
          expect_nearer(&w, r, N, 1e-13 * stretches[k]);
          stop_watching(&w);
        }
}

/* A step of 1/3 of the way and more, or what is left of it: the path is the line, and ends at its end. */
static void by_the_identity_the_reference_is_reached(void **state) {
  (void)state;
  static watcher w;
  static const double identity[] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, x[] = {.5, -1, 2}, r[] = {-1, .25, 1};
  for (int t = 0; t < 2; t++)
    for (int rule = 0; rule < 2; rule++)
      for (int64_t steps = 3; steps < 40; steps += 4) {
        sines f = new_sines(6, dtypes[t], 3, 2);
        matrix a = {.n_inputs = 3, .n_outputs = 3, .rows = identity, .unit = 1, .dtype = dtypes[t]};
        const attrib_model model = sines_model(&f), space = watch(&w, matrix_model(&a), true);
        void *input = as_row(dtypes[t], x, 3), *reference = as_row(dtypes[t], r, 3);
        const attrib_baselines set = one_baseline(reference);
        const attrib_ig2_options options = with_steps(rules[rule], steps, 0);
        attrib_report report = fresh_report();
        double phi[3];
        assert_int_equal(attrib_ig2(NULL, &model, &space, input, 0, &set, &options, phi, &report), ATTRIB_OK);
        const double unit = dtypes[t] == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, way = distance_between(x, r, 3);
        assert_near(report.objective, 0, unit, 1);
        double at[3];
        for (int64_t k = 1, m = 0; k < w.count; k++) {
          if (!(w.rows[k].flags & ATTRIB_BATCH_ALL_OUTPUTS)) continue;
          const double part = fmin(1, (double)m * 4 / 3 / (double)steps);
          memcpy(at, w.rows[k].point, sizeof at);
          for (int i = 0; i < 3; i++) assert_near(at[i], x[i] + part * (r[i] - x[i]), unit, way);
          m++;
        }
        assert_near(report.baseline_output, sines_output(&f, 0, r, NULL), unit, 6);
        stop_watching(&w);
        free(reference);
        free(input);
        free_sines(&f);
      }
}

/* The published program goes to and fro about the reference, and divides by 0 at it. */
static void unlike_the_official_code_the_reference_is_an_end(void **state) {
  (void)state;
  static const double one[] = {1}, x = 1, r = 0;
  static const analytic_fn cube = f_cube;
  for (int rule = 0; rule < 2; rule++) {
    analytic f;
    matrix a = {.n_inputs = 1, .n_outputs = 1, .rows = one, .unit = 1, .dtype = ATTRIB_F64};
    const attrib_model model = single_model(&f, &cube, ATTRIB_F64, 1, NULL), space = matrix_model(&a);
    const attrib_baselines set = one_baseline(&r);
    const attrib_ig2_options options = with_steps(rules[rule], 50, .75);
    attrib_report report = fresh_report();
    double phi;
    assert_int_equal(attrib_ig2(NULL, &model, &space, &x, 0, &set, &options, &phi, &report), ATTRIB_OK);
    assert_near(phi, rule == 0 ? .75 * 3 + .25 * 3 / 16 : .75 * (3 + 3. / 16) / 2 + .25 * 3 / 32, ROUND_OFF, 1);
    assert_true(report.objective == 0 && report.completeness_target == 1);
    assert_int_equal(report.evaluations, 2 + 2 + rule);         /* two steps; at the end only TRAPEZOID has one */
    assert_int_equal(report.output_evaluations, 1 + 3 + !rule); /* h(r), and h at three points */
  }
}

/* -- where paths end ---------------------------------------------------------------------------------------------- */

static double f_sign(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i % 2 == 0 ? -0.0 : 0;
  return x[0] > 0 ? 3 : -1;
}

/* f is the product of two; the representation has one feature. */
static attrib_report explain_product(uint32_t rule, analytic_fn feature, const double *x, const double *r, double low,
                                     double high, double *phi) {
  static const analytic_fn product = f_product;
  analytic f, h;
  const attrib_model model = single_model(&f, &product, ATTRIB_F64, 2, NULL);
  const attrib_model space = single_model(&h, &feature, ATTRIB_F64, 2, NULL);
  const attrib_baselines set = one_baseline(r);
  attrib_ig2_options options = with_steps(rule, 30, .25);
  options.low = low;
  options.high = high;
  attrib_report report = fresh_report();
  assert_int_equal(attrib_ig2(NULL, &model, &space, x, 0, &set, &options, phi, &report), ATTRIB_OK);
  assert_int_equal(f.rows + h.rows, report.evaluations + report.output_evaluations);
  return report;
}

static void without_a_slope_the_path_ends(void **state) {
  (void)state;
  const double x[] = {.5, -0.0}, r[] = {-.5, 1};
  for (int rule = 0; rule < 2; rule++) {
    double phi[2] = {7, 7};
    attrib_report report = explain_product(rules[rule], f_sign, x, r, 0, 0, phi);
    assert_true(phi[0] == 0 && phi[1] == 0 && report.objective == 4 && report.completeness_target == 0);
    assert_int_equal(report.evaluations, 1 + rule); /* the gradient that is 0, and f's own */
    assert_int_equal(report.output_evaluations, 2 + !rule);
  }
}

/* The input itself, and another point that the representation does not tell from it: not even a slope is asked for. */
static void a_reference_that_is_reached_at_once(void **state) {
  (void)state;
  const double x[] = {.5, 1}, same[] = {.5, 1}, alike[] = {2, .25}; /* x1 x2 is the same */
  const double *const references[] = {same, alike};
  for (int rule = 0; rule < 2; rule++)
    for (int k = 0; k < 2; k++) {
      double phi[2] = {7, 7};
      attrib_report report = explain_product(rules[rule], f_product, x, references[k], 0, 0, phi);
      assert_true(phi[0] == 0 && phi[1] == 0 && report.objective == 0 && report.completeness_target == 0);
      assert_int_equal(report.evaluations, rule);
      assert_int_equal(report.output_evaluations, 2 + !rule);
    }
}

static double f_left(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0];
}

/* The reference is out of reach: .75, 1, and no move from there. */
static void a_path_ends_at_the_bounds(void **state) {
  (void)state;
  const double x[] = {.625, 2}, r[] = {5, 2};
  for (int rule = 0; rule < 2; rule++) {
    double phi[2] = {7, 7};
    attrib_report report = explain_product(rules[rule], f_left, x, r, -1, 2, phi);
    assert_near(phi[0], 2 * (.625 - 2), ROUND_OFF, 4);
    assert_true(phi[1] == 0 && report.objective == 3 && report.baseline_output == 4);
    assert_int_equal(report.output_evaluations, 1 + 7 + !rule); /* .625, .875 .. 1.875, 2 */
    assert_int_equal(report.evaluations, 7 + 6 + rule);
  }
}

/* -- the identity ------------------------------------------------------------------------------------------------- */

/* Mean |sum - (f(x) - mean f(end))| over some models, for paths of about the same length in steps of another. */
static double mean_gap(uint32_t rule, int64_t steps) {
  enum { MODELS = 12 };
  double sum = 0;
  for (uint64_t seed = 1; seed <= MODELS; seed++) {
    setting s;
    set_up(&s, seed, ATTRIB_F64, 10);
    const attrib_ig2_options options = with_steps(rule, steps, .4 / (double)steps);
    attrib_report report = fresh_report();
    free(explain(&s, &options, &report));
    sum += fabs(report.completeness_error);
    tear_down(&s);
  }
  return sum / MODELS;
}

static void sums_tend_to_what_f_loses(void **state) {
  (void)state;
  for (int64_t steps = 20; steps <= 80; steps *= 2) {
    const double left = mean_gap(ATTRIB_RULE_LEFT, steps) / mean_gap(ATTRIB_RULE_LEFT, 4 * steps);
    const double trapezoid = mean_gap(ATTRIB_RULE_TRAPEZOID, steps) / mean_gap(ATTRIB_RULE_TRAPEZOID, 4 * steps);
    assert_true(left > 3.5 && left < 4.5);
    assert_true(trapezoid > 14 && trapezoid < 18);
  }
}

/* -- numbers of every size ---------------------------------------------------------------------------------------- */

/* f(x / scale), scale a power of two: parameters. */
static double f_scaled(const double *x, int64_t n, double *g, const void *parameters) {
  const double scale = *(const double *)parameters;
  double y[8] = {0};
  for (int64_t i = 0; i < n; i++) y[i] = x[i] / scale;
  const double f = f_waves(y, n, g, NULL);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] /= scale;
  return f;
}

enum { FEW = 5 };

/* A linear representation, its outputs in another unit, of an input in another. */
static double explain_in_units(uint32_t dtype, double input_unit, double output_unit, double step, double *phi) {
  static const analytic_fn scaled = f_scaled;
  double x[FEW], r[FEW], rows[3 * FEW];
  fill_random(81, x, FEW);
  fill_random(82, r, FEW);
  fill_random(83, rows, 3 * FEW);
  for (int i = 0; i < FEW; i++) {
    x[i] = ldexp(floor(ldexp(x[i], 20)), -20) * input_unit;
    r[i] = ldexp(floor(ldexp(r[i], 20)), -20) * input_unit;
  }
  analytic f;
  matrix a = {.n_inputs = FEW, .n_outputs = 3, .rows = rows, .unit = output_unit, .dtype = dtype};
  const attrib_model model = single_model(&f, &scaled, dtype, FEW, &input_unit), space = matrix_model(&a);
  void *input = as_row(dtype, x, FEW), *reference = as_row(dtype, r, FEW);
  const attrib_baselines set = one_baseline(reference);
  const attrib_ig2_options options = with_steps(0, 12, step * input_unit);
  attrib_report report = fresh_report();
  assert_int_equal(attrib_ig2(NULL, &model, &space, input, 0, &set, &options, phi, &report), ATTRIB_OK);
  assert_true(report.evaluations == 25 && phi[0] != 0);
  free(reference);
  free(input);
  return report.objective;
}

/* What the path is does not depend on the units of representation and input, to the last bit; of the squares that
 * lengths are made of many leave the range of double, and those of float at once. */
static void units_do_not_matter(void **state) {
  (void)state;
  static const double units[2][7] = {{0x1p-90, 0x1p-60, 0x1p-20, 0x1p20, 0x1p60, 0x1p90, 0x1p100},
                                     {0x1p-900, 0x1p-600, 0x1p-100, 0x1p100, 0x1p500, 0x1p600, 0x1p900}};
  for (int t = 0; t < 2; t++)
    for (int given = 0; given < 2; given++) {
      double phi[FEW], same[FEW], step = given ? .05 : 0, objective = explain_in_units(dtypes[t], 1, 1, step, phi);
      for (int k = 0; k < 7; k++) {
        double found = explain_in_units(dtypes[t], 1, units[t][k], step, same);
        assert_same_bits(same, phi, FEW);
        assert_true(found == objective * units[t][k]);
        found = explain_in_units(dtypes[t], units[t][k], 1 / units[t][k], step, same);
        assert_same_bits(same, phi, FEW);
        assert_true(found == objective);
      }
    }
}

/* -- gradients that are not finite -------------------------------------------------------------------------------- */

typedef struct spoilt_model {
  attrib_model inner;
  uint32_t asks;     /* a row that asks for it, and not for ... */
  uint32_t asks_not; /* is the one */
  int64_t nth, seen; /* of those */
  int64_t feature;   /* of the gradient, or output */
  double value;
} spoilt_model;

static int32_t ATTRIB_CALL spoilt_evaluate(const attrib_batch *b, void *user) {
  spoilt_model *s = user;
  const int32_t status = s->inner.evaluate(b, s->inner.user);
  if ((b->flags & s->asks) != s->asks || (b->flags & s->asks_not) != 0 || s->seen++ != s->nth) return status;
  if (s->asks & ATTRIB_BATCH_GRADIENTS)
    attrib__rows_store(b->dtype, b->gradients, s->feature, 1, &s->value);
  else
    b->outputs[s->feature] = s->value;
  return status;
}

/* Of the distance all gradients count; of f those of features that move. And every output. */
static void what_must_be_finite(void **state) {
  (void)state;
  enum { STEPS = 4 };
  attrib_context *context = new_context(1, 0);
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  for (int t = 0; t < 2; t++)
    for (int rule = 0; rule < 2; rule++)
      for (int64_t nth = 0; nth < STEPS + 2; nth++)
        for (int what = 0; what < 4; what++) { /* h; the slope; f's gradient, of a feature that moves; that does not */
          if (what == 1 && nth >= STEPS) continue;
          if (what >= 2 && nth >= STEPS + rule) continue;
          setting s;
          set_up(&s, 11, dtypes[t], 7);
          s.set.count = 1;
          static const double rows[] = {1, 2, 0, -1, .5, .25, 1}; /* the third feature never moves */
          matrix a = {.n_inputs = 7, .n_outputs = 1, .rows = rows, .unit = 1, .dtype = dtypes[t]};
          spoilt_model spoilt = {.nth = nth,
                                 .feature = what == 0   ? 0
                                            : what == 1 ? nth % 7
                                            : what == 2 ? 1
                                                        : 2,
                                 .value = bad[nth % 3]};
          spoilt.asks = what == 0 ? ATTRIB_BATCH_ALL_OUTPUTS : ATTRIB_BATCH_GRADIENTS;
          attrib_model space = matrix_model(&a);
          attrib_model *bent = what < 2 ? &space : &s.model;
          spoilt.inner = *bent;
          bent->evaluate = spoilt_evaluate;
          bent->user = &spoilt;
          const attrib_ig2_options options = with_steps(rules[rule], STEPS, .01);
          double phi[7] = {7, 7, 7, 7, 7, 7, 7};
          const attrib_status status = attrib_ig2(context, &s.model, &space, s.input, 0, &s.set, &options, phi, NULL);
          assert_status(status, what == 3 ? ATTRIB_OK : ATTRIB_E_NONFINITE, context);
          assert_true(spoilt.seen > nth);
          if (what == 3) assert_true(phi[2] == 0 && phi[1] != 0);
          if (what != 3) {
            assert_names(attrib_context_error(context), what == 0 ? "output 0 is" : "the gradient of input ");
            assert_names(attrib_context_error(context), what < 2 ? "(second model, baseline 0" : "(baseline 0");
            assert_true(phi[0] == 7 && phi[6] == 7);
          }
          tear_down(&s);
        }
  attrib_context_destroy(context);
}

/* Gradients of the least size that there is. */
static void the_smallest_slope(void **state) {
  (void)state;
  static const double one[] = {1}, x = 8, r = -4;
  static const analytic_fn cube = f_cube;
  analytic f;
  matrix a = {.n_inputs = 1, .n_outputs = 1, .rows = one, .unit = 0x1p-1074, .dtype = ATTRIB_F64};
  const attrib_model model = single_model(&f, &cube, ATTRIB_F64, 1, NULL), space = matrix_model(&a);
  const attrib_baselines set = one_baseline(&r);
  const attrib_ig2_options options = with_steps(0, 8, 2.5); /* whole numbers are what h can tell: 5.5, 3, .5, -2, -4 */
  attrib_report report = fresh_report();
  double phi;
  assert_int_equal(attrib_ig2(NULL, &model, &space, &x, 0, &set, &options, &phi, &report), ATTRIB_OK);
  assert_true(report.baseline_output == -64 && report.objective == 0 && report.evaluations == 5 + 6);
}

/* A representation without bounds. */
static void what_overflows(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static const double identity[] = {1, 0, 0, 1}, x[] = {1e308, 1}, r[] = {-1e308, 0}, zero[] = {0, 0};
  static const analytic_fn linear = f_linear;
  analytic f;
  matrix a = {.n_inputs = 2, .n_outputs = 2, .rows = identity, .unit = 1, .dtype = ATTRIB_F64};
  const attrib_model model = single_model(&f, &linear, ATTRIB_F64, 2, identity), space = matrix_model(&a);
  attrib_baselines set = one_baseline(r);
  double phi[2] = {7, 7};
  assert_status(attrib_ig2(context, &model, &space, x, 0, &set, NULL, phi, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "alpha 1): output 0 is 1e+308");
  static const double ends[] = {1.5e308, 0}, twice[] = {3, 0};
  set = one_baseline(zero);
  matrix b = {.n_inputs = 2, .n_outputs = 1, .rows = twice, .unit = 1, .dtype = ATTRIB_F64};
  const attrib_model steep = matrix_model(&b); /* h(x) itself */
  assert_status(attrib_ig2(context, &model, &steep, ends, 0, &set, NULL, phi, NULL), ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "output 0 is inf");
  assert_true(phi[0] == 7 && phi[1] == 7);
  attrib_context_destroy(context);
}

/* -- references --------------------------------------------------------------------------------------------------- */

static void many_references_are_the_weighted_mean(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 5, dtypes[t], 17);
      const attrib_ig2_options options = with_steps(rules[r], 8, .03);
      attrib_report report = fresh_report(), one = fresh_report();
      double *phi = explain(&s, &options, &report), mean[17] = {0}, outputs = 0, objective = 0;
      const attrib_baselines all = s.set;
      for (int k = 0; k < LINES; k += 2) {
        const double share = k == 0 ? .75 : .25;
        s.set = one_baseline((const char *)s.rows + (size_t)(k * s.n) * attrib__element_size(dtypes[t]));
        double *single = explain(&s, &options, &one);
        for (int i = 0; i < 17; i++) mean[i] += share * single[i];
        outputs += share * one.baseline_output;
        objective += share * one.objective;
        free(single);
      }
      for (int i = 0; i < 17; i++) assert_near(phi[i], mean[i], ROUND_OFF, 1);
      assert_near(report.baseline_output, outputs, ROUND_OFF, 10);
      assert_near(report.objective, objective, ROUND_OFF, 10);
      s.set = all;
      s.set.rows = NULL;
      s.set.fetch = fetch_row;
      s.set.fetch_user = &s;
      double *fetched = explain(&s, &options, &report);
      assert_same_bits(fetched, phi, 17);
      assert_int_equal(s.fetched, 2);
      free(fetched);
      free(phi);
      tear_down(&s);
    }
}

/* -- the representation ------------------------------------------------------------------------------------------- */

/* Of a representation that answers as the model does, the same bits as of the model itself. */
static void the_model_can_be_its_own_representation(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 6, dtypes[t], 9);
      const attrib_ig2_options options = with_steps(rules[r], 9, 0);
      attrib_report report = fresh_report(), twin = fresh_report();
      s.representation = NULL;
      double *phi = explain(&s, &options, &report);
      s.representation = &s.model;
      double *same = explain(&s, &options, &twin);
      assert_same_bits(same, phi, 9);
      assert_true(report.objective == twin.objective && report.evaluations == twin.evaluations);
      free(same);
      free(phi);
      tear_down(&s);
    }
}

typedef struct pulled {
  setting *s;
  int64_t rows[8]; /* by the flags beside OUTPUTS, over 2 */
} pulled;

static int32_t ATTRIB_CALL evaluate_pulled(const attrib_batch *b, void *user) {
  pulled *p = user;
  const bool second = (b->flags & ATTRIB_BATCH_SECOND_MODEL) != 0;
  if (b->rows != 1 || !(b->flags & ATTRIB_BATCH_OUTPUTS) || b->n_outputs != (second ? 4 : 3)) return -98;
  p->rows[b->flags / 2]++;
  return sines_evaluate(b, second ? &p->s->h : &p->s->f);
}

/* h(r) and h: all outputs of the second; its slope: a gradient by weights; f: of the first, which may lack the flags.
 */
static void batches_in_the_pull_form_say_which_model(void **state) {
  (void)state;
  enum {
    ALL = ATTRIB_BATCH_ALL_OUTPUTS / 2,
    GRADIENT = ATTRIB_BATCH_GRADIENTS / 2,
    SECOND = ATTRIB_BATCH_SECOND_MODEL / 2
  };
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int self = 0; self < 2; self++) {
        setting s;
        set_up(&s, 12, dtypes[t], 6);
        const attrib_ig2_options options = with_steps(rules[r], 5, .01);
        if (self) s.representation = NULL;
        attrib_report report = fresh_report();
        double *called = explain(&s, &options, &report), pulled_phi[6];
        pulled p = {.s = &s};
        attrib_model model = s.model, space = s.space;
        model.evaluate = space.evaluate = NULL;
        if (!self) model.flags = 0;
        attrib_run *run;
        int64_t most_out;
        assert_int_equal(attrib_ig2_start(NULL, &model, self ? NULL : &space, s.input, 0, &s.set, &options, &run),
                         ATTRIB_OK);
        assert_int_equal(drive_with(run, evaluate_pulled, &p, IN_TURN, 0, &most_out), ATTRIB_OK);
        assert_int_equal(attrib_run_result(run, pulled_phi, NULL), ATTRIB_OK);
        attrib_run_destroy(run);
        assert_same_bits(pulled_phi, called, 6);
        assert_int_equal(most_out, 1);
        const int second = self ? 0 : SECOND;
        assert_int_equal(p.rows[ALL | second], 2 * 7);
        assert_int_equal(p.rows[GRADIENT | SECOND], self ? 0 : 2 * 5);
        assert_int_equal(p.rows[GRADIENT], 2 * (5 + r) + (self ? 2 * 5 : 0));
        assert_int_equal(p.rows[0], 2 * !r);
        free(called);
        tear_down(&s);
      }
}

static void representations_that_do_not_fit_are_named(void **state) {
  (void)state;
  typedef struct misfit {
    uint32_t flags, dtype;
    int64_t n_inputs, n_outputs;
    bool silent; /* no evaluate */
    attrib_status status;
    const char *names;
  } misfit;
  enum { BOTH = ATTRIB_MODEL_ALL_OUTPUTS | ATTRIB_MODEL_TARGET_WEIGHTS };
  static const misfit misfits[] = {
      {BOTH, ATTRIB_F64, 4, 4, false, ATTRIB_E_ARGUMENT, "representation->n_inputs = 4, dtype = 2"},
      {BOTH, ATTRIB_F32, 3, 4, false, ATTRIB_E_ARGUMENT,
       "representation->n_inputs = 3, dtype = 1: the model has 3 inputs of dtype 2"},
      {BOTH, 7, 3, 4, false, ATTRIB_E_ARGUMENT, "representation->dtype = 7"},
      {BOTH, ATTRIB_F64, 0, 4, false, ATTRIB_E_ARGUMENT, "representation->n_inputs = 0"},
      {BOTH, ATTRIB_F64, 3, -1, false, ATTRIB_E_ARGUMENT, "representation->n_outputs = -1"},
      {BOTH, ATTRIB_F64, 3, 0, false, ATTRIB_E_ARGUMENT, "representation->n_outputs is not stated"},
      {BOTH, ATTRIB_F64, 3, 4, true, ATTRIB_E_ARGUMENT, "representation->evaluate is NULL"},
      {ATTRIB_MODEL_ALL_OUTPUTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS"},
      {ATTRIB_MODEL_TARGET_WEIGHTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags lacks ATTRIB_MODEL_ALL_OUTPUTS"},
      {BOTH | ATTRIB_MODEL_NO_GRADIENTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags has ATTRIB_MODEL_NO_GRADIENTS"},
      {BOTH | 0x4000, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED, "representation->flags = 0x4006"},
  };
  attrib_context *context = new_context(1, 0);
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3);
  double *phi = untouched(3);
  for (int64_t k = 0; k < COUNT(misfits); k++) {
    attrib_model space = s.space;
    space.flags = misfits[k].flags;
    space.dtype = misfits[k].dtype;
    space.n_inputs = misfits[k].n_inputs;
    space.n_outputs = misfits[k].n_outputs;
    if (misfits[k].silent) space.evaluate = NULL;
    assert_status(attrib_ig2(context, &s.model, &space, s.input, 0, &s.set, NULL, phi, NULL), misfits[k].status,
                  context);
    assert_names(attrib_context_error(context), misfits[k].names);
  }
  for (int missing = 0; missing < 2; missing++) { /* the model itself, then, must have both flags */
    attrib_model model = s.model;
    model.flags = missing == 0 ? ATTRIB_MODEL_ALL_OUTPUTS : ATTRIB_MODEL_TARGET_WEIGHTS;
    assert_status(attrib_ig2(context, &model, NULL, s.input, 0, &s.set, NULL, phi, NULL), ATTRIB_E_UNSUPPORTED,
                  context);
    assert_names(attrib_context_error(context), missing == 0 ? " model->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS" + 1
                                                             : "model->flags lacks ATTRIB_MODEL_ALL_OUTPUTS");
    assert_null(strstr(attrib_context_error(context), "representation"));
  }
  assert_true(is_untouched(phi, 3));
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* -- report and trace --------------------------------------------------------------------------------------------- */

/* As report.h has it, from the end of the path to the input at alpha 1. The identity leads along the line, a linear f
 * is exact on it, and the path, of 4 steps that are enough for 5 1/3, ends at alpha 1/4. */
static void the_trace_is_the_curve_along_the_path(void **state) {
  (void)state;
  static const double identity[] = {1, 0, 0, 1}, weights[] = {2, -3}, x[] = {3, 4}, r[] = {0, 0};
  static const analytic_fn linear = f_linear;
  enum { STEPS = 4, MOVES = 3 };
  for (int rule = 0; rule < 2; rule++) {
    const int64_t rows = MOVES + rule;
    attrib_trace_point trace[STEPS + 1];
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = STEPS + 1};
    analytic f;
    matrix a = {.n_inputs = 2, .n_outputs = 2, .rows = identity, .unit = 1, .dtype = ATTRIB_F64};
    const attrib_model model = single_model(&f, &linear, ATTRIB_F64, 2, weights), space = matrix_model(&a);
    const attrib_baselines set = one_baseline(r);
    const attrib_ig2_options options = with_steps(rules[rule], STEPS, 5.0 / 3);
    double phi[2];
    assert_int_equal(attrib_ig2(NULL, &model, &space, x, 0, &set, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, rows);
    double edge = .25, curve = 0;
    for (int64_t j = 0; j < rows; j++) {
      const attrib_trace_point *p = &trace[rows - 1 - j];
      assert_int_equal(p->baseline, 0);
      assert_near(p->alpha, .25 + (double)(j + !rule) / STEPS, ROUND_OFF, 1);
      assert_near(curve + (p->alpha - edge) * p->slope, p->output, ROUND_OFF, 10);
      edge += p->weight;
      curve += p->weight * p->slope;
    }
    assert_near(edge, 1, ROUND_OFF, 1);
    assert_near(curve, report.attribution_sum, ROUND_OFF, 10);
    assert_near(curve, 2 * 3 - 3 * 4, ROUND_OFF, 10);
  }
}

/* Memory grows with the features alone, of model and representation: by what the header says, input and gradient of the
 * batch's row, its outputs, and for fetched references a row. */
static void memory_does_not_grow_with_steps(void **state) {
  (void)state;
  enum { MORE = 512, REFERENCES = 50 };
  for (int t = 0; t < 2; t++)
    for (int fetch = 0; fetch < 2; fetch++) {
      int64_t bytes[5];
      for (int k = 0; k < 5; k++) {
        setting s;
        set_up(&s, 3, dtypes[t], k == 3 ? MORE + 64 : 64);
        if (k == 4) {
          free_sines(&s.h);
          s.h = new_sines(4, dtypes[t], s.n, 4 + MORE);
          s.space = sines_model(&s.h);
        }
        void *rows = calloc((size_t)(REFERENCES * s.n), attrib__element_size(dtypes[t]));
        s.set = (attrib_baselines){.struct_size = sizeof s.set, .count = k == 1 ? REFERENCES : 2, .rows = rows};
        if (fetch) {
          s.set.count = k == 1 ? LINES : 2;
          s.set.rows = NULL;
          s.set.fetch = fetch_row;
          s.set.fetch_user = &s;
        }
        const attrib_ig2_options options = with_steps(rules[t], k == 2 ? 1000 : 3, 1e-6);
        attrib_report report = fresh_report();
        free(explain(&s, &options, &report));
        bytes[k] = report.peak_bytes;
        free(rows);
        tear_down(&s);
      }
      const int64_t element = (int64_t)attrib__element_size(dtypes[t]), number = sizeof(double);
      assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
      assert_int_equal(bytes[3] - bytes[0], MORE * (2 * number + (3 + 2 + fetch) * element));
      assert_int_equal(bytes[4] - bytes[0], MORE * (2 + 1) * number);
    }
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7);
  const int32_t groups[] = {3, 0, 1, 1, 0, 3, 0};
  attrib_ig2_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 9, .02);
  double *phi = explain(&s, &options, NULL), sums[4] = {0}, grouped[4];
  for (int i = 0; i < 7; i++) sums[groups[i]] += phi[i];
  options.groups = groups;
  options.n_groups = 4;
  assert_int_equal(attrib_ig2(NULL, &s.model, s.representation, s.input, 0, &s.set, &options, grouped, NULL),
                   ATTRIB_OK);
  for (int g = 0; g < 4; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 1);
  assert_true(grouped[2] == 0 && grouped[3] != 0);
  free(phi);
  tear_down(&s);
}

static void a_threshold_on_completeness(void **state) {
  (void)state;
  setting s;
  set_up(&s, 2, ATTRIB_F64, 12);
  attrib_context *context = new_context(1, 0);
  attrib_ig2_options options = with_steps(ATTRIB_RULE_LEFT, 5, .1);
  attrib_report report = fresh_report();
  double *phi = explain(&s, &options, &report), again[12];
  assert_true(report.completeness_relative > 1e-6);
  options.completeness_threshold = report.completeness_relative;
  assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, again, NULL), ATTRIB_OK, context);
  options.completeness_threshold *= .999;
  assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, again, NULL),
                ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "options->completeness_threshold = ");
  assert_same_bits(again, phi, 12);
  free(phi);
  attrib_context_destroy(context);
  tear_down(&s);
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static void zeros_are_defaults(void **state) {
  (void)state;
  setting s;
  set_up(&s, 9, ATTRIB_F64, 8);
  s.set.count = 1;
  const attrib_ig2_options zeros = {.struct_size = sizeof zeros};
  const attrib_ig2_options named =
      with_steps(ATTRIB_RULE_TRAPEZOID, 201, 4.0 / 3 * distance_between(s.x, s.r, 8) / 201);
  const attrib_ig2_options *const given[] = {&zeros, NULL, &named};
  double *first = explain(&s, &zeros, NULL);
  for (int k = 0; k < 3; k++) {
    attrib_report report = fresh_report();
    double *phi = untouched(8);
    assert_int_equal(attrib_ig2(NULL, &s.model, &s.space, s.input, 0, &s.set, given[k], phi, &report), ATTRIB_OK);
    if (k < 2) assert_same_bits(phi, first, 8);
    for (int i = 0; i < 8; i++) assert_near(phi[i], first[i], 1e-12, 1); /* the length rounds */
    assert_int_equal(report.points, 201);
    free(phi);
  }
  free(first);
  tear_down(&s);
}

typedef struct wrong {
  attrib_ig2_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const int32_t labels[] = {0, 1, 2};
static const double ones[] = {1, 1, 1};
static const wrong wrongs[] = {
    {{.flags = 8}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x8"},
    {{.reserved0 = 5}, ATTRIB_E_UNSUPPORTED, "reserved0 = 5"},
    {{.rule = ATTRIB_RULE_RIGHT}, ATTRIB_E_ARGUMENT, "options->rule = 2: must be ATTRIB_RULE_LEFT (1), TRAPEZOID (4)"},
    {{.steps = -3}, ATTRIB_E_ARGUMENT, "options->steps = -3: must be 0 or from 1 to"},
    {{.steps = (INT64_C(1) << 40) + 1}, ATTRIB_E_ARGUMENT, "options->steps = 1099511627777"},
    {{.step = -.05}, ATTRIB_E_ARGUMENT, "options->step = -0.05: must be finite and not negative"},
    {{.step = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->step = inf"},
    {{.step = (double)NAN}, ATTRIB_E_ARGUMENT, "options->step = "},
    {{.low = 1, .high = -1}, ATTRIB_E_ARGUMENT, "options->low = 1, high = -1: must be finite, low below high"},
    {{.low = 1, .high = 1}, ATTRIB_E_ARGUMENT, "options->low = 1, high = 1"},
    {{.low = -1, .high = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->low = -1, high = inf"},
    {{.low = (double)NAN}, ATTRIB_E_ARGUMENT, "options->low = "},
    {{.low = 5, .high = 6}, ATTRIB_E_ARGUMENT, "options->low = 5, high = 6: the input runs from"},
    {{.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.n_groups = 2, .groups = labels}, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {{.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {{.target_weights = ones}, ATTRIB_E_ARGUMENT, "target = 0: must be ATTRIB_NO_TARGET"},
};

/* In both forms; nothing is evaluated, fetched or written. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static watcher w, w_space;
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3);
  s.model = watch(&w, s.model, false);
  s.space = watch(&w_space, s.space, true);
  double *phi = untouched(3);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_ig2_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, phi, NULL), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_ig2_start(context, &s.model, &s.space, s.input, 0, &s.set, &options, &run), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  static const char *const missing[] = {"model is NULL", "input is NULL", "references is NULL", "attributions is NULL"};
  for (int k = 0; k < 4; k++) {
    assert_status(attrib_ig2(context, k == 0 ? NULL : &s.model, &s.space, k == 1 ? NULL : s.input, 0,
                             k == 2 ? NULL : &s.set, NULL, k == 3 ? NULL : phi, NULL),
                  ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), missing[k]);
  }
  attrib_baselines none = s.set;
  none.count = 0;
  assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &none, NULL, phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "references->count = 0");
  assert_true(is_untouched(phi, 3) && w.count == 0 && w_space.count == 0);
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* A reference that is not finite is found when its turn comes, and named as what it is. */
static void a_reference_must_be_finite(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int fetch = 0; fetch < 2; fetch++) {
    setting s;
    set_up(&s, 1, ATTRIB_F64, 3);
    ((double *)s.rows)[2 * 3 + 1] = (double)NAN;
    if (fetch) {
      s.set.rows = NULL;
      s.set.fetch = fetch_row;
      s.set.fetch_user = &s;
    }
    double *phi = untouched(3);
    const attrib_ig2_options options = with_steps(0, 2, .1);
    assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, phi, NULL), ATTRIB_E_NONFINITE,
                  context);
    assert_names(attrib_context_error(context), "references: row 2, element 1 is nan: must be finite");
    assert_true(is_untouched(phi, 3));
    free(phi);
    tear_down(&s);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(of_a_linear_representation_every_step_leads_to_the_reference),
      cmocka_unit_test(by_the_identity_the_reference_is_reached),
      cmocka_unit_test(unlike_the_official_code_the_reference_is_an_end),
      cmocka_unit_test(without_a_slope_the_path_ends),
      cmocka_unit_test(a_reference_that_is_reached_at_once),
      cmocka_unit_test(a_path_ends_at_the_bounds),
      cmocka_unit_test(sums_tend_to_what_f_loses),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(what_must_be_finite),
      cmocka_unit_test(the_smallest_slope),
      cmocka_unit_test(what_overflows),
      cmocka_unit_test(many_references_are_the_weighted_mean),
      cmocka_unit_test(the_model_can_be_its_own_representation),
      cmocka_unit_test(batches_in_the_pull_form_say_which_model),
      cmocka_unit_test(representations_that_do_not_fit_are_named),
      cmocka_unit_test(the_trace_is_the_curve_along_the_path),
      cmocka_unit_test(memory_does_not_grow_with_steps),
      cmocka_unit_test(groups_are_sums),
      cmocka_unit_test(a_threshold_on_completeness),
      cmocka_unit_test(zeros_are_defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(a_reference_must_be_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
