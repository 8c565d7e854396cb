/* image_files.h - fixtures for tests of picture files: a folder that is removed at the end, PNG made by hand, and what
 * a good or bad file is expected to give. */
#ifndef ATTRIB_TESTS_IMAGE_FILES_H
#define ATTRIB_TESTS_IMAGE_FILES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_io.h"
#include "png_write.h"

#define SIZED(literal) (const uint8_t *)(literal), sizeof(literal) - 1
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[64];
static char message[FILE_MESSAGE_CAPACITY];

/* ---- fixtures ---- */

typedef struct blob {
  uint8_t bytes[8192];
  size_t size;
} blob;

static inline void add(blob *to, const void *bytes, size_t size) {
  assert_true(to->size + size <= sizeof to->bytes);
  if (size > 0) memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
}

static inline void add_u32(blob *to, uint32_t value) {
  const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
  add(to, bytes, 4);
}

static inline void append_blob(void *to, const void *bytes, size_t size) {
  add(to, bytes, size);
}

static const char *place(const char *name) {
  static char path[400];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static inline void put(const char *name, const void *bytes, size_t size) {
  FILE *file = fopen(place(name), "wb");
  assert_non_null(file);
  assert_true(size == 0 || fwrite(bytes, 1, size, file) == size);
  assert_int_equal(fclose(file), 0);
}

static inline size_t get(const char *name, uint8_t *bytes, size_t capacity) {
  FILE *file = fopen(place(name), "rb");
  if (file == NULL) return SIZE_MAX;
  size_t size = fread(bytes, 1, capacity, file);
  (void)fclose(file);
  return size;
}

static inline int count_files(void) {
  int count = 0;
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += strcmp(entry->d_name, ".") != 0;
  (void)closedir(directory);
  return count - 1; /* without ".." */
}

/* One bit at a time, from the definition: not the table of the reader. */
static inline void add_chunk(blob *png, const char *type, const void *data, size_t size) {
  add_u32(png, (uint32_t)size);
  size_t from = png->size;
  add(png, type, 4);
  add(png, data, size);
  uint32_t value = 0xffffffff;
  for (size_t i = from; i < png->size; i++) {
    value ^= png->bytes[i];
    for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320 : value >> 1;
  }
  add_u32(png, ~value);
}

static inline void begin_png(blob *png, uint32_t width, uint32_t height, int depth, int colour) {
  blob header = {{0}, 0};
  const uint8_t rest[5] = {(uint8_t)depth, (uint8_t)colour, 0, 0, 0};
  png->size = 0;
  add(png, "\x89PNG\r\n\x1a\n", 8);
  add_u32(&header, width);
  add_u32(&header, height);
  add(&header, rest, 5);
  add_chunk(png, "IHDR", header.bytes, header.size);
}

/* Rows with their filter bytes, stored uncompressed; the Adler sum at the end is left zero, as stb reads
 * none. */
static inline void end_png(blob *png, const void *rows, size_t size) {
  blob data = {{0}, 0};
  const uint8_t start[7] = {0x78, 0x01, 1, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)~size, (uint8_t)(~size >> 8)};
  add(&data, start, 7);
  add(&data, rows, size);
  add_u32(&data, 0);
  add_chunk(png, "IDAT", data.bytes, data.size);
  add_chunk(png, "IEND", NULL, 0);
}

static inline void add_segment(blob *jpeg, uint8_t marker, const void *data, size_t size) {
  const uint8_t head[4] = {0xff, marker, (uint8_t)((size + 2) >> 8), (uint8_t)(size + 2)};
  add(jpeg, head, 4);
  add(jpeg, data, size);
}

/* ---- expectations ---- */

static inline void expect_zero(const image_data *image) {
  assert_null(image->pixels);
  assert_true(image->width == 0 && image->height == 0 && image->flags == 0 && image->max_value == 0);
}

/* Loads name, which must fail with code and one line that begins with the path and names the cause. */
static inline void expect_failure(const char *name, int code, const char *cause) {
  image_data image;
  memset(&image, 0x5a, sizeof image);
  int result = image_load(place(name), &image, message, sizeof message);
  const char *path = place(name);
  if (result != code || strstr(message, cause) == NULL)
    print_error("%d: %s, expected %d: %s\n", result, message, code, cause);
  assert_int_equal(result, code);
  assert_non_null(strstr(message, cause));
  assert_int_equal(strncmp(message, path, strlen(path)), 0);
  assert_null(strchr(message, '\n'));
  expect_zero(&image);
  assert_int_equal(image_load(path, &image, NULL, 0), code); /* and without anywhere to say it */
}

static inline void expect_failure_of(const void *bytes, size_t size, int code, const char *cause) {
  put("bad", bytes, size);
  expect_failure("bad", code, cause);
}

/* Loads bytes, which must give these pixels: interleaved RGB, each value over max_value. */
static inline void expect_pixels(const void *bytes, size_t size, int width, int height, uint32_t max_value,
                                 uint32_t flags, const double *rgb) {
  image_data image;
  put("good", bytes, size);
  int result = image_load(place("good"), &image, message, sizeof message);
  if (result != IMAGE_OK) print_error("%s\n", message);
  assert_int_equal(result, IMAGE_OK);
  assert_true(image.width == width && image.height == height);
  assert_int_equal(image.max_value, max_value);
  assert_int_equal(image.flags, flags);
  if ((flags & IMAGE_BLENDED) != 0) assert_non_null(strstr(message, "composited over white"));
  if ((flags & IMAGE_BLENDED) == 0) assert_string_equal(message, "");
  size_t count = (size_t)width * (size_t)height;
  for (size_t i = 0; i < count; i++) {
    for (size_t c = 0; c < 3; c++) {
      float expected = (float)(rgb[3 * i + c] / max_value);
      if (image.pixels[c * count + i] != expected)
        print_error("pixel %zu channel %zu: %.9g, not %.9g\n", i, c, (double)image.pixels[c * count + i],
                    (double)expected);
      assert_true(image.pixels[c * count + i] == expected);
    }
  }
  image_free(&image);
  expect_zero(&image);
}

static inline int make_folder(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/image_io.XXXXXX", base != NULL && strlen(base) <= 40 ? base : "/tmp");
  return mkdtemp(folder) != NULL ? 0 : -1;
}

/* Removes path and, one level down, what a locale is made of. No test makes deeper folders. */
static inline void remove_tree(const char *path, int depth) {
  if (unlink(path) == 0 || rmdir(path) == 0 || depth == 0) return;
  DIR *directory = opendir(path);
  if (directory == NULL) return;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    char inner[512];
    int used = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    int itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (!itself && used > 0 && (size_t)used < sizeof inner) remove_tree(inner, depth - 1);
  }
  (void)closedir(directory);
  (void)rmdir(path);
}

static inline int remove_folder(void **state) {
  struct stat status;
  (void)state;
  remove_tree(folder, 3);
  return stat(folder, &status) != 0 && errno == ENOENT ? 0 : -1;
}

#endif
