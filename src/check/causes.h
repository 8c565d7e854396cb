/* causes.h - what a wrong gradient is held against. */
#ifndef ATTRIB_SRC_CAUSES_H
#define ATTRIB_SRC_CAUSES_H

#include "checking.h"

/* Whether something else than the gradient's own number is what f moved by; of all slopes, in most that count. */
bool attrib__slope_fits(const attrib__checking *c, const attrib__slope *slope, double claimed);
bool attrib__claims_fit(const attrib__checking *c, const double claims[ATTRIB__SLOPES]);

/* Four of five differences that count. */
bool attrib__enough(int fitting, int counted);

/* scores.c: the gradient of the logit, f being a probability; of any other score; or probably of a logit. As below. */
bool attrib__check_logit(attrib__checking *c);
bool attrib__check_scores(attrib__checking *c);
bool attrib__check_softmax(attrib__checking *c);

/* pictures.c: the gradient in another layout, or with a factor for each channel. True where one fits; the finding then
 * says so. */
bool attrib__check_layouts(attrib__checking *c);
bool attrib__check_channels(attrib__checking *c);

#endif
