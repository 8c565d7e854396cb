/* step_setting.h - what the tests of methods that make their path step by step share: names, and checks of what their
 * calls have in common. Include before a method's own setting. */
#ifndef ATTRIB_TESTS_STEP_SETTING_H
#define ATTRIB_TESTS_STEP_SETTING_H

#include "step_models.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64}, rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};

static inline attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* The options that all of these methods have. */
typedef struct step_options {
  uint32_t rule;
  const int32_t *groups;
  int64_t n_groups;
  double threshold;
} step_options;

/* A call with some arguments of the test's, over n features. */
typedef struct step_call {
  attrib_status (*call)(attrib_context *context, const step_options *options, double *phi, attrib_report *report,
                        void *user);
  void *user;
  int64_t n;
} step_call;

/* Of 7 features, in four groups, of which one is empty. */
static inline void check_groups_are_sums(const step_call *c) {
  static const int32_t groups[] = {3, 0, 1, 1, 0, 3, 0};
  assert_int_equal(c->n, 7);
  step_options options = {.rule = ATTRIB_RULE_TRAPEZOID};
  double phi[7], sums[4] = {0}, grouped[4];
  assert_int_equal(c->call(NULL, &options, phi, NULL, c->user), ATTRIB_OK);
  for (int i = 0; i < 7; i++) sums[groups[i]] += phi[i];
  options.groups = groups;
  options.n_groups = 4;
  assert_int_equal(c->call(NULL, &options, grouped, NULL, c->user), ATTRIB_OK);
  for (int g = 0; g < 4; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 1);
  assert_true(grouped[2] == 0 && grouped[3] != 0);
}

/* Above it the attributions are the same, and the status says so. */
static inline void check_threshold(const step_call *c) {
  attrib_context *context = new_context(1, 0);
  step_options options = {.rule = ATTRIB_RULE_LEFT};
  attrib_report report = fresh_report();
  double *phi = untouched(c->n), *again = untouched(c->n);
  assert_int_equal(c->call(NULL, &options, phi, &report, c->user), ATTRIB_OK);
  assert_true(report.completeness_relative > 1e-6);
  options.threshold = report.completeness_relative;
  assert_status(c->call(context, &options, again, NULL, c->user), ATTRIB_OK, context);
  options.threshold *= .999;
  assert_status(c->call(context, &options, again, NULL, c->user), ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "options->completeness_threshold = ");
  assert_same_bits(again, phi, c->n);
  free(again);
  free(phi);
  attrib_context_destroy(context);
}

#endif
