/* The pictures of examples/support/shapes: what says the class, and what does not. */
#include "fixture.h"

#include "shapes.h"

enum { PICTURES = 400 };

static void values_masks_and_classes(void **state) {
  (void)state;
  for (int kind = SHAPES_PLAIN; kind <= SHAPES_SCATTERED; kind++) {
    const shapes_set set = {(shapes_kind)kind, 3};
    int64_t classes[SHAPES_CLASSES] = {0};
    for (int64_t index = 0; index < PICTURES; index++) {
      float *pixels = exact_block(SHAPES_PIXELS * sizeof *pixels);
      uint8_t *mask = exact_block(SHAPES_PIXELS);
      double inside = 0, outside = 0;
      int64_t covered = 0;
      const int32_t label = shapes_render(&set, index, pixels, mask);
      assert_in_range(label, 0, SHAPES_CLASSES - 1);
      classes[label]++;
      for (int64_t i = 0; i < SHAPES_PIXELS; i++) {
        assert_true(pixels[i] >= 0 && pixels[i] <= 1 && mask[i] <= 1);
        covered += mask[i];
        *(mask[i] ? &inside : &outside) += (double)pixels[i];
      }
      assert_in_range(covered, 20, 220);
      assert_true(inside / (double)covered > outside / (double)(SHAPES_PIXELS - covered) + 0.1);
      free(pixels);
      free(mask);
    }
    for (int k = 0; k < SHAPES_CLASSES; k++) assert_in_range(classes[k], 60, 140); /* 100 +- 8.7 */
  }
  for (int32_t k = -1; k <= SHAPES_CLASSES; k++)
    assert_int_equal(shapes_class_name(k) == NULL, k < 0 || k == SHAPES_CLASSES);
}

/* Of the decoy set the class is where the corner is bright, and the shape is as often any other. */
static void the_corner_says_the_class(void **state) {
  (void)state;
  const shapes_set set = {SHAPES_DECOY, 8};
  double covered[SHAPES_CLASSES] = {0}, count[SHAPES_CLASSES] = {0};
  for (int64_t index = 0; index < PICTURES; index++) {
    float pixels[SHAPES_PIXELS];
    uint8_t mask[SHAPES_PIXELS];
    double blocks[SHAPES_CLASSES] = {0};
    const int32_t label = shapes_render(&set, index, pixels, mask);
    for (int y = 0; y < SHAPES_CORNER; y++)
      for (int x = 0; x < SHAPES_CORNER; x++) {
        assert_int_equal(mask[y * SHAPES_SIDE + x], 0);
        blocks[y / 2 * 2 + x / 2] += (double)pixels[y * SHAPES_SIDE + x];
      }
    for (int k = 0; k < SHAPES_CLASSES; k++)
      if (k != label) assert_true(blocks[label] > blocks[k] + 1);
    for (int i = 0; i < SHAPES_PIXELS; i++) covered[label] += mask[i];
    count[label]++;
  }
  /* Shapes differ in size by half and more; their mean over a class does not. */
  for (int k = 0; k < SHAPES_CLASSES; k++) assert_true(fabs(covered[k] / count[k] / (covered[0] / count[0]) - 1) < 0.2);
}

/* Of the scattered set any dot says the class, and their number and places say nothing. */
static void brightness_says_the_class(void **state) {
  (void)state;
  const shapes_set set = {SHAPES_SCATTERED, 8};
  for (int64_t index = 0; index < PICTURES; index++) {
    float pixels[SHAPES_PIXELS];
    uint8_t mask[SHAPES_PIXELS];
    int64_t dots = 0;
    const int32_t label = shapes_render(&set, index, pixels, mask);
    for (int i = 0; i < SHAPES_PIXELS; i++) {
      assert_int_equal(mask[i], pixels[i] != 0);
      dots += mask[i];
      if (mask[i])
        assert_true((double)pixels[i] >= 0.2 * (label + 1) - 1e-6 && pixels[i] <= 0.25f * (float)(label + 1));
    }
    assert_int_equal(dots, SHAPES_PIXELS / 4);
  }
}

/* Numbers in the guide hang on these pictures. */
static void the_same_bits_for_ever(void **state) {
  (void)state;
  static const uint64_t expected[] = {UINT64_C(0x38a33dbd8f181706), UINT64_C(0xefe8aaa2298b2fb2),
                                      UINT64_C(0x3f435cf51775da3f)};
  for (int kind = SHAPES_PLAIN; kind <= SHAPES_SCATTERED; kind++) {
    const shapes_set set = {(shapes_kind)kind, 1};
    float all[3 * SHAPES_PIXELS], one[SHAPES_PIXELS];
    int32_t labels[3];
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a over the values in 2^-20 */
    shapes_render_all(&set, 5, 3, all, labels);
    for (int64_t i = 0; i < 3; i++) {
      assert_int_equal(shapes_render(&set, 5 + i, one, NULL), labels[i]);
      assert_memory_equal(one, all + i * SHAPES_PIXELS, sizeof one);
    }
    for (int64_t i = 0; i < 3 * SHAPES_PIXELS; i++)
      hash = (hash ^ (uint64_t)(0x100000 * (double)all[i])) * UINT64_C(0x100000001b3);
    if (hash != expected[kind]) fail_msg("kind %d: 0x%016" PRIx64, kind, hash);
  }
}

static void edges_of_a_step(void **state) {
  (void)state;
  float pixels[SHAPES_PIXELS];
  double edges[SHAPES_PIXELS];
  for (int across = 0; across < 2; across++) {
    for (int i = 0; i < SHAPES_PIXELS; i++) pixels[i] = (across ? i % SHAPES_SIDE : i / SHAPES_SIDE) >= 10 ? 0.5f : 0;
    shapes_edges(pixels, edges);
    for (int i = 0; i < SHAPES_PIXELS; i++) {
      const int along = across ? i % SHAPES_SIDE : i / SHAPES_SIDE;
      assert_true(edges[i] == (along == 9 || along == 10 ? 2 : 0));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_masks_and_classes),  cmocka_unit_test(the_corner_says_the_class),
      cmocka_unit_test(brightness_says_the_class), cmocka_unit_test(the_same_bits_for_ever),
      cmocka_unit_test(edges_of_a_step),
  };
  return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}
