/* units.c - see units.h. */
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/order.h"
#include "../image/shape.h"
#include "../methods/options.h"
#include "../rows/rows.h"

attrib_status attrib__units_read(attrib_context *context, uint32_t dtype, int64_t n, const attrib_image *shape,
                                 int64_t n_groups, const int32_t *groups, attrib__units *units) {
  *units = (attrib__units){.dtype = dtype, .n = n, .count = n, .groups = groups};
  attrib_status status = attrib__groups_check(context, n_groups, groups, n);
  if (status < 0) return status;
  if (n_groups > n)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_groups = %" PRId64 ": more groups than the model has inputs, %" PRId64, n_groups,
                        n);
  if (groups != NULL) units->count = n_groups;
  if (shape == NULL) return ATTRIB_OK;
  status = attrib__image_read_shape(context, dtype, shape, &units->shape);
  if (status < 0) return status;
  status = attrib__image_check_covers(context, &units->shape, n, "model", "inputs");
  if (status < 0 || groups != NULL) return status;
  units->pixels = true;
  units->count = units->shape.width * units->shape.height;
  if (units->count > INT32_MAX)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "options->shape: %" PRId64 " pixels are too many", units->count);
  return ATTRIB_OK;
}

void attrib__units_layout(attrib__units *units, attrib__arena *arena) {
  if (units->pixels) units->groups = units->table = attrib__carve(arena, units->n, sizeof *units->table);
  if (units->pixels || units->groups != NULL) units->parts = attrib__carve(arena, units->count, sizeof *units->parts);
}

void attrib__units_build(const attrib__units *units) {
  if (!units->pixels) return;
  const attrib_image *shape = &units->shape;
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      for (int64_t c = 0; c < shape->channels; c++)
        units->table[attrib__image_offset(shape, x, y, c)] = (int32_t)(y * shape->width + x);
}

attrib_status attrib__units_check_scores(attrib_context *context, const attrib__units *units, bool per_unit,
                                         const double *scores) {
  if (scores == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "scores is NULL");
  double sizes = 0;
  for (int64_t i = 0; i < (per_unit ? units->count : units->n); i++) {
    if (!isfinite(scores[i]))
      return attrib__fail(context, ATTRIB_E_NONFINITE, "scores[%" PRId64 "] = %g: must be finite", i, scores[i]);
    sizes += fabs(scores[i]);
  }
  const bool summed = !per_unit && (units->pixels || units->groups != NULL);
  if (summed && !isfinite(sizes)) return attrib__fail(context, ATTRIB_E_OVERFLOW, "scores: their sum overflows");
  return ATTRIB_OK;
}

void attrib__units_scores(const attrib__units *units, bool per_unit, bool absolute, const double *scores,
                          double *sums) {
  if (per_unit || units->groups == NULL) {
    memcpy(sums, scores, (size_t)units->count * sizeof *sums);
  } else { /* compensated: that units with the same scores tie must not depend on the order of their inputs */
    for (int64_t u = 0; u < units->count; u++) units->parts[u] = (attrib__sum){0};
    for (int64_t i = 0; i < units->n; i++) attrib__sum_add(&units->parts[units->groups[i]], scores[i]);
    for (int64_t u = 0; u < units->count; u++) sums[u] = attrib__sum_value(&units->parts[u]);
  }
  for (int64_t u = 0; u < units->count && absolute; u++) sums[u] = fabs(sums[u]);
}

void attrib__units_rank(const attrib__units *units, const double *sums, int64_t *ranks, int64_t *order,
                        int64_t *scratch) {
  attrib__order_descending(units->count, sums, order, scratch);
  for (int64_t place = 0; place < units->count; place++) ranks[order[place]] = place;
}

static void copy_one(const attrib__units *units, int64_t i, const void *source, void *point) {
  const size_t size = attrib__element_size(units->dtype);
  memcpy((char *)point + (size_t)i * size, (const char *)source + (size_t)i * size, size);
}

void attrib__units_copy_ranked(const attrib__units *units, const int64_t *ranks, int64_t from, int64_t to,
                               const void *source, void *point) {
  for (int64_t i = 0; i < units->n; i++) {
    const int64_t rank = ranks[attrib__units_of(units, i)];
    if (rank >= from && rank < to) copy_one(units, i, source, point);
  }
}

void attrib__units_copy_marked(const attrib__units *units, const unsigned char *marks, const void *source,
                               void *point) {
  for (int64_t i = 0; i < units->n; i++)
    if (marks[attrib__units_of(units, i)] != 0) copy_one(units, i, source, point);
}
