#define _POSIX_C_SOURCE 200809L /* pthread_sigmask, unlink */
#include "temporaries.h"

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "atomic_file.h"

/* A signal handler on the thread that changes the list finds it whole at any moment; the lock is between threads. */
static struct temporary *_Atomic first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void temporary_add(temporary *file) {
  (void)pthread_mutex_lock(&lock);
  file->next = first;
  first = file;
  (void)pthread_mutex_unlock(&lock);
}

void temporary_remove(const temporary *file) {
  (void)pthread_mutex_lock(&lock);
  for (struct temporary *_Atomic *at = &first; *at != NULL; at = &(*at)->next)
    if (*at == file) {
      *at = file->next;
      break;
    }
  (void)pthread_mutex_unlock(&lock);
}

void atomic_file_remove_temporaries(void) {
  for (const temporary *file = first; file != NULL; file = file->next) (void)unlink(file->path);
}

void signals_hold(sigset_t *before) {
  sigset_t all;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_BLOCK, &all, before);
}

void signals_release(const sigset_t *before) {
  (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}
