#include "picture_bank.h"

#include <stdlib.h>
#include <string.h>

#include "image_io.h"
#include "small_net.h"

enum { PLANE = SMALL_NET_WIDTH * SMALL_NET_HEIGHT };

/* From planes of the whole strip to planes of each picture. */
static void cut(const image_data *strip, picture_bank *bank) {
  for (int64_t k = 0; k < bank->count; k++)
    for (int64_t c = 0; c < SMALL_NET_CHANNELS; c++)
      memcpy(bank->rows + k * SMALL_NET_INPUTS + c * PLANE, strip->pixels + (c * bank->count + k) * PLANE,
             PLANE * sizeof *bank->rows);
}

static int fill(const image_data *strip, const file_report *report, picture_bank *bank) {
  if (strip->width != SMALL_NET_WIDTH || strip->height % SMALL_NET_HEIGHT != 0)
    return file_fail(report, -1, "%d x %d pixels: must be %d wide and a multiple of %d high", (int)strip->width,
                     (int)strip->height, SMALL_NET_WIDTH, SMALL_NET_HEIGHT);
  int64_t count = strip->height / SMALL_NET_HEIGHT;
  bank->rows = malloc((size_t)count * SMALL_NET_INPUTS * sizeof *bank->rows);
  if (bank->rows == NULL) return file_fail(report, -1, "out of memory for %lld pictures", (long long)count);
  bank->count = count;
  cut(strip, bank);
  return 0;
}

int picture_bank_load(const char *path, picture_bank *bank, char *message) {
  if (path == NULL) path = ATTRIB_EXAMPLES_DATA "/training_pictures.png";
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  image_data strip;
  *bank = (picture_bank){0};
  if (image_load(path, &strip, message, FILE_MESSAGE_CAPACITY) != IMAGE_OK) return -1;
  int status = fill(&strip, &report, bank);
  image_free(&strip);
  return status;
}

void picture_bank_free(picture_bank *bank) {
  free(bank->rows);
  *bank = (picture_bank){0};
}
