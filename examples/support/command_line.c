#define _GNU_SOURCE /* getopt_long */
#include "command_line.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/base.h>
#include <attrib/methods.h>

#include "markup.h"

const named_value rule_names[] = {{"adaptive", ATTRIB_RULE_ADAPTIVE},
                                  {"left", ATTRIB_RULE_LEFT},
                                  {"right", ATTRIB_RULE_RIGHT},
                                  {"midpoint", ATTRIB_RULE_MIDPOINT},
                                  {"trapezoid", ATTRIB_RULE_TRAPEZOID},
                                  {"gauss-legendre", ATTRIB_RULE_GAUSS_LEGENDRE},
                                  {NULL, 0}};

char *one_line(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0';) {
    const markup_piece piece = markup_clean(from);
    const bool shown = piece.shown == from && *from != '\n' && *from != '\t';
    if (shown) memmove(to, from, piece.size);
    if (!shown) *to = '?';
    to += shown ? piece.size : 1;
    from += piece.taken;
  }
  *to = '\0';
  return text;
}

const char *shown_line(const char *text, char *line, size_t capacity) {
  snprintf(line, capacity, "%s", text);
  return one_line(line);
}

void error_line(const char *program, const char *text) {
  char line[1024];
  snprintf(line, sizeof line, "%s", text);
  fprintf(stderr, "%s: %s\n", program, one_line(line));
}

int finish_output(char *message, size_t capacity) {
  if (fflush(stdout) == 0 && ferror(stdout) == 0) return 0;
  snprintf(message, capacity, "standard output cannot be written");
  return -1;
}

bool usage_error(const char *program, const char *format, ...) {
  char text[960], line[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  snprintf(line, sizeof line, "%s (see --help)", text);
  error_line(program, line);
  return false;
}

bool parse_name(const char *program, const char *option, const char *text, const named_value *names, uint32_t *value) {
  char known[256] = "";
  for (const named_value *n = names; n->name != NULL; n++) {
    if (strcmp(n->name, text) == 0) {
      *value = n->value;
      return true;
    }
    size_t used = strlen(known);
    snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", n->name);
  }
  return usage_error(program, "%s '%.60s': must be one of %s", option, text, known);
}

bool parse_count(const char *program, const char *option, const char *text, int64_t least, int64_t most,
                 int64_t *value) {
  char *end;
  errno = 0;
  long long number = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0 || number < least || number > most)
    return usage_error(program, "%s '%.60s': must be a whole number from %lld to %lld", option, text, (long long)least,
                       (long long)most);
  *value = number;
  return true;
}

bool parse_positive(const char *program, const char *option, const char *text, double most, double *value) {
  char *end;
  *value = strtod(text, &end);
  if (end == text || *end != '\0' || !(*value > 0 && *value <= most))
    return usage_error(program, "%s '%.60s': must be a number above 0, at most %g", option, text, most);
  return true;
}

bool parse_text(const char *program, const char *option, const char *text, const char **value) {
  *value = text;
  return *text != '\0' || usage_error(program, "%s is empty", option);
}

bool parse_list(const char *program, const char *option, const char *text, int capacity, list_value *values,
                int *count) {
  size_t found = 1;
  for (const char *c = text; *c != '\0'; c++) found += *c == ',';
  if (found > (size_t)capacity)
    return usage_error(program, "%s: %zu values, at most %d are taken", option, found, capacity);
  for (size_t i = 0; i < found; i++) {
    size_t length = strcspn(text, ",");
    if (length >= sizeof values[i]) return usage_error(program, "%s '%.60s': longer than a value can be", option, text);
    memcpy(values[i], text, length);
    values[i][length] = '\0';
    text += length + 1;
  }
  *count = (int)found;
  return true;
}

/* After text that was asked for: the exit code. */
static int told(const char *program) {
  char message[64];
  if (finish_output(message, sizeof message) == 0) return EXIT_DONE;
  error_line(program, message);
  return EXIT_FAILED;
}

/* Of a word that begins several options, which getopt_long takes for none. */
static bool unrecognized(const char *program, const char *word, const struct option *options) {
  char names[256] = "";
  int count = 0;
  const size_t length = strcspn(word, "=");
  for (const struct option *o = options; o->name != NULL && length > 2 && strncmp(word, "--", 2) == 0; o++) {
    if (strncmp(word + 2, o->name, length - 2) != 0) continue;
    const size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s--%s", count++ == 0 ? "" : ", ", o->name);
  }
  if (count > 1) return usage_error(program, "'%.*s' is ambiguous: %s", (int)(length < 60 ? length : 60), word, names);
  return usage_error(program, "unrecognized option '%.60s'", word);
}

/* getopt_long writes its own lines for these, but they hold what was typed as it is, line ends included. */
bool next_option(const char *program, int argc, char **argv, const struct option *options, int *option) {
  opterr = 0;
  *option = getopt_long(argc, argv, ":h", options, NULL);
  if (*option != '?' && *option != ':') return true;
  const char *word = argv[optind - 1];
  if (*option == ':') return usage_error(program, "%.60s needs a value", word);
  if (optopt == 0) return unrecognized(program, word, options);
  for (const struct option *o = options; o->name != NULL; o++)
    if (o->val == optopt && strncmp(word, "--", 2) == 0 && strncmp(word + 2, o->name, strcspn(word + 2, "=")) == 0)
      return usage_error(program, "--%s takes no value", o->name);
  return usage_error(program, "unrecognized option '-%c'", optopt);
}

bool parse_command_options(const command_line *line, int argc, char **argv, void *arguments, int *code) {
  int option;
  *code = EXIT_USAGE;
  for (;;) {
    if (!next_option(line->program, argc, argv, line->options, &option)) return false;
    if (option == -1) return true;
    if (option == 'h' || option == 'l' || option == 'V') {
      if (option == 'l') line->list();
      if (option == 'V') printf("%s (attrib %s)\n", line->program, attrib_version_string());
      if (option == 'h') fputs(line->help, stdout);
      if (option == 'h' && line->more_help != NULL) fputs(line->more_help, stdout);
      *code = told(line->program);
      return false;
    }
    if (!line->take(option, arguments)) return false;
  }
}

bool parse_command_line(const command_line *line, int argc, char **argv, void *arguments, const char **picture,
                        int *code) {
  if (!parse_command_options(line, argc, argv, arguments, code)) return false;
  if (optind + 1 != argc)
    return usage_error(line->program, "%s", optind == argc ? "no picture was given" : "one picture at a time");
  *picture = argv[optind];
  return true;
}

void default_prefix(const char *picture, char *prefix, size_t capacity) {
  const char *slash = strrchr(picture, '/');
  snprintf(prefix, capacity, "%s", slash == NULL ? picture : slash + 1);
  char *dot = strrchr(prefix, '.');
  if (dot != NULL && dot != prefix) *dot = '\0';
}
