/* PNG as the examples write it: read back by another decoder pixel by pixel, and with each allocation failing. */
#include "image_files.h"

#include "failing_memory.h"

enum { SIDE = 150 };

/* Neither one number nor noise: each of the three filters is the best one somewhere. */
static uint8_t pixel_byte(size_t at, size_t row, int kind) {
  static uint32_t state = 1;
  state = state * 1664525U + 1013904223U;
  return kind == 0 ? (uint8_t)(at / 4) : kind == 1 ? (uint8_t)(7 * row + at % 5 * 50) : (uint8_t)(state >> 24);
}

static void fill(uint8_t *pixels, size_t width, size_t height, size_t channels, int kind) {
  for (size_t y = 0; y < height; y++) {
    for (size_t i = 0; i < width * channels; i++) {
      const int alpha = channels % 2 == 0 && i % channels == channels - 1; /* opaque: reading must give back all */
      pixels[y * width * channels + i] = alpha ? 255 : pixel_byte(i, y, kind < 3 ? kind : (int)(y % 3));
    }
  }
}

static void expect_same(const char *path, size_t width, size_t height, size_t channels, const uint8_t *pixels) {
  image_data image;
  assert_int_equal(image_load(path, &image, message, sizeof message), IMAGE_OK);
  assert_true(image.width == (int32_t)width && image.height == (int32_t)height);
  for (size_t i = 0; i < width * height; i++) {
    for (size_t c = 0; c < 3; c++) {
      const uint8_t byte = pixels[i * channels + (channels < 3 ? 0 : c)];
      assert_true(image.pixels[c * width * height + i] == (float)(byte / 255.0));
    }
  }
  image_free(&image);
}

/* Every number of channels, widths and heights down to 1, and enough noise for several chunks. */
static void test_read_back(void **state) {
  (void)state;
  static const size_t sides[] = {1, 2, 3, 17, SIDE};
  static uint8_t pixels[4 * SIDE * SIDE];
  for (size_t channels = 1; channels <= 4; channels++) {
    for (size_t w = 0; w < COUNT(sides); w++) {
      for (size_t h = 0; h < COUNT(sides); h++) {
        for (int kind = 0; kind < 4; kind++) {
          fill(pixels, sides[w], sides[h], channels, kind);
          assert_int_equal(image_write_png(place("out.png"), (int32_t)sides[w], (int32_t)sides[h], (int32_t)channels,
                                           pixels, message, sizeof message),
                           IMAGE_OK);
          expect_same(place("out.png"), sides[w], sides[h], channels, pixels);
        }
      }
    }
  }
}

/* Smooth rows and columns are what maps are made of. */
static void test_small(void **state) {
  (void)state;
  static uint8_t pixels[3 * SIDE * SIDE], bytes[3 * SIDE * SIDE];
  for (int kind = 0; kind < 2; kind++) {
    fill(pixels, SIDE, SIDE, 3, kind);
    assert_int_equal(image_write_png(place("out.png"), SIDE, SIDE, 3, pixels, message, sizeof message), IMAGE_OK);
    assert_in_range(get("out.png", bytes, sizeof bytes), 60, SIDE * SIDE / 20);
  }
}

static void test_no_memory(void **state) {
  (void)state;
  static uint8_t pixels[3 * SIDE * SIDE];
  fill(pixels, SIDE, SIDE, 3, 2);
  put("out.png", "old", 3);
  char path[400], expected[600];
  (void)snprintf(path, sizeof path, "%s", place("out.png"));
  (void)snprintf(expected, sizeof expected, "%s: out of memory for a PNG of %d x %d pixels", path, SIDE, SIDE);
  int refused = 0, result = IMAGE_E_MEMORY;
  for (int64_t n = 0; result != IMAGE_OK; n++) {
    assert_true(n < 1000);
    allocations_left = n;
    result = image_write_png(path, SIDE, SIDE, 3, pixels, message, sizeof message);
    allocations_left = -1;
    if (result == IMAGE_OK) break;
    uint8_t bytes[8];
    assert_int_equal(get("out.png", bytes, sizeof bytes), 3); /* the old one */
    assert_int_equal(count_files(), 1);
    if (result == IMAGE_E_MEMORY) {
      assert_string_equal(message, expected);
      refused++;
    }
  }
  assert_true(refused >= 4); /* the rows, the chunk, zlib's state and window */
  expect_same(path, SIDE, SIDE, 3, pixels);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read_back),
      cmocka_unit_test(test_small),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
