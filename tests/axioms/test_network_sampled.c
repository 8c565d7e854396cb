/* SmoothGrad, its forms, and expected gradients of the bundled network, against plain loops over the same draws.
 *
 * The draws are made here anew, from the library's random numbers (philox.h, permutation.h; golden numbers of their own
 * hold these) and from what methods.h says of each sampler. Gradients are the network's own floats, taken at the same
 * points to the bit, so that no ReLU is on for one and off for the other; all sums are in double. What differs is how
 * these round, in thousands of rounding errors at most: 1e-6 of the largest attribution is far above. */
#include "../unit/fixture.h"

#include "bundled_group.h"
#include "random/normal.h"
#include "random/permutation.h"
#include "random/philox.h"

enum { N = BUNDLED_N };

/* f, and where gradient is not NULL its gradient. */
static double look(uint32_t score, int64_t target, const float *point, float *gradient) {
  double output;
  assert_int_equal(small_net_gradient(b.net, 0, score, point, target, NULL, &output, gradient), 0);
  return output;
}

static double *zeros(void) {
  double *values = bundled_vector();
  for (int64_t i = 0; i < N; i++) values[i] = 0;
  return values;
}

/* 1e-6 of the largest, which is not 0 (of squares of gradients of a probability that is nearly 1 it is small). */
static void assert_agree(const double *found, const double *expected, const char *name) {
  double largest = 0;
  for (int64_t i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
  assert_true(largest > 1e-12);
  for (int64_t i = 0; i < N; i++)
    if (!(fabs(found[i] - expected[i]) <= 1e-6 * largest))
      fail_msg("%s [%d]: %.9g, not %.9g, of at most %.9g", name, (int)i, found[i], expected[i], largest);
}

/* What samples come to: values, and standard errors of their mean over `count` of them, which are kept one by one. */
typedef struct samples {
  int64_t count;
  double *values; /* count x N */
} samples;

static void mean_and_error(const samples *s, double *mean, double *error) {
  for (int64_t i = 0; i < N; i++) {
    double sum = 0, squares = 0;
    for (int64_t k = 0; k < s->count; k++) sum += s->values[k * N + i];
    mean[i] = sum / (double)s->count;
    for (int64_t k = 0; k < s->count; k++) squares += pow(s->values[k * N + i] - mean[i], 2);
    error[i] = sqrt(squares / (double)(s->count - 1) / (double)s->count);
  }
}

/* -- SmoothGrad --------------------------------------------------------------------------------------------------- */

typedef struct smoothed {
  double *values, *errors; /* errors: not of the variance */
  double mean_output;
} smoothed;

static void noised(const float *x, const attrib_smoothgrad_options *o, double sigma, int64_t sample, float *z) {
  const bool pairs = !(o->flags & ATTRIB_SMOOTH_INDEPENDENT);
  for (int64_t i = 0; i < N; i++) {
    double u;
    attrib__random_uniforms(o->seed, ATTRIB__STREAM_SMOOTHING, (uint64_t)(pairs ? sample / 2 : sample), i, 1, &u);
    const double e = sigma * attrib__normal_quantile(u);
    double value = (double)x[i] + (pairs && sample % 2 != 0 ? -e : e);
    if (o->high > o->low) value = fmin(fmax(value, o->low), o->high);
    z[i] = (float)value;
  }
}

static double value_of(uint32_t form, double x, double z, double g) {
  switch (form) {
    case ATTRIB_SMOOTH_SQUARED: return g * g;
    case ATTRIB_SMOOTH_TIMES_INPUT: return z * g;
    case ATTRIB_SMOOTH_TAYLOR: return (x - z) * g;
    default: return g;
  }
}

static smoothed smooth(const bundled_picture *picture, uint32_t score, const attrib_smoothgrad_options *o,
                       double sigma) {
  const int64_t members = o->flags & ATTRIB_SMOOTH_INDEPENDENT ? 1 : 2, draws = (o->samples + members - 1) / members;
  const float *x = picture->image.pixels;
  float *z = exact_block(N * sizeof *z), *g = exact_block(N * sizeof *g);
  double *all = exact_block((size_t)(draws * members * N) * sizeof *all);
  samples kept = {draws, exact_block((size_t)(draws * N) * sizeof *kept.values)};
  smoothed s = {.values = zeros(), .errors = zeros()};
  memset(kept.values, 0, (size_t)(draws * N) * sizeof *kept.values);
  for (int64_t k = 0; k < draws * members; k++) {
    noised(x, o, sigma, k, z);
    s.mean_output += look(score, picture->target, z, g) / (double)(draws * members);
    for (int64_t i = 0; i < N; i++) {
      all[k * N + i] = value_of(o->form, (double)x[i], (double)z[i], (double)g[i]);
      kept.values[k / members * N + i] += all[k * N + i] / (double)members;
    }
  }
  mean_and_error(&kept, s.values, s.errors);
  for (int64_t i = 0; i < N && o->form == ATTRIB_SMOOTH_SQUARED; i++) s.errors[i] *= 1 + 10 / (double)draws;
  for (int64_t i = 0; i < N && o->form == ATTRIB_SMOOTH_VARIANCE; i++) {
    double squares = 0;
    for (int64_t k = 0; k < draws * members; k++) squares += pow(all[k * N + i] - s.values[i], 2);
    s.values[i] = squares / (double)(draws * members);
  }
  free(kept.values);
  free(all);
  free(g);
  free(z);
  return s;
}

static double spread_of(const float *x) {
  double least = (double)x[0], most = least;
  for (int64_t i = 1; i < N; i++) {
    least = fmin(least, (double)x[i]);
    most = fmax(most, (double)x[i]);
  }
  return most - least;
}

/* Every form, in pairs (an odd number of samples is made whole pairs) and not, clipped and not, by sigma and by its
 * default fraction. */
static void smoothgrad_family(void **state) {
  (void)state;
  static const char *const names[] = {"mean", "squared", "variance", "times input", "taylor"};
  for (uint32_t form = ATTRIB_SMOOTH_MEAN; form <= ATTRIB_SMOOTH_TAYLOR; form++)
    for (uint32_t which = 0; which < 4; which++) {
      const bundled_picture *picture = &b.pictures[5 - which];
      const uint32_t score = which < 2 ? SMALL_NET_LOGIT : SMALL_NET_PROBABILITY;
      const attrib_model model = bundled_model(&b, score);
      const attrib_smoothgrad_options o = {.struct_size = sizeof o,
                                           .flags = which % 2,
                                           .form = form,
                                           .seed = 17 + which,
                                           .samples = 7,
                                           .sigma = which == 3 ? 0 : .2,
                                           .high = which == 1 ? 1 : 0};
      const double sigma = which == 3 ? .15 * spread_of(picture->image.pixels) : .2;
      double *phi = bundled_vector(), *errors = bundled_vector(), sum = 0;
      attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
      assert_status(attrib_smoothgrad(b.context, &model, picture->image.pixels, picture->target, &o, phi, &report),
                    ATTRIB_OK, b.context);
      smoothed s = smooth(picture, score, &o, sigma);
      assert_agree(phi, s.values, names[form]);
      if (form != ATTRIB_SMOOTH_VARIANCE) assert_agree(errors, s.errors, names[form]);
      for (int64_t i = 0; i < N; i++) sum += s.values[i];
      assert_true(report.sigma == sigma && report.samples == (which % 2 == 0 ? 8 : 7));
      assert_near(report.baseline_output, s.mean_output, 1e-6, fabs(s.mean_output));
      if (form == ATTRIB_SMOOTH_TAYLOR) {
        const double f = look(score, picture->target, picture->image.pixels, NULL);
        assert_near(report.completeness_error, sum - (f - s.mean_output), 1e-6, fabs(f) + fabs(s.mean_output));
      }
      free(s.values);
      free(s.errors);
      free(errors);
      free(phi);
    }
}

/* -- expected gradients ------------------------------------------------------------------------------------------- */

enum { BASELINES = 5 };

typedef struct draw {
  int64_t baseline;
  double alpha, weight; /* weights sum to 1 */
} draw;

static double uniform(uint64_t seed, uint32_t stream, int64_t index) {
  double u;
  attrib__random_uniforms(seed, stream, (uint64_t)index, 0, 1, &u);
  return u;
}

/* The baseline that `place` in [0, 1) falls to, where they stand one after another in permuted order, each as long as
 * its weight. */
static int64_t baseline_at(uint64_t seed, const double *weights, double place) {
  double total = 0, covered = 0;
  int64_t last = -1;
  for (int64_t k = 0; k < BASELINES; k++) total += weights[k];
  for (int64_t k = 0; k < BASELINES && (last < 0 || place >= covered); k++) {
    const int64_t next = attrib__random_permutation(seed, ATTRIB__STREAM_BASELINE_ORDER, 0, BASELINES, k);
    if (weights[next] == 0) continue;
    covered += weights[next] / total;
    last = next;
  }
  return last;
}

/* IID: in ascending order, spacings of sorted uniform numbers being exponential ones over their sum. STRATIFIED: one in
 * every part of the weights at one common place, its alpha in a stratum of its own. */
static void draw_singly(const attrib_eg_options *o, const double *weights, draw *draws) {
  const int64_t n = o->samples;
  double total = 0, sum = 0;
  for (int64_t k = 0; k <= n; k++) total -= log(uniform(o->seed, ATTRIB__STREAM_BASELINE_DRAW, k));
  for (int64_t k = 0; k < n; k++) {
    sum -= log(uniform(o->seed, ATTRIB__STREAM_BASELINE_DRAW, k));
    const double common = ((double)k + uniform(o->seed, ATTRIB__STREAM_BASELINE_DRAW, 0)) / (double)n;
    const double u = uniform(o->seed, ATTRIB__STREAM_ALPHA, k);
    const double stratum = (double)attrib__random_permutation(o->seed, ATTRIB__STREAM_ALPHA_STRATUM, 0, n, k);
    const bool iid = o->sampler == ATTRIB_SAMPLER_IID;
    draws[k] = (draw){baseline_at(o->seed, weights, iid ? sum / total : common), iid ? u : (stratum + u) / (double)n,
                      1 / (double)n};
  }
}

/* Every baseline of positive weight `each` times, equispaced from a shift that lies in a stratum of its own. Returns
 * how many draws there are. */
static int64_t draw_lattice(const attrib_eg_options *o, const double *weights, draw *draws) {
  int64_t used = 0, count = 0, visit = 0;
  double total = 0;
  for (int64_t k = 0; k < BASELINES; k++) {
    used += weights[k] > 0;
    total += weights[k];
  }
  const int64_t each = o->samples / used;
  for (int64_t place = 0; place < BASELINES; place++) {
    const int64_t next = attrib__random_permutation(o->seed, ATTRIB__STREAM_BASELINE_ORDER, 0, BASELINES, place);
    if (weights[next] == 0) continue;
    const double u = uniform(o->seed, ATTRIB__STREAM_ALPHA, visit);
    const double stratum = (double)attrib__random_permutation(o->seed, ATTRIB__STREAM_ALPHA_STRATUM, 0, used, visit);
    for (int64_t k = 0; k < each; k++) {
      const double alpha = (stratum + u) / (double)used + (double)k / (double)each;
      draws[count++] = (draw){next, alpha - floor(alpha), weights[next] / total / (double)each};
    }
    visit++;
  }
  return count;
}

/* The mean over draws, each with its weight. */
static void compare_draws(const bundled_picture *picture, uint32_t score, const attrib_eg_options *o, const float *rows,
                          const double *weights, attrib_baselines *set) {
  enum { MOST = 32 };
  const float *x = picture->image.pixels;
  const bool lattice = o->sampler == ATTRIB_SAMPLER_LATTICE, bare = (o->flags & ATTRIB_MEAN_GRADIENT) != 0;
  draw draws[MOST];
  int64_t count = o->samples;
  if (lattice)
    count = draw_lattice(o, weights, draws);
  else
    draw_singly(o, weights, draws);
  double *mean = zeros(), *singly = bundled_vector(), *error = bundled_vector(), at_baselines = 0, sum = 0;
  float *point = exact_block(N * sizeof *point), *g = exact_block(N * sizeof *g);
  samples s = {count, exact_block((size_t)(count * N) * sizeof *s.values)};
  for (int64_t k = 0; k < count; k++) {
    const float *from = rows + draws[k].baseline * N;
    for (int64_t i = 0; i < N; i++)
      point[i] = (float)((double)from[i] + draws[k].alpha * ((double)x[i] - (double)from[i]));
    look(score, picture->target, point, g);
    at_baselines += draws[k].weight * look(score, picture->target, from, NULL);
    for (int64_t i = 0; i < N; i++) {
      s.values[k * N + i] = (bare ? 1 : (double)x[i] - (double)from[i]) * (double)g[i];
      mean[i] += draws[k].weight * s.values[k * N + i];
    }
  }
  mean_and_error(&s, singly, error);
  for (int64_t i = 0; i < N; i++) sum += mean[i];
  const attrib_model model = bundled_model(&b, score);
  double *phi = bundled_vector(), *errors = bundled_vector();
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  assert_status(attrib_expected_gradients(b.context, &model, x, picture->target, set, o, phi, &report), ATTRIB_OK,
                b.context);
  assert_int_equal(report.samples, count);
  assert_agree(phi, mean, "expected gradients");
  if (!lattice) assert_agree(errors, error, "their standard errors");
  assert_near(report.baseline_output, at_baselines, 1e-6, fabs(at_baselines));
  const double f = look(score, picture->target, x, NULL);
  if (!bare) assert_near(report.completeness_error, sum - (f - at_baselines), 1e-6, fabs(f) + fabs(at_baselines));
  free(errors);
  free(phi);
  free(s.values);
  free(g);
  free(point);
  free(error);
  free(singly);
  free(mean);
}

/* Each sampler from training pictures and from noise, one with weights, of which one is 0; fewer draws than baselines,
 * and several for each. */
static void expected_gradients(void **state) {
  (void)state;
  static const uint32_t samplers[] = {ATTRIB_SAMPLER_IID, ATTRIB_SAMPLER_STRATIFIED, ATTRIB_SAMPLER_LATTICE};
  static const double equal[BASELINES] = {1, 1, 1, 1, 1}, given[BASELINES] = {1, 0, 2.5, .5, 1};
  float *rows = exact_block(BASELINES * N * sizeof *rows);
  for (int which = 0; which < 12; which++) {
    const bundled_picture *picture = &b.pictures[which];
    const bool noise = which / 3 % 2 == 1, weighted = which / 3 == 1 || which / 3 == 2;
    attrib_noise around = {.struct_size = sizeof around,
                           .dtype = ATTRIB_F32,
                           .kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED,
                           .n_inputs = N,
                           .seed = 3,
                           .high = 1,
                           .sigma = .4,
                           .around = picture->image.pixels};
    attrib_baselines set = bundled_baselines(&b, BASELINES);
    memcpy(rows, set.rows, BASELINES * N * sizeof *rows);
    if (noise) {
      set = (attrib_baselines){
          .struct_size = sizeof set, .count = BASELINES, .fetch = attrib_noise_fetch, .fetch_user = &around};
      for (int64_t k = 0; k < BASELINES; k++) assert_int_equal(attrib_noise_fetch(k, rows + k * N, &around), 0);
    }
    set.weights = weighted ? given : NULL;
    const attrib_eg_options o = {.struct_size = sizeof o,
                                 .flags = which >= 9 ? ATTRIB_MEAN_GRADIENT : 0,
                                 .sampler = samplers[which % 3],
                                 .seed = 100 + (uint64_t)which,
                                 .samples = which % 3 < 2 && which < 3 ? 4 : 17};
    compare_draws(picture, which % 2 == 0 ? SMALL_NET_LOGIT : SMALL_NET_PROBABILITY, &o, rows, weighted ? given : equal,
                  &set);
  }
  free(rows);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(smoothgrad_family), cmocka_unit_test(expected_gradients)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
