/* expected.c - expected gradients: evaluations for 5 % true relative L2 error by each sampler, and what the default
 * sampler makes of a tolerance of 5 %. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

static const double wanted = 0.05;

/* Draws of the one measurement of i.i.d. sampling: its error falls as 1 / sqrt(N) exactly, whatever the model. */
enum { INDEPENDENT_DRAWS = 192 };

typedef struct subject {
  bench *b;
  const bundled_picture *picture;
  attrib_model model;
  attrib_baselines set;
  double *reference, *values;
} subject;

static attrib_status explain(const subject *s, const attrib_eg_options *options, attrib_report *report) {
  *report = (attrib_report){.struct_size = sizeof *report};
  attrib_context *context = s->b->data.context;
  const attrib_status status = attrib_expected_gradients(context, &s->model, s->picture->image.pixels,
                                                         s->picture->target, &s->set, options, s->values, report);
  expect_status(status, ATTRIB_NOT_CONVERGED, attrib_context_error(context));
  return status;
}

/* True relative error of N draws, root mean square over seeds. */
static double error_of(const subject *s, uint32_t sampler, int64_t samples, int seeds) {
  double squares = 0;
  for (int seed = 1; seed <= seeds; seed++) {
    const attrib_eg_options options = {
        .struct_size = sizeof options, .sampler = sampler, .samples = samples, .seed = (uint64_t)seed};
    attrib_report report;
    explain(s, &options, &report);
    squares += squared_distance(s->values, s->reference);
  }
  return sqrt(squares / seeds / sum_of_squares(s->reference));
}

/* Where a power law through two points meets the wanted error. */
static double meet(double rows, double error, double more_rows, double smaller_error) {
  const double exponent = log(more_rows / rows) / log(smaller_error / error);
  return rows * pow(wanted / error, exponent);
}

static double rows_independent(const subject *s) {
  const double ratio = error_of(s, ATTRIB_SAMPLER_IID, INDEPENDENT_DRAWS, s->b->independent_seeds) / wanted;
  return INDEPENDENT_DRAWS * ratio * ratio;
}

/* Between the two numbers of draws, each `times` the one before, that have more and less than the error; beyond the
 * last two where none of `steps` has less. */
static double rows_ladder(const subject *s, uint32_t sampler, int64_t first, int64_t times, int steps) {
  int64_t rows = first;
  double before = 0;
  for (int step = 1;; step++, rows *= times) {
    const double error = error_of(s, sampler, rows, s->b->seeds);
    if (error <= wanted || step == steps)
      return before == 0 ? (double)rows : meet((double)rows / (double)times, before, (double)rows, error);
    before = error;
  }
}

typedef struct by_tolerance {
  double rows, error, estimate; /* means over seeds, of the errors root mean squares */
  int converged, runs;
} by_tolerance;

static by_tolerance run_tolerance(const subject *s) {
  by_tolerance sums = {.runs = s->b->quick ? 1 : 3};
  for (int seed = 1; seed <= sums.runs; seed++) {
    const attrib_eg_options options = {
        .struct_size = sizeof options, .tolerance = wanted, .seed = 1000 + (uint64_t)seed};
    attrib_report report;
    sums.converged += explain(s, &options, &report) == ATTRIB_OK;
    const double error = relative_error(s->values, s->reference);
    sums.rows += (double)report.evaluations / sums.runs;
    sums.error += error * error / sums.runs;
    sums.estimate += report.error_estimate * report.error_estimate / sums.runs;
  }
  sums.error = sqrt(sums.error);
  sums.estimate = sqrt(sums.estimate);
  return sums;
}

typedef struct columns {
  series own_error, independent, stratified, lattice, fewer, run_rows, run_fewer, run_error;
} columns;

/* The reference's own error is at most about half of how far it is from one of half as many points, for that one's is
 * twice as large. */
static double make_reference(const subject *s) {
  bundled_reference(&s->b->data, &s->model, s->picture, &s->set, s->b->dense / 2, s->values);
  bundled_reference(&s->b->data, &s->model, s->picture, &s->set, s->b->dense, s->reference);
  return relative_error(s->values, s->reference) / 2;
}

static void measure(const subject *s, columns *c) {
  const double own_error = make_reference(s);
  const double independent = rows_independent(s), stratified = rows_ladder(s, ATTRIB_SAMPLER_STRATIFIED, 32, 4, 3);
  const double lattice = rows_ladder(s, ATTRIB_SAMPLER_LATTICE, BASELINES, 2, 7);
  const by_tolerance run = run_tolerance(s);
  series_add(&c->own_error, own_error);
  series_add(&c->independent, independent);
  series_add(&c->stratified, stratified);
  series_add(&c->lattice, lattice);
  series_add(&c->fewer, independent / lattice);
  series_add(&c->run_rows, run.rows);
  series_add(&c->run_fewer, independent / run.rows);
  series_add(&c->run_error, run.error);
  printf("| %s | %.2g | %.2f %% | %.0f | %.0f | %.0f | %.1f | %.0f | %.1f | %.1f %% | %.1f %% | %d of %d |\n",
         s->picture->name, 1 - s->picture->probability, 100 * own_error, independent, stratified, lattice,
         independent / lattice, run.rows, independent / run.rows, 100 * run.error, 100 * run.estimate, run.converged,
         run.runs);
  fflush(stdout);
}

static void print_summary(const columns *c) {
  printf("| **median** | | %.2f %% | %.0f | %.0f | %.0f | **%.1f** | %.0f | %.1f | %.1f %% | | |\n",
         100 * series_median(&c->own_error), series_median(&c->independent), series_median(&c->stratified),
         series_median(&c->lattice), series_median(&c->fewer), series_median(&c->run_rows),
         series_median(&c->run_fewer), 100 * series_median(&c->run_error));
  printf("| **worst** | | %.2f %% | %.0f | %.0f | %.0f | %.1f | %.0f | %.1f | %.1f %% | | |\n",
         100 * series_most(&c->own_error), series_most(&c->independent), series_most(&c->stratified),
         series_most(&c->lattice), series_least(&c->fewer), series_most(&c->run_rows), series_least(&c->run_fewer),
         100 * series_most(&c->run_error));
}

static void measure_score(bench *b, uint32_t score, int every, columns *c) {
  subject s = {.b = b,
               .model = bundled_model(&b->data, score),
               .set = bundled_baselines(&b->data, BASELINES),
               .reference = bundled_vector(),
               .values = bundled_vector()};
  printf("\n## Expected gradients of the %s: evaluations for %g %% error\n\n",
         score == SMALL_NET_LOGIT ? "logit" : "probability", 100 * wanted);
  printf(
      "| picture | 1 - p | reference's own error | i.i.d. | stratified | lattice | i.i.d. / lattice "
      "| with tolerance %g | i.i.d. / that | true error | estimate | converged |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
      wanted);
  for (int k = 0; k < BUNDLED_PICTURES; k += every) {
    s.picture = &b->data.pictures[k];
    measure(&s, c);
  }
  print_summary(c);
  free(s.reference);
  free(s.values);
}

void bench_expected(bench *b) {
  static columns logit, probability;
  printf(
      "\n%d training pictures as baselines; %lld midpoints from each as reference. i.i.d.: scaled by 1 / sqrt(N) "
      "from the error of %d draws over %d seeds; the others: a power law between the two numbers of draws that have "
      "more and less than the error, stratified of 32, 128, 512 (or beyond the last two), lattice of %d, %d, %d, ...; "
      "%d seeds each.\n",
      BASELINES, (long long)b->dense, INDEPENDENT_DRAWS, b->independent_seeds, BASELINES, 2 * BASELINES, 4 * BASELINES,
      b->seeds);
  measure_score(b, SMALL_NET_LOGIT, b->every, &logit);
  if (!b->quick) measure_score(b, SMALL_NET_PROBABILITY, 3, &probability);
  const double own_error = series_most(&logit.own_error), fewer = series_median(&logit.fewer);
  bounds_note(&b->bounds, own_error < 0.01, "own error of the logits' references < 1 %%: %.2f %%", 100 * own_error);
  bounds_note(&b->bounds, fewer >= 5, "expected gradients of logits to 5 %%: i.i.d. / lattice >= 5 in the median: %.1f",
              fewer);
}
