#include "targets.h"

#include <stdbool.h>
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

/* What a text may be as "A-B": cut at each '-', both sides are to be classes. */
typedef struct reading {
  int count;              /* cuts at which they are */
  target_choice target;   /* of the first of these */
  size_t cuts[2];         /* the first two */
  bool several;           /* a side of the first is the name of several classes */
  bool one_side, is_left; /* of no cut both are, but of one cut one is, the left one if there is such a cut */
  char fault[FILE_MESSAGE_CAPACITY]; /* what is wrong with that side, or with the other one */
} reading;

/* The sides of one cut. */
static void read_cut(const subject *s, const char *text, char *left, size_t cut, reading *r) {
  const char *right = text + cut + 1;
  memcpy(left, text, cut);
  left[cut] = '\0';
  const int64_t a = subject_find_class(s, left, NULL), b = subject_find_class(s, right, NULL);
  if (a != NO_CLASS && b != NO_CLASS) {
    if (r->count < 2) r->cuts[r->count] = cut;
    if (r->count++ > 0) return;
    r->target = (target_choice){2, {a, b}};
    r->several = a == SEVERAL_CLASSES || b == SEVERAL_CLASSES;
    if (r->several) (void)subject_find_class(s, a == SEVERAL_CLASSES ? left : right, r->fault);
  } else if (r->count == 0 && ((a != NO_CLASS && !r->is_left) || (b != NO_CLASS && !r->one_side))) {
    r->one_side = true;
    r->is_left = a != NO_CLASS;
    (void)subject_find_class(s, r->is_left ? right : left, r->fault);
  }
}

/* "A-B": 0, or -1 with a line in message, which is left as it is where the text is none. */
static int find_difference(const subject *s, const char *text, target_choice *target, char *message) {
  reading r = {.count = 0};
  const size_t length = strlen(text);
  char *left = malloc(length + 1);
  for (size_t i = 1; left != NULL && i + 1 < length; i++)
    if (text[i] == '-') read_cut(s, text, left, i, &r);
  if (left == NULL)
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a target");
  else if (r.count > 1)
    snprintf(message, FILE_MESSAGE_CAPACITY,
             "target '%.60s' is both '%.*s' less '%.60s' and '%.*s' less '%.60s': give numbers, A-B", text,
             r.cuts[0] < 60 ? (int)r.cuts[0] : 60, text, text + r.cuts[0] + 1, r.cuts[1] < 60 ? (int)r.cuts[1] : 60,
             text, text + r.cuts[1] + 1);
  else if (r.several || (r.count == 0 && r.one_side))
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", r.fault);
  const bool found = left != NULL && r.count == 1 && !r.several;
  free(left);
  *target = r.target;
  return found ? 0 : -1;
}

int targets_find(const subject *s, const char *text, target_choice *targets, int *count, char *message) {
  target_choice difference;
  if (text == NULL) return add((target_choice){1, {s->best, 0}}, targets, count, message);
  const int64_t one = subject_find_class(s, text, message);
  if (one >= 0) return add((target_choice){1, {one, 0}}, targets, count, message);
  if (one == SEVERAL_CLASSES) return -1;
  if (strncmp(text, "top:", 4) == 0) return add_top(s, text + 4, targets, count, message);
  if (find_difference(s, text, &difference, message) != 0) return -1;
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

char *target_probability(const network *net, const target_choice *target, char *text, size_t capacity) {
  snprintf(text, capacity, "probability of %s%s%s", network_class_name(net, target->classes[0]),
           target->count == 2 ? " less that of " : "",
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
