#include "replay_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolved.h"

enum { PATH = 160, SHOWN = 70, LINES_MOST = 20 };

typedef struct comparison {
  bool prints;
  long long differences;
} comparison;

/* Times, memory, and what a result need not share with the one that it repeats. */
static bool is_compared(const char *object, const char *key) {
  static const char *const not_of_result[] = {"note", "files", "seconds", "peak_bytes"};
  const bool report = strcmp(object, "report.") == 0;
  if (strcmp(object, "resolved.") == 0) return resolved_decides(key);
  for (size_t i = report ? 2 : 0; i < (report ? 4U : 2U); i++)
    if (strcmp(key, not_of_result[i]) == 0) return false;
  return true;
}

static void print_value(const json_t *value) {
  char *text = value == NULL
                   ? NULL
                   : json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_COMPACT | JSON_REAL_PRECISION(17));
  if (value == NULL)
    printf("nothing");
  else if (text == NULL)
    printf("a value that does not fit in memory");
  else
    printf("%.*s%s", SHOWN, text, strlen(text) > SHOWN ? "..." : "");
  free(text);
}

static void differ(comparison *c, const char *where, const char *key, const json_t *was, const json_t *now) {
  if (++c->differences > LINES_MOST || !c->prints) return;
  printf("  %s", where);
  for (int i = 0; key[i] != '\0' && i < SHOWN; i++) putchar(key[i] > ' ' && key[i] <= '~' ? key[i] : '?');
  printf(": ");
  print_value(was);
  printf(" in the record, ");
  print_value(now);
  printf(" now\n");
}

/* What is compared member by member: the result, and the objects that both have in it, such as its report. */
static bool has_parts(const char *where, const json_t *was, const json_t *now) {
  return where[0] == '\0' && json_is_object(was) && json_is_object(now);
}

/* where: "" of the result, "report." of its report, and so on. */
static void compare_members(comparison *c, const char *where, const json_t *was, const json_t *now) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)now, key, value) {
    const json_t *before = json_object_get(was, key);
    if (!is_compared(where, key) || has_parts(where, before, value)) continue;
    if (before == NULL || !json_equal(before, value)) differ(c, where, key, before, value);
  }
  json_object_foreach((json_t *)was, key, value) if (is_compared(where, key) && json_object_get(now, key) == NULL)
      differ(c, where, key, value, NULL);
}

static void compare(comparison *c, const json_t *was, const json_t *now) {
  const char *key;
  json_t *value;
  compare_members(c, "", was, now);
  json_object_foreach((json_t *)now, key, value) {
    char inner[PATH];
    const json_t *before = json_object_get(was, key);
    if (!is_compared("", key) || !has_parts("", before, value)) continue;
    snprintf(inner, sizeof inner, "%s.", key);
    compare_members(c, inner, before, value);
  }
}

bool results_agree(const json_t *was, const json_t *now) {
  comparison c = {.prints = false};
  compare(&c, was, now);
  return c.differences == 0;
}

void results_print_differences(const json_t *was, const json_t *now) {
  comparison c = {.prints = true};
  compare(&c, was, now);
  if (c.differences > LINES_MOST) printf("  and %lld more\n", c.differences - LINES_MOST);
}
