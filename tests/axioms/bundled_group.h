/* bundled_group.h - the bundled network and its pictures, opened once for a group of tests. */
#ifndef ATTRIB_TESTS_BUNDLED_GROUP_H
#define ATTRIB_TESTS_BUNDLED_GROUP_H

#include "bundled.h"

static bundled b;

static inline int open_all(void **state) {
  (void)state;
  bundled_open(&b);
  return 0;
}

static inline int close_all(void **state) {
  (void)state;
  bundled_close(&b);
  return 0;
}

#endif
