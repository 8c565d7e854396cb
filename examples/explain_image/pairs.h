/* pairs.h - methods and baselines of a run: each pair with the options that say something about it. */
#ifndef EXPLAIN_IMAGE_PAIRS_H
#define EXPLAIN_IMAGE_PAIRS_H

#include "method_table.h"
#include "settings.h"

enum { METHODS_MOST = 40, BASELINES_MOST = 24, BASELINE_TEXT = 64 };

typedef struct pair {
  const picture_method *method;
  const network_source *source; /* of the settings that it was made of */
  char baseline[BASELINE_TEXT]; /* as given or the method's own; "" = it looks at none */
  common_options options;       /* what the job's options point to */
  double sigma, width;          /* of the settings, as far as they are the pair's */
  int64_t samples, grid;
  bool of_pixel;
  const char *layer;
} pair;

/* The pair of a method and a baseline ("" = the method's own) with the options of the settings. `strict`: an option
 * that says nothing about it is an error, exit code 2; else it is left out. False after a line on stderr. */
bool pair_make(const char *program, const settings *s, const picture_method *method, const char *baseline, bool strict,
               pair *p);

/* The option of the settings, by its name in a record, that the pair cannot have beside the others, with *why in words;
 * NULL = pair_make makes the pair. For settings that nobody has typed. */
const char *pair_clash(const settings *s, const picture_method *method, const char *baseline, const char **why);

/* The job and request that run it. They point to the pair. */
void pair_job(const pair *p, method_job *job, baseline_request *request);

/* Whether the network that the settings name can have it: layers and training pictures are the bundled one's; and
 * whether its baseline is of as many rows as the method takes. False after a line on stderr. */
bool pair_is_possible(const char *program, const settings *s, const pair *p);

/* Whether any of the pairs has a use for each option that was given; false after a line on stderr. */
bool pairs_take_all(const char *program, const settings *s, const pair *pairs, int count);

#endif
