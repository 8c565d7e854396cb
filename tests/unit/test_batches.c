/* What the model returned, and what it left unwritten: found, named, and the same row whatever the size of a batch. */
#include "fixture.h"

enum { N = 513, POINTS = 9, FIRST = 2 /* f(x) and f(b) come before the gradient rows */ };

static const analytic_fn waves = f_waves;

typedef struct setting {
  analytic analytic;
  spoiler bad;
  attrib_model model;
  void *input, *start;
  attrib_baselines set;
  attrib_ig_options options;
  double *phi;
  attrib_report report;
} setting;

/* Feature 5 does not move; all others do. */
static void set_up(setting *s, uint32_t dtype, uint32_t max_rows) {
  *s = (setting){.options = with_rule(ATTRIB_RULE_MIDPOINT, POINTS), .report = {.struct_size = sizeof s->report}};
  single_model(&s->analytic, &waves, dtype, N, NULL);
  double values[2][N];
  fill_random(31, values[0], N);
  fill_random(32, values[1], N);
  values[0][5] = values[1][5];
  s->input = as_row(dtype, values[0], N);
  s->start = as_row(dtype, values[1], N);
  s->set = one_baseline(s->start);
  s->phi = untouched(N);
  s->bad = (spoiler){.inner = &s->analytic, .output_row = -1, .gradient_row = -1, .fail_from_row = -1};
  s->model = spoiled_model(&s->bad);
  s->model.max_rows = max_rows;
}

static void tear_down(setting *s) {
  free(s->phi);
  free(s->start);
  free(s->input);
}

static attrib_status integrate(setting *s, attrib_context *context) {
  return attrib_integrated_gradients(context, &s->model, s->input, 0, &s->set, &s->options, s->phi, &s->report);
}

static void expect_named(setting *s, attrib_context *context, int64_t row, const char *what) {
  char name[32];
  assert_status(integrate(s, context), ATTRIB_E_NONFINITE, context);
  snprintf(name, sizeof name, "row %d ", (int)row);
  assert_names(attrib_context_error(context), name);
  assert_names(attrib_context_error(context), what);
  assert_int_equal(s->report.failed_row, row);
  assert_int_equal(s->report.stop_reason, ATTRIB_STOP_ERROR);
  assert_int_equal(s->report.model_status, 0);
  assert_true(s->report.rule == ATTRIB_RULE_MIDPOINT && s->report.points == POINTS); /* as far as things got */
  assert_true(is_untouched(s->phi, N));
}

static const double not_finite[] = {NAN, INFINITY, -INFINITY};
static const uint32_t batch_sizes[] = {1, 2, 3, 64};
static const int64_t features[] = {0, 4, 511, 512}; /* both sides of a block border */

static void an_output_that_is_not_finite(void **state) {
  (void)state;
  static const char *const values[] = {"output 0 is ", "output 0 is inf", "output 0 is -inf"};
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    attrib_context *context = new_context(workers, 0);
    for (int64_t m = 0; m < COUNT(batch_sizes); m++)
      for (int64_t row = 0; row < FIRST + POINTS; row += 3)
        for (int v = 0; v < 3; v++) {
          setting s;
          set_up(&s, ATTRIB_F32, batch_sizes[m]);
          s.bad.output_row = row;
          s.bad.output = not_finite[v];
          expect_named(&s, context, row, values[v]);
          tear_down(&s);
        }
    attrib_context_destroy(context);
  }
}

static void a_gradient_that_is_not_finite(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int64_t m = 0; m < COUNT(batch_sizes); m++)
      for (int64_t k = 0; k < COUNT(features); k++)
        for (int v = 0; v < 3; v++) {
          setting s;
          char what[48];
          set_up(&s, dtype, batch_sizes[m]);
          s.bad.gradient_row = FIRST + k;
          s.bad.feature = features[k];
          s.bad.gradient = not_finite[v];
          snprintf(what, sizeof what, "the gradient of input %d is ", (int)features[k]);
          expect_named(&s, context, FIRST + k, what);
          tear_down(&s);
        }
  attrib_context_destroy(context);
}

/* 0 times infinity is not looked at: the attribution is exactly 0, and the others do not notice. */
static void a_gradient_that_does_not_count(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int v = 0; v < 3; v++) {
      setting clean, s;
      set_up(&clean, dtype, 3);
      set_up(&s, dtype, 3);
      s.bad.gradient_row = FIRST + v;
      s.bad.feature = 5;
      s.bad.gradient = not_finite[v];
      assert_int_equal(integrate(&clean, NULL), ATTRIB_OK);
      assert_int_equal(integrate(&s, NULL), ATTRIB_OK);
      const double zero = 0;
      assert_same_bits(&s.phi[5], &zero, 1);
      assert_same_bits(s.phi, clean.phi, N);
      assert_same_bits(&s.report.attribution_sum, &clean.report.attribution_sum, 1);
      tear_down(&s);
      tear_down(&clean);
    }
}

/* The same for gradient times input where the input is 0; the plain gradient has no displacement to excuse it. */
static void a_gradient_at_an_input_of_zero(void **state) {
  (void)state;
  const double x[2] = {0, 3};
  const analytic_fn f = f_product;
  analytic a;
  single_model(&a, &f, ATTRIB_F64, 2, NULL);
  spoiler bad = {
      .inner = &a, .output_row = -1, .gradient_row = 0, .feature = 0, .gradient = INFINITY, .fail_from_row = -1};
  attrib_model model = spoiled_model(&bad);
  attrib_ig_options options = {.struct_size = sizeof options, .flags = ATTRIB_TIMES_INPUT};
  double phi[2];
  assert_int_equal(attrib_gradient(NULL, &model, x, 0, &options, phi, NULL), ATTRIB_OK);
  assert_true(phi[0] == 0 && phi[1] == 0);
  assert_int_equal(attrib_gradient(NULL, &model, x, 0, NULL, phi, NULL), ATTRIB_E_NONFINITE);
}

/* Two faults: the first row's is the one reported, whichever kind it is and whether or not one batch holds both. */
static void the_first_row_in_row_order_is_reported(void **state) {
  (void)state;
  static const uint32_t sizes[] = {1, 2, 3, 5, 64};
  attrib_context *contexts[2] = {new_context(1, 0), new_context(3, 0)};
  for (int k = 0; k < 2; k++)
    for (int64_t m = 0; m < COUNT(sizes); m++)
      for (int64_t output_row = FIRST; output_row < FIRST + 5; output_row++)
        for (int64_t gradient_row = FIRST; gradient_row < FIRST + 5; gradient_row++) {
          setting s;
          set_up(&s, ATTRIB_F64, sizes[m]);
          s.bad.output_row = output_row;
          s.bad.output = NAN;
          s.bad.gradient_row = gradient_row;
          s.bad.feature = 17;
          s.bad.gradient = INFINITY;
          if (output_row <= gradient_row)
            expect_named(&s, contexts[k], output_row, "output 0");
          else
            expect_named(&s, contexts[k], gradient_row, "the gradient of input 17 is inf");
          tear_down(&s);
        }
  for (int k = 0; k < 2; k++) attrib_context_destroy(contexts[k]);
}

/* Two bad gradients, in rows and features of the test's. */
typedef struct pair {
  analytic *inner;
  int64_t rows[2], features[2];
} pair;

static int32_t ATTRIB_CALL spoil_two(const attrib_batch *b, void *user) {
  const pair *p = user;
  int32_t status = analytic_evaluate(b, p->inner);
  for (int64_t r = 0; r < b->rows && b->gradients != NULL; r++)
    for (int k = 0; k < 2; k++)
      if (b->row_ids[r] == p->rows[k]) ((double *)b->gradients)[r * b->gradient_stride + p->features[k]] = NAN;
  return status;
}

/* Rows are reduced block by block: of two faults in different blocks the earlier row counts, then the earlier feature.
 */
static void the_first_of_two_gradients_is_reported(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t other = FIRST; other < FIRST + 5; other++)
    for (int way = 0; way < 2; way++) {
      setting s;
      char what[48];
      set_up(&s, ATTRIB_F64, 64);
      pair p = {&s.analytic, {FIRST + 2, other}, {way == 0 ? 0 : 512, way == 0 ? 512 : 0}};
      s.model.evaluate = spoil_two;
      s.model.user = &p;
      int first = p.rows[0] < p.rows[1] || (p.rows[0] == p.rows[1] && p.features[0] < p.features[1]) ? 0 : 1;
      snprintf(what, sizeof what, "the gradient of input %d is", (int)p.features[first]);
      expect_named(&s, context, p.rows[first], what);
      tear_down(&s);
    }
  attrib_context_destroy(context);
}

static int32_t ATTRIB_CALL fetch_zeros(int64_t index, void *row, void *user) {
  memset(row, 0, N * sizeof(float));
  return index == *(const int64_t *)user ? -3 : 0;
}

/* A callback that fails for a later row does not hide what an earlier row of the same batch came to. */
static void a_failing_fetch_comes_after_the_rows_before_it(void **state) {
  (void)state;
  static const uint32_t sizes[] = {1, 2, 4, 64};
  int64_t fails_at = 2; /* rows: f(x), f(b0), f(b1), f(b2) fails */
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    attrib_context *context = new_context(workers, 0);
    for (int64_t m = 0; m < COUNT(sizes); m++)
      for (int64_t row = 0; row < 3; row++) {
        setting s;
        set_up(&s, ATTRIB_F32, sizes[m]);
        s.set =
            (attrib_baselines){.struct_size = sizeof s.set, .count = 4, .fetch = fetch_zeros, .fetch_user = &fails_at};
        s.bad.output_row = row;
        s.bad.output = INFINITY;
        expect_named(&s, context, row, "output 0 is inf");
        s.bad.output_row = -1;
        assert_status(integrate(&s, context), ATTRIB_E_CALLBACK, context);
        assert_int_equal(s.report.model_status, -3);
        assert_int_equal(s.report.failed_row, 3);
        assert_int_equal(s.report.output_evaluations, 3); /* the rows before it were used */
        tear_down(&s);
      }
    attrib_context_destroy(context);
  }
}

/* Memory left by the rows before would make a picture: every output, the whole first batch of gradients and the end of
 * every later gradient row is watched. */
static void what_the_model_forgot_to_write(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    for (int64_t row = 0; row < FIRST + POINTS; row++) {
      setting s;
      set_up(&s, dtype, 3);
      s.bad.output_row = row;
      s.bad.forget_output = true;
      expect_named(&s, context, row, "output 0 was left unwritten");
      tear_down(&s);
    }
    for (int64_t row = FIRST; row < FIRST + POINTS; row++)
      for (int64_t k = 0; k < COUNT(features); k++) {
        setting s;
        char what[64];
        if (row >= FIRST + 3 && features[k] != N - 1) continue;
        set_up(&s, dtype, 3);
        s.bad.gradient_row = row;
        s.bad.feature = features[k];
        s.bad.forget_gradient = true;
        snprintf(what, sizeof what, "the gradient of input %d was left unwritten", (int)features[k]);
        expect_named(&s, context, row, what);
        tear_down(&s);
      }
  }
  attrib_context_destroy(context);
}

/* Finite gradients, finite displacements, and a product that is not a double. */
static void a_product_that_overflows(void **state) {
  (void)state;
  const double x[2] = {1e200, 1}, b[2] = {-1e200, 0};
  const analytic_fn f = f_product;
  analytic a;
  single_model(&a, &f, ATTRIB_F64, 2, NULL);
  spoiler bad = {
      .inner = &a, .output_row = -1, .gradient_row = 2, .feature = 0, .gradient = 1e200, .fail_from_row = -1};
  attrib_model model = spoiled_model(&bad);
  attrib_baselines set = one_baseline(b);
  attrib_context *context = new_context(1, 0);
  double *phi = untouched(2);
  attrib_status status = attrib_integrated_gradients(context, &model, x, 0, &set, NULL, phi, NULL);
  assert_true(status == ATTRIB_E_NONFINITE || status == ATTRIB_E_OVERFLOW);
  assert_names(attrib_context_error(context), "row 2");
  assert_names(attrib_context_error(context), "input 0");
  assert_true(is_untouched(phi, 2));
  free(phi);
  attrib_context_destroy(context);
}

/* The batch obeys model.h: the analytic refuses one that does not; here, what it does not see. */
static int32_t ATTRIB_CALL inspect(const attrib_batch *b, void *user) {
  const attrib_model *model = user;
  if (b->rows > (int64_t)model->max_rows || b->worker >= 3 || b->dtype != model->dtype ||
      b->n_outputs != model->n_outputs || b->target != 4 || b->target_weights != NULL || b->reserved != NULL ||
      b->row_ids[0] < 0)
    return -2;
  /* Fill the gaps, where there are any, and every element: what is not ours to write is not there (ASan). */
  for (int64_t r = 0; r < b->rows; r++) {
    b->outputs[r * b->output_stride] = 1;
    for (int64_t i = 0; i < b->n_inputs && b->gradients != NULL; i++)
      ((double *)b->gradients)[r * b->gradient_stride + i] = 1;
  }
  return 0;
}

static void batches_are_as_the_model_was_promised(void **state) {
  (void)state;
  attrib_context *context = new_context(3, 5);
  attrib_model model = {.struct_size = sizeof model,
                        .flags = ATTRIB_MODEL_CONCURRENT,
                        .dtype = ATTRIB_F64,
                        .max_rows = 2,
                        .n_inputs = 3,
                        .n_outputs = 0,
                        .evaluate = inspect};
  model.user = &model; /* n_outputs 0: targets are not checked */
  const double x[3] = {1, 2, 3}, b[3] = {0};
  attrib_baselines set = one_baseline(b);
  /* The adaptive rule sees that f is the same at both ends, and that a gradient of ones cannot be its own. */
  const attrib_ig_options fixed = with_rule(ATTRIB_RULE_MIDPOINT, 0), adaptive = with_rule(0, 0);
  double phi[3];
  assert_status(attrib_integrated_gradients(context, &model, x, 4, &set, &fixed, phi, NULL), ATTRIB_OK, context);
  for (int i = 0; i < 3; i++) assert_near(phi[i], x[i], ROUND_OFF, 3);
  assert_status(attrib_integrated_gradients(context, &model, x, 4, &set, &adaptive, phi, NULL), ATTRIB_NOT_CONVERGED,
                context);
  for (int i = 0; i < 3; i++) assert_near(phi[i], x[i], ROUND_OFF, 3);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_output_that_is_not_finite),
      cmocka_unit_test(a_gradient_that_is_not_finite),
      cmocka_unit_test(a_gradient_that_does_not_count),
      cmocka_unit_test(a_gradient_at_an_input_of_zero),
      cmocka_unit_test(the_first_row_in_row_order_is_reported),
      cmocka_unit_test(the_first_of_two_gradients_is_reported),
      cmocka_unit_test(a_failing_fetch_comes_after_the_rows_before_it),
      cmocka_unit_test(what_the_model_forgot_to_write),
      cmocka_unit_test(a_product_that_overflows),
      cmocka_unit_test(batches_are_as_the_model_was_promised),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
