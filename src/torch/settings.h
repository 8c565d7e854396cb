/* settings.h - the options of an open network, checked, and the failures that everything in this folder throws; knows
 * nothing of libtorch. */
#ifndef ATTRIB_SRC_TORCH_SETTINGS_H
#define ATTRIB_SRC_TORCH_SETTINGS_H

#include <attrib/torch.h>

#include <string>
#include <vector>

namespace attrib__torch {

/* What ends a call: a status and the line for its message. Caught where C is entered. */
struct failure {
  attrib_status status;
  std::string line;
};

/* As printf does. */
#ifdef __GNUC__
__attribute__((format(printf, 1, 2)))
#endif
std::string
format(const char *text, ...);

/* Copies the line, cut to capacity with its final 0; control characters (of keys, paths) become '?', so that it is one
 * line. */
void copy_line(const std::string &line, char *message, int64_t capacity);

struct settings {
  uint32_t flags, dtype, layout, score, threads;
  int64_t output, block_rows;            /* block_rows: 0 until the number of threads is known */
  std::vector<int64_t> shape;            /* of one row, as the network has it */
  int64_t channels, positions, n_inputs; /* channels x positions = n_inputs */
  std::vector<double> scale, offset;     /* of each channel: z = scale x + offset */
  bool plain;                            /* z = x, in the same order */
  bool named;                            /* output_name was given */
  double middle;                         /* of the caller's range */
  std::string output_name;
};

/* Throws a failure that names the option and its value. */
settings read_options(const attrib_torch_options *given);

/* "3 x 224 x 224" */
std::string dimensions(const int64_t *sizes, size_t count);

}  // namespace attrib__torch
#endif
