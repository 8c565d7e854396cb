/* inputs.h - the files that a run reads, so that it writes over none of them. */
#ifndef EXPLAIN_IMAGE_INPUTS_H
#define EXPLAIN_IMAGE_INPUTS_H

#include <stdint.h>
#include <sys/stat.h>

typedef struct input {
  const char *what, *path; /* what: "the picture", for people */
  dev_t device;
  ino_t inode;
} input;

typedef struct inputs {
  input *all;
  int64_t count, capacity;
} inputs;

/* path must outlive the inputs. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int inputs_add(inputs *in, const char *what, const char *path, char *message);

/* That an output is none of the inputs, neither by its path nor by another one, such as a link. 0, or -1 with one line
 * in message that names both. */
int inputs_check(const inputs *in, const char *output, char *message);
void inputs_free(inputs *in); /* all zero is fine */

#endif
