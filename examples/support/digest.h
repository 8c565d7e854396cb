/* digest.h - SHA-256 of files and of numbers, to tell whether they are the same. */
#ifndef EXAMPLES_DIGEST_H
#define EXAMPLES_DIGEST_H

#include <stdint.h>

enum { DIGEST_TEXT = 65 }; /* hexadecimal digits and the terminator */

/* Of a regular file's bytes. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int digest_file(const char *path, char *text, char *message);

/* Of numbers as npy.h writes them: of an .npy file's bytes behind its header. */
void digest_values(const double *values, int64_t count, char *text);

#endif
