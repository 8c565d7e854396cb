/* check_subject.h - one check of a network: between a picture and a row, for one target. */
#ifndef EXPLAIN_IMAGE_CHECK_SUBJECT_H
#define EXPLAIN_IMAGE_CHECK_SUBJECT_H

#include "targets.h"

/* Of all checks so far. */
typedef struct check_tally {
  int64_t ok, faults, skipped;
} check_tally;

/* What is not of the subject. */
typedef struct check_request {
  const target_choice *target;
  const float *row;    /* of the network's inputs: the other end */
  const char *against; /* what it is, for people */
  uint64_t seed;       /* of the directions that are drawn */
  uint32_t workers;
} check_request;

/* Runs attrib_model_check on the subject's model and prints a line for each finding, with its verdict before it.
 * Returns EXIT_DONE; EXIT_FAULTY where something is wrong, and another exit code where it cannot be said, with one line
 * in message (FILE_MESSAGE_CAPACITY bytes). */
int check_subject(const subject *s, const check_request *of, check_tally *tally, char *message);

/* The verdict over all of them, a line. */
void check_print_verdict(const check_tally *tally);

#endif
