/* interrupt.h - Ctrl-C ends a run cleanly; a second one at once. */
#ifndef EXPLAIN_IMAGE_INTERRUPT_H
#define EXPLAIN_IMAGE_INTERRUPT_H

#include <stdbool.h>

void interrupt_catch(void); /* from now on */
bool interrupted(void);

#endif
