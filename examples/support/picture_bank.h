/* picture_bank.h - training pictures of the bundled network, as reference rows. */
#ifndef EXAMPLES_PICTURE_BANK_H
#define EXAMPLES_PICTURE_BANK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct picture_bank {
  int64_t count; /* >= 1 */
  float *rows;   /* count x SMALL_NET_INPUTS, planar as the network wants them */
} picture_bank;

/* Reads a picture file that holds pictures of the network's size one below the other (NULL = the bundled one, see
 * examples/data/README.md). 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes), after which *bank is
 * empty.
 */
int picture_bank_load(const char *path, picture_bank *bank, char *message);
void picture_bank_free(picture_bank *bank);

#ifdef __cplusplus
}
#endif
#endif
