#include "percent.h"

#include <math.h>
#include <stdio.h>

char *percent_text(double share, char *text, size_t capacity) {
  double percent = 100 * share;
  if (isnan(percent))
    snprintf(text, capacity, "-");
  else if (percent > 0 && percent < 0.01)
    snprintf(text, capacity, "<0.01 %%");
  else if (percent > 99999)
    snprintf(text, capacity, ">99999 %%");
  else
    snprintf(text, capacity, "%.*f %%", percent < 9.995 ? 2 : percent < 99.95 ? 1 : 0, percent);
  return text;
}
