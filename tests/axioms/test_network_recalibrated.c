/* Recalibrated attributions of the bundled network, by feature and by pixel, against their definition; and that they
 * are what they are for: without a sign. */
#include "../unit/recalibrated.h"

#include "bundled.h"

enum { REFERENCES = 4, POINTS = 3, PIXELS = BUNDLED_N / 3 };

static bundled b;

typedef struct subject {
  attrib_model model;
  int64_t target;
  double *x, *references;
  float *rows;
  definition definition;
} subject;

static void gradient_of(const double *point, double *gradient, void *user) {
  const subject *s = user;
  float *input = exact_block(BUNDLED_N * sizeof *input), *g = exact_block(BUNDLED_N * sizeof *g);
  for (int64_t i = 0; i < BUNDLED_N; i++) input[i] = (float)point[i];
  assert_int_equal(small_net_gradient(b.net, 0, SMALL_NET_LOGIT, input, s->target, NULL, NULL, g), 0);
  for (int64_t i = 0; i < BUNDLED_N; i++) gradient[i] = (double)g[i];
  free(input);
  free(g);
}

/* Black, white, uniform noise, and a training picture. */
static void make_subject(subject *s, int which) {
  const bundled_picture *picture = &b.pictures[which];
  *s = (subject){.model = bundled_model(&b, SMALL_NET_LOGIT), .target = picture->target};
  s->x = bundled_vector();
  s->references = exact_block(REFERENCES * BUNDLED_N * sizeof *s->references);
  s->rows = exact_block(REFERENCES * BUNDLED_N * sizeof *s->rows);
  const attrib_baselines training = bundled_baselines(&b, 1);
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = BUNDLED_N,
                        .seed = 5,
                        .high = 1};
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, BUNDLED_N, 0, s->rows), ATTRIB_OK);
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, BUNDLED_N, 1, s->rows + BUNDLED_N), ATTRIB_OK);
  assert_int_equal(attrib_noise_fetch(0, s->rows + 2 * BUNDLED_N, &noise), 0);
  assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F32, BUNDLED_N, &training, s->rows + 3 * BUNDLED_N), ATTRIB_OK);
  for (int64_t i = 0; i < BUNDLED_N; i++) s->x[i] = (double)picture->image.pixels[i];
  for (int64_t k = 0; k < REFERENCES * BUNDLED_N; k++) s->references[k] = (double)s->rows[k];
  s->definition = (definition){.dtype = ATTRIB_F32,
                               .n = BUNDLED_N,
                               .count = REFERENCES,
                               .input = s->x,
                               .references = s->references,
                               .gradient = gradient_of,
                               .user = s,
                               .rows = -1};
}

static void free_subject(subject *s) {
  free(s->x);
  free(s->references);
  free(s->rows);
}

static recalibrated explain(const subject *s, const float *pixels, const attrib_recalibration_options *o) {
  recalibrated r;
  const attrib_baselines set = {.struct_size = sizeof set, .count = REFERENCES, .rows = s->rows};
  prepare_recalibrated(&r, o->n_groups > 0 ? o->n_groups : BUNDLED_N);
  assert_status(attrib_recalibrated_gradients(b.context, &s->model, pixels, s->target, &set, o, r.phi, &r.report),
                ATTRIB_OK, b.context);
  return r;
}

static void against_the_definition(void **state) {
  (void)state;
  static int32_t pixel_of[BUNDLED_N];
  for (int64_t i = 0; i < BUNDLED_N; i++) pixel_of[i] = (int32_t)(i % PIXELS);
  for (int which = 0; which < 2; which++) {
    subject s;
    make_subject(&s, which);
    for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
      for (uint32_t flags = 0; flags < 16; flags += 4)
        for (int grouped = 0; grouped < 2; grouped++) {
          attrib_recalibration_options o = recalibration(mode, flags, 0, POINTS);
          o.groups = grouped ? pixel_of : NULL;
          o.n_groups = grouped ? PIXELS : 0;
          o.seed = flags >= 8 ? 77 : 0;
          recalibrated r = explain(&s, b.pictures[which].image.pixels, &o), d = by_definition(&s.definition, &o);
          assert_same_recalibrated(r, d, ROUND_OFF);
          free_recalibrated(&r);
          free_recalibrated(&d);
        }
    free_subject(&s);
  }
}

/* Of integrated gradients a good part is negative; recalibrated ones are not, and most features drop something. */
static void without_a_sign(void **state) {
  (void)state;
  for (int which = 0; which < 3; which++) {
    subject s;
    make_subject(&s, which);
    attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, 0, POINTS);
    recalibrated plain = explain(&s, b.pictures[which].image.pixels, &o);
    for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++) {
      int64_t negative = 0, mixed = 0;
      o.mode = mode;
      recalibrated r = explain(&s, b.pictures[which].image.pixels, &o);
      for (int64_t i = 0; i < BUNDLED_N; i++) {
        double scale = r.positive[i] - r.negative[i];
        assert_true(r.phi[i] >= 0);
        assert_near(r.positive[i] + r.negative[i], plain.phi[i], ROUND_OFF, scale);
        negative += plain.phi[i] < 0;
        mixed += r.share[i] > 0 && r.share[i] < 1;
      }
      assert_true(negative > BUNDLED_N / 5 && mixed > BUNDLED_N / 2);
      free_recalibrated(&r);
    }
    free_recalibrated(&plain);
    free_subject(&s);
  }
}

static int set_up(void **state) {
  (void)state;
  bundled_open(&b);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  bundled_close(&b);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(against_the_definition), cmocka_unit_test(without_a_sign)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
