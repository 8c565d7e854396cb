/* png_write.h - pixels as PNG (ISO/IEC 15948), compressed by zlib, into whatever takes bytes. */
#ifndef EXAMPLES_PNG_WRITE_H
#define EXAMPLES_PNG_WRITE_H

#include <stddef.h>
#include <stdint.h>

/* Takes the next bytes of the file; remembers its own failures. */
typedef void (*png_sink)(void *to, const void *bytes, size_t size);

/* height rows of width pixels of 1 to 4 channels (grey, grey and alpha, RGB, RGBA), 8 bits each, back to back. Memory:
 * three rows, what zlib needs, and a chunk; the picture is not held twice. 0, or -1 where there is none. */
int png_write(int32_t width, int32_t height, int32_t channels, const uint8_t *pixels, png_sink sink, void *to);

#endif
