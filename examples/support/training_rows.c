#include "training_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The class the network sees in each picture. 0 or -1. */
static int classify(const subject *s, const picture_bank *bank, int64_t *classes) {
  for (int64_t k = 0; k < bank->count; k++) {
    float logits[SMALL_NET_CLASSES];
    if (small_net_forward(s->net->bundled, 0, bank->rows + k * SMALL_NET_INPUTS, logits) != 0) return -1;
    classes[k] = 0;
    for (int64_t c = 1; c < SMALL_NET_CLASSES; c++)
      if (logits[c] > logits[classes[k]]) classes[k] = c;
  }
  return 0;
}

/* Of the classes the bank has pictures of, the one that the network finds most probable in the subject, but the target;
 * -1: there is none. */
static int64_t other_class(const subject *s, int64_t target, int64_t count, const int64_t *classes) {
  int64_t other = -1;
  for (int64_t k = 0; k < count; k++)
    if (classes[k] != target && (other < 0 || s->probabilities[classes[k]] > s->probabilities[other]))
      other = classes[k];
  return other;
}

/* Moves the first `most` pictures of the class to the front of the bank, and names them in text. */
static void keep_class(baseline_choice *choice, const char *name, int64_t class_number, int64_t most,
                       const int64_t *classes) {
  picture_bank *bank = &choice->bank;
  int64_t kept = 0;
  size_t used = (size_t)snprintf(choice->text, sizeof choice->text, "training pictures of '%s', number", name);
  for (int64_t k = 0; k < bank->count && kept < most; k++) {
    if (classes[k] != class_number) continue;
    memmove(bank->rows + kept * SMALL_NET_INPUTS, bank->rows + k * SMALL_NET_INPUTS,
            SMALL_NET_INPUTS * sizeof *bank->rows);
    if (used + 8 < sizeof choice->text)
      used += (size_t)snprintf(choice->text + used, sizeof choice->text - used, "%s %lld", kept == 0 ? "" : ",",
                               (long long)k);
    kept++;
  }
  choice->set.count = kept;
}

static int choose_class(const baseline_request *request, const subject *s, baseline_choice *choice, char *message) {
  int64_t *classes = malloc((size_t)choice->bank.count * sizeof *classes);
  int status = classes == NULL ? -1 : classify(s, &choice->bank, classes);
  int64_t other = status != 0 ? -1 : other_class(s, request->target, choice->bank.count, classes);
  if (other >= 0)
    keep_class(choice, network_class_name(s->net, other), other, request->samples > 0 ? request->samples : 1, classes);
  else
    snprintf(message, FILE_MESSAGE_CAPACITY, "baseline other-class: %s",
             classes == NULL ? "out of memory"
             : status != 0   ? "the network cannot be evaluated"
                             : "there are training pictures of the target alone");
  free(classes);
  return other >= 0 ? 0 : -1;
}

int choose_training_rows(const baseline_request *request, const subject *s, baseline_choice *choice, char *message) {
  if (s->net->bundled == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY,
             "baseline '%s' is of the bundled network's training pictures: name another", request->name);
    return -1;
  }
  if (picture_bank_load(request->bank, &choice->bank, message) != 0) return -1;
  choice->set.rows = choice->bank.rows;
  if (strcmp(request->name, "other-class") == 0) return choose_class(request, s, choice, message);
  const int64_t count = choice->bank.count;
  choice->set.count = request->samples > 0 && request->samples < count ? request->samples : count;
  snprintf(choice->text, sizeof choice->text, "%lld training picture%s", (long long)choice->set.count,
           choice->set.count == 1 ? "" : "s");
  return 0;
}
