/* Sampling methods at the edge of what numbers can be: counts that no run has, runs without end, and values of the
 * order of DBL_MAX, which end as E_OVERFLOW with a message or as numbers. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

/* A call of either method with everything in reach of the tests. */
typedef struct sampling {
  bool smooth; /* which of the two */
  stage s;
  meter m;
  attrib_context *context;
  attrib_model model;
  attrib_baselines set;
  attrib_eg_options drawn;
  attrib_smoothgrad_options noised;
  attrib_report *report;
  double *results, *errors;
  int64_t fetched_from; /* smallest and largest row that was fetched */
  int64_t fetched_to;
} sampling;

static int32_t ATTRIB_CALL fetch_zeros(int64_t index, void *row, void *user) {
  sampling *c = user;
  memset(row, 0, (size_t)c->s.n * sizeof(double));
  if (index < c->fetched_from) c->fetched_from = index;
  if (index > c->fetched_to) c->fetched_to = index;
  return 0;
}

static void open_sampling(sampling *c, bool smooth) {
  *c = (sampling){.smooth = smooth, .fetched_from = INT64_MAX, .fetched_to = -1};
  stage_open(&c->s, ATTRIB_F64, 5, 3, 3);
  meter_start(&c->m);
  c->m.limit = 1 << 20; /* so that a huge request fails the same on every machine */
  c->context = meter_context(&c->m, 1, 0, NULL);
  c->model = c->s.model;
  c->set = (attrib_baselines){.struct_size = sizeof c->set, .count = 3, .stride = c->s.stride, .rows = c->s.rows};
  c->drawn = (attrib_eg_options){.struct_size = sizeof c->drawn};
  c->noised = (attrib_smoothgrad_options){.struct_size = sizeof c->noised};
  c->report = report_open(500);
  c->results = untouched(c->s.n);
  c->errors = untouched(c->s.n);
  c->report->standard_errors = c->errors;
}

static void close_sampling(sampling *c) {
  free(c->errors);
  free(c->results);
  report_close(c->report);
  attrib_context_destroy(c->context);
  meter_finish(&c->m);
  stage_close(&c->s);
}

/* A failure writes nothing, and says why in one line. */
static attrib_status make(sampling *c) {
  size_t bytes = (size_t)c->s.n * sizeof(double);
  memset(c->results, 0x5a, bytes);
  memset(c->errors, 0x5a, bytes);
  attrib_status status =
      c->smooth
          ? attrib_smoothgrad(c->context, &c->model, c->s.input, 0, &c->noised, c->results, c->report)
          : attrib_expected_gradients(c->context, &c->model, c->s.input, 0, &c->set, &c->drawn, c->results, c->report);
  assert_true((status < 0) == is_untouched(c->results, c->s.n));
  assert_true((status < 0) == is_untouched(c->errors, c->s.n));
  assert_string_equal(c->report->message, attrib_context_error(c->context));
  assert_true((status < 0 || status == ATTRIB_NOT_CONVERGED) == (c->report->message[0] != '\0'));
  assert_null(strchr(c->report->message, '\n'));
  return status;
}

/* In both forms. */
static void refuse(sampling *c, attrib_status expected, const char *name) {
  attrib_status status = make(c);
  if (status != expected || strstr(c->report->message, name) == NULL)
    fail_msg("%s instead of %s with \"%s\": \"%s\"", attrib_status_name(status), attrib_status_name(expected), name,
             c->report->message);
  attrib_run *run = (attrib_run *)c;
  status = c->smooth ? attrib_smoothgrad_start(c->context, &c->model, c->s.input, 0, &c->noised, &run)
                     : attrib_expected_gradients_start(c->context, &c->model, c->s.input, 0, &c->set, &c->drawn, &run);
  assert_int_equal(status, expected);
  assert_null(run);
}

static void numbers_that_no_run_has(void **state) {
  (void)state;
  const int64_t wrong[] = {-1, INT64_MIN, INT64_MAX, ((int64_t)1 << 52) + 1};
  const double no_tolerance[] = {-1, -DBL_MAX, (double)NAN, (double)INFINITY};
  for (int smooth = 0; smooth < 2; smooth++) {
    sampling c;
    open_sampling(&c, smooth != 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
      c.drawn.samples = c.noised.samples = wrong[i];
      refuse(&c, ATTRIB_E_ARGUMENT, "samples");
      c.drawn.samples = c.noised.samples = 0;
      c.drawn.tolerance = c.noised.tolerance = 0.5;
      c.drawn.max_evaluations = c.noised.max_evaluations = wrong[i];
      refuse(&c, ATTRIB_E_ARGUMENT, "max_evaluations");
      c.drawn.max_evaluations = c.noised.max_evaluations = 0;
      c.drawn.tolerance = c.noised.tolerance = no_tolerance[i];
      refuse(&c, ATTRIB_E_ARGUMENT, "tolerance");
      c.drawn.tolerance = c.noised.tolerance = 0;
    }
    const int64_t many[] = {INT64_MAX, INT64_MAX / 16, INT64_MAX / 64};
    c.drawn.groups = c.noised.groups = c.s.groups;
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
      c.drawn.n_groups = c.noised.n_groups = many[i];
      attrib_status status = make(&c);
      assert_true(status == ATTRIB_E_OVERFLOW || status == ATTRIB_E_MEMORY);
    }
    c.drawn.groups = c.noised.groups = NULL;
    c.drawn.n_groups = c.noised.n_groups = 0;
    c.model.n_inputs = INT64_MAX / 8 - 1;
    refuse(&c, ATTRIB_E_OVERFLOW, "n_inputs");
    close_sampling(&c);
  }
}

static void draws_that_cannot_be_made(void **state) {
  (void)state;
  sampling c;
  open_sampling(&c, false);
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_STRATIFIED; sampler++) {
    c.drawn.sampler = sampler;
    c.drawn.samples = ((int64_t)1 << 22) + 1;
    refuse(&c, ATTRIB_E_ARGUMENT, "samples");
    c.drawn.samples = 0;
  }
  c.drawn.tolerance = 0.5;
  c.drawn.sampler = ATTRIB_SAMPLER_LATTICE;
  c.drawn.max_evaluations = 2; /* of 3 baselines */
  refuse(&c, ATTRIB_E_ARGUMENT, "max_evaluations");
  c.drawn.tolerance = 0;
  c.drawn.max_evaluations = 0;
  c.drawn.samples = 2;
  refuse(&c, ATTRIB_E_ARGUMENT, "samples");
  c.drawn.samples = (int64_t)1 << 52;
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .fetch = fetch_zeros, .fetch_user = &c};
  c.set.count = ((int64_t)1 << 52) + 1;
  refuse(&c, ATTRIB_E_ARGUMENT, "samples");
  c.drawn.samples = 100;
  const int64_t many[] = {((int64_t)1 << 62) + 1, INT64_MAX};
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
    for (c.drawn.sampler = ATTRIB_SAMPLER_DEFAULT; c.drawn.sampler <= ATTRIB_SAMPLER_LATTICE; c.drawn.sampler++) {
      c.set.count = many[i];
      refuse(&c, ATTRIB_E_ARGUMENT, "count");
    }
  close_sampling(&c);
}

static void noise_that_leaves_the_range(void **state) {
  (void)state;
  sampling c;
  open_sampling(&c, true);
  const double wide[] = {DBL_MAX, DBL_MAX / 4};
  for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
    c.noised.sigma = wide[i];
    refuse(&c, ATTRIB_E_OVERFLOW, "sigma");
    c.noised.sigma = 0;
    c.noised.sigma_fraction = wide[i];
    refuse(&c, ATTRIB_E_OVERFLOW, "sigma");
    c.noised.sigma_fraction = 0;
  }
  double far[5] = {-1.7e308, 1.7e308, 0, 0, 0}; /* the range itself overflows */
  memcpy(c.s.input, far, sizeof far);
  refuse(&c, ATTRIB_E_OVERFLOW, "sigma");
  c.noised.sigma = 1e291; /* at this size noise is lost in rounding, and the points are those of the input */
  assert_int_equal(make(&c), ATTRIB_OK);
  close_sampling(&c);
}

/* More rows than could ever be evaluated are no error: the model stops them, and nothing was done in advance. */
static void draws_without_end(void **state) {
  (void)state;
  sampling c;
  open_sampling(&c, false);
  stage_fault(&c.s, FAULT_STOP, 40, false);
  c.model.max_rows = 4;
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .fetch = fetch_zeros, .fetch_user = &c};
  const int64_t most = (int64_t)1 << 52, counts[] = {1, 3, 1000, most, (int64_t)1 << 62};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
    for (uint32_t sampler = ATTRIB_SAMPLER_DEFAULT; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
      for (int rounds = 0; rounds < 2; rounds++) {
        bool lattice = counts[i] <= most && sampler != ATTRIB_SAMPLER_IID && sampler != ATTRIB_SAMPLER_STRATIFIED;
        int64_t rows = lattice ? most : 1 << 16;
        if (sampler == ATTRIB_SAMPLER_LATTICE && !lattice) continue;
        c.set.count = counts[i];
        c.fetched_from = INT64_MAX;
        c.fetched_to = -1;
        c.drawn.sampler = sampler;
        c.drawn.samples = rounds ? 0 : rows;
        c.drawn.max_evaluations = rounds ? rows : 0;
        c.drawn.tolerance = rounds ? 1e-9 : 0;
        assert_int_equal(make(&c), ATTRIB_CANCELLED);
        assert_int_equal(c.report->stop_reason, ATTRIB_STOP_CALLBACK);
        assert_true(c.report->evaluations + c.report->output_evaluations <= 40);
        assert_true(c.fetched_from >= 0 && c.fetched_to < counts[i]);
        if (counts[i] > 1000) assert_true(c.fetched_from < counts[i] / 2 && c.fetched_to > counts[i] / 2);
      }
  close_sampling(&c);
  open_sampling(&c, true);
  stage_fault(&c.s, FAULT_STOP, 40, false);
  c.model.max_rows = 4;
  for (int rounds = 0; rounds < 2; rounds++) {
    c.noised.samples = rounds ? 0 : most - 1;
    c.noised.max_evaluations = rounds ? most : 0;
    c.noised.tolerance = rounds ? 1e-9 : 0;
    assert_int_equal(make(&c), ATTRIB_CANCELLED);
    assert_int_equal(c.report->evaluations, 36); /* f(x), then batches of four */
  }
  close_sampling(&c);
}

static int32_t ATTRIB_CALL fetch_weighted(int64_t index, void *row, void *user) {
  const sampling *c = user;
  return c->set.weights[index] > 0 ? fetch_zeros(index, row, user) : -1;
}

/* Not even for f(x), which any baseline gives. */
static void baselines_without_weight_are_left_out(void **state) {
  (void)state;
  const double weights[] = {0, 0.5, 0, 0, 2, 0};
  for (uint32_t sampler = ATTRIB_SAMPLER_DEFAULT; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
    for (uint64_t seed = 0; seed < 20; seed++) {
      sampling c;
      open_sampling(&c, false);
      c.set = (attrib_baselines){.struct_size = sizeof c.set, .fetch = fetch_weighted, .fetch_user = &c};
      c.set.count = sizeof weights / sizeof weights[0];
      c.set.weights = weights;
      c.drawn.sampler = sampler;
      c.drawn.samples = 12;
      c.drawn.seed = seed;
      assert_int_equal(make(&c), ATTRIB_OK);
      assert_true(c.fetched_from >= 1 && c.fetched_to == 4);
      close_sampling(&c);
    }
}

/* Baselines as far from the input as doubles go. */
static void displacements_that_overflow(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    sampling c;
    open_sampling(&c, false);
    c.drawn.sampler = sampler;
    ((double *)c.s.input)[2] = DBL_MAX;
    ((double *)c.s.rows)[c.s.stride + 2] = -DBL_MAX;
    assert_int_equal(make(&c), ATTRIB_E_OVERFLOW);
    assert_non_null(strstr(c.report->message, "baseline 1: element 2"));
    close_sampling(&c);
  }
}

/* A model whose gradient of the first input is of a certain size and of the others 1: the same everywhere, of either
 * sign, or between half of it and all of it. */
typedef enum shape { SAME, SIGNED, VARIED, SHAPES } shape;

typedef struct loud {
  double gradient, output;
  shape shape;
} loud;

static int32_t ATTRIB_CALL evaluate_loud(const attrib_batch *b, void *user) {
  const loud *l = user;
  for (int64_t r = 0; r < b->rows; r++) {
    const double *x = (const double *)b->inputs + r * b->input_stride;
    int64_t digits = (int64_t)fabs(x[1] * 0x1p40) & 1023;
    b->outputs[r * b->output_stride] = l->output;
    double *gradient = b->gradients == NULL ? NULL : (double *)b->gradients + r * b->gradient_stride;
    for (int64_t i = 0; gradient != NULL && i < b->n_inputs; i++) gradient[i] = 1;
    if (gradient == NULL) continue;
    gradient[0] = l->gradient;
    if (l->shape == SIGNED && digits % 2 == 1) gradient[0] = -l->gradient;
    if (l->shape == VARIED) gradient[0] *= 0.5 + (double)digits / 2048;
  }
  return 0;
}

enum { LOUD_WAYS = 12, LOUD_DRAWN = 7 };

/* Every sampler, fixed and doubled, and every form. */
static void choose_loud(sampling *c, int way) {
  static const struct {
    uint32_t flags, sampler;
    int64_t samples, max_evaluations;
  } drawn[LOUD_DRAWN] = {{0, ATTRIB_SAMPLER_IID, 12, 0},
                         {0, ATTRIB_SAMPLER_STRATIFIED, 12, 0},
                         {0, ATTRIB_SAMPLER_LATTICE, 3, 0},
                         {0, ATTRIB_SAMPLER_LATTICE, 12, 0},
                         {0, ATTRIB_SAMPLER_LATTICE, 0, 400},
                         {0, ATTRIB_SAMPLER_STRATIFIED, 0, 300},
                         {ATTRIB_MEAN_GRADIENT, ATTRIB_SAMPLER_IID, 12, 0}};
  for (int64_t k = 0; k < c->s.count; k++) ((double *)c->s.rows)[k * c->s.stride] = c->s.input_values[0] - 1;
  if (way < LOUD_DRAWN) {
    c->drawn.flags = drawn[way].flags;
    c->drawn.sampler = drawn[way].sampler;
    c->drawn.samples = drawn[way].samples;
    c->drawn.max_evaluations = drawn[way].max_evaluations;
    c->drawn.tolerance = drawn[way].max_evaluations > 0 ? 1e-3 : 0;
  } else {
    c->noised.form = (uint32_t)(way - LOUD_DRAWN);
    c->noised.samples = 12;
  }
}

/* Numbers, or a failure that says so. Fails the test unless it is numbers where these are well within range. */
static void try_loud(int way, const loud *l) {
  sampling c;
  open_sampling(&c, way >= LOUD_DRAWN);
  choose_loud(&c, way);
  c.model.evaluate = evaluate_loud;
  c.model.user = (void *)l;
  attrib_status status = make(&c);
  if (l->gradient < 1e77 || status != ATTRIB_E_OVERFLOW) assert_true(status >= 0);
  for (int64_t i = 0; i < c.s.n && status >= 0; i++) {
    if (!isfinite(c.results[i]) || isnan(c.errors[i]))
      fail_msg("way %d, shape %d, gradient %g, output %g: element %d is %g, give or take %g", way, (int)l->shape,
               l->gradient, l->output, (int)i, c.results[i], c.errors[i]);
  }
  if (status >= 0) {
    const attrib_report *report = c.report;
    assert_false(isnan(report->error_estimate));
    assert_true(isfinite(report->attribution_sum));
    if (!(fabs(report->baseline_output - l->output) <= 1e-14 * l->output))
      fail_msg("way %d, shape %d: the mean of outputs that are all %g is %g", way, (int)l->shape, l->output,
               report->baseline_output);
  }
  close_sampling(&c);
}

static void gradients_at_the_edge(void **state) {
  (void)state;
  const double sizes[] = {1,     1e70,  1e76,  1e78,    1e100,   1e153,   1e155,
                          1e200, 1e300, 1e307, 4.4e307, 0.9e308, 1.1e308, DBL_MAX};
  for (int way = 0; way < LOUD_WAYS; way++)
    for (int k = SAME; k < SHAPES; k++)
      for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        try_loud(way, &(loud){.gradient = sizes[i], .output = 1, .shape = (shape)k});
}

static void outputs_at_the_edge(void **state) {
  (void)state;
  const double sizes[] = {1e300, 1e307, 1e308, DBL_MAX};
  for (int way = 0; way < LOUD_WAYS; way++)
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
      try_loud(way, &(loud){.gradient = 1, .output = sizes[i], .shape = VARIED});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_that_no_run_has),
      cmocka_unit_test(draws_that_cannot_be_made),
      cmocka_unit_test(noise_that_leaves_the_range),
      cmocka_unit_test(draws_without_end),
      cmocka_unit_test(baselines_without_weight_are_left_out),
      cmocka_unit_test(displacements_that_overflow),
      cmocka_unit_test(gradients_at_the_edge),
      cmocka_unit_test(outputs_at_the_edge),
  };
  return cmocka_run_group_tests_name("hardship: draws", tests, NULL, NULL);
}
