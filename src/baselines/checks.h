/* checks.h - what the generators of reference rows check about their arguments. */
#ifndef ATTRIB_SRC_CHECKS_H
#define ATTRIB_SRC_CHECKS_H

#include <inttypes.h>
#include <math.h>

#include <attrib/model.h>

#include "../context/context.h"
#include "../rows/rows.h"

/* Whether a value is finite once rounded to dtype: below half a unit past the largest float. */
static inline bool attrib__representable(uint32_t dtype, double value) {
  return dtype == ATTRIB_F32 ? fabs(value) < 0x1.ffffffp127 : isfinite(value);
}

/* dtype exists. `prefix` is what stands before the name in messages: "" or "noise->". */
static inline attrib_status attrib__check_dtype(attrib_context *context, const char *prefix, uint32_t dtype) {
  if (attrib__element_size(dtype) != 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%sdtype = %" PRIu32 ": must be ATTRIB_F32 (1) or ATTRIB_F64 (2)",
                      prefix, dtype);
}

/* value, called `name`, is finite in dtype, which exists. */
static inline attrib_status attrib__check_value(attrib_context *context, const char *prefix, const char *name,
                                                uint32_t dtype, double value) {
  if (!isfinite(value))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s%s = %g: must be finite", prefix, name, value);
  if (!attrib__representable(dtype, value))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s%s = %g: not within the range of float, which dtype says",
                        prefix, name, value);
  return ATTRIB_OK;
}

/* low and high are finite in dtype and in order. */
static inline attrib_status attrib__check_range(attrib_context *context, const char *prefix, uint32_t dtype, double low,
                                                double high) {
  attrib_status status = attrib__check_value(context, prefix, "low", dtype, low);
  if (status < 0) return status;
  status = attrib__check_value(context, prefix, "high", dtype, high);
  if (status < 0) return status;
  if (!(low < high))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%slow = %g: must be below %shigh = %g", prefix, low, prefix, high);
  return ATTRIB_OK;
}

/* The parts common to the generators' arguments: dtype, a row to write, n >= 1. */
static inline attrib_status attrib__check_row_arguments(attrib_context *context, uint32_t dtype, int64_t n,
                                                        const void *row) {
  attrib_status status = attrib__check_dtype(context, "", dtype);
  if (status < 0) return status;
  if (n < 1) return attrib__fail(context, ATTRIB_E_ARGUMENT, "n = %" PRId64 ": must be at least 1", n);
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  return ATTRIB_OK;
}

#endif
