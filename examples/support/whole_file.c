#include "whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "regular_file.h"

static char *read_stream(FILE *stream, size_t *size, const file_report *report) {
  char *block = malloc((size_t)WHOLE_FILE_MAX + 2);
  if (block == NULL) {
    (void)file_fail(report, -1, "out of memory");
    return NULL;
  }
  errno = 0;
  *size = fread(block, 1, (size_t)WHOLE_FILE_MAX + 1, stream);
  const int cause = errno != 0 ? errno : EIO;
  if (ferror(stream) == 0 && *size <= WHOLE_FILE_MAX) {
    char *fitted = realloc(block, *size + 1);
    block = fitted != NULL ? fitted : block;
    block[*size] = '\0';
    return block;
  }
  if (ferror(stream) != 0)
    (void)file_fail(report, -1, "cannot be read: %s", strerror(cause));
  else
    (void)file_fail(report, -1, "is over the limit of %d bytes", WHOLE_FILE_MAX);
  free(block);
  return NULL;
}

char *whole_file_read(const char *path, size_t *size, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  const char *why;
  FILE *stream = regular_file_open(path, &why);
  if (stream == NULL) {
    (void)file_fail(&report, -1, "cannot be opened: %s", why);
    return NULL;
  }
  char *block = read_stream(stream, size, &report);
  (void)fclose(stream);
  return block;
}
