/* test_response.c - the number that a metric reads off a row's outputs. */
#include "fixture.h"

#include "context/context.h"
#include "metrics/response.h"

static const analytic_fn three[] = {f_linear, f_waves, f_cube};
static const double ones[] = {1, 1};

/* Reads a model of three outputs. */
static attrib_status read_it(uint32_t drop, uint32_t flags, int64_t target, const double *weights,
                             attrib__response *response, const char *text) {
  analytic a = {.functions = three, .n_outputs = 3, .n_inputs = 2, .parameters = ones, .dtype = ATTRIB_F64};
  attrib_model given = analytic_model(&a), latest;
  attrib_context local, *context;
  given.flags &= ~drop;
  assert_int_equal(attrib__begin(NULL, &local, &context), ATTRIB_OK);
  const attrib_status status = attrib__response_read(context, &given, flags, target, weights, false, &latest, response);
  if (text != NULL) assert_names(context->message, text);
  attrib__end(context, &local);
  return status;
}

static void the_output_itself(void **state) {
  (void)state;
  attrib__response r;
  const double weights[] = {1, -2, .5}, output = -3.25;
  assert_int_equal(read_it(ATTRIB_MODEL_ALL_OUTPUTS, 0, 2, NULL, &r, NULL), ATTRIB_OK);
  assert_true(r.columns == 1 && !r.question.all_outputs && !r.question.gradients && r.question.target == 2);
  assert_true(attrib__response_value(&r, &output) == -3.25);
  assert_int_equal(read_it(0, 0, ATTRIB_NO_TARGET, weights, &r, NULL), ATTRIB_OK);
  assert_true(r.columns == 1 && r.question.target_weights == weights);
  assert_true(attrib__response_value(&r, &output) == -3.25);
}

static void softmax(void **state) {
  (void)state;
  attrib__response r;
  const double weights[] = {1, -2, .5}, logits[] = {.3, -1, 2}, far[] = {1000, 999, -1000};
  const double sum = exp(.3) + exp(-1) + exp(2);
  for (int64_t k = 0; k < 3; k++) {
    assert_int_equal(read_it(ATTRIB_MODEL_TARGET_WEIGHTS, ATTRIB_METRIC_SOFTMAX, k, NULL, &r, NULL), ATTRIB_OK);
    assert_true(r.columns == 3 && r.question.all_outputs && !r.question.gradients);
    assert_true(r.question.target == ATTRIB_NO_TARGET && r.question.target_weights == NULL);
    assert_near(attrib__response_value(&r, logits), exp(logits[k]) / sum, ROUND_OFF, 1);
  }
  assert_true(attrib__response_value(&r, far) == 0); /* of the last */
  assert_int_equal(read_it(0, ATTRIB_METRIC_SOFTMAX, 0, NULL, &r, NULL), ATTRIB_OK);
  assert_near(attrib__response_value(&r, far), 1 / (1 + exp(-1)), ROUND_OFF, 1);
  /* The library weighs: the model need not know how to. */
  assert_int_equal(read_it(ATTRIB_MODEL_TARGET_WEIGHTS, ATTRIB_METRIC_SOFTMAX, ATTRIB_NO_TARGET, weights, &r, NULL),
                   ATTRIB_OK);
  assert_near(attrib__response_value(&r, logits), (exp(.3) - 2 * exp(-1) + .5 * exp(2)) / sum, ROUND_OFF, 1);
}

static void accuracy(void **state) {
  (void)state;
  attrib__response r;
  const double outputs[][3] = {{1, 2, 3}, {1, 3, 3}, {3, 3, 3}, {-1, -2, -3}};
  const int64_t predicted[] = {2, 1, 0, 0}; /* of equal ones the first */
  for (int64_t target = 0; target < 3; target++) {
    assert_int_equal(read_it(0, ATTRIB_METRIC_ACCURACY, target, NULL, &r, NULL), ATTRIB_OK);
    for (int64_t k = 0; k < COUNT(outputs); k++)
      assert_true(attrib__response_value(&r, outputs[k]) == (predicted[k] == target ? 1 : 0));
  }
}

/* Flags that say in which order units come are not the response's. */
static void other_flags_do_not_matter(void **state) {
  (void)state;
  attrib__response r;
  const double output = 4;
  assert_int_equal(read_it(0, ATTRIB_METRIC_ABSOLUTE | ATTRIB_METRIC_RANDOM, 0, NULL, &r, NULL), ATTRIB_OK);
  assert_true(attrib__response_value(&r, &output) == 4);
}

static void errors(void **state) {
  (void)state;
  attrib__response r;
  const double weights[] = {1, 2, 3}, bad[] = {1, (double)NAN, 3};
  const uint32_t softmax_flag = ATTRIB_METRIC_SOFTMAX, accuracy_flag = ATTRIB_METRIC_ACCURACY;
  assert_int_equal(read_it(0, softmax_flag | accuracy_flag, 0, NULL, &r, "SOFTMAX and ACCURACY"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, accuracy_flag, ATTRIB_NO_TARGET, weights, &r, "ACCURACY"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, softmax_flag, 3, NULL, &r, "target = 3"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, softmax_flag, ATTRIB_NO_TARGET, NULL, &r, "target = -1"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, accuracy_flag, -2, NULL, &r, "target = -2"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, softmax_flag, 1, weights, &r, "target = 1"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(0, softmax_flag, ATTRIB_NO_TARGET, bad, &r, "target_weights[1]"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_it(ATTRIB_MODEL_ALL_OUTPUTS, softmax_flag, 0, NULL, &r, "ALL_OUTPUTS"), ATTRIB_E_UNSUPPORTED);
  assert_int_equal(read_it(ATTRIB_MODEL_ALL_OUTPUTS, accuracy_flag, 0, NULL, &r, "ALL_OUTPUTS"), ATTRIB_E_UNSUPPORTED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_output_itself),         cmocka_unit_test(softmax), cmocka_unit_test(accuracy),
      cmocka_unit_test(other_flags_do_not_matter), cmocka_unit_test(errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
