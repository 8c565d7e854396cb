/* smooth.c - SmoothGrad in pairs against independent samples: how many times fewer evaluations for the same error,
 * which is the ratio of mean squared errors at equal numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

/* Few and often: the ratio is the same for any number, and known better from many runs. */
enum { SAMPLES = 20, FORMS = 5 };

static const char *const form_names[FORMS] = {"SmoothGrad", "squared", "variance", "times input", "SmoothTaylor"};

typedef struct subject {
  bench *b;
  const bundled_picture *picture;
  attrib_model model;
  double *reference, *values, *errors;
} subject;

static void explain(const subject *s, const attrib_smoothgrad_options *options, double *values) {
  attrib_report report = {.struct_size = sizeof report, .standard_errors = s->errors};
  attrib_context *context = s->b->data.context;
  const attrib_status status =
      attrib_smoothgrad(context, &s->model, s->picture->image.pixels, s->picture->target, options, values, &report);
  expect_status(status, ATTRIB_OK, attrib_context_error(context));
}

/* Against a long run of independent samples, whose own mean squared error is taken off; relative to the square of what
 * is explained. */
static double squared_error(const subject *s, uint32_t form, uint32_t flags, double own) {
  double squares = 0;
  for (int seed = 1; seed <= s->b->smooth_seeds; seed++) {
    const attrib_smoothgrad_options options = {
        .struct_size = sizeof options, .form = form, .flags = flags, .samples = SAMPLES, .seed = (uint64_t)seed};
    explain(s, &options, s->values);
    squares += squared_distance(s->values, s->reference) - own;
  }
  return squares / s->b->smooth_seeds / sum_of_squares(s->reference);
}

typedef struct pair_errors {
  double paired, independent;
} pair_errors;

static pair_errors measure_form(const subject *s, uint32_t form) {
  const attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                             .form = form,
                                             .flags = ATTRIB_SMOOTH_INDEPENDENT,
                                             .samples = s->b->smooth_reference,
                                             .seed = 999};
  explain(s, &options, s->reference);
  const double own = sum_of_squares(s->errors);
  return (pair_errors){squared_error(s, form, 0, own), squared_error(s, form, ATTRIB_SMOOTH_INDEPENDENT, own)};
}

/* The same ratio by the standard errors, which for the mean are unbiased: cheaper, for other strengths of the noise. */
static double estimated_ratio(const subject *s, double fraction) {
  double squares[2];
  for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
    const attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                               .flags = flags,
                                               .sigma_fraction = fraction,
                                               .samples = s->b->quick ? 100 : 400,
                                               .seed = 7};
    explain(s, &options, s->values);
    squares[flags] = sum_of_squares(s->errors);
  }
  return squares[ATTRIB_SMOOTH_INDEPENDENT] / squares[0];
}

static void measure_mean(subject *s) {
  static const double fractions[] = {0.15, 0.1, 0.05, 0.025};
  enum { FRACTIONS = sizeof fractions / sizeof fractions[0] };
  series measured = {.count = 0}, estimated[FRACTIONS] = {{.count = 0}};
  printf(
      "| picture | error in pairs | independent | independent / pairs | by standard errors: noise 15 %% | 10 %% | 5 %% "
      "| 2.5 %% |\n|---|---|---|---|---|---|---|---|\n");
  for (int k = 0; k < BUNDLED_PICTURES; k += s->b->every) {
    s->picture = &s->b->data.pictures[k];
    const pair_errors e = measure_form(s, ATTRIB_SMOOTH_MEAN);
    series_add(&measured, e.independent / e.paired);
    printf("| %s | %.1f %% | %.1f %% | %.2f |", s->picture->name, 100 * sqrt(e.paired), 100 * sqrt(e.independent),
           e.independent / e.paired);
    for (int f = 0; f < FRACTIONS; f++) {
      const double ratio = estimated_ratio(s, fractions[f]);
      series_add(&estimated[f], ratio);
      printf(" %.2f |", ratio);
    }
    printf("\n");
    fflush(stdout);
  }
  printf("| **median** | | | **%.2f** |", series_median(&measured));
  for (int f = 0; f < FRACTIONS; f++) printf(" %.2f |", series_median(&estimated[f]));
  printf("\n| **worst** | | | %.2f |", series_least(&measured));
  for (int f = 0; f < FRACTIONS; f++) printf(" %.2f |", series_least(&estimated[f]));
  printf("\n");
  printf(
      "\nHow much pairs save depends on how straight the gradient is over the width of the noise; the bound is on the\n"
      "median over all networks, where the shared data is at hand.\n");
}

static void measure_forms(subject *s, uint32_t score) {
  s->model = bundled_model(&s->b->data, score);
  for (uint32_t form = 0; form < FORMS; form++) {
    series ratios = {.count = 0}, errors = {.count = 0};
    for (int k = 0; k < BUNDLED_PICTURES; k += 3) {
      s->picture = &s->b->data.pictures[k];
      const pair_errors e = measure_form(s, form);
      series_add(&ratios, e.independent / e.paired);
      series_add(&errors, sqrt(e.paired));
    }
    printf("| %s | %s | %.0f %% | %.2f | %.2f |\n", score == SMALL_NET_LOGIT ? "logit" : "probability",
           form_names[form], 100 * series_median(&errors), series_median(&ratios), series_least(&ratios));
    fflush(stdout);
  }
}

void bench_smooth(bench *b) {
  subject s = {.b = b,
               .model = bundled_model(&b->data, SMALL_NET_LOGIT),
               .reference = bundled_vector(),
               .values = bundled_vector(),
               .errors = bundled_vector()};
  printf(
      "\n## SmoothGrad of the logit: noise in pairs against independent noise\n\n"
      "Errors of %d samples over %d seeds against %lld independent ones, whose own error is taken off.\n\n",
      SAMPLES, b->smooth_seeds, (long long)b->smooth_reference);
  measure_mean(&s);
  if (!b->quick) {
    printf(
        "\n| score | form | error in pairs, median | independent / pairs, median | worst |\n|---|---|---|---|---|\n");
    measure_forms(&s, SMALL_NET_LOGIT);
    measure_forms(&s, SMALL_NET_PROBABILITY);
  }
  free(s.reference);
  free(s.values);
  free(s.errors);
}
