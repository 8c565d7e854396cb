/* felzenszwalb.h - a picture cut into segments of like colour: the graph segmentation of Felzenszwalb and Huttenlocher
 * (2004). Nothing here looks at a model. */
#ifndef EXAMPLES_FELZENSZWALB_H
#define EXAMPLES_FELZENSZWALB_H

#include <stdint.h>

#include <attrib/context.h>

typedef struct felzenszwalb_options {
  double sigma;     /* pixels of Gaussian smoothing before; >= 0 */
  double scale;     /* k: two segments merge where the difference between them is at most that within either one plus k
                       over its pixels; >= 0, in units of a 255th of a colour, as in the paper */
  int64_t min_size; /* segments with fewer pixels are merged with a neighbour; >= 0 */
} felzenszwalb_options;

/* pixels: 3 x height x width in [0, 1], red first, as image_io.h has them. labels, height x width: 0, 1, .. in the
 * order of their first pixels, row by row; *segments is their number. A pixel's neighbours are the eight around it, and
 * the difference of two is the length of their colours' difference. Of equal differences the one between earlier pixels
 * is looked at first, so a picture has one result.
 *
 * context: for smoothing; may be NULL. Memory: about 80 bytes per pixel. Returns ATTRIB_OK; or ATTRIB_E_ARGUMENT,
 * ATTRIB_E_NONFINITE or ATTRIB_E_MEMORY with one line in message (FILE_MESSAGE_CAPACITY bytes), and then labels and
 * *segments are as they were. */
attrib_status felzenszwalb(attrib_context *context, const float *pixels, int32_t width, int32_t height,
                           const felzenszwalb_options *options, int32_t *labels, int64_t *segments, char *message);

#endif
