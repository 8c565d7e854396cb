/* randomisation_options.c - see randomisation_options.h. */
#include "randomisation_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "ssim.h"

static attrib_status read_subject(attrib_context *context, const attrib_randomisable *given, attrib_randomisable *s) {
  attrib_status status = attrib__read_struct(context, "subject", given, ATTRIB__FIRST_RANDOMISABLE, s, sizeof *s);
  if (status < 0) return status;
  if (s->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "subject->flags = 0x%" PRIx32 ": this version knows none",
                        s->flags);
  if (s->map_length < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "subject->map_length = %" PRId64 ": must be at least 1",
                        s->map_length);
  if (s->layers < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "subject->layers = %" PRId64 ": must be at least 1", s->layers);
  if (s->explain == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "subject->explain is NULL");
  if (s->randomise == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "subject->randomise is NULL");
  return ATTRIB_OK;
}

static attrib_status read_options(attrib_context *context, const attrib_randomisation_options *given,
                                  attrib_randomisation_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_RANDOMISATION_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0 || options->reserved0 != 0 || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved0 = %" PRIu32
                        ", reserved = %p: this version knows none",
                        options->flags, options->reserved0, options->reserved);
  if (options->order > ATTRIB_SANITY_INDEPENDENT)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->order = %" PRIu32 ": must be ATTRIB_SANITY_CASCADING (0) or INDEPENDENT (1)",
                        options->order);
  return ATTRIB_OK;
}

attrib_status attrib__randomisation_read(attrib_context *context, const attrib_randomisable *given,
                                         const attrib_randomisation_options *given_options,
                                         attrib_randomisable *subject, attrib_randomisation_options *options,
                                         attrib_image *shape) {
  attrib_status status = read_subject(context, given, subject);
  if (status == ATTRIB_OK) status = read_options(context, given_options, options);
  if (status < 0 || options->shape == NULL) return status;
  return attrib__ssim_read_shape(context, options->shape, subject->map_length, shape);
}
