/* plan.h - what the study measures: maps of each picture, tests of each map, and how the work is cut into units. */
#ifndef BASELINE_STUDY_PLAN_H
#define BASELINE_STUDY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The maps. The first nine are integrated gradients from one row, the next three expected gradients over many. */
typedef enum study_map {
  MAP_BLACK,
  MAP_WHITE,
  MAP_GREY,
  MAP_MAX_DISTANCE,
  MAP_BLUR,
  MAP_UNIFORM,
  MAP_GAUSSIAN,
  MAP_TRAINING,
  MAP_MAX_ENTROPY,
  MAP_EXPECTED_UNIFORM,
  MAP_EXPECTED_GAUSSIAN,
  MAP_EXPECTED_TRAINING,
  MAP_RANDOM, /* the control: no explanation at all */
  MAPS
} study_map;

/* The tests, in the order in which results are written. The last three are no measurements of their own: the summary
 * tells the mass inside by the object's colour. */
typedef enum study_test {
  TEST_TOP_MEAN,
  TEST_TOP_BLUR,
  TEST_TOP_UNIFORM,
  TEST_CENTRE_MEAN,
  TEST_CENTRE_BLUR,
  TEST_DELETION,
  TEST_INSERTION,
  TEST_DIFF_ID,
  TEST_MASS,
  TEST_OVERLAP,
  TEST_POINTING,
  TEST_SENSITIVITY_N,
  TEST_INFIDELITY,
  TEST_SENSITIVITY_MAX,
  TEST_SIGMA_TOP,
  TEST_SIGMA_MASS,
  TEST_SAMPLES_TOP,
  TEST_SAMPLES_MASS,
  MEASURED_TESTS,
  TEST_MASS_BLACK = MEASURED_TESTS,
  TEST_MASS_WHITE,
  TEST_MASS_COLOURED,
  TESTS
} study_test;

/* A unit of work is a picture and a part: all its maps and tests are written at once. */
typedef enum study_part { PART_ABLATION, PART_FAITHFULNESS, PART_SWEEP, PARTS } study_part;

enum { MOST_POINTS = 21 };

typedef struct test_info {
  const char *name, *file; /* file: the name in names of files */
  const char *score;       /* what the one number of a map is; NULL: there is none, points alone */
  const char *better;      /* "lower is better", "higher is better" */
  const char *axis;        /* what the points are along; NULL: there are none */
  const char *value;       /* what stands there */
  study_part part;
  unsigned maps; /* a bit for each map that it is made of */
  int points;    /* the score alone: 0 */
  bool even;     /* points lie side by side on the axis, whatever they are */
  const double *at;
  double least, most; /* what a score can be; most 0: anything from the least on */
} test_info;

const test_info *plan_test(study_test test);
const char *plan_map(study_map map);

/* The settings that results depend on. Written into the first line of every file of results. */
typedef struct settings {
  int64_t pictures; /* held-out ones, from the first on */
  int64_t few;      /* of those that the network gets right, how many the slow tests see */
  int64_t points;   /* gradients of integrated gradients */
  int64_t samples;  /* of expected gradients */
  int64_t seed;
  uint32_t network, held_out, bank; /* CRC-32 of what the network says of the pictures; of pictures, masks; of bank */
} settings;

/* "pictures 200 few 20 ...": as many words as a line has. */
void settings_text(const settings *s, char *text, size_t capacity);

/* Counted in rows with gradient; one without is about a third. For the time that remains. */
double plan_cost(study_part part, const settings *s);

/* How many lines of results a unit has, and which map and test the i-th is of. */
int plan_lines(study_part part);
void plan_line(study_part part, int i, study_map *map, study_test *test);

/* "0.1", "4096": a point of a test as text. */
void plan_at(const test_info *info, int point, char *text, size_t capacity);

#endif
