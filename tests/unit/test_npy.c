/* Arrays for numpy, to the byte; and digests, against known answers (FIPS 180-4's examples). */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include "image_files.h"

#include "digest.h"
#include "npy.h"

static size_t read_back(const char *name, uint8_t *bytes, size_t capacity) {
  FILE *file = fopen(place(name), "rb");
  assert_non_null(file);
  const size_t size = fread(bytes, 1, capacity, file);
  assert_int_equal(fclose(file), 0);
  return size;
}

static void write_one(const int64_t *shape, const double *values) {
  atomic_file *file = npy_begin(place("a.npy"), shape, values, message);
  assert_non_null(file);
  assert_int_equal(atomic_file_commit(file, message, sizeof message), 0);
}

static void test_bytes(void **state) {
  (void)state;
  static const char head[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3), }";
  const int64_t shape[3] = {1, 2, 3};
  const double values[6] = {0, 1, -2.5, 0x1.23456789abcdep-3, NAN, -0.0};
  static const uint8_t one[8] = {0, 0, 0, 0, 0, 0, 0xf0, 0x3f},
                       odd[8] = {0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0xc2, 0x3f};
  uint8_t bytes[512];
  assert_int_equal(npy_count(shape), 6);
  write_one(shape, values);
  assert_int_equal(read_back("a.npy", bytes, sizeof bytes), 128 + 6 * 8);
  assert_memory_equal(bytes, "\x93NUMPY\x01\x00\x76\x00", 10); /* 118 bytes follow */
  assert_memory_equal(bytes + 10, head, sizeof head - 1);
  for (size_t i = 10 + sizeof head - 1; i < 127; i++) assert_int_equal(bytes[i], ' ');
  assert_int_equal(bytes[127], '\n');
  assert_memory_equal(bytes + 128 + 8, one, 8);
  assert_memory_equal(bytes + 128 + 24, odd, 8);
  assert_int_equal(bytes[128 + 47], 0x80); /* the sign of zero */
}

/* Wherever the shape's digits end, the data begins at a multiple of 64, and the head ends in a line end. */
static void test_alignment(void **state) {
  (void)state;
  double *values = calloc(1000000, sizeof *values);
  assert_non_null(values);
  for (int64_t n = 1; n <= 1000000; n *= 10) {
    const int64_t shape[3] = {1, 1, n};
    uint8_t bytes[512];
    write_one(shape, values);
    assert_true(read_back("a.npy", bytes, sizeof bytes) > 128);
    const size_t data = 10 + bytes[8] + 256U * bytes[9];
    assert_int_equal(data % 64, 0);
    assert_int_equal(bytes[data - 1], '\n');
  }
  free(values);
}

static void test_refused(void **state) {
  (void)state;
  const int64_t shape[3] = {1, 1, 1};
  const double value = 1;
  assert_null(npy_begin(place("none/a.npy"), shape, &value, message));
  assert_non_null(strstr(message, "none/a.npy: cannot write: No such file"));
}

static void test_digest(void **state) {
  (void)state;
  static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  static const char million[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  char text[DIGEST_TEXT], of_file[DIGEST_TEXT];
  put("abc", "abc", 3);
  assert_int_equal(digest_file(place("abc"), text, message), 0);
  assert_string_equal(text, abc);
  put("empty", "", 0);
  assert_int_equal(digest_file(place("empty"), text, message), 0);
  assert_string_equal(text, empty);
  digest_values(NULL, 0, text);
  assert_string_equal(text, empty);
  char *as = malloc(1000000);
  assert_non_null(as);
  memset(as, 'a', 1000000);
  put("million", as, 1000000);
  free(as);
  assert_int_equal(digest_file(place("million"), text, message), 0);
  assert_string_equal(text, million);
  digest_bytes("abc", 3, text); /* what has been read */
  assert_string_equal(text, abc);
  assert_int_equal(mkfifo(place("pipe"), 0600), 0); /* nobody writes to it: nobody is waited for */
  assert_int_equal(digest_file(place("pipe"), text, message), -1);
  assert_non_null(strstr(message, "pipe: cannot be opened: it is no regular file"));
  /* of numbers: of what stands behind the head of an array */
  const int64_t shape[3] = {1, 1, 3};
  const double values[3] = {1.5, -0.0, 1e300};
  uint8_t bytes[512];
  write_one(shape, values);
  const size_t size = read_back("a.npy", bytes, sizeof bytes);
  put("body", bytes + size - 24, 24);
  digest_values(values, 3, text);
  assert_int_equal(digest_file(place("body"), of_file, message), 0);
  assert_string_equal(text, of_file);
  const double other[3] = {1.5, 0.0, 1e300}; /* another zero */
  digest_values(other, 3, of_file);
  assert_string_not_equal(text, of_file);
  assert_int_equal(digest_file(place("none"), text, message), -1);
  assert_non_null(strstr(message, "none: cannot be opened: No such file"));
  assert_int_equal(digest_file(folder, text, message), -1);
  assert_non_null(strstr(message, "cannot be read: Is a directory"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_bytes), cmocka_unit_test(test_alignment),
                                     cmocka_unit_test(test_refused), cmocka_unit_test(test_digest)};
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
