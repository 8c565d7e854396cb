/* regular_file.h - files to read, and nothing that could block, run dry or be another thing when it is read again. */
#ifndef EXAMPLES_REGULAR_FILE_H
#define EXAMPLES_REGULAR_FILE_H

#include <stdio.h>

/* Opens a file for reading, without ever waiting for somebody to write to a pipe. NULL where that fails or where it is
 * neither a file nor a folder (whose reading fails): then *why says so, as in "cannot be opened: %s". */
FILE *regular_file_open(const char *path, const char **why);

#endif
