/* status.c - names and texts of status codes; the library's version. */
#include <attrib/base.h>

static const struct {
  attrib_status status;
  const char *name, *text;
} table[] = {
    {ATTRIB_OK, "ATTRIB_OK", "success"},
    {ATTRIB_CANCELLED, "ATTRIB_CANCELLED", "stopped from outside; the result covers the rows evaluated before that"},
    {ATTRIB_NOT_CONVERGED, "ATTRIB_NOT_CONVERGED",
     "the accuracy asked for was not reached; the result is the best there is"},
    {ATTRIB_UNDEFINED, "ATTRIB_UNDEFINED", "the quantity does not exist for this input"},
    {ATTRIB_DISAGREE, "ATTRIB_DISAGREE", "what was compared differs by more than a threshold allows"},
    {ATTRIB_E_ARGUMENT, "ATTRIB_E_ARGUMENT", "an argument or option is wrong"},
    {ATTRIB_E_STRUCT, "ATTRIB_E_STRUCT", "a struct_size is not one this library can read"},
    {ATTRIB_E_MEMORY, "ATTRIB_E_MEMORY", "out of memory"},
    {ATTRIB_E_CALLBACK, "ATTRIB_E_CALLBACK", "a callback of the caller's failed"},
    {ATTRIB_E_NONFINITE, "ATTRIB_E_NONFINITE", "NaN or infinity in an input or in what the model returned"},
    {ATTRIB_E_OVERFLOW, "ATTRIB_E_OVERFLOW", "a size or count does not fit"},
    {ATTRIB_E_BUSY, "ATTRIB_E_BUSY", "the context is in use by another call or an open run"},
    {ATTRIB_E_UNSUPPORTED, "ATTRIB_E_UNSUPPORTED", "not supported with this model, method or version"},
};

#define TABLE_LENGTH (sizeof table / sizeof table[0])

const char *attrib_status_name(attrib_status status) {
  for (size_t i = 0; i < TABLE_LENGTH; i++)
    if (table[i].status == status) return table[i].name;
  return "ATTRIB_?";
}

const char *attrib_status_text(attrib_status status) {
  for (size_t i = 0; i < TABLE_LENGTH; i++)
    if (table[i].status == status) return table[i].text;
  return "not a status of this library";
}

uint32_t attrib_version(void) {
  return (uint32_t)ATTRIB_VERSION_MAJOR << 16 | (uint32_t)ATTRIB_VERSION_MINOR << 8 | (uint32_t)ATTRIB_VERSION_PATCH;
}

#define TEXT(x) #x
#define DOTTED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *attrib_version_string(void) {
  return DOTTED(ATTRIB_VERSION_MAJOR, ATTRIB_VERSION_MINOR, ATTRIB_VERSION_PATCH);
}
