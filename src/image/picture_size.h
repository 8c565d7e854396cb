/* picture_size.h - how many bytes a lossless code would take for a picture, about. */
#ifndef ATTRIB_SRC_PICTURE_SIZE_H
#define ATTRIB_SRC_PICTURE_SIZE_H

#include <attrib/image.h>

/* See attrib_picture_size, whose arguments have been checked. */
double attrib__picture_size(uint32_t dtype, const attrib_image *shape, const void *elements, double low, double high);

#endif
