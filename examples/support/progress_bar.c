#define _POSIX_C_SOURCE 200809L /* isatty */
#include "progress_bar.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 40 };

int32_t ATTRIB_CALL progress_bar(const attrib_progress *progress, void *user) {
  (void)user;
  if (!isatty(STDERR_FILENO)) return 0;
  if (progress->planned > 0 && progress->evaluations < progress->planned) {
    char bar[WIDTH + 1];
    size_t done = (size_t)(progress->evaluations * WIDTH / progress->planned);
    memset(bar, '.', WIDTH);
    memset(bar, '#', done);
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %lld of %lld rows", bar, (long long)progress->evaluations, (long long)progress->planned);
  } else {
    fprintf(stderr, "\r\033[K");
  }
  fflush(stderr);
  return 0;
}
