/* test_check.c - every mistake that is planted in a model is named, by its check and no other. */
#include "check_models.h"

static double pixel(int i) {
  return 0.5 + 0.5 * sin(2.3 * i + 1);
}
static double black(int i) {
  return 0.05 * (i % 2);
}

static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = NET_SIDE,
                                    .height = NET_SIDE,
                                    .channels = NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = NET_SIDE,
                                    .channel_stride = NET_SIDE * NET_SIDE};
static const attrib_check_options shaped = {.struct_size = sizeof shaped, .shape = &planes};

static void run(faulty *m, uint32_t dtype, const attrib_check_options *options, checked *found) {
  double x[NET_INPUTS], b[NET_INPUTS];
  for (int i = 0; i < NET_INPUTS; i++) {
    x[i] = pixel(i);
    b[i] = black(i);
  }
  attrib_context *context = new_context(1, 0);
  void *input = as_row(dtype, x, NET_INPUTS), *baseline = as_row(dtype, b, NET_INPUTS);
  const attrib_model model = faulty_model(m, dtype);
  check_model(context, &model, input, 1, baseline, options, found);
  assert_int_equal(found->report.filled_size, sizeof found->report);
  assert_int_equal(found->report.evaluations + found->report.output_evaluations, m->rows);
  assert_int_equal(found->report.model_calls, m->calls);
  assert_true(m->rows <= 40);
  free(input);
  free(baseline);
  attrib_context_destroy(context);
}

/* bits: what fails; check: the one that names it, with this cause and these words. */
static const struct planted {
  fault fault;
  double factor;
  uint32_t bits;
  int check;
  uint32_t cause;
  const char *words;
} table[] = {
    {FAULT_NONE, 0, 0, ATTRIB_CHECK_GRADIENT, 0, "the slope of f in 6 of 6"},
    {FAULT_SIGN, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_SIGN, "its sign is wrong"},
    {FAULT_FACTOR, 255, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "division by 255 is missing"},
    {FAULT_FACTOR, 1.0 / 255, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "1/255"},
    {FAULT_FACTOR, 2, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "2: counted twice"},
    {FAULT_FACTOR, 0.5, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "1/2"},
    {FAULT_FACTOR, 127.5, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "127.5"},
    {FAULT_FACTOR, 0.226, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "standard deviation"},
    {FAULT_FACTOR, 4.44, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "1 / a standard deviation"},
    {FAULT_FACTOR, 17, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "17"},
    {FAULT_FACTOR, -255, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "its sign is wrong"},
    {FAULT_FACTOR, 1.15, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_FACTOR, "1.15"},
    {FAULT_HWC, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_LAYOUT, "HWC (interleaved)"},
    {FAULT_SWAPPED, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_LAYOUT, "rows and columns"},
    {FAULT_BGR, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_LAYOUT, "BGR"},
    {FAULT_CHANNELS, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_CHANNELS, "1.111, 0.4, 3.333"},
    {FAULT_SHARED, 0, BIT(BATCH), ATTRIB_CHECK_BATCH, ATTRIB_CAUSE_SHARED, "shared over rows"},
    {FAULT_MEAN, 0, BIT(BATCH), ATTRIB_CHECK_BATCH, ATTRIB_CAUSE_BATCH_SIZE, "1/3 of those"},
    {FAULT_BATCH_NORM, 0, BIT(BATCH) | BIT(GRADIENT), ATTRIB_CHECK_BATCH, ATTRIB_CAUSE_OTHER_ROWS, "training mode"},
    {FAULT_DROPOUT, 0, BIT(REPEAT), ATTRIB_CHECK_REPEAT, ATTRIB_CAUSE_RANDOM, "or state kept across calls"},
    {FAULT_STALE, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_STALE, "(stale)"},
    {FAULT_STALE_ROW, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_UNKNOWN, "(stale)"},
    {FAULT_LATE, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_STALE, "(stale)"},
    {FAULT_STALE_GRADIENT, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_STALE, "the gradient of another row"},
    {FAULT_TIGHT, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_GAP, "wrong stride"},
    {FAULT_TIGHT_INPUTS, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_INPUT_STRIDE, "inputs are read as if"},
    {FAULT_TIGHT_OUTPUTS, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_GAP, "outputs are written as if"},
    {FAULT_TIGHT_GRADIENTS, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_GAP, "gradients are written as if"},
    {FAULT_IGNORES_TARGET, 0, BIT(TARGET), ATTRIB_CHECK_TARGET, 0, "does the callback look at batch->target"},
    {FAULT_NAN_GRADIENT, 0, BIT(FINITE), ATTRIB_CHECK_FINITE, ATTRIB_CAUSE_NONFINITE,
     "the gradient of input 17 is nan"},
    {FAULT_NAN_OUTPUT, 0, BIT(FINITE), ATTRIB_CHECK_FINITE, ATTRIB_CAUSE_NONFINITE, "f is nan at row 1"},
    {FAULT_FORGETS_ELEMENT, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_UNWRITTEN, "the gradient of input 47"},
    {FAULT_FORGETS_ROW, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_UNWRITTEN, "row 2 of a batch of 3"},
    {FAULT_FORGETS_GRADIENT, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_UNWRITTEN, "no gradient is written"},
    {FAULT_FORGETS_OUTPUT, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_UNWRITTEN, "the output of row 2"},
    {FAULT_ADDS, 0, BIT(WRITES), ATTRIB_CHECK_WRITES, ATTRIB_CAUSE_ADDED, "added to what the buffer holds"},
    {FAULT_WRITES_INPUTS, 0, BIT(INPUTS), ATTRIB_CHECK_INPUTS, ATTRIB_CAUSE_BEYOND, "first to input 5"},
    {FAULT_WRITES_BEYOND, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_BEYOND,
     "beside the gradients are written in all calls"},
    {FAULT_WRITES_ALL_OUTPUTS, 0, BIT(STRIDES), ATTRIB_CHECK_STRIDES, ATTRIB_CAUSE_BEYOND, "beside the outputs"},
    {FAULT_ZERO, 0, BIT(ZERO), ATTRIB_CHECK_ZERO, 0, "the gradient is 0 at every point, though f has a slope"},
    {FAULT_OTHER_TARGET, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_OTHER_TARGET, "fits target 2"},
    {FAULT_SAME_TARGET, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_OTHER_TARGET, "same for targets 1 and 2"},
    {FAULT_NO_SOFTMAX, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_SCORE, "softmax is not differentiated"},
    {FAULT_LOGARITHM, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_SCORE, "log f"},
    {FAULT_IGNORES_WEIGHTS, 0, BIT(WEIGHTS), ATTRIB_CHECK_WEIGHTS, 0, "honour batch->target_weights"},
    {FAULT_REVERSES_OUTPUTS, 0, BIT(ALL_OUTPUTS), ATTRIB_CHECK_ALL_OUTPUTS, 0, "wrong order"},
    {FAULT_FORGETS_LAST_OUTPUT, 0, BIT(ALL_OUTPUTS), ATTRIB_CHECK_ALL_OUTPUTS, ATTRIB_CAUSE_UNWRITTEN,
     "number 2 is left"},
    {FAULT_OTHER_FORWARD, 0, BIT(FORWARD), ATTRIB_CHECK_FORWARD, 0, "without gradients"},
    {FAULT_PLACES, 0, BIT(ORDER), ATTRIB_CHECK_ORDER, 0, "at its own place"},
    {FAULT_MASKED, 0, BIT(GRADIENT), ATTRIB_CHECK_GRADIENT, ATTRIB_CAUSE_UNKNOWN, "fits no fault that has a name"},
};

static void every_fault_is_named(void **state) {
  (void)state;
  int wrong = 0;
  for (int k = 0; k < COUNT(table); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      const struct planted *p = &table[k];
      faulty m = {.fault = p->fault, .factor = p->factor, .state = 5};
      checked found;
      const bool of_pictures = p->fault == FAULT_CHANNELS || strstr(p->words, "standard deviation") != NULL;
      run(&m, dtype, of_pictures ? &shaped : NULL, &found);
      const bool named = found.report.failed == p->bits && strstr(sentence_of(&found, p->check), p->words) != NULL &&
                         found.findings[p->check - 1].cause == p->cause;
      if (!named)
        fprintf(stderr, "fault %d x %g, dtype %u: failed 0x%x, not 0x%x, cause %u\n%s", (int)p->fault, p->factor, dtype,
                found.report.failed, p->bits, found.findings[p->check - 1].cause, found.text);
      wrong += !named;
    }
  assert_int_equal(wrong, 0);
}

/* Faults that show in numbers, on many lines: all of them are found, nearly all by name (where f hardly changes, its
 * logarithm's gradient is a factor, and the like). */
static void on_many_lines(void **state) {
  (void)state;
  static const struct {
    fault fault;
    uint32_t bits, cause;
    int check, least;
  } rows[] = {{FAULT_NONE, 0, 0, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_SIGN, BIT(GRADIENT), ATTRIB_CAUSE_SIGN, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_FACTOR, BIT(GRADIENT), ATTRIB_CAUSE_FACTOR, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_HWC, BIT(GRADIENT), ATTRIB_CAUSE_LAYOUT, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_SWAPPED, BIT(GRADIENT), ATTRIB_CAUSE_LAYOUT, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_BGR, BIT(GRADIENT), ATTRIB_CAUSE_LAYOUT, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_CHANNELS, BIT(GRADIENT), ATTRIB_CAUSE_CHANNELS, ATTRIB_CHECK_GRADIENT, 40},
              {FAULT_SHARED, BIT(BATCH), ATTRIB_CAUSE_SHARED, ATTRIB_CHECK_BATCH, 40},
              {FAULT_MEAN, BIT(BATCH), ATTRIB_CAUSE_BATCH_SIZE, ATTRIB_CHECK_BATCH, 40},
              {FAULT_DROPOUT, BIT(REPEAT), ATTRIB_CAUSE_RANDOM, ATTRIB_CHECK_REPEAT, 40},
              {FAULT_STALE, BIT(WRITES), ATTRIB_CAUSE_STALE, ATTRIB_CHECK_WRITES, 40},
              {FAULT_ZERO, BIT(ZERO), 0, ATTRIB_CHECK_ZERO, 40},
              {FAULT_OTHER_TARGET, BIT(GRADIENT), ATTRIB_CAUSE_OTHER_TARGET, ATTRIB_CHECK_GRADIENT, 36},
              {FAULT_NO_SOFTMAX, BIT(GRADIENT), ATTRIB_CAUSE_SCORE, ATTRIB_CHECK_GRADIENT, 34},
              {FAULT_LOGARITHM, BIT(GRADIENT), ATTRIB_CAUSE_SCORE, ATTRIB_CHECK_GRADIENT, 30},
              {FAULT_MASKED, BIT(GRADIENT), ATTRIB_CAUSE_UNKNOWN, ATTRIB_CHECK_GRADIENT, 38}};
  for (int k = 0; k < COUNT(rows); k++) {
    int named = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
      const uint32_t dtype = seed % 4 < 2 ? ATTRIB_F32 : ATTRIB_F64;
      double x[NET_INPUTS], b[NET_INPUTS];
      fill_random(3 * seed + 1, x, NET_INPUTS);
      fill_random(5 * seed + 2, b, NET_INPUTS);
      for (int i = 0; i < NET_INPUTS; i++) {
        x[i] = 0.5 + 0.5 * x[i];
        b[i] = seed % 2 == 0 ? 0.5 + 0.5 * b[i] : 0;
      }
      void *input = as_row(dtype, x, NET_INPUTS), *baseline = as_row(dtype, b, NET_INPUTS);
      faulty m = {.fault = rows[k].fault, .factor = 2, .state = seed};
      const attrib_model model = faulty_model(&m, dtype);
      const attrib_image *shape = rows[k].fault == FAULT_CHANNELS ? &planes : NULL;
      const attrib_check_options options = {.struct_size = sizeof options, .seed = seed, .shape = shape};
      checked found;
      check_model(NULL, &model, input, 1 + (int64_t)seed % 2, baseline, &options, &found);
      assert_failed(&found, rows[k].bits);
      named += found.findings[rows[k].check - 1].cause == rows[k].cause;
      free(input);
      free(baseline);
    }
    if (named < rows[k].least) fail_msg("fault %d: named in %d of 40", (int)rows[k].fault, named);
  }
}

/* What is not known to be a picture is told nothing of pixels and channels. */
static void pictures_are_not_guessed(void **state) {
  (void)state;
  static const double factors[] = {0.226, 4.44, 0.2};
  checked found;
  for (int k = 0; k < COUNT(factors); k++) {
    faulty m = {.fault = FAULT_FACTOR, .factor = factors[k]};
    run(&m, ATTRIB_F64, NULL, &found);
    assert_failed(&found, BIT(GRADIENT));
    assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].cause, ATTRIB_CAUSE_FACTOR);
    assert_null(strstr(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "pixels"));
  }
  faulty m = {.fault = FAULT_CHANNELS};
  run(&m, ATTRIB_F64, NULL, &found);
  assert_failed(&found, BIT(GRADIENT));
  assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].cause, ATTRIB_CAUSE_UNKNOWN);
}

/* Probabilities that hardly leave 1/2, and gradients of their logits: 4 times the slope, nearly, everywhere. */
static int32_t ATTRIB_CALL evaluate_sigmoid(const attrib_batch *b, void *user) {
  const int32_t status = evaluate_faulty(b, user);
  for (int64_t r = 0; r < b->rows; r++)
    b->outputs[r * b->output_stride] = 1 / (1 + exp(-b->outputs[r * b->output_stride]));
  return status;
}

static void logits_near_a_half(void **state) {
  (void)state;
  static const double amplitudes[] = {0.01, 0.1, 1};
  double x[NET_INPUTS], b[NET_INPUTS];
  for (int i = 0; i < NET_INPUTS; i++) {
    x[i] = pixel(i);
    b[i] = black(i);
  }
  for (int k = 0; k < COUNT(amplitudes); k++)
    for (int picture = 0; picture < 2; picture++) {
      faulty m = {.amplitude = amplitudes[k]};
      attrib_model model = faulty_model(&m, ATTRIB_F64);
      checked found;
      model.flags = 0;
      model.evaluate = evaluate_sigmoid;
      check_model(NULL, &model, x, 1, b, picture == 1 ? &shaped : NULL, &found);
      assert_failed(&found, BIT(GRADIENT));
      assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].cause, ATTRIB_CAUSE_SCORE);
      assert_names(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "softmax or sigmoid is not differentiated");
    }
}

/* -- places of a batch ------------------------------------------------------------------------------------------- */

/* A place of batches of four rows, and the like, that gets something else. */
typedef enum misplace { FOURTH, FIRST, LAST_HUGE, INPUT_GRADIENT, END_GRADIENTS, INPUT_OUTPUT, PLACES } misplace;
typedef struct placed {
  faulty inner;
  misplace kind;
} placed;

static void spoil_place(const attrib_batch *b, int64_t r, bool output, double f, bool gradient) {
  if (output) b->outputs[r * b->output_stride] = f;
  for (int i = 0; i < NET_INPUTS && gradient && b->gradients != NULL; i++)
    put_element(b, b->gradients, r * b->gradient_stride + i, 0, false);
}

static int32_t ATTRIB_CALL evaluate_placed(const attrib_batch *b, void *user) {
  placed *p = user;
  const int32_t status = evaluate_faulty(b, &p->inner);
  for (int64_t r = 0; r < b->rows && b->rows >= 4; r++) {
    if (p->kind == FOURTH && r == 3) spoil_place(b, r, true, 0, true);
    if (p->kind == FIRST && r == 0) spoil_place(b, r, true, 0, true);
    if (p->kind == LAST_HUGE && r == 3) spoil_place(b, r, true, 1e5, false);
    if (p->kind == INPUT_GRADIENT && b->row_ids[r] == 4) spoil_place(b, r, false, 0, true);
    if (p->kind == END_GRADIENTS && b->row_ids[r] >= 3) spoil_place(b, r, false, 0, true);
    if (p->kind == INPUT_OUTPUT && b->row_ids[r] == 4) spoil_place(b, r, true, 12345, false);
  }
  return status;
}

static void every_place_is_watched(void **state) {
  (void)state;
  static const uint32_t bits[PLACES] = {BIT(ORDER), BIT(ORDER), BIT(ORDER), BIT(BATCH), BIT(BATCH), BIT(BATCH)};
  double x[NET_INPUTS], b[NET_INPUTS];
  for (int i = 0; i < NET_INPUTS; i++) {
    x[i] = pixel(i);
    b[i] = black(i);
  }
  for (int kind = 0; kind < PLACES; kind++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      placed p = {.kind = (misplace)kind};
      attrib_model model = faulty_model(&p.inner, dtype);
      void *input = as_row(dtype, x, NET_INPUTS), *baseline = as_row(dtype, b, NET_INPUTS);
      checked found;
      model.evaluate = evaluate_placed;
      model.user = &p;
      check_model(NULL, &model, input, 1, baseline, NULL, &found);
      assert_failed(&found, bits[kind]);
      if (bits[kind] == BIT(BATCH)) assert_names(sentence_of(&found, ATTRIB_CHECK_BATCH), "the input by itself");
      free(input);
      free(baseline);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_fault_is_named), cmocka_unit_test(on_many_lines),
                                     cmocka_unit_test(every_place_is_watched),
                                     cmocka_unit_test(pictures_are_not_guessed), cmocka_unit_test(logits_near_a_half)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
