/* test_interactions_checks.c - what must hold of every attribution method, of interactions. */
#include "interactions.h"
#include "method_checks.h"

enum { N = 700, LINES = 3, GROUPS = 5, FEATURE = 531, MOVING = 640 };
static const analytic_fn functions[] = {f_waves, f_linear};

/* Everything a call is given. */
typedef struct given {
  uint32_t dtype;
  analytic analytic;
  double parameters[N], x[N], b[N * LINES], weights[LINES], target_weights[2];
  int32_t groups[N];
  void *input, *rows;
  attrib_baselines set;
  attrib_interactions_options options;
} given;

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  const given *g = user;
  size_t size = N * (g->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)g->rows + (size_t)index * size, size);
  return 0;
}

static attrib_status call_method(attrib_context *context, const attrib_model *models, void *attributions,
                                 attrib_report *report, void *user) {
  const given *g = user;
  const int64_t target = g->options.target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  return attrib_interactions(context, models, g->input, target, FEATURE, &g->set, &g->options, attributions, report);
}

static attrib_status start_method(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const given *g = user;
  const int64_t target = g->options.target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  return attrib_interactions_start(context, models, g->input, target, FEATURE, &g->set, &g->options, run);
}

/* From `lines` baselines. */
static given *set_up(uint32_t dtype, int64_t lines, int64_t points, double width) {
  given *g = exact_block(sizeof *g);
  *g = (given){.dtype = dtype, .weights = {3, 0, 1}, .target_weights = {.75, -2}};
  fill_random(1, g->parameters, N);
  fill_rounded(dtype, 2, g->x, N);
  fill_rounded(dtype, 3, g->b, N * LINES);
  for (int64_t i = 0; i < N * LINES; i += 11) g->b[i] = g->x[i % N];
  for (int64_t k = 0; k < LINES; k++) g->b[k * N + MOVING] = g->b[k * N + FEATURE] = -.5;
  for (int i = 0; i < N; i++) g->groups[i] = i % GROUPS;
  g->input = as_row(dtype, g->x, N);
  g->rows = as_row(dtype, g->b, N * LINES);
  g->analytic =
      (analytic){.functions = functions, .n_outputs = 2, .n_inputs = N, .parameters = g->parameters, .dtype = dtype};
  g->set = (attrib_baselines){.struct_size = sizeof g->set, .count = lines, .rows = g->rows};
  g->options = with_points(points, width);
  return g;
}

static void check(given *g, const char *name, int64_t attributions, attrib_status expected) {
  const checked_method method = {.name = name,
                                 .models = {analytic_model(&g->analytic)},
                                 .model_count = 1,
                                 .attributions = attributions,
                                 .expected = expected,
                                 .spoilt_feature = {MOVING},
                                 .trace_sums = true,
                                 .call = call_method,
                                 .start = start_method,
                                 .user = g};
  method_check_all(&method);
  free(g->rows);
  free(g->input);
  free(g);
}

static void without_a_width(void **state) {
  (void)state;
  check(set_up(ATTRIB_F64, 1, 7, 0), "interactions", N, ATTRIB_OK);
  check(set_up(ATTRIB_F32, 1, 6, 0), "interactions of floats", N, ATTRIB_OK);
}

static void with_a_width(void **state) {
  (void)state;
  given *g = set_up(ATTRIB_F32, LINES, 4, .5);
  g->set.weights = g->weights;
  check(g, "interactions over a width", N, ATTRIB_OK);
}

static void of_groups_from_fetched_baselines(void **state) {
  (void)state;
  given *g = set_up(ATTRIB_F64, 2, 4, 0);
  g->set.rows = NULL;
  g->set.fetch = fetch_row;
  g->set.fetch_user = g;
  g->options.groups = g->groups;
  g->options.n_groups = GROUPS;
  g->options.target_weights = g->target_weights;
  check(g, "interactions by group", GROUPS, ATTRIB_OK);
}

/* Which a prefix of the rows is not. */
static void not_converged(void **state) {
  (void)state;
  given *g = set_up(ATTRIB_F64, 2, 3, 0);
  g->options.completeness_threshold = 1e-9;
  check(g, "interactions with a threshold", N, ATTRIB_NOT_CONVERGED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_width),
      cmocka_unit_test(with_a_width),
      cmocka_unit_test(of_groups_from_fetched_baselines),
      cmocka_unit_test(not_converged),
  };
  return cmocka_run_group_tests_name("interactions_checks", tests, NULL, NULL);
}
