/* The network of the picture programs: what is known of the bundled one, files of labels, and another kind of network
 * behind the same struct. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include "image_files.h"

#include "choose_baseline.h"
#include "method_table.h"
#include "subject.h"

static const char good[] = "disc\nring\nsquare\ntriangle\nstar\nheart\ncross\nmoon\narrow\nglass\n";

static void test_bundled(void **state) {
  (void)state;
  network net;
  double p[SMALL_NET_CLASSES], sum = 0;
  float *grey = malloc(SMALL_NET_INPUTS * sizeof *grey);
  assert_non_null(grey);
  for (int i = 0; i < SMALL_NET_INPUTS; i++) grey[i] = 0.5F;
  assert_int_equal(network_open_bundled(&net, NULL, SMALL_NET_LOGIT, 1, message), 0);
  assert_string_equal(message, "");
  assert_true(net.inputs == SMALL_NET_INPUTS && net.classes == SMALL_NET_CLASSES && net.bundled != NULL);
  assert_int_equal(net.shape.width * net.shape.height * net.shape.channels, net.inputs);
  for (int k = 0; k < SMALL_NET_CLASSES; k++)
    assert_string_equal(network_class_name(&net, k), small_net_class_name(net.bundled, k));
  assert_string_equal(network_class_name(&net, -1), "?");
  assert_string_equal(network_class_name(&net, SMALL_NET_CLASSES), "?");
  assert_int_equal(network_classify(&net, grey, p, message), 0);
  for (int k = 0; k < SMALL_NET_CLASSES; k++) sum += p[k];
  assert_true(fabs(sum - 1) < 1e-12);
  network_close(&net);
  assert_int_equal(network_open_bundled(&net, NULL, SMALL_NET_PROBABILITY, 1, message), 0);
  double same[SMALL_NET_CLASSES];
  assert_int_equal(network_classify(&net, grey, same, message), 0);
  assert_memory_equal(same, p, sizeof p);
  network_close(&net);
  network_close(&net); /* does no harm */
  free(grey);
  assert_int_equal(network_open_bundled(&net, place("none.bin"), SMALL_NET_LOGIT, 1, message), -1);
  assert_non_null(strstr(message, "none.bin"));
}

static void expect_labels(network *net, const void *bytes, size_t size, const char *cause) {
  put("labels.txt", bytes, size);
  const int status = network_read_labels(net, place("labels.txt"), message);
  assert_int_equal(status, cause == NULL ? 0 : -1);
  if (cause == NULL) return;
  if (strstr(message, cause) == NULL) print_error("%s, expected: %s\n", message, cause);
  assert_non_null(strstr(message, cause));
  assert_non_null(strstr(message, "labels.txt: "));
  assert_null(strchr(message, '\n'));
  assert_string_equal(network_class_name(net, 9), "hourglass"); /* as they were */
}

static void test_labels(void **state) {
  (void)state;
  network net;
  char many[4096];
  assert_int_equal(network_open_bundled(&net, NULL, SMALL_NET_LOGIT, 1, message), 0);
  assert_int_equal(network_read_labels(&net, place("none.txt"), message), -1);
  assert_non_null(strstr(message, "none.txt: cannot be opened"));
  expect_labels(&net, "", 0, "0 labels, the network has 10 classes");
  expect_labels(&net, "one", 3, "1 label, the network has 10 classes");
  expect_labels(&net, SIZED("a\nb\nc\nd\ne\nf\ng\nh\ni\n"), "9 labels");
  expect_labels(&net, SIZED("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk"), "11 labels");
  expect_labels(&net, SIZED("a\nb\nc\nd\ne\nf\ng\nh\ni\n\n"), "line 10 is empty");
  expect_labels(&net, SIZED("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"), "line 11 is empty");
  expect_labels(&net,
                SIZED("\xff\xfe"
                      "a\0\n\0b\0"),
                "line 1 is no UTF-8"); /* but UTF-16 */
  expect_labels(&net, SIZED("a\nb\nc\n\xc2\xa0\xe2\x80\x8b\ne\nf\ng\nh\ni\nj"),
                "line 4 holds nothing that can be seen");
  expect_labels(&net, SIZED("a\n \t\r\nc\nd\ne\nf\ng\nh\ni\nj"), "line 2 is empty");
  expect_labels(&net, SIZED("a\nb\xff\nc\nd\ne\nf\ng\nh\ni\nj"), "line 2 is no UTF-8");
  expect_labels(&net, SIZED("a\nb\nc\0\nd\ne\nf\ng\nh\ni\nj"), "line 3 holds a control character");
  expect_labels(&net, SIZED("a\nb\nc\nd\x1b[2J\ne\nf\ng\nh\ni\nj"), "line 4 holds a control character");
  snprintf(many, sizeof many, "a\nb\nc\nd\ne\nf\ng\nh\ni\n%0201d\n", 0);
  expect_labels(&net, many, strlen(many), "line 10 is longer than 200 bytes");
  snprintf(many, sizeof many, "a\nb\nc\nd\ne\nf\ng\nh\ni\n%0200d\n", 0);
  expect_labels(&net, many, strlen(many), NULL);
  expect_labels(&net, good, sizeof good - 1, NULL);
  assert_string_equal(network_class_name(&net, 7), "moon");
  expect_labels(&net, good, sizeof good - 2, NULL); /* without the last line end */
  assert_string_equal(network_class_name(&net, 9), "glass");
  expect_labels(&net, SIZED(" tench, Tinca tinca \r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\n\xc3\xa9"), NULL);
  assert_string_equal(network_class_name(&net, 0), "tench, Tinca tinca");
  assert_string_equal(network_class_name(&net, 9), "\xc3\xa9");
  expect_labels(&net,
                SIZED("\xef\xbb\xbf"
                      "disc\nb\nc\nd\ne\nf\ng\nh\ni\nj"),
                NULL); /* a mark of some editors */
  assert_string_equal(network_class_name(&net, 0), "disc");
  network_close(&net);
}

/* Five classes of a picture of 6 x 4: output k is (k + 1) times the sum of the pixels of channel k % 3. */
enum { WIDTH = 6, HEIGHT = 4, PLANE = WIDTH * HEIGHT, CLASSES = 5 };

static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const float *x = (const float *)batch->inputs + r * batch->input_stride;
    float *gradient = batch->gradients == NULL ? NULL : (float *)batch->gradients + r * batch->gradient_stride;
    for (int64_t i = 0; i < 3 * PLANE && gradient != NULL; i++) gradient[i] = 0;
    double explained = 0;
    for (int k = 0; k < CLASSES; k++) {
      const double weight = batch->target_weights != NULL ? batch->target_weights[k] : batch->target == k;
      double sum = 0;
      for (int i = 0; i < PLANE; i++) sum += (double)x[k % 3 * PLANE + i];
      for (int i = 0; i < PLANE && gradient != NULL; i++) gradient[k % 3 * PLANE + i] += (float)(weight * (k + 1));
      explained += weight * (k + 1) * sum;
      if (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) batch->outputs[r * batch->output_stride + k] = (k + 1) * sum;
    }
    if ((batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) == 0) batch->outputs[r * batch->output_stride] = explained;
  }
  return 0;
}

static void open_other(network *net) {
  *net = (network){.shape = {.struct_size = sizeof(attrib_image),
                             .width = WIDTH,
                             .height = HEIGHT,
                             .channels = 3,
                             .x_stride = 1,
                             .y_stride = WIDTH,
                             .channel_stride = PLANE},
                   .inputs = 3 * PLANE,
                   .classes = CLASSES,
                   .score = SMALL_NET_LOGIT,
                   .model = {.struct_size = sizeof(attrib_model),
                             .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                             .dtype = ATTRIB_F32,
                             .n_inputs = 3 * PLANE,
                             .n_outputs = CLASSES,
                             .evaluate = evaluate}};
  assert_int_equal(network_number_classes(net), 0);
}

/* All that explains a picture of another network, and what needs the bundled one says so. */
static void test_other(void **state) {
  (void)state;
  network net;
  subject s;
  uint8_t pixels[3 * 12 * 8];
  for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i * 37 % 256);
  assert_int_equal(image_write_png(place("p.png"), 12, 8, 3, pixels, message, sizeof message), 0);
  open_other(&net);
  assert_int_equal(subject_open_with(&s, &net, place("p.png"), message), 0);
  assert_true(s.resized && s.input.width == WIDTH && s.input.height == HEIGHT);
  assert_int_equal(subject_find_class(&s, "class 3", message), 3);
  assert_int_equal(subject_find_class(&s, "4", message), 4);
  for (int i = 0; i < 6; i++) {
    static const char *const wrong[] = {"5", "-1", "+4", "", " 4", "clasp 3"};
    assert_int_equal(subject_find_class(&s, wrong[i], message), NO_CLASS);
    assert_non_null(strstr(message, i < 3 ? ": must be 0 to 4" : "is not 0 to 4, and classes have no names"));
  }
  put("labels.txt", SIZED("one\ntwo\nthree\nfour\nfive\n"));
  assert_int_equal(network_read_labels(&net, place("labels.txt"), message), 0);
  assert_int_equal(subject_find_class(&s, "fuor", message), NO_CLASS);
  assert_non_null(strstr(message, "is neither 0 to 4 nor one of four, ")); /* the nearest first */
  baseline_choice choice = {.row = NULL};
  static const char *const own[] = {"training", "other-class", "near-zero", "max-entropy"};
  for (size_t i = 0; i < COUNT(own); i++) {
    const baseline_request request = {.name = own[i]};
    assert_int_equal(choose_baseline(&request, &s, &choice, message), -1);
    assert_non_null(strstr(message, i < 2 ? "bundled network's training pictures" : "logits are not known"));
  }
  static const char *const any[] = {"black", "0.2,0.4,0.6", "max-distance", "blur", "uniform", "gaussian", "ascent"};
  const common_options options = {.points = 4};
  for (size_t i = 0; i < COUNT(any); i++) {
    const baseline_request request = {.name = any[i], .samples = i == 4 || i == 5 ? 3 : 0};
    assert_int_equal(choose_baseline(&request, &s, &choice, message), 0);
    double attributions[3 * PLANE], weights[CLASSES] = {0, 1, 0, 0, -1};
    attrib_report report = {.struct_size = sizeof report};
    method_job job = {.method = picture_methods,
                      .model = &s.model,
                      .s = &s,
                      .target = ATTRIB_NO_TARGET,
                      .weights = weights,
                      .options = &options,
                      .baselines = &choice.set};
    assert_int_equal(job.method->run(&job, attributions, &report), ATTRIB_OK);
    assert_true(fabs(report.completeness_error) <= 1e-5 * (1 + fabs(report.completeness_target)));
  }
  const picture_method *layer = method_find("test", "layer-cam");
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  method_job job = {.method = layer, .model = &s.model, .s = &s, .options = &options, .baselines = &choice.set};
  double map[3 * PLANE];
  assert_int_equal(layer->run(&job, map, &report), ATTRIB_E_UNSUPPORTED);
  assert_non_null(strstr(message, "layers are of the bundled network alone"));
  choose_baseline_free(&choice);
  subject_close(&s);
  network_close(&net);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_bundled), cmocka_unit_test(test_labels),
                                     cmocka_unit_test(test_other)};
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
