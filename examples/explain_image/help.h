/* help.h - what --help says. */
#ifndef EXPLAIN_IMAGE_HELP_H
#define EXPLAIN_IMAGE_HELP_H

/* Two, for no string may be longer than 4095 bytes. */
extern const char explain_image_help[], explain_image_more_help[];

#endif
