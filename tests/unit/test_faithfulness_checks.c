/* test_faithfulness_checks.c - what holds of every attribution method holds of sensitivity-n and infidelity. */
#include "faithful.h"

#include "method_checks.h"

enum { MOST_ROWS = 400 };

static attrib_status call_sizes(attrib_context *context, const attrib_model *models, void *values,
                                attrib_report *report, void *user) {
  const faithful *f = user;
  return attrib_sensitivity_n(context, models, f->input, 0, f->scores, &f->baselines, &f->sizes, values, report);
}

static attrib_status start_sizes(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const faithful *f = user;
  return attrib_sensitivity_n_start(context, models, f->input, 0, f->scores, &f->baselines, &f->sizes, run);
}

static const attrib_baselines *baselines_of(const faithful *f) {
  return f->infidelity.perturbation == ATTRIB_INFIDELITY_GAUSSIAN ? NULL : &f->baselines;
}

static attrib_status call_one(attrib_context *context, const attrib_model *models, void *value, attrib_report *report,
                              void *user) {
  const faithful *f = user;
  return attrib_infidelity(context, models, f->input, 0, f->scores, baselines_of(f), &f->infidelity, value, report);
}

static attrib_status start_one(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const faithful *f = user;
  return attrib_infidelity_start(context, models, f->input, 0, f->scores, baselines_of(f), &f->infidelity, run);
}

static const analytic_fn functions[] = {f_waves, f_cube};

/* The recorder's model without its recording, which is not for several threads. */
static attrib_model plain_model(faithful *f, int64_t n_outputs) {
  f->recorder.inner.functions = functions;
  f->recorder.inner.n_outputs = n_outputs;
  return analytic_model(&f->recorder.inner);
}

static void check_sizes(faithful *f, const char *name, int64_t n_outputs, int64_t values, attrib_status expected) {
  const checked_method method = {.name = name,
                                 .models = {plain_model(f, n_outputs)},
                                 .model_count = 1,
                                 .attributions = values,
                                 .expected = expected,
                                 .nan_prefix = true,
                                 .call = call_sizes,
                                 .start = start_sizes,
                                 .user = f};
  method_check_all(&method);
}

static void sizes(void **state) {
  (void)state;
  static const int64_t some[] = {3, 12};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    faithful f;
    open_faithful(&f, dtype, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
    f.sizes.subsets = 12;
    f.sizes.sizes = some;
    f.sizes.n_sizes = COUNT(some);
    check_sizes(&f, "sensitivity-n", 1, COUNT(some), ATTRIB_OK);
    close_faithful(&f);
  }
}

/* Baselines that are fetched, pixels, probabilities, and a size that has no correlation. */
static void sizes_with_everything(void **state) {
  (void)state;
  static const int64_t some[] = {5, 12};
  faithful f;
  open_faithful(&f, ATTRIB_F32, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f.baselines.count = FAITHFUL_BASELINES;
  f.baselines.weights = f.weights;
  fetch_baselines(&f);
  f.sizes.subsets = 9;
  f.sizes.sizes = some;
  f.sizes.n_sizes = COUNT(some);
  f.sizes.shape = &faithful_shape;
  f.sizes.flags = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ABSOLUTE;
  check_sizes(&f, "sensitivity-n of pixels", 2, COUNT(some), ATTRIB_UNDEFINED);
  f.sizes.sizes = NULL;
  f.sizes.n_sizes = 0;
  f.sizes.subsets = 2;
  f.sizes.flags = ATTRIB_SENSITIVITY_N_COINS;
  check_sizes(&f, "sensitivity-n with coins", 1, 9, ATTRIB_OK);
  close_faithful(&f);
}

static void one_number(void **state) {
  (void)state;
  static const char *const names[] = {"infidelity, gaussian", "infidelity, noisy baselines", "infidelity, all squares",
                                      "infidelity, subsets", "infidelity, random squares"};
  for (uint32_t way = 0; way < 5; way++) {
    faithful f;
    open_faithful(&f, way % 2 == 0 ? ATTRIB_F64 : ATTRIB_F32, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
    f.infidelity = (attrib_infidelity_options){.struct_size = sizeof f.infidelity,
                                               .perturbation = way == 4 ? ATTRIB_INFIDELITY_SQUARES : way,
                                               .samples = way == 2 ? 0 : 25};
    if (way != 1) f.infidelity.flags = ATTRIB_INFIDELITY_SCALED;
    if (way == 2 || way == 4) f.infidelity.shape = &faithful_shape;
    if (way > 0) f.baselines.count = FAITHFUL_BASELINES, f.baselines.weights = f.weights;
    if (way > 1) fetch_baselines(&f);
    if (way == 3) f.infidelity.flags |= ATTRIB_METRIC_ACCURACY;
    const checked_method method = {.name = names[way],
                                   .models = {plain_model(&f, 2)},
                                   .model_count = 1,
                                   .attributions = 1,
                                   .expected = ATTRIB_OK,
                                   .nan_prefix = true,
                                   .call = call_one,
                                   .start = start_one,
                                   .user = &f};
    method_check_all(&method);
    close_faithful(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sizes),
      cmocka_unit_test(sizes_with_everything),
      cmocka_unit_test(one_number),
  };
  return cmocka_run_group_tests_name("faithfulness checks", tests, NULL, NULL);
}
