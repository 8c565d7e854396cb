/* utf8.h - whether bytes are text. */
#ifndef EXAMPLES_UTF8_H
#define EXAMPLES_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes, 1 to 4, of the character that these begin with, and its number in *code; 0: there is none, they are not
 * well-formed UTF-8 (RFC 3629: no overlong forms, surrogates, or anything above U+10FFFF) or no bytes at all. */
size_t utf8_character(const char *bytes, size_t size, uint32_t *code);

/* Whether all of them are well-formed UTF-8. */
bool is_utf8(const char *bytes, size_t size);

#endif
