/* PNG into a page, by zlib: row by row, so that a picture is never held twice, and a failed allocation is told. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "report_parts.h"
#include "report_text.h"

enum { CHUNK = 16384, HEADER = 8 };

typedef struct writer {
  base64 to;
  z_stream stream;
  uint8_t chunk[HEADER + CHUNK + 4]; /* length, name, data, checksum */
} writer;

static void put32(uint8_t *to, uint32_t value) {
  for (int i = 0; i < 4; i++) to[i] = (uint8_t)(value >> (24 - 8 * i) & 255U);
}

/* Writes the chunk whose data lie in w->chunk already. */
static void end_chunk(writer *w, const char *name, uint32_t size) {
  put32(w->chunk, size);
  memcpy(w->chunk + 4, name, 4);
  put32(w->chunk + HEADER + size, (uint32_t)crc32(0, w->chunk + 4, 4 + size));
  base64_write(&w->to, w->chunk, HEADER + size + 4);
}

static void write_header(writer *w, int32_t width, int32_t height) {
  static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, kind[5] = {8, 2, 0, 0, 0};
  base64_write(&w->to, signature, sizeof signature);
  put32(w->chunk + HEADER, (uint32_t)width);
  put32(w->chunk + HEADER + 4, (uint32_t)height);
  memcpy(w->chunk + HEADER + 8, kind, sizeof kind); /* 8 bits, RGB */
  end_chunk(w, "IHDR", 13);
}

/* Compresses the bytes; full chunks are written, and with Z_FINISH the last one. */
static void deflate_bytes(writer *w, uint8_t *bytes, uint32_t size, int flush) {
  int status = Z_OK;
  w->stream.next_in = bytes;
  w->stream.avail_in = size;
  while (w->stream.avail_in > 0 || (flush == Z_FINISH && status != Z_STREAM_END)) {
    status = deflate(&w->stream, flush); /* cannot fail on a stream that is in order */
    if (w->stream.avail_out > 0 && status != Z_STREAM_END) continue;
    end_chunk(w, "IDAT", CHUNK - w->stream.avail_out);
    w->stream.next_out = w->chunk + HEADER;
    w->stream.avail_out = CHUNK;
  }
}

/* Each row as differences from the pixel before (filter 1). */
static void write_rows(writer *w, int32_t width, int32_t height, const uint8_t *rgb, uint8_t *row) {
  const size_t size = 3 * (size_t)width;
  row[0] = 1;
  for (int32_t y = 0; y < height; y++) {
    const uint8_t *from = rgb + (size_t)y * size;
    for (size_t i = 0; i < size; i++) row[1 + i] = (uint8_t)(from[i] - (i < 3 ? 0 : from[i - 3]));
    deflate_bytes(w, row, (uint32_t)size + 1, y + 1 == height ? Z_FINISH : Z_NO_FLUSH);
  }
}

static void *take(void *unused, uInt count, uInt size) {
  (void)unused;
  return calloc(count, size);
}

static void give(void *unused, void *block) {
  (void)unused;
  free(block);
}

int report_png(atomic_file *file, int32_t width, int32_t height, const uint8_t *rgb) {
  uint8_t *row = malloc(3 * (size_t)width + 1);
  writer *w = calloc(1, sizeof *w);
  int status = -1;
  if (row != NULL && w != NULL) {
    *w = (writer){.to.file = file, .stream = {.zalloc = take, .zfree = give}};
    status = deflateInit(&w->stream, Z_BEST_COMPRESSION) == Z_OK ? 0 : -1;
  }
  if (status == 0) {
    w->stream.next_out = w->chunk + HEADER;
    w->stream.avail_out = CHUNK;
    write_header(w, width, height);
    write_rows(w, width, height, rgb, row);
    end_chunk(w, "IEND", 0);
    base64_end(&w->to);
    deflateEnd(&w->stream);
  }
  free(w);
  free(row);
  return status;
}
