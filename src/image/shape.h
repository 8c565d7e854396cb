/* shape.h - reading the shape of a picture, and the checks that every image function makes. */
#ifndef ATTRIB_SRC_SHAPE_H
#define ATTRIB_SRC_SHAPE_H

#include <attrib/context.h>
#include <attrib/image.h>

/* Copies the caller's shape with its strides spelled out. What is past this door: every element has an address of its
 * own, and the bytes up to the last one can be counted in a size_t, so no product over this shape can overflow. */
attrib_status attrib__image_read_shape(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                       attrib_image *latest);

/* E_ARGUMENT for options->shape unless the picture is `count` elements in a row, all of them: of `owner`, what is
 * called `elements`, for the message. */
attrib_status attrib__image_check_covers(attrib_context *context, const attrib_image *shape, int64_t count,
                                         const char *owner, const char *elements);

/* Offset of an element, in elements. */
int64_t attrib__image_offset(const attrib_image *shape, int64_t x, int64_t y, int64_t channel);

/* E_NONFINITE, naming the first element of `picture` that is NaN or infinite. `name` is the argument's. */
attrib_status attrib__image_check_finite(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                         const char *name, const void *picture);

/* The same for a map of doubles. */
attrib_status attrib__image_check_map(attrib_context *context, int64_t count, const double *map);

/* Checks that `count` items of `size` bytes are at least one and can exist. */
attrib_status attrib__image_check_count(attrib_context *context, int64_t count, size_t size);

#endif
