/* Pictures as 8-bit bytes, and as files of them. */
#include "image_io.h"

#include <math.h>
#include <stdlib.h>

#include "png_write.h"

int image_to_rgba8(const image_data *image, uint8_t *rgba) {
  if (image == NULL || image->pixels == NULL || rgba == NULL) return IMAGE_E_ARGUMENT;
  const size_t count = (size_t)image->width * (size_t)image->height;
  for (size_t i = 0; i < count; i++) {
    for (size_t c = 0; c < 3; c++) {
      float value = image->pixels[c * count + i];
      rgba[4 * i + c] = !(value > 0.0f) ? 0 : value >= 1.0f ? 255 : (uint8_t)floor(255.0 * value + 0.5);
    }
    rgba[4 * i + 3] = 255;
  }
  return IMAGE_OK;
}

static int check_pixels(int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                        const file_report *report) {
  if (pixels == NULL) return file_fail(report, IMAGE_E_ARGUMENT, "cannot write: no pixels");
  if (width <= 0 || height <= 0) {
    return file_fail(report, IMAGE_E_ARGUMENT, "cannot write %d x %d pixels", (int)width, (int)height);
  }
  if (channels < 1 || channels > 4) {
    return file_fail(report, IMAGE_E_ARGUMENT, "cannot write %d channels, only 1 to 4", (int)channels);
  }
  return image_check_size((uint64_t)width, (uint64_t)height, report);
}

static void append(void *file, const void *bytes, size_t size) {
  (void)atomic_file_write(file, bytes, size); /* a failure is remembered by the file */
}

int image_begin_png(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    atomic_file **file, char *message, size_t capacity) {
  const file_report report = {path, message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  *file = NULL;
  int result = check_pixels(width, height, channels, pixels, &report);
  if (result != IMAGE_OK) return result;
  *file = atomic_file_begin(path, message, capacity);
  if (*file == NULL) return IMAGE_E_WRITE;
  if (png_write(width, height, channels, pixels, append, *file) != 0) {
    atomic_file_abort(*file);
    *file = NULL;
    return file_fail(&report, IMAGE_E_MEMORY, "out of memory for a PNG of %d x %d pixels", (int)width, (int)height);
  }
  return IMAGE_OK;
}

int image_write_png(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    char *message, size_t capacity) {
  atomic_file *file;
  int result = image_begin_png(path, width, height, channels, pixels, &file, message, capacity);
  if (result != IMAGE_OK) return result;
  return atomic_file_commit(file, message, capacity) == 0 ? IMAGE_OK : IMAGE_E_WRITE;
}

/* One row without its alpha: v where opaque, else v mixed with white, rounded to nearest. */
static void flatten_row(const uint8_t *pixels, size_t width, size_t channels, uint8_t *row) {
  const int has_alpha = channels % 2 == 0;
  const size_t colours = channels - (has_alpha ? 1u : 0u);
  for (size_t x = 0; x < width; x++) {
    const uint8_t *pixel = pixels + x * channels;
    unsigned alpha = has_alpha ? pixel[colours] : 255u;
    for (size_t c = 0; c < colours; c++) {
      row[x * colours + c] = (uint8_t)((alpha * pixel[c] + (255u - alpha) * 255u + 127u) / 255u);
    }
  }
}

int image_write_ppm(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    char *message, size_t capacity) {
  const file_report report = {path, message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  int result = check_pixels(width, height, channels, pixels, &report);
  if (result != IMAGE_OK) return result;
  const size_t columns = (size_t)width, step = (size_t)channels, colours = channels >= 3 ? 3 : 1;
  uint8_t *row = malloc(columns * colours);
  if (row == NULL) return file_fail(&report, IMAGE_E_MEMORY, "out of memory for a row of %d pixels", (int)width);
  atomic_file *file = atomic_file_begin(path, message, capacity);
  if (file == NULL) {
    free(row);
    return IMAGE_E_WRITE;
  }
  (void)atomic_file_printf(file, "P%c\n%d %d\n255\n", colours == 3 ? '6' : '5', (int)width, (int)height);
  for (size_t y = 0; y < (size_t)height; y++) {
    flatten_row(pixels + y * columns * step, columns, step, row);
    if (atomic_file_write(file, row, columns * colours) != 0) break; /* commit tells why */
  }
  free(row);
  return atomic_file_commit(file, message, capacity) == 0 ? IMAGE_OK : IMAGE_E_WRITE;
}
