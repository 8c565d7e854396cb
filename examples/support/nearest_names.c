#include "nearest_names.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 200, MOST_NAMES = 16 };

static char lower(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t length_of(const char *name) {
  const char *end = memchr(name, '\0', LONGEST);
  return end != NULL ? (size_t)(end - name) : LONGEST;
}

size_t name_distance(const char *from, const char *to) {
  size_t cost[LONGEST + 1];
  const size_t rows = length_of(from), length = length_of(to);
  for (size_t j = 0; j <= length; j++) cost[j] = j;
  for (size_t i = 1; i <= rows; i++) {
    size_t diagonal = cost[0];
    cost[0] = i;
    for (size_t j = 1; j <= length; j++) {
      size_t best = diagonal + (lower(from[i - 1]) != lower(to[j - 1]));
      if (cost[j] + 1 < best) best = cost[j] + 1;
      if (cost[j - 1] + 1 < best) best = cost[j - 1] + 1;
      diagonal = cost[j];
      cost[j] = best;
    }
  }
  return cost[length];
}

static bool holds(const char *name, const char *typed) {
  const size_t length = length_of(typed), room = length_of(name);
  for (size_t i = 0; length >= 3 && i + length <= room; i++) {
    size_t k = 0;
    while (k < length && lower(name[i + k]) == lower(typed[k])) k++;
    if (k == length) return true;
  }
  return false;
}

/* Smaller is nearer. */
static size_t farness(const char *typed, const char *name) {
  return name_distance(typed, name) + (holds(name, typed) ? 0 : 2 * LONGEST);
}

char *nearest_names(const char *typed, const char *const *names, int64_t count, int most, char *text, size_t capacity) {
  int64_t best[MOST_NAMES];
  size_t far[MOST_NAMES];
  int found = 0;
  if (most > MOST_NAMES) most = MOST_NAMES;
  for (int64_t k = 0; k < count; k++) {
    const size_t distance = farness(typed, names[k]);
    int place = found;
    while (place > 0 && far[place - 1] > distance) place--;
    if (place >= most) continue;
    if (found < most) found++;
    for (int i = found - 1; i > place; i--) best[i] = best[i - 1], far[i] = far[i - 1];
    best[place] = k;
    far[place] = distance;
  }
  size_t used = 0;
  text[0] = '\0';
  for (int i = 0; i < found; i++) {
    const char *quote = strchr(names[best[i]], ',') != NULL ? "'" : "";
    if (used + strlen(names[best[i]]) + 2 * strlen(quote) + 3 > capacity) break;
    used +=
        (size_t)snprintf(text + used, capacity - used, "%s%s%s%s", used == 0 ? "" : ", ", quote, names[best[i]], quote);
  }
  return text;
}
