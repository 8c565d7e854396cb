/* method_trial.h - one call of a method under test, in one of many ways, with models that are watched and misbehave on
 * demand. Between method_trial.c, method_outcome.c and the method_checks*.c. */
#ifndef ATTRIB_TESTS_METHOD_TRIAL_H
#define ATTRIB_TESTS_METHOD_TRIAL_H

#include "../unit/drive.h"
#include "meter.h"
#include "method_checks.h"

/* How a call is made. */
typedef struct way {
  uint32_t max_rows;
  bool serial; /* the models are not CONCURRENT */
  bool pull;
  order order;     /* of the batches of the pull form */
  bool traced;     /* into a buffer with room for the rows that are traced */
  bool bare;       /* no report */
  const char *how; /* said where it fails */
} way;

/* What a call came to. Buffers in blocks of their very size, filled with a pattern before. */
typedef struct outcome {
  attrib_status status;
  size_t size; /* of attributions, in bytes */
  int64_t count;
  void *attributions;
  double *standard_errors, *positive, *negative, *kept_weight;
  int64_t *kept;
  attrib_trace_point *trace;
  attrib_report report;
  char message[600];
  char context_message[600];
  long long rows;           /* that the models were asked for */
  unsigned long long asked; /* and which, as a sum of digests */
} outcome;

/* A row that the undisturbed call asks for. */
typedef struct known_row {
  bool gradient;
  int model;
} known_row;

struct trial;

/* A model that is handed to the method. */
typedef struct watched_model {
  struct trial *trial;
  int index;
  spoiler spoiler; /* without an inner model of its own */
} watched_model;

typedef struct trial {
  const checked_method *method;
  const char *check;
  char detail[120]; /* of what is tried now, said where it fails */
  const char *how;
  watched_model models[2];
  bool serial;
  atomic_int busy;                     /* models under way now */
  atomic_bool overlapped, wrong_model; /* models that are not CONCURRENT were under way at once; a batch went astray */
  atomic_llong rows_asked;
  atomic_ullong digest;
  known_row *known; /* while it is recorded, with room for `capacity` */
  int64_t capacity;
  int64_t rows, gradient_rows; /* of the undisturbed call */
  int64_t first_gradient[2];   /* row of each model; -1 = none */
  outcome whole;               /* what it came to */
  outcome *prefixes;           /* rows + 1: of calls stopped before row k, where prefix_known */
  bool *prefix_known;
} trial;

/* Makes the undisturbed call and keeps what it asked for and came to. */
void trial_open(trial *t, const checked_method *method, const char *check);
void trial_close(trial *t);

/* What happens in the rows from here on. The batch that holds row `at` returns the code; nothing is spoilt any more. */
void trial_calm(trial *t);
void trial_return(trial *t, int64_t at, int32_t code);

/* Makes the call and fills the outcome, to be closed by the caller. */
void trial_run(trial *t, attrib_context *context, const way *w, outcome *o);

/* For runs that a check drives by itself: start, without evaluate; and evaluate. */
attrib_status trial_start(trial *t, attrib_context *context, const way *w, attrib_run **run);
int32_t ATTRIB_CALL trial_evaluate(const attrib_batch *batch, void *trial);
void trial_result(trial *t, attrib_run *run, outcome *o);

/* The result of the first `rows` rows, as a call gives it that the model stopped there. */
const outcome *trial_prefix(trial *t, int64_t rows);

/* Gradient rows that a trace holds. */
int64_t trial_traced(const trial *t);

/* Rows [0, rows] that a fault is tried at: all of few, some of many. */
bool trial_tries(const trial *t, int64_t row);

/* The undisturbed call again on the context, which must be in order. */
void expect_whole(trial *t, attrib_context *context);

/* -- what a call came to (method_outcome.c) -- */

/* A report with buffers, and a trace where `traced`; all of them hold a pattern. */
void outcome_open(outcome *o, const trial *t, bool traced);
void outcome_close(outcome *o);
bool outcome_is_finite(const outcome *o); /* the attributions */

/* All attributions were written, and of the report's buffers those that the method knows, as a whole. */
void expect_written(const trial *t, const outcome *o);
/* The same bits: attributions and buffers; and the numbers of the report that say what was computed, those about the
 * end (status, stop_reason, model_status, failed_row, message) only with `ends`. */
void expect_same(const trial *t, const outcome *o, const outcome *expected, bool ends);
/* Nothing of the caller's was written but the report. */
void expect_untouched(const trial *t, const outcome *o);

/* Fails the test with all that is known about where. */
#define expect(t, condition) ((condition) ? (void)0 : trial_fail((t), #condition, __FILE__, __LINE__))
void trial_fail(const trial *t, const char *condition, const char *file, int line);

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void trial_says(trial *t, const char *format, ...);

#endif
