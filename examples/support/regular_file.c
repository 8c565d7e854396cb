#define _POSIX_C_SOURCE 200809L /* open, fstat, fdopen */
#include "regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *regular_file_open(const char *path, const char **why) {
  struct stat status;
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* of files it blocks nothing, of pipes all */
  FILE *file = NULL;
  *why = NULL;
  if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) *why = "it is no regular file";
    if (*why == NULL) file = fdopen(descriptor, "rb");
  }
  if (file != NULL) return file;
  if (*why == NULL) *why = strerror(errno);
  if (descriptor >= 0) (void)close(descriptor);
  return NULL;
}
