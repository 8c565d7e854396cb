#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add(target_choice target, target_choice *targets, int *count, char *message) {
  for (int i = 0; i < *count; i++)
    if (targets[i].count == target.count && targets[i].classes[0] == target.classes[0] &&
        (target.count == 1 || targets[i].classes[1] == target.classes[1]))
      return 0;
  if (*count == TARGETS_MOST) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "more than %d targets", TARGETS_MOST);
    return -1;
  }
  targets[(*count)++] = target;
  return 0;
}

/* Classes by falling probability, those that are as probable by number. */
static int add_top(const subject *s, const char *text, target_choice *targets, int *count, char *message) {
  char *end;
  const int64_t most = s->net->classes < TARGETS_MOST ? s->net->classes : TARGETS_MOST;
  const long wanted = strtol(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || wanted < 1 || wanted > most) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "target 'top:%.60s': must be top:1 to top:%lld", text, (long long)most);
    return -1;
  }
  int64_t before = -1;
  for (long rank = 0; rank < wanted; rank++) {
    int64_t next = -1;
    for (int64_t k = 0; k < s->net->classes; k++) {
      const double p = s->probabilities[k];
      const bool behind = before < 0 || p < s->probabilities[before] || (p == s->probabilities[before] && k > before);
      if (behind && (next < 0 || p > s->probabilities[next])) next = k;
    }
    if (next < 0) break; /* NaN among them: no order */
    if (add((target_choice){1, {next, 0}}, targets, count, message) != 0) return -1;
    before = next;
  }
  return 0;
}

/* Cut at some '-': both sides are classes. */
static bool find_difference(const subject *s, const char *text, target_choice *target, char *message) {
  const size_t length = strlen(text);
  char *left = malloc(length + 1);
  bool found = false;
  for (size_t i = 1; left != NULL && i + 1 < length && !found; i++) {
    if (text[i] != '-') continue;
    memcpy(left, text, i);
    left[i] = '\0';
    *target = (target_choice){2, {subject_find_class(s, left, message), 0}};
    if (target->classes[0] < 0) continue;
    target->classes[1] = subject_find_class(s, text + i + 1, message);
    found = target->classes[1] >= 0;
  }
  free(left);
  return found;
}

int targets_find(const subject *s, const char *text, target_choice *targets, int *count, char *message) {
  target_choice difference = {0, {0, 0}};
  if (text == NULL) return add((target_choice){1, {s->best, 0}}, targets, count, message);
  const int64_t one = subject_find_class(s, text, message);
  if (one >= 0) return add((target_choice){1, {one, 0}}, targets, count, message);
  if (strncmp(text, "top:", 4) == 0) return add_top(s, text + 4, targets, count, message);
  char of_side[FILE_MESSAGE_CAPACITY] = "";
  if (!find_difference(s, text, &difference, of_side)) {
    if (difference.count == 2 && difference.classes[0] >= 0) /* its first side is a class: the second is meant */
      snprintf(message, FILE_MESSAGE_CAPACITY, "%s", of_side);
    return -1;
  }
  if (difference.classes[0] == difference.classes[1]) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s' is a class less itself", text);
    return -1;
  }
  return add(difference, targets, count, message);
}

char *target_text(const network *net, const target_choice *target, char *text, size_t capacity) {
  snprintf(text, capacity, "%s%s%s", network_class_name(net, target->classes[0]), target->count == 2 ? " less " : "",
           target->count == 2 ? network_class_name(net, target->classes[1]) : "");
  return text;
}

int64_t target_weights(const network *net, const target_choice *target, double *weights, const double **used) {
  *used = NULL;
  if (target->count == 1) return target->classes[0];
  memset(weights, 0, (size_t)net->classes * sizeof *weights);
  weights[target->classes[0]] = 1;
  weights[target->classes[1]] = -1;
  *used = weights;
  return ATTRIB_NO_TARGET;
}
