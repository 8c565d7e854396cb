/* localise.c - how much of a map lies where it is known to belong. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include <attrib/agreement.h>

#include "../base/first_size.h"
#include "../base/order.h"
#include "../base/arena.h"
#include "../image/shape.h"
#include "../methods/options.h"
#include "../rows/sum.h"
#include "flags.h"
#include "result.h"

typedef struct localising {
  attrib_context *context;
  attrib_localisation_options options;
  int64_t count;
  const double *map;
  const uint8_t *mask;
  double *values; /* that are ranked */
  int64_t *order, *scratch;
  attrib_localisation found;
} localising;

static attrib_status read_options(const attrib_localisation_options *given, localising *l) {
  attrib_localisation_options *options = &l->options;
  attrib_status status =
      attrib__read_options(l->context, given, ATTRIB__FIRST_LOCALISATION_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = attrib__metric_flags(l->context, options->flags, ATTRIB_METRIC_ABSOLUTE);
  if (status < 0) return status;
  if (!(options->tolerance >= 0) || !isfinite(options->tolerance))
    return attrib__fail(l->context, ATTRIB_E_ARGUMENT, "options->tolerance = %g: must be finite and not negative",
                        options->tolerance);
  if (options->width == 0 && options->tolerance != 0)
    return attrib__option_unused(l->context, "tolerance", options->tolerance,
                                 "as options->width does not say how the pixels lie");
  if (options->width < 0 || (options->width > 0 && l->count % options->width != 0))
    return attrib__fail(l->context, ATTRIB_E_ARGUMENT,
                        "options->width = %" PRId64 ": %" PRId64 " pixels are not so many in each row", options->width,
                        l->count);
  return ATTRIB_OK;
}

static attrib_status missing(localising *l, const char *what) {
  return attrib__fail(l->context, ATTRIB_UNDEFINED, "%s", what);
}

/* A pixel of the mask within the tolerance. */
static bool is_near(const localising *l, int64_t pixel) {
  const double reach = l->options.tolerance;
  if (l->mask[pixel] != 0) return true;
  const int64_t width = l->options.width;
  if (width == 0 || reach < 1) return false;
  for (int64_t i = 0; i < l->count; i++) {
    const int64_t across = i % width - pixel % width, down = i / width - pixel / width;
    const double x = (double)across, y = (double)down;
    if (l->mask[i] != 0 && x * x + y * y <= reach * reach) return true;
  }
  return false;
}

/* Of the sum of positive values, or of sizes, the share inside; NaN where the sum is 0. */
static double share_inside(const localising *l, bool sizes, bool *overflows) {
  attrib__sum inside = {0, 0}, all = {0, 0};
  for (int64_t i = 0; i < l->count; i++) {
    const double value = sizes ? fabs(l->map[i]) : fmax(l->map[i], 0);
    attrib__sum_add(&all, value);
    if (l->mask[i] != 0) attrib__sum_add(&inside, value);
  }
  *overflows = *overflows || !isfinite(attrib__sum_value(&all));
  return attrib__sum_value(&inside) / attrib__sum_value(&all);
}

static void find_top(localising *l) {
  for (int64_t i = 0; i < l->count; i++)
    l->values[i] = l->options.flags & ATTRIB_METRIC_ABSOLUTE ? fabs(l->map[i]) : l->map[i];
  attrib__order_descending(l->count, l->values, l->order, l->scratch);
  l->found.largest = l->order[0];
  l->found.hit = is_near(l, l->order[0]);
  int64_t both = 0;
  for (int64_t place = 0; place < l->found.mask_count; place++) both += l->mask[l->order[place]] != 0;
  l->found.intersection_union = (double)both / (double)(2 * l->found.mask_count - both);
}

static attrib_status find(localising *l) {
  attrib_localisation *found = &l->found;
  bool zeros = true, overflows = false;
  for (int64_t i = 0; i < l->count; i++) {
    found->mask_count += l->mask[i] != 0;
    zeros = zeros && l->map[i] == 0;
  }
  found->hit = -1;
  found->largest = -1;
  found->mask_share = (double)found->mask_count / (double)l->count;
  found->positive_inside = found->absolute_inside = found->intersection_union = (double)NAN;
  if (found->mask_count == 0) return missing(l, "the mask is empty: there is no place to find");
  if (found->mask_count == l->count) return missing(l, "the mask covers everything: there is no place to find");
  if (zeros) return missing(l, "the map is 0 everywhere: it points nowhere");
  found->positive_inside = share_inside(l, false, &overflows);
  found->absolute_inside = share_inside(l, true, &overflows);
  if (overflows) return attrib__fail(l->context, ATTRIB_E_OVERFLOW, "the sum of the map's sizes overflows");
  find_top(l);
  if (isnan(found->positive_inside)) return missing(l, "no share of positive values exists: the map has none");
  return ATTRIB_OK;
}

static void lay_out(void *state, attrib__arena *arena) {
  localising *l = state;
  l->values = attrib__carve(arena, l->count, sizeof *l->values);
  l->order = attrib__carve(arena, l->count, sizeof *l->order);
  l->scratch = attrib__carve(arena, l->count, sizeof *l->scratch);
}

static attrib_status prepare(const attrib_localisation_options *given, const attrib_localisation *result,
                             localising *l) {
  attrib_status status = attrib__image_check_count(l->context, l->count, sizeof(double));
  if (status == ATTRIB_OK) status = read_options(given, l);
  if (status == ATTRIB_OK)
    status = attrib__out_struct_check(l->context, "localisation", result, ATTRIB__FIRST_LOCALISATION);
  if (status < 0) return status;
  if (l->map == NULL) return attrib__fail(l->context, ATTRIB_E_ARGUMENT, "map is NULL");
  if (l->mask == NULL) return attrib__fail(l->context, ATTRIB_E_ARGUMENT, "mask is NULL");
  status = attrib__image_check_map(l->context, l->count, l->map);
  if (status < 0) return status;
  size_t bytes;
  status = attrib__lay_out(l->context, lay_out, l, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(l->context, ATTRIB_E_OVERFLOW, "count = %" PRId64 ": needs more scratch than memory can be",
                        l->count);
  return status;
}

attrib_status attrib_localise(attrib_context *given, int64_t count, const double *map, const uint8_t *mask,
                              const attrib_localisation_options *options, attrib_localisation *localisation) {
  attrib_context local, *context;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  localising l = {.context = context, .count = count, .map = map, .mask = mask};
  status = prepare(options, localisation, &l);
  if (status == ATTRIB_OK) status = find(&l);
  if (status >= 0) attrib__out_struct_write(&l.found, sizeof l.found, localisation);
  attrib__end(context, &local);
  return status;
}
