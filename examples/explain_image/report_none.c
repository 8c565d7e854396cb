/* In the place of report.c where the page is not built: --report is refused before any of these is called. */
#include <stdio.h>

#include "report.h"

bool report_is_built(void) {
  return false;
}

report_book *report_create(void) {
  return NULL;
}

void report_free(report_book *r) {
  (void)r;
}

int report_add_picture(report_book *r, const subject *s, const char *path, const char *digest, char *message) {
  (void)r, (void)s, (void)path, (void)digest;
  snprintf(message, FILE_MESSAGE_CAPACITY, "this program was built without the report page");
  return -1;
}

int report_add_map(report_book *r, const pair *p, const target_choice *target, const explanation *e, progress *bar,
                   char *message) {
  (void)p, (void)target, (void)e, (void)bar;
  return report_add_picture(r, NULL, NULL, NULL, message);
}

int report_write(report_book *r, const char *network_digest, const char *note, const char *path, char *message) {
  (void)network_digest, (void)note;
  return report_add_picture(r, NULL, path, NULL, message);
}
