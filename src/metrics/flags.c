/* flags.c - see flags.h. */
#include "flags.h"

#include <inttypes.h>

#include <attrib/metrics.h>

attrib_status attrib__metric_flags_check(attrib_context *context, uint32_t flags, uint32_t useful, const char *why) {
  const uint32_t all = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_ABSOLUTE |
                       ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_LOWEST_FIRST | ATTRIB_METRIC_RANDOM;
  if (flags & ~all)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%" PRIx32,
                        flags, all);
  if (flags & ~useful)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->flags = 0x%" PRIx32 ": %s 0x%" PRIx32, flags, why,
                        useful);
  return ATTRIB_OK;
}
