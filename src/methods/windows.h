/* windows.h - the square windows of a map that hold most of it, one after another, without overlap: what is perturbed
 * first where a map is judged by the area under a perturbation curve (AUPC; adaptive noising may minimise it). */
#ifndef ATTRIB_SRC_WINDOWS_H
#define ATTRIB_SRC_WINDOWS_H

#include <stdint.h>

/* The score of a window is the mean of |map| over its side x side pixels. The best one is taken, every window that
 * shares a pixel with it is out, the best of the others is taken, and so on, until there are `most` or none is left; of
 * equal ones the first in row-major order. corners (most): top left pixel of each, y * width + x, best first. Returns
 * how many there are; 0 where a window does not fit.
 *
 * map: height x width doubles, row by row, finite, no sum over a window overflowing; all sizes >= 1. All places
 * 0 ... height - side and 0 ... width - side are looked at; the published code leaves out the last row and column.
 * Each sum is formed by itself, in the same order everywhere (columns of sums over rows): sliding sums and integral
 * images carry rounding errors of large values elsewhere, and would tell equal windows apart. */
int64_t attrib__windows_choose(int64_t height, int64_t width, const double *map, int64_t side, int64_t most,
                               double *scratch, int64_t *corners);

/* Doubles of scratch. */
int64_t attrib__windows_scratch(int64_t height, int64_t width, int64_t side);

#endif
