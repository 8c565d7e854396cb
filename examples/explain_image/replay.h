/* replay.h - a run again, from its record. */
#ifndef EXPLAIN_IMAGE_REPLAY_H
#define EXPLAIN_IMAGE_REPLAY_H

#include <stdint.h>

/* Repeats every result of the record at path, writes nothing, and says on stdout of each whether all its bits agree.
 * Returns the exit code, with one line in message (FILE_MESSAGE_CAPACITY bytes) where it is not EXIT_DONE,
 * or "" where it has been told on stderr. */
int replay(const char *path, uint32_t workers, char *message);

#endif
