/* command_line.h - reading option values for the example programs; a wrong one is a line on stderr that names it. */
#ifndef EXAMPLES_COMMAND_LINE_H
#define EXAMPLES_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes of every example. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* A name that stands for a number; lists end with {NULL, 0}. */
typedef struct named_value {
  const char *name;
  uint32_t value;
} named_value;

/* "PROGRAM: text (see --help)" on stderr; returns false. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
bool usage_error(const char *program, const char *format, ...);

/* "PROGRAM: text" on stderr as one line: control characters become '?'. For messages that quote what the user typed. */
void error_line(const char *program, const char *text);

/* The same characters out of a text that goes to the terminal, in place. */
char *one_line(char *text);

/* Flushes standard output; 0, or -1 with a line in message of that capacity. */
int finish_output(char *message, size_t capacity);

/* Each returns false after usage_error. */
bool parse_name(const char *program, const char *option, const char *text, const named_value *names, uint32_t *value);
bool parse_count(const char *program, const char *option, const char *text, int64_t least, int64_t most,
                 int64_t *value);
bool parse_positive(const char *program, const char *option, const char *text, double most, double *value);

/* The picture's name without folder and extension: where results go by default. */
void default_prefix(const char *picture, char *prefix, size_t capacity);

/* The fixed rules of the library, for --rule. */
extern const named_value rule_names[];

#endif
