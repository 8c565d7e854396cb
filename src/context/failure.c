/* failure.c - messages, and reading public structs at the door. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "context.h"

attrib_status attrib__fail(attrib_context *context, attrib_status status, const char *format, ...) {
  if (context == NULL) return status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context->message, sizeof context->message, format, arguments);
  va_end(arguments);
  return status;
}

attrib_status attrib__fail_memory(attrib_context *context, size_t bytes) {
  return attrib__fail(context, ATTRIB_E_MEMORY, "out of memory: %zu bytes of workspace were refused", bytes);
}

attrib_status attrib__read_struct(attrib_context *context, const char *name, const void *given, size_t minimum,
                                  void *latest, size_t size) {
  memset(latest, 0, size);
  if (given == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
  uint32_t given_size;
  memcpy(&given_size, given, sizeof given_size);
  if (given_size < minimum)
    return attrib__fail(context, ATTRIB_E_STRUCT,
                        "%s->struct_size = %" PRIu32 ": must be sizeof the struct, at least %zu", name, given_size,
                        minimum);
  /* No struct will ever be that long: it is no size but whatever lay there. */
  if (given_size > 4096)
    return attrib__fail(context, ATTRIB_E_STRUCT, "%s->struct_size = %" PRIu32 ": must be sizeof the struct", name,
                        given_size);
  if (given_size > size) {
    const unsigned char *bytes = given;
    for (size_t i = size; i < given_size; i++)
      if (bytes[i] != 0)
        return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                            "%s->struct_size = %" PRIu32
                            ": byte %zu belongs to a field of a newer version (this one "
                            "knows %zu bytes) and is not zero",
                            name, given_size, i, size);
  }
  memcpy(latest, given, given_size < size ? given_size : size);
  return ATTRIB_OK;
}

attrib_status attrib__read_options(attrib_context *context, const void *given, size_t minimum, void *latest,
                                   size_t size) {
  if (given != NULL) return attrib__read_struct(context, "options", given, minimum, latest, size);
  const uint32_t known = (uint32_t)size;
  memset(latest, 0, size);
  memcpy(latest, &known, sizeof known); /* struct_size, the first member of every struct */
  return ATTRIB_OK;
}
