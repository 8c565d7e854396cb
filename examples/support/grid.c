#include "grid.h"

grid grid_of(const attrib_image *shape, int64_t side) {
  return (grid){side, (shape->width + side - 1) / side, (shape->height + side - 1) / side};
}

static int64_t place(const attrib_image *shape, int64_t x, int64_t y, int64_t channel) {
  return x * shape->x_stride + y * shape->y_stride + channel * shape->channel_stride;
}

void grid_labels(const grid *g, const attrib_image *shape, int32_t *labels) {
  for (int64_t c = 0; c < shape->channels; c++)
    for (int64_t y = 0; y < shape->height; y++)
      for (int64_t x = 0; x < shape->width; x++)
        labels[place(shape, x, y, c)] = (int32_t)(y / g->side * g->columns + x / g->side);
}

void grid_draw(const grid *g, const attrib_image *shape, const double *values, double *inputs) {
  for (int64_t c = 0; c < shape->channels; c++)
    for (int64_t y = 0; y < shape->height; y++)
      for (int64_t x = 0; x < shape->width; x++)
        inputs[place(shape, x, y, c)] = c == 0 ? values[y / g->side * g->columns + x / g->side] : 0;
}
