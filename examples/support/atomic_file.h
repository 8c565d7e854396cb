/* Files that appear whole or not at all: bytes go to a temporary file in the folder of the target, and only a
 * complete, flushed file is renamed over it. Used by everything the example programs write: PNG, PPM, SVG,
 * CSV.
 *
 * Errors are sticky: after a failed write the following writes do nothing, and atomic_file_commit reports the
 * first failure, so a program may write without looking and check once, at the end. POSIX only (rename,
 * O_EXCL, locales). One thread per file; different files may be written by different threads.
 *
 * A program that ends by a signal leaves no temporaries if its handler calls atomic_file_remove_temporaries. */
#ifndef ATTRIB_EXAMPLES_ATOMIC_FILE_H
#define ATTRIB_EXAMPLES_ATOMIC_FILE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#  define FILE_PRINTF_LIKE(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#  define FILE_PRINTF_LIKE(format_index, first_index)
#endif

/* ---- one-line messages about a file, shared with image_io ---- */

/* Room that holds every message whole: a shortened path, the cause and its numbers. */
enum { FILE_MESSAGE_CAPACITY = 512 };

/* Where a failure is told. path: name for the message, NULL reads "(no path)". message: caller's buffer of
 * capacity bytes; may be NULL, and a small one gets a cut but terminated text. */
typedef struct file_report {
  const char *path;
  char *message;
  size_t capacity;
} file_report;

/* Writes "path: text" as one line (control characters become '?', a path over 200 bytes keeps its end) and
 * returns code, so that callers can write `return file_fail(...)`. report may be NULL. The text never depends
 * on what was there. */
int file_fail(const file_report *report, int code, const char *format, ...) FILE_PRINTF_LIKE(3, 4);

/* ---- the writer ---- */

typedef struct atomic_file atomic_file; /* opaque; owned by the caller until commit or abort */

/* Whether atomic_file_begin would refuse path, and whether its folder takes new files, without making one. 0, or -1
 * with one line in message. */
int atomic_file_check(const char *path, char *message, size_t capacity);

/* Opens a temporary file beside path, with mode 0666 & ~umask. The target is not touched. A symbolic link is
 * followed: its target is replaced, not the link. Refused: an empty path, a folder, anything that exists and
 * is not a regular file (devices, pipes), an existing file without write permission. Returns NULL on failure
 * with one line in message ("" on success); message may be NULL. */
atomic_file *atomic_file_begin(const char *path, char *message, size_t capacity);

/* Appends size bytes. bytes may be NULL when size is 0. Returns 0, or -1 once anything has failed; a NULL
 * file is -1. */
int atomic_file_write(atomic_file *file, const void *bytes, size_t size);

/* Appends text formatted as printf does, always in the "C" locale: a decimal point is a point whatever
 * setlocale says. Returns 0, or -1 once anything has failed; a NULL file is -1. */
int atomic_file_printf(atomic_file *file, const char *format, ...) FILE_PRINTF_LIKE(2, 3);

/* Flushes to the device, closes, renames over the target and frees file, whatever the outcome. Returns 0, or
 * -1 with one line in message (path, what failed, strerror): then the temporary is gone and an older target
 * is as it was. A NULL file returns -1 and leaves message alone, so that the line of a failed
 * atomic_file_begin survives. */
int atomic_file_commit(atomic_file *file, char *message, size_t capacity);

/* Commits two files that belong together: both are flushed to the device before the first one is renamed, so a full
 * disk leaves neither. Frees both, whatever the outcome; neither may be NULL. */
int atomic_file_commit_pair(atomic_file *first, atomic_file *second, char *message, size_t capacity);

/* The same of any number: `count` files that belong together. Those that are NULL are skipped. What is renamed before a
 * rename fails stays. */
int atomic_file_commit_all(atomic_file **files, int count, char *message, size_t capacity);

/* Removes the temporary and frees file; the target stays as it was. NULL is allowed. */
void atomic_file_abort(atomic_file *file);

/* Removes the temporaries of all files that are open, which then can be committed no more: the last thing before _exit
 * in a signal handler, on the one thread that opens, commits and aborts files. Async-signal-safe. */
void atomic_file_remove_temporaries(void);

#ifdef __cplusplus
}
#endif
#endif
