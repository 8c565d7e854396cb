/* training_rows.h - training pictures as baselines: the sets "training" and "other-class" of choose_baseline.h. */
#ifndef EXAMPLES_TRAINING_ROWS_H
#define EXAMPLES_TRAINING_ROWS_H

#include "choose_baseline.h"

/* Fills choice->set, bank and text. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int choose_training_rows(const baseline_request *request, const subject *s, baseline_choice *choice, char *message);

#endif
