/* colorize.c - the palettes.
 *
 * Both were chosen in OKLCH: the hue runs along an arc, the chroma stays inside sRGB, and the CIE lightness L* goes in
 * equal steps, so order survives a grey print and the common colour vision deficiencies (measured in the unit test).
 * Between the points below the sRGB bytes are interpolated. */
#include <inttypes.h>

#include "../context/context.h"
#include "shape.h"

/* L* 5 .. 97. */
static const uint8_t sequential[][3] = {
    {20, 11, 42},  {43, 20, 75},   {70, 25, 107},  {99, 34, 131},   {140, 41, 133},  {181, 47, 125},  {213, 66, 111},
    {236, 94, 97}, {251, 124, 86}, {254, 159, 96}, {255, 191, 113}, {250, 222, 155}, {251, 249, 202},
};

/* L* 28 .. 97 .. 28, the same on both sides. */
static const uint8_t diverging[][3] = {
    {25, 62, 136},   {24, 85, 164},   {12, 108, 193},  {44, 133, 206},  {75, 158, 218},  {118, 181, 222},
    {162, 204, 228}, {206, 225, 235}, {246, 246, 246}, {237, 218, 208}, {233, 188, 168}, {229, 157, 132},
    {223, 124, 97},  {211, 92, 69},   {196, 55, 43},   {163, 39, 40},   {130, 23, 34},
};

typedef struct colour_scale {
  const uint8_t (*points)[3];
  int last;      /* index of the last point */
  double lowest; /* the value of the first one; that of the last is 1 */
} colour_scale;

static bool find_palette(uint32_t palette, colour_scale *found) {
  switch (palette) {
    case ATTRIB_PALETTE_SEQUENTIAL:
      *found = (colour_scale){sequential, (int)(sizeof sequential / sizeof *sequential) - 1, 0};
      return true;
    case ATTRIB_PALETTE_DIVERGING:
      *found = (colour_scale){diverging, (int)(sizeof diverging / sizeof *diverging) - 1, -1};
      return true;
    default: return false;
  }
}

static void look_up(const colour_scale *scale, double value, uint8_t *rgba) {
  if (value < scale->lowest) value = scale->lowest;
  if (value > 1) value = 1;
  double position = (value - scale->lowest) / (1 - scale->lowest) * scale->last;
  int i = (int)position;
  if (i == scale->last) i--;
  double fraction = position - i;
  const uint8_t *from = scale->points[i], *to = scale->points[i + 1];
  for (int c = 0; c < 3; c++) rgba[c] = (uint8_t)(from[c] + fraction * (to[c] - from[c]) + 0.5);
  rgba[3] = 255;
}

static attrib_status colorize(attrib_context *context, int64_t count, const double *map, uint32_t palette,
                              uint8_t *rgba) {
  attrib_status status = attrib__image_check_count(context, count, sizeof *map);
  if (status < 0) return status;
  if (map == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "map is NULL");
  colour_scale scale;
  if (!find_palette(palette, &scale))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "palette = %" PRIu32 ": must be one of ATTRIB_PALETTE_*", palette);
  if (rgba == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "rgba is NULL");
  status = attrib__image_check_map(context, count, map);
  if (status < 0) return status;
  for (int64_t i = 0; i < count; i++) look_up(&scale, map[i], rgba + 4 * i);
  return ATTRIB_OK;
}

attrib_status attrib_image_colorize(attrib_context *given, int64_t count, const double *map, uint32_t palette,
                                    uint8_t *rgba) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = colorize(context, count, map, palette, rgba);
  attrib__end(context, &local);
  return status;
}
