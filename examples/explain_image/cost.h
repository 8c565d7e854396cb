/* cost.h - how many rows of the model a map takes, about: for the bar alone. */
#ifndef EXPLAIN_IMAGE_COST_H
#define EXPLAIN_IMAGE_COST_H

#include "pairs.h"

enum { COST_OF_CURVES = 43 }; /* deletion and insertion */

double cost_of_search(const pair *p); /* of its baseline; 0 = it is not searched for */
double cost_of_map(const pair *p);    /* by itself, once there is a baseline */

#endif
