/* clones.h - loops that are compiled for any x86-64, and for one with AVX2 and one with AVX-512, and chosen between
 * when the library is loaded. The bits are the same: every element is computed by itself, sums run in a fixed number of
 * lanes, and products and sums are never contracted. */
#ifndef ATTRIB_SRC_CLONES_H
#define ATTRIB_SRC_CLONES_H

#include <stddef.h> /* says whether the C library is glibc, which can choose */

/* Not clang: version 14 gives its choice a name that other files do not find. */
#if defined(__has_attribute) && defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#  if __has_attribute(target_clones)
#    define ATTRIB__CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#  endif
#endif
/* The choice is made before a sanitizer is ready for it. ATTRIB_NO_CLONES: for a test, and for whoever wants none. */
#if defined(ATTRIB_NO_CLONES)
#  undef ATTRIB__CLONES
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  undef ATTRIB__CLONES
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#    undef ATTRIB__CLONES
#  endif
#endif
#ifndef ATTRIB__CLONES
#  define ATTRIB__CLONES
#endif

#endif
