/* picture_facts.h - what the report page says of a picture. */
#ifndef EXPLAIN_IMAGE_PICTURE_FACTS_H
#define EXPLAIN_IMAGE_PICTURE_FACTS_H

#include "report_page.h"
#include "subject.h"

enum { FACTS = 5, FACT_TEXT = 512 };

/* It points into itself, so it stays where it is. */
typedef struct picture_facts {
  report_pair pairs[FACTS];
  char values[FACTS][FACT_TEXT];
  double aspect; /* width / height where the network sees another one, else 0 */
} picture_facts;

void picture_facts_find(const subject *s, const char *path, const char *digest, picture_facts *to);

#endif
