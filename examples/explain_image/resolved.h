/* resolved.h - what a result was made with: every option that decides its bits, as it was resolved, and a few by which
 * they do not differ. Made in one place, for the record and for the page. */
#ifndef EXPLAIN_IMAGE_RESOLVED_H
#define EXPLAIN_IMAGE_RESOLVED_H

#include "explain.h"

enum { RESOLVED_MOST = 24, RESOLVED_TEXT = 512 };

enum { RESOLVED_WORDS, RESOLVED_INTEGER, RESOLVED_REAL }; /* kinds of value */

typedef struct resolved_option {
  const char *key, *title; /* in the record, and for people */
  int kind;
  int64_t integer;          /* of that kind */
  double real;              /* of that kind */
  char text[RESOLVED_TEXT]; /* of every kind */
} resolved_option;

typedef struct resolved {
  int count;
  resolved_option options[RESOLVED_MOST];
} resolved;

/* Of a result, while its subject is open. Of options that had no say (a sigma where there is no noise, a seed where
 * nothing is random) there is none in the list. */
void resolve(const pair *p, const explanation *e, resolved *to);

/* Whether results may differ where this option does; not: which file the network is in (its digest says what it is),
 * labels, workers, and libtorch's version, of which nobody knows. */
bool resolved_decides(const char *key);

#endif
