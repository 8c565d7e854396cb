/* map_words.h - what the values of a map are, for those who look at it on the report page. */
#ifndef EXPLAIN_IMAGE_MAP_WORDS_H
#define EXPLAIN_IMAGE_MAP_WORDS_H

#include "explain.h"
#include "report_page.h"

enum { MEANING_TEXT = 1024, NOTE_TEXT = 256 };

typedef struct map_words {
  char meaning[MEANING_TEXT]; /* a sentence or two */
  const char *high, *low;     /* what values above and below 0 are, in a word or two */
  char note[NOTE_TEXT];       /* what is to be known of its numbers, or "" */
  char feature[64];           /* of interactions: "green of pixel 31,17"; else "" */
} map_words;

void map_words_find(const pair *p, const explanation *e, map_words *to);

/* Sets what says nothing of a map by this method to NaN: what print_result leaves out. */
void map_words_limit(const picture_method *method, report_map *map);

#endif
