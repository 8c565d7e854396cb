/* plan.h - all maps of a run before any work: what each is of, and where its files go. */
#ifndef EXPLAIN_IMAGE_PLAN_H
#define EXPLAIN_IMAGE_PLAN_H

#include "arguments.h"
#include "inputs.h"
#include "names.h"

typedef struct planned_map {
  int picture;
  const pair *pair;
  target_choice target;
  const char *prefix; /* of its files; it belongs to the names */
} planned_map;

typedef struct plan {
  names names;
  planned_map *maps; /* in the order they are made in: picture by picture */
  int64_t count, capacity;
} plan;

void plan_begin(plan *p, const arguments *a);

/* The maps of a picture, the next one. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int plan_add_picture(plan *p, const arguments *a, int picture, const subject *s, char *message);

/* Once all pictures are in: names every map, and looks at all files of all maps, that they can be written and are none
 * of the inputs. 0, or -1 with one line in message. */
int plan_files(plan *p, const arguments *a, const network *net, const inputs *in, char *message);

/* That of the whole run, with the same checks: "_record.json". path: PATH_CAPACITY bytes and 32. 0 or -1. */
int plan_file_of_run(const plan *p, const arguments *a, const inputs *in, const char *suffix, char *path,
                     char *message);
void plan_free(plan *p);

#endif
