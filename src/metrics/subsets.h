/* subsets.h - random subsets of units, each a function of its number alone. */
#ifndef ATTRIB_SRC_SUBSETS_H
#define ATTRIB_SRC_SUBSETS_H

#include <stdint.h>

/* kept[0 .. count) = 0 for the units of subset `number`, 1 for the others; philox.h says what seed and stream are.
 * 1 <= count <= ATTRIB__RANDOM_ELEMENTS. of_size: `size` units, every such subset as likely as any other. by_coins:
 * each unit with the probability, by a coin of its own. */
void attrib__subset_of_size(uint64_t seed, uint32_t stream, uint64_t number, int64_t count, int64_t size,
                            unsigned char *kept);
void attrib__subset_by_coins(uint64_t seed, uint32_t stream, uint64_t number, int64_t count, double probability,
                             unsigned char *kept);

#endif
