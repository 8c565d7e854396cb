/* noise.h - checking a noise at the door of a call that draws from it. */
#ifndef ATTRIB_SRC_NOISE_H
#define ATTRIB_SRC_NOISE_H

#include <attrib/baselines.h>

/* All that attrib_noise_check checks, and that the noise makes rows of the model's dtype and n_inputs. The message
 * names the field. O(n_inputs) where the noise has a centre. */
attrib_status attrib__noise_check(attrib_context *context, const attrib_noise *given, uint32_t dtype, int64_t n_inputs);

#endif
