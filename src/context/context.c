/* context.c - creating, entering and leaving contexts. */
#include "context.h"

#include <stdlib.h>
#include <string.h>

#include "../base/first_size.h"
#include "pool.h"

static void *ATTRIB_CALL default_allocate(size_t size, size_t alignment, void *user) {
  (void)user;
  /* aligned_alloc wants a multiple of the alignment. */
  if (size > SIZE_MAX - alignment) return NULL;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void ATTRIB_CALL default_release(void *block, size_t size, void *user) {
  (void)size;
  (void)user;
  free(block);
}

static void init(attrib_context *context, const attrib_allocator *allocator) {
  memset(context, 0, sizeof *context);
  atomic_init(&context->state, ATTRIB__CONTEXT_FREE);
  atomic_init(&context->cancel, 0);
  context->workers = 1;
  context->base_size = sizeof *context;
  if (allocator != NULL) {
    context->allocator = *allocator;
  } else {
    context->allocator.allocate = default_allocate;
    context->allocator.release = default_release;
  }
}

static void release_all(attrib_context *context) {
  const attrib_allocator *memory = &context->allocator;
  if (context->workspace != NULL) memory->release(context->workspace, context->workspace_size, memory->user);
  context->workspace = NULL;
  context->workspace_size = 0;
  if (context->pool != NULL) attrib__pool_destroy(context->pool, memory);
  context->pool = NULL;
}

/* There is no context yet to carry a message. */
static attrib_status read_options(const attrib_context_options *given, attrib_context_options *options,
                                  attrib_allocator *allocator) {
  attrib_status status = attrib__read_options(NULL, given, ATTRIB__FIRST_CONTEXT_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->reserved0 != 0 || options->reserved != NULL) return ATTRIB_E_UNSUPPORTED;
  if (options->workers > 1024 || options->in_flight > 4096) return ATTRIB_E_ARGUMENT;
  if (options->allocator == NULL) return ATTRIB_OK;
  status =
      attrib__read_struct(NULL, "allocator", options->allocator, ATTRIB__FIRST_ALLOCATOR, allocator, sizeof *allocator);
  if (status < 0) return status;
  if (allocator->allocate == NULL || allocator->release == NULL) return ATTRIB_E_ARGUMENT;
  if (allocator->reserved0 != 0 || allocator->reserved != NULL) return ATTRIB_E_UNSUPPORTED;
  return ATTRIB_OK;
}

attrib_status attrib_context_create(const attrib_context_options *given, attrib_context **context) {
  if (context == NULL) return ATTRIB_E_ARGUMENT;
  *context = NULL;
  attrib_context_options options;
  attrib_allocator allocator;
  attrib_status status = read_options(given, &options, &allocator);
  if (status < 0) return status;

  attrib_context local;
  init(&local, options.allocator != NULL ? &allocator : NULL);
  const attrib_allocator *memory = &local.allocator;
  attrib_context *created = memory->allocate(sizeof *created, ATTRIB__ALIGNMENT, memory->user);
  if (created == NULL) return ATTRIB_E_MEMORY;
  init(created, options.allocator != NULL ? &allocator : NULL);
  created->workers = options.workers == 0 ? 1 : options.workers;
  created->in_flight = options.in_flight;
  if (created->workers > 1) {
    created->pool = attrib__pool_create(created->workers, &created->allocator);
    if (created->pool == NULL) {
      memory->release(created, sizeof *created, memory->user);
      return ATTRIB_E_MEMORY;
    }
    created->base_size += attrib__pool_size(created->workers);
  }
  *context = created;
  return ATTRIB_OK;
}

static void free_context(attrib_context *context) {
  attrib_allocator memory = context->allocator;
  release_all(context);
  memory.release(context, sizeof *context, memory.user);
}

void attrib_context_destroy(attrib_context *context) {
  if (context == NULL) return;
  if (atomic_load(&context->state) >= ATTRIB__CONTEXT_RUN)
    context->orphaned = true; /* attrib__close_run frees it */
  else
    free_context(context);
}

static bool pass(attrib_context *context, int from, int to) {
  return atomic_compare_exchange_strong(&context->state, &from, to);
}

attrib_status attrib_context_set_progress(attrib_context *context, attrib_progress_fn fn, void *user) {
  if (context == NULL) return ATTRIB_E_ARGUMENT;
  if (!pass(context, ATTRIB__CONTEXT_FREE, ATTRIB__CONTEXT_CALL)) return ATTRIB_E_BUSY;
  context->progress = fn;
  context->progress_user = user;
  atomic_store(&context->state, ATTRIB__CONTEXT_FREE);
  return ATTRIB_OK;
}

void attrib_context_cancel(attrib_context *context) {
  if (context != NULL) atomic_store(&context->cancel, 1);
}

const char *attrib_context_error(const attrib_context *context) {
  return context == NULL ? "" : context->message;
}

int64_t attrib_context_memory(const attrib_context *context) {
  return context == NULL ? 0 : (int64_t)(context->base_size + context->workspace_size);
}

attrib_status attrib__begin(attrib_context *given, attrib_context *local, attrib_context **context) {
  if (given == NULL) {
    init(local, NULL);
    *context = local;
    return ATTRIB_OK;
  }
  if (!pass(given, ATTRIB__CONTEXT_FREE, ATTRIB__CONTEXT_CALL)) return ATTRIB_E_BUSY;
  given->message[0] = '\0';
  *context = given;
  return ATTRIB_OK;
}

void attrib__end(attrib_context *context, attrib_context *local) {
  if (context == local)
    release_all(context);
  else
    atomic_store(&context->state, ATTRIB__CONTEXT_FREE);
}

void attrib__open_run(attrib_context *context) {
  atomic_store(&context->state, ATTRIB__CONTEXT_RUN);
}

attrib_status attrib__enter_run(attrib_context *context) {
  return pass(context, ATTRIB__CONTEXT_RUN, ATTRIB__CONTEXT_RUN_CALL) ? ATTRIB_OK : ATTRIB_E_BUSY;
}

void attrib__leave_run(attrib_context *context) {
  atomic_store(&context->state, ATTRIB__CONTEXT_RUN);
}

void attrib__close_run(attrib_context *context) {
  bool orphaned = context->orphaned;
  atomic_store(&context->state, ATTRIB__CONTEXT_FREE);
  if (orphaned) free_context(context);
}

void *attrib__workspace(attrib_context *context, size_t bytes) {
  if (bytes <= context->workspace_size && context->workspace != NULL) return context->workspace;
  const attrib_allocator *memory = &context->allocator;
  if (context->workspace != NULL) memory->release(context->workspace, context->workspace_size, memory->user);
  context->workspace_size = 0;
  context->workspace = memory->allocate(bytes, ATTRIB__ALIGNMENT, memory->user);
  if (context->workspace != NULL) context->workspace_size = bytes;
  return context->workspace;
}

attrib_status attrib__lay_out(attrib_context *context, void (*layout)(void *state, attrib__arena *arena), void *state,
                              size_t *bytes) {
  attrib__arena arena = {0};
  layout(state, &arena);
  if (arena.overflow)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the scratch that is needed does not fit the address space");
  *bytes = arena.used;
  arena = (attrib__arena){.memory = attrib__workspace(context, *bytes)};
  if (arena.memory == NULL) return attrib__fail_memory(context, *bytes);
  layout(state, &arena);
  return ATTRIB_OK;
}
