/* names.h - where the files of a run go. */
#ifndef EXPLAIN_IMAGE_NAMES_H
#define EXPLAIN_IMAGE_NAMES_H

#include "explain.h"

enum { PATH_CAPACITY = 4096 };

/* Prefixes that have been given away: none is given twice. */
typedef struct names {
  const char *out;                        /* of --out, or NULL */
  bool several;                           /* pictures */
  bool of_method, of_baseline, of_target; /* there are several, so that files are named after them */
  char **used;
  int64_t count, capacity;
} names;

/* The prefix of a map's files: OUT, or the picture's name; with several pictures OUT_NAME (OUT ending in '/': a
 * folder); then _METHOD, _from_BASELINE and _TARGET where there are several, and _2, _3, ... where it has been given
 * before. NULL after one line in message (FILE_MESSAGE_CAPACITY bytes). It lives until names_free. */
const char *names_of_map(names *n, const char *picture, const pair *p, const network *net, const target_choice *target,
                         char *message);

/* The same for what is of the whole run, such as "_record.json". picture: the first one. 0 or -1. */
int names_of_run(const names *n, const char *picture, const char *suffix, char *path, char *message);

/* Behind the last slash. */
const char *file_name(const char *path);

void names_free(names *n);

#endif
