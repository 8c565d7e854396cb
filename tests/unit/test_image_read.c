/* Picture files of the examples, read: every format with exact pixels, every bad input with its line. All fixtures are
 * made here, in a folder that is removed at the end. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include "image_files.h"
#include "jpeg_made.h"

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
  assert_int_equal(png_write(2, 1, 1, pixels, append_blob, &png), 0);
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY, grey);
  png.size = 0;
  assert_int_equal(png_write(2, 1, 2, pixels, append_blob, &png), 0);
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY | IMAGE_HAD_ALPHA, grey_alpha);
  png.size = 0;
  assert_int_equal(png_write(2, 1, 2, pixels + 4, append_blob, &png), 0);
  expect_pixels(png.bytes, png.size, 2, 1, 255, IMAGE_GREY | IMAGE_HAD_ALPHA | IMAGE_BLENDED, grey_clear);
  png.size = 0;
  assert_int_equal(png_write(2, 1, 3, pixels, append_blob, &png), 0);
  expect_pixels(png.bytes, png.size, 2, 1, 255, 0, rgb);
  png.size = 0;
  assert_int_equal(png_write(1, 1, 4, pixels, append_blob, &png), 0);
  expect_pixels(png.bytes, png.size, 1, 1, 255, IMAGE_HAD_ALPHA, rgba);
  const uint8_t last[4] = {50, 0, 70, 51};
  png.size = 0;
  assert_int_equal(png_write(1, 1, 4, last, append_blob, &png), 0);
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
  assert_int_equal(image_load("/dev/null", &image, message, sizeof message), IMAGE_E_READ);
  assert_string_equal(message, "/dev/null: cannot open: it is no regular file");
  assert_int_equal(mkfifo(place("pipe"), 0600), 0); /* nobody writes to it: nobody is waited for */
  expect_failure("pipe", IMAGE_E_READ, "it is no regular file");
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pnm_formats), cmocka_unit_test(test_pnm_bad),    cmocka_unit_test(test_pnm_prefixes),
      cmocka_unit_test(test_png_formats), cmocka_unit_test(test_png_by_stb), cmocka_unit_test(test_png_palettes),
      cmocka_unit_test(test_png_bad),     cmocka_unit_test(test_png_damage), cmocka_unit_test(test_jpeg),
      cmocka_unit_test(test_jpeg_bad),    cmocka_unit_test(test_unreadable), cmocka_unit_test(test_messages),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
