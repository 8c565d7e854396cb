/* checks.h - the checks that are judged from the first batches (contract.c asks for them). */
#ifndef ATTRIB_SRC_CHECKS_H
#define ATTRIB_SRC_CHECKS_H

#include "checking.h"

/* writes.c. strides comes before writes; it and inputs are asked again at the end, about all batches. */
bool attrib__check_reads_gaps(const attrib__checking *c);
void attrib__check_strides(attrib__checking *c);
void attrib__check_inputs(attrib__checking *c);
void attrib__check_writes(attrib__checking *c);
void attrib__check_finite(attrib__checking *c);

/* Where on the line a point lies. */
double attrib__check_alpha(int point);

/* contract.c. same: a pass, in words; nearly: what it means where only round-off differs. numbers: measured, bound. */
void attrib__check_same(attrib__checking *c, int check, const attrib__apart *apart, const char *same,
                        const char *nearly);
void attrib__check_numbers(attrib__checking *c, int check, const attrib__apart *apart);

#endif
