/* Layer attributions against the calls that they are made of: path gradients, integrated gradients of the head, methods
 * of the input; the one target of all; memory. */
#include "fixture.h"

#include "layer_models.h"

enum { FORMS = ATTRIB_LAYER_DIFFERENCE + 1 };
static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* a(t) and da/dt of the sine net's first stage. */
static int32_t ATTRIB_CALL image_curve(double t, void *point, void *tangent, void *user) {
  const cut_net *c = user;
  double x[AT_INPUT];
  for (int64_t i = 0; i < AT_INPUT; i++) x[i] = c->b[i] + t * (c->x[i] - c->b[i]);
  for (int64_t k = 0; k < AT_FIRST; k++) {
    double sum = weighted_sum(&c->net, 0, k, x), along = 0;
    for (int64_t i = 0; i < AT_INPUT; i++) along += c->net.weights[0][k][i] * (c->x[i] - c->b[i]);
    ((double *)point)[k] = sin(sum);
    if (tangent != NULL) ((double *)tangent)[k] = cos(sum) * along;
  }
  return 0;
}

/* PATH is path gradients of the head on the curve that the body makes of the line, and the sum is that of the whole
 * net's integrated gradients: with twice the chords a quarter of the error. */
static void path_tends_to_path_gradients(void **state) {
  (void)state;
  cut_net c;
  make_cut_net(&c, 1, ATTRIB_F64, false);
  const attrib_path curve = {.struct_size = sizeof curve, .at = image_curve, .user = &c};
  const attrib_ig_options fine = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 60);
  double limit[AT_FIRST], phi[AT_FIRST], whole[AT_INPUT], errors[4];
  assert_int_equal(attrib_path_gradients(NULL, &c.head, 0, &curve, &fine, limit, NULL), ATTRIB_OK);
  net_part all;
  const attrib_model model = part_model(&all, &c.net, 0, CUTS, ATTRIB_F64);
  const attrib_baselines set = one_baseline(c.baseline);
  attrib_report report, of_whole = {.struct_size = sizeof of_whole};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, c.input, 0, &set, &fine, whole, &of_whole), ATTRIB_OK);
  for (int k = 0; k < 4; k++) {
    const attrib_layer_options options = {
        .struct_size = sizeof options, .form = ATTRIB_LAYER_PATH, .points = INT64_C(25) << k};
    assert_int_equal(explain(&c, &options, 0, phi, &report), ATTRIB_OK);
    errors[k] = 0;
    for (int64_t i = 0; i < AT_FIRST; i++) errors[k] = fmax(errors[k], fabs(phi[i] - limit[i]));
    if (k > 0) assert_near(errors[k - 1] / errors[k], 4, .05, 4);
    assert_near(report.attribution_sum, of_whole.attribution_sum, 10 * errors[k], 1);
  }
  assert_true(errors[3] < 1e-3 && errors[3] > 1e-12);
  free_cut_net(&c);
}

/* LINE of a cut is integrated gradients of the head between the images, bit for bit, whatever the rule. */
static void line_is_integrated_gradients_of_the_head(void **state) {
  (void)state;
  static const double weights[HEADS] = {.5, 3};
  static const int32_t groups[WIDEST] = {1, 0, 1, 1, 2, 0, 2, 2, 1, 1, 0, 2};
  for (int which = 0; which < 24; which++) {
    cut_net c;
    make_cut_net(&c, 1 + which % 2, dtypes[which / 2 % 2], which / 4 % 2 == 1);
    const int64_t n = cut_sizes[c.cut];
    double ends[2][WIDEST], phi[WIDEST], expected[WIDEST];
    for (int k = 0; k < 2; k++) image_at(&c, k, ends[k]);
    void *from = as_row(c.dtype, ends[0], n), *to = as_row(c.dtype, ends[1], n);
    const attrib_baselines set = one_baseline(from);
    attrib_ig_options options = with_rule(ATTRIB_RULE_DEFAULT, 0); /* adaptive */
    if (which / 8 == 0) options.tolerance = 1e-4;
    if (which / 8 == 1) options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 9);
    const int64_t target = which / 8 == 2 ? ATTRIB_NO_TARGET : 1;
    if (which / 8 == 2) {
      options.target_weights = weights;
      options.groups = groups;
      options.n_groups = 3;
    }
    const attrib_layer_options line = {.struct_size = sizeof line,
                                       .rule = options.rule,
                                       .points = options.points,
                                       .tolerance = options.tolerance,
                                       .target_weights = options.target_weights,
                                       .groups = options.groups,
                                       .n_groups = options.n_groups};
    attrib_report report, of_head = {.struct_size = sizeof of_head};
    const attrib_status status =
        attrib_integrated_gradients(NULL, &c.head, to, target, &set, &options, expected, &of_head);
    assert_true(status >= 0);
    assert_int_equal(explain(&c, &line, target, phi, &report), status);
    assert_same_bits(phi, expected, options.groups == NULL ? n : 3);
    assert_same_bits(&report.completeness_error, &of_head.completeness_error, 1);
    assert_same_bits(&report.error_estimate, &of_head.error_estimate, 1);
    assert_int_equal(report.evaluations, of_head.evaluations);
    assert_int_equal(report.output_evaluations, of_head.output_evaluations + 2); /* of the body */
    free(from);
    free(to);
    free_cut_net(&c);
  }
}

/* Without a body the layer is the input: methods that there are already. */
static void without_a_body(void **state) {
  (void)state;
  for (int which = 0; which < 4; which++) {
    cut_net c;
    make_cut_net(&c, 0, dtypes[which % 2], which / 2 == 1);
    const attrib_baselines set = one_baseline(c.baseline);
    double phi[AT_INPUT], expected[AT_INPUT];
    attrib_report report;
    for (int k = 0; k < 4; k++) {
      attrib_layer_options options = {.struct_size = sizeof options, .points = k == 1 ? 12 : 0};
      attrib_ig_options plain = {.struct_size = sizeof plain, .points = options.points};
      if (k == 2) options.form = ATTRIB_LAYER_GRADIENT;
      if (k == 3) options.form = ATTRIB_LAYER_TIMES_ACTIVATION;
      if (k == 3) plain.flags = ATTRIB_TIMES_INPUT;
      const attrib_status status =
          k < 2 ? attrib_integrated_gradients(NULL, &c.head, c.input, 1, &set, &plain, expected, NULL)
                : attrib_gradient(NULL, &c.head, c.input, 1, &plain, expected, NULL);
      assert_true(status >= 0);
      assert_int_equal(explain(&c, &options, 1, phi, &report), status);
      assert_same_bits(phi, expected, AT_INPUT);
    }
    free_cut_net(&c);
  }
}

/* The net in double is the same sum of products wherever it is cut. */
static void one_target_for_all(void **state) {
  (void)state;
  double first = 0;
  for (int cut = 0; cut < CUTS; cut++) {
    cut_net c;
    make_cut_net(&c, cut, ATTRIB_F64, true);
    for (uint32_t form = cut == 0 ? ATTRIB_LAYER_TIMES_ACTIVATION : 0; form < FORMS; form++) {
      const attrib_image shape = {.struct_size = sizeof shape, .width = cut_sizes[cut], .height = 1, .channels = 1};
      const attrib_layer_options options = {
          .struct_size = sizeof options, .form = form, .shape = form == ATTRIB_LAYER_ODAM ? &shape : NULL};
      double phi[WIDEST];
      attrib_report report;
      assert_true(explain(&c, &options, 0, phi, &report) >= 0);
      if (first == 0) first = report.completeness_target;
      assert_same_bits(&report.completeness_target, &first, 1);
    }
    free_cut_net(&c);
  }
  assert_true(fabs(first) > .1);
}

/* Memory does not grow with the chords of the path. */
static void memory_of_the_path(void **state) {
  (void)state;
  cut_net c;
  make_cut_net(&c, 2, ATTRIB_F32, false);
  int64_t bytes[2];
  for (int k = 0; k < 2; k++) {
    const attrib_layer_options options = {
        .struct_size = sizeof options, .form = ATTRIB_LAYER_PATH, .points = k == 0 ? 10 : 1000};
    double phi[AT_SECOND];
    attrib_report report;
    assert_int_equal(explain(&c, &options, 0, phi, &report), ATTRIB_OK);
    assert_int_equal(report.evaluations, options.points);
    assert_int_equal(report.output_evaluations, options.points + 3); /* the body at every knot, h at both ends */
    bytes[k] = report.peak_bytes;
  }
  assert_int_equal(bytes[0], bytes[1]);
  free_cut_net(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(path_tends_to_path_gradients),
      cmocka_unit_test(line_is_integrated_gradients_of_the_head),
      cmocka_unit_test(without_a_body),
      cmocka_unit_test(one_target_for_all),
      cmocka_unit_test(memory_of_the_path),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
