#include "layer_maps.h"

#include <stdio.h>
#include <string.h>

#include "nearest_names.h"

enum { LAYERS_LISTED = 64, NEAREST = 3 };

static attrib_image shape_of(const small_net_shape *shape) {
  const int64_t width = shape->width > 0 ? shape->width : 1, height = shape->height > 0 ? shape->height : 1;
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = width,
                        .height = height,
                        .channels = shape->channels,
                        .x_stride = 1,
                        .y_stride = width,
                        .channel_stride = width * height};
}

int layer_split(small_net *net, int32_t cut, uint32_t score, layer_parts *parts, char *message) {
  if (small_net_layer_info(net, cut, &parts->name, &parts->places) != 0 ||
      small_net_body(net, cut, &parts->body_split, &parts->body) != 0 ||
      small_net_head(net, cut, score, &parts->head_split, &parts->head) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network cannot be cut at layer %d", (int)cut);
    return -1;
  }
  parts->planes = parts->places.height > 0;
  parts->shape = shape_of(&parts->places);
  return 0;
}

static int32_t find_default(const small_net *net) {
  int32_t last = 0, best = -1;
  for (int32_t cut = 0; cut <= small_net_layer_count(net); cut++) {
    const char *name;
    small_net_shape shape;
    if (small_net_layer_info(net, cut, &name, &shape) != 0 || shape.height == 0) continue;
    last = cut;
    if (strncmp(name, "conv", 4) == 0 && 2 * shape.height >= SMALL_NET_HEIGHT && 2 * shape.width >= SMALL_NET_WIDTH)
      best = cut;
  }
  return best >= 0 ? best : last;
}

int32_t layer_find(const small_net *net, const char *name, char *message) {
  if (name == NULL) return find_default(net);
  char all[FILE_MESSAGE_CAPACITY] = "", near[128];
  const char *names[LAYERS_LISTED];
  int64_t count = 0;
  for (int32_t cut = 0; cut <= small_net_layer_count(net); cut++) {
    const char *one;
    if (small_net_layer_info(net, cut, &one, NULL) != 0) break;
    if (strcmp(one, name) == 0) return cut;
    if (count < LAYERS_LISTED) names[count++] = one;
    const size_t used = strlen(all);
    snprintf(all + used, sizeof all - used, "%s%s", used == 0 ? "" : ", ", one);
  }
  near_names(name, names, count, NEAREST, near, sizeof near);
  snprintf(message, FILE_MESSAGE_CAPACITY, "layer '%.60s' is none of %.250s%s%s", name, all,
           near[0] == '\0' ? "" : "; near to ", near);
  return -1;
}

int layer_map(attrib_context *context, const layer_parts *parts, const double *attributions, double *map, double *scale,
              char *message) {
  double small[SMALL_NET_PIXELS];
  const int64_t width = parts->shape.width, height = parts->shape.height;
  heat_map_style style = {.palette = ATTRIB_PALETTE_DIVERGING};
  attrib_status status = attrib_image_reduce(context, &parts->shape, attributions, ATTRIB_REDUCE_SUM, small);
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_context_error(context));
    return -1;
  }
  if (scale != NULL) {
    if (heat_map_scale(width * height, small, &style, message) != 0) return -1;
    *scale = style.scale;
  }
  for (int64_t y = 0; y < SMALL_NET_HEIGHT; y++)
    for (int64_t x = 0; x < SMALL_NET_WIDTH; x++)
      map[y * SMALL_NET_WIDTH + x] = small[y * height / SMALL_NET_HEIGHT * width + x * width / SMALL_NET_WIDTH];
  return 0;
}

const char *layer_implied_baseline(uint32_t form) {
  switch (form) {
    case ATTRIB_LAYER_TIMES_ACTIVATION: return "zero map";
    case ATTRIB_LAYER_GRADIENT:
    case ATTRIB_LAYER_CAM:
    case ATTRIB_LAYER_ODAM: return "none";
    default: return "as given";
  }
}
