/* markup.h - text inside SVG and HTML. */
#ifndef EXAMPLES_MARKUP_H
#define EXAMPLES_MARKUP_H

#include <stddef.h>

/* Appends text to the string in `to` (capacity bytes in all, terminator included), with & < > " and ' as references;
 * control characters and bytes that are no ASCII nor part of a whole UTF-8 text become '?'. Cut between characters.
 * Returns to. */
char *markup_append(char *to, size_t capacity, const char *text);

#endif
