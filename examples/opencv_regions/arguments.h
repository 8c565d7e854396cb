/* arguments.h - the command line of opencv_regions. */
#ifndef OPENCV_REGIONS_ARGUMENTS_H
#define OPENCV_REGIONS_ARGUMENTS_H

#include <cstdint>

#include "heat_map.h"

struct arguments {
  const char *picture = nullptr;
  const char *model = nullptr;  /* nullptr = the bundled one, whose classes have names */
  const char *target = nullptr; /* nullptr = the output with the highest score */
  const char *baseline = "black";
  const char *prefix = nullptr;
  int64_t grid = 8;   /* pixels of a region's side */
  int64_t points = 0; /* 0 = by tolerance */
  int64_t max_evaluations = 0;
  double tolerance = 0, step = 0; /* 0 = the library's default */
  bool compare = false;
  heat_map_style style{ATTRIB_PALETTE_DIVERGING, 0, nullptr};
};

/* Fills a. Returns true to go on; false to exit with *code, after text (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
