/* utf8.h - whether bytes are text. */
#ifndef EXAMPLES_UTF8_H
#define EXAMPLES_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Whether bytes are well-formed UTF-8 (RFC 3629): no overlong forms, surrogates, or anything above U+10FFFF. */
bool is_utf8(const char *bytes, size_t size);

#endif
