/* test_network_check.c - the self-test on the bundled network, which is right: more than a hundred pictures, as logits,
 * probabilities and weighted sums, from black, white and blurred baselines. No false alarm. */
#include "../unit/fixture.h"

#include "bundled.h"

static bundled b;
static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = SMALL_NET_WIDTH,
                                    .height = SMALL_NET_HEIGHT,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SMALL_NET_WIDTH,
                                    .channel_stride = SMALL_NET_WIDTH * SMALL_NET_HEIGHT};

static int set_up(void **state) {
  (void)state;
  bundled_open(&b);
  return 0;
}
static int tear_down(void **state) {
  (void)state;
  bundled_close(&b);
  return 0;
}

static void baseline_of(const float *x, int kind, float *baseline) {
  static const double colours[2][SMALL_NET_CHANNELS] = {{0, 0, 0}, {1, 1, 1}};
  if (kind == 2)
    assert_int_equal(attrib_image_blur(NULL, ATTRIB_F32, &planes, x, 5, baseline), ATTRIB_OK);
  else
    assert_int_equal(attrib_image_fill(NULL, ATTRIB_F32, &planes, colours[kind], baseline), ATTRIB_OK);
}

static int64_t class_of(const float *x) {
  float logits[SMALL_NET_CLASSES];
  int64_t best = 0;
  assert_int_equal(small_net_forward(b.net, 0, x, logits), 0);
  for (int64_t k = 1; k < SMALL_NET_CLASSES; k++)
    if (logits[k] > logits[best]) best = k;
  return best;
}

typedef struct tally {
  int calls, judged;
  int64_t most_rows;
} tally;

static void check(const attrib_model *model, const float *x, int64_t target, const float *baseline,
                  const attrib_check_options *options, tally *t) {
  char text[8192];
  attrib_check_finding findings[ATTRIB_CHECK_PRECISION];
  attrib_check_report report = {.struct_size = sizeof report,
                                .finding_capacity = ATTRIB_CHECK_PRECISION,
                                .text_capacity = sizeof text,
                                .findings = findings,
                                .text = text};
  const attrib_status status = attrib_model_check(b.context, model, x, target, baseline, options, &report);
  if (status != ATTRIB_OK) {
    fprintf(stderr, "%s", text);
    fail();
  }
  const int64_t rows = report.evaluations + report.output_evaluations;
  t->calls++;
  t->judged += findings[ATTRIB_CHECK_GRADIENT - 1].verdict == ATTRIB_CHECK_PASSED;
  if (rows > t->most_rows) t->most_rows = rows;
}

static void check_picture(const float *x, int index, tally *t) {
  static const double weights[SMALL_NET_CLASSES] = {1, -1, 0.5, 0, 0, 2, 0, 0, -0.25, 0};
  float *baseline = exact_block(SMALL_NET_INPUTS * sizeof *baseline);
  const attrib_model models[] = {bundled_model(&b, SMALL_NET_LOGIT), bundled_model(&b, SMALL_NET_PROBABILITY)};
  const attrib_check_options shaped = {.struct_size = sizeof shaped, .seed = (uint64_t)index, .shape = &planes};
  const attrib_check_options weighted = {.struct_size = sizeof weighted, .target_weights = weights};
  const int64_t target = index % 4 == 3 ? index % SMALL_NET_CLASSES : class_of(x);
  for (int score = 0; score < 2; score++) {
    baseline_of(x, index % 3, baseline);
    check(&models[score], x, target, baseline, index % 2 == 0 ? NULL : &shaped, t);
  }
  if (index % 5 == 0) check(&models[index / 5 % 2], x, ATTRIB_NO_TARGET, baseline, &weighted, t);
  free(baseline);
}

static void no_false_alarm(void **state) {
  (void)state;
  picture_bank held_out;
  char message[FILE_MESSAGE_CAPACITY];
  tally t = {0};
  assert_int_equal(picture_bank_load(ATTRIB_EXAMPLES_DATA "/held_out_pictures.png", &held_out, message), 0);
  int pictures = 0;
  for (; pictures < BUNDLED_PICTURES; pictures++) check_picture(b.pictures[pictures].image.pixels, pictures, &t);
  for (int64_t k = 0; k < held_out.count && k < 100; k++)
    check_picture(held_out.rows + k * SMALL_NET_INPUTS, pictures++, &t);
  for (int64_t k = 0; pictures < 112; k++) check_picture(b.bank.rows + k * SMALL_NET_INPUTS, pictures++, &t);
  print_message("%d pictures, %d calls, slopes judged in %d, at most %d rows\n", pictures, t.calls, t.judged,
                (int)t.most_rows);
  assert_true(pictures >= 100 && t.judged >= t.calls * 9 / 10);
  assert_true(t.most_rows <= 40);
  picture_bank_free(&held_out);
}

/* -- and the same network with a fault ---------------------------------------------------------------------------- */

typedef struct spoilt {
  int fault;
  attrib_model inner;
  float held[SMALL_NET_INPUTS];
} spoilt;

/* Where the gradient lies that is handed out for input i, and by what it is multiplied. */
static int64_t moved_from(int fault, int64_t i) {
  enum { PIXELS = SMALL_NET_WIDTH * SMALL_NET_HEIGHT, C = SMALL_NET_CHANNELS, W = SMALL_NET_WIDTH };
  if (fault == 3) return i % C * PIXELS + i / C;
  if (fault == 4) return i / PIXELS * PIXELS + i % W * W + i % PIXELS / W;
  if (fault == 5) return (C - 1 - i / PIXELS) * PIXELS + i % PIXELS;
  return i;
}

static float times(int fault, int64_t i) {
  static const float of_channel[] = {0.229F, 1, 0.45F};
  if (fault == 1) return -1;
  if (fault == 2) return 255;
  return fault == 6 ? of_channel[i / (SMALL_NET_WIDTH * SMALL_NET_HEIGHT)] : 1;
}

static int32_t ATTRIB_CALL evaluate_spoilt_net(const attrib_batch *batch, void *user) {
  spoilt *s = user;
  const int32_t status = s->inner.evaluate(batch, s->inner.user);
  for (int64_t r = 0; r < batch->rows && status == 0 && batch->gradients != NULL; r++) {
    float *g = (float *)batch->gradients + r * batch->gradient_stride;
    memcpy(s->held, g, sizeof s->held);
    for (int64_t i = 0; i < SMALL_NET_INPUTS; i++) g[i] = times(s->fault, i) * s->held[moved_from(s->fault, i)];
  }
  return status;
}

static void faults_of_a_real_network(void **state) {
  (void)state;
  static const uint32_t causes[] = {0,
                                    ATTRIB_CAUSE_SIGN,
                                    ATTRIB_CAUSE_FACTOR,
                                    ATTRIB_CAUSE_LAYOUT,
                                    ATTRIB_CAUSE_LAYOUT,
                                    ATTRIB_CAUSE_LAYOUT,
                                    ATTRIB_CAUSE_CHANNELS};
  float *baseline = exact_block(SMALL_NET_INPUTS * sizeof *baseline);
  spoilt *s = exact_block(sizeof *s);
  const attrib_check_options shaped = {.struct_size = sizeof shaped, .shape = &planes};
  for (int fault = 1; fault <= 6; fault++) {
    int named = 0;
    for (int k = 0; k < BUNDLED_PICTURES; k++) {
      attrib_check_finding findings[ATTRIB_CHECK_PRECISION];
      attrib_check_report report = {
          .struct_size = sizeof report, .finding_capacity = ATTRIB_CHECK_PRECISION, .findings = findings};
      s->fault = fault;
      s->inner = bundled_model(&b, SMALL_NET_LOGIT);
      attrib_model model = s->inner;
      model.evaluate = evaluate_spoilt_net;
      model.user = s;
      model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
      baseline_of(b.pictures[k].image.pixels, k % 3, baseline);
      assert_status(attrib_model_check(b.context, &model, b.pictures[k].image.pixels, b.pictures[k].target, baseline,
                                       fault == 6 ? &shaped : NULL, &report),
                    ATTRIB_DISAGREE, b.context);
      assert_int_equal(report.failed, 1U << ATTRIB_CHECK_GRADIENT);
      named += findings[ATTRIB_CHECK_GRADIENT - 1].cause == causes[fault];
    }
    print_message("fault %d: named in %d of %d\n", fault, named, BUNDLED_PICTURES);
    assert_true(named >= (fault == 6 ? BUNDLED_PICTURES / 2 : BUNDLED_PICTURES - 1));
  }
  free(s);
  free(baseline);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(no_false_alarm), cmocka_unit_test(faults_of_a_real_network)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
