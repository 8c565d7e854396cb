/* options.c - see options.h. An option that the method has no use for is an error that names it, never ignored. */
#include "options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../engine/engine.h"
#include "attributions.h"

/* A Gauss-Legendre node costs O(points), so a rule O(points^2): the limit keeps that to seconds. */
enum { DEFAULT_POINTS = 50, MOST_GAUSS_POINTS = 10000 };

/* Of the adaptive rule. Rounds of 16 take up to a third more evaluations where few are enough, 5 % more elsewhere. */
enum { DEFAULT_VECTORS = 36, LEAST_VECTORS = 20, DEFAULT_ROUND = 8 };
static const double DEFAULT_TOLERANCE = 0.05;

attrib_status attrib__result_check(attrib_context *context, bool pull, const char *name, const void *result) {
  if (pull || result != NULL) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
}

attrib_status attrib__option_unused(attrib_context *context, const char *name, double value, const char *why) {
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %g: must be 0, %s", name, value, why);
}

static attrib_status check_fixed_fields(attrib_context *context, const attrib_ig_options *options) {
  const char *why = "it belongs to ATTRIB_RULE_ADAPTIVE";
  if (options->round_rows != 0) return attrib__option_unused(context, "round_rows", options->round_rows, why);
  if (options->max_evaluations != 0)
    return attrib__option_unused(context, "max_evaluations", (double)options->max_evaluations, why);
  if (options->max_vectors != 0)
    return attrib__option_unused(context, "max_vectors", (double)options->max_vectors, why);
  if (options->tolerance != 0) return attrib__option_unused(context, "tolerance", options->tolerance, why);
  if (options->absolute_tolerance != 0)
    return attrib__option_unused(context, "absolute_tolerance", options->absolute_tolerance, why);
  if (options->deadline_seconds != 0)
    return attrib__option_unused(context, "deadline_seconds", options->deadline_seconds, why);
  return ATTRIB_OK;
}

attrib_status attrib__option_count(attrib_context *context, const char *name, int64_t value, int64_t least,
                                   int64_t most) {
  if (value >= least && value <= most) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->%s = %" PRId64 ": must be 0 or from %" PRId64 " to %" PRId64, name, value, least, most);
}

attrib_status attrib__option_reserved(attrib_context *context, const void *reserved) {
  return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->reserved = %p: this version knows no use for it",
                      reserved);
}

attrib_status attrib__option_amount(attrib_context *context, const char *name, double value) {
  if (value >= 0 && isfinite(value)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %g: must be finite and not negative", name, value);
}

attrib_status attrib__option_steps(attrib_context *context, int64_t *steps, int64_t fallback) {
  if (*steps == 0) *steps = fallback;
  return attrib__option_count(context, "steps", *steps, 1, (int64_t)1 << 40);
}

attrib_status attrib__path_rule(attrib_context *context, uint32_t *rule) {
  if (*rule == ATTRIB_RULE_DEFAULT) *rule = ATTRIB_RULE_TRAPEZOID;
  if (*rule == ATTRIB_RULE_TRAPEZOID || *rule == ATTRIB_RULE_LEFT) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT,
                      "options->rule = %" PRIu32 ": must be ATTRIB_RULE_LEFT (1), TRAPEZOID (4) or 0", *rule);
}

attrib_status attrib__adaptive_check(attrib_context *context, int64_t *max_vectors, uint32_t *round_rows) {
  if (*max_vectors == 0) *max_vectors = DEFAULT_VECTORS;
  if (*round_rows == 0) *round_rows = DEFAULT_ROUND;
  attrib_status status = attrib__option_count(context, "max_vectors", *max_vectors, LEAST_VECTORS, 1 << 20);
  return status == ATTRIB_OK ? attrib__option_count(context, "round_rows", *round_rows, 1, 1 << 20) : status;
}

/* Checks and fills in the defaults. */
static attrib_status resolve_adaptive(attrib_context *context, attrib_ig_options *options) {
  if (options->points != 0)
    return attrib__option_unused(context, "points", (double)options->points,
                                 "ATTRIB_RULE_ADAPTIVE takes a tolerance instead");
  if (options->tolerance == 0) options->tolerance = DEFAULT_TOLERANCE;
  attrib_status status = attrib__deadline_check(context, "options->", options->deadline_seconds);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "tolerance", options->tolerance);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "absolute_tolerance", options->absolute_tolerance);
  if (status == ATTRIB_OK && options->max_evaluations != 0)
    status = attrib__option_count(context, "max_evaluations", options->max_evaluations, 3, (int64_t)1 << 52);
  return status == ATTRIB_OK ? attrib__adaptive_check(context, &options->max_vectors, &options->round_rows) : status;
}

static attrib_status check_flags(attrib_context *context, const attrib_ig_options *options, bool point_only) {
  uint32_t known = point_only ? ATTRIB_TIMES_INPUT : ATTRIB_MEAN_GRADIENT;
  uint32_t all = ATTRIB_TIMES_INPUT | ATTRIB_MEAN_GRADIENT;
  if (options->flags & ~all)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%" PRIx32,
                        options->flags, all);
  if (options->flags & ~known)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags = 0x%" PRIx32 ": this method knows %s (%" PRIu32 ")", options->flags,
                        point_only ? "ATTRIB_TIMES_INPUT" : "ATTRIB_MEAN_GRADIENT", known);
  return ATTRIB_OK;
}

attrib_status attrib__threshold_check(attrib_context *context, double threshold, uint32_t flags) {
  attrib_status status = attrib__option_amount(context, "completeness_threshold", threshold);
  if (status < 0) return status;
  if (threshold > 0 && (flags & ATTRIB_MEAN_GRADIENT))
    return attrib__option_unused(context, "completeness_threshold", threshold,
                                 "a mean gradient has no completeness identity");
  return ATTRIB_OK;
}

/* Fills in the defaults. */
static attrib_status resolve_rule(attrib_context *context, attrib_ig_options *options) {
  if (options->rule > ATTRIB_RULE_ADAPTIVE)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->rule = %" PRIu32 ": must be one of ATTRIB_RULE_* (0 to 6)", options->rule);
  if (options->rule == ATTRIB_RULE_DEFAULT) options->rule = ATTRIB_RULE_MIDPOINT;
  if (options->points == 0) options->points = DEFAULT_POINTS;
  int64_t least = options->rule == ATTRIB_RULE_TRAPEZOID ? 2 : 1;
  if (options->points < least)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->points = %" PRId64 ": must be at least %" PRId64 " with this rule", options->points,
                        least);
  int64_t most = options->rule == ATTRIB_RULE_GAUSS_LEGENDRE ? MOST_GAUSS_POINTS : (int64_t)1 << 52;
  if (options->points > most)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->points = %" PRId64 ": must be at most %" PRId64 " with this rule", options->points,
                        most);
  return ATTRIB_OK;
}

attrib_status attrib__ig_options_read(attrib_context *context, const attrib_ig_options *given, bool point_only,
                                      attrib_ig_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_IG_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  status = check_flags(context, options, point_only);
  if (status < 0) return status;
  if (!point_only) {
    status = attrib__threshold_check(context, options->completeness_threshold, options->flags);
    if (status < 0) return status;
    if (options->rule == ATTRIB_RULE_DEFAULT && options->points == 0) options->rule = ATTRIB_RULE_ADAPTIVE;
    if (options->rule == ATTRIB_RULE_ADAPTIVE) return resolve_adaptive(context, options);
  }
  status = check_fixed_fields(context, options);
  if (status < 0) return status;
  if (!point_only) return resolve_rule(context, options);
  const char *why = "the gradient is taken at the input alone";
  if (options->rule != 0) return attrib__option_unused(context, "rule", options->rule, why);
  if (options->points != 0) return attrib__option_unused(context, "points", (double)options->points, why);
  if (options->completeness_threshold != 0)
    return attrib__option_unused(context, "completeness_threshold", options->completeness_threshold, why);
  options->rule = ATTRIB_RULE_RIGHT; /* one node, at alpha 1 */
  options->points = 1;
  return ATTRIB_OK;
}

attrib_status attrib__groups_check(attrib_context *context, int64_t n_groups, const int32_t *groups, int64_t n) {
  if (n_groups < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->n_groups = %" PRId64 ": must not be negative", n_groups);
  if ((n_groups == 0) != (groups == NULL))
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_groups = %" PRId64 " with groups %s: give both or neither", n_groups,
                        groups == NULL ? "NULL" : "given");
  for (int64_t i = 0; i < n && groups != NULL; i++)
    if (groups[i] < 0 || groups[i] >= n_groups)
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->groups[%" PRId64 "] = %" PRId32 ": must be in [0, %" PRId64 ")", i, groups[i],
                          n_groups);
  return ATTRIB_OK;
}
