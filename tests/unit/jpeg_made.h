/* jpeg_made.h - a small JPEG writer: stb's own shifts signed numbers out of range, which stops a run under UBSan. */
#ifndef ATTRIB_TESTS_JPEG_MADE_H
#define ATTRIB_TESTS_JPEG_MADE_H

#include "image_files.h"

/* Huffman tables: DC "00", "01", "10" for categories 0, 5, 6; AC "00" for the end of block, "01" for
 * category 6. */
static const uint8_t dc_table[20] = {0x00, 0, 3, [18] = 5, [19] = 6}, ac_table[19] = {0x10, 0, 2, [18] = 6};

typedef struct bit_writer {
  blob *to;
  unsigned held, count;
} bit_writer;

static inline void put_bits(bit_writer *writer, unsigned value, unsigned count) {
  for (unsigned i = count; i-- > 0;) {
    writer->held = writer->held << 1 | (value >> i & 1);
    if (++writer->count < 8) continue;
    const uint8_t byte[2] = {(uint8_t)writer->held, 0};
    add(writer->to, byte, byte[0] == 0xff ? 2 : 1); /* 0xff is followed by a zero in coded data */
    writer->held = writer->count = 0;
  }
}

/* The code, then the value in the bits of its category: 0, 5 for 16..31, 6 for 32..63, with either sign. */
static inline void put_coefficient(bit_writer *writer, int value, unsigned code) {
  unsigned category = value == 0 ? 0 : abs(value) >= 32 ? 6 : 5;
  assert_true(value == 0 || (abs(value) >= 16 && abs(value) < 64));
  put_bits(writer, code, 2);
  put_bits(writer, (unsigned)(value < 0 ? value + (1 << category) - 1 : value), category);
}

static inline void put_dc(bit_writer *writer, int difference) {
  put_coefficient(writer, difference, difference == 0 ? 0 : abs(difference) >= 32 ? 2 : 1);
}

static inline void begin_jpeg(blob *jpeg, uint8_t process, uint8_t width, uint8_t components) {
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

static inline void end_jpeg(bit_writer *writer) {
  put_bits(writer, 0x7f, (8 - writer->count) % 8);
  add(writer->to, "\xff\xd9", 2);
}

/* 8 x 8 grey with nothing but a DC coefficient, 40 steps of 8 / 8 over 128: every pixel is 168. */
static inline void make_flat_jpeg(blob *jpeg, uint8_t process) {
  bit_writer writer = {jpeg, 0, 0};
  begin_jpeg(jpeg, process, 8, 1);
  put_dc(&writer, 40);
  if (process == 0xc0) put_bits(&writer, 0, 2);
  end_jpeg(&writer);
}

/* 16 x 8 in colour: two blocks a component, luma with one horizontal wave, chroma flat. */
static inline void make_colour_jpeg(blob *jpeg, int dc[2][3], const int wave[2]) {
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

#endif
