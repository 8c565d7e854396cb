/* Inputs of more than one block of elements: what is said of an element does not depend on where it lies. Every input
 * is one of a few, over and over, so that each must be given what its like is given, to the last bit. */
#include "fixture.h"
#include "line_models.h"

enum { KINDS = 7, MOST_LINES = 40 };

static const profile kinds[KINDS] = {
    {PROFILE_KINK, 0.3, 0, 2},       {PROFILE_STEP, 0.6, 0, -1},  {PROFILE_SIGMOID, 0.5, 0.05, 1},
    {PROFILE_SQUARE, 0, 0, 1},       {PROFILE_RAMP, 0.4, 0.2, 1}, {PROFILE_SPIKE, 0.45, 0.05, 1},
    {PROFILE_SIGMOID, 0.2, 0.1, -2},
};

/* A model of n such inputs, and points of which each element depends on its kind alone; row 0 is the input. */
typedef struct scene {
  analytic model;
  attrib_model call;
  profile *profiles;
  double *values;
  void *rows;
  int64_t n;
} scene;

static void open_scene(scene *s, uint32_t dtype, int64_t n) {
  static const analytic_fn function = f_profiles;
  *s = (scene){.n = n,
               .profiles = exact_block((size_t)n * sizeof(profile)),
               .values = exact_block((size_t)((MOST_LINES + 1) * n) * sizeof(double))};
  for (int64_t i = 0; i < n; i++) s->profiles[i] = kinds[i % KINDS];
  for (int64_t k = 0; k <= MOST_LINES; k++) {
    double few[KINDS];
    fill_random(5 + (uint64_t)k, few, KINDS);
    for (int64_t i = 0; i < n; i++) s->values[k * n + i] = k == 0 ? 1 : (double)(float)((few[i % KINDS] + 1) / 2);
  }
  s->rows = as_row(dtype, s->values, (MOST_LINES + 1) * n);
  s->call = single_model(&s->model, &function, dtype, n, s->profiles);
}

static void close_scene(scene *s) {
  free(s->profiles);
  free(s->values);
  free(s->rows);
}

static void expect_alike(const outcome *o, const double *expected, double tolerance) {
  assert_outcome(*o, ATTRIB_OK);
  for (int64_t i = KINDS; i < o->count; i++) {
    if (memcmp(&o->phi[i], &o->phi[i % KINDS], sizeof *o->phi) != 0)
      fail_msg("[%d]: %a is not %a of its like", (int)i, o->phi[i], o->phi[i % KINDS]);
    if (memcmp(&o->errors[i], &o->errors[i % KINDS], sizeof *o->errors) != 0)
      fail_msg("[%d]: standard error %a is not %a of its like", (int)i, o->errors[i], o->errors[i % KINDS]);
  }
  assert_true(distance_to(o->phi, expected, o->count) <= 1.3 * tolerance);
  assert_near(length_of(o->errors, o->count) / length_of(o->phi, o->count), o->report.error_estimate, 1e-9, 1);
}

/* The mean of what lines 1 .. count give. */
static double *mean_over(const scene *s, int64_t count) {
  double *expected = exact_block((size_t)s->n * sizeof *expected);
  for (int64_t i = 0; i < s->n; i++) {
    expected[i] = 0;
    for (int64_t k = 1; k <= count; k++)
      expected[i] += profile_attribution(&s->profiles[i], s->values[k * s->n + i], 1) / (double)count;
  }
  return expected;
}

/* About blocks, and at odd places between them. */
static const int64_t sizes[] = {1, 7, 511, 512, 513, 1023, 1025, 3000};

static void sets_of_baselines(void **state) {
  (void)state;
  static const int64_t counts[] = {1, 2, 5, MOST_LINES};
  for (int64_t z = 0; z < COUNT(sizes); z++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
      for (int64_t c = 0; c < COUNT(counts); c++)
        for (int64_t vectors = 20; vectors <= 100; vectors += 80) {
          scene s;
          open_scene(&s, dtype, sizes[z]);
          const size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
          attrib_baselines set = rows_of((const char *)s.rows + (size_t)s.n * size, counts[c], NULL);
          attrib_ig_options options = to_tolerance(0.01, 100000);
          options.max_vectors = vectors;
          outcome o = integrate_set(&s.call, s.rows, &set, &options);
          double *expected = mean_over(&s, counts[c]);
          expect_alike(&o, expected, 0.01);
          s.call.max_rows = 3;
          outcome again = integrate_set(&s.call, s.rows, &set, &options);
          assert_same_bits(again.phi, o.phi, s.n);
          assert_same_bits(again.errors, o.errors, s.n);
          free_outcome(&again);
          free(expected);
          free_outcome(&o);
          close_scene(&s);
        }
}

static void knots(void **state) {
  (void)state;
  for (int64_t z = 0; z < COUNT(sizes); z++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      scene s;
      open_scene(&s, dtype, sizes[z]);
      const attrib_path path = {.struct_size = sizeof path, .knots = 6, .rows = s.rows};
      const attrib_ig_options options = to_tolerance(0.02, 100000);
      outcome o = integrate_path(&s.call, &path, &options);
      double *expected = exact_block((size_t)s.n * sizeof *expected);
      for (int64_t i = 0; i < s.n; i++)
        expected[i] = profile_attribution(&s.profiles[i], s.values[i], s.values[5 * s.n + i]);
      expect_alike(&o, expected, 0.02);
      free(expected);
      free_outcome(&o);
      close_scene(&s);
    }
}

/* Groups of two inputs each, more than a block of them. */
static void groups(void **state) {
  (void)state;
  enum { GROUPS = 1500 };
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int64_t count = 1; count <= MOST_LINES; count += 13) {
      scene s;
      open_scene(&s, dtype, 2 * GROUPS);
      const size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
      attrib_baselines set = rows_of((const char *)s.rows + (size_t)s.n * size, count, NULL);
      int32_t *labels = exact_block((size_t)s.n * sizeof *labels);
      for (int32_t i = 0; i < s.n; i++) labels[i] = i % GROUPS;
      attrib_ig_options options = to_tolerance(0.01, 100000);
      options.groups = labels;
      options.n_groups = GROUPS;
      outcome o = integrate_set(&s.call, s.rows, &set, &options);
      double *expected = mean_over(&s, count);
      for (int64_t i = 0; i < GROUPS; i++) expected[i] += expected[GROUPS + i];
      expect_alike(&o, expected, 0.01);
      free(expected);
      free(labels);
      free_outcome(&o);
      close_scene(&s);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets_of_baselines),
      cmocka_unit_test(knots),
      cmocka_unit_test(groups),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
