/* test_coverage.c - are standard errors honest on a network? The share of attributions within two of them of the truth,
 * over 200 seeded runs of every way to sample, on the bundled network's logits; and what is claimed on probabilities
 * that are saturated, where the draws that matter are rare.
 *
 * An attribution that has no error and a standard error of 0 says nothing and is left out; there are none on this
 * network, whose every pixel matters somewhere. Takes a minute or two: label heavy. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bundled_group.h"

enum { N = BUNDLED_N, RUNS = 200, USED = 4, RUNS_EACH = RUNS / USED };

static const double least_share = 0.93; /* of a normal distribution 0.954 lies within two standard errors */

/* Three of saturated probability and the one that is not. */
static const int used[USED] = {0, 3, 6, 9};

typedef struct coverage {
  int64_t inside, counted, left_out, runs, rows;
  double error, estimate; /* sums over runs of squared relative errors, true and estimated */
} coverage;

static void count(coverage *c, const double *values, const double *errors, const double *truth, int64_t rows) {
  for (int64_t i = 0; i < N; i++) {
    const double off = fabs(values[i] - truth[i]);
    if (off == 0 && errors[i] == 0) {
      c->left_out++;
      continue;
    }
    c->counted++;
    c->inside += off <= 2 * errors[i];
  }
  c->runs++;
  c->rows += rows;
  c->error += squared_distance(values, truth) / sum_of_squares(truth);
  c->estimate += sum_of_squares(errors) / sum_of_squares(truth);
}

static double share(const coverage *c, const char *name) {
  const double found = (double)c->inside / (double)c->counted, runs = (double)c->runs;
  printf("%-31s %3lld runs of %3.0f rows, error %4.1f %%, estimated %4.1f %%: %.3f within, %lld left out\n", name,
         (long long)c->runs, (double)c->rows / runs, 100 * sqrt(c->error / runs), 100 * sqrt(c->estimate / runs), found,
         (long long)c->left_out);
  return found;
}

/* -- expected gradients: against dense integrated gradients ------------------------------------------------------- */

typedef struct eg_case {
  const char *name;
  uint32_t sampler;
  int64_t baselines, samples;
  double tolerance;
  int64_t dense; /* points per baseline of the truth: enough for an error a tenth of what is measured */
} eg_case;

static void cover(const eg_case *given) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_baselines set = bundled_baselines(&b, given->baselines);
  double *values = bundled_vector(), *errors = bundled_vector(), *truth = bundled_vector();
  coverage c = {0};
  for (int k = 0; k < USED; k++) {
    const bundled_picture *picture = &b.pictures[used[k]];
    bundled_reference(&b, &model, picture, &set, given->dense, truth);
    for (uint64_t seed = 0; seed < RUNS_EACH; seed++) {
      const attrib_eg_options options = {.struct_size = sizeof options,
                                         .sampler = given->sampler,
                                         .seed = 100 * (uint64_t)k + seed,
                                         .samples = given->samples,
                                         .tolerance = given->tolerance};
      attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
      assert_int_equal(attrib_expected_gradients(b.context, &model, picture->image.pixels, picture->target, &set,
                                                 &options, values, &report),
                       ATTRIB_OK);
      count(&c, values, errors, truth, report.evaluations);
    }
  }
  assert_true(share(&c, given->name) >= least_share);
  free(values);
  free(errors);
  free(truth);
}

static void lattices(void **state) {
  (void)state;
  const eg_case two = {"lattice, 2 draws for each of 32", ATTRIB_SAMPLER_LATTICE, 32, 64, 0, 64};
  const eg_case four = {"lattice, 4 draws for each of 32", ATTRIB_SAMPLER_LATTICE, 32, 128, 0, 64};
  cover(&two);
  cover(&four);
}

static void lattice_by_tolerance(void **state) {
  (void)state;
  const eg_case given = {"lattice of 24, doubled to 15 %", ATTRIB_SAMPLER_DEFAULT, 24, 0, 0.15, 128};
  cover(&given);
}

static void draws(void **state) {
  (void)state;
  const eg_case stratified = {"stratified, 64 draws from 96", ATTRIB_SAMPLER_STRATIFIED, 96, 64, 0, 16};
  const eg_case independent = {"i.i.d., 128 draws from 96", ATTRIB_SAMPLER_IID, 96, 128, 0, 16};
  cover(&stratified);
  cover(&independent);
}

/* -- SmoothGrad: against the mean of the other runs --------------------------------------------------------------- */

/* The noise depends on seed and sample alone, so the forms look at the same points: the network is run once for all of
 * them, and its answers are kept by row. */
enum { SAMPLES = 100, KEPT = 1 + SAMPLES };

typedef struct recording {
  small_net *net;
  int replays;
  double outputs[KEPT];
  float gradients[KEPT][N];
} recording;

static int32_t ATTRIB_CALL evaluate_recorded(const attrib_batch *batch, void *user) {
  recording *r = user;
  if (!r->replays) {
    const int32_t status = small_net_evaluate(batch, r->net);
    if (status != 0) return status;
  }
  for (int64_t k = 0; k < batch->rows; k++) {
    double *output = batch->outputs + k * batch->output_stride, *kept = &r->outputs[batch->row_ids[k]];
    if (r->replays)
      *output = *kept;
    else
      *kept = *output;
    if (batch->gradients == NULL) continue;
    float *gradient = (float *)batch->gradients + k * batch->gradient_stride;
    float *kept_gradient = r->gradients[batch->row_ids[k]];
    memcpy(r->replays ? gradient : kept_gradient, r->replays ? kept_gradient : gradient, N * sizeof *gradient);
  }
  return 0;
}

typedef struct form_case {
  const char *name;
  uint32_t form;
} form_case;

static const form_case forms[] = {{"SmoothGrad", ATTRIB_SMOOTH_MEAN},
                                  {"SmoothGrad squared", ATTRIB_SMOOTH_SQUARED},
                                  {"SmoothGrad, variance", ATTRIB_SMOOTH_VARIANCE},
                                  {"SmoothGrad times input", ATTRIB_SMOOTH_TIMES_INPUT},
                                  {"SmoothTaylor", ATTRIB_SMOOTH_TAYLOR}};
enum { FORMS = sizeof forms / sizeof forms[0] };

typedef struct smooth_run {
  double values[FORMS][N], errors[FORMS][N];
} smooth_run;

static void smooth(const attrib_model *model, const bundled_picture *picture, const form_case *form, uint64_t seed,
                   double *values, double *errors) {
  const attrib_smoothgrad_options options = {
      .struct_size = sizeof options, .form = form->form, .seed = seed, .samples = SAMPLES};
  attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
  assert_int_equal(
      attrib_smoothgrad(b.context, model, picture->image.pixels, picture->target, &options, values, &report),
      ATTRIB_OK);
}

/* What is replayed is what the network says. */
static void check_replay(const bundled_picture *picture, const smooth_run *run) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  double *values = bundled_vector(), *errors = bundled_vector();
  smooth(&model, picture, &forms[FORMS - 1], 0, values, errors);
  assert_memory_equal(values, run->values[FORMS - 1], N * sizeof *values);
  assert_memory_equal(errors, run->errors[FORMS - 1], N * sizeof *errors);
  free(values);
  free(errors);
}

/* The mean of all runs but this one: its own error adds 1 / (runs - 1) to the square of what is measured. */
static void count_runs(coverage *c, const smooth_run *runs, int form) {
  double *sum = bundled_vector(), *truth = bundled_vector();
  for (int64_t i = 0; i < N; i++) {
    sum[i] = 0;
    for (int k = 0; k < RUNS_EACH; k++) sum[i] += runs[k].values[form][i];
  }
  for (int k = 0; k < RUNS_EACH; k++) {
    for (int64_t i = 0; i < N; i++) truth[i] = (sum[i] - runs[k].values[form][i]) / (RUNS_EACH - 1);
    count(c, runs[k].values[form], runs[k].errors[form], truth, SAMPLES);
  }
  free(sum);
  free(truth);
}

static void run_forms(recording *r, const attrib_model *model, int k, uint64_t seed, smooth_run *run) {
  r->replays = 0;
  for (int f = 0; f < FORMS; f++) {
    smooth(model, &b.pictures[used[k]], &forms[f], seed, run->values[f], run->errors[f]);
    r->replays = 1;
  }
}

static void smoothgrad(void **state) {
  (void)state;
  recording *r = malloc(sizeof *r);
  smooth_run *runs = malloc(RUNS_EACH * sizeof *runs);
  assert_true(r != NULL && runs != NULL);
  attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  r->net = b.net;
  model.user = r;
  model.evaluate = evaluate_recorded;
  coverage found[FORMS] = {{0}};
  for (int k = 0; k < USED; k++) {
    for (uint64_t seed = 0; seed < RUNS_EACH; seed++) run_forms(r, &model, k, seed, &runs[seed]);
    if (k == 0) check_replay(&b.pictures[used[k]], &runs[0]);
    for (int f = 0; f < FORMS; f++) count_runs(&found[f], runs, f);
  }
  int too_few = 0;
  for (int f = 0; f < FORMS; f++) too_few += share(&found[f], forms[f].name) < least_share;
  assert_int_equal(too_few, 0);
  free(runs);
  free(r);
}

/* -- saturated probabilities -------------------------------------------------------------------------------------- */

typedef struct claims {
  int calls, converged;
} claims;

static const double tolerance = 0.05;

/* A claim of convergence is held against the truth; most calls make none, and say why. */
static void judge(claims *c, attrib_status status, const attrib_report *report) {
  c->calls++;
  c->converged += status == ATTRIB_OK;
  if (status == ATTRIB_OK) return;
  assert_int_equal(status, ATTRIB_NOT_CONVERGED);
  assert_int_equal(report->stop_reason, ATTRIB_STOP_BUDGET);
  assert_true(report->error_estimate > tolerance);
  assert_non_null(strstr(report->message, "is above options->tolerance = 0.05"));
}

static void claim_expected(claims *c, const bundled_picture *picture, uint32_t sampler, int64_t budget) {
  const attrib_model model = bundled_model(&b, SMALL_NET_PROBABILITY);
  const attrib_baselines set = bundled_baselines(&b, 96);
  const attrib_eg_options options = {
      .struct_size = sizeof options, .sampler = sampler, .max_evaluations = budget, .tolerance = tolerance};
  char message[256];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  double *values = bundled_vector(), *truth = bundled_vector();
  const attrib_status status = attrib_expected_gradients(b.context, &model, picture->image.pixels, picture->target,
                                                         &set, &options, values, &report);
  judge(c, status, &report);
  if (status == ATTRIB_OK) {
    bundled_reference(&b, &model, picture, &set, 256, truth);
    const double error = relative_error(values, truth);
    printf("%s converged at %lld rows: estimate %.4f, true %.4f\n", picture->name, (long long)report.evaluations,
           report.error_estimate, error);
    assert_true(error <= 2 * tolerance);
  }
  free(values);
  free(truth);
}

static void claim_smooth(claims *c, const bundled_picture *picture, int64_t budget) {
  const attrib_model model = bundled_model(&b, SMALL_NET_PROBABILITY);
  const attrib_smoothgrad_options options = {
      .struct_size = sizeof options, .max_evaluations = budget, .tolerance = tolerance};
  char message[256];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  double *values = bundled_vector();
  const attrib_status status =
      attrib_smoothgrad(b.context, &model, picture->image.pixels, picture->target, &options, values, &report);
  judge(c, status, &report);
  assert_int_equal(status, ATTRIB_NOT_CONVERGED); /* it would take tens of thousands of samples */
  free(values);
}

static void saturated(void **state) {
  (void)state;
  claims lattice = {0}, others = {0};
  for (int k = 0; k < BUNDLED_PICTURES; k++) {
    const bundled_picture *picture = &b.pictures[k];
    if (picture->probability <= 0.999) continue;
    for (int64_t budget = 256; budget <= 1024; budget *= 4) {
      claim_expected(&lattice, picture, ATTRIB_SAMPLER_DEFAULT, budget);
      if (k % 4 != 0) continue;
      claim_expected(&others, picture, ATTRIB_SAMPLER_STRATIFIED, budget);
      claim_expected(&others, picture, ATTRIB_SAMPLER_IID, budget);
      claim_smooth(&others, picture, budget);
    }
  }
  printf("saturated probabilities, tolerance %g: %d of %d lattices claim convergence, %d of %d others\n", tolerance,
         lattice.converged, lattice.calls, others.converged, others.calls);
  assert_true(lattice.calls >= 20 && others.calls >= 12);
  assert_true(2 * lattice.converged < lattice.calls && 2 * others.converged < others.calls);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(lattices), cmocka_unit_test(lattice_by_tolerance),
                                     cmocka_unit_test(draws), cmocka_unit_test(smoothgrad),
                                     cmocka_unit_test(saturated)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
