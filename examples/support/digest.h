/* digest.h - SHA-256 of files and of numbers, to tell whether they are the same. */
#ifndef EXAMPLES_DIGEST_H
#define EXAMPLES_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DIGEST_TEXT = 65 }; /* hexadecimal digits and the terminator */

/* Of bytes in memory: of what has been read, whatever the file holds by now. */
void digest_bytes(const void *bytes, size_t size, char *text);

/* Of a regular file's bytes. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int digest_file(const char *path, char *text, char *message);

/* Of numbers as npy.h writes them: of an .npy file's bytes behind its header. */
void digest_values(const double *values, int64_t count, char *text);

#ifdef __cplusplus
}
#endif

#endif
