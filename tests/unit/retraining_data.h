/* retraining_data.h - a small data set, and a trainer that writes down what it was handed. */
#ifndef ATTRIB_TESTS_RETRAINING_DATA_H
#define ATTRIB_TESTS_RETRAINING_DATA_H

#include "fixture.h"

enum { ROWS = 7, WIDTH = 6, TRAININGS = 64 };

typedef struct data {
  double rows[ROWS * WIDTH], scores[ROWS * WIDTH], fills[ROWS * WIDTH];
  int64_t fetches, fail_at; /* fetches of all three; the one with this number (from 0) fails; -1 = none */
  int32_t fail_code;        /* what it returns; 0 = it writes NaN instead */
} data;

typedef struct handed { /* to the trainer */
  attrib_retraining_set set;
  double rows[ROWS * WIDTH];
} handed;

typedef struct trainer {
  int64_t calls, fail_at, cancel_at; /* -1 = never */
  int32_t fail_code;                 /* 0 = it gives `accuracy` instead */
  double accuracy;
  bool forgets, deaf; /* leaves the accuracy unwritten; does not look at what attrib_retraining_row returns */
  attrib_context *context;
  handed seen[TRAININGS];
} trainer;

static inline data new_data(void) {
  data d = {.fail_at = -1};
  fill_random(11, d.rows, ROWS * WIDTH);
  fill_random(12, d.scores, ROWS * WIDTH);
  fill_random(13, d.fills, ROWS * WIDTH);
  return d;
}

static inline trainer *new_trainer(void) {
  trainer *t = calloc(1, sizeof *t);
  assert_non_null(t);
  t->fail_at = t->cancel_at = -1;
  return t;
}

/* A number that differs from training to training. */
static inline double accuracy_of(const attrib_retraining_set *set) {
  return 0.5 + 0.25 * sin(1.7 * (double)set->repeat + 3 * set->fraction + (double)set->flags);
}

static inline int32_t ATTRIB_CALL note_and_train(const attrib_retraining_set *set, double *accuracy, void *user) {
  trainer *t = user;
  assert_true(t->calls < TRAININGS);
  handed *h = &t->seen[t->calls];
  h->set = *set;
  for (int64_t i = 0; i < set->count; i++) {
    double row[WIDTH];
    float small[WIDTH];
    const attrib_status status = attrib_retraining_row(set, i, set->dtype == ATTRIB_F32 ? (void *)small : (void *)row);
    if (status != ATTRIB_OK && !t->deaf) return -99;
    for (int64_t k = 0; k < WIDTH && status == ATTRIB_OK; k++)
      h->rows[i * WIDTH + k] = set->dtype == ATTRIB_F32 ? (double)small[k] : row[k];
  }
  if (t->calls == t->cancel_at) attrib_context_cancel(t->context);
  const bool fails = t->calls++ == t->fail_at;
  if (fails && t->fail_code != 0) return t->fail_code;
  if (!t->forgets) *accuracy = fails ? t->accuracy : accuracy_of(set);
  return 0;
}

static inline int32_t fetch_from(data *d, const double *rows, int64_t index, double *row) {
  const bool fails = d->fetches++ == d->fail_at;
  if (fails && d->fail_code != 0) return d->fail_code;
  memcpy(row, rows + index * WIDTH, WIDTH * sizeof *row);
  if (fails) row[4] = NAN;
  return 0;
}

static inline int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  return fetch_from(user, ((data *)user)->rows, index, row);
}
static inline int32_t ATTRIB_CALL fetch_scores(int64_t index, void *row, void *user) {
  return fetch_from(user, ((data *)user)->scores, index, row);
}
static inline int32_t ATTRIB_CALL fetch_fill(int64_t index, void *row, void *user) {
  return fetch_from(user, ((data *)user)->fills, index, row);
}

static inline attrib_baselines in_memory(const void *rows, int64_t count) {
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = count, .rows = rows};
}
static inline attrib_baselines fetched(attrib_baseline_fn fetch, data *d) {
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = ROWS, .fetch = fetch, .fetch_user = d};
}

/* Row i of a set as it must be, by the call for one row. */
static inline void expect_ablated(const attrib_retraining_set *set, const double *row, const double *scores,
                                  const double *fill, const double *made) {
  attrib_ablate_options options = {.struct_size = sizeof options, .flags = set->flags, .part = set->part};
  double expected[WIDTH];
  assert_int_equal(attrib_ablate_row(NULL, ATTRIB_F64, WIDTH, row, scores, fill, set->fraction, &options, expected),
                   ATTRIB_OK);
  assert_memory_equal(made, expected, sizeof expected);
}

#endif
