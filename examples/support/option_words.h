/* option_words.h - messages of the library in the words of who typed options. */
#ifndef EXAMPLES_OPTION_WORDS_H
#define EXAMPLES_OPTION_WORDS_H

/* Replaces, in place, the fields of options structs and the rules that a message of the library names by the options
 * of explain_image that set them: "options->max_evaluations = 3" by "--max-evaluations = 3". What no option sets stays
 * as it is. Returns message. */
char *option_words(char *message);

#endif
