/* result.h - results of metrics that are structs the caller sizes. */
#ifndef ATTRIB_SRC_RESULT_H
#define ATTRIB_SRC_RESULT_H

#include <stddef.h>

#include "../context/context.h"

/* At the door: E_ARGUMENT for NULL, E_STRUCT where it is shorter than its first version. `name` is the argument's. */
attrib_status attrib__out_struct_check(attrib_context *context, const char *name, const void *given, size_t minimum);

/* Copies as much of the latest form (`size` bytes) as the caller's has room for, and says in filled_size how much that
 * was; both begin with struct_size and filled_size. A longer one from a newer caller stays as it was beyond. */
void attrib__out_struct_write(void *latest, size_t size, void *given);

#endif
