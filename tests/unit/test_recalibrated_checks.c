/* What must hold of every attribution method, of recalibrated attributions in all their forms. */
#include "recalibrated.h"

#include "method_checks.h"

enum { N = 5, REFERENCES = 3, POINTS = 4 };

static const analytic_fn waves = f_waves;

/* A call with everything but model, result and report. */
typedef struct recalibrated_case {
  const void *input;
  attrib_baselines set;
  attrib_recalibration_options options;
} recalibrated_case;

static attrib_status make(attrib_context *context, const attrib_model *models, void *attributions,
                          attrib_report *report, void *user) {
  const recalibrated_case *c = user;
  return attrib_recalibrated_gradients(context, &models[0], c->input, 0, &c->set, &c->options, attributions, report);
}

static attrib_status open_run(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const recalibrated_case *c = user;
  return attrib_recalibrated_gradients_start(context, &models[0], c->input, 0, &c->set, &c->options, run);
}

static void check(const char *name, uint32_t mode, uint32_t flags, uint32_t dtype, bool weighted, bool fetched,
                  bool grouped) {
  static const double weights[REFERENCES] = {1, 0.5, 2};
  static const int32_t groups[N] = {0, 1, 0, 1, 1};
  double x[N], references[REFERENCES * N];
  analytic a;
  fill_random(1, x, N);
  fill_random(2, references, REFERENCES * N);
  void *input = as_row(dtype, x, N), *rows = as_row(dtype, references, REFERENCES * N);
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = dtype,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = N,
                        .seed = 9,
                        .low = -1,
                        .high = 1};
  recalibrated_case c = {
      .input = input,
      .set = {.struct_size = sizeof c.set, .count = REFERENCES, .rows = rows, .weights = weighted ? weights : NULL},
      .options = recalibration(mode, flags, 0, POINTS)};
  if (fetched) {
    c.set.rows = NULL;
    c.set.fetch = attrib_noise_fetch;
    c.set.fetch_user = &noise;
  }
  if (grouped) {
    c.options.groups = groups;
    c.options.n_groups = 2;
  }
  const checked_method method = {.name = name,
                                 .models = {single_model(&a, &waves, dtype, N, NULL)},
                                 .model_count = 1,
                                 .attributions = grouped ? 2 : N,
                                 .expected = ATTRIB_OK,
                                 .spoilt_feature = {2},
                                 /* The trace is that of VANILLA. */
                                 .trace_sums = mode == ATTRIB_RECALIBRATE_VANILLA && flags % 8 == 0,
                                 .call = make,
                                 .start = open_run,
                                 .user = &c};
  method_check_all(&method);
  free(input);
  free(rows);
}

static void vanilla(void **state) {
  (void)state;
  check("vanilla", ATTRIB_RECALIBRATE_VANILLA, 0, ATTRIB_F64, true, false, false);
  check("vanilla squares", ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_SQUARED, ATTRIB_F32, false, true, true);
}

static void valid_references(void **state) {
  (void)state;
  check("valid references", ATTRIB_RECALIBRATE_VALID_REF, 0, ATTRIB_F32, true, false, false);
  check("valid references by group", ATTRIB_RECALIBRATE_VALID_REF,
        ATTRIB_RECALIBRATE_NORM_ALL | ATTRIB_RECALIBRATE_STRICT, ATTRIB_F64, false, true, true);
}

static void valid_points(void **state) {
  (void)state;
  check("valid points", ATTRIB_RECALIBRATE_VALID_IP, 0, ATTRIB_F64, false, false, false);
  check("squares of valid points, drawn", ATTRIB_RECALIBRATE_VALID_IP,
        ATTRIB_RECALIBRATE_SQUARED | ATTRIB_RECALIBRATE_RANDOM_ALPHA, ATTRIB_F32, true, true, true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vanilla),
      cmocka_unit_test(valid_references),
      cmocka_unit_test(valid_points),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
