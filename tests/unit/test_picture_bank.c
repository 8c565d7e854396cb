/* The bank of training pictures: what is bundled, the layout of rows, every bad file, every allocation that fails. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include "image_files.h"

#include "picture_bank.h"
#include "small_net.h"

enum { PLANE = SMALL_NET_WIDTH * SMALL_NET_HEIGHT, BUNDLED = 96, RIGHT = 95 };

/* The linker puts this in the place of malloc (--wrap): the call of this number fails; -1 = none. */
static long failing = -1, calls;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
  return calls++ == failing ? NULL : __real_malloc(size);
}

static void expect_refused(const char *path, const char *cause) {
  picture_bank bank;
  memset(&bank, 0x5a, sizeof bank);
  assert_int_equal(picture_bank_load(path, &bank, message), -1);
  if (strstr(message, cause) == NULL) print_error("%s, expected: %s\n", message, cause);
  assert_non_null(strstr(message, cause));
  assert_int_equal(strncmp(message, path, strlen(path)), 0);
  assert_null(strchr(message, '\n'));
  assert_true(bank.count == 0 && bank.rows == NULL);
  picture_bank_free(&bank); /* does no harm */
}

/* A strip whose byte of channel c in line y and column x is known. */
static uint8_t byte_at(size_t y, size_t x, size_t c) {
  return (uint8_t)(y * y * 7 + x * x * 3 + x * y + c * 91);
}

static void put_strip(const char *name, int32_t width, int32_t height) {
  uint8_t *pixels = malloc(3 * (size_t)width * (size_t)height);
  assert_non_null(pixels);
  for (size_t y = 0; y < (size_t)height; y++)
    for (size_t x = 0; x < (size_t)width; x++)
      for (size_t c = 0; c < 3; c++) pixels[3 * (y * (size_t)width + x) + c] = byte_at(y, x, c);
  assert_int_equal(image_write_png(place(name), width, height, 3, pixels, message, sizeof message), 0);
  free(pixels);
}

static void test_layout(void **state) {
  (void)state;
  for (int count = 1; count <= 3; count++) {
    picture_bank bank;
    put_strip("strip.png", 64, 64 * count);
    assert_int_equal(picture_bank_load(place("strip.png"), &bank, message), 0);
    assert_string_equal(message, "");
    assert_int_equal(bank.count, count);
    for (size_t i = 0; i < (size_t)count * SMALL_NET_INPUTS; i++) {
      size_t k = i / SMALL_NET_INPUTS, c = i / PLANE % 3, y = i / 64 % 64, x = i % 64;
      assert_true(bank.rows[i] == (float)(byte_at(64 * k + y, x, c) / 255.0));
    }
    picture_bank_free(&bank);
    assert_true(bank.count == 0 && bank.rows == NULL);
  }
}

/* What examples/data/README.md says of the bundled one. */
static void test_bundled(void **state) {
  (void)state;
  picture_bank bank;
  small_net *net;
  int right = 0, of_class[SMALL_NET_CLASSES] = {0};
  assert_int_equal(picture_bank_load(NULL, &bank, message), 0);
  assert_int_equal(bank.count, BUNDLED);
  for (int64_t i = 0; i < bank.count * SMALL_NET_INPUTS; i++) {
    int byte = (int)lround(255.0 * bank.rows[i]);
    assert_true(bank.rows[i] == (float)(byte / 255.0));
    assert_true(byte == 0 || byte % 8 == 7);
  }
  assert_int_equal(small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", 1, &net, message, sizeof message), 0);
  for (int64_t k = 0; k < bank.count; k++) {
    float logits[SMALL_NET_CLASSES];
    int best = 0;
    assert_int_equal(small_net_forward(net, 0, bank.rows + k * SMALL_NET_INPUTS, logits), 0);
    for (int c = 1; c < SMALL_NET_CLASSES; c++)
      if (logits[c] > logits[best]) best = c;
    right += best == k % SMALL_NET_CLASSES;
    of_class[best]++;
  }
  assert_int_equal(right, RIGHT);
  for (int c = 0; c < SMALL_NET_CLASSES; c++) assert_true(of_class[c] >= 8);
  small_net_free(net);
  picture_bank_free(&bank);
}

static void test_bad_files(void **state) {
  (void)state;
  uint8_t bytes[65536];
  expect_refused(place("missing.png"), "cannot open: No such file");
  expect_refused("", "");
  expect_refused(folder, "is a directory");
  put("empty.png", "", 0);
  expect_refused(place("empty.png"), "the file is empty");
  put("text.png", "no picture", 10);
  expect_refused(place("text.png"), "not an image");
  put_strip("wide.png", 65, 64);
  expect_refused(place("wide.png"), "65 x 64 pixels: must be 64 wide and a multiple of 64 high");
  put_strip("narrow.png", 32, 128);
  expect_refused(place("narrow.png"), "32 x 128 pixels: must be");
  put_strip("high.png", 64, 65);
  expect_refused(place("high.png"), "64 x 65 pixels: must be");
  put_strip("low.png", 64, 63);
  expect_refused(place("low.png"), "64 x 63 pixels: must be");
  put_strip("whole.png", 64, 128);
  size_t size = get("whole.png", bytes, sizeof bytes);
  assert_true(size > 1000 && size < sizeof bytes);
  for (size_t length = 1; length < size; length += 97) {
    put("cut.png", bytes, length);
    expect_refused(place("cut.png"), "");
  }
  for (size_t at = 0; at < size; at += 89) { /* the checksums see it */
    bytes[at] ^= 0x40;
    put("damaged.png", bytes, size);
    expect_refused(place("damaged.png"), "");
    bytes[at] ^= 0x40;
  }
}

/* The one allocation that may fail unseen is a decoder's that stb tries before the right one. */
static void test_no_memory(void **state) {
  (void)state;
  char path[400];
  int refused = 0;
  put_strip("strip.png", 64, 128);
  (void)snprintf(path, sizeof path, "%s", place("strip.png"));
  calls = 0;
  for (long n = 0; calls >= n; n++) {
    picture_bank bank;
    assert_true(n < 1000);
    calls = 0;
    failing = n;
    int status = picture_bank_load(path, &bank, message);
    failing = -1;
    if (status == 0) {
      assert_int_equal(bank.count, 2);
      assert_true(bank.rows[SMALL_NET_INPUTS] == (float)(byte_at(64, 0, 0) / 255.0));
      picture_bank_free(&bank);
    } else {
      assert_true(bank.count == 0 && bank.rows == NULL);
      assert_int_equal(strncmp(message, path, strlen(path)), 0);
      refused++;
    }
  }
  assert_true(refused >= 4); /* the file, stb's blocks, the planes, the rows */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_layout),
      cmocka_unit_test(test_bundled),
      cmocka_unit_test(test_bad_files),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
