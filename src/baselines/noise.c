/* noise.c - random reference rows, drawn where they are wanted. */
#include "noise.h"

#include "../base/first_size.h"
#include "../random/normal.h"
#include "../random/philox.h"
#include "checks.h"

static attrib_status check_range(attrib_context *context, const attrib_noise *noise) {
  attrib_status status = attrib__check_range(context, "noise->", noise->dtype, noise->low, noise->high);
  if (status < 0) return status;
  double low = noise->low, high = noise->high;
  attrib__rows_narrow(noise->dtype, &low, &high);
  if (low <= high) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "noise->low = %.17g: no float lies between it and noise->high = %.17g", noise->low, noise->high);
}

/* sigma and around, which only the gaussian kinds use. */
static attrib_status check_gaussian(attrib_context *context, const attrib_noise *noise) {
  if (noise->kind == ATTRIB_NOISE_UNIFORM) {
    if (noise->sigma != 0)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->sigma = %g: must be 0 for uniform noise", noise->sigma);
    if (noise->around != NULL)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->around: must be NULL for uniform noise");
    return ATTRIB_OK;
  }
  if (!isfinite(noise->sigma) || noise->sigma < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->sigma = %g: must be finite and not negative", noise->sigma);
  if (noise->around == NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->around is NULL: gaussian noise needs a centre");
  int64_t wrong = attrib__rows_find_nonfinite(noise->dtype, noise->around, noise->n_inputs);
  if (wrong < 0) return ATTRIB_OK;
  double value;
  attrib__rows_load(noise->dtype, noise->around, wrong, 1, &value);
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->around[%" PRId64 "] = %g: must be finite", wrong, value);
}

/* Copies the noise in and checks it, the elements of `around` last. */
static attrib_status read_noise(attrib_context *context, const attrib_noise *given, attrib_noise *noise) {
  attrib_status status = attrib__read_struct(context, "noise", given, ATTRIB__FIRST_NOISE, noise, sizeof *noise);
  if (status < 0) return status;
  if (noise->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "noise->flags = 0x%" PRIx32 ": this version knows none",
                        noise->flags);
  if (noise->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "noise->reserved: this version knows no use for it");
  status = attrib__check_dtype(context, "noise->", noise->dtype);
  if (status < 0) return status;
  if (noise->kind < ATTRIB_NOISE_UNIFORM || noise->kind > ATTRIB_NOISE_GAUSSIAN_TRUNCATED)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->kind = %" PRIu32 ": must be one of ATTRIB_NOISE_* (1 to 3)",
                        noise->kind);
  if (noise->n_inputs < 1 || noise->n_inputs > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->n_inputs = %" PRId64 ": must be from 1 to %" PRId64,
                        noise->n_inputs, ATTRIB__RANDOM_ELEMENTS);
  status = check_range(context, noise);
  return status < 0 ? status : check_gaussian(context, noise);
}

attrib_status attrib__noise_check(attrib_context *context, const attrib_noise *given, uint32_t dtype,
                                  int64_t n_inputs) {
  attrib_noise noise;
  attrib_status status = read_noise(context, given, &noise);
  if (status < 0) return status;
  if (noise.dtype != dtype)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->dtype = %" PRIu32 ": the model's is %" PRIu32, noise.dtype,
                        dtype);
  if (noise.n_inputs != n_inputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "noise->n_inputs = %" PRId64 ": the model has %" PRId64,
                        noise.n_inputs, n_inputs);
  return ATTRIB_OK;
}

attrib_status attrib_noise_check(attrib_context *given, const attrib_noise *noise) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  attrib_noise copy;
  status = read_noise(context, noise, &copy);
  attrib__end(context, &local);
  return status;
}

/* One element from its uniform number u and its centre (unused for uniform noise). */
static double draw(const attrib_noise *noise, double centre, double u) {
  switch (noise->kind) {
    case ATTRIB_NOISE_GAUSSIAN_CLIPPED: return centre + noise->sigma * attrib__normal_quantile(u);
    case ATTRIB_NOISE_GAUSSIAN_TRUNCATED:
      return attrib__truncated_normal(centre, noise->sigma, noise->low, noise->high, u);
    default: return (1 - u) * noise->low + u * noise->high; /* UNIFORM; high - low may overflow */
  }
}

int32_t ATTRIB_CALL attrib_noise_fetch(int64_t index, void *row, void *given) {
  attrib_noise noise;
  attrib_status status = read_noise(NULL, given, &noise);
  if (status < 0) return status;
  if (index < 0 || row == NULL) return ATTRIB_E_ARGUMENT;

  double low = noise.low, high = noise.high;
  attrib__rows_narrow(noise.dtype, &low, &high);
  double values[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  for (int i = 0; i < ATTRIB__BLOCK; i++) values[i] = 0;
  for (int64_t begin = 0; begin < noise.n_inputs; begin += ATTRIB__BLOCK) {
    int64_t count = attrib__block_length(begin, noise.n_inputs);
    attrib__random_uniforms(noise.seed, ATTRIB__STREAM_BASELINE_NOISE, (uint64_t)index, begin, count, uniforms);
    if (noise.around != NULL) attrib__rows_load(noise.dtype, noise.around, begin, count, values);
    for (int64_t i = 0; i < count; i++) {
      double value = draw(&noise, values[i], uniforms[i]);
      values[i] = value < low ? low : value > high ? high : value;
    }
    attrib__rows_store(noise.dtype, row, begin, count, values);
  }
  return ATTRIB_OK;
}
