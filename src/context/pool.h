/* pool.h - threads that sleep until a job is handed to all of them at once. */
#ifndef ATTRIB_SRC_POOL_H
#define ATTRIB_SRC_POOL_H

#include <attrib/context.h>

struct attrib__pool;

/* lanes >= 2: the caller's thread is lane 0, so lanes - 1 threads start. NULL: no memory, or a thread did not start. */
struct attrib__pool *attrib__pool_create(uint32_t lanes, const attrib_allocator *memory);
void attrib__pool_destroy(struct attrib__pool *pool, const attrib_allocator *memory);
size_t attrib__pool_size(uint32_t lanes);

/* Runs job(lane, user) on every lane, lane 0 on the calling thread, and returns when all have returned. */
void attrib__pool_run(struct attrib__pool *pool, void (*job)(uint32_t lane, void *user), void *user);

#endif
