/* pool.c - see pool.h. Threads are started with the context and joined with it, so a call starts none. */
#include "pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "context.h"

typedef struct lane_thread {
  struct attrib__pool *pool;
  uint32_t lane;
  pthread_t thread;
} lane_thread;

struct attrib__pool {
  pthread_mutex_t mutex;
  pthread_cond_t start, finish;
  uint64_t round;   /* counts jobs, so that a thread runs each once */
  uint32_t running; /* threads still in the current job */
  uint32_t lanes, started;
  bool quit;
  void (*job)(uint32_t lane, void *user);
  void *user;
  lane_thread threads[]; /* lanes - 1 */
};

static void *thread_main(void *argument) {
  lane_thread *self = argument;
  struct attrib__pool *pool = self->pool;
  uint64_t seen = 0;
  pthread_mutex_lock(&pool->mutex);
  for (;;) {
    while (pool->round == seen && !pool->quit) pthread_cond_wait(&pool->start, &pool->mutex);
    if (pool->quit) break;
    seen = pool->round;
    pthread_mutex_unlock(&pool->mutex);
    pool->job(self->lane, pool->user);
    pthread_mutex_lock(&pool->mutex);
    if (--pool->running == 0) pthread_cond_signal(&pool->finish);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

size_t attrib__pool_size(uint32_t lanes) {
  return sizeof(struct attrib__pool) + (lanes - 1) * sizeof(lane_thread);
}

struct attrib__pool *attrib__pool_create(uint32_t lanes, const attrib_allocator *memory) {
  size_t size = attrib__pool_size(lanes);
  struct attrib__pool *pool = memory->allocate(size, ATTRIB__ALIGNMENT, memory->user);
  if (pool == NULL) return NULL;
  memset(pool, 0, size);
  pool->lanes = lanes;
  bool mutex = pthread_mutex_init(&pool->mutex, NULL) == 0;
  bool start = pthread_cond_init(&pool->start, NULL) == 0;
  bool finish = pthread_cond_init(&pool->finish, NULL) == 0;
  bool ready = mutex && start && finish;
  for (uint32_t i = 0; ready && i < lanes - 1; i++) {
    pool->threads[i].pool = pool;
    pool->threads[i].lane = i + 1;
    ready = pthread_create(&pool->threads[i].thread, NULL, thread_main, &pool->threads[i]) == 0;
    if (ready) pool->started++;
  }
  if (ready) return pool;
  if (mutex && start && finish) {
    attrib__pool_destroy(pool, memory);
    return NULL;
  }
  if (finish) pthread_cond_destroy(&pool->finish);
  if (start) pthread_cond_destroy(&pool->start);
  if (mutex) pthread_mutex_destroy(&pool->mutex);
  memory->release(pool, size, memory->user);
  return NULL;
}

void attrib__pool_destroy(struct attrib__pool *pool, const attrib_allocator *memory) {
  pthread_mutex_lock(&pool->mutex);
  pool->quit = true;
  pthread_cond_broadcast(&pool->start);
  pthread_mutex_unlock(&pool->mutex);
  for (uint32_t i = 0; i < pool->started; i++) pthread_join(pool->threads[i].thread, NULL);
  pthread_cond_destroy(&pool->finish);
  pthread_cond_destroy(&pool->start);
  pthread_mutex_destroy(&pool->mutex);
  memory->release(pool, attrib__pool_size(pool->lanes), memory->user);
}

void attrib__pool_run(struct attrib__pool *pool, void (*job)(uint32_t lane, void *user), void *user) {
  pthread_mutex_lock(&pool->mutex);
  pool->job = job;
  pool->user = user;
  pool->running = pool->lanes - 1;
  pool->round++;
  pthread_cond_broadcast(&pool->start);
  pthread_mutex_unlock(&pool->mutex);
  job(0, user);
  pthread_mutex_lock(&pool->mutex);
  while (pool->running > 0) pthread_cond_wait(&pool->finish, &pool->mutex);
  pthread_mutex_unlock(&pool->mutex);
}
