/* JPEG: the markers are walked here, for the size, for the end and for tables that stb 2.27 would trust; stb
 * decodes. stb fills up what coded data leaves open, so data that stops early inside intact markers shows as
 * a picture with a grey lower part: that cannot be told from a picture that is grey there. */
#include "image_io.h"

#include <stdlib.h>

enum {
  MARKER_TEM = 0x01,
  MARKER_SOF0 = 0xc0,
  MARKER_DHT = 0xc4,
  MARKER_JPG = 0xc8,
  MARKER_DAC = 0xcc,
  MARKER_SOF15 = 0xcf,
  MARKER_RST0 = 0xd0,
  MARKER_RST7 = 0xd7,
  MARKER_SOI = 0xd8,
  MARKER_EOI = 0xd9,
  MARKER_SOS = 0xda,
  MARKER_APP1 = 0xe1,
  HUFFMAN_HEADER = 17 /* class and number, then the count of codes of each length 1..16 */
};

typedef struct jpeg_layout {
  uint32_t width, height;
  int has_frame, has_scan;
  int orientation; /* as the Exif block has it; 0 or 1: upright */
} jpeg_layout;

static int is_frame(int marker) {
  return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT && marker != MARKER_JPG &&
         marker != MARKER_DAC;
}

static int read_frame(const uint8_t *data, size_t length, int marker, const file_report *report, jpeg_layout *layout) {
  if (layout->has_frame) return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: two frame headers");
  if (length < 6) return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: a frame header of %zu bytes", length);
  if (marker > MARKER_SOF0 + 2) {
    return file_fail(report, IMAGE_E_FORMAT, "JPEG process %d is not supported, only baseline and progressive",
                     marker - MARKER_SOF0);
  }
  if (data[0] != 8)
    return file_fail(report, IMAGE_E_FORMAT, "JPEG with %d bits a sample, only 8 are supported", data[0]);
  layout->height = (uint32_t)data[1] << 8 | data[2];
  layout->width = (uint32_t)data[3] << 8 | data[4];
  layout->has_frame = 1;
  return image_check_size(layout->width, layout->height, report);
}

/* stb 2.27 writes past its tables when a Huffman table claims more than 256 codes (found by fuzzing), so the
 * tables are looked at before it sees them. */
static int check_huffman(const uint8_t *data, size_t length, const file_report *report) {
  while (length > 0) {
    size_t codes = 0;
    if (length < HUFFMAN_HEADER) return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: a cut Huffman table");
    for (size_t i = 1; i < HUFFMAN_HEADER; i++) codes += data[i];
    if (codes > 256 || codes > length - HUFFMAN_HEADER) {
      return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: a Huffman table with %zu codes", codes);
    }
    data += HUFFMAN_HEADER + codes;
    length -= HUFFMAN_HEADER + codes;
  }
  return IMAGE_OK;
}

/* Offset of the next marker at or after at, over coded data (where 0xff 0x00 is a byte and RSTn a mark
 * inside) and stray bytes; size when there is none. The offset is that of the byte after the last 0xff. */
static size_t find_marker(const uint8_t *bytes, size_t size, size_t at) {
  for (; at + 1 < size; at++) {
    if (bytes[at] != 0xff) continue;
    int next = bytes[at + 1];
    if (next != 0 && next != 0xff && !(next >= MARKER_RST0 && next <= MARKER_RST7)) return at + 1;
  }
  return size;
}

static int cut(size_t size, const file_report *report) {
  return file_fail(report, IMAGE_E_TRUNCATED, "truncated JPEG: the file ends at byte %zu, before its end marker", size);
}

static int walk(const uint8_t *bytes, size_t size, const file_report *report, jpeg_layout *layout) {
  size_t at = 2; /* behind SOI */
  if (size < 2) return cut(size, report);
  if (bytes[0] != 0xff || bytes[1] != MARKER_SOI) return file_fail(report, IMAGE_E_FORMAT, "not a JPEG file");
  for (;;) {
    at = find_marker(bytes, size, at);
    if (at >= size) return cut(size, report);
    int marker = bytes[at++];
    if (marker == MARKER_EOI) break;
    if (marker == MARKER_SOI || marker == MARKER_TEM) continue;
    if (size - at < 2) return cut(size, report);
    size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
    if (length < 2) return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: segment length %zu at %zu", length, at);
    if (length > size - at) return cut(size, report);
    int result = IMAGE_OK;
    if (is_frame(marker)) result = read_frame(bytes + at + 2, length - 2, marker, report, layout);
    if (marker == MARKER_DHT) result = check_huffman(bytes + at + 2, length - 2, report);
    if (result != IMAGE_OK) return result;
    if (marker == MARKER_SOS) layout->has_scan = 1;
    if (marker == MARKER_APP1 && layout->orientation <= 1)
      layout->orientation = image_exif_orientation(bytes + at + 2, length - 2);
    at += length;
  }
  if (!layout->has_frame || !layout->has_scan) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged JPEG: it has no %s", layout->has_frame ? "scan" : "frame header");
  }
  return IMAGE_OK;
}

int image_decode_jpeg(const uint8_t *bytes, size_t size, const file_report *report, image_data *image) {
  if (image == NULL) return file_fail(report, IMAGE_E_ARGUMENT, "no image to fill");
  *image = (image_data){0};
  if (bytes == NULL || size == 0) return file_fail(report, IMAGE_E_READ, "the file is empty");
  jpeg_layout layout = {0};
  void *samples = NULL;
  int channels = 0;
  int result = walk(bytes, size, report, &layout);
  if (result == IMAGE_OK) {
    result = image_decode_stb(bytes, size, 0, layout.width, layout.height, report, &samples, &channels);
  }
  if (result == IMAGE_OK) result = image_allocate((int32_t)layout.width, (int32_t)layout.height, report, image);
  if (result == IMAGE_OK) image_from_samples(samples, 0, channels, report, image);
  free(samples);
  if (result == IMAGE_OK && layout.orientation > 1) result = image_turn(image, layout.orientation, report);
  if (result != IMAGE_OK) image_free(image);
  return result;
}
