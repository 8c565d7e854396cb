/* The truth lies within two standard errors of SmoothGrad's forms as often as it should, over many seeds. */
#include "fixture.h"
#include "outcome.h"
#include "smooth_models.h"
#include "statistics.h"

enum { N = 4, SEEDS = 200, SAMPLES = 400 };

typedef struct subject {
  analytic_fn f;
  const double *parameters; /* of a quadratic; NULL = cosines */
  double sigma;
} subject;

static const double x[N] = {.4, 1, -2.2, 2.6};
static const double quadratic[N * N] = {2, 1, -.5, .3, 1, 3, .7, -1, -.5, .7, -1, .2, .3, -1, .2, .5};

static double limit(const subject *s, uint32_t form, int64_t i) {
  if (s->parameters == NULL) return limit_of_cosines(form, x[i], s->sigma);
  return limit_of_quadratic(form, s->parameters, N, x, i, s->sigma);
}

/* 95.4 % is what a normal distribution has. Features of one seed are as good as independent or better; a few samples
 * with a heavy tail leave a little less. */
static void expect_coverage(const subject *s, uint32_t form, uint32_t flags) {
  int64_t within = 0, far = 0;
  static double off[SEEDS * N];
  for (int64_t seed = 0; seed < SEEDS; seed++) {
    analytic a;
    attrib_model model = single_model(&a, &s->f, ATTRIB_F64, N, s->parameters);
    attrib_smoothgrad_options options = smooth_options(form, flags, SAMPLES, (uint64_t)seed);
    options.sigma = s->sigma;
    outcome o = smooth(&model, x, &options);
    assert_outcome(o, ATTRIB_OK);
    for (int64_t i = 0; i < N; i++) {
      double sigmas = (o.phi[i] - limit(s, form, i)) / o.errors[i];
      within += fabs(sigmas) <= 2;
      far += fabs(sigmas) > 5;
      off[seed * N + i] = sigmas * sigmas;
    }
    free_outcome(&o);
  }
  double share = (double)within / (SEEDS * N), square = mean_of(off, (int64_t)SEEDS * N);
  if (share >= .93 && share <= .98 && far == 0 && square > .8 && square < 1.25) return;
  fail_msg("form %u, flags %u: %.1f %% within two errors, %d beyond five, mean square %.3f", form, flags, 100 * share,
           (int)far, square);
}

static void errors_cover(void **state) {
  (void)state;
  const subject subjects[] = {{f_cosines, NULL, .6}, {f_quadratic, quadratic, .3}};
  for (int64_t s = 0; s < COUNT(subjects); s++)
    for (uint32_t form = ATTRIB_SMOOTH_MEAN; form <= ATTRIB_SMOOTH_TAYLOR; form++)
      for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
        /* exact, so that there is nothing to cover */
        if (subjects[s].parameters != NULL && form == ATTRIB_SMOOTH_MEAN && flags == 0) continue;
        expect_coverage(&subjects[s], form, flags);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_cover),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
