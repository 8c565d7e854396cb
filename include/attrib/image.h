/* attrib/image.h - attributions of pictures made visible, and the image baselines. No file I/O.
 *
 * A pipeline of plain steps over arrays: reduce channels to one number per pixel, normalise, colour, lay over the
 * photo. Strides are in elements, so HWC, CHW and padded rows are one type: element (x, y, c) of a picture lies at
 *   x * x_stride + y * y_stride + c * channel_stride
 * Maps are height x width doubles without padding, row by row; rgba is 4 bytes per pixel in the same order. context may
 * be NULL; it carries the message, lends scratch memory and, as in every call, is busy meanwhile. All other pointers
 * must be given unless said otherwise, and nothing of the caller's is kept. None of these costs model rows. All return
 * ARGUMENT for bad numbers or NULL, STRUCT for a struct_size and UNSUPPORTED for a flag that this version does not
 * know, NONFINITE for NaN or infinity in what they read; outputs are then untouched. */
#ifndef ATTRIB_IMAGE_H
#define ATTRIB_IMAGE_H

#include "context.h"
#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the elements of a picture lie in an array. No two of them may share an address. */
typedef struct attrib_image {
  uint32_t struct_size, flags;                /* flags: 0 */
  int64_t width, height, channels;            /* >= 1 each */
  int64_t x_stride, y_stride, channel_stride; /* elements, >= 1; all 0 = interleaved (HWC) without padding */
} attrib_image;

/* Fills a picture with one colour: values[channels], each finite and within dtype's range. The constant baseline of a
 * colour. row: as shape says; elements of it that belong to no pixel are not written. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_fill(attrib_context *context, uint32_t dtype,
                                                             const attrib_image *shape, const double *values,
                                                             void *row);

/* Fills each channel of a picture with its mean over all pixels of the input, summed in double: the mean colour, by
 * which ablation tests replace pixels. Elements between rows are not written. row == input is allowed; other overlap is
 * not. Errors: also OVERFLOW (the sum over a channel). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_mean_fill(attrib_context *context, uint32_t dtype,
                                                                  const attrib_image *shape, const void *input,
                                                                  void *row);

/* Gaussian blur over x and y of each channel by itself: the blur baseline. sigma in pixels, 0 <= sigma <= 1e6; kernel
 * radius floor(4 sigma + 1/2), weights normalised; border reflected (d c b a | a b c d | d c b a), folded as often as
 * needed, so the sum is kept for any sigma. Elements between rows are not written. row == input is allowed; other
 * overlap is not. Scratch: height x width doubles and the kernel. Errors: also MEMORY, OVERFLOW. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_blur(attrib_context *context, uint32_t dtype,
                                                             const attrib_image *shape, const void *input, double sigma,
                                                             void *row);

/* How the channels of a pixel become one number. These rank pixels differently: say which one a picture shows. */
enum {
  ATTRIB_REDUCE_SUM = 1,     /* signed sum: keeps completeness */
  ATTRIB_REDUCE_ABS_SUM = 2, /* |sum| */
  ATTRIB_REDUCE_SUM_ABS = 3, /* sum of |.| */
  ATTRIB_REDUCE_MAX_ABS = 4  /* max of |.| */
};

/* attributions laid out as shape says -> map[height * width]. Also NONFINITE where the sum over finite
 * channels is not. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_reduce(attrib_context *context, const attrib_image *shape,
                                                               const double *attributions, uint32_t mode, double *map);

/* What a normalised map shows. */
enum {
  ATTRIB_SIGN_BOTH = 1,     /* -1 .. 1, zero stays zero, one scale for both signs: for the diverging palette */
  ATTRIB_SIGN_POSITIVE = 2, /* 0 .. 1, negative values become 0 */
  ATTRIB_SIGN_NEGATIVE = 3, /* 0 .. 1 for the size of negative values, positive ones become 0 */
  ATTRIB_SIGN_ABSOLUTE = 4  /* 0 .. 1 for |.| */
};

/* The value that normalisation maps to 1: the given percentile (0 < percentile <= 100; 0 = 99) of what the mode shows
 * of the map, at position percentile * (count - 1) / 100 among the sorted values, linear in between; where that is 0
 * and the map is not, the largest value; 0 for a map without anything to show. Take it from one map and hand it to the
 * next, and the two compare. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_scale(attrib_context *context, int64_t count, double percentile,
                                                              uint32_t mode, const double *map, double *scale);

/* Divides by the scale, clips, and applies the sign mode, in place. fixed_scale > 0: that scale (percentile must be 0);
 * fixed_scale 0: attrib_image_scale with percentile. A map with nothing to show becomes all 0. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_normalise(attrib_context *context, int64_t count,
                                                                  double percentile, uint32_t mode, double fixed_scale,
                                                                  double *map);

/* A picture cut into segments, in one or several ways (label maps), such as a segmentation at several scales gives. A
 * segment is the pixels with one label in one map, grown by `dilation`: all pixels whose centres are no further than
 * that from one of its own. Labels of different maps have nothing to do with one another. */
typedef struct attrib_segments {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t count;               /* of label maps, >= 1 */
  int64_t dilation;            /* pixels, >= 0 */
  int64_t min_pixels;          /* a segment that would add fewer pixels than this is passed over; 0 = 1 */
  const int32_t *labels;       /* count x height x width: >= 0 in any numbering, or -1 = of no segment of this map */
  const void *reserved;        /* NULL */
} attrib_segments;

/* Ranks regions of a picture: the greedy selection of XRAI (Kapishnikov, Bolukbasi, Viegas, Terry 2019). Again and
 * again the segment with the largest mean of the map over its pixels that are not covered yet is chosen, of equal ones
 * that of the lower map and then of the lower label, and its pixels are covered: they are a region. It ends when every
 * segment would add fewer than min_pixels pixels.
 *
 * map: one value per pixel. order, height x width: 0 for the region that was covered first, 1 for the next; *regions is
 * their number, and stands for all pixels that no region covers. gains: height x width, or NULL: for each pixel the
 * mean of the map over what its region added (over the rest, where no region covers it). Gains need not fall from one
 * region to the next. Outputs must not overlap with inputs.
 *
 * Sums are exact, whatever the magnitudes, so ties are ties of true means and the result is the same on every machine;
 * gains are the means rounded to the nearest double. Cost: twice the sum over pixels and maps of the labels within
 * dilation, and the boxes around the segments that are chosen. Scratch: 4 bytes per pixel, and per segment 48 bytes and
 * 4 for every 32 binary orders between the map's largest value and the last bit of its smallest, about 20; nothing per
 * pixel of a segment. At most 2^31 - 1 labels in all maps together. Errors: also MEMORY, OVERFLOW. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_regions(attrib_context *context, int64_t width, int64_t height,
                                                                const double *map, const attrib_segments *segments,
                                                                int32_t *order, double *gains, int64_t *regions);

/* Palettes that stay readable with every common colour vision deficiency and in grey: lightness rises steadily. */
enum {
  ATTRIB_PALETTE_SEQUENTIAL = 1, /* 0 dark .. 1 light */
  ATTRIB_PALETTE_DIVERGING = 2   /* -1 blue .. 0 near white .. 1 red; lightness falls evenly on both sides */
};

/* map[count] -> rgba[4 * count], opaque. Values outside the palette's range are clipped to it. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_colorize(attrib_context *context, int64_t count,
                                                                 const double *map, uint32_t palette, uint8_t *rgba);

/* Lays the colours in rgba over a photo, into rgba: share * rgba + (1 - share) * photo, rounded to nearest, where share
 * is opacity (0 to 1) times the pixel's own alpha / 255, as attrib_image_colorize leaves it at 255; alpha then becomes
 * 255. photo_rgba: 4 * count bytes, its alpha not looked at. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_image_overlay(attrib_context *context, int64_t count,
                                                                const uint8_t *photo_rgba, double opacity,
                                                                uint8_t *rgba);

#ifdef __cplusplus
}
#endif
#endif
