/* flags.h - options.flags of metrics at the door. */
#ifndef ATTRIB_SRC_METRIC_FLAGS_H
#define ATTRIB_SRC_METRIC_FLAGS_H

#include "../context/context.h"

/* `used`: the flags that the metric has a use for, its own among them. E_ARGUMENT for others of ATTRIB_METRIC_*,
 * E_UNSUPPORTED for numbers that are no flags. */
attrib_status attrib__metric_flags(attrib_context *context, uint32_t flags, uint32_t used);

#endif
