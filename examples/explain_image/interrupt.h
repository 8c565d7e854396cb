/* interrupt.h - signals that ask a run to end, such as Ctrl-C: the first one ends it cleanly, a second one at once, but
 * leaves no temporary files either. */
#ifndef EXPLAIN_IMAGE_INTERRUPT_H
#define EXPLAIN_IMAGE_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGHUP, SIGINT, SIGQUIT, SIGPIPE and SIGTERM are such signals, unless the program was started with them
 * ignored (nohup). A file that grows over a limit (SIGXFSZ) is an error of writing it. On the main thread. */
void interrupt_catch(void);
bool interrupted(void);

/* 128 and the number of the signal that came first; 0 = none. */
int interrupt_code(void);

/* The line that says how the run ended is about to be written: a further signal ends the program without one. */
void interrupt_over(void);

#endif
