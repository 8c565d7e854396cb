/* blur.c - the blur baseline: see gaussian.h. */
#include <inttypes.h>

#include "../context/context.h"
#include "gaussian.h"
#include "shape.h"

static attrib_status blur(attrib_context *context, uint32_t dtype, const attrib_image *given, const void *input,
                          double sigma, void *row) {
  attrib_image shape;
  attrib_status status = attrib__image_read_shape(context, dtype, given, &shape);
  if (status < 0) return status;
  if (input == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "input is NULL");
  if (!(sigma >= 0 && sigma <= 1e6))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "sigma = %g: must be in [0, 1e6]", sigma);
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "row is NULL");
  size_t bytes;
  if (!attrib__gaussian_scratch(&shape, sigma, &bytes))
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "shape: %" PRId64 " x %" PRId64 " pixels need more scratch than memory can be", shape.width,
                        shape.height);
  void *scratch = attrib__workspace(context, bytes);
  if (scratch == NULL) return attrib__fail_memory(context, bytes);
  status = attrib__image_check_finite(context, dtype, &shape, "input", input);
  if (status < 0) return status;

  attrib__gaussian gaussian;
  attrib__gaussian_begin(&gaussian, dtype, &shape, sigma, scratch);
  for (int64_t channel = 0; channel < shape.channels; channel++)
    attrib__gaussian_channel(&gaussian, channel, input, row);
  return ATTRIB_OK;
}

attrib_status attrib_image_blur(attrib_context *given, uint32_t dtype, const attrib_image *shape, const void *input,
                                double sigma, void *row) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  status = blur(context, dtype, shape, input, sigma, row);
  attrib__end(context, &local);
  return status;
}
