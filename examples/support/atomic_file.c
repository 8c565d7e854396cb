#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700 /* realpath */
#include "atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temporaries.h"

enum { PATH_SHOWN = 200, NAME_ATTEMPTS = 1000 };

struct atomic_file {
  FILE *stream;
  char *target;
  temporary temporary; /* in the list while its path is not NULL */
  locale_t c_locale;
  int error; /* errno of the first failed write; 0 = none */
};

int file_fail(const file_report *report, int code, const char *format, ...) {
  if (report == NULL || report->message == NULL || report->capacity == 0) return code;
  const char *path = report->path != NULL ? report->path : "(no path)";
  size_t length = strlen(path);
  const char *shown = length > PATH_SHOWN ? path + (length - PATH_SHOWN) : path;
  int used = snprintf(report->message, report->capacity, "%s%s: ", shown == path ? "" : "...", shown);
  if (used > 0 && (size_t)used < report->capacity) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->message + used, report->capacity - (size_t)used, format, arguments);
    va_end(arguments);
  }
  for (char *c = report->message; *c != '\0'; c++) {
    unsigned char value = (unsigned char)*c;
    if (value < 0x20 || value == 0x7f) *c = '?';
  }
  return code;
}

/* The path to replace, links followed, or NULL with a message. Renaming over a device would destroy it (as
 * root, /dev/null), so whatever exists must be a regular file. */
static char *resolve_target(const char *path, const file_report *report) {
  struct stat status;
  if (lstat(path, &status) != 0) {
    if (errno != ENOENT) {
      (void)file_fail(report, -1, "cannot write: %s", strerror(errno));
      return NULL;
    }
    char *copy = strdup(path);
    if (copy == NULL) (void)file_fail(report, -1, "cannot write: out of memory");
    return copy;
  }
  char *target = S_ISLNK(status.st_mode) ? realpath(path, NULL) : strdup(path);
  const int known = target != NULL && stat(target, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    (void)file_fail(report, -1, "cannot write: it is a directory");
  } else if (known && !S_ISREG(status.st_mode)) {
    (void)file_fail(report, -1, "cannot write: it exists and is not a regular file");
  } else if (!known || access(target, W_OK) != 0) {
    (void)file_fail(report, -1, "cannot write: %s", strerror(errno));
  } else {
    return target;
  }
  free(target);
  return NULL;
}

/* Opens a new file in the folder of the target: rename is atomic only within one file system. The name does
 * not contain the target's, which may already be as long as the system allows. Returns the descriptor, or -1
 * with errno set. */
static int open_temporary(atomic_file *file) {
  const char *slash = strrchr(file->target, '/');
  int folder = slash != NULL ? (int)(slash - file->target) + 1 : 0;
  size_t capacity = (size_t)folder + 64;
  file->temporary.path = malloc(capacity);
  if (file->temporary.path == NULL) return -1;
  for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    (void)snprintf(file->temporary.path, capacity, "%.*s.attrib-%lld-%d.tmp", folder, file->target, (long long)getpid(),
                   attempt);
    sigset_t before;
    signals_hold(&before);
    const int descriptor = open(file->temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    const int failure = errno;
    if (descriptor >= 0) temporary_add(&file->temporary);
    signals_release(&before);
    if (descriptor >= 0) return descriptor;
    errno = failure;
    if (errno != EEXIST) break;
  }
  int cause = errno; /* nothing was created here, so there is nothing to remove */
  free(file->temporary.path);
  file->temporary.path = NULL;
  errno = cause;
  return -1;
}

/* Closes what is open, removes the temporary if it is still there, frees everything. */
static void dispose(atomic_file *file) {
  if (file->stream != NULL) (void)fclose(file->stream);
  if (file->temporary.path != NULL) {
    (void)unlink(file->temporary.path);
    temporary_remove(&file->temporary);
    free(file->temporary.path);
  }
  if (file->c_locale != (locale_t)0) freelocale(file->c_locale);
  free(file->target);
  free(file);
}

int atomic_file_check(const char *path, char *message, size_t capacity) {
  const file_report report = {path, message, capacity};
  if (path == NULL || path[0] == '\0') return file_fail(&report, -1, "cannot write: the path is empty");
  char *target = resolve_target(path, &report);
  if (target == NULL) return -1;
  char *slash = strrchr(target, '/');
  if (slash != NULL) slash[slash == target ? 1 : 0] = '\0';
  const int result = access(slash != NULL ? target : ".", W_OK | X_OK);
  const int cause = errno;
  free(target);
  return result == 0 ? 0 : file_fail(&report, -1, "cannot write: %s", strerror(cause));
}

atomic_file *atomic_file_begin(const char *path, char *message, size_t capacity) {
  const file_report report = {path, message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  if (path == NULL || path[0] == '\0') {
    (void)file_fail(&report, -1, "cannot write: the path is empty");
    return NULL;
  }
  atomic_file *file = calloc(1, sizeof *file);
  if (file == NULL) {
    (void)file_fail(&report, -1, "cannot write: out of memory");
    return NULL;
  }
  file->target = resolve_target(path, &report);
  if (file->target == NULL) {
    dispose(file);
    return NULL;
  }
  int descriptor = -1;
  file->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (file->c_locale != (locale_t)0) descriptor = open_temporary(file);
  if (descriptor >= 0) file->stream = fdopen(descriptor, "wb");
  if (file->stream == NULL) {
    (void)file_fail(&report, -1, "cannot write: %s", strerror(errno));
    if (descriptor >= 0) (void)close(descriptor);
    dispose(file);
    return NULL;
  }
  return file;
}

int atomic_file_write(atomic_file *file, const void *bytes, size_t size) {
  if (file == NULL) return -1;
  if (file->error != 0) return -1;
  errno = 0;
  if (size > 0 && (bytes == NULL || fwrite(bytes, 1, size, file->stream) != size)) {
    file->error = bytes == NULL ? EINVAL : errno != 0 ? errno : EIO;
    return -1;
  }
  return 0;
}

int atomic_file_printf(atomic_file *file, const char *format, ...) {
  if (file == NULL) return -1;
  if (file->error != 0) return -1;
  locale_t previous = uselocale(file->c_locale);
  va_list arguments;
  va_start(arguments, format);
  errno = 0;
  int written = vfprintf(file->stream, format, arguments);
  if (written < 0) file->error = errno != 0 ? errno : EIO;
  va_end(arguments);
  (void)uselocale(previous);
  return written < 0 ? -1 : 0;
}

/* Everything that can still fail before the rename; returns 0 or an errno. */
static int finish_stream(atomic_file *file) {
  int cause = file->error;
  if (file->stream == NULL) return cause; /* done before */
  if (cause == 0 && fflush(file->stream) != 0) cause = errno;
  /* Without fsync a crash soon after the rename can leave an empty file under the final name on some file
   * systems; EINVAL and ENOTSUP come from systems that have nothing to synchronise. */
  if (cause == 0 && fsync(fileno(file->stream)) != 0 && errno != EINVAL && errno != ENOTSUP) cause = errno;
  int closed = fclose(file->stream);
  if (cause == 0 && closed != 0) cause = errno;
  file->stream = NULL;
  file->error = cause;
  return cause;
}

int atomic_file_commit(atomic_file *file, char *message, size_t capacity) {
  if (file == NULL) return -1;
  const file_report report = {file->target, message, capacity};
  if (message != NULL && capacity > 0) message[0] = '\0';
  int result = 0, cause = finish_stream(file);
  if (cause != 0) {
    result = file_fail(&report, -1, "cannot write: %s", strerror(cause));
  } else if (rename(file->temporary.path, file->target) != 0) {
    result = file_fail(&report, -1, "cannot replace: %s", strerror(errno));
  } else {
    temporary_remove(&file->temporary);
    free(file->temporary.path); /* it has become the target: dispose must not remove it */
    file->temporary.path = NULL;
  }
  dispose(file);
  return result;
}

int atomic_file_commit_all(atomic_file **files, int count, char *message, size_t capacity) {
  int result = 0;
  for (int i = 0; i < count && result == 0; i++) {
    const int cause = files[i] == NULL ? 0 : finish_stream(files[i]);
    const file_report report = {files[i] == NULL ? NULL : files[i]->target, message, capacity};
    if (cause != 0) result = file_fail(&report, -1, "cannot write: %s", strerror(cause));
  }
  sigset_t before;
  signals_hold(&before);
  for (int i = 0; i < count; i++) {
    if (files[i] == NULL) continue;
    if (result == 0)
      result = atomic_file_commit(files[i], message, capacity);
    else
      dispose(files[i]);
    files[i] = NULL;
  }
  signals_release(&before);
  return result;
}

int atomic_file_commit_pair(atomic_file *first, atomic_file *second, char *message, size_t capacity) {
  atomic_file *files[] = {first, second};
  return atomic_file_commit_all(files, 2, message, capacity);
}

void atomic_file_abort(atomic_file *file) {
  if (file != NULL) dispose(file);
}
