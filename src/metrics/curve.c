/* curve.c - see curve.h. */
#include "curve.h"

#include <math.h>

#include <attrib/metrics.h>

double attrib__curve_share(double from, double value, double to) {
  const double part = (value - from) / (to - from);
  return isfinite(to - from) && isfinite(value - from) ? part : (value / 2 - from / 2) / (to / 2 - from / 2);
}

bool attrib__curve_exists(const attrib__curve *curve) {
  switch (curve->kind) {
    case ATTRIB_CURVE_RATIO: return curve->output != 0;
    case ATTRIB_CURVE_MINMAX: return curve->output != curve->whole;
    default: return true;
  }
}

double attrib__curve_value(const attrib__curve *curve, double f) {
  if (!attrib__curve_exists(curve)) return (double)NAN;
  switch (curve->kind) {
    case ATTRIB_CURVE_RATIO: return f / curve->output;
    case ATTRIB_CURVE_MINMAX: return attrib__curve_share(curve->whole, f, curve->output);
    default: return f;
  }
}

void attrib__area_add(attrib__area *area, int64_t place, double value) {
  if (!area->begun)
    area->first = place;
  else
    attrib__sum_add(&area->sum, (double)(place - area->place) * (0.5 * area->value + 0.5 * value));
  area->begun = true;
  area->place = place;
  area->value = value;
}

double attrib__area_value(const attrib__area *area) {
  return attrib__sum_value(&area->sum) / (double)(area->place - area->first);
}
