#include "option_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* No option is longer than what it stands for. */
static const struct {
  const char *field, *option;
} words[] = {{"options->rule", "--rule"},
             {"options->points", "--points"},
             {"options->steps", "--points"}, /* of paths that are made as they go */
             {"options->tolerance", "--tolerance"},
             {"options->max_evaluations", "--max-evaluations"},
             {"options->samples", "--samples"},
             {"options->seed", "--seed"},
             {"options->sigma", "--sigma"},
             {"options->max_sigma", "--sigma"}, /* of blur-ig */
             {"options->width", "--width"},
             {"options->groups", "--groups"},
             {"options->score", "--score"},
             {"options->mean", "--mean"},
             {"options->deviation", "--deviation"},
             {"ATTRIB_RULE_ADAPTIVE", "--rule adaptive"},
             {"ATTRIB_RULE_MIDPOINT", "--rule midpoint"},
             {"ATTRIB_RULE_LEFT", "--rule left"},
             {"ATTRIB_RULE_RIGHT", "--rule right"},
             {"ATTRIB_RULE_TRAPEZOID", "--rule trapezoid"},
             {"ATTRIB_RULE_GAUSS_LEGENDRE", "--rule gauss-legendre"}};

static bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The words that begin the text, whole; -1 = none. */
static int find(const char *text) {
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    const size_t length = strlen(words[i].field);
    if (strncmp(text, words[i].field, length) == 0 && !is_of_name(text[length])) return (int)i;
  }
  return -1;
}

char *option_words(char *message) {
  char *to = message;
  for (const char *from = message; *from != '\0';) {
    const int found = from == message || !is_of_name(from[-1]) ? find(from) : -1;
    if (found < 0) {
      *to++ = *from++;
      continue;
    }
    const size_t length = strlen(words[found].option);
    from += strlen(words[found].field);
    memcpy(to, words[found].option, length);
    to += length;
  }
  *to = '\0';
  return message;
}
