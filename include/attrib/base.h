/* attrib/base.h - status codes, version, export macros. */
#ifndef ATTRIB_BASE_H
#define ATTRIB_BASE_H

#include <stddef.h>
#include <stdint.h>

#define ATTRIB_VERSION_MAJOR 0
#define ATTRIB_VERSION_MINOR 1
#define ATTRIB_VERSION_PATCH 0

/* Calling convention of every function pointer and of the library's own callbacks. */
#ifndef ATTRIB_CALL
#  if defined(_WIN32) && !defined(_WIN64)
#    define ATTRIB_CALL __cdecl
#  else
#    define ATTRIB_CALL
#  endif
#endif

/* Define ATTRIB_STATIC when linking the static library on Windows. */
#ifndef ATTRIB_API
#  if defined(_WIN32) && !defined(ATTRIB_STATIC)
#    ifdef ATTRIB_BUILDING
#      define ATTRIB_API __declspec(dllexport)
#    else
#      define ATTRIB_API __declspec(dllimport)
#    endif
#  elif defined(__GNUC__)
#    define ATTRIB_API __attribute__((visibility("default")))
#  else
#    define ATTRIB_API
#  endif
#endif

/* A status that is dropped is a compiler warning. */
#ifndef ATTRIB_MUST_CHECK
#  ifdef __GNUC__
#    define ATTRIB_MUST_CHECK __attribute__((warn_unused_result))
#  else
#    define ATTRIB_MUST_CHECK
#  endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to. >= 0: the outputs are valid; < 0: they are not, and only the report was written unless said
 * otherwise. The numbers are final. */
typedef int32_t attrib_status;
enum {
  ATTRIB_OK = 0,
  ATTRIB_CANCELLED = 1,     /* stopped from outside; outputs cover the rows evaluated before that, in row order */
  ATTRIB_NOT_CONVERGED = 2, /* the accuracy asked for was not reached; outputs are the best there are */
  ATTRIB_UNDEFINED = 3,     /* the quantity does not exist for this input; it is NaN */
  ATTRIB_DISAGREE = 4,      /* what was compared differs by more than a threshold allows; outputs are valid */
  ATTRIB_E_ARGUMENT = -1,   /* an argument or option is wrong; the message names it and its value */
  ATTRIB_E_STRUCT = -2,     /* a struct_size is not one this library can read */
  ATTRIB_E_MEMORY = -3,     /* an allocation failed */
  ATTRIB_E_CALLBACK = -4,   /* a callback of the caller's returned a failure; its code is in report.model_status */
  ATTRIB_E_NONFINITE = -5,  /* NaN or infinity in an input, or in what the model returned (or left unwritten) */
  ATTRIB_E_OVERFLOW = -6,   /* a size, count or sum does not fit */
  ATTRIB_E_BUSY = -7,       /* the context is in use by another call or an open run */
  ATTRIB_E_UNSUPPORTED = -8 /* valid, but not with this model, method or version; a flag or field it does not know */
};

/* The identifier of a status, "ATTRIB_E_MEMORY". Never NULL: an unknown number gives "ATTRIB_?". Any thread. */
ATTRIB_API const char *attrib_status_name(attrib_status status);

/* One sentence about a status, in English, without a full stop. Never NULL. Any thread. */
ATTRIB_API const char *attrib_status_text(attrib_status status);

/* Version of the library at run time, 0x00MMmmpp, and as "M.m.p". Any thread. */
ATTRIB_API uint32_t attrib_version(void);
ATTRIB_API const char *attrib_version_string(void);

#ifdef __cplusplus
}
#endif
#endif
