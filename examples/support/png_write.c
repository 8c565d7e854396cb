#include "png_write.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK = 16384, HEADER = 8, FILTERS = 3 };

typedef struct writer {
  png_sink sink;
  void *to;
  z_stream stream;
  uint8_t chunk[HEADER + CHUNK + 4]; /* length, name, data, checksum */
} writer;

/* Filters 0 to 2 of the standard: bytes as they are, less the pixel before, less the pixel above. */
typedef struct filtered {
  size_t size, step;      /* bytes of a row, of a pixel */
  uint8_t *rows[FILTERS]; /* each 1 + size: the filter's number, then what it makes of the row */
} filtered;

static void put32(uint8_t *to, uint32_t value) {
  for (int i = 0; i < 4; i++) to[i] = (uint8_t)(value >> (24 - 8 * i) & 255U);
}

/* Writes the chunk whose data lie in w->chunk already. */
static void end_chunk(writer *w, const char *name, uint32_t size) {
  put32(w->chunk, size);
  memcpy(w->chunk + 4, name, 4);
  put32(w->chunk + HEADER + size, (uint32_t)crc32(0, w->chunk + 4, 4 + size));
  w->sink(w->to, w->chunk, HEADER + size + 4);
}

static void write_header(writer *w, int32_t width, int32_t height, int32_t channels) {
  static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, kinds[5] = {0, 0, 4, 2, 6};
  const uint8_t kind[5] = {8, kinds[channels], 0, 0, 0};
  w->sink(w->to, signature, sizeof signature);
  put32(w->chunk + HEADER, (uint32_t)width);
  put32(w->chunk + HEADER + 4, (uint32_t)height);
  memcpy(w->chunk + HEADER + 8, kind, sizeof kind);
  end_chunk(w, "IHDR", 13);
}

/* Compresses the bytes; full chunks are written, and with Z_FINISH the last one. */
static void deflate_bytes(writer *w, uint8_t *bytes, size_t size, int flush) {
  int status = Z_OK;
  w->stream.next_in = bytes;
  w->stream.avail_in = (uInt)size;
  while (w->stream.avail_in > 0 || (flush == Z_FINISH && status != Z_STREAM_END)) {
    status = deflate(&w->stream, flush); /* cannot fail on a stream that is in order */
    if (w->stream.avail_out > 0 && status != Z_STREAM_END) continue;
    end_chunk(w, "IDAT", CHUNK - w->stream.avail_out);
    w->stream.next_out = w->chunk + HEADER;
    w->stream.avail_out = CHUNK;
  }
}

/* The row by the filter that leaves the smallest bytes, taken as signed: it mostly compresses best. above: NULL for the
 * first row. */
static uint8_t *filter_row(filtered *f, const uint8_t *row, const uint8_t *above) {
  uint64_t least = UINT64_MAX;
  int best = 0;
  for (int kind = 0; kind < FILTERS; kind++) {
    uint64_t sum = 0;
    f->rows[kind][0] = (uint8_t)kind;
    for (size_t i = 0; i < f->size; i++) {
      const uint8_t before = i < f->step ? 0 : row[i - f->step], over = above == NULL ? 0 : above[i];
      const uint8_t left = (uint8_t)(row[i] - (kind == 0 ? 0 : kind == 1 ? before : over));
      f->rows[kind][1 + i] = left;
      sum += left < 128 ? left : 256U - left;
    }
    if (sum >= least) continue;
    least = sum;
    best = kind;
  }
  return f->rows[best];
}

static void write_rows(writer *w, filtered *f, int32_t height, const uint8_t *pixels) {
  for (int32_t y = 0; y < height; y++) {
    const uint8_t *row = pixels + (size_t)y * f->size;
    uint8_t *chosen = filter_row(f, row, y == 0 ? NULL : row - f->size);
    deflate_bytes(w, chosen, f->size + 1, y + 1 == height ? Z_FINISH : Z_NO_FLUSH);
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

int png_write(int32_t width, int32_t height, int32_t channels, const uint8_t *pixels, png_sink sink, void *to) {
  filtered f = {.size = (size_t)channels * (size_t)width, .step = (size_t)channels};
  uint8_t *rows = malloc(FILTERS * (f.size + 1));
  writer *w = calloc(1, sizeof *w);
  int status = -1;
  if (rows != NULL && w != NULL) {
    *w = (writer){.sink = sink, .to = to, .stream = {.zalloc = take, .zfree = give}};
    status = deflateInit(&w->stream, Z_BEST_COMPRESSION) == Z_OK ? 0 : -1;
  }
  if (status == 0) {
    for (int kind = 0; kind < FILTERS; kind++) f.rows[kind] = rows + (size_t)kind * (f.size + 1);
    w->stream.next_out = w->chunk + HEADER;
    w->stream.avail_out = CHUNK;
    write_header(w, width, height, channels);
    write_rows(w, &f, height, pixels);
    end_chunk(w, "IEND", 0);
    deflateEnd(&w->stream);
  }
  free(w);
  free(rows);
  return status;
}
