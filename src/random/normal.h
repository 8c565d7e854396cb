/* normal.h - the normal distribution, its inverse, and the normal truncated to an interval. */
#ifndef ATTRIB_SRC_NORMAL_H
#define ATTRIB_SRC_NORMAL_H

/* P(N(0, 1) <= z). Relative error about eps (1 + z^2), which is what rounding z alone costs. */
double attrib__normal_cdf(double z);

/* z with P(N(0, 1) <= z) = p, for p in (0, 1), to a few units in the last place. Upper quantiles to full accuracy are
 * minus the quantile of the upper tail's mass. -inf for p <= 0, inf for p >= 1. */
double attrib__normal_quantile(double p);

/* The quantile at u in (0, 1) of N(mean, sigma^2) conditioned on [low, high]; never outside [low, high]. sigma = 0:
 * mean, clamped. mean, sigma >= 0, low <= high finite. Holds its accuracy in both tails, for intervals much narrower
 * than sigma (where it tends to low + u (high - low)), and for intervals so far out that their mass underflows. */
double attrib__truncated_normal(double mean, double sigma, double low, double high, double u);

#endif
