#include "picture_facts.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Three of them, in falling order. */
static void name_most_probable(const subject *s, char *text, size_t capacity) {
  double last = INFINITY;
  int64_t shown = -1;
  text[0] = '\0';
  for (int i = 0; i < 3 && i < s->net->classes; i++) {
    int64_t best = -1;
    for (int64_t c = 0; c < s->net->classes; c++) {
      const double p = s->probabilities[c];
      const bool left = p < last || (p == last && c > shown);
      if (left && (best < 0 || p > s->probabilities[best])) best = c;
    }
    if (best < 0) return; /* not a number */
    const size_t used = strlen(text);
    snprintf(text + used, capacity - used, "%s%.140s %.2f %%", i > 0 ? "; " : "", network_class_name(s->net, best),
             100 * s->probabilities[best]);
    last = s->probabilities[best];
    shown = best;
  }
}

void picture_facts_find(const subject *s, const char *path, const char *digest, picture_facts *to) {
  static const char *const labels[FACTS] = {"most probable", "size", "as the network sees it", "file", "SHA-256"};
  const double aspect = (double)s->original.width / s->original.height, seen = (double)s->input.width / s->input.height;
  const bool squeezed = fabs(aspect / seen - 1) > 0.01;
  to->aspect = squeezed ? aspect : 0;
  name_most_probable(s, to->values[0], FACT_TEXT);
  snprintf(to->values[1], FACT_TEXT, "%d \xc3\x97 %d", (int)s->original.width, (int)s->original.height);
  snprintf(to->values[2], FACT_TEXT, "%d \xc3\x97 %d%s", (int)s->input.width, (int)s->input.height,
           squeezed     ? ", resized, its sides by different factors"
           : s->resized ? ", resized"
                        : "");
  snprintf(to->values[3], FACT_TEXT, "%s", path);
  snprintf(to->values[4], FACT_TEXT, "%s", digest);
  for (int i = 0; i < FACTS; i++) to->pairs[i] = (report_pair){labels[i], to->values[i]};
}
