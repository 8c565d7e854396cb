/* json_memory.h - whether jansson has lacked memory. It does not always say so: a parser that cannot make its text
 * longer goes on with a shorter one, and a writer leaves the key out. */
#ifndef EXPLAIN_IMAGE_JSON_MEMORY_H
#define EXPLAIN_IMAGE_JSON_MEMORY_H

#include <stdbool.h>

/* From now on; may be called again. For programs that use jansson on one thread. */
void json_memory_watch(void);
bool json_memory_lacked(void);

#endif
