/* forms.h - the forms of layer attributions, by the names that explain_image has for them without "layer-". */
#ifndef EXPLAIN_LAYERS_FORMS_H
#define EXPLAIN_LAYERS_FORMS_H

#include <attrib/layers.h>

enum { FORMS = 8 };

typedef struct layer_form {
  uint32_t form;        /* ATTRIB_LAYER_* */
  const char *option;   /* on the command line */
  const char *name;     /* in tables */
  const char *title[2]; /* in the strip, a line each */
} layer_form;

/* In the order in which they are shown: first those that sum to T. */
extern const layer_form layer_forms[FORMS];

/* The form of that name on the command line, or NULL. */
const layer_form *layer_form_find(const char *option);

/* A line on stdout for each: its name, the baseline that it implies, what it takes at a layer, and what it is. */
void layer_forms_list(void);

#endif
