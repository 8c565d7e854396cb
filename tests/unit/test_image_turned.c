/* Pictures that say how the camera was held: the eight ways of Exif, in files, and blocks that are damaged. */
#include "image_files.h"

#include "failing_memory.h"
#include "jpeg_made.h"

/* A letter that looks different in every way: 3 x 2, upright 1 2 3 / 4 5 6. What each file would hold to show it is
 * what the table of Exif's standard says of rows and columns: way 6, row 0 is the right side, column 0 the top. */
static const struct {
  int32_t width, height;
  float stored[6];
} ways[9] = {[1] = {3, 2, {1, 2, 3, 4, 5, 6}},  /* row 0 the top, column 0 the left side */
             [2] = {3, 2, {3, 2, 1, 6, 5, 4}},  /* the top, the right side */
             [3] = {3, 2, {6, 5, 4, 3, 2, 1}},  /* the bottom, the right side */
             [4] = {3, 2, {4, 5, 6, 1, 2, 3}},  /* the bottom, the left side */
             [5] = {2, 3, {1, 4, 2, 5, 3, 6}},  /* the left side, the top */
             [6] = {2, 3, {3, 6, 2, 5, 1, 4}},  /* the right side, the top */
             [7] = {2, 3, {6, 3, 5, 2, 4, 1}},  /* the right side, the bottom */
             [8] = {2, 3, {4, 1, 5, 2, 6, 3}}}; /* the left side, the bottom */

static image_data stored(int way) {
  image_data image = {ways[way].width, ways[way].height, IMAGE_HAD_ALPHA, 255, malloc(18 * sizeof(float))};
  assert_non_null(image.pixels);
  for (int i = 0; i < 18; i++) image.pixels[i] = ways[way].stored[i % 6] + (float)(10 * (i / 6));
  return image;
}

static void test_eight_ways(void **state) {
  (void)state;
  for (int way = 1; way <= 8; way++) {
    image_data image = stored(way);
    assert_int_equal(image_turn(&image, way, NULL), IMAGE_OK);
    assert_true(image.width == 3 && image.height == 2 && image.max_value == 255);
    assert_int_equal(image.flags, way == 1 ? IMAGE_HAD_ALPHA : IMAGE_HAD_ALPHA | IMAGE_TURNED);
    for (int i = 0; i < 18; i++) assert_true(image.pixels[i] == (float)(1 + i % 6 + 10 * (i / 6)));
    image_free(&image);
  }
}

static void test_no_memory(void **state) {
  (void)state;
  const file_report report = {"photo.jpg", message, sizeof message};
  image_data image = stored(6);
  allocations_left = 0;
  assert_int_equal(image_turn(&image, 6, &report), IMAGE_E_MEMORY);
  allocations_left = -1;
  assert_non_null(strstr(message, "photo.jpg: out of memory"));
  assert_true(image.width == 2 && image.height == 3 && image.pixels[0] == 3); /* as it was */
  image_free(&image);
}

/* An Exif block with another entry before, in either order of bytes. */
static size_t make_block(uint8_t *block, int little, int way) {
  const uint8_t entries[2][12] = {{0x01, 0x0f, 0, 2, 0, 0, 0, 4, 'a', 'b', 'c', 0},
                                  {0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (uint8_t)way, 0, 0}};
  static const int fields[] = {2, 2, 4};
  size_t used = 6;
  memcpy(block, "Exif\0\0", 6);
  memcpy(block + used, little ? "II*\0\10\0\0\0\2\0" : "MM\0*\0\0\0\10\0\2", 10);
  used += 10;
  for (int e = 0; e < 2; e++) {
    size_t at = 0;
    for (int f = 0; f < 3; at += (size_t)fields[f], f++)
      for (int i = 0; i < fields[f]; i++)
        block[used + at + (size_t)i] = entries[e][at + (size_t)(little ? fields[f] - 1 - i : i)];
    memcpy(block + used + 8, entries[e] + 8, 4);
    if (little && e == 1) memcpy(block + used + 8, (const uint8_t[]){(uint8_t)way, 0, 0, 0}, 4);
    used += 12;
  }
  memset(block + used, 0, 4); /* no further directory */
  return used + 4;
}

/* What a block of exactly this size says. */
static int orientation(const uint8_t *bytes, size_t size) {
  uint8_t *exact = malloc(size + (size == 0));
  assert_non_null(exact);
  memcpy(exact, bytes, size);
  const int found = image_exif_orientation(exact, size);
  free(exact);
  return found;
}

static void test_blocks(void **state) {
  (void)state;
  uint8_t block[64];
  for (int little = 0; little < 2; little++) {
    for (int way = 0; way <= 10; way++) {
      const size_t size = make_block(block, little, way);
      assert_int_equal(orientation(block, size), way >= 1 && way <= 8 ? way : 1);
    }
    const size_t size = make_block(block, little, 6);
    for (size_t cut = 0; cut < size; cut++) assert_int_equal(orientation(block, cut), cut + 4 < size ? 1 : 6);
    for (size_t i = 0; i < size; i++) { /* any byte may be wrong: an answer, and nothing read beyond */
      for (int wrong = 0; wrong < 256; wrong += 15) {
        const uint8_t kept = block[i];
        block[i] = (uint8_t)wrong;
        assert_in_range(orientation(block, size), 1, 8);
        block[i] = kept;
      }
    }
  }
}

/* The same picture in a JPEG without the block and with it. */
static void test_files(void **state) {
  (void)state;
  static blob upright;
  static const int wave[2] = {40, -63};
  int dc[2][3] = {{-40, 32, 20}, {0, -18, 52}};
  uint8_t block[64];
  image_data plain, turned;
  make_colour_jpeg(&upright, dc, wave);
  put("photo.jpg", upright.bytes, upright.size);
  assert_int_equal(image_load(place("photo.jpg"), &plain, message, sizeof message), IMAGE_OK);
  blob jpeg = {{0xff, 0xd8}, 2};
  add_segment(&jpeg, 0xe1, "http://ns.adobe.com/xap/1.0/", 29); /* another kind of the same segment comes first */
  add_segment(&jpeg, 0xe1, block, make_block(block, 1, 6));
  add(&jpeg, upright.bytes + 2, upright.size - 2);
  put("turned.jpg", jpeg.bytes, jpeg.size);
  assert_int_equal(image_load(place("turned.jpg"), &turned, message, sizeof message), IMAGE_OK);
  assert_string_equal(message, "");
  assert_true(turned.width == plain.height && turned.height == plain.width && plain.width == 16 && plain.height == 8);
  assert_int_equal(turned.flags, plain.flags | IMAGE_TURNED);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < 16; y++)
      for (int x = 0; x < 8; x++)
        assert_true(turned.pixels[(c * 16 + y) * 8 + x] == plain.pixels[(c * 8 + 7 - x) * 16 + y]);
  image_free(&plain);
  image_free(&turned);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_eight_ways),
      cmocka_unit_test(test_no_memory),
      cmocka_unit_test(test_blocks),
      cmocka_unit_test(test_files),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
