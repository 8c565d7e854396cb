/* regions.h - the regions of a picture that a model looks at: XRAI (Kapishnikov, Bolukbasi, Viegas, Terry 2019). */
#ifndef EXAMPLES_REGIONS_H
#define EXAMPLES_REGIONS_H

#include <attrib/attrib.h>

/* Label maps of one picture: segmentations at six scales, from fine to coarse. */
enum { REGIONS_MAPS = 6 };

/* Segments a picture, 3 x height x width in [0, 1], by felzenszwalb.h. labels: REGIONS_MAPS x height x width of the
 * caller's, which segments then points to.
 *
 * The published settings are for pictures enlarged or shrunk to 224 x 224. Here the picture is left as it is and they
 * follow it: with s = sqrt(width * height) / 224, smoothing by 0.8 s pixels, scales of s times 50, 100, 150, 250, 500
 * and 1200 (enlarging by 1 / s makes neighbours differ s times as much, and segments 1 / s^2 times as large), segments
 * of 150 s^2 pixels or more, dilation by 5 s, and additions of 50 s^2 pixels or more. Scales are in a 255th of a
 * colour; the published program also stretches colours to [-1, 1], with which the same numbers count half or less.
 *
 * context: may be NULL. Returns ATTRIB_OK, or a status < 0 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
attrib_status regions_segment(attrib_context *context, const float *pixels, int32_t width, int32_t height,
                              int32_t *labels, attrib_segments *segments, char *message);

/* Ranks the pixels: integrated gradients of the model's output `target` from black (0) and from white (1), averaged and
 * summed over channels with their signs, then attrib_image_regions over the segments above. map, height x width: from 1
 * for the region covered first to 0 for the last one, in between 1 less the share of the picture (without the last
 * region) that was covered before; so the pixels above 0.9 are the regions with which the best tenth was covered. All 1
 * where one region covers everything.
 *
 * model: F32, of 3 x height x width inputs. context: not NULL. options: of integrated gradients, without groups; NULL =
 * its defaults. report: of integrated gradients; may be NULL. Returns ATTRIB_OK; ATTRIB_NOT_CONVERGED where the
 * gradients have not (the map is of what they are); ATTRIB_CANCELLED, or a status < 0: then map is as it was. message,
 * FILE_MESSAGE_CAPACITY bytes: one line, or "" where it is OK or cancelled. */
attrib_status regions_rank(attrib_context *context, const attrib_model *model, const float *pixels, int32_t width,
                           int32_t height, int64_t target, const attrib_ig_options *options, double *map,
                           attrib_report *report, char *message);

#endif
