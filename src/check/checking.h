/* checking.h - what the parts of the model's self-test share: the rows, how the model is asked, what was found.
 *
 * Beside methods/ and metrics/, and not of them: they judge attributions of a model that is taken to be right. Its loop
 * is its own, not the engine's, which would hide what is looked for: guards about the buffers, gaps between rows, what
 * a buffer held before, who a row's companions are. */
#ifndef ATTRIB_SRC_CHECKING_H
#define ATTRIB_SRC_CHECKING_H

#include <stdbool.h>

#include <attrib/check.h>

#include "../base/arena.h"
#include "../context/context.h"

/* Rows of the line by number, which are their row_ids, too: three within, and the two ends. */
enum { ATTRIB__INNER = 3, ATTRIB__AT_BASELINE = 3, ATTRIB__AT_INPUT = 4, ATTRIB__POINTS = 5 };
enum { ATTRIB__TURNED_INPUT = 1, ATTRIB__TURNED_BASELINE = 2 }; /* their places in the batch of another order */
enum { ATTRIB__CHECKS = 15, ATTRIB__SENTENCE = 400, ATTRIB__ASK_ROWS = 4, ATTRIB__CHECK_LANES = 2 };

/* What a batch is asked. A row at `offset` from its point is one of its own (slopes.c makes it). */
typedef struct attrib__asked {
  int64_t count; /* <= ATTRIB__ASK_ROWS */
  int points[ATTRIB__ASK_ROWS];
  const void *rows[ATTRIB__ASK_ROWS];
  bool gradients, all_outputs;
  bool spaced; /* gaps between rows, and buffers that held something else than zeros */
  int64_t target;
  const double *weights;
} attrib__asked;

/* Results, copied out of the batch: outputs one per row, or all of one row. */
typedef struct attrib__answer {
  double *outputs;
  void *gradients; /* rows back to back */
} attrib__answer;

/* What was seen about the buffers, over all batches. */
typedef struct attrib__stains {
  int64_t inputs;                     /* elements of inputs that were changed */
  int64_t input_element;              /* the first of them */
  int64_t output_gaps, gradient_gaps; /* elements between rows */
  int64_t output_beyond, gradient_beyond, input_beyond;
} attrib__stains;

/* The buffers of one of two workers, a row each, with margins as those of the batches have. */
typedef struct attrib__lane {
  unsigned char *inputs, *gradients;
  double *outputs;
} attrib__lane;

/* One difference of f along a direction: f(p + h v) - f(p - h v). All in units of the checking. */
typedef struct attrib__slope {
  int point;
  uint64_t direction; /* 0 = the displacement; else the number of the draw of its signs */
  double step;        /* h; 0 = not taken yet */
  double moved;       /* the difference */
  double claimed;     /* gradient times what lies between the two rows */
  double norm;        /* length of the products that claimed is the sum of */
  double apart;       /* sum of the sizes of what lies between the two rows */
  double bend;        /* second difference, its size: as much as a kink in between can make */
  bool good;          /* the numbers exist */
  int tries;
} attrib__slope;
enum { ATTRIB__SLOPES = 2 * ATTRIB__INNER };

typedef struct attrib__finding {
  uint32_t verdict, cause;
  int64_t element;
  double measured, bound;
  char sentence[ATTRIB__SENTENCE];
} attrib__finding;

typedef struct attrib__checking {
  attrib_context *context;
  attrib_model model;
  attrib_check_options options; /* defaults filled in */
  attrib_image shape;           /* channels 0 = not given */
  const void *input, *baseline;
  int64_t target, other; /* other: a second target; -1 = there is none, or it is not known */
  bool displaced;        /* input and baseline differ */

  void *inner[ATTRIB__INNER]; /* the rows within */
  void *trial;                /* a row near one of them */
  unsigned char *inputs, *gradients;
  double *outputs;
  size_t input_bytes, gradient_bytes, output_bytes; /* of the buffers, margins and all */
  int64_t output_margin;
  attrib__lane lanes[ATTRIB__CHECK_LANES];

  attrib__answer first, spaced, turned, alone, aside;
  double *weights; /* n_outputs, of the checks of optional flags */
  double *all;     /* n_outputs: outputs at the first point */
  double *all_behind, *all_ahead;

  attrib__stains stains;
  bool reads_gaps;                  /* inputs are read as if rows lay back to back */
  bool unwritten;                   /* WRITES or STRIDES failed: gradients of the first batch are not to be trusted */
  bool added, stale, random;        /* what was found by then */
  bool companions;                  /* outputs depend on the batch */
  bool alone_gradients;             /* gradients depend on it: those of rows alone are taken */
  bool have_all;                    /* all, and they can be trusted */
  bool weighted_gradient;           /* of WEIGHTS the gradient alone failed */
  bool same_gradient;               /* the gradient is the same for both targets, though f is not */
  int64_t left;                     /* rows that may still be asked for */
  double scale;                     /* largest |f| seen; 0 = none */
  int exponent;                     /* slopes are in units of 2^exponent */
  double noise;                     /* of f, in those units */
  bool coarse;                      /* half or more of the values for noise are equal: it is a guess */
  double moves[2 * ATTRIB__SLOPES]; /* of f from the points to the first rows near them; sizes, 0 left out */
  int move_count;
  bool floats; /* dtype F64, and all outputs seen are floats */
  int64_t different_outputs;
  double last_output;

  attrib__slope slopes[ATTRIB__SLOPES];
  attrib__finding findings[ATTRIB__CHECKS + 1]; /* by number */
  attrib_check_report *report;
} attrib__checking;

/* -- asking (ask.c) ----------------------------------------------------------------------------------------------- */

void attrib__check_buffers(attrib__checking *c, attrib__arena *arena);

/* Row number `point`. */
const void *attrib__check_point(const attrib__checking *c, int point);

/* Asks in batches as large as the model takes, and copies the answers. E_CALLBACK; CANCELLED. The caller has seen to it
 * that there are rows left. */
attrib_status attrib__check_ask(attrib__checking *c, const attrib__asked *asked, attrib__answer *answer);

/* One row at a point, of target or weights, without gradient. */
attrib_status attrib__check_output(attrib__checking *c, int point, const void *row, double *output);

/* Between batches: CANCELLED where the caller wants to stop. */
attrib_status attrib__check_goes_on(attrib__checking *c);

bool attrib__check_gradients(const attrib__checking *c);

/* What buffers hold before they are written: zeros, or in spaced batches this. */
extern const double attrib__check_fill;

/* -- guards (guards.c) -------------------------------------------------------------------------------------------- */

enum { ATTRIB__GUARD_MARGIN = 64, ATTRIB__GUARD = 0xa5 }; /* elements about rows, and their bytes */

/* Of a buffer with rows of `length` elements, `stride` apart: adds what was written between them and about them. */
void attrib__guards_find(const unsigned char *bytes, size_t total, size_t size, int64_t rows, int64_t length,
                         int64_t stride, int64_t *gaps, int64_t *beyond);

/* Counts what is not as it was in a row of inputs, and notes the first element of all. */
int64_t attrib__guards_changes(const unsigned char *was, const unsigned char *is, int64_t n, size_t size,
                               int64_t *first);

/* -- findings (findings.c) ---------------------------------------------------------------------------------------- */

#ifdef __GNUC__
#  define ATTRIB__SENTENCE_FORMAT __attribute__((format(printf, 3, 4)))
#else
#  define ATTRIB__SENTENCE_FORMAT
#endif
ATTRIB__SENTENCE_FORMAT void attrib__check_pass(attrib__checking *c, int check, const char *format, ...);
ATTRIB__SENTENCE_FORMAT void attrib__check_skip(attrib__checking *c, int check, const char *format, ...);
ATTRIB__SENTENCE_FORMAT attrib__finding *attrib__check_fail(attrib__checking *c, int check, const char *format, ...);
bool attrib__check_failed(const attrib__checking *c, int check);

/* Where results cannot be compared, the check is skipped in words and this is true. */
bool attrib__check_hopeless(attrib__checking *c, int check);

/* Findings, text, counts: into the caller's buffers. */
attrib_status attrib__check_report_read(attrib_context *context, const attrib_check_report *given,
                                        attrib_check_report *report);
void attrib__check_report_write(const attrib__checking *c, attrib_status status, attrib_check_report *given);

/* -- comparing results (same.c) ----------------------------------------------------------------------------------- */

typedef struct attrib__apart {
  bool bits;               /* not the same bits */
  double output, gradient; /* relative: to the largest |f|, and to the gradient's length */
} attrib__apart;

/* Row i of one answer against row k of another, gradients where the model has them. */
attrib__apart attrib__check_apart(const attrib__checking *c, const attrib__answer *a, int i, const attrib__answer *b,
                                  int k);
void attrib__apart_most(attrib__apart *most, const attrib__apart *another);

/* The least normal number. */
double attrib__check_least(uint32_t dtype);

/* Differences that round-off can make. */
double attrib__check_output_bound(const attrib__checking *c);
double attrib__check_gradient_bound(const attrib__checking *c);
bool attrib__check_close(const attrib__checking *c, const attrib__apart *apart);

/* -- the checks, in their order ----------------------------------------------------------------------------------- */

/* contract.c: WRITES to ORDER, from three batches and a row alone. */
attrib_status attrib__check_contract(attrib__checking *c);

/* ends.c: input and baseline by themselves, for BATCH, with rows that slopes leave. */
bool attrib__check_ends_wanted(const attrib__checking *c);
attrib_status attrib__check_ends(attrib__checking *c);

/* flags.c: TARGET, WEIGHTS, ALL_OUTPUTS. workers.c: WORKERS. */
attrib_status attrib__check_targets(attrib__checking *c);
void attrib__check_weights_again(attrib__checking *c); /* once GRADIENT is judged */
attrib_status attrib__check_workers(attrib__checking *c);
void attrib__check_lanes(attrib__checking *c, attrib__arena *arena);

/* noise.c: FORWARD and PRECISION. */
attrib_status attrib__check_noise(attrib__checking *c);

/* gradient.c: ZERO and GRADIENT, from the differences that slopes.c takes; causes.c says why. */
attrib_status attrib__check_slopes(attrib__checking *c);
double attrib__slope_allowance(const attrib__checking *c, const attrib__slope *slope); /* bend and noise */
attrib_status attrib__check_take_slopes(attrib__checking *c);
double attrib__slope_size(const attrib__slope *slope);
bool attrib__slope_agrees(const attrib__checking *c, const attrib__slope *slope);
bool attrib__slope_counts(const attrib__checking *c, const attrib__slope *slope);

/* A gradient of that slope is below the least normal number of the dtype: it may well be 0, or have few digits. */
bool attrib__slope_sinks(const attrib__checking *c, const attrib__slope *slope);
attrib_status attrib__check_causes(attrib__checking *c, int counted, int disagreeing);

/* The gradient at a point within, as slopes are judged with. */
const void *attrib__check_gradient(const attrib__checking *c, int point);

/* p + h v, rounded: elements [begin, begin + n) (slopes.c), and the whole row in `trial` (noise.c). */
void attrib__check_place(const attrib__checking *c, const attrib__slope *slope, double step);
void attrib__check_offset(const attrib__checking *c, const attrib__slope *slope, double step, int64_t begin, int64_t n,
                          double *values);

#endif
