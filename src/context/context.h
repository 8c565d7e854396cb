/* context.h - entering and leaving a context, its workspace, and how a failure gets its message. */
#ifndef ATTRIB_SRC_CONTEXT_H
#define ATTRIB_SRC_CONTEXT_H

#include <stdatomic.h>
#include <stdbool.h>

#include <attrib/context.h>

#include "../base/arena.h"

enum { ATTRIB__MESSAGE_CAPACITY = 512, ATTRIB__ALIGNMENT = 64 };

struct attrib__pool;

/* Who has the context. Every change is one atomic exchange, so a second entry never disturbs the first. */
typedef enum attrib__context_state {
  ATTRIB__CONTEXT_FREE,
  ATTRIB__CONTEXT_CALL,    /* a call is inside */
  ATTRIB__CONTEXT_RUN,     /* a pull run has it, and with it the workspace */
  ATTRIB__CONTEXT_RUN_CALL /* a call on that run is inside */
} attrib__context_state;

struct attrib_context {
  atomic_int state;  /* attrib__context_state */
  atomic_int cancel; /* asked for, not yet used up */
  attrib_allocator allocator;
  uint32_t workers, in_flight; /* in_flight 0 = default */
  bool orphaned;               /* destroyed by the caller while a run was open */
  struct attrib__pool *pool;   /* NULL with one worker */
  void *workspace;
  size_t workspace_size;
  size_t base_size; /* bytes of the context and its pool */
  attrib_progress_fn progress;
  void *progress_user;
  char message[ATTRIB__MESSAGE_CAPACITY];
};

/* Enters `given`, or makes `local` a private context where given is NULL, and clears the message; *context is the one
 * to use. E_BUSY where another call is inside or a run is open. Every ATTRIB_OK is paired with attrib__end. */
attrib_status attrib__begin(attrib_context *given, attrib_context *local, attrib_context **context);

/* Leaves; releases what a private context holds. */
void attrib__end(attrib_context *context, attrib_context *local);

/* An open run keeps the context from other calls. open: instead of attrib__end. enter, leave: around a call on the run;
 * the message is kept. close: outside of any call; frees a context that was destroyed meanwhile. */
attrib_status attrib__enter_run(attrib_context *context);
void attrib__leave_run(attrib_context *context);
void attrib__open_run(attrib_context *context);
void attrib__close_run(attrib_context *context);

/* At least `bytes` of memory, aligned to 64; contents undefined. The context has one workspace: a second call may move
 * it. Reused where it is large enough. NULL: out of memory. */
void *attrib__workspace(attrib_context *context, size_t bytes);

/* Lays a state out in the workspace: `layout` carves it, once to count and once with memory. *bytes: how many.
 * E_MEMORY; E_OVERFLOW where they cannot be counted, whose message the caller may better. */
attrib_status attrib__lay_out(attrib_context *context, void (*layout)(void *state, attrib__arena *arena), void *state,
                              size_t *bytes);

/* Sets the message and returns status, so that a failure is one line: return attrib__fail(c, ATTRIB_E_ARGUMENT, "...").
 * One line that names the argument and its value. */
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
attrib_status
attrib__fail(attrib_context *context, attrib_status status, const char *format, ...);

/* E_MEMORY with a message that says how much was asked for. */
attrib_status attrib__fail_memory(attrib_context *context, size_t bytes);

/* Copies a public struct of any readable size into the latest form (`size` bytes at `latest`, rest zero). `minimum` is
 * the size of its first version. E_ARGUMENT for NULL, E_STRUCT where too small, E_UNSUPPORTED where fields this library
 * does not know are not zero. `name` is the argument's. */
attrib_status attrib__read_struct(attrib_context *context, const char *name, const void *given, size_t minimum,
                                  void *latest, size_t size);

/* The same of a call's options, where NULL is all default: every field 0 but struct_size. */
attrib_status attrib__read_options(attrib_context *context, const void *given, size_t minimum, void *latest,
                                   size_t size);

#endif
