#include "meter.h"

#include <stdlib.h>
#include <string.h>

static void *ATTRIB_CALL meter_allocate(size_t size, size_t alignment, void *user) {
  meter *m = user;
  if (!pthread_equal(m->thread, pthread_self())) m->errors++;
  if (size == 0 || alignment == 0 || alignment > 64 || (alignment & (alignment - 1)) != 0) m->errors++;
  if (m->allocations++ == m->fail_at) return NULL;
  if (m->limit != 0 && size > m->limit) return NULL;
  for (int i = 0; i < METER_BLOCKS; i++) {
    if (m->blocks[i].block != NULL) continue;
    /* Of exactly this size for the sanitizers' sake: aligned_alloc would want it rounded up. */
    void *block;
    if (posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size) != 0) return NULL;
    memset(block, 0xa5, size);
    m->blocks[i].block = block;
    m->blocks[i].size = size;
    m->live += size;
    if (m->live > m->most) m->most = m->live;
    return block;
  }
  m->errors++;
  return NULL;
}

static void ATTRIB_CALL meter_release(void *block, size_t size, void *user) {
  meter *m = user;
  if (!pthread_equal(m->thread, pthread_self())) m->errors++;
  m->releases++;
  for (int i = 0; i < METER_BLOCKS; i++) {
    if (block == NULL || m->blocks[i].block != block) continue;
    if (m->blocks[i].size != size) m->errors++;
    m->live -= m->blocks[i].size;
    m->blocks[i].block = NULL;
    free(block);
    return;
  }
  m->errors++;
}

void meter_start(meter *m) {
  *m = (meter){.fail_at = -1, .thread = pthread_self()};
  m->allocator = (attrib_allocator){
      .struct_size = sizeof m->allocator, .allocate = meter_allocate, .release = meter_release, .user = m};
}

void meter_finish(const meter *m) {
  assert_int_equal(m->errors, 0);
  assert_int_equal(m->live, 0);
  for (int i = 0; i < METER_BLOCKS; i++) assert_null(m->blocks[i].block);
}

attrib_context *meter_context(meter *m, uint32_t workers, uint32_t in_flight, attrib_status *status) {
  attrib_context_options options = {
      .struct_size = sizeof options, .workers = workers, .in_flight = in_flight, .allocator = &m->allocator};
  attrib_context *context;
  attrib_status came = attrib_context_create(&options, &context);
  if (status != NULL) *status = came;
  assert_true((came == ATTRIB_OK) == (context != NULL));
  return context;
}
