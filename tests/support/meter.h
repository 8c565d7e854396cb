/* meter.h - an allocator for contexts that counts, and fails on demand. */
#ifndef ATTRIB_TESTS_METER_H
#define ATTRIB_TESTS_METER_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <attrib/attrib.h>

/* An allocator over malloc that checks what comes back: every block once, with the size that was asked for. */
enum { METER_BLOCKS = 64 };
typedef struct meter {
  attrib_allocator allocator;
  int64_t fail_at; /* the allocation with this number (from 0) fails; < 0 = none */
  size_t limit;    /* larger blocks are refused; 0 = none */
  int64_t allocations, releases, errors;
  size_t live, most;
  pthread_t thread; /* the only one that may call */
  struct {
    void *block;
    size_t size;
  } blocks[METER_BLOCKS];
} meter;

void meter_start(meter *m);
/* Fails the test unless everything was given back as it was taken. */
void meter_finish(const meter *m);
/* A context over the meter; NULL where the creation failed (status in *status, which may be NULL). */
attrib_context *meter_context(meter *m, uint32_t workers, uint32_t in_flight, attrib_status *status);

#endif
