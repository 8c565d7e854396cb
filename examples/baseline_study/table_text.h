/* table_text.h - what a summary and the warnings say, as Markdown. */
#ifndef BASELINE_STUDY_TABLE_TEXT_H
#define BASELINE_STUDY_TABLE_TEXT_H

#include "summary.h"
#include "warnings.h"

/* Free with free; NULL: no memory. */
char *table_text(const summary *of, const warnings *w);

#endif
