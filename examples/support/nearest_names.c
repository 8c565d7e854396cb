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

static bool holds(const char *whole, const char *part) {
  const size_t length = length_of(part), room = length_of(whole);
  for (size_t i = 0; length >= 3 && i + length <= room; i++) {
    size_t k = 0;
    while (k < length && lower(whole[i + k]) == lower(part[k])) k++;
    if (k == length) return true;
  }
  return false;
}

bool is_near_name(const char *typed, const char *name) {
  const size_t length = length_of(typed), distance = name_distance(typed, name);
  if (length < 3) return distance == 0;
  return distance <= 1 + length / 4 || holds(name, typed) || holds(typed, name);
}

/* Smaller is nearer. */
static size_t farness(const char *typed, const char *name) {
  return name_distance(typed, name) + (holds(name, typed) ? 0 : 2 * LONGEST);
}

/* Whether one of the names that were kept is the same. */
static bool is_kept(const char *const *names, const int64_t *kept, int count, const char *name) {
  for (int i = 0; i < count; i++)
    if (strcmp(names[kept[i]], name) == 0) return true;
  return false;
}

/* Numbers of the nearest, nearest first, in best; returns how many. */
static int find_nearest(const char *typed, const char *const *names, int64_t count, bool near_alone, int most,
                        int64_t *best) {
  size_t far[MOST_NAMES];
  int found = 0;
  for (int64_t k = 0; k < count; k++) {
    if (near_alone && !is_near_name(typed, names[k])) continue;
    const size_t distance = farness(typed, names[k]);
    int place = found;
    while (place > 0 && far[place - 1] > distance) place--;
    if (place >= most || is_kept(names, best, found, names[k])) continue;
    if (found < most) found++;
    for (int i = found - 1; i > place; i--) best[i] = best[i - 1], far[i] = far[i - 1];
    best[place] = k;
    far[place] = distance;
  }
  return found;
}

static char *list(const char *typed, const char *const *names, int64_t count, bool near_alone, int most, char *text,
                  size_t capacity) {
  int64_t best[MOST_NAMES];
  const int found = find_nearest(typed, names, count, near_alone, most < MOST_NAMES ? most : MOST_NAMES, best);
  size_t used = 0;
  text[0] = '\0';
  for (int i = 0; i < found; i++) {
    const char *name = names[best[i]], *quote = strchr(name, ',') != NULL ? "'" : "";
    if (used + strlen(name) + 2 * strlen(quote) + 3 > capacity) break;
    used += (size_t)snprintf(text + used, capacity - used, "%s%s%s%s", used == 0 ? "" : ", ", quote, name, quote);
  }
  return text;
}

char *nearest_names(const char *typed, const char *const *names, int64_t count, int most, char *text, size_t capacity) {
  return list(typed, names, count, false, most, text, capacity);
}

char *near_names(const char *typed, const char *const *names, int64_t count, int most, char *text, size_t capacity) {
  return list(typed, names, count, true, most, text, capacity);
}
