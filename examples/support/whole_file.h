/* whole_file.h - a file as one block of memory. */
#ifndef EXAMPLES_WHOLE_FILE_H
#define EXAMPLES_WHOLE_FILE_H

#include <stddef.h>

enum { WHOLE_FILE_MAX = 1 << 24 /* bytes; far more than a table of a few hundred rows */ };

/* Reads a regular file of at most WHOLE_FILE_MAX bytes; a zero byte follows its last. Returns the block, to be freed by
 * the caller, or NULL with one line in message (FILE_MESSAGE_CAPACITY bytes). */
char *whole_file_read(const char *path, size_t *size, char *message);

#endif
