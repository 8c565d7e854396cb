/* Pictures of the examples in memory and on their way into files: whole, or the old one. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include "image_files.h"

/* ---- pictures in memory ---- */

static void test_rgba8(void **state) {
  (void)state;
  uint8_t source[256 * 3], rgba[256 * 4 + 1];
  image_data image;
  for (int i = 0; i < 256; i++) {
    source[3 * i] = (uint8_t)i;
    source[3 * i + 1] = (uint8_t)(255 - i);
    source[3 * i + 2] = 77;
  }
  assert_int_equal(image_write_ppm(place("ramp.ppm"), 128, 2, 3, source, message, sizeof message), IMAGE_OK);
  assert_int_equal(image_load(place("ramp.ppm"), &image, message, sizeof message), IMAGE_OK);
  rgba[1024] = 99;
  assert_int_equal(image_to_rgba8(&image, rgba), IMAGE_OK);
  assert_int_equal(rgba[1024], 99);
  for (int i = 0; i < 256; i++) {
    assert_true(memcmp(rgba + 4 * i, source + 3 * i, 3) == 0 && rgba[4 * i + 3] == 255);
  }
  image.pixels[0] = NAN;
  image.pixels[1] = -3.0f;
  image.pixels[2] = INFINITY;
  image.pixels[3] = 0.5f;
  image.pixels[4] = 0.499f;
  assert_int_equal(image_to_rgba8(&image, rgba), IMAGE_OK);
  assert_true(rgba[0] == 0 && rgba[4] == 0 && rgba[8] == 255 && rgba[12] == 128 && rgba[16] == 127);
  assert_int_equal(image_to_rgba8(&image, NULL), IMAGE_E_ARGUMENT);
  assert_int_equal(image_to_rgba8(NULL, rgba), IMAGE_E_ARGUMENT);
  image_free(&image);
  assert_int_equal(image_to_rgba8(&image, rgba), IMAGE_E_ARGUMENT);
  image_free(NULL);
}

static void expect_plane(const image_data *source, int32_t width, int32_t height, const float *expected) {
  image_data result;
  assert_int_equal(image_resize(source, width, height, &result, message, sizeof message), IMAGE_OK);
  assert_true(result.width == width && result.height == height && result.max_value == source->max_value);
  size_t count = (size_t)width * (size_t)height;
  for (size_t i = 0; i < count; i++) {
    assert_true(fabsf(result.pixels[i] - expected[i]) <= 1e-6f);
    assert_true(fabsf(result.pixels[count + i] - (1.0f - expected[i])) <= 1e-6f); /* planes stay apart */
    assert_true(fabsf(result.pixels[2 * count + i] - 0.25f) <= 1e-6f);
  }
  image_free(&result);
}

static void test_resize(void **state) {
  (void)state;
  float pixels[3 * 16];
  for (int i = 0; i < 16; i++) {
    pixels[i] = (float)i / 16.0f;
    pixels[16 + i] = 1.0f - pixels[i];
    pixels[32 + i] = 0.25f;
  }
  image_data source = {4, 4, 0, 15, pixels}, result;
  const float quarters[4] = {2.5f / 16, 4.5f / 16, 10.5f / 16, 12.5f / 16}, mean[1] = {7.5f / 16};
  const float columns[4] = {6.0f / 16, 7.0f / 16, 8.0f / 16, 9.0f / 16};
  expect_plane(&source, 2, 2, quarters);
  expect_plane(&source, 1, 1, mean);
  expect_plane(&source, 4, 1, columns);
  expect_plane(&source, 4, 4, pixels);
  assert_int_equal(image_resize(&source, 8, 4, &result, message, sizeof message), IMAGE_OK);
  const float first_row[8] = {0, 0.25f / 16, 0.75f / 16, 1.25f / 16, 1.75f / 16, 2.25f / 16, 2.75f / 16, 3.0f / 16};
  for (int i = 0; i < 8; i++) assert_true(fabsf(result.pixels[i] - first_row[i]) <= 1e-6f); /* bilinear, edges held */
  image_free(&result);
  float white[3 * 7 * 5];
  for (size_t i = 0; i < COUNT(white); i++) white[i] = 1.0f;
  image_data flat = {7, 5, IMAGE_GREY, 255, white};
  for (int32_t width = 1; width <= 24; width++) {
    for (int32_t height = 1; height <= 24; height++) {
      assert_int_equal(image_resize(&flat, width, height, &result, message, sizeof message), IMAGE_OK);
      for (int32_t i = 0; i < 3 * width * height; i++) {
        assert_true(result.pixels[i] <= 1.0f && result.pixels[i] >= 1.0f - 1e-6f);
      }
      image_free(&result);
    }
  }
  assert_int_equal(image_resize(&flat, 0, 3, &result, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_non_null(strstr(message, "0 x 3 pixels: both sides must be positive"));
  expect_zero(&result);
  assert_int_equal(image_resize(&flat, 20000, 3, &result, message, sizeof message), IMAGE_E_LIMIT);
  assert_int_equal(image_resize(&flat, 3, 3, &flat, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_int_equal(image_resize(NULL, 3, 3, &result, message, sizeof message), IMAGE_E_ARGUMENT);
}

/* ---- writing ---- */

static void test_write(void **state) {
  (void)state;
  static const uint8_t pixels[8] = {0, 255, 101, 128, 7, 8, 9, 0};
  uint8_t bytes[256];
  struct stat status;
  for (int32_t channels = 1; channels <= 4; channels++) {
    image_data image;
    assert_int_equal(image_write_png(place("out.png"), 8 / channels, 1, channels, pixels, message, sizeof message), 0);
    assert_int_equal(image_load(place("out.png"), &image, message, sizeof message), IMAGE_OK);
    assert_true(image.width == 8 / channels && image.height == 1);
    assert_int_equal((image.flags & IMAGE_GREY) != 0, channels < 3);
    assert_int_equal((image.flags & IMAGE_HAD_ALPHA) != 0, channels % 2 == 0);
    assert_true(image.pixels[0] == (channels == 4 ? (float)(127.0 / 255.0) : 0.0f));
    image_free(&image);
  }
  const mode_t before = umask(027);
  assert_int_equal(image_write_ppm(place("out.ppm"), 2, 1, 4, pixels, message, sizeof message), 0);
  (void)umask(before);
  assert_int_equal(stat(place("out.ppm"), &status), 0);
  assert_int_equal(status.st_mode & 0777, 0640);
  assert_int_equal(get("out.ppm", bytes, sizeof bytes), 17); /* 128/255 of 0, 255, 101; then all white */
  assert_memory_equal(bytes, "P6\n2 1\n255\n\177\377\262\377\377\377", 17);
  assert_int_equal(image_write_ppm(place("out.ppm"), 2, 1, 2, pixels, message, sizeof message), 0);
  assert_int_equal(get("out.ppm", bytes, sizeof bytes), 13);
  assert_memory_equal(bytes, "P5\n2 1\n255\n\0\262", 13);
  assert_int_equal(image_write_ppm(place("out.ppm"), 2, 2, 1, pixels, message, sizeof message), 0);
  assert_int_equal(get("out.ppm", bytes, sizeof bytes), 15);
  assert_memory_equal(bytes, "P5\n2 2\n255\n\0\377\145\200", 15);
  assert_int_equal(image_write_png(place("x"), 0, 1, 3, pixels, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_int_equal(image_write_png(place("x"), 1, 1, 5, pixels, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_non_null(strstr(message, "5 channels"));
  assert_int_equal(image_write_ppm(place("x"), 1, 1, 3, NULL, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_int_equal(image_write_ppm(place("x"), 16385, 1, 3, pixels, message, sizeof message), IMAGE_E_LIMIT);
  assert_int_equal(get("x", bytes, sizeof bytes), SIZE_MAX);
}

static void expect_unwritable(const char *path, const char *cause) {
  static const uint8_t pixel[3] = {1, 2, 3};
  int files = count_files();
  assert_int_equal(image_write_png(path, 1, 1, 3, pixel, message, sizeof message), IMAGE_E_WRITE);
  assert_non_null(strstr(message, cause));
  assert_int_equal(image_write_ppm(path, 1, 1, 3, pixel, message, sizeof message), IMAGE_E_WRITE);
  assert_non_null(strstr(message, cause));
  assert_null(strchr(message, '\n'));
  assert_int_equal(count_files(), files); /* no temporary is left */
}

static void test_unwritable(void **state) {
  (void)state;
  struct stat status;
  uint8_t bytes[8];
  expect_unwritable(folder, "it is a directory");
  expect_unwritable(place("no/such/out.png"), "No such file or directory");
  assert_non_null(strstr(message, "no/such/out.png: cannot write"));
  expect_unwritable("", "the path is empty");
  expect_unwritable(NULL, "the path is empty");
  assert_int_equal(mkfifo(place("pipe"), 0600), 0); /* not a device: a broken check would replace it for good */
  expect_unwritable(place("pipe"), "not a regular file");
  assert_true(stat(place("pipe"), &status) == 0 && S_ISFIFO(status.st_mode));
  char name[300];
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  expect_unwritable(place(name), "File name too long");
  assert_int_equal(symlink("nowhere", place("dangling")), 0);
  expect_unwritable(place("dangling"), "No such file or directory");
  put("fixed", "old", 3);
  assert_int_equal(chmod(place("fixed"), 0444), 0);
  if (geteuid() != 0) expect_unwritable(place("fixed"), "Permission denied");
  put("real.ppm", "old", 3);
  assert_int_equal(symlink("real.ppm", place("link.ppm")), 0); /* followed, not replaced */
  atomic_file *file = atomic_file_begin(place("link.ppm"), message, sizeof message);
  assert_int_equal(atomic_file_write(file, "new!", 4), 0);
  assert_int_equal(atomic_file_commit(file, message, sizeof message), 0);
  assert_true(lstat(place("link.ppm"), &status) == 0 && S_ISLNK(status.st_mode));
  assert_int_equal(get("real.ppm", bytes, sizeof bytes), 4);
}

/* A full disk, played by the limit on the size of files: nothing half written, the old file untouched. */
static void test_full_disk(void **state) {
  (void)state;
  static uint8_t noise[3 * 200 * 200], bytes[16];
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (uint8_t)(i * i >> 5 ^ i * 13);
  put("kept", "old", 3);
  int files = count_files(), results[4];
  char lines[4][FILE_MESSAGE_CAPACITY];
  struct rlimit old, low;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  low = old;
  low.rlim_cur = 8192;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0); /* until it is lifted nothing may fail: no asserts */
  results[0] = image_write_png(place("kept"), 200, 200, 3, noise, lines[0], sizeof lines[0]);
  results[1] = image_write_ppm(place("kept"), 200, 200, 3, noise, lines[1], sizeof lines[1]);
  results[2] = image_write_ppm(place("fresh"), 200, 200, 3, noise, lines[2], sizeof lines[2]);
  low.rlim_cur = 2; /* met only when the buffer is flushed */
  (void)setrlimit(RLIMIT_FSIZE, &low);
  results[3] = image_write_ppm(place("kept"), 1, 1, 3, noise, lines[3], sizeof lines[3]);
  (void)setrlimit(RLIMIT_FSIZE, &old);
  (void)signal(SIGXFSZ, handler);
  for (int i = 0; i < 4; i++) {
    assert_int_equal(results[i], IMAGE_E_WRITE);
    assert_non_null(
        strstr(lines[i], i == 2 ? "fresh: cannot write: File too large" : "kept: cannot write: File too large"));
  }
  assert_int_equal(count_files(), files);
  assert_int_equal(get("kept", bytes, sizeof bytes), 3);
  assert_memory_equal(bytes, "old", 3);
}

/* Two files that belong together: a disk that is full for either leaves both as they were. */
static void test_pair(void **state) {
  (void)state;
  static const uint8_t large[100000];
  uint8_t bytes[16];
  char line[FILE_MESSAGE_CAPACITY];
  atomic_file *first = atomic_file_begin(place("one"), line, sizeof line);
  atomic_file *second = atomic_file_begin(place("two"), line, sizeof line);
  assert_true(first != NULL && second != NULL);
  (void)atomic_file_write(first, "1", 1);
  (void)atomic_file_write(second, "22", 2);
  assert_int_equal(atomic_file_commit_pair(first, second, line, sizeof line), 0);
  assert_true(get("one", bytes, sizeof bytes) == 1 && get("two", bytes, sizeof bytes) == 2);

  int files = count_files();
  for (int full = 0; full < 2; full++) {
    struct rlimit old, low;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    first = atomic_file_begin(place("one"), line, sizeof line);
    second = atomic_file_begin(place("two"), line, sizeof line);
    assert_true(first != NULL && second != NULL);
    low = old;
    low.rlim_cur = 8192;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0); /* until it is lifted nothing may fail: no asserts */
    (void)atomic_file_write(first, large, full == 0 ? sizeof large : 10);
    (void)atomic_file_write(second, large, full == 1 ? sizeof large : 10);
    int result = atomic_file_commit_pair(first, second, line, sizeof line);
    (void)setrlimit(RLIMIT_FSIZE, &old);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(result, -1);
    assert_non_null(
        strstr(line, full == 0 ? "one: cannot write: File too large" : "two: cannot write: File too large"));
    assert_int_equal(count_files(), files);
    assert_true(get("one", bytes, sizeof bytes) == 1 && get("two", bytes, sizeof bytes) == 2);
  }
}

static void test_atomic_file(void **state) {
  (void)state;
  uint8_t bytes[64];
  put("data.csv", "old", 3);
  int files = count_files();
  atomic_file *file = atomic_file_begin(place("data.csv"), message, sizeof message);
  assert_non_null(file);
  assert_int_equal(atomic_file_printf(file, "%d,%.2f\n", 1234567, 2.5), 0);
  assert_int_equal(get("data.csv", bytes, sizeof bytes), 3); /* not touched before the commit */
  assert_int_equal(atomic_file_write(file, NULL, 0), 0);
  assert_int_equal(count_files(), files + 1);
  assert_int_equal(atomic_file_commit(file, message, sizeof message), 0);
  assert_string_equal(message, "");
  assert_int_equal(count_files(), files);
  assert_int_equal(get("data.csv", bytes, sizeof bytes), 13);
  assert_memory_equal(bytes, "1234567,2.50\n", 13);
  file = atomic_file_begin(place("data.csv"), message, sizeof message);
  assert_int_equal(atomic_file_write(file, "half", 4), 0);
  atomic_file_abort(file);
  assert_int_equal(count_files(), files);
  file = atomic_file_begin(place("data.csv"), message, sizeof message);
  assert_int_equal(atomic_file_write(file, NULL, 1), -1); /* the first failure sticks */
  assert_int_equal(atomic_file_write(file, "more", 4), -1);
  assert_int_equal(atomic_file_printf(file, "more"), -1);
  assert_int_equal(atomic_file_commit(file, message, sizeof message), -1);
  assert_non_null(strstr(message, "data.csv: cannot write: Invalid argument"));
  assert_int_equal(get("data.csv", bytes, sizeof bytes), 13);
  assert_int_equal(count_files(), files);
  atomic_file_abort(NULL);
  (void)snprintf(message, sizeof message, "line of begin");
  assert_int_equal(atomic_file_write(NULL, "x", 1), -1);
  assert_int_equal(atomic_file_printf(NULL, "x"), -1);
  assert_int_equal(atomic_file_commit(NULL, message, sizeof message), -1);
  assert_string_equal(message, "line of begin");
  file = atomic_file_begin(place("gone"), message, sizeof message);
  assert_int_equal(mkdir(place("gone"), 0700), 0); /* in the way of the rename */
  assert_int_equal(atomic_file_commit(file, message, sizeof message), -1);
  assert_non_null(strstr(message, "gone: cannot replace: "));
  assert_int_equal(rmdir(place("gone")), 0);
  assert_int_equal(count_files(), files);
}

/* Under a locale with a decimal comma, which the test makes for itself where the system has the sources. */
static void test_locale(void **state) {
  (void)state;
  char command[256], text[16];
  uint8_t bytes[16];
  image_data image;
  (void)snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/comma.UTF-8 2>/dev/null", folder);
  int made = system(command);
  assert_int_equal(setenv("LOCPATH", folder, 1), 0);
  const char *found = made == 0 ? setlocale(LC_ALL, "comma.UTF-8") : NULL;
  if (found == NULL) {
    print_message("no locale with a decimal comma can be made here\n");
    skip();
  }
  (void)snprintf(text, sizeof text, "%.1f", 2.5);
  atomic_file *file = atomic_file_begin(place("number"), message, sizeof message);
  int printed = atomic_file_printf(file, "%.1f %d", 2.5, 10000), committed = atomic_file_commit(file, NULL, 0);
  put("grey", "P2 1 1 2 1", 10);
  int loaded = image_load(place("grey"), &image, message, sizeof message);
  (void)setlocale(LC_ALL, "C");
  assert_string_equal(text, "2,5"); /* the locale is what it should be */
  assert_true(printed == 0 && committed == 0 && loaded == IMAGE_OK);
  assert_int_equal(get("number", bytes, sizeof bytes), 9);
  assert_memory_equal(bytes, "2.5 10000", 9);
  assert_true(image.pixels[0] == 0.5f);
  image_free(&image);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rgba8),       cmocka_unit_test(test_resize),    cmocka_unit_test(test_write),
      cmocka_unit_test(test_unwritable),  cmocka_unit_test(test_full_disk), cmocka_unit_test(test_pair),
      cmocka_unit_test(test_atomic_file), cmocka_unit_test(test_locale),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
