/* flags.h - options->flags of metrics at the door. */
#ifndef ATTRIB_SRC_FLAGS_H
#define ATTRIB_SRC_FLAGS_H

#include "../context/context.h"

/* E_UNSUPPORTED for a flag that this version does not know, E_ARGUMENT for one that is not among `useful`: `why` says
 * whose they are, as in "boxes know 0x2b". */
attrib_status attrib__metric_flags_check(attrib_context *context, uint32_t flags, uint32_t useful, const char *why);

#endif
