/* print.h - what explain_image says of a result. */
#ifndef EXPLAIN_IMAGE_PRINT_H
#define EXPLAIN_IMAGE_PRINT_H

#include "arguments.h"

/* The result, a few lines on stdout. job: as it was run. relation: see method_relation. remark: why the result is not
 * what was asked for, "" = it is. */
void print_result(const method_job *job, const char *relation, const attrib_report *report, const char *remark);

#endif
