/* gaussian.h - Gaussian blur with a reflected border, channel by channel, in scratch memory of whoever asks. */
#ifndef ATTRIB_SRC_GAUSSIAN_H
#define ATTRIB_SRC_GAUSSIAN_H

#include <stdbool.h>
#include <stddef.h>

#include <attrib/image.h>

/* The kernel for lines of `length` pixels: weights[0] for the pixel itself, weights[k] for each of the two k away.
 * They add up to 1. radius: taps before folding; taps <= length. */
typedef struct attrib__gaussian_kernel {
  int64_t length, radius, taps;
  double *weights;
} attrib__gaussian_kernel;

typedef struct attrib__gaussian {
  uint32_t dtype;
  attrib_image shape;
  attrib__gaussian_kernel across, down;
  double *plane;   /* height x width: a channel blurred across */
  double *line;    /* a line with its reflections on both sides */
  double *blurred; /* a line's result */
} attrib__gaussian;

/* Bytes of scratch for a blur with this sigma, from 0 to 1e6, or a smaller one; the shape is as
 * attrib__image_read_shape has left it. False where they are more than memory can be. */
bool attrib__gaussian_scratch(const attrib_image *shape, double sigma, size_t *bytes);

/* Gets ready to blur with this sigma. The scratch, aligned for doubles, is used until the last channel is done. */
void attrib__gaussian_begin(attrib__gaussian *gaussian, uint32_t dtype, const attrib_image *shape, double sigma,
                            void *scratch);

/* Blurs one channel of finite pixels; row == input is allowed. */
void attrib__gaussian_channel(const attrib__gaussian *gaussian, int64_t channel, const void *input, void *row);

#endif
