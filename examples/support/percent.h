/* percent.h - a share of something as text, for tables and strips. */
#ifndef EXAMPLES_PERCENT_H
#define EXAMPLES_PERCENT_H

#include <stddef.h>

/* "0.45 %", "12.3 %", "-" for NaN; what is too small or too large to be told apart reads "<0.01 %" or ">99999 %".
 * Returns text. */
char *percent_text(double share, char *text, size_t capacity);

#endif
