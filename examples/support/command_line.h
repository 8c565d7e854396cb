/* command_line.h - reading option values for the example programs; a wrong one is a line on stderr that names it. */
#ifndef EXAMPLES_COMMAND_LINE_H
#define EXAMPLES_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* "PROGRAM: text" on stderr as one line, as one_line makes it. For messages that quote what the user typed. */
void error_line(const char *program, const char *text);

/* A text of others for the terminal, in place: '?' for what pages do not show either (markup_clean), and for line ends
 * and tabs. Returns text. */
char *one_line(char *text);

/* The same of a copy, cut where there is no room. Returns line. */
const char *shown_line(const char *text, char *line, size_t capacity);

/* Flushes standard output; 0, or -1 with a line in message of that capacity. */
int finish_output(char *message, size_t capacity);

/* Each returns false after usage_error. */
bool parse_name(const char *program, const char *option, const char *text, const named_value *names, uint32_t *value);
bool parse_count(const char *program, const char *option, const char *text, int64_t least, int64_t most,
                 int64_t *value);
bool parse_positive(const char *program, const char *option, const char *text, double most, double *value);

/* A value that is a path, or other text that may not be empty. */
bool parse_text(const char *program, const char *option, const char *text, const char **value);

/* Cuts a list at its commas into *count values, 1 to capacity of them; "" is a list of one empty value. */
typedef char list_value[32];
bool parse_list(const char *program, const char *option, const char *text, int capacity, list_value *values,
                int *count);

/* getopt_long with -h beside the options: false after usage_error where it finds something wrong, *option -1 at the
 * end. */
struct option;
bool next_option(const char *program, int argc, char **argv, const struct option *options, int *option);

/* Reads the options of a command line, with getopt's optind at what follows them: calls take(option, arguments) for
 * each option but --help ('h'), with its value in optarg, --version ('V'), and --list ('l'), for which it calls list.
 * Returns true to go
 * on; false to exit with *code, after text on stdout or one line on stderr, which take has written where it returned
 * false. */
typedef struct command_line {
  const char *program, *help;
  const struct option *options;
  bool (*take)(int option, void *arguments);
  void (*list)(void);    /* writes to stdout */
  const char *more_help; /* behind help; may be NULL */
} command_line;
bool parse_command_options(const command_line *line, int argc, char **argv, void *arguments, int *code);

/* The same with exactly one picture behind them. */
bool parse_command_line(const command_line *line, int argc, char **argv, void *arguments, const char **picture,
                        int *code);

/* The picture's name without folder and extension: where results go by default. */
void default_prefix(const char *picture, char *prefix, size_t capacity);

/* The rules of the library, for --rule; the first is the adaptive one, the others are fixed. */
extern const named_value rule_names[];

#ifdef __cplusplus
}
#endif
#endif
