/* options.h - attrib_ig_options at the door, and what calls check alike. */
#ifndef ATTRIB_SRC_OPTIONS_H
#define ATTRIB_SRC_OPTIONS_H

#include <stdbool.h>

#include <attrib/methods.h>

#include "../context/context.h"

/* Reads the options (NULL = all default) and checks all that does not depend on the model. point_only: the method
 * evaluates the input alone, so there is no rule to choose. The rule and points come back resolved. */
attrib_status attrib__ig_options_read(attrib_context *context, const attrib_ig_options *given, bool point_only,
                                      attrib_ig_options *options);

/* E_ARGUMENT where a call in its callback form was given NULL to write its result to; name: of that argument. */
attrib_status attrib__result_check(attrib_context *context, bool pull, const char *name, const void *result);

/* E_ARGUMENT: options->name must be 0, because ... */
attrib_status attrib__option_unused(attrib_context *context, const char *name, double value, const char *why);

/* E_ARGUMENT where options->name is not in [least, most]; 0, which means its default, is not asked about. */
attrib_status attrib__option_count(attrib_context *context, const char *name, int64_t value, int64_t least,
                                   int64_t most);

/* E_UNSUPPORTED: options->reserved is not NULL. */
attrib_status attrib__option_reserved(attrib_context *context, const void *reserved);

/* E_ARGUMENT where options->name is negative or not finite. */
attrib_status attrib__option_amount(attrib_context *context, const char *name, double value);

/* options->steps of what goes step by step, each from the last; 0 becomes the fallback. */
attrib_status attrib__option_steps(attrib_context *context, int64_t *steps, int64_t fallback);

/* options->rule of a path that is walked point by point: TRAPEZOID, which is its default, or LEFT. */
attrib_status attrib__path_rule(attrib_context *context, uint32_t *rule);

/* Checks and resolves what the adaptive rule takes besides its tolerance and budget, wherever it is used. */
attrib_status attrib__adaptive_check(attrib_context *context, int64_t *max_vectors, uint32_t *round_rows);

/* options->completeness_threshold of any method; flags: its own, a mean gradient has no completeness. */
attrib_status attrib__threshold_check(attrib_context *context, double threshold, uint32_t flags);

/* options->n_groups and the group labels of n inputs. */
attrib_status attrib__groups_check(attrib_context *context, int64_t n_groups, const int32_t *groups, int64_t n);

#endif
