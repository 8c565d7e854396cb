/* check_model.h - whether a network's outputs and gradients are what the library takes them for. */
#ifndef EXPLAIN_IMAGE_CHECK_MODEL_H
#define EXPLAIN_IMAGE_CHECK_MODEL_H

#include "arguments.h"

/* Checks the network on each picture, for each target, against each baseline (black where none was given; of one of
 * many rows the first), and prints what check_subject.h has and a verdict over all. Explains and writes nothing.
 * Returns EXIT_DONE; EXIT_FAULTY where a check failed, after all of them; or another exit code, of the first that could
 * not be made; with one line in message (FILE_MESSAGE_CAPACITY bytes) where it is not EXIT_DONE. */
int check_model(arguments *a, char *message);

#endif
