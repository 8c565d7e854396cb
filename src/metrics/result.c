/* result.c - see result.h. */
#include "result.h"

#include <inttypes.h>
#include <string.h>

attrib_status attrib__out_struct_check(attrib_context *context, const char *name, const void *given, size_t minimum) {
  uint32_t given_size;
  if (given == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
  memcpy(&given_size, given, sizeof given_size);
  if (given_size >= minimum) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_STRUCT,
                      "%s->struct_size = %" PRIu32 ": must be sizeof the struct, at least %zu", name, given_size,
                      minimum);
}

void attrib__out_struct_write(void *latest, size_t size, void *given) {
  uint32_t sizes[2]; /* struct_size, filled_size */
  memcpy(&sizes[0], given, sizeof sizes[0]);
  sizes[1] = sizes[0] < size ? sizes[0] : (uint32_t)size;
  memcpy(latest, sizes, sizeof sizes);
  memcpy(given, latest, sizes[1]);
}
