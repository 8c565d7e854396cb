/* PNG: the container is checked here, chunk by chunk, and palettes are looked up here; stb inflates and
 * unfilters. stb 2.27 looks at no checksum, and takes colours that a palette does not have from memory it
 * never wrote. */
#include "image_io.h"

#include <stdlib.h>
#include <string.h>

enum {
  SIGNATURE_BYTES = 8,
  CHUNK_FRAME = 12, /* length, type and checksum around the data of a chunk */
  HEADER_BYTES = 13,
  COLOUR_AT = SIGNATURE_BYTES + 8 + 9, /* of the colour type, which is in IHDR, the first chunk */
  COLOUR_PALETTE = 3
};

typedef struct png_chunk {
  const uint8_t *type, *data; /* type NULL: there was none */
  uint32_t length;
} png_chunk;

typedef struct png_layout {
  uint32_t width, height;
  int depth, colour;
  int has_data;
  png_chunk palette, transparency;
} png_layout;

static uint32_t read_u32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* CRC-32 of ISO 3309 as PNG wants it, four bits at a time. */
static uint32_t checksum(const uint8_t *bytes, size_t size) {
  static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                     0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                     0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  uint32_t value = 0xffffffff;
  for (size_t i = 0; i < size; i++) {
    value ^= bytes[i];
    value = value >> 4 ^ table[value & 15];
    value = value >> 4 ^ table[value & 15];
  }
  return ~value;
}

static int is_type(const png_chunk *chunk, const char *type) {
  return chunk->type != NULL && memcmp(chunk->type, type, 4) == 0;
}

/* Reads the chunk at bytes[at]. Its checksum is looked at if the chunk decides about pixels: critical ones
 * (capital first letter) and tRNS. Text and time stamps with wrong sums are seen in the wild and harm nobody.
 */
static int read_chunk(const uint8_t *bytes, size_t size, size_t at, const file_report *report, png_chunk *chunk) {
  size_t left = size - at;
  if (left < CHUNK_FRAME) {
    return file_fail(report, IMAGE_E_TRUNCATED, "truncated PNG: the file ends at byte %zu, before the IEND chunk",
                     size);
  }
  chunk->length = read_u32(bytes + at);
  chunk->type = bytes + at + 4;
  chunk->data = bytes + at + 8;
  char name[5] = "";
  for (int i = 0; i < 4; i++) name[i] = chunk->type[i] > ' ' && chunk->type[i] < 0x7f ? (char)chunk->type[i] : '?';
  if (chunk->length > left - CHUNK_FRAME) {
    return file_fail(report, IMAGE_E_TRUNCATED, "truncated PNG: chunk %s at offset %zu has %lu bytes, %zu are left",
                     name, at, (unsigned long)chunk->length, left - CHUNK_FRAME);
  }
  int decides = (chunk->type[0] & 0x20) == 0 || is_type(chunk, "tRNS");
  if (decides && checksum(chunk->type, (size_t)chunk->length + 4) != read_u32(chunk->data + chunk->length)) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: chunk %s at offset %zu has a wrong checksum", name, at);
  }
  return IMAGE_OK;
}

/* The combinations of table 11.1 of the PNG standard. */
static int is_allowed(int depth, int colour) {
  int few = depth == 1 || depth == 2 || depth == 4;
  if (colour == 0) return few || depth == 8 || depth == 16;
  if (colour == COLOUR_PALETTE) return few || depth == 8;
  return (colour == 2 || colour == 4 || colour == 6) && (depth == 8 || depth == 16);
}

static int read_header(const png_chunk *chunk, const file_report *report, png_layout *layout) {
  if (!is_type(chunk, "IHDR") || chunk->length != HEADER_BYTES) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: it does not begin with an IHDR chunk of %d bytes",
                     HEADER_BYTES);
  }
  layout->width = read_u32(chunk->data);
  layout->height = read_u32(chunk->data + 4);
  layout->depth = chunk->data[8];
  layout->colour = chunk->data[9];
  int result = image_check_size(layout->width, layout->height, report);
  if (result != IMAGE_OK) return result;
  if (!is_allowed(layout->depth, layout->colour)) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: %d bits of colour type %d do not exist", layout->depth,
                     layout->colour);
  }
  if (chunk->data[10] != 0 || chunk->data[11] != 0 || chunk->data[12] > 1) {
    return file_fail(report, IMAGE_E_FORMAT, "unknown PNG compression %d, filter %d or interlacing %d", chunk->data[10],
                     chunk->data[11], chunk->data[12]);
  }
  return IMAGE_OK;
}

static int remember_once(const png_chunk *chunk, png_chunk *place, const char *name, const file_report *report) {
  if (place->type != NULL) return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: two %s chunks", name);
  *place = *chunk;
  return IMAGE_OK;
}

static int walk(const uint8_t *bytes, size_t size, const file_report *report, png_layout *layout) {
  if (size < SIGNATURE_BYTES) {
    return file_fail(report, IMAGE_E_TRUNCATED, "truncated PNG: %zu bytes are less than the signature", size);
  }
  size_t at = SIGNATURE_BYTES;
  for (;;) {
    png_chunk chunk = {0};
    int result = read_chunk(bytes, size, at, report, &chunk);
    if (result == IMAGE_OK && at == SIGNATURE_BYTES) result = read_header(&chunk, report, layout);
    if (result == IMAGE_OK && is_type(&chunk, "PLTE")) result = remember_once(&chunk, &layout->palette, "PLTE", report);
    if (result == IMAGE_OK && is_type(&chunk, "tRNS")) {
      result = remember_once(&chunk, &layout->transparency, "tRNS", report);
    }
    if (result != IMAGE_OK) return result;
    if (is_type(&chunk, "IDAT")) layout->has_data = 1;
    if (is_type(&chunk, "IEND")) break;
    at += CHUNK_FRAME + (size_t)chunk.length;
  }
  if (!layout->has_data) return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: it has no IDAT chunk");
  if (layout->colour != COLOUR_PALETTE) return IMAGE_OK;
  uint32_t length = layout->palette.length;
  if (layout->palette.type == NULL || length == 0 || length > 768 || length % 3 != 0) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: no palette of 1 to 256 colours");
  }
  if (layout->transparency.length > length / 3) {
    return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: %lu alpha values for %lu colours",
                     (unsigned long)layout->transparency.length, (unsigned long)length / 3);
  }
  return IMAGE_OK;
}

/* Replaces the indices by colours: RGBA samples in *samples, to be freed by the caller, which held one byte a
 * pixel. */
static int look_up(const png_layout *layout, const file_report *report, void **samples) {
  const uint8_t *indices = *samples;
  const size_t count = (size_t)layout->width * layout->height;
  const unsigned spread = 255u / ((1u << layout->depth) - 1u); /* stb spreads grey of few bits over 0..255 */
  const unsigned colours = layout->palette.length / 3;
  uint8_t *rgba = malloc(count * 4);
  if (rgba == NULL) return file_fail(report, IMAGE_E_MEMORY, "out of memory for %zu pixels", count);
  for (size_t i = 0; i < count; i++) {
    unsigned index = indices[i] / spread;
    if (index >= colours) {
      free(rgba);
      return file_fail(report, IMAGE_E_FORMAT, "damaged PNG: colour %u at column %zu of row %zu, the palette has %u",
                       index, i % layout->width, i / layout->width, colours);
    }
    memcpy(rgba + 4 * i, layout->palette.data + 3 * (size_t)index, 3);
    rgba[4 * i + 3] = index < layout->transparency.length ? layout->transparency.data[index] : 255;
  }
  free(*samples);
  *samples = rgba;
  return IMAGE_OK;
}

/* A palette picture is decoded as a grey one: a copy of the file says so in its header and keeps its tRNS
 * under a name that decoders skip (stb looks at no checksum). That gives the indices, which can then be
 * checked. */
static int decode_palette(const uint8_t *bytes, size_t size, const png_layout *layout, const file_report *report,
                          void **samples) {
  int channels = 0;
  uint8_t *copy = malloc(size);
  if (copy == NULL) return file_fail(report, IMAGE_E_MEMORY, "out of memory for a file of %zu bytes", size);
  memcpy(copy, bytes, size);
  copy[COLOUR_AT] = 0;
  if (layout->transparency.type != NULL) copy[layout->transparency.type - bytes] = 'x';
  int result = image_decode_stb(copy, size, 0, layout->width, layout->height, report, samples, &channels);
  free(copy);
  if (result == IMAGE_OK) result = look_up(layout, report, samples);
  return result;
}

int image_decode_png(const uint8_t *bytes, size_t size, const file_report *report, image_data *image) {
  if (image == NULL) return file_fail(report, IMAGE_E_ARGUMENT, "no image to fill");
  *image = (image_data){0};
  if (bytes == NULL || size == 0) return file_fail(report, IMAGE_E_READ, "the file is empty");
  png_layout layout = {0};
  void *samples = NULL;
  int channels = 0, wide = 0;
  int result = walk(bytes, size, report, &layout);
  if (result != IMAGE_OK) return result;
  if (layout.colour == COLOUR_PALETTE) {
    result = decode_palette(bytes, size, &layout, report, &samples);
    channels = 4;
  } else {
    wide = layout.depth == 16;
    result = image_decode_stb(bytes, size, wide, layout.width, layout.height, report, &samples, &channels);
  }
  if (result == IMAGE_OK) result = image_allocate((int32_t)layout.width, (int32_t)layout.height, report, image);
  if (result == IMAGE_OK) image_from_samples(samples, wide, channels, report, image);
  if (result == IMAGE_OK && layout.colour == COLOUR_PALETTE && layout.transparency.type == NULL) {
    image->flags &= ~(uint32_t)IMAGE_HAD_ALPHA; /* the alpha came from look_up, not from the file */
  }
  free(samples);
  return result;
}
