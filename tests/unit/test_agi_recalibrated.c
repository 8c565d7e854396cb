/* Recalibrated adversarial gradient integration: against its definition in plain loops, and what holds of every method.
 */
#include "fixture.h"

#include "method_checks.h"

enum { N = 7, CLASSES = 3, STEPS = 4 };

static double f_second(const double *x, int64_t n, double *g, const void *p) {
  double f = -f_linear(x, n, g, p);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = -g[i];
  return f;
}
static const analytic_fn classes[CLASSES] = {f_waves, f_second, f_linear};
static const double w[N] = {.5, -1, .25, 2, -.75, 1, -.125};

static int largest(const double *x) {
  int best = 0;
  for (int k = 1; k < CLASSES; k++)
    if (classes[k](x, N, NULL, w) > classes[best](x, N, NULL, w)) best = k;
  return best;
}

typedef struct expected {
  double value[N], positive[N], negative[N], share[N];
  int64_t kept[N];
  int64_t rows;
} expected;

/* Points of the walk from x towards class q, the input left out. */
static int64_t walk(const double *x, int q, double points[STEPS][N], int64_t *rows) {
  double at[N], g[N];
  memcpy(at, x, sizeof at);
  for (int64_t m = 0; m < STEPS; m++) {
    ++*rows;
    if (largest(at) == q) return m;
    classes[q](at, N, g, w);
    for (int i = 0; i < N; i++) at[i] = fmin(fmax(at[i] + .25 * ((g[i] > 0) - (g[i] < 0)), -1), 1);
    memcpy(points[m], at, sizeof at);
  }
  return STEPS;
}

static void recompute(const double *x, uint32_t mode, bool strict, bool all, expected *e) {
  *e = (expected){.rows = 0};
  double total = 0;
  for (int q = 1; q < CLASSES; q++) {
    double points[STEPS][N], g[N], sums[N] = {0};
    const int64_t count = walk(x, q, points, &e->rows);
    for (int64_t m = 0; m < count; m++) {
      classes[0](points[m], N, g, w);
      e->rows++;
      for (int i = 0; i < N; i++) {
        const double c = (x[i] - points[m][i]) * g[i];
        sums[i] += c;
        if (mode != ATTRIB_RECALIBRATE_VALID_IP) continue;
        const bool keeps = strict ? c > 0 : c >= 0;
        *(keeps ? &e->positive[i] : &e->negative[i]) += c;
        e->kept[i] += keeps;
      }
      total += mode == ATTRIB_RECALIBRATE_VALID_IP;
    }
    if (mode != ATTRIB_RECALIBRATE_VALID_REF || count == 0) continue;
    total++;
    for (int i = 0; i < N; i++) {
      const double c = sums[i] / (double)count;
      const bool keeps = strict ? c > 0 : c >= 0;
      *(keeps ? &e->positive[i] : &e->negative[i]) += c;
      e->kept[i] += keeps;
    }
  }
  for (int i = 0; i < N; i++) {
    const double kept = (double)e->kept[i];
    e->value[i] = all ? e->positive[i] / total : e->kept[i] > 0 ? e->positive[i] / kept : 0;
    e->positive[i] /= total;
    e->negative[i] /= total;
    e->share[i] = kept / total;
  }
}

static void like_its_definition(void **state) {
  (void)state;
  bool early = false;
  for (uint64_t seed = 1; seed <= 20; seed++)
    for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
      for (uint32_t flags = 0; flags < 4; flags++) {
        double x[N], v[N], positive[N], negative[N], share[N];
        int64_t kept[N];
        expected e;
        fill_random(seed, x, N);
        recompute(x, mode, (flags & ATTRIB_RECALIBRATE_STRICT) != 0, (flags & ATTRIB_RECALIBRATE_NORM_ALL) != 0, &e);
        if (e.share[0] != e.share[0]) continue; /* every class is reached at once: nothing is judged */
        analytic a = {.functions = classes, .n_outputs = CLASSES, .n_inputs = N, .parameters = w, .dtype = ATTRIB_F64};
        const attrib_model model = analytic_model(&a);
        const attrib_agi_options options = {.struct_size = sizeof options,
                                            .flags = flags,
                                            .mode = mode,
                                            .steps = STEPS,
                                            .step = .25,
                                            .low = -1,
                                            .high = 1};
        attrib_report report = {.struct_size = sizeof report,
                                .positive = positive,
                                .negative = negative,
                                .kept_weight = share,
                                .kept = kept};
        assert_int_equal(attrib_agi(NULL, &model, x, 0, &options, v, &report), ATTRIB_OK);
        assert_int_equal(report.evaluations, e.rows);
        early = early || e.rows < 2 * STEPS * (CLASSES - 1);
        for (int i = 0; i < N; i++) {
          assert_near(v[i], e.value[i], ROUND_OFF, 4);
          assert_near(positive[i], e.positive[i], ROUND_OFF, 4);
          assert_near(negative[i], e.negative[i], ROUND_OFF, 4);
          assert_near(share[i], e.share[i], ROUND_OFF, 1);
          assert_int_equal(kept[i], e.kept[i]);
          if (flags & ATTRIB_RECALIBRATE_NORM_ALL)
            assert_true(v[i] == positive[i]);
          else
            assert_true(v[i] == (kept[i] > 0 ? positive[i] / share[i] : 0));
        }
      }
  assert_true(early); /* some walks ended at their class */
}

typedef struct agi_case {
  void *input;
  int32_t *groups;
  attrib_agi_options options;
} agi_case;

static attrib_status call_agi(attrib_context *context, const attrib_model *models, void *values, attrib_report *report,
                              void *user) {
  const agi_case *c = user;
  return attrib_agi(context, models, c->input, 0, &c->options, values, report);
}
static attrib_status start_agi(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const agi_case *c = user;
  return attrib_agi_start(context, models, c->input, 0, &c->options, run);
}

static void like_every_method(void **state) {
  (void)state;
  for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (int grouped = 0; grouped < 2; grouped++) {
      const uint32_t dtype = grouped ? ATTRIB_F32 : ATTRIB_F64;
      double values[N];
      fill_random(3, values, N);
      agi_case c = {.options = {.struct_size = sizeof c.options, .mode = mode, .steps = STEPS}};
      c.input = as_row(dtype, values, N);
      c.groups = exact_copy((int32_t[]){0, 1, 1, 0, 2, 2, 0}, N * sizeof(int32_t));
      if (grouped) {
        c.options.groups = c.groups;
        c.options.n_groups = 3;
      }
      analytic a = {.functions = classes, .n_outputs = CLASSES, .n_inputs = N, .parameters = w, .dtype = dtype};
      checked_method method = {.name = "recalibrated agi",
                               .models = {analytic_model(&a)},
                               .model_count = 1,
                               .attributions = grouped ? 3 : N,
                               .skips_gradients = true,
                               .call = call_agi,
                               .start = start_agi,
                               .user = &c};
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(call_agi(NULL, method.models, values, &report, &c), ATTRIB_OK);
      method.untraced_rows = report.evaluations;
      method_check_all(&method);
      free(c.input);
      free(c.groups);
    }
}

static void options_of_one_form(void **state) {
  (void)state;
  static const struct {
    attrib_agi_options options;
    const char *names;
  } wrong[] = {
      {{.flags = ATTRIB_RECALIBRATE_STRICT}, "flags = 1"},
      {{.mode = ATTRIB_RECALIBRATE_VALID_IP, .rule = ATTRIB_RULE_LEFT}, "rule = 1"},
      {{.mode = ATTRIB_RECALIBRATE_VALID_REF, .completeness_threshold = .1}, "completeness_threshold = 0.1"},
      {{.mode = ATTRIB_RECALIBRATE_VANILLA}, "mode = 1"},
  };
  double x[N] = {0}, v[N];
  analytic a = {.functions = classes, .n_outputs = CLASSES, .n_inputs = N, .parameters = w, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  for (int64_t i = 0; i < COUNT(wrong); i++) {
    attrib_agi_options options = wrong[i].options;
    char message[200];
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    options.struct_size = sizeof options;
    assert_int_equal(attrib_agi(NULL, &model, x, 0, &options, v, &report), ATTRIB_E_ARGUMENT);
    assert_names(message, wrong[i].names);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(like_its_definition),
      cmocka_unit_test(like_every_method),
      cmocka_unit_test(options_of_one_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
