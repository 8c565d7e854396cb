/* network_torch.h - a TorchScript file as the network of the picture programs, where attrib_torch is built. */
#ifndef EXAMPLES_NETWORK_TORCH_H
#define EXAMPLES_NETWORK_TORCH_H

#include <stdbool.h>

#include "network.h"

/* What cannot be seen from the file. */
typedef struct torch_source {
  const char *path;
  int64_t width, height;        /* of the pictures it takes: 3 x height x width */
  double mean[3], deviation[3]; /* of each channel, of pixel values in [0, 1]; deviations of 0 = 1 */
} torch_source;

/* Whether this program was built with attrib_torch. */
bool network_has_torch(void);

/* Of libtorch, that it was built with; "" where it was not. */
const char *network_torch_version(void);

/* By what channels are divided: 1 where nothing is given. */
void torch_source_deviation(const torch_source *source, double *deviation);

/* Opens it; rows are pixels in [0, 1], and libtorch takes one thread of its own in each worker, so that results have
 * the same bits on machines of any number of processors. Returns 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes), which says how to build it where it is not. */
int network_open_torch(network *net, const torch_source *source, uint32_t score, char *message);

#endif
