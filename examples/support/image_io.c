#define _POSIX_C_SOURCE 200809L
#include "image_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "regular_file.h"

enum { FIRST_READ = 65536 };

void image_free(image_data *image) {
  if (image == NULL) return;
  free(image->pixels);
  *image = (image_data){0};
}

int image_check_size(uint64_t width, uint64_t height, const file_report *report) {
  unsigned long long w = width, h = height;
  if (width == 0 || height == 0) {
    return file_fail(report, IMAGE_E_FORMAT, "width or height is zero: %llu x %llu pixels", w, h);
  }
  if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE) {
    return file_fail(report, IMAGE_E_LIMIT, "%llu x %llu pixels is over the limit of %d a side", w, h, IMAGE_MAX_SIDE);
  }
  if (width * height > IMAGE_MAX_PIXELS) {
    return file_fail(report, IMAGE_E_LIMIT, "%llu x %llu = %llu pixels is over the limit of %d pixels", w, h, w * h,
                     IMAGE_MAX_PIXELS);
  }
  return IMAGE_OK;
}

int image_allocate(int32_t width, int32_t height, const file_report *report, image_data *image) {
  size_t count = (size_t)width * (size_t)height; /* at most 2^26: no overflow once the size is checked */
  image->pixels = NULL;
  if (count <= SIZE_MAX / (3 * sizeof *image->pixels)) image->pixels = malloc(count * 3 * sizeof *image->pixels);
  if (image->pixels == NULL) {
    return file_fail(report, IMAGE_E_MEMORY, "out of memory for %d x %d pixels", (int)width, (int)height);
  }
  image->width = width;
  image->height = height;
  return IMAGE_OK;
}

void image_from_samples(const void *samples, int wide, int channels, const file_report *report, image_data *image) {
  const uint8_t *narrow_samples = samples;
  const uint16_t *wide_samples = samples;
  const size_t count = (size_t)image->width * (size_t)image->height, step = (size_t)channels;
  const double scale = wide ? 65535.0 : 255.0;
  const int has_alpha = channels == 2 || channels == 4, colours = channels >= 3 ? 3 : 1;
  size_t blended = 0;
  for (size_t i = 0; i < count; i++) {
    double value[4] = {0};
    for (size_t c = 0; c < step; c++) {
      value[c] = (wide ? wide_samples[i * step + c] : narrow_samples[i * step + c]) / scale;
    }
    double alpha = has_alpha ? value[channels - 1] : 1.0;
    if (alpha < 1.0) blended++;
    for (size_t c = 0; c < 3; c++) {
      double v = value[colours == 3 ? c : 0];
      image->pixels[c * count + i] = (float)(alpha < 1.0 ? (1.0 - alpha) + alpha * v : v);
    }
  }
  image->max_value = wide ? 65535 : 255;
  image->flags = (colours == 1 ? IMAGE_GREY : 0u) | (has_alpha ? IMAGE_HAD_ALPHA : 0u);
  if (blended > 0) {
    image->flags |= IMAGE_BLENDED;
    (void)file_fail(report, 0, "%zu of %zu pixels are not opaque: alpha was composited over white", blended, count);
  }
}

/* Says what the first bytes are, for files that are none of ours. */
static int refuse_unknown(const uint8_t *bytes, size_t size, const file_report *report) {
  static const char expected[] = "expected PPM, PGM, PNG or JPEG";
  if (size >= 2 && bytes[0] == 'P' && ((bytes[1] >= '1' && bytes[1] <= '7') || bytes[1] == 'F' || bytes[1] == 'f')) {
    return file_fail(report, IMAGE_E_FORMAT, "PNM kind P%c is not supported: %s", bytes[1], expected);
  }
  if (size >= 4 && memcmp(bytes, "GIF8", 4) == 0) return file_fail(report, IMAGE_E_FORMAT, "is a GIF: %s", expected);
  if (size >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0) {
    return file_fail(report, IMAGE_E_FORMAT, "is a WebP: %s", expected);
  }
  char shown[32] = "";
  int used = 0;
  for (size_t i = 0; i < size && i < 4; i++) {
    used += snprintf(shown + used, sizeof shown - (size_t)used, " %02x", bytes[i]);
  }
  return file_fail(report, IMAGE_E_FORMAT, "not an image: %s, the file begins with%s", expected, shown);
}

int image_decode(const uint8_t *bytes, size_t size, const file_report *report, image_data *image) {
  static const uint8_t png[8] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
  if (image == NULL) return file_fail(report, IMAGE_E_ARGUMENT, "no image to fill");
  *image = (image_data){0};
  if (report != NULL && report->message != NULL && report->capacity > 0) report->message[0] = '\0';
  if (bytes == NULL || size == 0) return file_fail(report, IMAGE_E_READ, "the file is empty");
  if (size >= 2 && bytes[0] == 'P' && (bytes[1] == '2' || bytes[1] == '3' || bytes[1] == '5' || bytes[1] == '6')) {
    return image_decode_pnm(bytes, size, report, image);
  }
  /* A file cut inside the signature is told as a cut PNG, not as "not an image". */
  if (memcmp(bytes, png, size < sizeof png ? size : sizeof png) == 0) {
    return image_decode_png(bytes, size, report, image);
  }
  if (bytes[0] == 0xff && (size == 1 || bytes[1] == 0xd8)) return image_decode_jpeg(bytes, size, report, image);
  return refuse_unknown(bytes, size, report);
}

/* Reads stream to its end into a block of the caller's to free: of its size plus one byte, which is how the end is
 * seen without a second round. Some files say that they have no size (/proc), so the block grows where it fills. */
static int read_stream(FILE *stream, size_t expected, const file_report *report, uint8_t **bytes, size_t *size) {
  size_t capacity = expected + 1, used = 0;
  uint8_t *block = malloc(capacity);
  while (block != NULL) {
    errno = 0;
    used += fread(block + used, 1, capacity - used, stream);
    if (used < capacity) break;
    if (used > IMAGE_MAX_FILE_BYTES) {
      free(block);
      return file_fail(report, IMAGE_E_LIMIT, "the file is over the limit of %d bytes", IMAGE_MAX_FILE_BYTES);
    }
    capacity = capacity <= IMAGE_MAX_FILE_BYTES / 2 ? capacity * 2 : (size_t)IMAGE_MAX_FILE_BYTES + 1;
    uint8_t *larger = realloc(block, capacity);
    if (larger == NULL) free(block);
    block = larger;
  }
  if (block == NULL) return file_fail(report, IMAGE_E_MEMORY, "out of memory for a file of %zu bytes", capacity);
  if (ferror(stream)) {
    int cause = errno;
    free(block);
    return file_fail(report, IMAGE_E_READ, "cannot read: %s", strerror(cause != 0 ? cause : EIO));
  }
  *bytes = block;
  *size = used;
  return IMAGE_OK;
}

static int read_open(FILE *stream, const file_report *report, uint8_t **bytes, size_t *size) {
  struct stat status;
  if (fstat(fileno(stream), &status) != 0) return file_fail(report, IMAGE_E_READ, "cannot read: %s", strerror(errno));
  if (S_ISDIR(status.st_mode)) return file_fail(report, IMAGE_E_READ, "is a directory, not an image file");
  if (status.st_size > IMAGE_MAX_FILE_BYTES) {
    return file_fail(report, IMAGE_E_LIMIT, "%lld bytes is over the limit of %d bytes for a file",
                     (long long)status.st_size, IMAGE_MAX_FILE_BYTES);
  }
  return read_stream(stream, status.st_size > 0 ? (size_t)status.st_size : FIRST_READ, report, bytes, size);
}

int image_read_file(const file_report *report, uint8_t **bytes, size_t *size) {
  const char *why;
  if (report->path[0] == '\0') return file_fail(report, IMAGE_E_READ, "cannot open: the path is empty");
  FILE *stream = regular_file_open(report->path, &why);
  if (stream == NULL) return file_fail(report, IMAGE_E_READ, "cannot open: %s", why);
  const int result = read_open(stream, report, bytes, size);
  (void)fclose(stream);
  return result;
}

int image_load(const char *path, image_data *image, char *message, size_t capacity) {
  const file_report report = {path, message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  if (image != NULL) *image = (image_data){0};
  if (path == NULL || image == NULL) {
    return file_fail(&report, IMAGE_E_ARGUMENT, path == NULL ? "the path is NULL" : "no image to fill");
  }
  uint8_t *bytes = NULL;
  size_t size = 0;
  int result = image_read_file(&report, &bytes, &size);
  if (result != IMAGE_OK) return result;
  result = image_decode(bytes, size, &report, image);
  free(bytes);
  return result;
}
