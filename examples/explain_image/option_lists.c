#include "option_lists.h"

#include <stdio.h>
#include <string.h>

#include "command_line.h"

bool take_methods(const char *program, const char *text, arguments *a) {
  for (a->n_methods = 0; text != NULL;) {
    const size_t length = strcspn(text, ",");
    char name[64]; /* longer ones there are none of, nor of their beginnings */
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    const picture_method *method = method_find(program, name);
    if (method == NULL) return false;
    for (int i = 0; i < a->n_methods; i++)
      if (a->methods[i] == method) return usage_error(program, "--method: %s is given twice", method->name);
    a->methods[a->n_methods++] = method; /* none twice, so they fit */
    text = text[length] == ',' ? text + length + 1 : NULL;
  }
  return true;
}

/* Where a baseline's name ends: at a comma, unless it is a colour of three numbers; NULL where none begins. */
static const char *baseline_end(const char *text) {
  double unused[3];
  char name[BASELINE_TEXT];
  const size_t length = strcspn(text, ",");
  if (length >= sizeof name) return NULL;
  memcpy(name, text, length);
  name[length] = '\0';
  return is_baseline_name(name) ? text + length : read_colour(text, unused);
}

/* Of the text's first piece, which is no baseline: what begins like a number was to be a colour of three. */
static bool no_baseline(const char *program, const char *text) {
  char piece[64], why[FILE_MESSAGE_CAPACITY];
  size_t length = strcspn(text, ",");
  const bool number = text[strspn(text, "+-.")] >= '0' && text[strspn(text, "+-.")] <= '9';
  for (int i = 0; i < 2 && number && text[length] == ','; i++) length += 1 + strcspn(text + length + 1, ",");
  snprintf(piece, sizeof piece, "%.*s", (int)(length < sizeof piece ? length : sizeof piece - 1), text);
  return usage_error(program, "--%s", baseline_unknown(piece, why, sizeof why));
}

bool take_baselines(const char *program, const char *text, arguments *a) {
  for (a->n_baselines = 0; text != NULL;) {
    const char *end = baseline_end(text);
    const size_t length = end == NULL ? 0 : (size_t)(end - text);
    if (end == NULL || length >= BASELINE_TEXT) return no_baseline(program, text);
    if (a->n_baselines == BASELINES_MOST)
      return usage_error(program, "--baseline: more than %d values", BASELINES_MOST);
    char *kept = a->baselines[a->n_baselines];
    memcpy(kept, text, length);
    kept[length] = '\0';
    for (int i = 0; i < a->n_baselines; i++)
      if (strcmp(a->baselines[i], kept) == 0) return usage_error(program, "--baseline: %s is given twice", kept);
    a->n_baselines++;
    text = *end == ',' ? end + 1 : NULL;
  }
  return true;
}
