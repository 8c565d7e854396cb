/* bundled.h - the bundled network, its pictures, and training pictures as baselines, for tests and benchmarks that
 * measure true errors. Whatever fails ends the program, with a line on stderr. */
#ifndef ATTRIB_TESTS_BUNDLED_H
#define ATTRIB_TESTS_BUNDLED_H

#include <attrib/attrib.h>

#include "image_io.h"
#include "picture_bank.h"
#include "small_net.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { BUNDLED_N = SMALL_NET_INPUTS, BUNDLED_PICTURES = 12 };

typedef struct bundled_picture {
  const char *name;
  image_data image;
  int64_t target; /* class of the highest probability */
  double probability;
} bundled_picture;

typedef struct bundled {
  small_net *net;
  picture_bank bank;
  attrib_context *context; /* with a worker per processor */
  uint32_t workers;
  bundled_picture pictures[BUNDLED_PICTURES];
} bundled;

void bundled_open(bundled *b);
void bundled_close(bundled *b);

/* score: SMALL_NET_LOGIT or SMALL_NET_PROBABILITY. */
attrib_model bundled_model(const bundled *b, uint32_t score);

/* The first `count` training pictures. */
attrib_baselines bundled_baselines(const bundled *b, int64_t count);

/* Expected gradients without chance: integrated gradients over the set, midpoint rule. */
void bundled_reference(const bundled *b, const attrib_model *model, const bundled_picture *picture,
                       const attrib_baselines *set, int64_t points, double *reference);

double *bundled_vector(void); /* BUNDLED_N doubles, to be freed */

/* Of BUNDLED_N attributions. */
double sum_of_squares(const double *values);
double squared_distance(const double *values, const double *others);
double relative_error(const double *values, const double *reference); /* L2 */

/* Ends the program unless the status is `wanted` or OK; message: the report's. */
void expect_status(attrib_status status, attrib_status wanted, const char *message);

#ifdef __cplusplus
}
#endif
#endif
