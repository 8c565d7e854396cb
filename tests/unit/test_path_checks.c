/* What must hold of every method, of IDGI and blur integrated gradients: the same bits for every way of working, and a
 * clean end wherever they are cut short. */
#include "fixture.h"

#include "method_checks.h"

enum { WIDTH = 3, HEIGHT = 2, CHANNELS = 2, N = 16, LINES = 3, GROUPS = 3 };

static const analytic_fn functions[] = {f_waves, f_linear};

/* Arguments of either method. */
typedef struct setting {
  uint32_t dtype;
  double parameters[N], weights[LINES], target_weights[2];
  int32_t groups[N];
  void *input, *rows;
  analytic analytic;
  attrib_baselines set;
  attrib_image shape;
  int64_t target;
  attrib_idgi_options idgi;
  attrib_blur_ig_options blur;
} setting;

/* Three pixels of one channel, three of the other, and a gap, twice: features 6 and 13 to 15 belong to no pixel. */
static void set_up(setting *s, uint32_t dtype) {
  *s = (setting){.dtype = dtype, .weights = {1, 0, 2.5}, .target_weights = {.75, -2}};
  double values[N * LINES];
  fill_random(1, s->parameters, N);
  fill_random(2, values, N);
  s->input = as_row(dtype, values, N);
  fill_random(3, values, N * LINES);
  s->rows = as_row(dtype, values, N * LINES);
  for (int i = 0; i < N; i++) s->groups[i] = i * 7 % GROUPS;
  s->analytic =
      (analytic){.functions = functions, .n_outputs = 2, .n_inputs = N, .parameters = s->parameters, .dtype = dtype};
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
  s->shape = (attrib_image){.struct_size = sizeof s->shape,
                            .width = WIDTH,
                            .height = HEIGHT,
                            .channels = CHANNELS,
                            .x_stride = 1,
                            .y_stride = 7,
                            .channel_stride = 3};
  s->idgi = (attrib_idgi_options){.struct_size = sizeof s->idgi, .points = 6};
  s->blur = (attrib_blur_ig_options){
      .struct_size = sizeof s->blur, .flags = ATTRIB_BLUR_EQUAL_STEPS, .steps = 11, .max_sigma = 3, .shape = &s->shape};
}

static void tear_down(setting *s) {
  free(s->input);
  free(s->rows);
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  const setting *s = user;
  size_t size = N * (s->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  return 0;
}

static attrib_status call_idgi(attrib_context *context, const attrib_model *models, void *attributions,
                               attrib_report *report, void *user) {
  const setting *s = user;
  return attrib_idgi(context, models, s->input, s->target, &s->set, &s->idgi, attributions, report);
}

static attrib_status start_idgi(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const setting *s = user;
  return attrib_idgi_start(context, models, s->input, s->target, &s->set, &s->idgi, run);
}

static attrib_status call_blur(attrib_context *context, const attrib_model *models, void *attributions,
                               attrib_report *report, void *user) {
  const setting *s = user;
  return attrib_blur_integrated_gradients(context, models, s->input, s->target, &s->blur, attributions, report);
}

static attrib_status start_blur(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const setting *s = user;
  return attrib_blur_integrated_gradients_start(context, models, s->input, s->target, &s->blur, run);
}

static checked_method checked_idgi(setting *s) {
  return (checked_method){.name = "idgi",
                          .models = {analytic_model(&s->analytic)},
                          .model_count = 1,
                          .attributions = N,
                          .spoilt_feature = {2},
                          .trace_sums = true,
                          .call = call_idgi,
                          .start = start_idgi,
                          .user = s};
}

static checked_method checked_blur(setting *s) {
  checked_method checked = checked_idgi(s);
  checked.name = "blur integrated gradients";
  checked.call = call_blur;
  checked.start = start_blur;
  return checked;
}

static void idgi_over_baselines(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    setting s;
    set_up(&s, dtype);
    checked_method checked = checked_idgi(&s);
    method_check_all(&checked);
    tear_down(&s);
  }
}

static void idgi_fetched_in_groups_with_weights(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  s.set.rows = NULL;
  s.set.fetch = fetch_row;
  s.set.fetch_user = &s;
  s.idgi.groups = s.groups;
  s.idgi.n_groups = GROUPS;
  s.idgi.target_weights = s.target_weights;
  s.target = ATTRIB_NO_TARGET;
  checked_method checked = checked_idgi(&s);
  checked.attributions = GROUPS;
  method_check_all(&checked);
  tear_down(&s);
}

/* From the origin on x1 x2, where the last step is unassigned and more than the threshold allows. */
static void idgi_not_converged(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  static const analytic_fn product[] = {f_product};
  s.analytic.functions = product;
  s.analytic.n_outputs = 1;
  memset(s.rows, 0, N * LINES * sizeof(double));
  s.idgi.completeness_threshold = 1e-3;
  checked_method checked = checked_idgi(&s);
  checked.expected = ATTRIB_NOT_CONVERGED;
  method_check_all(&checked);
  tear_down(&s);
}

static void blur_of_either_type(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    setting s;
    set_up(&s, dtype);
    checked_method checked = checked_blur(&s);
    method_check_all(&checked);
    tear_down(&s);
  }
}

static void blur_in_groups_with_weights(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  s.blur.groups = s.groups;
  s.blur.n_groups = GROUPS;
  s.blur.target_weights = s.target_weights;
  s.blur.completeness_threshold = 1e-9;
  s.target = ATTRIB_NO_TARGET;
  checked_method checked = checked_blur(&s);
  checked.attributions = GROUPS;
  checked.expected = ATTRIB_NOT_CONVERGED;
  method_check_all(&checked);
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(idgi_over_baselines),         cmocka_unit_test(idgi_fetched_in_groups_with_weights),
      cmocka_unit_test(idgi_not_converged),          cmocka_unit_test(blur_of_either_type),
      cmocka_unit_test(blur_in_groups_with_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
