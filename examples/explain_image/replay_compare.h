/* replay_compare.h - whether two results are the same, as they are recorded. */
#ifndef EXPLAIN_IMAGE_REPLAY_COMPARE_H
#define EXPLAIN_IMAGE_REPLAY_COMPARE_H

#include <jansson.h>

#include <stdbool.h>

/* Whether all that a replay compares is the same (record.h says what is not). */
bool results_agree(const json_t *was, const json_t *now);

/* A line on stdout for each member that is not, with both values; keys and values of the record are cut, and show
 * nothing but printable ASCII. */
void results_print_differences(const json_t *was, const json_t *now);

#endif
