/* How the camera was held: cameras store pictures as their sensor lies, and say in the Exif block of a JPEG how they
 * are to be turned (Exif 2.32, tag 0x0112). Viewers turn them, so a network that sees what people see wants it, too. */
#include "image_io.h"

#include <stdlib.h>
#include <string.h>

enum { UPRIGHT = 1, TRANSPOSED = 5, MOST = 8, TAG = 0x0112, SHORT = 3, ENTRY = 12, HEAD = 6 };

static uint32_t number(const uint8_t *bytes, int count, int little) {
  uint32_t value = 0;
  for (int i = 0; i < count; i++) value = value << 8 | bytes[little ? count - 1 - i : i];
  return value;
}

/* Offsets are from the beginning of the TIFF header, behind "Exif\0\0". */
int image_exif_orientation(const uint8_t *block, size_t length) {
  if (length < HEAD + 8 || memcmp(block, "Exif\0\0", HEAD) != 0) return UPRIGHT;
  const uint8_t *tiff = block + HEAD;
  const size_t size = length - HEAD;
  const int little = tiff[0] == 'I';
  if (memcmp(tiff, little ? "II*\0" : "MM\0*", 4) != 0) return UPRIGHT;
  const size_t at = number(tiff + 4, 4, little);
  if (at > size || size - at < 2) return UPRIGHT;
  const size_t count = number(tiff + at, 2, little);
  for (size_t i = 0; i < count && (i + 1) * ENTRY <= size - at - 2; i++) {
    const uint8_t *entry = tiff + at + 2 + i * ENTRY;
    if (number(entry, 2, little) != TAG || number(entry + 2, 2, little) != SHORT) continue;
    const uint32_t orientation = number(entry + 8, 2, little);
    return orientation >= UPRIGHT && orientation <= MOST ? (int)orientation : UPRIGHT;
  }
  return UPRIGHT;
}

int image_turn(image_data *image, int orientation, const file_report *report) {
  const int from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const int from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const int swapped = orientation >= TRANSPOSED;
  const size_t w = (size_t)image->width, h = (size_t)image->height, count = w * h;
  image_data turned;
  if (orientation == UPRIGHT) return IMAGE_OK;
  int result = image_allocate((int32_t)(swapped ? h : w), (int32_t)(swapped ? w : h), report, &turned);
  if (result != IMAGE_OK) return result;
  float *to = turned.pixels;
  for (size_t c = 0; c < 3; c++)
    for (size_t row = 0; row < (swapped ? w : h); row++)
      for (size_t column = 0; column < (swapped ? h : w); column++) {
        const size_t x = swapped ? row : column, y = swapped ? column : row; /* in the file, but for its direction */
        *to++ = image->pixels[c * count + (from_below ? h - 1 - y : y) * w + (from_right ? w - 1 - x : x)];
      }
  turned.flags = image->flags | IMAGE_TURNED;
  turned.max_value = image->max_value;
  image_free(image);
  *image = turned;
  return IMAGE_OK;
}
