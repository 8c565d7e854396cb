/* lines.h - where the points of a path integral lie. Four sources, one shape: lines from..to with a weight each.
 *   BASELINES  line k runs from baseline k to the input      KNOTS  line k joins knots k and k + 1, weight 1
 *   CURVE      one "line" that is the caller's curve          POINT  the input alone, at alpha 1: no start */
#ifndef ATTRIB_SRC_LINES_H
#define ATTRIB_SRC_LINES_H

#include <attrib/path.h>

#include "../baselines/baselines.h"
#include "../rows/row.h"

typedef enum attrib__line_kind {
  ATTRIB__LINES_BASELINES,
  ATTRIB__LINES_KNOTS,
  ATTRIB__LINES_CURVE,
  ATTRIB__LINES_POINT
} attrib__line_kind;

typedef struct attrib__lines {
  attrib__line_kind kind;
  uint32_t dtype;
  int64_t n, count;
  const void *input; /* BASELINES, POINT */
  attrib__baselines baselines;
  attrib_path path; /* stride resolved */
} attrib__lines;

/* Reading and checking the arguments. */
attrib_status attrib__lines_from_point(attrib_context *context, const attrib_model *model, const void *input,
                                       attrib__lines *lines);
attrib_status attrib__lines_from_baselines(attrib_context *context, const attrib_model *model, const void *input,
                                           const attrib_baselines *baselines, attrib__lines *lines);
attrib_status attrib__lines_from_path(attrib_context *context, const attrib_model *model, const attrib_path *given,
                                      attrib__lines *lines);

/* Rows of the caller's that are made on demand need a spare row each while their batch lives. */
bool attrib__lines_need_spare(const attrib__lines *lines);

/* Weight of line k in the integral; 0 = left out. And of f(start of line k) in the completeness target: every
 * baseline's own, the first knot's, none of a point. */
double attrib__lines_weight(const attrib__lines *lines, int64_t k);
double attrib__lines_start_weight(const attrib__lines *lines, int64_t k);

/* Number of lines, and of starts, with positive weight. */
int64_t attrib__lines_used(const attrib__lines *lines);
int64_t attrib__lines_starts(const attrib__lines *lines);

/* A line that ends at the input. */
int64_t attrib__lines_last(const attrib__lines *lines);

/* The row at row->alpha of line row->baseline: sets from and to (of a point, from NULL), or writes the curve's point
 * and tangent. */
attrib_status attrib__lines_gather(attrib__lines *lines, attrib__row *row, attrib__gathering *gathering);

#endif
