/* reference.c - see reference.h. */
#include "reference.h"

#include <math.h>
#include <stddef.h>

#include "difference.h"
#include "ssim.h"

/* Maps are shown from -1 to 1. */
static const double SHOWN_RANGE = 2;

void attrib__reference_layout(attrib__reference *reference, attrib__arena *arena) {
  double **vectors[] = {&reference->map,        &reference->ranks, &reference->sizes,
                        &reference->deviations, &reference->shown, &reference->shown_other};
  const size_t wanted = reference->shape.width > 0 ? 6 : 4;
  for (size_t k = 0; k < wanted; k++) *vectors[k] = attrib__carve(arena, reference->count, sizeof(double));
  attrib__ranker_layout(&reference->ranker, reference->count, arena);
}

static void show(int64_t count, const double *map, double *shown) {
  double largest = 0;
  for (int64_t i = 0; i < count; i++) largest = fmax(largest, fabs(map[i]));
  for (int64_t i = 0; i < count; i++) shown[i] = largest > 0 ? map[i] / largest : 0;
}

void attrib__reference_take(const attrib__reference *reference) {
  attrib__rank_deviations(&reference->ranker, reference->map, false, reference->ranks);
  attrib__rank_deviations(&reference->ranker, reference->map, true, reference->sizes);
  if (reference->shown != NULL) show(reference->count, reference->map, reference->shown);
}

attrib__likeness attrib__reference_compare(const attrib__reference *reference, const double *map) {
  const int64_t count = reference->count;
  attrib__likeness found = {.ssim = (double)NAN};
  attrib__rank_deviations(&reference->ranker, map, false, reference->deviations);
  found.ranks = attrib__rank_correlation(count, reference->ranks, reference->deviations);
  attrib__rank_deviations(&reference->ranker, map, true, reference->deviations);
  found.absolute_ranks = attrib__rank_correlation(count, reference->sizes, reference->deviations);
  found.difference = attrib__difference_find(count, reference->map, map).relative;
  if (reference->shown != NULL) found.missing = attrib__ssim_missing(&reference->shape, SHOWN_RANGE);
  if (reference->shown != NULL && found.missing == NULL) {
    show(count, map, reference->shown_other);
    found.ssim = attrib__ssim(&reference->shape, reference->shown, reference->shown_other, SHOWN_RANGE);
  }
  if (isnan(found.difference)) found.missing = "the map of the model as it is is 0 everywhere";
  if (isnan(found.absolute_ranks)) found.missing = "a map of one size everywhere has no rank correlation of sizes";
  if (isnan(found.ranks)) found.missing = "a map of one value everywhere has no rank correlation";
  return found;
}
