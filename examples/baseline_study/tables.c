#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "table_text.h"

void tables_print(const summary *of, const warnings *w) {
  char *text = table_text(of, w);
  if (text != NULL) printf("%s\n", text);
  free(text);
}

/* -- the page */

/* The page as text; *begin and *end: where the block's text begins and ends. NULL with a message. */
static char *read_page(const char *page, char **begin, char **end, char *message) {
  const file_report report = {page, message, FILE_MESSAGE_CAPACITY};
  FILE *file = fopen(page, "rb");
  char *text = file == NULL ? NULL : calloc(1, 1 << 20);
  const size_t size = text == NULL ? 0 : fread(text, 1, (1 << 20) - 1, file);
  const bool read = text != NULL && ferror(file) == 0 && size > 0 && size < (1 << 20) - 1;
  if (file != NULL) fclose(file);
  if (!read) {
    file_fail(&report, -1, "cannot be read");
    free(text);
    return NULL;
  }
  *begin = strstr(text, TABLES_BEGIN);
  if (*begin != NULL) *begin += strlen(TABLES_BEGIN);
  *end = *begin == NULL ? NULL : strstr(*begin, TABLES_END);
  if (*end != NULL && strstr(*end, TABLES_BEGIN) == NULL) return text;
  file_fail(&report, -1, "has no line that begins, and one that ends, what baseline_study writes");
  free(text);
  return NULL;
}

int tables_check(const char *page, char *message) {
  char *begin, *end, *text = read_page(page, &begin, &end, message);
  free(text);
  return text == NULL ? -1 : 0;
}

int tables_write(const summary *of, const warnings *w, const char *page, char *message) {
  char *begin, *end, *text = read_page(page, &begin, &end, message);
  if (text == NULL) return -1;
  char *block = table_text(of, w);
  atomic_file *file = block == NULL ? NULL : atomic_file_begin(page, message, FILE_MESSAGE_CAPACITY);
  int status = -1;
  if (block == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
  if (file != NULL) {
    atomic_file_write(file, text, (size_t)(begin - text));
    atomic_file_write(file, "\n", 1);
    atomic_file_write(file, block, strlen(block));
    atomic_file_write(file, "\n", 1);
    atomic_file_write(file, end, strlen(end));
    status = atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
  }
  free(block);
  free(text);
  return status;
}
