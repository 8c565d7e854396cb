/* What layer attributions refuse, and how they say it. */
#include "fixture.h"

#include "layer_models.h"

static attrib_context *context;
static cut_net c;

static int set_up(void **state) {
  (void)state;
  context = new_context(1, 0);
  make_cut_net(&c, 1, ATTRIB_F64, false);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  attrib_context_destroy(context);
  free_cut_net(&c);
  return 0;
}

/* Both forms of the call refuse with one message. */
static void refused(attrib_status expected, const attrib_model *body, const attrib_model *head,
                    const attrib_layer_options *options, int64_t target, const char *text) {
  double *phi = untouched(AT_FIRST);
  attrib_report report = {.struct_size = sizeof report};
  attrib_run *run;
  assert_status(attrib_layer_attributions(context, body, head, c.input, target, c.baseline, options, phi, &report),
                expected, context);
  assert_names(attrib_context_error(context), text);
  assert_true(is_untouched(phi, AT_FIRST));
  assert_status(attrib_layer_attributions_start(context, body, head, c.input, target, c.baseline, options, &run),
                expected, context);
  assert_names(attrib_context_error(context), text);
  assert_null(run);
  free(phi);
}

static const attrib_image plane = {.struct_size = sizeof plane, .width = 4, .height = 3, .channels = 1};

/* `change` of proper options of the form is refused. */
#define REFUSES(status, its_form, text, change)                                                     \
  do {                                                                                              \
    attrib_layer_options o = {.struct_size = sizeof o, .form = (its_form)};                         \
    if (o.form == ATTRIB_LAYER_ODAM) o.shape = &plane;                                              \
    change;                                                                                         \
    refused(status, &c.body, &c.head, &o, o.target_weights == NULL ? 0 : ATTRIB_NO_TARGET, (text)); \
  } while (0)

static void options_of_every_form(void **state) {
  (void)state;
  static const double bad_weights[HEADS] = {1, INFINITY};
  static const int32_t bad_groups[AT_FIRST] = {0, 1, 0, 2};
  for (uint32_t form = 0; form <= ATTRIB_LAYER_DIFFERENCE; form++) {
    REFUSES(ATTRIB_E_STRUCT, form, "options->struct_size = 8", o.struct_size = 8);
    REFUSES(ATTRIB_E_UNSUPPORTED, form, "options->flags = 0x4", o.flags = 4);
    REFUSES(ATTRIB_E_UNSUPPORTED, form, "reserved0 = 3", o.reserved0 = 3);
    REFUSES(ATTRIB_E_UNSUPPORTED, form, "reserved = 0x", o.reserved = &plane);
    REFUSES(ATTRIB_E_ARGUMENT, form, "options->completeness_threshold = -1", o.completeness_threshold = -1);
    REFUSES(ATTRIB_E_ARGUMENT, form, "options->completeness_threshold = nan", o.completeness_threshold = (double)NAN);
    REFUSES(ATTRIB_E_ARGUMENT, form, "options->n_groups = -2", o.n_groups = -2);
    REFUSES(ATTRIB_E_ARGUMENT, form, "options->n_groups = 2 with groups NULL", o.n_groups = 2);
    REFUSES(ATTRIB_E_ARGUMENT, form, "options->groups[3] = 2", (o.n_groups = 2, o.groups = bad_groups));
    REFUSES(ATTRIB_E_ARGUMENT, form, "target_weights[1] = inf", o.target_weights = bad_weights);
  }
  REFUSES(ATTRIB_E_ARGUMENT, 8, "options->form = 8", o.flags = 0);
}

/* An option that a form has no use for names itself and its value. */
static void options_without_use(void **state) {
  (void)state;
  for (uint32_t form = 0; form <= ATTRIB_LAYER_DIFFERENCE; form++) {
    if (form != ATTRIB_LAYER_LINE) {
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->rule = 3: must be 0", o.rule = 3);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->round_rows = 8: must be 0", o.round_rows = 8);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->max_evaluations = 99: must be 0", o.max_evaluations = 99);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->max_vectors = 30: must be 0", o.max_vectors = 30);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->tolerance = 0.1: must be 0", o.tolerance = .1);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->tolerance = nan: must be 0", o.tolerance = (double)NAN);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->deadline_seconds = 2: must be 0", o.deadline_seconds = 2);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->absolute_tolerance = 0.5: must be 0", o.absolute_tolerance = .5);
      if (form != ATTRIB_LAYER_PATH) REFUSES(ATTRIB_E_ARGUMENT, form, "options->points = 7: must be 0", o.points = 7);
    }
    if (form != ATTRIB_LAYER_ODAM) {
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->sigma = 2: must be 0", o.sigma = 2);
      REFUSES(ATTRIB_E_ARGUMENT, form, "options->shape is given: must be NULL", o.shape = &plane);
    }
  }
}

static void options_of_line_and_path(void **state) {
  (void)state;
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->rule = 7", o.rule = 7);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->points = -3", o.points = -3);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->points = 1: must be at least 2",
          (o.rule = ATTRIB_RULE_TRAPEZOID, o.points = 1));
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->tolerance = -0.5", o.tolerance = -.5);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->absolute_tolerance = -1", o.absolute_tolerance = -1);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->max_evaluations = 2", o.max_evaluations = 2);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->max_vectors = 3", o.max_vectors = 3);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->deadline_seconds = -1", o.deadline_seconds = -1);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_LINE, "options->tolerance = 0.1", (o.points = 9, o.tolerance = .1));
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_PATH, "options->points = -1", o.points = -1);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_PATH, "options->points = 9223372036854775807", o.points = INT64_MAX);
}

static void options_of_odam(void **state) {
  (void)state;
  const attrib_image high = {.struct_size = sizeof high, .width = 4, .height = 4, .channels = 1};
  const attrib_image wide = {.struct_size = sizeof wide,
                             .width = 2,
                             .height = 1,
                             .channels = 1,
                             .x_stride = 12,
                             .y_stride = 1,
                             .channel_stride = 1};
  attrib_image none = plane, brief = plane, huge = plane;
  none.width = 0;
  brief.struct_size = 4;
  huge.width = huge.height = huge.channels = INT64_C(1) << 40;
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "options->sigma = -1", o.sigma = -1);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "options->sigma = 2e+06", o.sigma = 2e6);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "options->sigma = nan", o.sigma = (double)NAN);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "options->shape is NULL", o.shape = NULL);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "reaches element 15: the layer has 12 activations", o.shape = &high);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "reaches element 12: the layer has 12 activations", o.shape = &wide);
  REFUSES(ATTRIB_E_ARGUMENT, ATTRIB_LAYER_ODAM, "shape->width = 0", o.shape = &none);
  REFUSES(ATTRIB_E_STRUCT, ATTRIB_LAYER_ODAM, "shape->struct_size = 4", o.shape = &brief);
  REFUSES(ATTRIB_E_OVERFLOW, ATTRIB_LAYER_ODAM, "shape", o.shape = &huge);
}

static void models(void **state) {
  (void)state;
  const attrib_layer_options options = {.struct_size = sizeof options}, path = {.struct_size = sizeof path, .form = 1};
  attrib_model bad = c.head;
  bad.n_inputs = 7;
  refused(ATTRIB_E_ARGUMENT, &c.body, &bad, &options, 0, "head->n_inputs = 7, dtype = 2: the body has 12 outputs");
  bad = c.head;
  bad.dtype = ATTRIB_F32;
  refused(ATTRIB_E_ARGUMENT, &c.body, &bad, &options, 0, "head->n_inputs = 12, dtype = 1: the body has 12 outputs");
  bad.dtype = 5;
  refused(ATTRIB_E_ARGUMENT, &c.body, &bad, &options, 0, "head->dtype = 5");
  bad = c.body;
  bad.n_outputs = 0;
  refused(ATTRIB_E_ARGUMENT, &bad, &c.head, &options, 0, "body->n_outputs");
  bad = c.body;
  bad.flags = 0;
  refused(ATTRIB_E_UNSUPPORTED, &bad, &c.head, &options, 0, "body");
  bad = c.head;
  bad.flags = ATTRIB_MODEL_NO_GRADIENTS;
  refused(ATTRIB_E_UNSUPPORTED, &c.body, &bad, &options, 0, "head");
  refused(ATTRIB_E_ARGUMENT, &c.body, &c.head, &options, 2, "target = 2");
  refused(ATTRIB_E_ARGUMENT, &c.body, &c.head, &options, -1, "target = -1");
  refused(ATTRIB_E_ARGUMENT, &c.body, NULL, &options, 0, "head is NULL");
  refused(ATTRIB_E_ARGUMENT, NULL, &c.head, &path, 0, "body is NULL");
  /* The difference map takes no gradient. */
  const attrib_layer_options difference = {.struct_size = sizeof difference, .form = ATTRIB_LAYER_DIFFERENCE};
  double phi[AT_FIRST];
  assert_status(attrib_layer_attributions(context, &c.body, &bad, c.input, 0, c.baseline, &difference, phi, NULL),
                ATTRIB_OK, context);
}

static void rows(void **state) {
  (void)state;
  double phi[AT_FIRST], spoilt[AT_INPUT] = {1, 2, (double)NAN, 4, 5};
  assert_status(attrib_layer_attributions(context, &c.body, &c.head, NULL, 0, c.baseline, NULL, phi, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "input is NULL");
  assert_status(attrib_layer_attributions(context, &c.body, &c.head, c.input, 0, NULL, NULL, phi, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "baseline is NULL");
  assert_status(attrib_layer_attributions(context, &c.body, &c.head, spoilt, 0, c.baseline, NULL, phi, NULL),
                ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "input[2]");
  assert_status(attrib_layer_attributions(context, &c.body, &c.head, c.input, 0, c.baseline, NULL, NULL, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "attributions is NULL");
}

/* Activations that the head's type cannot hold: a double beyond float, at an end and on the path. */
static void activations_out_of_range(void **state) {
  (void)state;
  for (uint32_t form = 0; form <= ATTRIB_LAYER_DIFFERENCE; form++)
    for (int64_t row = 0; row <= 5; row++) {
      if (row > 1 && (row < 4 || form != ATTRIB_LAYER_PATH)) continue; /* PATH: the body's again from row 4 on */
      cut_net f;
      make_cut_net(&f, 1, ATTRIB_F32, true);
      f.body_part.spoilt_row = row;
      f.body_part.spoilt_output = 3;
      f.body_part.spoilt_value = row % 2 == 0 ? 1e39 : -1e300;
      const attrib_layer_options options = {
          .struct_size = sizeof options, .form = form, .shape = form == ATTRIB_LAYER_ODAM ? &plane : NULL};
      attrib_report report = {.struct_size = sizeof report};
      double *phi = untouched(AT_FIRST);
      char place[32], what[32];
      snprintf(place, sizeof place, "row %d (", (int)row);
      snprintf(what, sizeof what, "output 3 is %g", f.body_part.spoilt_value);
      assert_status(
          attrib_layer_attributions(context, &f.body, &f.head, f.input, 0, f.baseline, &options, phi, &report),
          ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), place);
      assert_names(attrib_context_error(context), what);
      assert_int_equal(report.failed_row, row);
      assert_true(is_untouched(phi, AT_FIRST));
      free(phi);
      free_cut_net(&f);
    }
}

/* A sum that is too far from T is said to be: by its number, of every form. */
static void threshold(void **state) {
  (void)state;
  for (uint32_t form = 0; form <= ATTRIB_LAYER_DIFFERENCE; form++) {
    attrib_layer_options options = {.struct_size = sizeof options,
                                    .form = form,
                                    .points = form <= ATTRIB_LAYER_PATH ? 3 : 0,
                                    .shape = form == ATTRIB_LAYER_ODAM ? &plane : NULL};
    attrib_report report = {.struct_size = sizeof report};
    double phi[AT_FIRST];
    assert_status(attrib_layer_attributions(context, &c.body, &c.head, c.input, 0, c.baseline, &options, phi, &report),
                  ATTRIB_OK, context);
    const double relative = report.completeness_relative;
    assert_true(relative > 1e-6);
    for (int k = 0; k < 2; k++) {
      options.completeness_threshold = relative * (k == 0 ? 1.01 : .99);
      assert_status(
          attrib_layer_attributions(context, &c.body, &c.head, c.input, 0, c.baseline, &options, phi, &report),
          k == 0 ? ATTRIB_OK : ATTRIB_NOT_CONVERGED, context);
    }
    assert_names(attrib_context_error(context), "above options->completeness_threshold");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_of_every_form),
      cmocka_unit_test(options_without_use),
      cmocka_unit_test(options_of_line_and_path),
      cmocka_unit_test(options_of_odam),
      cmocka_unit_test(models),
      cmocka_unit_test(rows),
      cmocka_unit_test(activations_out_of_range),
      cmocka_unit_test(threshold),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
