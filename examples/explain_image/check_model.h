/* check_model.h - whether a network's outputs and gradients are what the library takes them for. */
#ifndef EXPLAIN_IMAGE_CHECK_MODEL_H
#define EXPLAIN_IMAGE_CHECK_MODEL_H

#include "arguments.h"

/* Runs attrib_model_check on each picture, between it and the first baseline of its first pair (black where that looks
 * at none), for its first target, and prints a sentence for each check. Explains and writes nothing. Returns EXIT_DONE;
 * EXIT_FAULTY where a check failed, or another exit code; with one line in message (FILE_MESSAGE_CAPACITY bytes) where
 * it is not EXIT_DONE. */
int check_model(arguments *a, char *message);

#endif
