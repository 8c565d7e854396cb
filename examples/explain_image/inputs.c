#define _POSIX_C_SOURCE 200809L /* stat */
#include "inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"

int inputs_add(inputs *in, const char *what, const char *path, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  struct stat status;
  if (in->count == in->capacity) {
    const int64_t more = in->capacity == 0 ? 8 : 2 * in->capacity;
    input *grown = realloc(in->all, (size_t)more * sizeof *in->all);
    if (grown == NULL) return file_fail(&report, -1, "out of memory");
    in->all = grown;
    in->capacity = more;
  }
  if (stat(path, &status) != 0) return file_fail(&report, -1, "cannot be opened: %s", strerror(errno));
  in->all[in->count++] = (input){what, path, status.st_dev, status.st_ino};
  return 0;
}

int inputs_check(const inputs *in, const char *output, char *message) {
  const file_report report = {output, message, FILE_MESSAGE_CAPACITY};
  struct stat status;
  const int there = stat(output, &status) == 0;
  for (int64_t i = 0; i < in->count; i++) {
    const input *one = &in->all[i];
    const int same = there && status.st_dev == one->device && status.st_ino == one->inode;
    if (same || strcmp(output, one->path) == 0)
      return file_fail(&report, -1, "cannot write: it is %s '%.160s', which this run reads: choose another --out",
                       one->what, one->path);
  }
  return 0;
}

void inputs_free(inputs *in) {
  free(in->all);
  *in = (inputs){.all = NULL};
}
