/* compare_options.h - attrib_comparison_options at the door. */
#ifndef ATTRIB_SRC_COMPARE_OPTIONS_H
#define ATTRIB_SRC_COMPARE_OPTIONS_H

#include <attrib/agreement.h>

#include "../context/context.h"

/* Reads and checks the options (NULL = all default) for maps of `count` values; top_count and noise come back resolved,
 * and the shape with its strides spelled out, width 0 where there is none. */
attrib_status attrib__comparison_options_read(attrib_context *context, const attrib_comparison_options *given,
                                              int64_t count, attrib_comparison_options *options, attrib_image *shape);

#endif
