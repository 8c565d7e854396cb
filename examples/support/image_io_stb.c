/* Decoding and resizing by stb. Its own checks come after ours: see image_io_png.c and image_io_jpeg.c. */
#include "image_io.h"

#include <stdlib.h>
#include <string.h>

#define STBI_NO_STDIO
#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include "stb_memory.h"

static int stb_failed(const file_report *report) {
  const char *reason = stbi_failure_reason();
  if (reason == NULL) reason = "no reason given";
  if (stb_memory_refused() || strcmp(reason, "outofmem") == 0) {
    return file_fail(report, IMAGE_E_MEMORY, "out of memory, or more data in the file than its picture can hold");
  }
  return file_fail(report, IMAGE_E_FORMAT, "damaged or unsupported: stb_image says \"%s\"", reason);
}

int image_decode_stb(const uint8_t *bytes, size_t size, int wide, uint32_t width, uint32_t height,
                     const file_report *report, void **samples, int *channels) {
  int w = 0, h = 0, found = 0;
  *samples = NULL;
  stb_memory_forget();
  if (size > IMAGE_MAX_FILE_BYTES) {
    return file_fail(report, IMAGE_E_LIMIT, "%zu bytes is over the limit of %d bytes for a file", size,
                     IMAGE_MAX_FILE_BYTES);
  }
  /* Asked before decoding: stb must not allocate for another size than the one that was checked. */
  /* The reason stb gives here is that of the last kind it tried, so it is not told. */
  if (!stbi_info_from_memory(bytes, (int)size, &w, &h, &found)) {
    if (stb_memory_refused()) return stb_failed(report);
    return file_fail(report, IMAGE_E_FORMAT, "damaged or unsupported: stb_image cannot read the header");
  }
  if ((uint32_t)w != width || (uint32_t)h != height) {
    return file_fail(report, IMAGE_E_FORMAT, "two sizes in one file: %u x %u and %d x %d pixels", (unsigned)width,
                     (unsigned)height, w, h);
  }
  *samples = wide ? (void *)stbi_load_16_from_memory(bytes, (int)size, &w, &h, channels, 0)
                  : (void *)stbi_load_from_memory(bytes, (int)size, &w, &h, channels, 0);
  if (*samples == NULL) return stb_failed(report);
  return IMAGE_OK;
}

/* One plane. A box filter averages areas where the picture shrinks, a triangle is bilinear where it grows;
 * the two axes may differ. Colour space "linear" is stb's word for "the values as they are". */
static int resize_plane(const float *source, int from_width, int from_height, float *result, int width, int height) {
  return stbir_resize(source, from_width, from_height, 0, result, width, height, 0, STBIR_TYPE_FLOAT, 1,
                      STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP,
                      width > from_width ? STBIR_FILTER_TRIANGLE : STBIR_FILTER_BOX,
                      height > from_height ? STBIR_FILTER_TRIANGLE : STBIR_FILTER_BOX, STBIR_COLORSPACE_LINEAR, NULL);
}

int image_resize(const image_data *source, int32_t width, int32_t height, image_data *result, char *message,
                 size_t capacity) {
  const file_report report = {"resize", message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  if (result == NULL || result == source) return file_fail(&report, IMAGE_E_ARGUMENT, "no separate result to fill");
  *result = (image_data){0};
  if (source == NULL || source->pixels == NULL) return file_fail(&report, IMAGE_E_ARGUMENT, "the source is empty");
  if (width <= 0 || height <= 0) {
    return file_fail(&report, IMAGE_E_ARGUMENT, "%d x %d pixels: both sides must be positive", (int)width, (int)height);
  }
  int status = image_check_size((uint64_t)width, (uint64_t)height, &report);
  if (status == IMAGE_OK) status = image_allocate(width, height, &report, result);
  if (status != IMAGE_OK) return status;
  const size_t from = (size_t)source->width * (size_t)source->height, to = (size_t)width * (size_t)height;
  if (width == source->width && height == source->height) {
    memcpy(result->pixels, source->pixels, 3 * to * sizeof *result->pixels);
  } else {
    for (size_t c = 0; c < 3; c++) {
      if (!resize_plane(source->pixels + c * from, source->width, source->height, result->pixels + c * to, width,
                        height)) {
        image_free(result);
        return file_fail(&report, IMAGE_E_MEMORY, "out of memory from %d x %d to %d x %d pixels", (int)source->width,
                         (int)source->height, (int)width, (int)height);
      }
    }
    for (size_t i = 0; i < 3 * to; i++) {
      float value = result->pixels[i]; /* weights sum to 1 only up to rounding */
      result->pixels[i] = value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
    }
  }
  result->flags = source->flags;
  result->max_value = source->max_value;
  return IMAGE_OK;
}
