/* heat_map.h - attributions of a picture as a heat map and an overlay, written as PNG. */
#ifndef EXAMPLES_HEAT_MAP_H
#define EXAMPLES_HEAT_MAP_H

#include "subject.h"

/* How a map is drawn. */
typedef struct heat_map_style {
  uint32_t palette; /* DIVERGING shows the signed sum over channels, SEQUENTIAL its size */
  double scale;     /* the attribution of a pixel that gets the full colour; 0 = the map's own 99th percentile, which is
                       then filled in: maps with one scale compare */
} heat_map_style;

/* Whether the two files below can be written, before the work. 0, or -1 with one line in message. */
int heat_map_check(const char *prefix, char *message);

/* Writes PREFIX_heat.png, and PREFIX_overlay.png: the photo in grey, the more coloured the larger the attribution. At
 * the picture's own size, small pictures enlarged by a whole factor; a map pixel is drawn as it is, without smoothing.
 * 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int heat_map_write(const subject *s, const double *attributions, heat_map_style *style, const char *prefix,
                   char *message);

#endif
