/* searched_rows.h - baselines that are searched for with the network: max-entropy, near-zero and ascent of
 * choose_baseline.h. */
#ifndef EXAMPLES_SEARCHED_ROWS_H
#define EXAMPLES_SEARCHED_ROWS_H

#include "choose_baseline.h"

bool is_searched_row(const char *name);

/* Fills choice->row, and text with what the search has reached. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). */
int choose_searched_row(const baseline_request *request, const subject *s, baseline_choice *choice, char *message);

#endif
