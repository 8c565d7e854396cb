/* test_torch_failures.c - what goes wrong while a network is evaluated, and what is said of it: the library gets a
 * number, the caller finds the line with attrib_torch_error. */
#include <math.h>

#include "networks.h"

typedef struct stage {
  attrib_torch *network;
  attrib_model model;
  attrib_report report;
  char message[300];
} stage;

static void open_stage(stage *s, const char *file) {
  const attrib_torch_options options = picture_options();
  s->network = open_network(file, &options);
  s->model = model_of(s->network);
  s->report =
      (attrib_report){.struct_size = sizeof s->report, .message = s->message, .message_capacity = sizeof s->message};
}

/* The gradient of output 0 at a row of that value. */
static attrib_status gradient_at(stage *s, float value) {
  float x[N];
  double attributions[N];
  for (int i = 0; i < N; i++) x[i] = value;
  return attrib_gradient(NULL, &s->model, x, 0, NULL, attributions, &s->report);
}

static void fails(stage *s, float value, const char *line) {
  char said[300];
  assert_int_equal(gradient_at(s, value), ATTRIB_E_CALLBACK);
  assert_int_equal(s->report.model_status, ATTRIB_TORCH_FAILED);
  assert_int_equal(attrib_torch_error(s->network, said, sizeof said), (int64_t)strlen(line) + 1);
  assert_string_equal(said, line);
}

static void test_network_throws(void **state) {
  stage s;
  char said[300], start[10];
  (void)state;
  open_stage(&s, "throws.ts");
  assert_int_equal(attrib_torch_error(s.network, said, sizeof said), 1);
  assert_string_equal(said, "");
  assert_int_equal(gradient_at(&s, 1), ATTRIB_OK);
  fails(&s, 2000, "ValueError: the picture is");
  fails(&s, 200, "mat1 and mat2 shapes cannot be multiplied (16x6 and 12x3)");
  fails(&s, 20, "the network gives 2 outputs here, and gave 3 when it was opened");
  fails(&s, 7, "the network's output has no gradient on these rows");
  assert_int_equal(attrib_torch_error(s.network, start, sizeof start), 51);
  assert_string_equal(start, "the netwo");
  assert_int_equal(gradient_at(&s, 1), ATTRIB_OK); /* and goes on */
  attrib_torch_close(s.network);
}

/* The caller's copy of the model is the caller's to change. */
static void test_model_changed(void **state) {
  stage s;
  float x[N + 1] = {0};
  double outputs[8], said_of[N + 1];
  const attrib_baselines rows = {.struct_size = sizeof rows, .count = 1, .rows = x};
  char said[300];
  (void)state;
  open_stage(&s, "quadratic.ts");
  const attrib_model model = s.model;
  s.model.n_inputs = N + 1;
  assert_int_equal(attrib_gradient(NULL, &s.model, x, 0, NULL, said_of, &s.report), ATTRIB_E_CALLBACK);
  attrib_torch_error(s.network, said, sizeof said);
  assert_string_equal(said, "model->n_inputs = 13: the network takes 12");
  s.model = model;
  s.model.n_outputs = 0; /* not stated: the network's own number still counts */
  assert_int_equal(attrib_gradient(NULL, &s.model, x, K, NULL, said_of, &s.report), ATTRIB_E_CALLBACK);
  attrib_torch_error(s.network, said, sizeof said);
  assert_string_equal(said, "target = 3: the network has 3 outputs");
  s.model.n_outputs = 7;
  assert_int_equal(attrib_outputs(NULL, &s.model, &rows, ATTRIB_NO_TARGET, NULL, outputs, &s.report),
                   ATTRIB_E_CALLBACK);
  attrib_torch_error(s.network, said, sizeof said);
  assert_string_equal(said, "model->n_outputs = 7: the network has 3");
  s.model = model;
  s.model.dtype = ATTRIB_F64;
  assert_int_equal(attrib_gradient(NULL, &s.model, (const double[N]){0}, 0, NULL, said_of, &s.report),
                   ATTRIB_E_CALLBACK);
  attrib_torch_error(s.network, said, sizeof said);
  assert_string_equal(said, "model->dtype = 2: the network was opened for 1");
  s.model = model;
  assert_int_equal(attrib_gradient(NULL, &s.model, x, K, NULL, said_of, &s.report), ATTRIB_E_ARGUMENT);
  assert_string_equal(s.message, "target = 3: the model has 3 outputs");
  attrib_torch_close(s.network);
}

/* What is no number is for the library to find. */
static void test_not_a_number(void **state) {
  stage s;
  (void)state;
  open_stage(&s, "logarithm.ts");
  assert_int_equal(gradient_at(&s, -1000), ATTRIB_E_NONFINITE);
  assert_non_null(strstr(s.message, "output 0 is "));
  attrib_torch_close(s.network);
}

static void test_no_gradients(void **state) {
  stage s;
  double outputs[K];
  const attrib_baselines rows = {.struct_size = sizeof rows, .count = 1, .rows = (const float[N]){1}};
  (void)state;
  open_stage(&s, "detached.ts");
  assert_true(s.model.flags & ATTRIB_MODEL_NO_GRADIENTS);
  assert_int_equal(gradient_at(&s, 1), ATTRIB_E_UNSUPPORTED);
  assert_int_equal(attrib_outputs(NULL, &s.model, &rows, ATTRIB_NO_TARGET, NULL, outputs, &s.report), ATTRIB_OK);
  assert_true(outputs[0] == -5 / 4.0 - 3 / 16.0);
  attrib_torch_close(s.network);
}

/* Rows from which nothing leads to the output have a gradient of zero; rounding with a straight-through estimator has
 * that of the identity, which freezing would have made 0. */
static void test_gradients_as_meant(void **state) {
  stage s;
  float x[N];
  double attributions[N];
  (void)state;
  for (int i = 0; i < N; i++) x[i] = -1;
  open_stage(&s, "branch.ts");
  assert_int_equal(attrib_gradient(NULL, &s.model, x, 0, NULL, attributions, &s.report), ATTRIB_OK);
  for (int i = 0; i < N; i++) assert_true(attributions[i] == 0);
  attrib_torch_close(s.network);
  open_stage(&s, "straight_through.ts");
  for (int i = 0; i < N; i++) x[i] = 2.25F;
  assert_int_equal(attrib_gradient(NULL, &s.model, x, 0, NULL, attributions, &s.report), ATTRIB_OK);
  for (int i = 0; i < N; i++) assert_true(attributions[i] == (3 * i % 11 - 5) / 4.0 + 2 * (2 * i % 7 - 3) / 8.0);
  attrib_torch_close(s.network);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_network_throws), cmocka_unit_test(test_model_changed),
                                     cmocka_unit_test(test_not_a_number), cmocka_unit_test(test_no_gradients),
                                     cmocka_unit_test(test_gradients_as_meant)};
  skip_without_networks();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
