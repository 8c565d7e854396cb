/* tables.h - the tables of a summary, and the warnings, as Markdown: for the terminal, and for a page that has a block
 * for them. */
#ifndef BASELINE_STUDY_TABLES_H
#define BASELINE_STUDY_TABLES_H

#include "summary.h"
#include "warnings.h"

/* To stdout. */
void tables_print(const summary *of, const warnings *w);

/* Whether the page has the two lines that the block stands between: TABLES_BEGIN and TABLES_END, each once. 0, or -1
 * with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int tables_check(const char *page, char *message);

/* Replaces what is between them, the rest of the page as it is. */
int tables_write(const summary *of, const warnings *w, const char *page, char *message);

#define TABLES_BEGIN \
  "<!-- baseline_study: begin. The program writes this block (--guide); what is typed here is lost. -->\n"
#define TABLES_END "<!-- baseline_study: end -->\n"

#endif
