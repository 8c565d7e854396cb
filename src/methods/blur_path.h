/* blur_path.h - a picture's way from a blur of it to itself, as chords between blurs of falling sigma. */
#ifndef ATTRIB_SRC_BLUR_PATH_H
#define ATTRIB_SRC_BLUR_PATH_H

#include <attrib/image.h>
#include <attrib/model.h>

#include "../base/arena.h"
#include "../context/context.h"

/* Knot m has sigma max_sigma (1 - m / steps)^2, or without the square where sigmas are equally spaced; knot `steps` is
 * the input. */
typedef struct attrib__blur_path {
  uint32_t dtype;
  int64_t n;
  const void *input;
  attrib_image shape;
  double max_sigma;
  bool equal; /* equally spaced sigmas */
  int64_t steps;
  size_t scratch_bytes;
  void *from, *to; /* n each: the knots of a chord. What no blur moves is the input's in both */
  void *scratch;   /* of a blur */
} attrib__blur_path;

/* Checks input and shape against the model; max_sigma, in (0, 1e6], and steps >= 1 are set. */
attrib_status attrib__blur_path_read(attrib_context *context, const attrib_model *model, const void *input,
                                     const attrib_image *shape, attrib__blur_path *path);

/* Carves what the path needs (counting: memory NULL). */
void attrib__blur_path_layout(attrib__blur_path *path, attrib__arena *arena);

/* Goes to the start and writes knot 0. */
void attrib__blur_path_start(attrib__blur_path *path, void *point);

/* Writes the middle of chord m and the way from its start to its end, and goes on to the end: for m = 0, 1 .. steps - 1
 * in turn. E_OVERFLOW where the way cannot be held. */
attrib_status attrib__blur_path_chord(attrib__blur_path *path, attrib_context *context, int64_t m, void *middle,
                                      void *way);

#endif
