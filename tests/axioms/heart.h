/* heart.h - the bundled network and one of its pictures, loaded once for a group of tests. */
#ifndef ATTRIB_TESTS_HEART_H
#define ATTRIB_TESTS_HEART_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <attrib/attrib.h>

#include "image_io.h"
#include "small_net.h"

enum { N = SMALL_NET_INPUTS, CLASS = 6 }; /* the class of the picture */

static small_net *net;
static image_data heart;

static inline int load(void **state) {
  (void)state;
  char message[FILE_MESSAGE_CAPACITY];
  if (small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", 1, &net, message, sizeof message) != 0)
    fail_msg("%s", message);
  if (image_load(ATTRIB_EXAMPLES_DATA "/pictures/heart_red.png", &heart, message, sizeof message) != 0)
    fail_msg("%s", message);
  return 0;
}

static inline int unload(void **state) {
  (void)state;
  image_free(&heart);
  small_net_free(net);
  return 0;
}

/* So many zeros of a type, and N of them; to be freed by the caller. */
static inline void *blocks(int64_t count, size_t size) {
  void *memory = calloc((size_t)count, size);
  assert_non_null(memory);
  return memory;
}
static inline void *block(size_t size) {
  return blocks(N, size);
}

#endif
