#include "plan.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum {
  EVERY_MAP = (1 << MAPS) - 1,
  EXPLAINED = EVERY_MAP & ~(1 << MAP_RANDOM),
  OF_SIGMA = 1 << MAP_BLUR | 1 << MAP_GAUSSIAN | 1 << MAP_EXPECTED_GAUSSIAN,
  OF_SAMPLES = 1 << MAP_EXPECTED_UNIFORM | 1 << MAP_EXPECTED_GAUSSIAN | 1 << MAP_EXPECTED_TRAINING
};

static const double tenths[] = {0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1};
static const double inner_tenths[] = {.1, .2, .3, .4, .5, .6, .7, .8, .9};
static const double twentieths[] = {0,   .05, .1,  .15, .2,  .25, .3,  .35, .4,  .45, .5,
                                    .55, .6,  .65, .7,  .75, .8,  .85, .9,  .95, 1};
static const double sizes[] = {1, 4, 16, 64, 256, 1024, 3072};
static const double sigmas[] = {1, 2, 3, 5, 8, 12};
static const double samples[] = {1, 5, 20, 50, 100, 200};

#define POINTS(list) .points = sizeof(list) / sizeof(list)[0], .at = (list)
#define CURVE(list) .part = PART_ABLATION, .maps = EVERY_MAP, POINTS(list)
#define LOWER "lower is better"
#define HIGHER "higher is better"
#define RATIO "probability / that of the picture"
#define TOP_AXIS "share of pixels replaced, highest scores first"
#define BOX_AXIS "k: the box about the centre of mass has about k&#178; of the pixels"
#define SIGMA_AXIS "sigma: blur in pixels; gaussian noise in tenths of the pixels' range"
#define SAMPLES_AXIS "samples of expected gradients"
#define INSIDE "share of the map inside the object"

static const test_info tests[TESTS] = {
    [TEST_TOP_MEAN] = {"top-k, mean", "top_mean", "area", LOWER, TOP_AXIS, RATIO, CURVE(tenths)},
    [TEST_TOP_BLUR] = {"top-k, blur", "top_blur", "area", LOWER, TOP_AXIS, RATIO, CURVE(tenths)},
    [TEST_TOP_UNIFORM] = {"top-k, uniform noise", "top_uniform", "area", LOWER, TOP_AXIS, RATIO, CURVE(tenths)},
    [TEST_CENTRE_MEAN] = {"centre of mass, mean", "centre_mean", "area", LOWER, BOX_AXIS, RATIO, CURVE(tenths)},
    [TEST_CENTRE_BLUR] = {"centre of mass, blur", "centre_blur", "area", LOWER, BOX_AXIS, RATIO, CURVE(tenths)},
    [TEST_DELETION] = {"deletion", "deletion", "area", LOWER, TOP_AXIS, "probability", CURVE(twentieths)},
    [TEST_INSERTION] = {"insertion", "insertion", "area", HIGHER, "share of pixels inserted, highest scores first",
                        "probability", CURVE(twentieths)},
    [TEST_DIFF_ID] = {"DiffID", "diff_id", "mean difference", HIGHER, "share of values taken out",
                      "probability without the lowest less that without the highest", CURVE(inner_tenths),
                      .least = -INFINITY},
    [TEST_MASS] = {"mass inside", "mass_inside", INSIDE, HIGHER, NULL, NULL, PART_ABLATION, EVERY_MAP, 0, false, NULL,
                   0, 1},
    [TEST_OVERLAP] = {"overlap with the object", "overlap", "intersection over union", HIGHER, NULL, NULL,
                      PART_ABLATION, EVERY_MAP, 0, false, NULL, 0, 1},
    [TEST_POINTING] = {"pointing game", "pointing", "share of pictures whose highest score is inside", HIGHER, NULL,
                       NULL, PART_ABLATION, EVERY_MAP, 0, false, NULL, 0, 1},
    [TEST_SENSITIVITY_N] = {"sensitivity-n", "sensitivity_n", "mean correlation", HIGHER,
                            "n: pixels replaced by the mean colour", "correlation", PART_FAITHFULNESS, EVERY_MAP,
                            POINTS(sizes), .even = true, .least = -1, .most = 1},
    [TEST_INFIDELITY] = {"infidelity", "infidelity", "mean square", LOWER, NULL, NULL, PART_FAITHFULNESS, EVERY_MAP, 0,
                         false, NULL, 0, 0},
    [TEST_SENSITIVITY_MAX] = {"maximum sensitivity", "sensitivity_max", "largest relative change", LOWER, NULL, NULL,
                              PART_FAITHFULNESS, EXPLAINED, 0, false, NULL, 0, 0},
    [TEST_SIGMA_TOP] = {"sigma: top-k, mean", "sigma_top", NULL, LOWER, SIGMA_AXIS, "area of top-k, mean", PART_SWEEP,
                        OF_SIGMA, POINTS(sigmas), .even = true},
    [TEST_SIGMA_MASS] = {"sigma: mass inside", "sigma_mass", NULL, HIGHER, SIGMA_AXIS, INSIDE, PART_SWEEP, OF_SIGMA,
                         POINTS(sigmas), .even = true},
    [TEST_SAMPLES_TOP] = {"samples: top-k, mean", "samples_top", NULL, LOWER, SAMPLES_AXIS, "area of top-k, mean",
                          PART_SWEEP, OF_SAMPLES, POINTS(samples), .even = true},
    [TEST_SAMPLES_MASS] = {"samples: mass inside", "samples_mass", NULL, HIGHER, SAMPLES_AXIS, INSIDE, PART_SWEEP,
                           OF_SAMPLES, POINTS(samples), .even = true},
    [TEST_MASS_BLACK] = {"mass inside, black objects", "mass_inside_black", INSIDE, HIGHER, NULL, NULL, PARTS,
                         EVERY_MAP, 0, false, NULL, 0, 1},
    [TEST_MASS_WHITE] = {"mass inside, white objects", "mass_inside_white", INSIDE, HIGHER, NULL, NULL, PARTS,
                         EVERY_MAP, 0, false, NULL, 0, 1},
    [TEST_MASS_COLOURED] = {"mass inside, coloured objects", "mass_inside_coloured", INSIDE, HIGHER, NULL, NULL, PARTS,
                            EVERY_MAP, 0, false, NULL, 0, 1}};

static const char *const maps[MAPS] = {"black",
                                       "white",
                                       "grey",
                                       "max-distance",
                                       "blur",
                                       "uniform",
                                       "gaussian",
                                       "training",
                                       "max-entropy",
                                       "expected uniform",
                                       "expected gaussian",
                                       "expected training",
                                       "random ranking"};

const test_info *plan_test(study_test test) {
  return &tests[test];
}

const char *plan_map(study_map map) {
  return maps[map];
}

void settings_text(const settings *s, char *text, size_t capacity) {
  snprintf(text, capacity,
           "pictures %" PRId64 " few %" PRId64 " points %" PRId64 " samples %" PRId64 " seed %" PRId64
           " network %08" PRIx32 " held-out %08" PRIx32 " training %08" PRIx32,
           s->pictures, s->few, s->points, s->samples, s->seed, s->network, s->held_out, s->bank);
}

double plan_cost(study_part part, const settings *s) {
  const double row = 1.0 / 3; /* of a row without gradient, in rows with one */
  const double single = MAP_EXPECTED_UNIFORM * (double)s->points, expected = 3 * (double)s->samples * (1 + row);
  double drawn = 0;
  for (int i = 0; i < tests[TEST_SAMPLES_TOP].points; i++) drawn += samples[i];
  switch (part) {
    case PART_ABLATION: return single + expected + MAPS * 176 * row;
    case PART_FAITHFULNESS: return 12 * (single + expected) + MAPS * 1200 * row;
    case PART_SWEEP:
      return tests[TEST_SIGMA_TOP].points * (2 * (double)s->points + expected / 3) + 3 * drawn * (1 + row) +
             36 * 11 * row;
    default: return 0;
  }
}

int plan_lines(study_part part) {
  int lines = 0;
  for (int test = 0; test < MEASURED_TESTS; test++)
    for (int map = 0; map < MAPS; map++) lines += tests[test].part == part && (tests[test].maps >> map & 1) != 0;
  return lines;
}

void plan_line(study_part part, int i, study_map *map, study_test *test) {
  for (int m = 0; m < MAPS; m++)
    for (int t = 0; t < MEASURED_TESTS; t++)
      if (tests[t].part == part && (tests[t].maps >> m & 1) != 0 && i-- == 0) {
        *map = (study_map)m;
        *test = (study_test)t;
        return;
      }
}

void plan_at(const test_info *info, int point, char *text, size_t capacity) {
  snprintf(text, capacity, "%g", info->at[point]);
}
