/* plan.h - the cells of a strip: which picture or map stands where, and what was found for it. */
#ifndef COMPARE_BASELINES_PLAN_H
#define COMPARE_BASELINES_PLAN_H

#include "arguments.h"
#include "choose_baseline.h"
#include "heat_map.h"
#include "method_table.h"
#include "picture_bank.h"

/* METHOD: one of the table, with its defaults; AGAINST: one of the table, whose title is the baseline. */
typedef enum cell_method {
  CELL_BLANK,
  CELL_PICTURE,
  CELL_IG,
  CELL_EXPECTED,
  CELL_SMOOTHGRAD,
  CELL_METHOD,
  CELL_AGAINST
} cell_method;

enum { CELL_CARDS = 3, TITLE_LINES = 3, MOST_CELLS = 3 * (1 + MOST_VALUES) };

typedef struct cell {
  cell_method method;
  baseline_request baseline; /* name NULL: training pictures, one of them for IG, all for expected gradients. SmoothGrad
                                takes sigma, samples and seed from it */
  int64_t picture;           /* which training picture, of IG */
  const picture_method *of;  /* METHOD, AGAINST */
  map_unit unit;
  char title[TITLE_LINES][48];
  /* What explain_cells finds. */
  double kept; /* mean share of the weight, of methods that keep a part; else NaN */
  int cards;   /* the first rows of the baseline, in small */
  uint8_t card[CELL_CARDS][4 * SMALL_NET_PIXELS];
  double map[SMALL_NET_PIXELS];
  double scale; /* the attribution that gets the full colour */
  attrib_report report;
} cell;

typedef struct plan {
  int count, columns; /* cells row by row */
  cell cells[MOST_CELLS];
} plan;

/* Rows of the model a cell has used, those without gradient included. */
int64_t cell_rows(const cell *c);

/* Whether its attributions should sum to something and are off by more than a tenth of it. */
bool cell_is_off(const cell *c);

/* The cells that the arguments ask for. bank_count: training pictures there are. */
void plan_cells(const arguments *a, int64_t bank_count, plan *p);

/* Whether the plan looks at training pictures at all. */
bool plan_needs_bank(const arguments *a);

#endif
