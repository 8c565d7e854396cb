/* attrib/context.h - what lives longer than one call: memory, worker threads, progress, cancellation, the last message.
 *
 * Every call that can fail takes a context first. NULL means a private one for that call: malloc, the calling thread
 * only, no progress, and the message only where a report carries one.
 *
 * Thread rule: one call at a time per context. A second entry, from a callback or another thread, gets ATTRIB_E_BUSY
 * and changes nothing of the context. attrib_context_cancel alone may be called at any time from any thread. Different
 * contexts are independent; the library has no global state. */
#ifndef ATTRIB_CONTEXT_H
#define ATTRIB_CONTEXT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct attrib_context attrib_context;

/* Where working memory comes from. Both functions are called only on the thread that is inside a call of the library,
 * never on worker threads. `release` gets the size that was asked for. */
typedef struct attrib_allocator {
  uint32_t struct_size, reserved0;
  void *(ATTRIB_CALL *allocate)(size_t size, size_t alignment, void *user); /* NULL = out of memory; alignment <= 64 */
  void(ATTRIB_CALL *release)(void *block, size_t size, void *user);
  void *user;
  void *reserved;
} attrib_allocator;

typedef struct attrib_context_options {
  uint32_t struct_size;
  uint32_t workers;                  /* lanes that evaluate, the calling thread being one; 0 = 1; at most 1024 */
  uint32_t in_flight;                /* batches under way at once; 0 = 2 x workers; at most 4096 */
  uint32_t reserved0;                /* 0 */
  const attrib_allocator *allocator; /* copied; NULL = malloc */
  void *reserved;                    /* NULL */
} attrib_context_options;

/* What a progress callback is told. */
typedef struct attrib_progress {
  uint32_t struct_size, phase; /* phase: 0 */
  int64_t evaluations;         /* rows whose results are in, those without gradients included */
  int64_t planned;             /* rows the call needs in all; 0 = not known */
  double error_estimate;       /* relative; NaN = none yet */
} attrib_progress;

/* Nonzero cancels the call. Called on the thread that made the call, between batches; may not enter the context. While
 * it, a fetch or a curve runs, other lanes can finish the batches they have but take no new ones. */
typedef int32_t(ATTRIB_CALL *attrib_progress_fn)(const attrib_progress *progress, void *user);

/* Creates a context. options NULL = defaults. Starts workers - 1 threads, which sleep between calls.
 * Errors, without a message since there is no context yet: ARGUMENT (context NULL, workers or in_flight out of range,
 * half an allocator), UNSUPPORTED (reserved fields not 0), STRUCT, MEMORY (also: a thread cannot start). *context is
 * NULL after a failure. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_context_create(const attrib_context_options *options,
                                                                 attrib_context **context);

/* Ends the threads and releases everything the context holds. NULL is fine. With a run still open on it the context
 * lives on, out of reach, until that run is destroyed, so the two may go in either order. Not from inside one of its
 * calls. */
ATTRIB_API void attrib_context_destroy(attrib_context *context);

/* Sets or clears (fn NULL) the progress callback of later calls. Errors: ARGUMENT (context NULL), BUSY (a call is
 * inside, or a run is open). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_context_set_progress(attrib_context *context, attrib_progress_fn fn,
                                                                       void *user);

/* Asks the call under way to end with ATTRIB_CANCELLED after the batches already out; with none under way, the next
 * call that evaluates a model ends so at once. The request is used up by the call it ends, and dropped when a call that
 * it reached too late ends. Any thread, any time (also a signal handler); NULL is fine. */
ATTRIB_API void attrib_context_cancel(attrib_context *context);

/* Why the context's last call failed or did not converge: one line that names the argument and its value; "" when it
 * was OK or cancelled, and for NULL. Owned by the context, valid until its next call. Same thread as the call. Numbers
 * in it are written as printf does, so their decimal character follows LC_NUMERIC. */
ATTRIB_API const char *attrib_context_error(const attrib_context *context);

/* Bytes of memory the context holds now, itself included; 0 for NULL. It keeps its workspace between calls, so a repeat
 * of a call of the same shape allocates nothing. */
ATTRIB_API int64_t attrib_context_memory(const attrib_context *context);

#ifdef __cplusplus
}
#endif
#endif
