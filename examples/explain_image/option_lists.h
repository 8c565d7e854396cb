/* option_lists.h - the options of explain_image that are lists of names. */
#ifndef EXPLAIN_IMAGE_OPTION_LISTS_H
#define EXPLAIN_IMAGE_OPTION_LISTS_H

#include "arguments.h"

/* Fill in what a holds of them; false after a line on stderr that names what is wrong in the list, and what is near. */
bool take_methods(const char *program, const char *text, arguments *a);
bool take_baselines(const char *program, const char *text, arguments *a);

#endif
