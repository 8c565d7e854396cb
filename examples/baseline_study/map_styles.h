/* map_styles.h - how a map's line looks: one colour and dash for each, the same in all figures. */
#ifndef BASELINE_STUDY_MAP_STYLES_H
#define BASELINE_STUDY_MAP_STYLES_H

#include "plan.h"

/* Classes of CSS: "m0" for the first map, and so on; "e", "i" and "dot" of error bars. */
extern const char map_styles[];

/* The colour alone. */
const char *map_colour(study_map map);

#endif
