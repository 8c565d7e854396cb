/* report_files.h - a folder for the one file that tests of the report page write; it is removed at the end. */
#ifndef ATTRIB_TESTS_REPORT_FILES_H
#define ATTRIB_TESTS_REPORT_FILES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomic_file.h"

static char folder[64], path[96], message[FILE_MESSAGE_CAPACITY];

static int make_folder(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/report_page_XXXXXX");
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(path, sizeof path, "%s/page.html", folder);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  unlink(path);
  return rmdir(folder);
}

/* What is in the file; "" = there is none. To be freed. */
static char *read_page(void) {
  enum { ROOM = 4 << 20 };
  char *text = calloc(ROOM, 1);
  assert_non_null(text);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return text;
  assert_in_range(fread(text, 1, ROOM - 1, file), 0, ROOM - 2);
  fclose(file);
  return text;
}

#endif
