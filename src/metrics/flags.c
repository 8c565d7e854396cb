/* flags.c - see flags.h. */
#include "flags.h"

#include <inttypes.h>

#include <attrib/metrics.h>

attrib_status attrib__metric_flags(attrib_context *context, uint32_t flags, uint32_t used) {
  const uint32_t common = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_ABSOLUTE |
                          ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_LOWEST_FIRST | ATTRIB_METRIC_RANDOM;
  if (flags & ~(common | used))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%" PRIx32,
                        flags, common | used);
  if (flags & ~used)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags = 0x%" PRIx32 ": this metric has a use for 0x%" PRIx32 " alone", flags, used);
  return ATTRIB_OK;
}
