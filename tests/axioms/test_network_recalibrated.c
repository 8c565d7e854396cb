/* Recalibrated attributions of the bundled network, by feature and by pixel, and adversarial gradient integration
 * recalibrated, against their definitions; and that they are what they are for: without a sign.
 *
 * The definitions are plain loops in double that take the network's own gradients, in float as it computes them, at the
 * same points to the bit. So all that is left to differ is the rounding of sums in double, and what is kept is the same
 * to the last point. */
#include "../unit/recalibrated.h"

#include "bundled_group.h"

enum { REFERENCES = 4, POINTS = 3, PIXELS = BUNDLED_N / 3 };

typedef struct subject {
  attrib_model model;
  int64_t target;
  double *x, *references;
  float *rows;
  definition definition;
} subject;

/* Options have the points of a rule and those of one seed, and no others: each is asked for once. */
enum { KNOWN = 2 * REFERENCES * POINTS };
static struct {
  int64_t target;
  double point[BUNDLED_N], gradient[BUNDLED_N];
} known[KNOWN];
static int known_count;

static void gradient_of(const double *point, double *gradient, void *user) {
  const subject *s = user;
  for (int k = 0; k < known_count; k++)
    if (known[k].target == s->target && memcmp(known[k].point, point, sizeof known[k].point) == 0) {
      memcpy(gradient, known[k].gradient, sizeof known[k].gradient);
      return;
    }
  float *input = exact_block(BUNDLED_N * sizeof *input), *g = exact_block(BUNDLED_N * sizeof *g);
  for (int64_t i = 0; i < BUNDLED_N; i++) input[i] = (float)point[i];
  assert_int_equal(small_net_gradient(b.net, 0, SMALL_NET_LOGIT, input, s->target, NULL, NULL, g), 0);
  for (int64_t i = 0; i < BUNDLED_N; i++) gradient[i] = (double)g[i];
  free(input);
  free(g);
  assert_true(known_count < KNOWN);
  known[known_count].target = s->target;
  memcpy(known[known_count].point, point, sizeof known->point);
  memcpy(known[known_count++].gradient, gradient, sizeof known->gradient);
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

/* The definition of a combination of options, by feature or by pixel. How many points or references it keeps. */
static int64_t check_options(const subject *s, const float *pixels, const attrib_recalibration_options *o) {
  int64_t kept = 0;
  recalibrated r = explain(s, pixels, o), d = by_definition(&s->definition, o);
  assert_same_recalibrated(r, d, ROUND_OFF);
  for (int64_t e = 0; e < r.count; e++) kept += r.kept[e];
  free_recalibrated(&r);
  free_recalibrated(&d);
  return kept;
}

/* Every combination of flags, modes and point factors that there is, of a second picture those of the path's factor;
 * one half by feature, the other half by pixel. Features that equal a reference contribute exactly 0, so STRICT keeps
 * less.
 */
static void against_the_definition(void **state) {
  (void)state;
  static int32_t pixel_of[BUNDLED_N];
  for (int64_t i = 0; i < BUNDLED_N; i++) pixel_of[i] = (int32_t)(i % PIXELS);
  subject s;
  make_subject(&s, 0);
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t factor = 0; factor <= ATTRIB_POINT_FACTOR_FROM_REFERENCE; factor++)
      for (uint32_t flags = 0; flags < 16; flags += mode == ATTRIB_RECALIBRATE_VANILLA ? 4 : 2) {
        if (mode == ATTRIB_RECALIBRATE_VANILLA && flags & ATTRIB_RECALIBRATE_SQUARED && factor > 0) continue;
        const bool grouped = (flags / 2 + flags / 4 + flags / 8 + factor) % 2 == 1;
        attrib_recalibration_options o = recalibration(mode, flags, 0, POINTS);
        o.point_factor = factor;
        o.groups = grouped ? pixel_of : NULL;
        o.n_groups = grouped ? PIXELS : 0;
        o.seed = flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA ? 77 : 0;
        const int64_t kept = check_options(&s, b.pictures[0].image.pixels, &o);
        if (mode == ATTRIB_RECALIBRATE_VANILLA) continue;
        o.flags |= ATTRIB_RECALIBRATE_STRICT;
        const int64_t strictly = check_options(&s, b.pictures[0].image.pixels, &o);
        assert_true(strictly > 0 && strictly < kept);
      }
  free_subject(&s);
}

/* Adversarial gradient integration, recalibrated. Points are the same to the bit: a step and a sign leave nothing to
 * rounding. From the red heart classes 2 and 9 are reached before all steps, class 1 is not. */
enum { AGI_STEPS = 15, AGI_CLASSES = 3 };
static const int64_t climbed[AGI_CLASSES] = {2, 9, 1};

static int64_t class_at(const float *point) {
  float logits[SMALL_NET_CLASSES];
  int64_t best = 0;
  assert_int_equal(small_net_forward(b.net, 0, point, logits), 0);
  for (int64_t k = 1; k < SMALL_NET_CLASSES; k++)
    if (logits[k] > logits[best]) best = k;
  return best;
}

static void look(uint32_t score, const float *point, int64_t target, float *gradient) {
  assert_int_equal(small_net_gradient(b.net, 0, score, point, target, NULL, NULL, gradient), 0);
}

static void take(recalibrated *r, const attrib_agi_options *o, int64_t i, double value) {
  const bool keeps = o->flags & ATTRIB_RECALIBRATE_STRICT ? value > 0 : value >= 0;
  (keeps ? r->positive : r->negative)[i] += value;
  r->kept[i] += keeps;
}

/* The path towards class q. Returns how much was judged: its points, or itself; *ended: at the class. */
static int64_t climb(const bundled_picture *picture, uint32_t score, int64_t q, const attrib_agi_options *o,
                     recalibrated *r, bool *ended) {
  float *point = exact_copy(picture->image.pixels, BUNDLED_N * sizeof *point);
  float *gradient = exact_block(BUNDLED_N * sizeof *gradient);
  double *sums = bundled_vector();
  memset(sums, 0, BUNDLED_N * sizeof *sums);
  int64_t points = 0;
  for (; points < o->steps && class_at(point) != q; points++) {
    look(score, point, q, gradient);
    for (int64_t i = 0; i < BUNDLED_N; i++) {
      const double sign = (gradient[i] > 0) - (gradient[i] < 0);
      point[i] = (float)fmin(fmax((double)point[i] + o->step * sign, o->low), o->high);
    }
    look(score, point, picture->target, gradient);
    for (int64_t i = 0; i < BUNDLED_N; i++) {
      const double value = ((double)picture->image.pixels[i] - (double)point[i]) * (double)gradient[i];
      sums[i] += value;
      if (o->mode == ATTRIB_RECALIBRATE_VALID_IP) take(r, o, i, value);
    }
  }
  const bool whole = o->mode == ATTRIB_RECALIBRATE_VALID_REF && points > 0;
  for (int64_t i = 0; i < BUNDLED_N && whole; i++) take(r, o, i, sums[i] / (double)points);
  *ended = points < o->steps;
  free(point);
  free(gradient);
  free(sums);
  return o->mode == ATTRIB_RECALIBRATE_VALID_IP ? points : whole;
}

static recalibrated climbs(const bundled_picture *picture, uint32_t score, const attrib_agi_options *o) {
  recalibrated r;
  int64_t judged = 0, reached = 0;
  prepare_recalibrated(&r, BUNDLED_N);
  for (int64_t i = 0; i < BUNDLED_N; i++) r.positive[i] = r.negative[i] = (double)(r.kept[i] = 0);
  for (int k = 0; k < AGI_CLASSES; k++) {
    bool ended;
    judged += climb(picture, score, climbed[k], o, &r, &ended);
    reached += ended;
  }
  assert_true(reached > 0 && reached < AGI_CLASSES);
  for (int64_t i = 0; i < BUNDLED_N; i++) {
    const double kept = (double)r.kept[i], of = (double)judged;
    r.phi[i] = o->flags & ATTRIB_RECALIBRATE_NORM_ALL ? r.positive[i] / of : kept > 0 ? r.positive[i] / kept : 0;
    r.positive[i] /= of;
    r.negative[i] /= of;
    r.share[i] = kept / of;
  }
  return r;
}

static void adversarial_paths(void **state) {
  (void)state;
  const bundled_picture *picture = &b.pictures[5];
  for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags < 4; flags++) {
      const uint32_t score = flags == 1 || flags == 2 ? SMALL_NET_PROBABILITY : SMALL_NET_LOGIT;
      const attrib_model model = bundled_model(&b, score);
      const attrib_agi_options o = {.struct_size = sizeof o,
                                    .flags = flags,
                                    .mode = mode,
                                    .steps = AGI_STEPS,
                                    .n_classes = AGI_CLASSES,
                                    .step = 1.0 / 512,
                                    .high = 1,
                                    .classes = climbed};
      recalibrated r, d = climbs(picture, score, &o);
      prepare_recalibrated(&r, BUNDLED_N);
      assert_status(attrib_agi(b.context, &model, picture->image.pixels, picture->target, &o, r.phi, &r.report),
                    ATTRIB_OK, b.context);
      assert_same_recalibrated(r, d, ROUND_OFF);
      free_recalibrated(&r);
      free_recalibrated(&d);
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

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(against_the_definition), cmocka_unit_test(adversarial_paths),
                                     cmocka_unit_test(without_a_sign)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
