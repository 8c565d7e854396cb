/* hardship.h - what the hardship tests share: a stage on which every method can be played with a model that misbehaves
 * on order, and the right answers, computed without the library. */
#ifndef ATTRIB_TESTS_HARDSHIP_H
#define ATTRIB_TESTS_HARDSHIP_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analytic.h"
#include "meter.h"

typedef enum fault {
  FAULT_NONE,
  FAULT_FAIL,        /* the callback returns -(1000 + first row of the batch) */
  FAULT_STOP,        /* the callback returns 1000 + first row of the batch */
  FAULT_NAN,         /* the row's output is NaN */
  FAULT_INFINITE,    /* the last element of its gradient is infinite */
  FAULT_NO_OUTPUT,   /* its output is left unwritten */
  FAULT_NO_GRADIENT, /* its gradient is left unwritten */
  FAULT_IDLE         /* the callback returns 0 and writes nothing at all */
} fault;

enum { STAGE_OUTPUTS = 2, STAGE_GROUPS = 2 };

/* Arguments for every method, each buffer in a block of exactly its size. */
typedef struct stage {
  int64_t n, count, stride, points;
  uint32_t dtype;
  double tolerance; /* of the scenes that have one; 0 = their own */
  bool swapped;     /* baselines of sampled scenes in memory instead of fetched, and the other way round */
  double *values;   /* count x n: the baselines or knots, before rounding to dtype */
  double *input_values;
  void *input, *rows;
  double *weights, *target_weights;
  int32_t *groups;
  attrib_noise noise;
  analytic inner;
  attrib_model model; /* evaluate: inner, with the fault below */
  /* The fault of the model: in row `at` and, with `onwards`, in all after it. */
  fault fault;
  int64_t at;
  bool onwards, shuffled; /* shuffled: batches take different times */
  atomic_llong first_row; /* of the first batch, in row order, that had the fault; INT64_MAX = none */
  /* Called from inside callbacks, where not NULL. */
  void (*inside)(struct stage *stage);
  void (*inside_fetch)(struct stage *stage);
  void *inside_user;
  /* The fetch and path callbacks: call number fail_fetch_at (from 0) returns fetch_code. */
  int64_t fail_fetch_at;
  int32_t fetch_code;
  atomic_llong fetches;
  atomic_int fetching, most_fetching;
  struct recording *recordings; /* sampled.c */
} stage;

void stage_open(stage *s, uint32_t dtype, int64_t n, int64_t count, int64_t points);
void stage_close(stage *s);
void stage_fault(stage *s, fault kind, int64_t at, bool onwards);
/* Another stage with the same arguments and neither faults nor counts; not to be closed. */
void stage_stand_in(stage *other, const stage *s);

typedef enum scene {
  SCENE_GRADIENT,
  SCENE_TIMES_INPUT,
  SCENE_IG_ROWS,         /* weighted baselines in memory, midpoint */
  SCENE_IG_FETCHED,      /* fetched, left rule */
  SCENE_IG_NOISE,        /* fetched by attrib_noise_fetch, trapezoid, groups, target weights */
  SCENE_IG_MEAN,         /* mean gradient, Gauss-Legendre */
  SCENE_PATH_KNOTS,      /* right rule, groups */
  SCENE_PATH_CURVE,      /* midpoint */
  SCENE_EG_IID,          /* weighted, fetched */
  SCENE_EG_STRATIFIED,   /* rows in memory, groups, target weights */
  SCENE_EG_LATTICE,      /* weighted, fetched, several draws for each */
  SCENE_EG_SINGLE,       /* lattice of one draw for each by default, mean gradient */
  SCENE_EG_ROUNDS,       /* stratified, weighted, fetched, doubled until the tolerance is met */
  SCENE_EG_DOUBLED,      /* weighted lattice, doubled until the budget ends */
  SCENE_EG_CHANGED,      /* many baselines, fetched: strata, then a lattice that meets the tolerance */
  SCENE_SMOOTH_PAIRS,    /* mean */
  SCENE_SMOOTH_SINGLE,   /* independent, times input, groups, target weights */
  SCENE_SMOOTH_TAYLOR,   /* pairs, clipped */
  SCENE_SMOOTH_VARIANCE, /* pairs, groups */
  SCENE_SMOOTH_ROUNDS,   /* squared, pairs, doubled until the tolerance is met */
  SCENE_RUNS,            /* the scenes before this have a pull form */
  SCENE_OUTPUTS_ONE = SCENE_RUNS,
  SCENE_OUTPUTS_ALL, /* fetched */
  SCENE_METHODS,     /* the scenes before this evaluate a model */
  SCENE_MEAN_ROWS = SCENE_METHODS,
  SCENE_MEAN_FETCHED,
  SCENE_BLUR,
  SCENE_SCALE,
  SCENE_NORMALISE,
  SCENE_END
} scene;

extern const char *const scene_names[SCENE_END];
bool scene_fetches(scene which);                    /* calls fetch or a path's `at` of the stage's */
int64_t scene_results(const stage *s, scene which); /* doubles written */
attrib_status scene_play(stage *s, scene which, attrib_context *context, double *results, attrib_report *report);
attrib_status scene_start(stage *s, scene which, attrib_context *context, attrib_run **run);
/* The same through the pull form: `out` batches out at once, brought back last one first. */
attrib_status scene_pull(stage *s, scene which, attrib_context *context, int out, double *results,
                         attrib_report *report);

/* Rows that the scene evaluates, how many of them progress is told (0 = not known), and whether row r has a gradient.
 */
int64_t scene_rows(const stage *s, scene which);
int64_t scene_planned(const stage *s, scene which);
bool scene_row_has_gradient(const stage *s, scene which, int64_t r);
/* How it ends when nothing disturbs it. */
attrib_status scene_status(const stage *s, scene which);
uint32_t scene_stop_reason(const stage *s, scene which);
/* What the scene gives from its first `rows` rows, worked out here: results; the draws that they hold (0 for methods
 * that draw none); standard errors. Of these, false where nothing is said but that they are numbers. */
void scene_expect(const stage *s, scene which, int64_t rows, double *results);
int64_t scene_held(const stage *s, scene which, int64_t rows);
int64_t scene_points(const stage *s, scene which, int64_t rows); /* report.points of a scene that draws */
bool scene_expect_errors(const stage *s, scene which, int64_t rows, double *errors);

/* -- between hardship.c and sampled.c -- */

bool scene_is_sampled(scene which);
bool scene_has_tolerance(scene which);
bool scene_is_grouped(scene which);
bool scene_weighs_outputs(scene which);
double scene_weight(const stage *s, scene which, int64_t k); /* of baseline k */
int64_t scene_baselines(const stage *s, scene which);        /* their number, where they are fetched */
void scene_gradient(const stage *s, scene which, const double *point, double *gradient);
void recordings_open(stage *s);
void recordings_close(stage *s);
attrib_status sampled_play(stage *s, scene which, const attrib_baselines *set, attrib_context *context, double *results,
                           attrib_report *report);
attrib_status sampled_start(stage *s, scene which, const attrib_baselines *set, attrib_context *context,
                            attrib_run **run);
int64_t sampled_rows(const stage *s, scene which);
bool sampled_row_has_gradient(const stage *s, scene which, int64_t r);
void sampled_expect(const stage *s, scene which, int64_t rows, double *results);
int64_t sampled_held(const stage *s, scene which, int64_t rows);
bool sampled_expect_errors(const stage *s, scene which, int64_t rows, double *errors);

void assert_close(const double *actual, const double *expected, int64_t n, const char *what);

/* A block of exactly n doubles, filled with a pattern; and whether it still has it. */
double *untouched(int64_t n);
bool is_untouched(const double *values, int64_t n);

/* A report with a message buffer of its own, on the heap, of exactly its size. */
attrib_report *report_open(int64_t message_capacity);
void report_close(attrib_report *report);

#endif
