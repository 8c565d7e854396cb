#include "forms.h"

#include <stdio.h>
#include <string.h>

#include "layer_maps.h"
#include "method_table.h"

const layer_form layer_forms[FORMS] = {
    {ATTRIB_LAYER_LINE, "line", "line", {"line", "in the layer"}},
    {ATTRIB_LAYER_PATH, "path", "path", {"path", "of the input"}},
    {ATTRIB_LAYER_TIMES_ACTIVATION, "times-activation", "gradient x activation", {"gradient x", "activation"}},
    {ATTRIB_LAYER_CAM, "cam", "LayerCAM", {"LayerCAM", ""}},
    {ATTRIB_LAYER_ODAM, "odam", "ODAM", {"ODAM", ""}},
    {ATTRIB_LAYER_DIFFERENCE, "difference", "difference map", {"difference", "map"}},
    {ATTRIB_LAYER_TAYLOR, "taylor", "first-order Taylor", {"first-order", "Taylor"}},
    {ATTRIB_LAYER_GRADIENT, "gradient", "gradient", {"gradient", ""}},
};

const layer_form *layer_form_find(const char *option) {
  for (int i = 0; i < FORMS; i++)
    if (strcmp(layer_forms[i].option, option) == 0) return &layer_forms[i];
  return NULL;
}

/* The same form among the methods of a picture: what it is and what it takes is told there. */
static const picture_method *method_of(uint32_t form) {
  const picture_method *m = picture_methods;
  while (m->name != NULL && ((m->flags & METHOD_LAYER) == 0 || m->variant != form)) m++;
  return m;
}

void layer_forms_list(void) {
  printf(
      "Forms (--form), the baseline that each implies, and its rows of the network, up to the layer or behind it:\n");
  for (int i = 0; i < FORMS; i++) {
    const picture_method *m = method_of(layer_forms[i].form);
    printf("  %-18s %-9s %7s %4lld  %s\n", layer_forms[i].option, layer_implied_baseline(layer_forms[i].form),
           (m->flags & METHOD_AT_MOST) != 0 ? "at most" : "", (long long)m->rows, m->what);
  }
  printf("\nBaselines (--baseline); the last three are searched for, with the rows that they take:\n");
  choose_baseline_list(true);
}
