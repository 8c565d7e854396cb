/* stb_memory.h - whether stb was refused memory: it does not always give that as its reason. */
#ifndef EXAMPLES_STB_MEMORY_H
#define EXAMPLES_STB_MEMORY_H

#include <stdbool.h>

/* Since the last stb_memory_forget of the calling thread. */
bool stb_memory_refused(void);
void stb_memory_forget(void);

#endif
