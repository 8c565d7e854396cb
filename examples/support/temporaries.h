/* temporaries.h - the temporary files of atomic_file.h that are there, for a signal handler to remove. */
#ifndef EXAMPLES_TEMPORARIES_H
#define EXAMPLES_TEMPORARIES_H

#include <signal.h>

typedef struct temporary {
  struct temporary *_Atomic next;
  char *path;
} temporary;

void temporary_add(temporary *file); /* its path and itself must live until temporary_remove */
void temporary_remove(const temporary *file);

/* No handler runs on this thread between hold and release: a temporary is there and in the list, or neither; files that
 * belong together have all been renamed, or none. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

#endif
