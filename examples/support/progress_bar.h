/* progress_bar.h - a progress callback that draws a bar on a terminal and is silent elsewhere. */
#ifndef EXAMPLES_PROGRESS_BAR_H
#define EXAMPLES_PROGRESS_BAR_H

#include <attrib/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An attrib_progress_fn; user is not used. Draws on stderr, if that is a terminal, and wipes the bar when all is done.
 */
int32_t ATTRIB_CALL progress_bar(const attrib_progress *progress, void *user);

#ifdef __cplusplus
}
#endif
#endif
