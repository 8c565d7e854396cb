/* Every form of layer attributions against plain loops in double over the same net. */
#include "fixture.h"

#include "layer_models.h"

enum { FORMS = ATTRIB_LAYER_DIFFERENCE + 1 };
static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

static double round_off(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
}

static void assert_all_near(const double *found, const double *expected, int64_t n, double tolerance) {
  double largest = 0;
  for (int64_t i = 0; i < n; i++) largest = fmax(largest, fabs(expected[i]));
  assert_true(largest > 1e-3);
  for (int64_t i = 0; i < n; i++) assert_near(found[i], expected[i], tolerance, fmax(largest, 1));
}

/* phi += (to - from) dh/da at from + t (to - from). */
static void add_chord(const cut_net *c, const double *weights, const double *from, const double *to, double t,
                      double share, double *phi) {
  const int64_t n = cut_sizes[c->cut];
  double point[WIDEST] = {0}, g[WIDEST];
  for (int64_t i = 0; i < n; i++) point[i] = rounded(c->dtype, from[i] + t * (to[i] - from[i]));
  gradient_of(&c->net, c->cut, weights, point, g);
  for (int64_t i = 0; i < n; i++) phi[i] += share * (to[i] - from[i]) * g[i];
}

static void blur(const cut_net *c, const attrib_image *shape, double sigma, double *g) {
  const int64_t n = cut_sizes[c->cut];
  void *row = as_row(c->dtype, g, n);
  assert_int_equal(attrib_image_blur(NULL, c->dtype, shape, row, sigma, row), ATTRIB_OK);
  for (int64_t i = 0; i < n; i++) g[i] = element(c->dtype, row, i);
  free(row);
}

static void recompute(const cut_net *c, const attrib_layer_options *o, const double *weights, double *phi) {
  const int64_t n = cut_sizes[c->cut];
  double before[WIDEST], after[WIDEST], g[WIDEST], knots[2][WIDEST];
  image_at(c, 0, before);
  image_at(c, 1, after);
  gradient_of(&c->net, c->cut, weights, after, g);
  memset(phi, 0, (size_t)n * sizeof *phi);
  for (int64_t j = 0; j < o->points; j++) {
    const double points = (double)o->points, at = (double)j;
    if (o->form == ATTRIB_LAYER_LINE)
      add_chord(c, weights, before, after, (at + .5) / points, 1 / points, phi);
    else {
      image_at(c, at / points, knots[0]);
      image_at(c, (at + 1) / points, knots[1]);
      add_chord(c, weights, knots[0], knots[1], .5, 1, phi);
    }
  }
  if (o->form == ATTRIB_LAYER_ODAM) blur(c, o->shape, o->sigma == 0 ? 1 : o->sigma, g);
  for (int64_t i = 0; i < n; i++) switch (o->form) {
      case ATTRIB_LAYER_TIMES_ACTIVATION:
      case ATTRIB_LAYER_ODAM: phi[i] = after[i] * g[i]; break;
      case ATTRIB_LAYER_GRADIENT: phi[i] = g[i]; break;
      case ATTRIB_LAYER_CAM: phi[i] = after[i] * fmax(g[i], 0); break;
      case ATTRIB_LAYER_DIFFERENCE: phi[i] = after[i] - before[i]; break;
      default: break;
    }
  if (o->form == ATTRIB_LAYER_TAYLOR) add_chord(c, weights, before, after, 0, 1, phi);
}

/* Planes of the layers: 2 of 3 x 2; 2 of 2 x 2. With gaps, the third of three columns is not part of a plane. */
static attrib_image planes(int cut, bool gaps) {
  attrib_image shape = {.struct_size = sizeof shape, .width = cut == 1 ? 3 : 2, .height = 2, .channels = 2};
  if (gaps && cut == 1) {
    shape.width = 2;
    shape.x_stride = 1;
    shape.y_stride = 3;
    shape.channel_stride = 6;
  }
  return shape;
}

/* The first output, or weighted ones; by activation, or by group. */
static void check_form(const cut_net *c, uint32_t form, bool weighted, bool grouped, double sigma) {
  static const double given[HEADS] = {.75, -2}, first[HEADS] = {1, 0};
  static const int32_t labels[WIDEST] = {2, 0, 1, 1, 3, 0, 2, 2, 3, 1, 0, 3};
  const int64_t n = cut_sizes[c->cut], count = grouped ? 4 : n;
  const attrib_image shape = planes(c->cut, weighted);
  double *weights = exact_copy(given, sizeof given);
  int32_t *groups = exact_copy(labels, (size_t)n * sizeof *groups);
  attrib_layer_options options = {.struct_size = sizeof options, .form = form, .sigma = sigma};
  if (form == ATTRIB_LAYER_LINE || form == ATTRIB_LAYER_PATH) options.points = 19; /* more than two lots of chords */
  if (form == ATTRIB_LAYER_ODAM) options.shape = &shape;
  if (weighted) options.target_weights = weights;
  if (grouped) {
    options.groups = groups;
    options.n_groups = 4;
  }
  double by_activation[WIDEST], expected[WIDEST] = {0}, sum = 0, ends[2][WIDEST];
  recompute(c, &options, weighted ? given : first, by_activation);
  for (int64_t i = 0; i < n; i++) {
    expected[grouped ? groups[i] : i] += by_activation[i];
    sum += by_activation[i];
  }
  double *phi = untouched(count);
  attrib_report report;
  assert_int_equal(explain(c, &options, weighted ? ATTRIB_NO_TARGET : 0, phi, &report), ATTRIB_OK);
  assert_all_near(phi, expected, count, round_off(c->dtype));
  image_at(c, 0, ends[0]);
  image_at(c, 1, ends[1]);
  const double baseline_output = explained(&c->net, c->cut, weighted ? given : first, ends[0]);
  const double output = explained(&c->net, c->cut, weighted ? given : first, ends[1]);
  assert_near(report.output, output, ROUND_OFF, 10);
  assert_near(report.baseline_output, baseline_output, ROUND_OFF, 10);
  assert_near(report.completeness_target, output - baseline_output, ROUND_OFF, 10);
  assert_near(report.attribution_sum, sum, round_off(c->dtype), 100);
  assert_true(report.completeness_error == report.attribution_sum - report.completeness_target);
  assert_near(report.completeness_relative, fabs(report.completeness_error / report.completeness_target), ROUND_OFF,
              report.completeness_relative);
  if (form == ATTRIB_LAYER_ODAM) assert_true(report.sigma == (sigma == 0 ? 1 : sigma));
  free(phi);
  free(groups);
  free(weights);
}

static void forms_by_plain_loops(void **state) {
  (void)state;
  for (int which = 0; which < 8; which++) {
    cut_net c;
    make_cut_net(&c, 1 + which % 2, dtypes[which / 2 % 2], which / 4 == 1);
    for (uint32_t form = 0; form < FORMS; form++)
      for (int how = 0; how < 4; how++) check_form(&c, form, how % 2 == 1, how / 2 == 1, 0);
    for (int how = 0; how < 4; how++) check_form(&c, ATTRIB_LAYER_ODAM, how % 2 == 1, how / 2 == 1, .4 * (1 + how));
    free_cut_net(&c);
  }
}

/* a = (-2, 3), dh/da = (5, -7) and (-5, 7): what counts is the sign of the gradient, not that of the product. */
static void cam_keeps_positive_gradients(void **state) {
  (void)state;
  const double weights[] = {5, -7, -5, 7}, a[] = {-2, 3}, zero[] = {0, 0};
  const double expected[] = {-10, 0, 0, 21};
  const analytic_fn linear = f_linear;
  for (int k = 0; k < 2; k++) {
    analytic head;
    const attrib_model model = single_model(&head, &linear, ATTRIB_F64, 2, weights + 2 * k);
    const attrib_layer_options options = {.struct_size = sizeof options, .form = ATTRIB_LAYER_CAM};
    double phi[2];
    assert_int_equal(attrib_layer_attributions(NULL, NULL, &model, a, 0, zero, &options, phi, NULL), ATTRIB_OK);
    assert_true(phi[0] == expected[2 * k] && phi[1] == expected[2 * k + 1]);
  }
}

/* f = x_2, with a gradient that is infinite in x_1. */
static double f_steep(const double *x, int64_t n, double *g, const void *p) {
  (void)n;
  (void)p;
  if (g != NULL) g[0] = (double)INFINITY;
  if (g != NULL) g[1] = 1;
  return x[1];
}

/* Where an activation is 0, or does not move, its gradient is not looked at, unless a blur takes it elsewhere. */
static void gradients_that_do_not_count(void **state) {
  (void)state;
  const double a[] = {0, 2}, zero[] = {0, 0};
  const analytic_fn steep = f_steep;
  const attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 1};
  analytic head;
  const attrib_model model = single_model(&head, &steep, ATTRIB_F64, 2, NULL);
  for (uint32_t form = 0; form < FORMS; form++) {
    if (form == ATTRIB_LAYER_PATH) continue; /* needs a body */
    const bool looks = form == ATTRIB_LAYER_GRADIENT || form == ATTRIB_LAYER_ODAM;
    const attrib_layer_options options = {
        .struct_size = sizeof options, .form = form, .shape = form == ATTRIB_LAYER_ODAM ? &shape : NULL};
    attrib_report report = {.struct_size = sizeof report};
    double phi[2];
    assert_int_equal(attrib_layer_attributions(NULL, NULL, &model, a, 0, zero, &options, phi, &report),
                     looks ? ATTRIB_E_NONFINITE : ATTRIB_OK);
    if (looks)
      assert_int_equal(report.failed_row, 0);
    else
      assert_true(phi[0] == 0 && phi[1] == 2);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(forms_by_plain_loops),
                                     cmocka_unit_test(cam_keeps_positive_gradients),
                                     cmocka_unit_test(gradients_that_do_not_count)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
