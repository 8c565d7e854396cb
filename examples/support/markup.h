/* markup.h - texts of others inside SVG and HTML. */
#ifndef EXAMPLES_MARKUP_H
#define EXAMPLES_MARKUP_H

#include <stddef.h>

#include "atomic_file.h"

/* What a text shows at its beginning, which must not be its end: `size` bytes of it, that may stand as they are or
 * stand for what may not. */
typedef struct markup_piece {
  const char *shown;
  size_t size, taken; /* bytes shown, bytes of the text */
} markup_piece;

/* One character. U+FFFD for a byte that is not UTF-8, for control characters but '\n' and '\t' and the others that XML
 * cannot hold, and for marks that turn the direction of what follows, which could make a name read as another one. */
markup_piece markup_clean(const char *text);

/* The same with & < > " and ' as references. */
markup_piece markup_escaped(const char *text);

/* Text between tags and in quoted attributes, escaped. text may be NULL; failures are the file's. */
void markup_write(atomic_file *file, const char *text);

/* Appends text, escaped, to the string in `to` (capacity bytes in all, terminator included). Cut between characters.
 * Returns to. */
char *markup_append(char *to, size_t capacity, const char *text);

#endif
