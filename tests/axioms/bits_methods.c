/* bits_methods.c - as bits.c, for the methods of paths.h, noising.h, interactions.h, layers.h and searches.h, and the
 * metrics of metrics.h and faithfulness.h: prints their results bit by bit, so that builds can be compared. The models
 * are polynomials; what takes exponentials (blurs, softmax) takes them from the machine's libm, which is the same for
 * all builds. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

enum { SIDE = 5, N = SIDE * SIDE * 3, OUTPUTS = 3 };

static double number(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(int64_t)(*state >> 11) * 0x1p-52 - 1;
}

static double get(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static void put(uint32_t dtype, void *row, int64_t i, double value) {
  if (dtype == ATTRIB_F32)
    ((float *)row)[i] = (float)value;
  else
    ((double *)row)[i] = value;
}

/* Output k: sum of x_i x_{i+k+1} (1 + x_i / 4) / n + k / 8, indices round the ring. */
static double output(const attrib_batch *b, int64_t at, int64_t k) {
  double f = 0;
  for (int64_t i = 0; i < b->n_inputs; i++) {
    const double x = get(b->dtype, b->inputs, at + i), y = get(b->dtype, b->inputs, at + (i + k + 1) % b->n_inputs);
    f += x * y * (1 + x / 4);
  }
  return f / (double)b->n_inputs + (double)k / 8;
}

static double slope(const attrib_batch *b, int64_t at, int64_t k, int64_t i) {
  const int64_t n = b->n_inputs;
  const double x = get(b->dtype, b->inputs, at + i), y = get(b->dtype, b->inputs, at + (i + k + 1) % n);
  const double z = get(b->dtype, b->inputs, at + ((i - k - 1) % n + n) % n);
  return (y * (1 + x / 2) + z * (1 + z / 4)) / (double)n;
}

static int32_t ATTRIB_CALL evaluate(const attrib_batch *b, void *user) {
  (void)user;
  for (int64_t r = 0; r < b->rows; r++) {
    const int64_t at = r * b->input_stride;
    double *outputs = b->outputs + r * b->output_stride;
    if (!(b->flags & ATTRIB_BATCH_ALL_OUTPUTS)) outputs[0] = 0;
    for (int64_t k = 0; k < b->n_outputs; k++) {
      const double weight = b->target_weights != NULL ? b->target_weights[k] : k == b->target ? 1 : 0;
      if (b->flags & ATTRIB_BATCH_ALL_OUTPUTS)
        outputs[k] = output(b, at, k);
      else if (weight != 0)
        outputs[0] += weight * output(b, at, k);
    }
    for (int64_t i = 0; i < b->n_inputs && b->gradients != NULL; i++) {
      double g = 0;
      for (int64_t k = 0; k < b->n_outputs; k++) {
        const double weight = b->target_weights != NULL ? b->target_weights[k] : k == b->target ? 1 : 0;
        if (weight != 0) g += weight * slope(b, at, k, i);
      }
      put(b->dtype, b->gradients, r * b->gradient_stride + i, g);
    }
  }
  return 0;
}

static void print(const char *name, uint32_t dtype, attrib_status status, const double *values, int64_t count,
                  const attrib_report *report) {
  printf("%s dtype %" PRIu32 ": %s, %" PRId64 " + %" PRId64 " rows, sum %a, target %a, objective %a\n", name, dtype,
         attrib_status_name(status), report->evaluations, report->output_evaluations, report->attribution_sum,
         report->completeness_target, report->objective);
  for (int64_t i = 0; i < count; i++) printf("%a\n", values[i]);
}

typedef struct scene {
  uint32_t dtype;
  attrib_model model, head;
  void *input, *rows;
  attrib_baselines set;
  attrib_image shape;
} scene;

static void paths(const scene *s) {
  double v[N];
  attrib_report report = {.struct_size = sizeof report};
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_TRAPEZOID; rule += 3) {
    const attrib_guided_options guided = {.struct_size = sizeof guided, .rule = rule, .steps = 9, .max_distance = .2};
    const attrib_agi_options agi = {.struct_size = sizeof agi, .rule = rule, .steps = 5, .low = -1, .high = 1};
    const attrib_ig2_options ig2 = {.struct_size = sizeof ig2, .rule = rule, .steps = 6};
    attrib_status status =
        attrib_guided_integrated_gradients(NULL, &s->model, s->input, 0, &s->set, &guided, v, &report);
    print("guided", s->dtype, status, v, N, &report);
    status = attrib_agi(NULL, &s->model, s->input, 0, &agi, v, &report);
    print("agi", s->dtype, status, v, N, &report);
    status = attrib_ig2(NULL, &s->model, NULL, s->input, 0, &s->set, &ig2, v, &report);
    print("ig2", s->dtype, status, v, N, &report);
  }
  const attrib_agi_options valid = {.struct_size = sizeof valid, .mode = ATTRIB_RECALIBRATE_VALID_REF, .steps = 5};
  attrib_status status = attrib_agi(NULL, &s->model, s->input, 1, &valid, v, &report);
  print("agi, recalibrated", s->dtype, status, v, N, &report);
  status = attrib_idgi(NULL, &s->model, s->input, 1, &s->set, NULL, v, &report);
  print("idgi", s->dtype, status, v, N, &report);
  const attrib_blur_ig_options blur = {.struct_size = sizeof blur, .steps = 7, .max_sigma = 3, .shape = &s->shape};
  status = attrib_blur_integrated_gradients(NULL, &s->model, s->input, 1, &blur, v, &report);
  print("blur", s->dtype, status, v, N, &report);
}

/* Without gradients. */
static void differences(const scene *s) {
  double v[N];
  int32_t groups[N];
  attrib_model model = s->model;
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  for (int32_t i = 0; i < N; i++) groups[i] = i % 7;
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_ADAPTIVE; rule++) {
    const attrib_ig_options options = {.struct_size = sizeof options,
                                       .rule = rule,
                                       .points = rule == ATTRIB_RULE_ADAPTIVE ? 0 : 5,
                                       .n_groups = 7,
                                       .groups = groups};
    attrib_report report = {.struct_size = sizeof report};
    const attrib_status status = attrib_integrated_gradients(NULL, &model, s->input, 0, &s->set, &options, v, &report);
    print("differences", s->dtype, status, v, 7, &report);
    printf("step %a, noise %a, truncation %a, round-off %a\n", report.difference_step, report.output_noise,
           report.truncation_error, report.roundoff_error);
  }
  const attrib_eg_options draws = {.struct_size = sizeof draws, .samples = 6};
  attrib_report report = {.struct_size = sizeof report};
  const attrib_status status = attrib_expected_gradients(NULL, &model, s->input, 0, &s->set, &draws, v, &report);
  print("differences, drawn", s->dtype, status, v, N, &report);
}

static void noise_and_interactions(const scene *s) {
  double v[N];
  attrib_report report = {.struct_size = sizeof report};
  const attrib_noising_options noising = {.struct_size = sizeof noising,
                                          .seed = 3,
                                          .samples = 6,
                                          .max_sigmas = 4,
                                          .windows = 2,
                                          .window_side = 2,
                                          .fills = 3,
                                          .low = -1,
                                          .high = 1,
                                          .shape = &s->shape};
  attrib_status status = attrib_adaptive_noising(NULL, &s->model, s->input, 1, &noising, v, &report);
  print("adaptive noising", s->dtype, status, v, N, &report);
  const attrib_interactions_options interactions = {.struct_size = sizeof interactions, .points = 7};
  status = attrib_interactions(NULL, &s->model, s->input, 1, 2, &s->set, &interactions, v, &report);
  print("interactions", s->dtype, status, v, N, &report);
}

static void layers(const scene *s) {
  double v[OUTPUTS];
  const attrib_image shape = {.struct_size = sizeof shape, .width = OUTPUTS, .height = 1, .channels = 1};
  for (uint32_t form = ATTRIB_LAYER_LINE; form <= ATTRIB_LAYER_DIFFERENCE; form++) {
    const attrib_layer_options options = {
        .struct_size = sizeof options, .form = form, .shape = form == ATTRIB_LAYER_ODAM ? &shape : NULL};
    attrib_report report = {.struct_size = sizeof report};
    const attrib_status status =
        attrib_layer_attributions(NULL, &s->model, &s->head, s->input, 0, s->rows, &options, v, &report);
    print("layer", s->dtype, status, v, OUTPUTS, &report);
  }
}

static void print_row(const char *name, const scene *s, attrib_status status, const void *row,
                      const attrib_report *report) {
  double v[N];
  for (int64_t i = 0; i < N; i++) v[i] = get(s->dtype, row, i);
  print(name, s->dtype, status, v, N, report);
}

static void searches(const scene *s) {
  double row[N];
  memset(row, 0, sizeof row);
  attrib_report report = {.struct_size = sizeof report};
  const attrib_search_options options = {.struct_size = sizeof options, .low = -1, .high = 1, .goal = 1e-4};
  const attrib_search_options under = {.struct_size = sizeof under, .low = -1, .high = 1, .goal = .3};
  const attrib_ascent_options ascent = {.struct_size = sizeof ascent, .steps = 3, .low = -1, .high = 1};
  attrib_status status = attrib_baseline_max_entropy(NULL, &s->model, s->input, &options, row, &report);
  print_row("max entropy", s, status, row, &report);
  status = attrib_baseline_near_zero(NULL, &s->model, s->input, 0, &under, row, &report);
  print_row("near zero", s, status, row, &report);
  status = attrib_baseline_ascent(NULL, &s->model, s->input, 0, &ascent, row, &report);
  print_row("ascent", s, status, row, &report);
}

static void metrics(const scene *s) {
  double v[3 * 9], scores[N];
  for (int64_t i = 0; i < N; i++) scores[i] = get(s->dtype, s->input, i) * get(s->dtype, s->rows, i);
  for (uint32_t k = 0; k < 6; k++) {
    const attrib_ablation_options options = {.struct_size = sizeof options,
                                             .flags = k % 2 == 0 ? 0 : ATTRIB_METRIC_SOFTMAX,
                                             .order = k % 2,
                                             .selection = k / 2,
                                             .curve = k % 3,
                                             .shape = &s->shape};
    attrib_report report = {.struct_size = sizeof report};
    const attrib_status status = attrib_ablation(NULL, &s->model, s->input, 1, scores, &s->set, &options, v, &report);
    print("ablation", s->dtype, status, v, 11, &report);
  }
  attrib_report report = {.struct_size = sizeof report};
  const attrib_status status = attrib_diff_id(NULL, &s->model, s->input, 1, scores, NULL, v, &report);
  print("diff id", s->dtype, status, v, 3 * 9, &report);
}

static int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  const scene *s = user;
  const attrib_idgi_options options = {.struct_size = sizeof options, .points = 3};
  return attrib_idgi(NULL, &s->model, wanted->input, 1, &s->set, &options, wanted->attributions, wanted->report);
}

static void faithfulness(scene *s) {
  double v[10], scores[N];
  uint64_t seed = 9;
  for (int64_t i = 0; i < N; i++) scores[i] = number(&seed);
  attrib_report report = {.struct_size = sizeof report};
  attrib_sensitivity_n_options sizes = {.struct_size = sizeof sizes, .subsets = 12, .shape = &s->shape};
  attrib_status status = attrib_sensitivity_n(NULL, &s->model, s->input, 1, scores, &s->set, &sizes, v, &report);
  print("sensitivity-n", s->dtype, status, v, 10, &report);
  sizes.flags = ATTRIB_METRIC_SOFTMAX | ATTRIB_SENSITIVITY_N_COINS;
  status = attrib_sensitivity_n(NULL, &s->model, s->input, 1, scores, &s->set, &sizes, v, &report);
  print("sensitivity-n, coins", s->dtype, status, v, 9, &report);
  for (uint32_t perturbation = ATTRIB_INFIDELITY_GAUSSIAN; perturbation <= ATTRIB_INFIDELITY_SUBSETS; perturbation++) {
    const bool squares = perturbation == ATTRIB_INFIDELITY_SQUARES;
    const attrib_infidelity_options options = {.struct_size = sizeof options,
                                               .flags = ATTRIB_INFIDELITY_SCALED,
                                               .perturbation = perturbation,
                                               .samples = squares ? 0 : 25,
                                               .shape = squares ? &s->shape : NULL};
    const attrib_baselines *set = perturbation == ATTRIB_INFIDELITY_GAUSSIAN ? NULL : &s->set;
    status = attrib_infidelity(NULL, &s->model, s->input, 1, scores, set, &options, v, &report);
    print("infidelity", s->dtype, status, v, 1, &report);
  }
  status = attrib_sensitivity_max(NULL, s->dtype, N, s->input, N, explain, s, NULL, v, &report);
  print("sensitivity max", s->dtype, status, v, 1, &report);
}

static void show(uint32_t dtype) {
  double input[N], rows[2 * N]; /* large enough for either type */
  scene s = {.dtype = dtype, .input = input, .rows = rows};
  uint64_t seed = 4;
  for (int64_t i = 0; i < N; i++) put(dtype, s.input, i, number(&seed));
  for (int64_t i = 0; i < 2 * N; i++) put(dtype, s.rows, i, number(&seed));
  s.model = (attrib_model){.struct_size = sizeof s.model,
                           .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                           .dtype = dtype,
                           .n_inputs = N,
                           .n_outputs = OUTPUTS,
                           .evaluate = evaluate};
  s.head = s.model;
  s.head.n_inputs = OUTPUTS;
  s.set = (attrib_baselines){.struct_size = sizeof s.set, .count = 2, .rows = s.rows};
  s.shape = (attrib_image){.struct_size = sizeof s.shape, .width = SIDE, .height = SIDE, .channels = 3};
  paths(&s);
  differences(&s);
  noise_and_interactions(&s);
  layers(&s);
  searches(&s);
  metrics(&s);
  faithfulness(&s);
}

int main(void) {
  show(ATTRIB_F32);
  show(ATTRIB_F64);
  return 0;
}
