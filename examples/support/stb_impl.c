/* The one place where the stb headers are compiled. Only PNG and JPEG are read; stb opens no file itself. */
#include "stb_memory.h"

#include <stddef.h>
#include <stdlib.h>

/* A few kilobytes of PNG can inflate to gigabytes. The largest block an image within the limits of image_io.h
 * needs is its 16-bit RGBA raster with one filter byte per row (or the compressed bytes, grown by doubling);
 * stb answers a refusal with "outofmem". */
#define STB_LARGEST_BLOCK ((size_t)576 << 20)

static _Thread_local bool refused; /* stb can be at work on several threads */

bool stb_memory_refused(void) {
  return refused;
}

void stb_memory_forget(void) {
  refused = false;
}

static void *stb_allocate(size_t size) {
  void *block = size <= STB_LARGEST_BLOCK ? malloc(size) : NULL;
  if (block == NULL && size > 0) refused = true;
  return block;
}

static void *stb_reallocate(void *block, size_t size) {
  void *grown = size <= STB_LARGEST_BLOCK ? realloc(block, size) : NULL;
  if (grown == NULL && size > 0) refused = true;
  return grown;
}

#define STBI_MALLOC(size) stb_allocate(size)
#define STBI_REALLOC(block, size) stb_reallocate(block, size)
#define STBI_FREE(block) free(block)

/* The headers belong to the system: their warnings are not ours to fix. */
#if defined(__GNUC__)
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wconversion"
#  pragma GCC diagnostic ignored "-Wsign-conversion"
#  pragma GCC diagnostic ignored "-Wshadow"
#  pragma GCC diagnostic ignored "-Wextra"
#  pragma GCC diagnostic ignored "-Wall"
#  pragma GCC diagnostic ignored "-Wpedantic"
#  pragma GCC diagnostic ignored "-Wunused-function"
#endif

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#include <stb/stb_image.h>

#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

#if defined(__GNUC__)
#  pragma GCC diagnostic pop
#endif
