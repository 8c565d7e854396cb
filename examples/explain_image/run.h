/* run.h - explains the pictures of a command line, map by map. */
#ifndef EXPLAIN_IMAGE_RUN_H
#define EXPLAIN_IMAGE_RUN_H

#include "arguments.h"

/* Returns the exit code, with one line in message (FILE_MESSAGE_CAPACITY bytes) where it is not EXIT_DONE. */
int run(arguments *a, char *message);

#endif
