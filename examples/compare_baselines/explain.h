/* explain.h - fills the cells of a plan: runs each cell's method, reduces its map, finds the scales. */
#ifndef COMPARE_BASELINES_EXPLAIN_H
#define COMPARE_BASELINES_EXPLAIN_H

#include "plan.h"

/* 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). bank: may be empty where plan_needs_bank says no. */
int explain_cells(const arguments *a, const subject *s, const picture_bank *bank, int64_t target, plan *p,
                  char *message);

#endif
