/* overlay.c - colours laid over a photo. */
#include "../context/context.h"
#include "shape.h"

static attrib_status overlay(attrib_context *context, int64_t count, const uint8_t *photo, double opacity,
                             uint8_t *rgba) {
  attrib_status status = attrib__image_check_count(context, count, 4);
  if (status < 0) return status;
  if (photo == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "photo_rgba is NULL");
  if (!(opacity >= 0 && opacity <= 1))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "opacity = %g: must be in [0, 1]", opacity);
  if (rgba == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "rgba is NULL");
  for (int64_t i = 0; i < count; i++) {
    double share = opacity * (rgba[4 * i + 3] / 255.0);
    for (int64_t c = 4 * i; c < 4 * i + 3; c++) {
      /* Differences of bytes are exact, so shares of 0 and 1 are too. */
      double mixed = photo[c] + share * (rgba[c] - photo[c]);
      rgba[c] = (uint8_t)(mixed + 0.5);
    }
    rgba[4 * i + 3] = 255;
  }
  return ATTRIB_OK;
}

attrib_status attrib_image_overlay(attrib_context *given, int64_t count, const uint8_t *photo_rgba, double opacity,
                                   uint8_t *rgba) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = overlay(context, count, photo_rgba, opacity, rgba);
  attrib__end(context, &local);
  return status;
}
