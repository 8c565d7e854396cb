/* test_noising_options.c - what adaptive noising is told, and what it says of what makes no sense. */
#include "noising.h"

typedef struct wrong {
  uint32_t search, objective;
  attrib_noising_options options; /* fields that are not 0 take the place of proper ones */
  attrib_status status;
  const char *names;
} wrong;

enum { BRACKETED = ATTRIB_NOISING_BRACKETED, PUBLISHED, AUPC = ATTRIB_NOISING_AUPC, AUTVC };

static const attrib_image too_small = {.struct_size = sizeof(attrib_image), .width = 46, .height = 43, .channels = 1};
static const attrib_image too_large = {.struct_size = sizeof(attrib_image), .width = 6, .height = 5, .channels = 3};
static const attrib_image no_pixels = {.struct_size = sizeof(attrib_image), .width = 6, .height = 5};
static const attrib_image no_size = {.width = 6, .height = 5, .channels = 2};
static const double weights[] = {1};

static const wrong wrongs[] = {
    {0, 0, {.flags = 4}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x4: this version knows 0x3"},
    {0, 0, {.reserved = weights}, ATTRIB_E_UNSUPPORTED, "options->reserved"},
    {0, 0, {.search = 2}, ATTRIB_E_ARGUMENT, "options->search = 2"},
    {0, 0, {.objective = 2}, ATTRIB_E_ARGUMENT, "options->objective = 2"},
    {0, 0, {.samples = -1}, ATTRIB_E_ARGUMENT, "options->samples = -1"},
    {0, 0, {.samples = (INT64_C(1) << 52) + 1}, ATTRIB_E_ARGUMENT, "options->samples = 4503599627370497"},
    {0, 0, {.max_sigmas = -2}, ATTRIB_E_ARGUMENT, "options->max_sigmas = -2"},
    {0, 0, {.max_sigmas = 1 << 21}, ATTRIB_E_ARGUMENT, "options->max_sigmas = 2097152"},
    {0, 0, {.windows = -1}, ATTRIB_E_ARGUMENT, "options->windows = -1"},
    {0, 0, {.windows = 1 << 21}, ATTRIB_E_ARGUMENT, "options->windows = 2097152"},
    {0, 0, {.window_side = -1}, ATTRIB_E_ARGUMENT, "options->window_side = -1"},
    {0, 0, {.window_side = 1 << 21}, ATTRIB_E_ARGUMENT, "options->window_side = 2097152"},
    {0, 0, {.fills = -1}, ATTRIB_E_ARGUMENT, "options->fills = -1"},
    {0, 0, {.fills = 1 << 21}, ATTRIB_E_ARGUMENT, "options->fills = 2097152"},
    {0, 0, {.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {0, 0, {.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {0, 0, {.target_weights = weights}, ATTRIB_E_ARGUMENT, "target = 0"},
    {0, 0, {.window_side = 6}, ATTRIB_E_ARGUMENT, "options->window_side = 6: no such window fits 6 x 5 pixels"},
    {0, 0, {.shape = &too_large}, ATTRIB_E_ARGUMENT, "its last element would be input 89, and the model has 60"},
    {0, 0, {.shape = &no_pixels}, ATTRIB_E_ARGUMENT, "shape->channels = 0"},
    {0, 0, {.shape = &no_size}, ATTRIB_E_STRUCT, "shape->struct_size = 0"},
    {0, AUTVC, {.shape = &too_small}, ATTRIB_E_ARGUMENT, "options->shape: 46 x 43 pixels are one scale alone"},
    {0, 0, {.sigma_low = -.1}, ATTRIB_E_ARGUMENT, "options->sigma_low = -0.1"},
    {0, 0, {.sigma_low = (double)NAN}, ATTRIB_E_ARGUMENT, "options->sigma_low = "},
    {0, 0, {.sigma_high = -1}, ATTRIB_E_ARGUMENT, "options->sigma_high = -1"},
    {0, 0, {.sigma_high = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->sigma_high = inf"},
    {0, 0, {.sigma_low = 1.5}, ATTRIB_E_ARGUMENT, "options->sigma_low = 1.5, sigma_high = 1.5"},
    {0, 0, {.sigma_high = 1e308}, ATTRIB_E_OVERFLOW, "sigma = 1e+308 on inputs from"},
    {0, 0, {.low = -.5}, ATTRIB_E_ARGUMENT, "options->low = -0.5, high = 1: the input runs from"},
    {0, 0, {.high = .5}, ATTRIB_E_ARGUMENT, "options->low = -1, high = 0.5: the input runs from"},
    {0, 0, {.high = -2}, ATTRIB_E_ARGUMENT, "options->low = -1, high = -2"},
    {0, 0, {.high = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->low = -1, high = inf"},
    {0, AUTVC, {.windows = 3}, ATTRIB_E_ARGUMENT, "options->windows = 3: must be 0, ATTRIB_NOISING_AUTVC"},
    {0, AUTVC, {.window_side = 3}, ATTRIB_E_ARGUMENT, "options->window_side = 3: must be 0, ATTRIB_NOISING_AUTVC"},
    {0, AUTVC, {.fills = 3}, ATTRIB_E_ARGUMENT, "options->fills = 3: must be 0, ATTRIB_NOISING_AUTVC"},
    {0, AUTVC, {.low = -1}, ATTRIB_E_ARGUMENT, "options->low = -1: must be 0, ATTRIB_NOISING_AUTVC"},
    {0, AUTVC, {.high = 1}, ATTRIB_E_ARGUMENT, "options->high = 1: must be 0, ATTRIB_NOISING_AUTVC"},
    {0, AUTVC, {.flags = ATTRIB_NOISING_CLIP}, ATTRIB_E_ARGUMENT, "options->low = 0, high = 0: ATTRIB_NOISING_CLIP"},
    {PUBLISHED,
     0,
     {.max_sigmas = 3},
     ATTRIB_E_ARGUMENT,
     "options->max_sigmas = 3: must be 0, ATTRIB_NOISING_PUBLISHED"},
    {PUBLISHED, 0, {.sigma_low = 1}, ATTRIB_E_ARGUMENT, "options->sigma_low = 1: must be 0, ATTRIB_NOISING_PUBLISHED"},
    {PUBLISHED,
     0,
     {.sigma_high = 1},
     ATTRIB_E_ARGUMENT,
     "options->sigma_high = 1: must be 0, ATTRIB_NOISING_PUBLISHED"},
    {0, 0, {.samples = INT64_C(1) << 52, .max_sigmas = 1 << 20}, ATTRIB_E_OVERFLOW, "too many rows"},
    {0,
     0,
     {.windows = 1 << 20, .fills = 1 << 20, .max_sigmas = 1 << 20, .samples = INT64_C(1) << 43},
     ATTRIB_E_OVERFLOW,
     "windows * fills = 1099511627776 for up to 1048576 sigmas: too many rows"},
};

static void set(attrib_noising_options *options, const attrib_noising_options *given) {
  if (given->flags != 0) options->flags = given->flags;
  if (given->search != 0) options->search = given->search;
  if (given->objective != 0) options->objective = given->objective;
  if (given->samples != 0) options->samples = given->samples;
  if (given->max_sigmas != 0) options->max_sigmas = given->max_sigmas;
  if (given->windows != 0) options->windows = given->windows;
  if (given->window_side != 0) options->window_side = given->window_side;
  if (given->fills != 0) options->fills = given->fills;
  if (given->n_groups != 0) options->n_groups = given->n_groups;
  if (given->sigma_low != 0) options->sigma_low = given->sigma_low;
  if (given->sigma_high != 0) options->sigma_high = given->sigma_high;
  if (given->low != 0) options->low = given->low;
  if (given->high != 0) options->high = given->high;
  if (given->shape != NULL) options->shape = given->shape;
  if (given->reserved != NULL) options->reserved = given->reserved;
  if (given->target_weights != NULL) options->target_weights = given->target_weights;
}

/* In both forms; nothing is evaluated and nothing written. */
static void expect_wrong(noising_case *c, attrib_context *context, const attrib_noising_options *options,
                         attrib_status status, const char *names) {
  attrib_run *run;
  assert_status(attrib_adaptive_noising(context, &c->model, c->input, 0, options, c->phi, NULL), status, context);
  assert_names(attrib_context_error(context), names);
  assert_status(attrib_adaptive_noising_start(context, &c->model, c->input, 0, options, &run), status, context);
  assert_names(attrib_context_error(context), names);
  assert_null(run);
  assert_true(is_untouched(c->phi, c->n) && c->analytic.calls == 0);
}

static void every_wrong_option_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    noising_case c;
    open_case(&c, ATTRIB_F64, wrongs[k].search, wrongs[k].objective);
    set(&c.options, &wrongs[k].options);
    expect_wrong(&c, context, &c.options, wrongs[k].status, wrongs[k].names);
    close_case(&c);
  }
  attrib_context_destroy(context);
}

/* What has no default: the picture's shape, and a range to fill windows from. */
static void what_must_be_given(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  noising_case c;
  open_case(&c, ATTRIB_F32, BRACKETED, AUPC);
  expect_wrong(&c, context, NULL, ATTRIB_E_ARGUMENT, "options->low = 0, high = 0: ATTRIB_NOISING_AUPC needs");
  c.options.shape = NULL;
  expect_wrong(&c, context, &c.options, ATTRIB_E_ARGUMENT, "options->shape is NULL");
  c.options.shape = &small_shape;
  c.options.low = c.options.high = 0;
  expect_wrong(&c, context, &c.options, ATTRIB_E_ARGUMENT, "options->low = 0, high = 0: ATTRIB_NOISING_AUPC needs");
  c.options.low = -1;
  c.options.high = 1;
  void *input = c.input;
  c.input = NULL;
  expect_wrong(&c, context, &c.options, ATTRIB_E_ARGUMENT, "input is NULL");
  c.input = input;
  assert_status(attrib_adaptive_noising(context, &c.model, c.input, 0, &c.options, NULL, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "attributions is NULL");
  assert_status(attrib_adaptive_noising(context, NULL, c.input, 0, &c.options, c.phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "model is NULL");
  c.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  expect_wrong(&c, context, &c.options, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_NO_GRADIENTS");
  close_case(&c);
  attrib_context_destroy(context);
}

/* A constant picture has no range to take a bracket from; with a bracket it is as good as any. */
static void a_constant_input_needs_a_bracket(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int k = 0; k < 3; k++) {
    noising_case c;
    open_case(&c, ATTRIB_F64, BRACKETED, AUPC);
    for (int64_t i = 0; i < c.n; i++) ((double *)c.input)[i] = .25;
    assert_status(call_case(&c, context), ATTRIB_OK, context);
    for (int64_t i = 0; i < c.n; i++) c.phi[i] = -12345.5;
    c.analytic.calls = 0;
    if (k != 1) c.options.sigma_low = 0;
    if (k != 0) c.options.sigma_high = 0;
    expect_wrong(&c, context, &c.options, ATTRIB_E_ARGUMENT, "every element of the input is 0.25");
    close_case(&c);
  }
  attrib_context_destroy(context);
}

/* A black one: the published walk begins at its second place. */
static void the_published_walk_from_a_black_picture(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, PUBLISHED, AUPC);
  for (int64_t i = 0; i < c.n; i++) ((double *)c.input)[i] = 0;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_true(c.report.sigma > 0 && isfinite(c.report.objective));
  close_case(&c);
}

static void noise_of_the_published_walk_stays_in_range(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  noising_case c;
  open_case(&c, ATTRIB_F32, PUBLISHED, AUTVC);
  for (int64_t i = 0; i < c.n; i++) ((float *)c.input)[i] = 4e37F;
  expect_wrong(&c, context, &c.options, ATTRIB_E_OVERFLOW, "sigma = 4e+37 on inputs from 4e+37 to 4e+37");
  close_case(&c);
  attrib_context_destroy(context);
}

/* Default ends are taken one by one. */
static void either_end_of_the_bracket_has_a_default(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, BRACKETED, AUPC);
  c.options.max_sigmas = 3; /* two on the grid: the ends */
  c.function = f_waves;
  double low = c.values[0], high = c.values[0];
  for (int64_t i = 0; i < c.n; i++) {
    low = fmin(low, c.values[i]);
    high = fmax(high, c.values[i]);
  }
  double first[SMALL];
  for (int k = 0; k < 4; k++) {
    c.options.sigma_low = k % 2 == 0 ? 0 : .01 * high - .01 * low;
    c.options.sigma_high = k / 2 == 0 ? 0 : high - low;
    assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
    if (k == 0) memcpy(first, c.phi, sizeof first);
    assert_same_bits(first, c.phi, SMALL);
  }
  close_case(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_option_is_named),
      cmocka_unit_test(what_must_be_given),
      cmocka_unit_test(a_constant_input_needs_a_bracket),
      cmocka_unit_test(the_published_walk_from_a_black_picture),
      cmocka_unit_test(noise_of_the_published_walk_stays_in_range),
      cmocka_unit_test(either_end_of_the_bracket_has_a_default),
  };
  return cmocka_run_group_tests_name("noising options", tests, NULL, NULL);
}
