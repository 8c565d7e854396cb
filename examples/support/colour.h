/* colour.h - colours as the user writes them. */
#ifndef EXAMPLES_COLOUR_H
#define EXAMPLES_COLOUR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COLOUR_FORMS "a name such as black, white, grey or red, #rrggbb, or R,G,B each 0 to 1"

/* Reads a colour from the beginning of text: black, white, grey, gray, red, green, blue, yellow, cyan, magenta;
 * #rrggbb; or R,G,B with three numbers in [0, 1]. Returns the character behind it, which is '\0' or ','; NULL where
 * there is no colour. colour: red, green, blue in [0, 1]. */
const char *read_colour(const char *text, double *colour);

/* The name of a colour, from 0; NULL behind the last. */
const char *colour_name(size_t number);

#ifdef __cplusplus
}
#endif
#endif
