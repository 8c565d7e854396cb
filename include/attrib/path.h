/* attrib/path.h - a curve from a reference to the input, for attrib_path_gradients. */
#ifndef ATTRIB_PATH_H
#define ATTRIB_PATH_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the point of the curve at alpha in [0, 1] and, where tangent is not NULL, its derivative with respect to alpha
 * there (n_inputs elements of the model's dtype each). Returns 0; > 0 stops the call as CANCELLED with the rows before
 * it, < 0 fails it. The curve must be continuous and the tangent its own derivative: only then do attributions sum to
 * f(end) - f(start). Never called by two threads at once, though with workers > 1 from any of them. */
typedef int32_t(ATTRIB_CALL *attrib_path_fn)(double alpha, void *point, void *tangent, void *user);

/* Knots joined by straight segments (`rows`), or a curve of the caller's (`at`); never both. An attrib_run refers to
 * rows and user until it is destroyed. */
typedef struct attrib_path {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t knots;               /* >= 2 with rows; 0 with at. The first is the reference, the last the input */
  int64_t stride;              /* elements from one knot to the next; 0 = n_inputs */
  const void *rows;            /* knots x n_inputs, dtype, finite */
  const void *reserved;        /* NULL */
  attrib_path_fn at;
  void *user;
} attrib_path;

#ifdef __cplusplus
}
#endif
#endif
