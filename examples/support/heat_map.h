/* heat_map.h - attributions of a picture as a heat map and an overlay, written as PNG. */
#ifndef EXAMPLES_HEAT_MAP_H
#define EXAMPLES_HEAT_MAP_H

#include "subject.h"

/* Writes PREFIX_heat.png and PREFIX_overlay.png at the picture's own size, small pictures enlarged by a whole factor; a
 * map pixel is drawn as it is, without smoothing. palette DIVERGING shows the signed sum over channels, SEQUENTIAL its
 * size; both clipped at the 99th percentile. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int heat_map_write(const subject *s, const double *attributions, uint32_t palette, const char *prefix, char *message);

#endif
