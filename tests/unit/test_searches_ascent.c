/* Ascent references: against a plain recomputation, and that every product with the gradient is valid. */
#include "classifier_models.h"

static classifier c;
static char message[300];

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .message = message, .message_capacity = sizeof message};
}

static double output_at(const double *x, const double *weights, double *gradient) {
  double logits[CLASSIFIER_CLASSES], sum = 0;
  classifier_logits(&c, x, logits, weights, gradient);
  for (int64_t k = 0; k < c.classes; k++) sum += weights[k] * logits[k];
  return sum;
}

static double rounded(double value) {
  volatile float narrow = (float)value;
  return c.dtype == ATTRIB_F32 ? (double)narrow : value;
}

/* The input, some elements on the bounds, which floats do not hold. */
static void make_input(uint64_t seed, double low, double high, double *x) {
  fill_random(seed, x, c.n);
  for (int64_t i = 0; i < c.n; i++)
    x[i] = rounded(i % 5 == 0 ? low : i % 5 == 1 ? high : low + (high - low) * (0.5 + 0.5 * x[i]));
}

static void recomputed(void **state) {
  (void)state;
  static const int64_t counts[] = {0, 1, 2, 7};
  for (uint64_t seed = 1; seed <= 20; seed++)
    for (int which = 0; which < 48; which++) {
      make_classifier(&c, (classifier_kind)(which % 3), seed, 20, 3, which / 3 % 2 ? ATTRIB_F32 : ATTRIB_F64);
      const double weights[CLASSIFIER_CLASSES] = {.5, -1, 2}, hot[CLASSIFIER_CLASSES] = {0, 1};
      const bool clipped = which / 6 % 2 == 1, weighted = seed % 2 == 1;
      double x[CLASSIFIER_INPUTS], r[CLASSIFIER_INPUTS], g[CLASSIFIER_INPUTS], found[CLASSIFIER_INPUTS];
      make_input(seed, -.3, .7, x);
      attrib_ascent_options o = {.struct_size = sizeof o, .steps = counts[which / 12], .step = seed % 3 ? 0 : .11};
      if (clipped) o.low = -.3, o.high = .7;
      if (weighted) o.target_weights = weights;
      const double *w = weighted ? weights : hot, step = o.step > 0 ? o.step : .05;
      const int64_t steps = o.steps > 0 ? o.steps : 1;
      memcpy(r, x, sizeof r);
      for (int64_t m = 0; m < steps; m++) {
        (void)output_at(r, w, g);
        for (int64_t i = 0; i < c.n; i++) {
          const double from = r[i];
          g[i] = rounded(g[i]);
          r[i] = rounded(from - step * ((g[i] > 0) - (g[i] < 0)));
          if (!clipped) continue;
          /* The outermost values within the bounds; one that was beyond, as it was rounded, does not come back. */
          for (double end = o.low; r[i] < o.low; end += 1e-9) r[i] = rounded(end);
          for (double end = o.high; r[i] > o.high; end -= 1e-9) r[i] = rounded(end);
          if ((from - r[i]) * g[i] < 0 || g[i] == 0) r[i] = from;
        }
      }
      void *row = as_row(c.dtype, x, c.n);
      const attrib_model model = classifier_model(&c);
      attrib_report report = fresh_report();
      assert_int_equal(attrib_baseline_ascent(NULL, &model, row, weighted ? ATTRIB_NO_TARGET : 1, &o, row, &report),
                       ATTRIB_OK);
      row_values(c.dtype, row, c.n, found);
      assert_same_bits(found, r, c.n);
      assert_near(report.output, output_at(x, w, NULL), ROUND_OFF, 20);
      assert_near(report.objective, output_at(r, w, NULL), ROUND_OFF, 20);
      assert_true(report.baseline_output == report.objective && isnan(report.completeness_error));
      assert_true(report.evaluations == steps && report.output_evaluations == 1 && report.points == steps);
      assert_true(report.stop_reason == ATTRIB_STOP_COMPLETE && c.rows == steps + 1);
      free(row);
    }
}

/* One step: (x_i - r_i) g_i(x) >= 0 exactly, clipped or not; recalibration drops none of it at the input. */
static void every_feature_is_valid(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 40; seed++)
    for (int which = 0; which < 12; which++) {
      make_classifier(&c, (classifier_kind)(which % 3), seed, 20, 3, which / 3 % 2 ? ATTRIB_F32 : ATTRIB_F64);
      const double hot[CLASSIFIER_CLASSES] = {0, 1};
      double x[CLASSIFIER_INPUTS], g[CLASSIFIER_INPUTS], r[CLASSIFIER_INPUTS], v[CLASSIFIER_INPUTS];
      make_input(seed, -.3, .7, x);
      attrib_ascent_options o = {.struct_size = sizeof o, .step = .2};
      if (which >= 6) o.low = -.3, o.high = .7;
      void *input = as_row(c.dtype, x, c.n), *row = exact_block(row_bytes(c.dtype, c.n));
      const attrib_model model = classifier_model(&c);
      assert_int_equal(attrib_baseline_ascent(NULL, &model, input, 1, &o, row, NULL), ATTRIB_OK);
      row_values(c.dtype, row, c.n, r);
      (void)output_at(x, hot, g);
      for (int64_t i = 0; i < c.n; i++) {
        assert_true((x[i] - r[i]) * g[i] >= 0);
        assert_true(which >= 6 || g[i] == 0 || x[i] != r[i]);
      }
      if (c.kind == CLASSIFIER_LINEAR) {
        double counts[CLASSIFIER_INPUTS];
        const attrib_baselines set = one_baseline(row);
        const attrib_recalibration_options valid = {
            .struct_size = sizeof valid, .points = 3, .mode = ATTRIB_RECALIBRATE_VALID_IP};
        attrib_report report = {.struct_size = sizeof report, .kept_weight = counts};
        assert_int_equal(attrib_recalibrated_gradients(NULL, &model, input, 1, &set, &valid, v, &report), ATTRIB_OK);
        for (int64_t i = 0; i < c.n; i++) {
          assert_near(counts[i], 1, ROUND_OFF, 1);
          assert_near(v[i], (x[i] - r[i]) * rounded(g[i]), c.dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, 1);
        }
      }
      free(input);
      free(row);
    }
}

static void memory_is_that_of_the_row(void **state) {
  (void)state;
  int64_t bytes[2];
  for (int k = 0; k < 2; k++) {
    make_classifier(&c, CLASSIFIER_RELU, 5, 20, 3, ATTRIB_F32);
    const attrib_model model = classifier_model(&c);
    const attrib_ascent_options o = {.struct_size = sizeof o, .steps = k == 0 ? 1 : 500};
    const float input[CLASSIFIER_INPUTS] = {0};
    float row[CLASSIFIER_INPUTS];
    attrib_report report = fresh_report();
    assert_int_equal(attrib_baseline_ascent(NULL, &model, input, 0, &o, row, &report), ATTRIB_OK);
    bytes[k] = report.peak_bytes;
  }
  assert_int_equal(bytes[0], bytes[1]);
}

static void refuse(const attrib_model *model, const void *input, int64_t target, const attrib_ascent_options *o,
                   attrib_status expected, const char *named) {
  attrib_report report = fresh_report();
  double *row = untouched(CLASSIFIER_INPUTS);
  assert_status(attrib_baseline_ascent(NULL, model, input, target, o, row, &report), expected, NULL);
  assert_names(message, named);
  assert_true(is_untouched(row, CLASSIFIER_INPUTS));
  free(row);
}

static void refused(void **state) {
  (void)state;
  make_classifier(&c, CLASSIFIER_LINEAR, 1, 4, 3, ATTRIB_F32);
  const attrib_model model = classifier_model(&c);
  const float input[] = {0, .5F, -.3F, 1};
  const attrib_ascent_options good = {.struct_size = sizeof good};
  static const double steps[] = {-.1, (double)NAN, (double)INFINITY, 1e300}; /* the last one no float */
  attrib_ascent_options o;
  for (int k = 0; k < 4; k++) {
    o = good;
    o.step = steps[k];
    refuse(&model, input, 0, &o, ATTRIB_E_ARGUMENT, "step");
  }
  o = good;
  o.steps = -1;
  refuse(&model, input, 0, &o, ATTRIB_E_ARGUMENT, "steps = -1");
  o.steps = INT64_MAX;
  refuse(&model, input, 0, &o, ATTRIB_E_ARGUMENT, "steps");
  o = good;
  o.flags = 1;
  refuse(&model, input, 0, &o, ATTRIB_E_UNSUPPORTED, "flags = 0x1");
  o = good;
  o.reserved = input;
  refuse(&model, input, 0, &o, ATTRIB_E_UNSUPPORTED, "reserved");
  o = good;
  o.high = .9;
  refuse(&model, input, 0, &o, ATTRIB_E_ARGUMENT, "input");
  o.low = 1;
  refuse(&model, input, 0, &o, ATTRIB_E_ARGUMENT, "low");
  refuse(&model, NULL, 0, &good, ATTRIB_E_ARGUMENT, "input is NULL");
  refuse(&model, input, 3, &good, ATTRIB_E_ARGUMENT, "target = 3");
  refuse(&model, input, ATTRIB_NO_TARGET, &good, ATTRIB_E_ARGUMENT, "target");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(recomputed),
      cmocka_unit_test(every_feature_is_valid),
      cmocka_unit_test(memory_is_that_of_the_row),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
