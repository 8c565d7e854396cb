#include "map_styles.h"

/* Colours of Okabe and Ito, which stay apart with every common colour vision deficiency, and a violet; means over many
 * rows are dashed, in the colour of their single row. */
#define BLACK "#000"
#define ORANGE "#e69f00"
#define GREY "#999"
#define PINK "#cc79a7"
#define BLUE "#0072b2"
#define GREEN "#009e73"
#define RED "#d55e00"
#define SKY "#56b4e9"
#define VIOLET "#5b2a86"

const char map_styles[] =
    "path{fill:none}.m0,.m1,.m2,.m3,.m4,.m5,.m6,.m7,.m8,.m9,.m10,.m11{stroke-width:2}"
    ".m0{stroke:" BLACK "}.m1{stroke:" ORANGE "}.m2{stroke:" GREY "}.m3{stroke:" PINK "}.m4{stroke:" BLUE
    "}"
    ".m5{stroke:" GREEN "}.m6{stroke:" RED "}.m7{stroke:" SKY "}.m8{stroke:" VIOLET
    "}"
    ".m9{stroke:" GREEN ";stroke-dasharray:7 4}.m10{stroke:" RED
    ";stroke-dasharray:7 4}"
    ".m11{stroke:" SKY ";stroke-dasharray:7 4}.m12{stroke:" BLACK
    ";stroke-width:2.5;stroke-dasharray:2 4}"
    ".e{stroke:#888;stroke-width:1}.i{stroke-width:6;stroke-opacity:.45}.name{font-size:12px;fill:#222;text-anchor:end}"
    ".number{font-size:12px;fill:#222}.note{font-size:11px;fill:#555}";

const char *map_colour(study_map map) {
  static const char *const colours[MAPS] = {BLACK, ORANGE, GREY,  PINK, BLUE, GREEN, RED,
                                            SKY,   VIOLET, GREEN, RED,  SKY,  BLACK};
  return colours[map];
}
