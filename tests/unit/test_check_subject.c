/* What --check of explain_image says of a network that is right, and of one that is not: the bundled one never is. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "check_subject.h"
#include "command_line.h"

/* A picture of 4 x 3 and two classes: f is (k + 1) times the sum of squares; its gradient is `factor` times the slope.
 */
enum { WIDTH = 4, HEIGHT = 3, INPUTS = 3 * WIDTH * HEIGHT, CLASSES = 2 };

typedef struct squares {
  double factor;
  int32_t code; /* what it returns */
} squares;

static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  const squares *self = user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const float *x = (const float *)batch->inputs + r * batch->input_stride;
    float *gradient = batch->gradients == NULL ? NULL : (float *)batch->gradients + r * batch->gradient_stride;
    double *outputs = batch->outputs + r * batch->output_stride;
    double weight = 0, sum = 0;
    for (int k = 0; k < CLASSES; k++)
      weight += (k + 1) * (batch->target_weights != NULL ? batch->target_weights[k] : batch->target == k);
    for (int i = 0; i < INPUTS; i++) sum += (double)x[i] * (double)x[i];
    for (int i = 0; i < INPUTS && gradient != NULL; i++)
      gradient[i] = (float)(self->factor * weight * 2 * (double)x[i]);
    if ((batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) == 0)
      outputs[0] = weight * sum;
    else
      for (int k = 0; k < CLASSES; k++) outputs[k] = (k + 1) * sum;
  }
  return self->code;
}

static char message[FILE_MESSAGE_CAPACITY], printed[16384];

/* Checks it, with what is printed in `printed`. */
static int check(squares *of, const target_choice *target, check_tally *tally) {
  char *names[] = {"one", "t\x1bwo"};
  const network net = {.shape = {.struct_size = sizeof(attrib_image),
                                 .width = WIDTH,
                                 .height = HEIGHT,
                                 .channels = 3,
                                 .x_stride = 1,
                                 .y_stride = WIDTH,
                                 .channel_stride = WIDTH * HEIGHT},
                       .inputs = INPUTS,
                       .classes = CLASSES,
                       .names = names,
                       .model = {.struct_size = sizeof(attrib_model),
                                 .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                                 .dtype = ATTRIB_F32,
                                 .n_inputs = INPUTS,
                                 .n_outputs = CLASSES,
                                 .evaluate = evaluate,
                                 .user = of}};
  float picture[INPUTS], row[INPUTS];
  for (int i = 0; i < INPUTS; i++) {
    picture[i] = (float)(i * 7 % 13) / 13;
    row[i] = 0.5F;
  }
  const subject s = {.net = &net, .model = net.model, .input = {.width = WIDTH, .height = HEIGHT, .pixels = picture}};
  const check_request request = {.target = target, .row = row, .against = "grey", .seed = 1, .workers = 1};
  FILE *file = tmpfile();
  assert_non_null(file);
  fflush(stdout);
  const int terminal = dup(STDOUT_FILENO);
  assert_true(terminal >= 0 && dup2(fileno(file), STDOUT_FILENO) >= 0);
  const int code = check_subject(&s, &request, tally, message);
  check_print_verdict(tally);
  fflush(stdout);
  assert_true(dup2(terminal, STDOUT_FILENO) >= 0);
  close(terminal);
  rewind(file);
  printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
  fclose(file);
  return code;
}

static int count_of(const char *text) {
  int found = 0;
  for (const char *at = printed; (at = strstr(at, text)) != NULL; at += strlen(text)) found++;
  return found;
}

static const target_choice two = {1, {1, 0}}, difference = {2, {1, 0}};

static void test_sound(void **state) {
  (void)state;
  squares right = {.factor = 1};
  check_tally tally = {.ok = 0};
  assert_int_equal(check(&right, &two, &tally), EXIT_DONE);
  assert_non_null(strstr(printed, "Check of the network for 't?wo' against grey\n"));
  assert_non_null(strstr(printed, "f(baseline) 18.0000")); /* twice 36 quarters */
  assert_true(tally.faults == 0 && tally.ok + tally.skipped == 15);
  assert_int_equal(count_of("\n  ok "), (int)tally.ok);
  assert_int_equal(count_of("\n  not judged "), (int)tally.skipped);
  assert_int_equal(count_of("FAULT"), 0);
  assert_non_null(strstr(printed, "\n  ok          gradient: "));
  assert_non_null(strstr(printed, "\nNo fault in 15 checks: "));
  assert_int_equal(check(&right, &difference, &tally), EXIT_DONE); /* they add up */
  assert_non_null(strstr(printed, "'t?wo less one'"));
  assert_non_null(strstr(printed, "f(baseline) 9.0000"));
  assert_non_null(strstr(printed, "\nNo fault in 30 checks: "));
}

static void test_faulty(void **state) {
  (void)state;
  squares wrong = {.factor = -1}, right = {.factor = 1};
  check_tally tally = {.ok = 0};
  assert_int_equal(check(&wrong, &two, &tally), EXIT_FAULTY);
  assert_int_equal(tally.faults, 1);
  assert_int_equal(count_of("\n  FAULT       gradient: "), 1);
  assert_non_null(strstr(printed, "\nFAULTY: 1 of 15 checks found a fault, "));
  assert_non_null(strstr(message, "gradient"));
  assert_null(strchr(message, '\n'));
  assert_int_equal(check(&right, &two, &tally), EXIT_DONE);
  assert_non_null(strstr(printed, "\nFAULTY: 1 of 30 checks found a fault, ")); /* of all */
}

static void test_ended(void **state) {
  (void)state;
  squares failing = {.factor = 1, .code = -7}, stopping = {.factor = 1, .code = 1};
  check_tally tally = {.ok = 0};
  assert_int_equal(check(&failing, &two, &tally), EXIT_FAILED);
  assert_non_null(strstr(message, "-7"));
  assert_int_equal(check(&stopping, &two, &tally), EXIT_INTERRUPTED);
  assert_string_equal(message, "interrupted");
  assert_int_equal(tally.ok + tally.faults + tally.skipped, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sound), cmocka_unit_test(test_faulty),
                                     cmocka_unit_test(test_ended)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
