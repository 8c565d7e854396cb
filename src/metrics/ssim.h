/* ssim.h - the structural similarity of two maps. */
#ifndef ATTRIB_SRC_SSIM_H
#define ATTRIB_SRC_SSIM_H

#include <attrib/image.h>

#include "../context/context.h"

/* options->shape of maps of `count` values, at the door: every value is an element of the picture. */
attrib_status attrib__ssim_read_shape(attrib_context *context, const attrib_image *given, int64_t count,
                                      attrib_image *shape);

/* Why there is no SSIM of such pictures at this range, or NULL where there is one. */
const char *attrib__ssim_missing(const attrib_image *shape, double range);

/* The mean over windows and channels; 0 < range. The values are finite. */
double attrib__ssim(const attrib_image *shape, const double *a, const double *b, double range);

#endif
