/* flags.c - see flags.h. */
#include "flags.h"

#include <inttypes.h>

#include <attrib/metrics.h>

attrib_status attrib__metric_flags(attrib_context *context, uint32_t flags, uint32_t used) {
  static const struct {
    uint32_t flag;
    const char *name;
  } common[] = {{ATTRIB_METRIC_SOFTMAX, "SOFTMAX"},           {ATTRIB_METRIC_ACCURACY, "ACCURACY"},
                {ATTRIB_METRIC_ABSOLUTE, "ABSOLUTE"},         {ATTRIB_METRIC_UNIT_SCORES, "UNIT_SCORES"},
                {ATTRIB_METRIC_LOWEST_FIRST, "LOWEST_FIRST"}, {ATTRIB_METRIC_RANDOM, "RANDOM"}};
  const uint32_t rest = flags & ~used;
  for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
    if ((rest & common[i].flag) != 0)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_%s, which has no use here",
                          common[i].name);
  if (rest == 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                      "options->flags = 0x%" PRIx32 ": this version does not know 0x%" PRIx32, flags, rest);
}
