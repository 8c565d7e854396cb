/* What is to be explained, as the user writes it; groups that are squares; text inside SVG. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "markup.h"
#include "targets.h"

static char message[FILE_MESSAGE_CAPACITY];

static char *names[] = {"cat", "dog", "sea-dog", "sea", "top:1", "2"};
static double probabilities[] = {0.1, 0.3, 0.1, 0.4, 0.05, 0.05};
static const network net = {.classes = 6, .names = names, .named = true};
static const subject s = {.net = &net, .probabilities = probabilities, .best = 3};

static int find(const char *text, target_choice *targets) {
  int count = 0;
  message[0] = '\0';
  if (targets_find(&s, text, targets, &count, message) == 0) return count;
  assert_int_not_equal(message[0], '\0');
  assert_null(strchr(message, '\n'));
  return -1;
}

static void expect(const char *text, int64_t first, int64_t second) {
  target_choice targets[TARGETS_MOST];
  assert_int_equal(find(text, targets), 1);
  assert_int_equal(targets[0].count, second < 0 ? 1 : 2);
  assert_int_equal(targets[0].classes[0], first);
  if (second >= 0) assert_int_equal(targets[0].classes[1], second);
}

static void test_classes(void **state) {
  (void)state;
  expect(NULL, 3, -1);
  expect("cat", 0, -1);
  expect("0", 0, -1);
  expect("2", 5, -1); /* a name before a number */
  expect("3", 3, -1);
  expect("top:1", 4, -1); /* a name before what it could mean */
  expect("sea-dog", 2, -1);
  expect("cat-dog", 0, 1);
  expect("dog-0", 1, 0);
  expect("sea-dog-sea", 2, 3); /* at whichever '-' both sides are classes */
  expect("sea-sea-dog", 3, 2);
}

static void test_refused(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"dig", "'dig' is neither 0 to 5 nor one of dog, "},
      {"6", "target '6': must be 0 to 5"},
      {"", "'' is neither"},
      {"-", "'-' is neither"},
      {"cat-", "'cat-' is neither"},
      {"-cat", "'-cat' is neither"},
      {"cat-dig", "'dig' is neither"},
      {"dig-cat", "'dig' is neither"}, /* the side that is wrong, whichever it is */
      {"dig-dag", "'dig-dag' is neither"},
      {"cat-6", "target '6': must be 0 to 5"},
      {"cat-0", "'cat-0' is a class less itself"},
      {"top:0", "top:0': must be top:1 to top:6"},
      {"top:7", "top:7': must be"},
      {"top:", "must be top:1"},
      {"top:-1", "must be top:1"},
      {"top:2x", "must be top:1"},
      {"top:99999999999999999999", "must be top:1"},
  };
  target_choice targets[TARGETS_MOST];
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(find(wrong[i][0], targets), -1);
    if (strstr(message, wrong[i][1]) == NULL) print_error("%s: %s\n", wrong[i][0], message);
    assert_non_null(strstr(message, wrong[i][1]));
  }
}

/* Where names repeat or hold '-', nothing is chosen in silence. */
static void test_ambiguous(void **state) {
  (void)state;
  char *many[] = {"crane", "a-b", "crane", "c", "a", "b-c", "crane"};
  const network doubled = {.classes = 7, .names = many, .named = true};
  const subject of = {.net = &doubled, .probabilities = probabilities};
  static const char *const wrong[][2] = {
      {"crane", "target 'crane' is the name of 3 classes, 0, 2, 6: give a number"},
      {"crane-c", "target 'crane' is the name of 3 classes"},
      {"c-crane", "target 'crane' is the name of 3 classes"},
      {"crane-d", "'d' is neither"},
      {"a-b-c", "target 'a-b-c' is both 'a' less 'b-c' and 'a-b' less 'c': give numbers, A-B"},
      {"crana", "nor one of crane, a-b, c, a, b-c"}, /* each once */
  };
  target_choice targets[TARGETS_MOST];
  int count = 0;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(targets_find(&of, wrong[i][0], targets, &count, message), -1);
    if (strstr(message, wrong[i][1]) == NULL) print_error("%s: %s\n", wrong[i][0], message);
    assert_non_null(strstr(message, wrong[i][1]));
  }
  assert_int_equal(count, 0);
  assert_int_equal(targets_find(&of, "2", targets, &count, message), 0);
  assert_int_equal(targets_find(&of, "4-5", targets, &count, message), 0);
  assert_int_equal(targets_find(&of, "a-b", targets, &count, message), 0); /* a name first */
  assert_int_equal(count, 3);
  assert_true(targets[0].classes[0] == 2 && targets[1].classes[1] == 5 && targets[2].count == 1);
  assert_int_equal(subject_find_class(&of, "crane", NULL), SEVERAL_CLASSES);
  assert_int_equal(subject_find_class(&of, "d", NULL), NO_CLASS);
}

static void test_top(void **state) {
  (void)state;
  static const int64_t order[] = {3, 1, 0, 2, 4, 5}; /* the same probability: by number */
  target_choice targets[TARGETS_MOST];
  for (int n = 2; n <= 6; n++) {
    const char text[] = {'t', 'o', 'p', ':', (char)('0' + n), '\0'};
    assert_int_equal(find(text, targets), n);
    for (int i = 0; i < n; i++) assert_int_equal(targets[i].classes[0], order[i]);
  }
  int count = 0;
  assert_int_equal(targets_find(&s, "dog", targets, &count, message), 0);
  assert_int_equal(targets_find(&s, "top:2", targets, &count, message), 0);
  assert_int_equal(targets_find(&s, "dog-sea", targets, &count, message), 0);
  assert_int_equal(targets_find(&s, "sea-dog-1", targets, &count, message), 0);
  assert_int_equal(targets_find(&s, "dog-sea", targets, &count, message), 0);
  assert_int_equal(count, 4); /* none twice */
  const double unknown[6] = {NAN, NAN, NAN, NAN, NAN, NAN};
  const subject lost = {.net = &net, .probabilities = (double *)unknown};
  count = 0;
  assert_int_equal(targets_find(&lost, "top:3", targets, &count, message), 0);
  assert_true(count <= 3);
}

static void test_weights(void **state) {
  (void)state;
  double weights[6] = {7, 7, 7, 7, 7, 7};
  const double *used = weights;
  char text[64];
  const target_choice one = {1, {2, 0}}, two = {2, {1, 4}};
  assert_int_equal(target_weights(&net, &one, weights, &used), 2);
  assert_null(used);
  assert_string_equal(target_text(&net, &one, text, sizeof text), "sea-dog");
  assert_int_equal(target_weights(&net, &two, weights, &used), ATTRIB_NO_TARGET);
  assert_ptr_equal(used, weights);
  for (int k = 0; k < 6; k++) assert_true(weights[k] == (k == 1 ? 1 : k == 4 ? -1 : 0));
  assert_string_equal(target_text(&net, &two, text, sizeof text), "dog less top:1");
  assert_string_equal(target_probability(&net, &two, text, sizeof text), "probability of dog less that of top:1");
  assert_string_equal(target_probability(&net, &one, text, sizeof text), "probability of sea-dog");
}

static void test_grid(void **state) {
  (void)state;
  const attrib_image shapes[] = {{.struct_size = sizeof(attrib_image),
                                  .width = 7,
                                  .height = 5,
                                  .channels = 3,
                                  .x_stride = 1,
                                  .y_stride = 7,
                                  .channel_stride = 35},
                                 {.struct_size = sizeof(attrib_image),
                                  .width = 7,
                                  .height = 5,
                                  .channels = 3,
                                  .x_stride = 3,
                                  .y_stride = 21,
                                  .channel_stride = 1}};
  for (int64_t side = 1; side <= 8; side++)
    for (int which = 0; which < 2; which++) {
      const attrib_image *shape = &shapes[which];
      const grid g = grid_of(shape, side);
      assert_int_equal(g.columns, (7 + side - 1) / side);
      assert_int_equal(g.rows, (5 + side - 1) / side);
      int32_t *labels = malloc(105 * sizeof *labels);
      double *values = malloc((size_t)(g.rows * g.columns) * sizeof *values), *inputs = malloc(105 * sizeof *inputs);
      assert_true(labels != NULL && values != NULL && inputs != NULL);
      for (int64_t i = 0; i < g.rows * g.columns; i++) values[i] = 1 + (double)i;
      grid_labels(&g, shape, labels);
      grid_draw(&g, shape, values, inputs);
      for (int64_t y = 0; y < 5; y++)
        for (int64_t x = 0; x < 7; x++)
          for (int64_t c = 0; c < 3; c++) {
            const int64_t i = x * shape->x_stride + y * shape->y_stride + c * shape->channel_stride;
            const int64_t square = y / side * g.columns + x / side;
            assert_int_equal(labels[i], square);
            assert_true(inputs[i] == (c == 0 ? 1 + (double)square : 0));
          }
      free(labels);
      free(values);
      free(inputs);
    }
}

static void expect_markup(const char *text, const char *expected) {
  const size_t size = strlen(expected);
  for (size_t capacity = size + 4; capacity >= 4; capacity--) {
    char *to = malloc(capacity);
    assert_non_null(to);
    memcpy(to, "ab:", 4);
    assert_ptr_equal(markup_append(to, capacity, text), to);
    assert_true(strlen(to) < capacity);
    assert_int_equal(strncmp(to, "ab:", 3), 0);
    assert_int_equal(strncmp(to + 3, expected, strlen(to) - 3), 0); /* a beginning of it */
    if (capacity == size + 4) assert_string_equal(to + 3, expected);
    const char *open = strrchr(to, '&');
    assert_true(open == NULL || strchr(open, ';') != NULL); /* no reference is cut */
    free(to);
  }
}

static void test_markup(void **state) {
  (void)state;
  expect_markup("", "");
  expect_markup("star", "star");
  expect_markup("<b a=\"'\">&amp;", "&lt;b a=&quot;&#39;&quot;&gt;&amp;amp;");
  expect_markup("a\nb\x7f\x01", "a\nb\xEF\xBF\xBD\xEF\xBF\xBD");
  expect_markup("\xc3\x85\xe2\x88\x91", "\xc3\x85\xe2\x88\x91");
  expect_markup("\xc3<", "\xEF\xBF\xBD&lt;");
  expect_markup("\xe2\x80\xae,\xe2\x81\xa6", "\xEF\xBF\xBD,\xEF\xBF\xBD"); /* they turn the direction */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes),   cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_ambiguous), cmocka_unit_test(test_top),
                                     cmocka_unit_test(test_weights),   cmocka_unit_test(test_grid),
                                     cmocka_unit_test(test_markup)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
