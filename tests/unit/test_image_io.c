/* Image files of the examples: every format with exact pixels, every bad input with its line, and a writer
 * that leaves either the whole file or the old one. All fixtures are made here, in a folder that is removed
 * at the end. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
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

#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#define SIZED(literal) (const uint8_t *)(literal), sizeof(literal) - 1
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[64];
static char message[FILE_MESSAGE_CAPACITY];

/* ---- fixtures ---- */

typedef struct blob {
  uint8_t bytes[8192];
  size_t size;
} blob;

static void add(blob *to, const void *bytes, size_t size) {
  assert_true(to->size + size <= sizeof to->bytes);
  if (size > 0) memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
}

static void add_u32(blob *to, uint32_t value) {
  const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
  add(to, bytes, 4);
}

static void append_blob(void *to, void *bytes, int size) {
  add(to, bytes, (size_t)size);
}

static const char *place(const char *name) {
  static char path[400];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void put(const char *name, const void *bytes, size_t size) {
  FILE *file = fopen(place(name), "wb");
  assert_non_null(file);
  assert_true(size == 0 || fwrite(bytes, 1, size, file) == size);
  assert_int_equal(fclose(file), 0);
}

static size_t get(const char *name, uint8_t *bytes, size_t capacity) {
  FILE *file = fopen(place(name), "rb");
  if (file == NULL) return SIZE_MAX;
  size_t size = fread(bytes, 1, capacity, file);
  (void)fclose(file);
  return size;
}

static int count_files(void) {
  int count = 0;
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += strcmp(entry->d_name, ".") != 0;
  (void)closedir(directory);
  return count - 1; /* without ".." */
}

/* One bit at a time, from the definition: not the table of the reader. */
static void add_chunk(blob *png, const char *type, const void *data, size_t size) {
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

static void begin_png(blob *png, uint32_t width, uint32_t height, int depth, int colour) {
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
static void end_png(blob *png, const void *rows, size_t size) {
  blob data = {{0}, 0};
  const uint8_t start[7] = {0x78, 0x01, 1, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)~size, (uint8_t)(~size >> 8)};
  add(&data, start, 7);
  add(&data, rows, size);
  add_u32(&data, 0);
  add_chunk(png, "IDAT", data.bytes, data.size);
  add_chunk(png, "IEND", NULL, 0);
}

static void add_segment(blob *jpeg, uint8_t marker, const void *data, size_t size) {
  const uint8_t head[4] = {0xff, marker, (uint8_t)((size + 2) >> 8), (uint8_t)(size + 2)};
  add(jpeg, head, 4);
  add(jpeg, data, size);
}

/* ---- a small JPEG writer: stb's own shifts signed numbers out of range, which stops a run under UBSan ----
 */

/* Huffman tables: DC "00", "01", "10" for categories 0, 5, 6; AC "00" for the end of block, "01" for
 * category 6. */
static const uint8_t dc_table[20] = {0x00, 0, 3, [18] = 5, [19] = 6}, ac_table[19] = {0x10, 0, 2, [18] = 6};

typedef struct bit_writer {
  blob *to;
  unsigned held, count;
} bit_writer;

static void put_bits(bit_writer *writer, unsigned value, unsigned count) {
  for (unsigned i = count; i-- > 0;) {
    writer->held = writer->held << 1 | (value >> i & 1);
    if (++writer->count < 8) continue;
    const uint8_t byte[2] = {(uint8_t)writer->held, 0};
    add(writer->to, byte, byte[0] == 0xff ? 2 : 1); /* 0xff is followed by a zero in coded data */
    writer->held = writer->count = 0;
  }
}

/* The code, then the value in the bits of its category: 0, 5 for 16..31, 6 for 32..63, with either sign. */
static void put_coefficient(bit_writer *writer, int value, unsigned code) {
  unsigned category = value == 0 ? 0 : abs(value) >= 32 ? 6 : 5;
  assert_true(value == 0 || (abs(value) >= 16 && abs(value) < 64));
  put_bits(writer, code, 2);
  put_bits(writer, (unsigned)(value < 0 ? value + (1 << category) - 1 : value), category);
}

static void put_dc(bit_writer *writer, int difference) {
  put_coefficient(writer, difference, difference == 0 ? 0 : abs(difference) >= 32 ? 2 : 1);
}

static void begin_jpeg(blob *jpeg, uint8_t process, uint8_t width, uint8_t components) {
  uint8_t quantiser[65] = {0}, frame[15] = {8, 0, 8, 0, width, components}, scan[10] = {components};
  memset(quantiser + 1, 8, 64);
  for (uint8_t c = 0; c < components; c++) {
    frame[6 + 3 * c] = scan[1 + 2 * c] = (uint8_t)(c + 1);
    frame[7 + 3 * c] = 0x11;
  }
  scan[2 + 2 * components] = process == 0xc2 ? 0 : 63; /* last coefficient: progressive scans do DC alone */
  jpeg->size = 0;
  add(jpeg, "\xff\xd8", 2);
  add_segment(jpeg, 0xdb, quantiser, sizeof quantiser);
  add_segment(jpeg, process, frame, 6 + 3u * components);
  add_segment(jpeg, 0xc4, dc_table, sizeof dc_table);
  if (process == 0xc0) add_segment(jpeg, 0xc4, ac_table, sizeof ac_table);
  add_segment(jpeg, 0xda, scan, 4 + 2u * components);
}

static void end_jpeg(bit_writer *writer) {
  put_bits(writer, 0x7f, (8 - writer->count) % 8);
  add(writer->to, "\xff\xd9", 2);
}

/* 8 x 8 grey with nothing but a DC coefficient, 40 steps of 8 / 8 over 128: every pixel is 168. */
static void make_flat_jpeg(blob *jpeg, uint8_t process) {
  bit_writer writer = {jpeg, 0, 0};
  begin_jpeg(jpeg, process, 8, 1);
  put_dc(&writer, 40);
  if (process == 0xc0) put_bits(&writer, 0, 2);
  end_jpeg(&writer);
}

/* 16 x 8 in colour: two blocks a component, luma with one horizontal wave, chroma flat. */
static void make_colour_jpeg(blob *jpeg, int dc[2][3], const int wave[2]) {
  bit_writer writer = {jpeg, 0, 0};
  begin_jpeg(jpeg, 0xc0, 16, 3);
  for (int block = 0; block < 2; block++) {
    for (int c = 0; c < 3; c++) {
      put_dc(&writer, dc[block][c] - (block > 0 ? dc[0][c] : 0));
      if (c == 0) put_coefficient(&writer, wave[block], 1);
      put_bits(&writer, 0, 2);
    }
  }
  end_jpeg(&writer);
}

/* ---- expectations ---- */

static void expect_zero(const image_data *image) {
  assert_null(image->pixels);
  assert_true(image->width == 0 && image->height == 0 && image->flags == 0 && image->max_value == 0);
}

/* Loads name, which must fail with code and one line that begins with the path and names the cause. */
static void expect_failure(const char *name, int code, const char *cause) {
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

static void expect_failure_of(const void *bytes, size_t size, int code, const char *cause) {
  put("bad", bytes, size);
  expect_failure("bad", code, cause);
}

/* Loads bytes, which must give these pixels: interleaved RGB, each value over max_value. */
static void expect_pixels(const void *bytes, size_t size, int width, int height, uint32_t max_value, uint32_t flags,
                          const double *rgb) {
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

/* ---- PNM ---- */

static void test_pnm_formats(void **state) {
  (void)state;
  static const double one[] = {1, 2, 3, 4, 5, 6}, grey[] = {7, 7, 7, 200, 200, 200}, bits[] = {0, 0, 0, 1, 1, 1},
                      wide[] = {258, 258, 258, 65535, 65535, 65535}, odd[] = {35, 97, 98}, newline[] = {10, 32, 9},
                      hundred[] = {0, 50, 100}, deep[] = {256, 0, 300};
  static const char blanks[] = "P3\t2\v1\f255\r\n1 2 3\n\n4\t5\r6";
  static const char comments[] = "P3#a\n#b\r 2 #width\n#\n1# 99\n255#x\n1 2 3 #c\n4 5 6#end";
  expect_pixels(SIZED("P3\n2 1\n255\n1 2 3 4 5 6\n"), 2, 1, 255, 0, one);
  expect_pixels(SIZED("P3\n1 2\n9\n1 2 3 4 5 6"), 1, 2, 9, 0, one);
  expect_pixels(SIZED(blanks), 2, 1, 255, 0, one);
  expect_pixels(SIZED(comments), 2, 1, 255, 0, one);
  expect_pixels(SIZED("P6 002 1 255\n\1\2\3\4\5\6"), 2, 1, 255, 0, one);
  expect_pixels(SIZED("P6\n#c\n2 1 255#c\n\1\2\3\4\5\6"), 2, 1, 255, 0, one); /* a comment is its line end */
  expect_pixels(SIZED("P6 2 1 6 \1\2\3\4\5\6P6 garbage"), 2, 1, 6, 0, one);   /* and what follows is left */
  expect_pixels(SIZED("P6 1 1 255 #ab"), 1, 1, 255, 0, odd);                  /* one blank: '#' is a sample */
  expect_pixels(SIZED("P6 1 1 255\n\n \t"), 1, 1, 255, 0, newline);
  expect_pixels(SIZED("P6 1 1 100\n\0\62\144"), 1, 1, 100, 0, hundred);
  expect_pixels(SIZED("P6 1 1 300\n\1\0\0\0\1\54"), 1, 1, 300, 0, deep);
  expect_pixels(SIZED("P2 2 1 255 7 200 "), 2, 1, 255, IMAGE_GREY, grey);
  expect_pixels(SIZED("P5 2 1 255 \7\310"), 2, 1, 255, IMAGE_GREY, grey);
  expect_pixels(SIZED("P5 2 1 65535 \1\2\377\377"), 2, 1, 65535, IMAGE_GREY, wide);
  expect_pixels(SIZED("P2 2 1 65535 258 65535"), 2, 1, 65535, IMAGE_GREY, wide);
  expect_pixels(SIZED("P2 2 1 1 0 1"), 2, 1, 1, IMAGE_GREY, bits);
}

static void test_pnm_bad(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int code;
    const char *cause;
  } cases[] = {
      {"P6 20000 20000 255\n", IMAGE_E_LIMIT, "20000 x 20000 pixels is over the limit of 16384 a side"},
      {"P6 16384 4097 255\n", IMAGE_E_LIMIT, "16384 x 4097 = 67125248 pixels is over the limit of 67108864"},
      {"P6 16385 1 255\n", IMAGE_E_LIMIT, "16385 x 1 pixels is over the limit"},
      {"P6 99999999999999999999999 1 255\n", IMAGE_E_LIMIT, "the width is out of range: 99999999999999999999..."},
      {"P6 4294967297 1 255\nabc", IMAGE_E_LIMIT, "the width is out of range: 4294967297"},
      {"P6 65537 65537 255\n", IMAGE_E_LIMIT, "65537 x 65537"},
      {"P6 0 4 255\n", IMAGE_E_FORMAT, "width or height is zero: 0 x 4"},
      {"P6 4 0 255\n", IMAGE_E_FORMAT, "width or height is zero: 4 x 0"},
      {"P6 -1 4 255\n", IMAGE_E_FORMAT, "byte 0x2d at offset 3 where the width was expected"},
      {"P6 1 +4 255\n", IMAGE_E_FORMAT, "byte 0x2b at offset 5 where the height was expected"},
      {"P6 1 4.5 255\n", IMAGE_E_FORMAT, "byte 0x2e at offset 6 where a blank after a number"},
      {"P6 1 1 0\nabc", IMAGE_E_FORMAT, "maxval 0 is not in 1..65535"},
      {"P6 1 1 65536\nabcdef", IMAGE_E_FORMAT, "maxval 65536 is not in 1..65535"},
      {"P6 1 1 255", IMAGE_E_TRUNCATED, "needs 3 bytes, found 0"},
      {"P6 1 1 255\nab", IMAGE_E_TRUNCATED, "needs 3 bytes, found 2"},
      {"P6 1 1 256\nabcde", IMAGE_E_TRUNCATED, "needs 6 bytes, found 5"},
      {"P6 1 1 # unfinished", IMAGE_E_TRUNCATED, "the file ends before the maxval"},
      {"P6 1 1 97 \x61\x62\x61", IMAGE_E_FORMAT, "sample 98 at column 0 of row 0 is over maxval 97"},
      {"P5 1 2 300\n\1\1\377\377", IMAGE_E_FORMAT, "sample 65535 at column 0 of row 1 is over maxval 300"},
      {"P3 2 1 9\n1 2 3 4 10 6\n", IMAGE_E_FORMAT, "sample 10 at column 1 of row 0 is over maxval 9"},
      {"P3 1 1 9\n1 2 99999999999\n", IMAGE_E_LIMIT, "the next sample is out of range: 99999999999"},
      {"P3 1 1 9\n1 -2 3\n", IMAGE_E_FORMAT, "byte 0x2d at offset 11 where the next sample was expected"},
      {"P3 1 1 9\n1 2a 3\n", IMAGE_E_FORMAT, "byte 0x61 at offset 12 where a blank after a number"},
      {"P3 1 1 9\n1 2 3 4\n", IMAGE_E_FORMAT, "byte 0x34 at offset 15 where the end of the file was expected"},
      {"P3 1 1 9\n1 2      ", IMAGE_E_TRUNCATED, "the file ends before the next sample"},
      {"P3 1 1 9\n1 2", IMAGE_E_TRUNCATED, "needs at least 5 bytes, found 3"},
      {"P3x1 1 9\n1 2 3", IMAGE_E_FORMAT, "where a blank after the PNM kind was expected"},
      {"P1 1 1 1", IMAGE_E_FORMAT, "PNM kind P1 is not supported"},
      {"P7\nWIDTH 1\n", IMAGE_E_FORMAT, "PNM kind P7 is not supported"},
      {"GIF89a....", IMAGE_E_FORMAT, "is a GIF"},
      {"RIFF....WEBPVP8 ", IMAGE_E_FORMAT, "is a WebP"},
      {"hello", IMAGE_E_FORMAT, "expected PPM, PGM, PNG or JPEG, the file begins with 68 65 6c 6c"},
      {"P", IMAGE_E_FORMAT, "the file begins with 50"},
      {"", IMAGE_E_READ, "the file is empty"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    expect_failure_of(cases[i].text, strlen(cases[i].text), cases[i].code, cases[i].cause);
  }
}

/* Every prefix, in a block of its exact size, fails with a line or gives the whole picture. */
static void check_prefixes(const char *text, size_t size, size_t complete) {
  static const float expected[6] = {0.1f, 0.4f, 0.2f, 0.5f, 0.3f, 0.7f}; /* planes */
  for (size_t length = 0; length <= size; length++) {
    const file_report report = {"prefix", message, sizeof message};
    uint8_t *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    image_data image;
    int result = image_decode(exact, length, &report, &image);
    free(exact);
    assert_int_equal(result == IMAGE_OK, length >= complete);
    if (result == IMAGE_OK) {
      assert_true(image.width == 2 && image.height == 1);
      assert_memory_equal(image.pixels, expected, sizeof expected);
    } else {
      assert_true(strncmp(message, "prefix: ", 8) == 0 && strlen(message) > 12);
      expect_zero(&image);
    }
    image_free(&image);
  }
}

static void test_pnm_prefixes(void **state) {
  (void)state;
  static const char plain[] = "P3 # p\n2 1\n10\n1 2 3\n4 5 7 \n\n", raw[] = "P6 # p\n2 1\n10\n\1\2\3\4\5\7\n\n";
  check_prefixes(plain, sizeof plain - 1, sizeof plain - 4);
  check_prefixes(raw, sizeof raw - 1, sizeof raw - 3);
}

/* ---- PNG ---- */

static void test_png_formats(void **state) {
  (void)state;
  static blob png;
  static const double mono[] = {255, 255, 255, 0, 0, 0, 255, 255, 255},
                      quarter[] = {0, 0, 0, 85, 85, 85, 170, 170, 170}, nibble[] = {17, 17, 17, 238, 238, 238, 0, 0, 0},
                      deep[] = {258, 258, 258, 65535, 65535, 65535}, deep_rgb[] = {1, 256, 65535};
  begin_png(&png, 3, 1, 1, 0);
  end_png(&png, "\0\xa0", 2);
  expect_pixels(png.bytes, png.size, 3, 1, 255, IMAGE_GREY, mono);
  begin_png(&png, 3, 1, 2, 0);
  end_png(&png, "\0\x18", 2);
  expect_pixels(png.bytes, png.size, 3, 1, 255, IMAGE_GREY, quarter);
  begin_png(&png, 3, 1, 4, 0);
  end_png(&png, "\0\x1e\0", 3);
  expect_pixels(png.bytes, png.size, 3, 1, 255, IMAGE_GREY, nibble);
  begin_png(&png, 2, 1, 16, 0);
  end_png(&png, "\0\1\2\377\377", 5);
  expect_pixels(png.bytes, png.size, 2, 1, 65535, IMAGE_GREY, deep);
  begin_png(&png, 1, 1, 16, 2);
  end_png(&png, "\0\0\1\1\0\377\377", 7);
  expect_pixels(png.bytes, png.size, 1, 1, 65535, 0, deep_rgb);
  /* 16 bits with alpha: (1 - a) + a v, of which the test knows the value in units of 1/65535 */
  const double a = 32768.0 / 65535.0, half = 65535.0 * ((1.0 - a) + a * (257.0 / 65535.0)),
               blended[] = {half, half, half};
  begin_png(&png, 1, 1, 16, 4);
  end_png(&png, "\0\1\1\200\0", 5);
  expect_pixels(png.bytes, png.size, 1, 1, 65535, IMAGE_GREY | IMAGE_HAD_ALPHA | IMAGE_BLENDED, blended);
}

static void test_png_by_stb(void **state) {
  (void)state;
  static const uint8_t pixels[8] = {10, 255, 30, 255, 50, 0, 70, 51};
  const double a = 51.0 / 255.0, mixed = 255.0 * ((1.0 - a) + a * (70.0 / 255.0));
  const double grey[] = {10, 10, 10, 255, 255, 255}, grey_alpha[] = {10, 10, 10, 30, 30, 30},
               rgb[] = {10, 255, 30, 255, 50, 0}, grey_clear[] = {255, 255, 255, mixed, mixed, mixed},
               rgba[] = {10, 255, 30};
  const double faint[] = {255 * ((1.0 - a) + a * (50 / 255.0)), 255 * (1.0 - a), mixed};
  static blob png;
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 2, 1, 1, pixels, 2));
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY, grey);
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 2, 1, 2, pixels, 4));
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY | IMAGE_HAD_ALPHA, grey_alpha);
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 2, 1, 2, pixels + 4, 4));
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY | IMAGE_HAD_ALPHA | IMAGE_BLENDED, grey_clear);
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 2, 1, 3, pixels, 6));
  expect_pixels(png.bytes, png.size, 2, 1, 255, 0, rgb);
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 1, 1, 4, pixels, 4));
  expect_pixels(png.bytes, png.size, 1, 1, 255, IMAGE_HAD_ALPHA, rgba);
  const uint8_t last[4] = {50, 0, 70, 51};
  png.size = 0;
  assert_true(stbi_write_png_to_func(append_blob, &png, 1, 1, 4, last, 4));
  expect_pixels(png.bytes, png.size, 1, 1, 255, IMAGE_HAD_ALPHA | IMAGE_BLENDED, faint);
}

static void make_palette_png(blob *png, int depth, const void *rows, size_t size, const char *alpha, size_t alphas) {
  begin_png(png, 3, 1, depth, 3);
  add_chunk(png, "PLTE", "\1\2\3\12\24\36\144\310\372", 9);
  if (alphas > 0) add_chunk(png, "tRNS", alpha, alphas);
  end_png(png, rows, size);
}

static void test_png_palettes(void **state) {
  (void)state;
  static blob png;
  static const double all[] = {100, 200, 250, 10, 20, 30, 1, 2, 3},
                      clear[] = {100, 200, 250, 10, 20, 30, 255, 255, 255}, two[] = {10, 20, 30, 1, 2, 3, 10, 20, 30},
                      key[] = {255, 255, 255, 9, 8, 7};
  make_palette_png(&png, 8, "\0\2\1\0", 4, NULL, 0);
  expect_pixels(png.bytes, png.size, 3, 1, 255, 0, all);
  make_palette_png(&png, 4, "\0\x21\x00", 3, NULL, 0);
  expect_pixels(png.bytes, png.size, 3, 1, 255, 0, all);
  make_palette_png(&png, 2, "\0\x90", 2, NULL, 0);
  expect_pixels(png.bytes, png.size, 3, 1, 255, 0, all);
  make_palette_png(&png, 1, "\0\xa0", 2, NULL, 0);
  expect_pixels(png.bytes, png.size, 3, 1, 255, 0, two);
  make_palette_png(&png, 8, "\0\2\1\0", 4, "\0", 1);
  expect_pixels(png.bytes, png.size, 3, 1, 255, IMAGE_HAD_ALPHA | IMAGE_BLENDED, clear);
  make_palette_png(&png, 8, "\0\2\1\0", 4, "\377", 1);
  expect_pixels(png.bytes, png.size, 3, 1, 255, IMAGE_HAD_ALPHA, all);
  make_palette_png(&png, 8, "\0\2\3\0", 4, NULL, 0);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "colour 3 at column 1 of row 0, the palette has 3");
  make_palette_png(&png, 8, "\0\2\1\0", 4, "1234", 4);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "4 alpha values for 3 colours");
  begin_png(&png, 1, 1, 8, 3);
  end_png(&png, "\0\0", 2);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "no palette of 1 to 256 colours");
  begin_png(&png, 2, 1, 8, 2); /* one transparent colour, without a palette */
  add_chunk(&png, "tRNS", "\0\1\0\2\0\3", 6);
  end_png(&png, "\0\1\2\3\11\10\7", 7);
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_HAD_ALPHA | IMAGE_BLENDED, key);
}

static void test_png_bad(void **state) {
  (void)state;
  static blob png;
  static const struct {
    uint32_t width, height;
    int code;
    const char *cause;
  } sizes[] = {{20000, 20000, IMAGE_E_LIMIT, "20000 x 20000 pixels is over the limit of 16384 a side"},
               {16384, 4097, IMAGE_E_LIMIT, "16384 x 4097 = 67125248 pixels is over the limit of 67108864"},
               {0xffffffff, 0xffffffff, IMAGE_E_LIMIT, "4294967295 x 4294967295"},
               {0, 7, IMAGE_E_FORMAT, "zero: 0 x 7"}};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    begin_png(&png, sizes[i].width, sizes[i].height, 8, 2);
    expect_failure_of(png.bytes, png.size, sizes[i].code, sizes[i].cause); /* from the header alone */
  }
  begin_png(&png, 2, 2, 8, 0);
  end_png(&png, "\0\1\2\0\3", 5);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "not enough pixels");
  begin_png(&png, 2, 1, 8, 0);
  add_chunk(&png, "IEND", NULL, 0);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "no IDAT chunk");
  begin_png(&png, 2, 1, 8, 5);
  end_png(&png, "\0\1\2\0\3", 5);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "8 bits of colour type 5");
  begin_png(&png, 2, 1, 16, 3);
  end_png(&png, "\0\1\2\0\3", 5);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "16 bits of colour type 3");
  png.size = 8;
  end_png(&png, "\0\1", 2);
  expect_failure_of(png.bytes, png.size, IMAGE_E_FORMAT, "does not begin with an IHDR chunk");
}

/* Every prefix is told as cut, and a change of any single bit as damage: nothing in this file is outside a
 * checksum. */
static void test_png_damage(void **state) {
  (void)state;
  static blob png;
  static uint8_t changed[sizeof png.bytes];
  const file_report report = {"cut", message, sizeof message};
  image_data image;
  begin_png(&png, 2, 2, 8, 0);
  end_png(&png, "\0\1\2\0\3\4", 6);
  for (size_t length = 1; length < png.size; length++) {
    assert_int_equal(image_decode(png.bytes, length, &report, &image), IMAGE_E_TRUNCATED);
    assert_non_null(strstr(message, "cut: truncated PNG"));
    expect_zero(&image);
  }
  for (size_t bit = 0; bit < 8 * png.size; bit++) {
    memcpy(changed, png.bytes, png.size);
    changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    assert_true(image_decode(changed, png.size, &report, &image) < 0);
    assert_true(strlen(message) > 10);
    expect_zero(&image);
  }
}

/* ---- JPEG ---- */

static void test_jpeg(void **state) {
  (void)state;
  static blob jpeg;
  static const int wave[2] = {40, -63};
  int dc[2][3] = {{-40, 32, 20}, {0, -18, 52}};
  image_data image;
  make_colour_jpeg(&jpeg, dc, wave);
  put("photo.png", jpeg.bytes, jpeg.size); /* the content decides, not the name */
  assert_int_equal(image_load(place("photo.png"), &image, message, sizeof message), IMAGE_OK);
  assert_true(image.width == 16 && image.height == 8 && image.max_value == 255 && image.flags == 0);
  for (int i = 0; i < 16 * 8; i++) {
    /* The cosine transform with quantiser 8, and the colours of JFIF; stb computes both in integers. */
    int x = i % 16, block = x / 8;
    double luma = 128 + dc[block][0] + wave[block] * sqrt(2.0) * cos((2 * (x % 8) + 1) * acos(-1.0) / 16);
    double cb = dc[block][1], cr = dc[block][2];
    const double rgb[3] = {luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb};
    for (int c = 0; c < 3; c++) {
      double expected = rgb[c] < 0 ? 0 : rgb[c] > 255 ? 255 : rgb[c];
      assert_true(fabs(255.0 * (double)image.pixels[c * 128 + i] - expected) <= 2.0);
    }
  }
  image_free(&image);
  for (size_t length = 1; length < jpeg.size; length++) {
    const file_report report = {"cut", message, sizeof message};
    assert_int_equal(image_decode(jpeg.bytes, length, &report, &image), IMAGE_E_TRUNCATED);
    assert_non_null(strstr(message, "cut: truncated JPEG"));
    expect_zero(&image);
  }
  double flat[8 * 8 * 3];
  for (size_t i = 0; i < COUNT(flat); i++) flat[i] = 168;
  make_flat_jpeg(&jpeg, 0xc0);
  expect_pixels(jpeg.bytes, jpeg.size, 8, 8, 255, IMAGE_GREY, flat);
  make_flat_jpeg(&jpeg, 0xc2); /* progressive */
  expect_pixels(jpeg.bytes, jpeg.size, 8, 8, 255, IMAGE_GREY, flat);
}

static void expect_bad_frame(const char *frame, uint8_t process, int code, const char *cause) {
  blob jpeg = {{0xff, 0xd8}, 2};
  add_segment(&jpeg, process, frame, 9);
  expect_failure_of(jpeg.bytes, jpeg.size, code, cause);
}

static void test_jpeg_bad(void **state) {
  (void)state;
  static blob jpeg;
  uint8_t many[17 + 300] = {0};
  expect_bad_frame("\10\116\40\116\40\1\1\21\0", 0xc0, IMAGE_E_LIMIT, "20000 x 20000 pixels is over the limit");
  expect_bad_frame("\10\0\5\0\0\1\1\21\0", 0xc0, IMAGE_E_FORMAT, "zero: 0 x 5");
  expect_bad_frame("\14\0\5\0\5\1\1\21\0", 0xc0, IMAGE_E_FORMAT, "12 bits a sample");
  expect_bad_frame("\10\0\5\0\5\1\1\21\0", 0xc3, IMAGE_E_FORMAT, "process 3 is not supported");
  expect_bad_frame("\10\0\5\0\5\1\1\21\0", 0xc0, IMAGE_E_TRUNCATED, "before its end marker");
  expect_failure_of(SIZED("\xff\xd8\xff\xd9"), IMAGE_E_FORMAT, "it has no frame header");
  expect_failure_of(SIZED("\xff\xd8\xff\xe0\0\1\xff\xd9"), IMAGE_E_FORMAT, "segment length 1");
  many[1 + 15] = 150;
  many[1 + 14] = 150;
  jpeg.size = 0;
  add(&jpeg, "\xff\xd8", 2);
  add_segment(&jpeg, 0xc4, many, sizeof many);
  expect_failure_of(jpeg.bytes, jpeg.size, IMAGE_E_FORMAT, "a Huffman table with 300 codes");
  make_flat_jpeg(&jpeg, 0xc0);
  jpeg.size -= 2;
  add_segment(&jpeg, 0xc0, "\10\0\20\0\20\1\1\21\0", 9);
  add(&jpeg, "\xff\xd9", 2);
  expect_failure_of(jpeg.bytes, jpeg.size, IMAGE_E_FORMAT, "two frame headers");
}

/* ---- files that are none ---- */

static void test_unreadable(void **state) {
  (void)state;
  image_data image;
  expect_failure("missing", IMAGE_E_READ, "No such file or directory");
  expect_failure("", IMAGE_E_READ, "is a directory");
  put("empty", "", 0);
  expect_failure("empty", IMAGE_E_READ, "the file is empty");
  assert_int_equal(image_load("", &image, message, sizeof message), IMAGE_E_READ);
  assert_non_null(strstr(message, "the path is empty"));
  assert_int_equal(image_load(NULL, &image, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_non_null(strstr(message, "the path is NULL"));
  assert_int_equal(image_load("x", NULL, message, sizeof message), IMAGE_E_ARGUMENT);
  assert_int_equal(image_load("/dev/null", &image, message, sizeof message), IMAGE_E_READ); /* no size to ask */
  assert_string_equal(message, "/dev/null: the file is empty");
  put("huge", "P6", 2);
  assert_int_equal(truncate(place("huge"), (off_t)IMAGE_MAX_FILE_BYTES + 1), 0); /* a hole, not a file */
  expect_failure("huge", IMAGE_E_LIMIT, "268435457 bytes is over the limit of 268435456 bytes");
  assert_int_equal(unlink(place("huge")), 0);
  put("secret", "P5 1 1 1 \1", 10);
  assert_int_equal(chmod(place("secret"), 0), 0);
  if (geteuid() != 0) expect_failure("secret", IMAGE_E_READ, "Permission denied"); /* root reads all */
}

static void test_messages(void **state) {
  (void)state;
  char path[400], small[8];
  image_data image;
  memset(path, 'd', sizeof path);
  memcpy(path + 380, "\nend.ppm", 9);
  assert_true(image_load(path, &image, message, sizeof message) < 0);
  assert_int_equal(strncmp(message, "...ddd", 6), 0);
  assert_non_null(strstr(message, "?end.ppm: cannot open: ")); /* the end of the path, the cause, and one line */
  memset(small, 'x', sizeof small);
  assert_true(image_load("some/folder", &image, small, 7) < 0);
  assert_string_equal(small, "some/f");
  assert_int_equal(small[7], 'x');
}

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

static int make_folder(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/image_io.XXXXXX", base != NULL && strlen(base) <= 40 ? base : "/tmp");
  return mkdtemp(folder) != NULL ? 0 : -1;
}

/* Removes path and, one level down, what a locale is made of. No test makes deeper folders. */
static void remove_tree(const char *path, int depth) {
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

static int remove_folder(void **state) {
  struct stat status;
  (void)state;
  remove_tree(folder, 3);
  return stat(folder, &status) != 0 && errno == ENOENT ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pnm_formats), cmocka_unit_test(test_pnm_bad),    cmocka_unit_test(test_pnm_prefixes),
      cmocka_unit_test(test_png_formats), cmocka_unit_test(test_png_by_stb), cmocka_unit_test(test_png_palettes),
      cmocka_unit_test(test_png_bad),     cmocka_unit_test(test_png_damage), cmocka_unit_test(test_jpeg),
      cmocka_unit_test(test_jpeg_bad),    cmocka_unit_test(test_unreadable), cmocka_unit_test(test_messages),
      cmocka_unit_test(test_rgba8),       cmocka_unit_test(test_resize),     cmocka_unit_test(test_write),
      cmocka_unit_test(test_unwritable),  cmocka_unit_test(test_full_disk),  cmocka_unit_test(test_atomic_file),
      cmocka_unit_test(test_locale),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
