#include "check_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_subject.h"
#include "command_line.h"
#include "interrupt.h"

/* The row that the picture is held against: of a set its first one. NULL after a message. */
static float *make_row(const pair *p, const subject *s, const target_choice *target, baseline_choice *choice,
                       char *message) {
  const size_t bytes = (size_t)s->net->inputs * sizeof(float);
  method_job job;
  baseline_request request;
  pair_job(p, &job, &request);
  const bool settled = method_settle("explain_image", &job, &request); /* it has been settled before */
  request.target = target->classes[0];
  if (!settled || choose_baseline(&request, s, choice, message) != 0) return NULL;
  float *row = malloc(bytes);
  if (row == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a baseline");
  if (row == NULL) return NULL;
  if (choice->set.rows != NULL)
    memcpy(row, choice->set.rows, bytes);
  else if (choice->set.fetch(0, row, choice->set.fetch_user) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the baseline cannot be made");
    free(row);
    return NULL;
  }
  return row;
}

static int check_pair(const arguments *a, const pair *p, const subject *s, const target_choice *target,
                      check_tally *tally, char *message) {
  baseline_choice choice = {.row = NULL};
  float *row = interrupted() ? NULL : make_row(p, s, target, &choice, message);
  const check_request of = {.target = target,
                            .row = row,
                            .against = choice.text,
                            .seed = a->settings.common.seed,
                            .workers = a->settings.common.workers};
  int code = row == NULL ? EXIT_FAILED : check_subject(s, &of, tally, message);
  if (row == NULL && interrupted()) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted");
    code = EXIT_INTERRUPTED;
  }
  choose_baseline_free(&choice);
  free(row);
  return code;
}

/* Every target against every baseline. */
static int check_picture(const arguments *a, const subject *s, const char *picture, check_tally *tally, char *message) {
  target_choice targets[TARGETS_MOST];
  char own[FILE_MESSAGE_CAPACITY];
  int count = 0, worst = EXIT_DONE;
  for (int i = 0; i < (a->n_targets > 0 ? a->n_targets : 1); i++)
    if (targets_find(s, a->n_targets > 0 ? a->targets[i] : NULL, targets, &count, message) != 0) return EXIT_FAILED;
  subject_print(s, picture);
  for (int t = 0; t < count; t++)
    for (int k = 0; k < a->n_pairs; k++) {
      const int code = check_pair(a, &a->pairs[k], s, &targets[t], tally, own);
      if (code != EXIT_DONE && (worst == EXIT_DONE || code != EXIT_FAULTY)) /* of faults the first is told */
        snprintf(message, FILE_MESSAGE_CAPACITY, "%s", own);
      if (code != EXIT_DONE) worst = code;
      if (code != EXIT_DONE && code != EXIT_FAULTY) return code;
    }
  return worst;
}

int check_model(arguments *a, char *message) {
  network net;
  source_digests unused;
  check_tally tally = {.ok = 0};
  int worst = EXIT_DONE;
  char own[FILE_MESSAGE_CAPACITY];
  if (source_open(&a->settings.source, &a->settings.common, &net, &unused, message) != 0) return EXIT_FAILED;
  message[0] = '\0';
  for (int i = 0; i < a->n_pictures && (worst == EXIT_DONE || worst == EXIT_FAULTY); i++) {
    subject s;
    const bool open = subject_open_with(&s, &net, a->pictures[i], own) == 0;
    const int code = open ? check_picture(a, &s, a->pictures[i], &tally, own) : EXIT_FAILED;
    if (open) subject_close(&s);
    if (code != EXIT_DONE && (worst == EXIT_DONE || code != EXIT_FAULTY))
      snprintf(message, FILE_MESSAGE_CAPACITY, "%s", own);
    if (code != EXIT_DONE) worst = code;
  }
  if (worst == EXIT_DONE || worst == EXIT_FAULTY) check_print_verdict(&tally);
  network_close(&net);
  return worst;
}
