/* IG2: a recomputation by plain loops, how far steps go, where paths end, the identity, numbers of every size. Exact
 * values: test_step_paths.c; calls and what they report: test_ig2_calls.c. */
#include "ig2_setting.h"
#include "statistics.h"

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
    assert_int_equal(report.notes, ATTRIB_NOTE_NO_STEP);
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
      assert_int_equal(report.notes, 0);
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
    assert_int_equal(report.notes, 0);
    const double corner[] = {2, 2};
    report = explain_product(rules[rule], f_left, corner, r, -1, 2, phi);
    assert_true(phi[0] == 0 && phi[1] == 0 && report.objective == 3);
    assert_int_equal(report.notes, ATTRIB_NOTE_NO_STEP);
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

/* Of which the gradient says that the reference is a thousand times as far. */
static double f_slow(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1 ? 1e-3 : 0;
  return x[1];
}

/* A point that the type does not hold is found before a model is asked there. */
static void a_step_out_of_range_is_an_overflow(void **state) {
  (void)state;
  static const analytic_fn slow = f_slow, waves = f_waves;
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int rule = 0; rule < 2; rule++) {
      static watcher w;
      const double unit = t == 0 ? 1e38 : 1e308, x[] = {1, -unit}, r[] = {1, -1.2 * unit};
      analytic f, h;
      const attrib_model model = single_model(&f, &waves, dtypes[t], 2, NULL);
      const attrib_model space = watch(&w, single_model(&h, &slow, dtypes[t], 2, NULL), true);
      void *input = as_row(dtypes[t], x, 2), *reference = as_row(dtypes[t], r, 2);
      const attrib_baselines set = one_baseline(reference);
      const attrib_ig2_options options = with_steps(rules[rule], 5, t == 0 ? 5e38 : 1.5e308);
      attrib_report report = fresh_report();
      double phi[2] = {7, 7};
      assert_status(attrib_ig2(context, &model, &space, input, 0, &set, &options, phi, &report), ATTRIB_E_OVERFLOW,
                    context);
      assert_names(attrib_context_error(context), "displacement times the gradient of input 1 is inf");
      assert_true(w.count == 3 && report.failed_row == 2); /* h(r), h(x), the slope there */
      for (int64_t k = 0; k < w.count; k++) assert_true(isfinite(w.rows[k].point[1]));
      assert_true(phi[0] == 7 && phi[1] == 7);
      stop_watching(&w);
      free(reference);
      free(input);
    }
  attrib_context_destroy(context);
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
      cmocka_unit_test(the_smallest_slope),
      cmocka_unit_test(a_step_out_of_range_is_an_overflow),
      cmocka_unit_test(what_overflows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
