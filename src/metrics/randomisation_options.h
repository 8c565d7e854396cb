/* randomisation_options.h - attrib_randomisable and attrib_randomisation_options at the door. */
#ifndef ATTRIB_SRC_RANDOMISATION_OPTIONS_H
#define ATTRIB_SRC_RANDOMISATION_OPTIONS_H

#include <attrib/sanity.h>

#include "../context/context.h"

/* Reads and checks both (options NULL = all default). shape, with its strides spelled out, is written where there is
 * one. */
attrib_status attrib__randomisation_read(attrib_context *context, const attrib_randomisable *given,
                                         const attrib_randomisation_options *given_options,
                                         attrib_randomisable *subject, attrib_randomisation_options *options,
                                         attrib_image *shape);

#endif
