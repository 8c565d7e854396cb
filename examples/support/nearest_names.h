/* nearest_names.h - what somebody may have meant. */
#ifndef EXAMPLES_NEAREST_NAMES_H
#define EXAMPLES_NEAREST_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Insertions, deletions and replacements of bytes from one name to the other, capitals and small letters of ASCII alike
 * (Levenshtein). Of longer names the first 200 bytes are compared. */
size_t name_distance(const char *from, const char *to);

/* Whether somebody who typed the one may have meant the other: about every fourth byte is wrong at most, or one holds
 * the other, whatever the capitals. Of one or two bytes, whether they differ in capitals alone. */
bool is_near_name(const char *typed, const char *name);

/* Writes the `most` names nearest to what was typed, nearest first and the first of those that are as near, as "a, b,
 * c" into text: whole names, each once, as many as fit, in quotes where they hold a comma. A name that holds what was
 * typed is nearer than any that does not. count >= 0. Returns text. */
char *nearest_names(const char *typed, const char *const *names, int64_t count, int most, char *text, size_t capacity);

/* The same of the names that are near, which may be none: "". */
char *near_names(const char *typed, const char *const *names, int64_t count, int most, char *text, size_t capacity);

#endif
