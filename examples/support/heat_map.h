/* heat_map.h - attributions of a picture as a heat map and an overlay, written as PNG. */
#ifndef EXAMPLES_HEAT_MAP_H
#define EXAMPLES_HEAT_MAP_H

#include "subject.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a map is drawn. */
typedef struct heat_map_style {
  uint32_t palette; /* DIVERGING shows the signed sum over channels, SEQUENTIAL its size */
  double scale;     /* the attribution of a pixel that gets the full colour; 0 = the map's own 99th percentile, which is
                       then filled in: maps with one scale compare */
  const int64_t
      *mark; /* a pixel of the network's input, y * width + x, that heat_map_write frames in the overlay; NULL = none */
} heat_map_style;

/* The steps from attributions to colours, for programs that lay out maps themselves. Each: 0, or -1 with one line in
 * message (FILE_MESSAGE_CAPACITY bytes). */

/* One number per pixel of that shape, as the palette shows it. */
int heat_map_reduce(const attrib_image *shape, const double *attributions, uint32_t palette, double *map,
                    char *message);

/* Sets style->scale to the 99th percentile of `count` values: of one map, or of several that are to compare. */
int heat_map_scale(int64_t count, const double *maps, heat_map_style *style, char *message);

/* Divides the map by the scale and cuts it at 1, in place, and colours it: rgba has 4 * count bytes. */
int heat_map_colour(const heat_map_style *style, int64_t count, double *map, uint8_t *rgba, char *message);

/* Whether the two files below can be written, before the work. 0, or -1 with one line in message. */
int heat_map_check(const char *prefix, char *message);

/* Writes PREFIX_heat.png, and PREFIX_overlay.png: the photo in grey, the more coloured the larger the attribution. At
 * the picture's own size, small pictures enlarged by a whole factor; a map pixel is drawn as it is, without smoothing.
 * 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int heat_map_write(const subject *s, const double *attributions, heat_map_style *style, const char *prefix,
                   char *message);

/* The same up to the commit, which is the caller's, of both at once: *heat and *overlay hold the whole pictures, or are
 * NULL on failure. */
int heat_map_begin(const subject *s, const double *attributions, heat_map_style *style, const char *prefix,
                   atomic_file **heat, atomic_file **overlay, char *message);

#ifdef __cplusplus
}
#endif
#endif
