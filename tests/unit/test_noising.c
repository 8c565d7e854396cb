/* test_noising.c - adaptive noising: the map is SmoothTaylor's to the bit, sigma and objective are those of plain
 * loops, and what becomes of models that have no curvature or no output. */
#include "noising.h"

#include "image/shape.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* -- against attrib_smoothgrad ------------------------------------------------------------------------------------ */

/* The same attributions, errors and figures, bit for bit, as of the sigma that was found. */
static void expect_smoothtaylor(noising_case *c) {
  double *phi = untouched(c->count), *errors = untouched(c->count);
  attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                       .flags = c->options.flags & ATTRIB_SMOOTH_INDEPENDENT,
                                       .form = ATTRIB_SMOOTH_TAYLOR,
                                       .seed = c->options.seed,
                                       .samples = c->options.samples,
                                       .n_groups = c->options.n_groups,
                                       .sigma = c->report.sigma,
                                       .groups = c->options.groups};
  if (c->options.flags & ATTRIB_NOISING_CLIP) {
    options.low = c->options.low;
    options.high = c->options.high;
  }
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  assert_int_equal(attrib_smoothgrad(NULL, &c->model, c->input, 0, &options, phi, &report), ATTRIB_OK);
  assert_same_bits(c->phi, phi, c->count);
  assert_same_bits(c->errors, errors, c->count);
  const double found[] = {c->report.output,         c->report.baseline_output,      c->report.attribution_sum,
                          c->report.error_estimate, c->report.completeness_target,  c->report.completeness_error,
                          c->report.sigma,          c->report.completeness_relative};
  const double given[] = {report.output,         report.baseline_output,      report.attribution_sum,
                          report.error_estimate, report.completeness_target,  report.completeness_error,
                          report.sigma,          report.completeness_relative};
  assert_same_bits(found, given, COUNT(found));
  assert_int_equal(c->report.samples, report.samples);
  assert_true(c->report.seed == report.seed);
  free(phi);
  free(errors);
}

static void the_map_is_that_of_smoothtaylor(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t search = 0; search < 2; search++)
      for (uint32_t objective = 0; objective < 2; objective++)
        for (int variant = 0; variant < 4; variant++) {
          noising_case c;
          open_case(&c, dtypes[t], search, objective);
          if (search == ATTRIB_NOISING_PUBLISHED && variant == 0) c.options.samples = 2;
          if (variant == 1) c.options.flags = ATTRIB_SMOOTH_INDEPENDENT;
          if (variant == 1) c.options.samples = 5;
          if (variant == 2) {
            c.options.flags = ATTRIB_NOISING_CLIP;
            c.options.low = -1;
            c.options.high = 1;
          }
          if (variant == 3) use_groups(&c, 5);
          assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
          assert_true(c.report.sigma > 0 && isfinite(c.report.objective));
          expect_smoothtaylor(&c);
          close_case(&c);
        }
}

/* -- against plain loops ------------------------------------------------------------------------------------------ */

static double look(void *user, const double *x, double *gradient) {
  const noising_case *c = user;
  const double f = c->function(x, c->n, gradient, c->analytic.parameters);
  for (int64_t i = 0; i < c->n && gradient != NULL && c->dtype == ATTRIB_F32; i++) {
    volatile float rounded = (float)gradient[i];
    gradient[i] = (double)rounded;
  }
  return f;
}

static plain_noising plainly(noising_case *c, double *best, int64_t most) {
  plain_noising p = {.dtype = c->dtype, .n = c->n, .input = c->values, .look = look, .user = c, .options = c->options};
  p.best = best;
  assert_int_equal(attrib__image_read_shape(NULL, c->dtype, c->options.shape, &p.shape), ATTRIB_OK);
  plain_noising_search(&p, most);
  return p;
}

static void expect_plain(noising_case *c) {
  double best[MOST];
  const plain_noising p = plainly(c, best, 0);
  assert_near(c->report.sigma, p.best_sigma, ROUND_OFF, p.best_sigma);
  assert_near(c->report.objective, p.best_objective, ROUND_OFF, 50);
  for (int64_t i = 0; i < c->n; i++) assert_near(c->phi[i], best[i], ROUND_OFF, 1);
  assert_near(c->report.baseline_output, p.best_mean, ROUND_OFF, 10 + (double)c->n);
  const bool perturbs = c->options.objective == ATTRIB_NOISING_AUPC;
  assert_int_equal(c->report.evaluations, p.sigmas * c->options.samples);
  assert_int_equal(c->report.output_evaluations, 1 + (perturbs ? p.windows * c->options.fills : 0));
}

static void the_search_is_that_of_plain_loops(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t search = 0; search < 2; search++)
      for (uint32_t objective = 0; objective < 2; objective++)
        for (uint32_t flags = 0; flags < 4; flags += objective == ATTRIB_NOISING_AUPC ? 1 : 3) {
          noising_case c;
          open_case(&c, dtypes[t], search, objective);
          c.options.flags = flags;
          if (flags & ATTRIB_NOISING_CLIP) {
            c.options.low = -1;
            c.options.high = 1;
          }
          c.options.seed = flags + 3;
          assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
          expect_plain(&c);
          close_case(&c);
        }
}

/* Planes instead of pixels, gaps between rows, a last element that belongs to no pixel. */
static void pixels_lie_as_the_shape_says(void **state) {
  (void)state;
  static const attrib_image shapes[] = {{.struct_size = sizeof(attrib_image),
                                         .width = 6,
                                         .height = 5,
                                         .channels = 2,
                                         .x_stride = 1,
                                         .y_stride = 6,
                                         .channel_stride = 30},
                                        {.struct_size = sizeof(attrib_image),
                                         .width = 4,
                                         .height = 7,
                                         .channels = 2,
                                         .x_stride = 2,
                                         .y_stride = 8,
                                         .channel_stride = 1},
                                        {.struct_size = sizeof(attrib_image),
                                         .width = 3,
                                         .height = 5,
                                         .channels = 3,
                                         .x_stride = 3,
                                         .y_stride = 12,
                                         .channel_stride = 1}};
  double sums[COUNT(shapes)];
  for (int64_t k = 0; k < COUNT(shapes); k++) {
    noising_case c;
    open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
    c.options.shape = &shapes[k];
    assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
    expect_plain(&c);
    sums[k] = c.report.objective;
    close_case(&c);
  }
  assert_true(sums[0] != sums[1] && sums[1] != sums[2]);
}

/* Windows that leave no room for more end early; only fills that were made are counted. */
static void small_pictures_hold_few_windows(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.options.window_side = 3;
  c.options.windows = 30;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  expect_plain(&c);
  close_case(&c);
}

/* J at one sigma. */
static double objective_at(noising_case *c, double sigma) {
  const attrib_noising_options options = c->options;
  c->options.max_sigmas = 1;
  c->options.sigma_low = sigma * (1 - 1e-9);
  c->options.sigma_high = sigma * (1 + 1e-9);
  assert_int_equal(call_case(c, NULL), ATTRIB_OK);
  c->options = options;
  return c->report.objective;
}

/* Total variation of the bumps' map falls until the ripple is gone, and rises again with the noise: of 60 sigmas none
 * is better than what 20 found. */
static void no_other_sigma_is_better(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUTVC);
  c.options.samples = 30;
  c.options.max_sigmas = 20;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  const double found = c.report.objective, sigma = c.report.sigma;
  assert_true(sigma > .1 && sigma < 1);
  double least = INFINITY, most = 0;
  for (int k = 0; k < 60; k++) {
    const double other = objective_at(&c, .05 * pow(30, k / 59.0));
    least = fmin(least, other);
    most = fmax(most, other);
  }
  assert_true(found <= least * 1.001 && most > 1.3 * found);
  assert_near(objective_at(&c, sigma), found, 1e-6, found);
  close_case(&c);
}

/* -- what is searched --------------------------------------------------------------------------------------------- */

static double f_sloped(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double f = 2;
  for (int64_t i = 0; i < n; i++) {
    f += x[i];
    if (g != NULL) g[i] = 1;
  }
  return f;
}

/* Around 0 pairs cancel to the last bit: maps of zeros, windows from the top left corner on, and all sigmas alike. */
static void a_linear_model_has_a_map_of_zeros(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t objective = 0; objective < 2; objective++) {
      noising_case c;
      open_case(&c, dtypes[t], ATTRIB_NOISING_BRACKETED, objective);
      c.function = f_sloped;
      memset(c.input, 0, (size_t)c.n * (c.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double)));
      for (int64_t i = 0; i < c.n; i++) c.values[i] = 0;
      assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
      for (int64_t i = 0; i < c.n; i++) assert_true(c.phi[i] == 0 && c.errors[i] == 0);
      assert_true(c.report.sigma == c.options.sigma_low);
      assert_int_equal(c.report.notes, ATTRIB_NOTE_WITHIN_ERRORS | ATTRIB_NOTE_SIGMA_AT_END);
      if (objective == ATTRIB_NOISING_AUTVC) assert_true(c.report.objective == 0);
      expect_plain(&c);
      close_case(&c);
    }
}

/* About another point they leave rounding errors, of either sign, which no samples average out of the map: it is about
 * as large as its standard errors. */
static void a_map_of_rounding_errors_is_noted(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (uint32_t search = 0; search < 2; search++)
      for (uint32_t objective = 0; objective < 2; objective++) {
        noising_case c;
        open_case(&c, dtypes[t], search, objective);
        c.function = f_sloped;
        c.options.samples = 20;
        assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
        assert_true(c.report.error_estimate > .5 && fabs(c.phi[1]) < (t == 0 ? 1e-6 : 1e-14));
        assert_true(c.report.notes & ATTRIB_NOTE_WITHIN_ERRORS);
        close_case(&c);
      }
}

/* Of the bumps the map stands above its errors, and the best sigma lies within the bracket. */
static void maps_that_say_something_have_no_notes(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    noising_case c;
    open_case(&c, dtypes[t], ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUTVC);
    c.options.samples = 60;
    assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
    assert_true(c.report.error_estimate < .7 && c.report.sigma > .1 && c.report.sigma < 1);
    assert_int_equal(c.report.notes, 0);
    const double sigma = c.report.sigma, bracket[][2] = {{sigma / 3, sigma / 2}, {2 * sigma, 3 * sigma}};
    for (int k = 0; k < 2; k++) { /* the best one lies beyond */
      c.options.sigma_low = bracket[k][0];
      c.options.sigma_high = bracket[k][1];
      assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
      assert_true(c.report.sigma == bracket[k][1 - k]);
      assert_int_equal(c.report.notes & ATTRIB_NOTE_SIGMA_AT_END, ATTRIB_NOTE_SIGMA_AT_END);
    }
    c.options.samples = 2; /* one pair: errors are not known */
    assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
    assert_true(isnan(c.report.error_estimate) && !(c.report.notes & ATTRIB_NOTE_WITHIN_ERRORS));
    close_case(&c);
  }
}

static double f_constant(const double *x, int64_t n, double *g, const void *p) {
  (void)x;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return *(const double *)p;
}

/* AUPC is a fraction of f(x): of 0 there is none, and one row tells. AUTVC does not mind. */
static void an_output_of_0_has_no_aupc(void **state) {
  (void)state;
  const double zero = 0;
  for (uint32_t search = 0; search < 2; search++)
    for (uint32_t objective = 0; objective < 2; objective++) {
      attrib_context *context = new_context(1, 0);
      noising_case c;
      open_case(&c, ATTRIB_F64, search, objective);
      c.function = f_constant;
      c.analytic.parameters = &zero;
      const attrib_status expected = objective == ATTRIB_NOISING_AUPC ? ATTRIB_UNDEFINED : ATTRIB_OK;
      assert_status(call_case(&c, context), expected, context);
      if (expected == ATTRIB_OK) {
        assert_true(c.report.objective == 0 && c.phi[0] == 0);
      } else {
        assert_names(c.message, "f(input) is 0");
        assert_string_equal(c.message, attrib_context_error(context));
        assert_true(c.report.evaluations == 0 && c.report.output_evaluations == 1 && c.report.samples == 0);
        assert_true(isnan(c.report.sigma) && isnan(c.report.objective) && c.report.output == 0);
        for (int64_t i = 0; i < c.n; i++) assert_true(isnan(c.phi[i]) && isnan(c.errors[i]));
      }
      close_case(&c);
      attrib_context_destroy(context);
    }
}

/* f so small that nothing is a finite fraction of it. */
static double f_hardly(const double *x, int64_t n, double *g, const void *p) {
  const double *input = p;
  bool same = true;
  for (int64_t i = 0; i < n; i++) {
    same &= x[i] == input[i];
    if (g != NULL) g[i] = x[i];
  }
  return same ? 1e-310 : 1;
}

static void an_objective_that_is_nowhere_finite(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.function = f_hardly;
  c.analytic.parameters = c.values;
  assert_status(call_case(&c, context), ATTRIB_UNDEFINED, context);
  assert_names(c.message, "finite for none of the 6 sigmas");
  for (int64_t i = 0; i < c.n; i++) assert_true(isnan(c.phi[i]) && isnan(c.errors[i]));
  assert_true(isnan(c.report.objective) && isnan(c.report.attribution_sum) && c.report.output == 1e-310);
  close_case(&c);
  attrib_context_destroy(context);
}

/* Maps that no window's sum could hold are the worst there are, not a failure: another sigma may do. */
static double f_steep(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  double f = 1;
  for (int64_t i = 0; i < n; i++) {
    const bool far = fabs(x[i]) > 2;
    f += x[i];
    if (g != NULL) g[i] = far ? (x[i] > 0 ? 1.2e308 / fabs(x[i]) : -1.2e308 / fabs(x[i])) : x[i];
  }
  return f;
}

static void a_map_beyond_double_loses(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.function = f_steep;
  c.options.sigma_low = .01;
  c.options.sigma_high = 20;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_true(c.report.sigma < 2 && isfinite(c.report.objective) && isfinite(c.report.attribution_sum));
  expect_smoothtaylor(&c);
  c.options.sigma_low = 10; /* and nothing else */
  assert_int_equal(call_case(&c, NULL), ATTRIB_UNDEFINED);
  close_case(&c);
}

/* -- defaults, ends, memory --------------------------------------------------------------------------------------- */

/* The published figures, and a bracket of a hundredth of the input's range to all of it. */
static void defaults(void **state) {
  (void)state;
  static const attrib_image square = {.struct_size = sizeof square, .width = 15, .height = 15, .channels = 1};
  enum { PIXELS = 225 };
  noising_case c;
  open_case(&c, ATTRIB_F32, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUTVC);
  c.model.n_inputs = c.analytic.n_inputs = c.n = c.count = PIXELS;
  double low = c.values[0], high = c.values[0], phi[PIXELS];
  for (int64_t i = 0; i < PIXELS; i++) {
    low = fmin(low, c.values[i]);
    high = fmax(high, c.values[i]);
  }
  c.options = (attrib_noising_options){.struct_size = sizeof c.options, .low = -1, .high = 1, .shape = &square};
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_true(c.report.evaluations % 150 == 0 && c.report.evaluations > 10 * 150 && c.report.evaluations <= 20 * 150);
  assert_int_equal(c.report.output_evaluations, 1 + c.report.evaluations / 150 * 50);
  assert_true(c.report.samples == 150 && c.report.seed == 0 && c.report.stop_reason == ATTRIB_STOP_COMPLETE);
  memcpy(phi, c.phi, sizeof phi);
  const attrib_report first = c.report;
  c.options.samples = 149; /* a pair has two */
  c.options.max_sigmas = 20;
  c.options.windows = 30;
  c.options.window_side = 15;
  c.options.fills = 50;
  c.options.sigma_low = .01 * high - .01 * low;
  c.options.sigma_high = high - low;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_same_bits(phi, c.phi, PIXELS);
  assert_true(c.report.sigma == first.sigma && c.report.objective == first.objective);
  assert_true(c.report.evaluations == first.evaluations);
  c.options.window_side = 2; /* that there are more than 30 of */
  c.options.windows = 0;
  c.options.fills = 2;
  c.options.max_sigmas = 1;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_int_equal(c.report.output_evaluations, 1 + 30 * 2);
  close_case(&c);
}

/* Stopped after `rows` rows. */
static int32_t ATTRIB_CALL stop_after(const attrib_progress *progress, void *rows) {
  return progress->evaluations >= *(int64_t *)rows ? 1 : 0;
}

/* Before the first objective is known there is no map; later it is the best so far. */
static void a_call_that_is_stopped_gives_the_best_map_so_far(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.options.window_side = 1; /* there is always room for another */
  c.model.max_rows = 1;
  const int64_t each = c.options.samples + c.options.windows * c.options.fills;
  double best[SMALL];
  for (int64_t sigmas = 0; sigmas < 5; sigmas++)
    for (int64_t more = 0; more < each; more += each - 1) {
      int64_t rows = 1 + sigmas * each + more;
      assert_int_equal(attrib_context_set_progress(context, stop_after, &rows), ATTRIB_OK);
      assert_status(call_case(&c, context), ATTRIB_CANCELLED, context);
      assert_int_equal(c.report.evaluations + c.report.output_evaluations, rows);
      assert_true(isfinite(c.report.output));
      if (sigmas == 0) {
        assert_true(isnan(c.report.sigma) && isnan(c.report.objective) && c.report.samples == 0);
        for (int64_t i = 0; i < c.n; i++) assert_true(isnan(c.phi[i]) && isnan(c.errors[i]));
        continue;
      }
      const plain_noising p = plainly(&c, best, sigmas);
      assert_int_equal(p.sigmas, sigmas);
      assert_true(c.report.sigma == p.best_sigma);
      assert_near(c.report.objective, p.best_objective, ROUND_OFF, 50);
      for (int64_t i = 0; i < c.n; i++) assert_near(c.phi[i], best[i], ROUND_OFF, 1);
    }
  close_case(&c);
  attrib_context_destroy(context);
}

static int64_t bytes_of(uint32_t search, uint32_t objective, const attrib_noising_options *more) {
  noising_case c;
  open_case(&c, ATTRIB_F32, search, objective);
  c.model.max_rows = 4;
  c.options.samples = more->samples;
  if (search == ATTRIB_NOISING_BRACKETED) c.options.max_sigmas = more->max_sigmas;
  if (objective == ATTRIB_NOISING_AUPC) {
    c.options.windows = more->windows;
    c.options.fills = more->fills;
  }
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  const int64_t bytes = c.report.peak_bytes;
  assert_true(bytes > 0);
  close_case(&c);
  return bytes;
}

/* Of samples, sigmas and searches; of windows and fills but for a number or two each. */
static void memory_does_not_grow(void **state) {
  (void)state;
  const attrib_noising_options few = {.samples = 8, .max_sigmas = 2, .windows = 2, .fills = 4};
  const attrib_noising_options many = {.samples = 200, .max_sigmas = 30, .windows = 2, .fills = 4};
  const attrib_noising_options fills = {.samples = 8, .max_sigmas = 2, .windows = 6, .fills = 100};
  for (uint32_t objective = 0; objective < 2; objective++) {
    const int64_t bytes = bytes_of(ATTRIB_NOISING_BRACKETED, objective, &few);
    assert_int_equal(bytes, bytes_of(ATTRIB_NOISING_BRACKETED, objective, &many));
    assert_int_equal(bytes, bytes_of(ATTRIB_NOISING_PUBLISHED, objective, &many));
    const int64_t grown = bytes_of(ATTRIB_NOISING_BRACKETED, objective, &fills) - bytes;
    assert_true(grown >= 0 && grown <= (objective == ATTRIB_NOISING_AUPC ? 16 * 4 + 8 * 96 + 3 * 64 : 0));
  }
}

/* Its rows are no path: a buffer for a trace stays as it is. */
static void nothing_is_traced(void **state) {
  (void)state;
  attrib_trace_point trace[3], before[3];
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  memset(trace, 0x5a, sizeof trace);
  memcpy(before, trace, sizeof trace);
  c.report = (attrib_report){.struct_size = sizeof c.report, .trace = trace, .trace_capacity = 3};
  assert_int_equal(attrib_adaptive_noising(NULL, &c.model, c.input, 0, &c.options, c.phi, &c.report), ATTRIB_OK);
  assert_true(c.report.trace_count == 0 && memcmp(trace, before, sizeof trace) == 0);
  close_case(&c);
}

/* In the pull form batches of a phase may be out together; the next phase waits. */
static void phases_wait_for_one_another(void **state) {
  (void)state;
  noising_case c;
  attrib_run *run;
  attrib_batch *batches[4];
  attrib_context *context = new_context(1, 4);
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.model.max_rows = 2;
  assert_status(attrib_adaptive_noising_start(context, &c.model, c.input, 0, &c.options, &run), ATTRIB_OK, context);
  for (int phase = 0; phase < 4; phase++) { /* f(x), 6 samples, 5 fills, 5 fills */
    static const int64_t rows[][3] = {{1}, {2, 2, 2}, {2, 2, 1}, {2, 2, 1}};
    int out = 0;
    for (; out < 3 && rows[phase][out] > 0; out++) {
      assert_int_equal(attrib_run_next(run, &batches[out]), ATTRIB_OK);
      assert_non_null(batches[out]);
      assert_int_equal(batches[out]->rows, rows[phase][out]);
      assert_int_equal(batches[out]->gradients != NULL, phase == 1);
    }
    assert_int_equal(attrib_run_next(run, &batches[3]), ATTRIB_OK);
    assert_null(batches[3]);
    while (out-- > 0)
      assert_int_equal(attrib_run_submit(run, batches[out], analytic_evaluate(batches[out], &c.analytic)), ATTRIB_OK);
  }
  attrib_run_destroy(run);
  close_case(&c);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_map_is_that_of_smoothtaylor),
      cmocka_unit_test(the_search_is_that_of_plain_loops),
      cmocka_unit_test(pixels_lie_as_the_shape_says),
      cmocka_unit_test(small_pictures_hold_few_windows),
      cmocka_unit_test(no_other_sigma_is_better),
      cmocka_unit_test(a_linear_model_has_a_map_of_zeros),
      cmocka_unit_test(a_map_of_rounding_errors_is_noted),
      cmocka_unit_test(maps_that_say_something_have_no_notes),
      cmocka_unit_test(an_output_of_0_has_no_aupc),
      cmocka_unit_test(an_objective_that_is_nowhere_finite),
      cmocka_unit_test(a_map_beyond_double_loses),
      cmocka_unit_test(defaults),
      cmocka_unit_test(a_call_that_is_stopped_gives_the_best_map_so_far),
      cmocka_unit_test(memory_does_not_grow),
      cmocka_unit_test(nothing_is_traced),
      cmocka_unit_test(phases_wait_for_one_another),
  };
  return cmocka_run_group_tests_name("noising", tests, NULL, NULL);
}
