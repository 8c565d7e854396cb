#include "heat_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WANTED_WIDTH = 320, MOST_HEIGHT = 4096 };
static const double opacity = 0.9;

/* What of a map a palette shows. */
static uint32_t sign_mode(uint32_t palette) {
  return palette == ATTRIB_PALETTE_DIVERGING ? ATTRIB_SIGN_BOTH : ATTRIB_SIGN_ABSOLUTE;
}

/* Ends a step's context; 0, or -1 with its line in message. */
static int finish(attrib_context *context, attrib_status status, char *message) {
  if (status < 0) snprintf(message, FILE_MESSAGE_CAPACITY, "heat map: %s", attrib_context_error(context));
  attrib_context_destroy(context);
  return status < 0 ? -1 : 0;
}

int heat_map_reduce(const attrib_image *shape, const double *attributions, uint32_t palette, double *map,
                    char *message) {
  attrib_context *context;
  attrib_status status = attrib_context_create(NULL, &context);
  if (status == ATTRIB_OK)
    status = attrib_image_reduce(context, shape, attributions,
                                 palette == ATTRIB_PALETTE_DIVERGING ? ATTRIB_REDUCE_SUM : ATTRIB_REDUCE_ABS_SUM, map);
  return finish(context, status, message);
}

int heat_map_scale(int64_t count, const double *maps, heat_map_style *style, char *message) {
  attrib_context *context;
  attrib_status status = attrib_context_create(NULL, &context);
  if (status == ATTRIB_OK)
    status = attrib_image_scale(context, count, 0, sign_mode(style->palette), maps, &style->scale);
  return finish(context, status, message);
}

int heat_map_colour(const heat_map_style *style, int64_t count, double *map, uint8_t *rgba, char *message) {
  attrib_context *context;
  attrib_status status = attrib_context_create(NULL, &context);
  if (status == ATTRIB_OK)
    status = attrib_image_normalise(context, count, 0, sign_mode(style->palette), style->scale, map);
  if (status == ATTRIB_OK) status = attrib_image_colorize(context, count, map, style->palette, rgba);
  return finish(context, status, message);
}

/* One colour per pixel of the network's input. The alpha says how much of it an overlay shows: the square root of the
 * value, so that small attributions are seen and none covers nothing. NULL after a message. */
static uint8_t *colour(const attrib_image *shape, const double *attributions, heat_map_style *style, char *message) {
  const int64_t count = shape->width * shape->height;
  double *map = calloc((size_t)count, sizeof *map);
  uint8_t *rgba = calloc((size_t)count, 4);
  int status = map == NULL || rgba == NULL ? -1 : 0;
  if (status != 0) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a map of %lld pixels", (long long)count);
  if (status == 0) status = heat_map_reduce(shape, attributions, style->palette, map, message);
  if (status == 0 && style->scale == 0) status = heat_map_scale(count, map, style, message);
  if (status == 0) status = heat_map_colour(style, count, map, rgba, message);
  for (int64_t i = 0; i < count && status == 0; i++) rgba[4 * i + 3] = (uint8_t)lround(255 * sqrt(fabs(map[i])));
  free(map);
  if (status == 0) return rgba;
  free(rgba);
  return NULL;
}

/* Copies across x down pixels to result_width x result_height, each the nearest one. */
static void enlarge(const uint8_t *rgba, int32_t across, int32_t down, int32_t result_width, int32_t result_height,
                    uint8_t *result) {
  for (int64_t y = 0; y < result_height; y++)
    for (int64_t x = 0; x < result_width; x++) {
      int64_t source = (y * down / result_height) * across + x * across / result_width;
      memcpy(result + 4 * (y * result_width + x), rgba + 4 * source, 4);
    }
}

/* A green line around a pixel of the network's input, on a picture of the given size. */
static void frame(const attrib_image *shape, int64_t pixel, int32_t width, int32_t height, uint8_t *rgba) {
  static const uint8_t green[4] = {0, 160, 60, 255};
  const int64_t column = pixel % shape->width, row = pixel / shape->width;
  const int64_t left = column * width / shape->width - 2, right = (column + 1) * width / shape->width + 1;
  const int64_t top = row * height / shape->height - 2, bottom = (row + 1) * height / shape->height + 1;
  for (int64_t y = top; y <= bottom; y++)
    for (int64_t x = left; x <= right; x++) {
      const bool inside = x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1;
      if (!inside && x >= 0 && x < width && y >= 0 && y < height) memcpy(rgba + 4 * (y * width + x), green, 4);
    }
}

/* Small pictures are hard to look at, and hair-thin ones must not become huge. */
static int32_t enlargement(const image_data *picture) {
  int32_t factor = (WANTED_WIDTH - 1) / picture->width + 1;
  int32_t most = MOST_HEIGHT / picture->height;
  if (factor > most) factor = most;
  return factor < 1 ? 1 : factor;
}

/* The overlay's ground is grey, so that its colours are the map's alone. Weights: luma of Rec. 709. */
static void to_grey(uint8_t *rgba, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 4) {
    double luma = 0.2126 * rgba[i] + 0.7152 * rgba[i + 1] + 0.0722 * rgba[i + 2];
    rgba[i] = rgba[i + 1] = rgba[i + 2] = (uint8_t)floor(luma + 0.5);
  }
}

static int make_path(const char *prefix, const char *suffix, char *path, size_t capacity, char *message) {
  int length = snprintf(path, capacity, "%s%s", prefix, suffix);
  if (length >= 0 && (size_t)length < capacity) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", capacity - 1);
  return -1;
}

int heat_map_check(const char *prefix, char *message) {
  static const char *const suffixes[] = {"_heat.png", "_overlay.png"};
  for (int i = 0; i < 2; i++) {
    char path[4096];
    if (make_path(prefix, suffixes[i], path, sizeof path, message) != 0) return -1;
    atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
    if (file == NULL) return -1;
    atomic_file_abort(file);
  }
  return 0;
}

static int begin_one(const char *prefix, const char *suffix, int32_t width, int32_t height, const uint8_t *rgba,
                     atomic_file **file, char *message) {
  char path[4096];
  if (make_path(prefix, suffix, path, sizeof path, message) != 0) return -1;
  return image_begin_png(path, width, height, 4, rgba, file, message, FILE_MESSAGE_CAPACITY) == IMAGE_OK ? 0 : -1;
}

/* Fully opaque, and back to the alpha of the map. */
static void set_alpha(uint8_t *rgba, const uint8_t *alpha, size_t bytes) {
  for (size_t i = 3; i < bytes; i += 4) rgba[i] = alpha == NULL ? 255 : alpha[i];
}

/* The pictures that both files are made of, at their full size. */
typedef struct layers {
  uint8_t *original, *photo, *heat, *strength;
  size_t bytes;
  int32_t width, height;
} layers;

static void free_layers(layers *l) {
  free(l->original);
  free(l->photo);
  free(l->heat);
  free(l->strength);
}

static int make_layers(const subject *s, const uint8_t *small, layers *l, char *message) {
  const int32_t factor = enlargement(&s->original);
  const int32_t width = s->original.width * factor, height = s->original.height * factor;
  const int32_t cells_across = (int32_t)s->net->shape.width, cells_down = (int32_t)s->net->shape.height;
  *l = (layers){.width = width, .height = height, .bytes = 4 * (size_t)width * (size_t)height};
  l->original = malloc(l->bytes);
  l->photo = malloc(l->bytes);
  l->heat = malloc(l->bytes);
  l->strength = calloc(l->bytes, 1);
  if (l->original == NULL || l->photo == NULL || l->heat == NULL || l->strength == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a picture of %d x %d", (int)width, (int)height);
    return -1;
  }
  image_to_rgba8(&s->original, l->original);
  to_grey(l->original, 4 * (size_t)s->original.width * (size_t)s->original.height);
  enlarge(l->original, s->original.width, s->original.height, width, height, l->photo);
  enlarge(small, cells_across, cells_down, width, height, l->heat);
  enlarge(small, cells_across, cells_down, width, height, l->strength);
  return 0;
}

int heat_map_begin(const subject *s, const double *attributions, heat_map_style *style, const char *prefix,
                   atomic_file **heat, atomic_file **overlay, char *message) {
  const attrib_image *shape = &s->net->shape;
  layers l = {.bytes = 0};
  *heat = *overlay = NULL;
  uint8_t *small = colour(shape, attributions, style, message);
  int status = small == NULL ? -1 : make_layers(s, small, &l, message);
  if (status == 0) {
    set_alpha(l.heat, NULL, l.bytes);
    status = begin_one(prefix, "_heat.png", l.width, l.height, l.heat, heat, message);
    set_alpha(l.heat, l.strength, l.bytes);
    if (status == 0) status = attrib_image_overlay(NULL, (int64_t)l.width * l.height, l.photo, opacity, l.heat);
    if (status == 0 && style->mark != NULL) frame(shape, *style->mark, l.width, l.height, l.heat);
    if (status == 0) status = begin_one(prefix, "_overlay.png", l.width, l.height, l.heat, overlay, message);
  }
  if (status != 0) atomic_file_abort(*heat);
  if (status != 0) *heat = NULL;
  free_layers(&l);
  free(small);
  return status;
}

int heat_map_write(const subject *s, const double *attributions, heat_map_style *style, const char *prefix,
                   char *message) {
  atomic_file *heat, *overlay;
  if (heat_map_begin(s, attributions, style, prefix, &heat, &overlay, message) != 0) return -1;
  return atomic_file_commit_pair(heat, overlay, message, FILE_MESSAGE_CAPACITY);
}
