#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "whole_file.h"

/* Where the fields of interest lie in a line. */
typedef struct layout {
  int fields; /* of every line */
  int columns[TABLE_NET_MAX_COLUMNS], target, split;
} layout;

typedef struct reader {
  char *next; /* NULL at the end */
  int64_t line;
  const table_net *net;
  const file_report *report;
} reader;

/* Cuts the next line off, its end removed; NULL when there is none. */
static char *take_line(reader *in) {
  char *line = in->next;
  if (line == NULL || *line == '\0') return NULL;
  char *end = strchr(line, '\n');
  in->next = end == NULL ? NULL : end + 1;
  in->line++;
  size_t length = end == NULL ? strlen(line) : (size_t)(end - line);
  if (length > 0 && line[length - 1] == '\r') length--;
  line[length] = '\0';
  return line;
}

/* Takes the quotes off a field in place; returns what follows it, or NULL where the quotes are not closed. */
static char *unquote(char *field) {
  char *to = field, *from = field + 1;
  while (*from != '\0' && (from[0] != '"' || from[1] == '"')) {
    if (*from == '"') from++; /* two stand for one */
    *to++ = *from++;
  }
  if (*from == '\0') return NULL;
  *to = '\0';
  return from + 1;
}

/* Splits a line at its commas, in place. The number of fields, or -1 with a message. */
static int split_fields(const reader *in, char *line, char **fields) {
  for (int count = 0; count < TABLE_MAX_FIELDS; count++) {
    fields[count] = line;
    char *end = *line == '"' ? unquote(line) : line + strcspn(line, ",");
    if (end == NULL || (*end != ',' && *end != '\0')) {
      (void)file_fail(in->report, -1, "line %lld: field %d is not quoted as CSV is", (long long)in->line, count + 1);
      return -1;
    }
    if (*end == '\0') return count + 1;
    *end = '\0';
    line = end + 1;
  }
  (void)file_fail(in->report, -1, "line %lld: more than %d fields", (long long)in->line, TABLE_MAX_FIELDS);
  return -1;
}

static int find_field(const reader *in, char **fields, int count, const char *name, int *place) {
  int found = 0;
  for (int k = 0; k < count; k++) {
    if (strcmp(fields[k], name) != 0) continue;
    found++;
    *place = k;
  }
  return found == 1 ? 0 : file_fail(in->report, -1, "column '%s' is %s", name, found == 0 ? "missing" : "there twice");
}

static int read_head(reader *in, layout *l) {
  char *fields[TABLE_MAX_FIELDS];
  if (strncmp(in->next, "\xef\xbb\xbf", 3) == 0) in->next += 3; /* the mark that spreadsheets put before UTF-8 */
  char *line = take_line(in);
  if (line == NULL) return file_fail(in->report, -1, "is empty");
  l->fields = split_fields(in, line, fields);
  int status = l->fields < 0 ? -1 : 0;
  for (int32_t c = 0; c < in->net->n_columns && status == 0; c++)
    status = find_field(in, fields, l->fields, in->net->columns[c], &l->columns[c]);
  if (status == 0) status = find_field(in, fields, l->fields, in->net->target, &l->target);
  if (status == 0) status = find_field(in, fields, l->fields, "split", &l->split);
  return status;
}

/* Position of a text among names; -1 with a message that lists them. */
static int32_t find_name(const reader *in, const char *column, const char *text, const char (*names)[TABLE_NET_NAME],
                         int32_t count) {
  char known[160] = "";
  for (int32_t k = 0; k < count; k++) {
    if (strcmp(text, names[k]) == 0) return k;
    if (k > 0) strncat(known, ", ", sizeof known - strlen(known) - 1);
    strncat(known, names[k], sizeof known - strlen(known) - 1);
  }
  return file_fail(in->report, -1, "line %lld: %s '%.40s' is none of %s", (long long)in->line, column, text, known);
}

static int read_number(const reader *in, const char *column, const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  if (end == text || *end != '\0')
    return file_fail(in->report, -1, "line %lld: %s '%.40s' is not a number", (long long)in->line, column, text);
  if (!isfinite(*value))
    return file_fail(in->report, -1, "line %lld: %s '%.40s' is not finite", (long long)in->line, column, text);
  return 0;
}

/* The fields of a line as row t->count, which is not counted yet. */
static int read_row(const reader *in, const layout *l, char **fields, table *t) {
  static const char splits[2][TABLE_NET_NAME] = {"training", "held-out"};
  const table_net *net = in->net;
  double *row = t->inputs + t->count * net->n_inputs;
  for (int32_t c = 0; c < net->n_columns; c++) {
    const char *text = fields[l->columns[c]], *name = net->columns[c];
    const int32_t first = net->first[c], categories = net->first[c + 1] - first;
    if (net->categories[first][0] == '\0') {
      if (read_number(in, name, text, &row[first]) != 0) return -1;
      continue;
    }
    int32_t which = find_name(in, name, text, &net->categories[first], categories);
    if (which < 0) return -1;
    for (int32_t k = 0; k < categories; k++) row[first + k] = k == which ? 1 : 0;
  }
  t->classes[t->count] = find_name(in, net->target, fields[l->target], net->classes, net->n_classes);
  int32_t split = find_name(in, "split", fields[l->split], splits, 2);
  if (t->classes[t->count] < 0 || split < 0) return -1;
  t->is_training[t->count] = split == 0;
  return 0;
}

static int allocate(reader *in, table *t) {
  size_t lines = 1; /* at least as many as there are rows */
  for (const char *c = in->next; c != NULL && *c != '\0'; c++) lines += *c == '\n';
  const size_t row = (size_t)in->net->n_inputs * sizeof *t->inputs; /* both are bounded: no overflow */
  t->inputs = malloc(lines * (2 * row + sizeof *t->classes + sizeof *t->is_training));
  if (t->inputs == NULL) return file_fail(in->report, -1, "out of memory for %zu rows", lines);
  t->training = t->inputs + lines * (size_t)in->net->n_inputs;
  t->classes = (int32_t *)(t->training + lines * (size_t)in->net->n_inputs);
  t->is_training = (bool *)(t->classes + lines);
  return 0;
}

static int read_rows(reader *in, const layout *l, table *t) {
  char *fields[TABLE_MAX_FIELDS], *line;
  const size_t row = (size_t)in->net->n_inputs;
  while ((line = take_line(in)) != NULL) {
    if (*line == '\0') continue; /* an empty line is no row */
    int count = split_fields(in, line, fields);
    if (count < 0) return -1;
    if (count != l->fields)
      return file_fail(in->report, -1, "line %lld: %d fields, the first line names %d", (long long)in->line, count,
                       l->fields);
    if (read_row(in, l, fields, t) != 0) return -1;
    const double *inputs = t->inputs + (size_t)t->count * row;
    if (t->is_training[t->count++])
      memcpy(t->training + (size_t)t->training_count++ * row, inputs, row * sizeof *inputs);
  }
  return t->training_count > 0 ? 0 : file_fail(in->report, -1, "no row is for training");
}

int table_parse(char *text, size_t size, const char *name, const table_net *net, table *t, char *message) {
  const file_report report = {name, message, FILE_MESSAGE_CAPACITY};
  reader in = {text, 0, net, &report};
  layout l = {0};
  *t = (table){0};
  message[0] = '\0';
  if (strlen(text) != size) return file_fail(&report, -1, "is not text: byte %zu is zero", strlen(text) + 1);
  int status = read_head(&in, &l);
  if (status == 0) status = allocate(&in, t);
  if (status == 0) status = read_rows(&in, &l, t);
  if (status != 0) table_free(t);
  return status;
}

int table_load(const char *path, const table_net *net, table *t, char *message) {
  size_t size;
  *t = (table){0};
  char *text = whole_file_read(path, &size, message);
  if (text == NULL) return -1;
  int status = table_parse(text, size, path, net, t, message);
  free(text);
  return status;
}

void table_free(table *t) {
  free(t->inputs);
  *t = (table){0};
}
