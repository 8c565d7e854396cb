/* Structs from callers of every age: each in a heap block of exactly the size that it states, so that a sanitizer sees
 * a byte read or written beyond. Struct sizes only grow; a newer caller is understood as long as it uses nothing new.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analytic.h"

/* Of two sizes, the one for this machine's pointers. Shipped sizes: never edited. */
#define EITHER(lp64, ilp32) (sizeof(void *) == 8 ? (lp64) : (ilp32))

enum { N = 2 };
static const double input[N] = {1, 1}, zeros[2 * N];
static const double scores[N] = {1, 2};
static double row[N];
static const analytic_fn product[] = {f_product}, classes_of[] = {f_product, f_waves};
static analytic closed_form = {.functions = product, .n_outputs = 1, .n_inputs = N, .dtype = ATTRIB_F64};
static analytic two_classes = {.functions = classes_of, .n_outputs = 2, .n_inputs = N, .dtype = ATTRIB_F64};
static const analytic_fn pair[] = {f_product, f_max};
static analytic closed_pair = {.functions = pair, .n_outputs = 2, .n_inputs = N, .dtype = ATTRIB_F64};
static const analytic_fn even[] = {f_product, f_cube};
static analytic even_classes = {.functions = even, .n_outputs = 2, .n_inputs = N, .dtype = ATTRIB_F64};
static attrib_context *shared; /* NULL in half of the tests */

static void *ATTRIB_CALL allocate(size_t size, size_t alignment, void *user) {
  (void)user;
  void *block;
  return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

static void ATTRIB_CALL release(void *block, size_t size, void *user) {
  (void)size;
  (void)user;
  free(block);
}

/* The structs as they should be. */
static attrib_model model, body; /* body: of a layer, two outputs */
static const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = zeros};
static const attrib_ig_options options = {.struct_size = sizeof options, .points = 4};
static const attrib_eg_options eg_options = {.struct_size = sizeof eg_options, .samples = 4};
static const attrib_smoothgrad_options smoothgrad_options = {
    .struct_size = sizeof smoothgrad_options, .samples = 4, .sigma = 1, .low = -2, .high = 3};
static const attrib_guided_options guided_options = {.struct_size = sizeof guided_options, .steps = 4};
static const attrib_agi_options agi_options = {.struct_size = sizeof agi_options, .steps = 4};
static const attrib_ig2_options ig2_options = {.struct_size = sizeof ig2_options, .steps = 4};
static const attrib_idgi_options idgi_options = {.struct_size = sizeof idgi_options, .points = 4};
static const attrib_recalibration_options recalibration_options = {.struct_size = sizeof recalibration_options,
                                                                   .points = 4};
static const attrib_search_options search_options = {
    .struct_size = sizeof search_options, .low = -2, .high = 3, .goal = 0.6};
static const attrib_ascent_options ascent_options = {.struct_size = sizeof ascent_options, .low = -2, .high = 3};
static const attrib_image pixel = {.struct_size = sizeof pixel, .width = 1, .height = 1, .channels = N};
static const attrib_noising_options noising_options = {.struct_size = sizeof noising_options,
                                                       .samples = 2,
                                                       .max_sigmas = 1,
                                                       .windows = 1,
                                                       .window_side = 1,
                                                       .fills = 1,
                                                       .sigma_low = 1,
                                                       .sigma_high = 2,
                                                       .high = 1,
                                                       .shape = &pixel};
static const attrib_interactions_options interactions_options = {.struct_size = sizeof interactions_options,
                                                                 .points = 4};
static const attrib_ablation_options ablation_options = {.struct_size = sizeof ablation_options, .points = 2};
static const attrib_diff_id_options diff_id_options = {.struct_size = sizeof diff_id_options, .points = 2};
static const int64_t subset_sizes[] = {1};
static const attrib_sensitivity_n_options sensitivity_n_options = {.struct_size = sizeof sensitivity_n_options,
                                                                   .flags = ATTRIB_SENSITIVITY_N_COINS,
                                                                   .n_sizes = 1,
                                                                   .sizes = subset_sizes};
static const attrib_infidelity_options infidelity_options = {.struct_size = sizeof infidelity_options, .samples = 4};
static const attrib_sensitivity_max_options sensitivity_max_options = {
    .struct_size = sizeof sensitivity_max_options, .samples = 2, .high = 2};
static const attrib_ablate_options ablate_options = {.struct_size = sizeof ablate_options};
static const double half = 0.5;
static const attrib_retraining_options retraining_options = {
    .struct_size = sizeof retraining_options, .n_fractions = 1, .fractions = &half};
static const attrib_path path = {.struct_size = sizeof path, .knots = 2, .rows = zeros};
static const attrib_noise noise = {
    .struct_size = sizeof noise, .dtype = ATTRIB_F64, .kind = ATTRIB_NOISE_UNIFORM, .n_inputs = N, .high = 1};
/* Its start shows the first pixel of two. */
static int32_t ATTRIB_CALL contrast(const void *picture, double *size, void *user) {
  const double *x = picture;
  (void)user;
  *size = fabs(x[0] - x[1]);
  return 0;
}
static const double edge[N] = {1, 2}, all_of_it[] = {1};
static const attrib_image image;
static const attrib_information_options information_options = {.struct_size = sizeof information_options,
                                                               .n_thresholds = 1,
                                                               .thresholds = all_of_it,
                                                               .shape = &image,
                                                               .size = contrast};
static const attrib_image image = {.struct_size = sizeof image, .width = N, .height = 1, .channels = 1};
static const attrib_blur_ig_options blur_ig_options = {
    .struct_size = sizeof blur_ig_options, .steps = 4, .max_sigma = 2, .shape = &image};
static const int32_t labels[N] = {0, 1};
static const attrib_segments segments = {.struct_size = sizeof segments, .count = 1, .labels = labels};
static const double ramp[N] = {1, 2};
static const attrib_image window = {.struct_size = sizeof window, .width = 11, .height = 11, .channels = 1};
static const attrib_comparison_options comparison_options = {.struct_size = sizeof comparison_options, .top_count = 1};
static const attrib_localisation_options localisation_options = {.struct_size = sizeof localisation_options,
                                                                 .width = 1};
static const attrib_baseline_report_options baseline_report_options = {
    .struct_size = sizeof baseline_report_options, .tolerance = 0.5, .high = 1};
static const attrib_randomisation_options randomisation_options = {.struct_size = sizeof randomisation_options,
                                                                   .seed = 1};
static const attrib_layer_options layer_options = {.struct_size = sizeof layer_options, .points = 4};
static const attrib_context_options context_options = {.struct_size = sizeof context_options};
static const attrib_allocator allocator = {.struct_size = sizeof allocator, .allocate = allocate, .release = release};

static attrib_status explain(const void *m, const void *s, const void *o) {
  double attributions[N];
  return attrib_integrated_gradients(shared, m, input, 0, s, o, attributions, NULL);
}

static attrib_status try_model(const void *given) {
  return explain(given, &set, &options);
}
static attrib_status try_set(const void *given) {
  return explain(&model, given, &options);
}
static attrib_status try_options(const void *given) {
  return explain(&model, &set, given);
}
static attrib_status try_eg_options(const void *given) {
  double attributions[N];
  return attrib_expected_gradients(shared, &model, input, 0, &set, given, attributions, NULL);
}
static attrib_status try_eg_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_expected_gradients_start(shared, &model, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_smoothgrad_options(const void *given) {
  double attributions[N];
  return attrib_smoothgrad(shared, &model, input, 0, given, attributions, NULL);
}
static attrib_status try_smoothgrad_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_smoothgrad_start(shared, &model, input, 0, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_guided_options(const void *given) {
  double attributions[N];
  return attrib_guided_integrated_gradients(shared, &model, input, 0, &set, given, attributions, NULL);
}
static attrib_status try_guided_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_guided_integrated_gradients_start(shared, &model, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_agi_options(const void *given) {
  const attrib_model classes = analytic_model(&two_classes);
  double attributions[N];
  return attrib_agi(shared, &classes, input, 0, given, attributions, NULL);
}
static attrib_status try_agi_start(const void *given) {
  const attrib_model classes = analytic_model(&two_classes);
  attrib_run *run;
  attrib_status status = attrib_agi_start(shared, &classes, input, 0, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_ig2_options(const void *given) {
  double attributions[N];
  return attrib_ig2(shared, &model, NULL, input, 0, &set, given, attributions, NULL);
}
static attrib_status try_ig2_representation(const void *given) {
  double attributions[N];
  return attrib_ig2(shared, &model, given, input, 0, &set, &ig2_options, attributions, NULL);
}
static attrib_status try_ig2_references(const void *given) {
  double attributions[N];
  return attrib_ig2(shared, &model, NULL, input, 0, given, &ig2_options, attributions, NULL);
}
static attrib_status try_ig2_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_ig2_start(shared, &model, NULL, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_idgi_options(const void *given) {
  double attributions[N];
  return attrib_idgi(shared, &model, input, 0, &set, given, attributions, NULL);
}
static attrib_status try_idgi_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_idgi_start(shared, &model, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_recalibration_options(const void *given) {
  double attributions[N];
  return attrib_recalibrated_gradients(shared, &model, input, 0, &set, given, attributions, NULL);
}
static attrib_status try_recalibration_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_recalibrated_gradients_start(shared, &model, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_blur_ig_options(const void *given) {
  double attributions[N];
  return attrib_blur_integrated_gradients(shared, &model, input, 0, given, attributions, NULL);
}
static attrib_status try_blur_ig_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_blur_integrated_gradients_start(shared, &model, input, 0, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_blur_ig_shape(const void *given) {
  attrib_blur_ig_options with = blur_ig_options;
  with.shape = given;
  return try_blur_ig_options(&with);
}
static attrib_status try_layer_options(const void *given) {
  double attributions[N];
  return attrib_layer_attributions(shared, NULL, &model, input, 0, zeros, given, attributions, NULL);
}
static attrib_status try_layer_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_layer_attributions_start(shared, NULL, &model, input, 0, zeros, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_body(const void *given) {
  double attributions[N];
  return attrib_layer_attributions(shared, given, &model, input, 0, zeros, NULL, attributions, NULL);
}
static attrib_status try_head(const void *given) {
  double attributions[N];
  return attrib_layer_attributions(shared, &body, given, input, 0, zeros, &layer_options, attributions, NULL);
}
static attrib_status try_layer_shape(const void *given) {
  const attrib_layer_options with = {.struct_size = sizeof with, .form = ATTRIB_LAYER_ODAM, .shape = given};
  return try_layer_options(&with);
}
static attrib_status try_max_entropy(const void *given) {
  const attrib_model classifier = analytic_model(&even_classes);
  return attrib_baseline_max_entropy(shared, &classifier, input, given, row, NULL);
}
static attrib_status try_near_zero(const void *given) {
  const attrib_model classifier = analytic_model(&even_classes);
  return attrib_baseline_near_zero(shared, &classifier, input, 1, given, row, NULL);
}
static attrib_status try_search_start(const void *given) {
  const attrib_model classifier = analytic_model(&even_classes);
  attrib_run *run;
  attrib_status status = attrib_baseline_near_zero_start(shared, &classifier, input, 1, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_ascent(const void *given) {
  return attrib_baseline_ascent(shared, &model, input, 0, given, row, NULL);
}
static attrib_status try_ascent_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_baseline_ascent_start(shared, &model, input, 0, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_noising_options(const void *given) {
  double attributions[N];
  return attrib_adaptive_noising(shared, &model, input, 0, given, attributions, NULL);
}
static attrib_status try_noising_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_adaptive_noising_start(shared, &model, input, 0, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_noising_shape(const void *given) {
  attrib_noising_options with = noising_options;
  with.shape = given;
  return try_noising_options(&with);
}
static attrib_status try_ablation_options(const void *given) {
  double values[3];
  return attrib_ablation(shared, &model, input, 0, input, &set, given, values, NULL);
}
static attrib_status try_ablation_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_ablation_start(shared, &model, input, 0, input, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_ablation_shape(const void *given) {
  attrib_ablation_options with = ablation_options;
  with.shape = given;
  return try_ablation_options(&with);
}
static attrib_status try_ablation_replacements(const void *given) {
  double values[3];
  return attrib_ablation(shared, &model, input, 0, input, given, &ablation_options, values, NULL);
}
static attrib_status try_diff_id_options(const void *given) {
  double values[6];
  return attrib_diff_id(shared, &model, input, 0, input, given, values, NULL);
}
static attrib_status try_diff_id_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_diff_id_start(shared, &model, input, 0, input, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_mean_fill(const void *given) {
  return attrib_image_mean_fill(shared, ATTRIB_F64, given, input, row);
}
static attrib_status try_interactions_options(const void *given) {
  double attributions[N];
  return attrib_interactions(shared, &model, input, 0, 0, &set, given, attributions, NULL);
}
static attrib_status try_interactions_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_interactions_start(shared, &model, input, 0, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_sensitivity_n_options(const void *given) {
  double value;
  return attrib_sensitivity_n(shared, &model, input, 0, scores, &set, given, &value, NULL);
}
static attrib_status try_sensitivity_n_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_sensitivity_n_start(shared, &model, input, 0, scores, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_sensitivity_n_shape(const void *given) {
  attrib_sensitivity_n_options with = sensitivity_n_options;
  with.shape = given;
  return try_sensitivity_n_options(&with);
}
static attrib_status try_information_options(const void *given) {
  double values[2];
  return attrib_information_curve(shared, &model, edge, 0, scores, given, values, NULL);
}
static attrib_status try_information_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_information_curve_start(shared, &model, edge, 0, scores, given, &run);
  attrib_run_destroy(run);
  return status;
}
static attrib_status try_picture_size(const void *given) {
  double size;
  return attrib_picture_size(shared, ATTRIB_F64, given, edge, 0, 2, &size);
}
static attrib_status try_infidelity_options(const void *given) {
  double value;
  return attrib_infidelity(shared, &model, input, 0, scores, NULL, given, &value, NULL);
}
static attrib_status try_infidelity_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_infidelity_start(shared, &model, input, 0, scores, NULL, given, &run);
  attrib_run_destroy(run);
  return status;
}
static int32_t ATTRIB_CALL explain_point(const attrib_explanation *wanted, void *user) {
  (void)user;
  return attrib_gradient(NULL, &model, wanted->input, 0, NULL, wanted->attributions, wanted->report);
}
static attrib_status try_sensitivity_max_options(const void *given) {
  double value;
  return attrib_sensitivity_max(shared, ATTRIB_F64, N, input, N, explain_point, NULL, given, &value, NULL);
}

static int32_t ATTRIB_CALL train(const attrib_retraining_set *data, double *accuracy, void *user) {
  (void)user;
  double made[N];
  *accuracy = 0.5;
  return attrib_retraining_row(data, 0, made) == ATTRIB_OK ? 0 : -1;
}
static attrib_status try_ablate_options(const void *given) {
  return attrib_ablate_row(shared, ATTRIB_F64, N, input, input, zeros, 0.5, given, row);
}
static attrib_status try_retraining_options(const void *given) {
  double values[7];
  return attrib_retraining(shared, ATTRIB_F64, N, &set, &set, train, NULL, given, values, NULL);
}
static attrib_status try_retraining_rows(const void *given) {
  double values[7];
  return attrib_retraining(shared, ATTRIB_F64, N, given, &set, train, NULL, &retraining_options, values, NULL);
}
static attrib_status try_retraining_scores(const void *given) {
  double values[7];
  return attrib_retraining(shared, ATTRIB_F64, N, &set, given, train, NULL, &retraining_options, values, NULL);
}
static attrib_status try_retraining_replacements(const void *given) {
  attrib_retraining_options with = retraining_options;
  with.replacements = given;
  return try_retraining_options(&with);
}
static attrib_status try_path(const void *given) {
  double attributions[N];
  return attrib_path_gradients(shared, &model, 0, given, &options, attributions, NULL);
}
static attrib_status try_noise(const void *given) {
  return attrib_noise_check(shared, given);
}
static attrib_status try_noise_fetch(const void *given) {
  return attrib_noise_fetch(0, row, (void *)(uintptr_t)given);
}
/* A plain model: the analytics know rows in the engine's order alone. */
static int32_t ATTRIB_CALL add_up(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *x = (const double *)batch->inputs + r * batch->input_stride;
    batch->outputs[r * batch->output_stride] = x[0] * x[1];
    if (batch->gradients == NULL) continue;
    double *g = (double *)batch->gradients + r * batch->gradient_stride;
    g[0] = x[1];
    g[1] = x[0];
  }
  return 0;
}
static const attrib_model plain_model = {
    .struct_size = sizeof plain_model, .dtype = ATTRIB_F64, .n_inputs = N, .n_outputs = 1, .evaluate = add_up};
static const attrib_check_options check_options = {.struct_size = sizeof check_options, .seed = 1};
static attrib_status try_check_model(const void *given) {
  return attrib_model_check(shared, given, input, 0, zeros, NULL, NULL);
}
static attrib_status try_check_options(const void *given) {
  return attrib_model_check(shared, &plain_model, input, 0, zeros, given, NULL);
}
static attrib_status try_check_shape(const void *given) {
  const attrib_check_options with = {.struct_size = sizeof with, .shape = given};
  return attrib_model_check(shared, &plain_model, input, 0, zeros, &with, NULL);
}
static attrib_status try_mean(const void *given) {
  return attrib_baseline_mean(shared, ATTRIB_F64, N, given, row);
}
static attrib_status try_image(const void *given) {
  return attrib_image_fill(shared, ATTRIB_F64, given, input, row);
}
static attrib_status try_blur(const void *given) {
  return attrib_image_blur(shared, ATTRIB_F64, given, input, 1, row);
}
static attrib_status try_reduce(const void *given) {
  double map[N];
  return attrib_image_reduce(shared, given, input, ATTRIB_REDUCE_SUM, map);
}
static attrib_status try_segments(const void *given) {
  int32_t order[N];
  int64_t regions;
  return attrib_image_regions(shared, N, 1, input, given, order, NULL, &regions);
}
static attrib_status try_comparison_options(const void *given) {
  const double other[N] = {3, 2};
  attrib_comparison found = {.struct_size = sizeof found};
  return attrib_compare_maps(shared, N, ramp, other, given, &found);
}
static attrib_status try_comparison_shape(const void *given) {
  double a[121], b[121];
  attrib_comparison found = {.struct_size = sizeof found};
  attrib_comparison_options with = comparison_options;
  with.shape = given;
  for (int i = 0; i < 121; i++) a[i] = b[i] = 1 + i % 9;
  return attrib_compare_maps(shared, 121, a, b, &with, &found);
}
static attrib_status try_localisation_options(const void *given) {
  const uint8_t mask[N] = {0, 1};
  attrib_localisation found = {.struct_size = sizeof found};
  return attrib_localise(shared, N, ramp, mask, given, &found);
}
static attrib_status try_baseline_report_options(const void *given) {
  double values[5];
  return attrib_baseline_report(shared, &model, input, 0, &set, given, values, NULL);
}
static attrib_status try_baseline_report_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_baseline_report_start(shared, &model, input, 0, &set, given, &run);
  attrib_run_destroy(run);
  return status;
}
static int32_t ATTRIB_CALL explain_ramp(const attrib_explanation *wanted, void *user) {
  (void)user;
  memcpy(wanted->attributions, ramp, sizeof ramp);
  return 0;
}
static int32_t ATTRIB_CALL randomise_nothing(uint32_t action, int64_t layer, uint64_t seed, void *user) {
  (void)action, (void)layer, (void)seed, (void)user;
  return 0;
}
static const attrib_randomisable randomisable = {.struct_size = sizeof randomisable,
                                                 .map_length = N,
                                                 .layers = 1,
                                                 .explain = explain_ramp,
                                                 .randomise = randomise_nothing};
static attrib_status try_randomisable(const void *given) {
  double values[8];
  return attrib_randomisation_check(shared, given, input, NULL, values, NULL);
}
static attrib_status try_randomisation_options(const void *given) {
  double values[8];
  return attrib_randomisation_check(shared, &randomisable, input, given, values, NULL);
}
static attrib_status try_context(const void *given) {
  attrib_context *context;
  attrib_status status = attrib_context_create(given, &context);
  assert_true((status == ATTRIB_OK) == (context != NULL));
  attrib_context_destroy(context);
  return status;
}
static attrib_status try_allocator(const void *given) {
  attrib_context_options with = context_options;
  with.allocator = given;
  return try_context(&with);
}
static attrib_status try_start(const void *given) {
  attrib_run *run;
  attrib_status status = attrib_integrated_gradients_start(shared, &model, input, 0, &set, given, &run);
  assert_true((status == ATTRIB_OK) == (run != NULL));
  attrib_run_destroy(run);
  return status;
}

static const struct subject {
  const char *name; /* in the message; NULL = has none */
  const void *proper;
  uint32_t size, first; /* now, and in the first version */
  attrib_status (*try)(const void *given);
} subjects[] = {
    {"model", &model, sizeof model, EITHER(48, 40), try_model},
    {"body", &body, sizeof body, EITHER(48, 40), try_body},
    {"head", &model, sizeof model, EITHER(48, 40), try_head},
    {"baselines", &set, sizeof set, EITHER(56, 40), try_set},
    {"options", &options, sizeof options, EITHER(88, 80), try_options},
    {"options", &options, sizeof options, EITHER(88, 80), try_start},
    {"options", &eg_options, sizeof eg_options, EITHER(96, 88), try_eg_options},
    {"options", &eg_options, sizeof eg_options, EITHER(96, 88), try_eg_start},
    {"options", &smoothgrad_options, sizeof smoothgrad_options, EITHER(112, 104), try_smoothgrad_options},
    {"options", &smoothgrad_options, sizeof smoothgrad_options, EITHER(112, 104), try_smoothgrad_start},
    {"options", &guided_options, sizeof guided_options, EITHER(80, 72), try_guided_options},
    {"options", &guided_options, sizeof guided_options, EITHER(80, 72), try_guided_start},
    {"options", &agi_options, sizeof agi_options, EITHER(104, 88), try_agi_options},
    {"options", &agi_options, sizeof agi_options, EITHER(104, 88), try_agi_start},
    {"options", &ig2_options, sizeof ig2_options, EITHER(80, 72), try_ig2_options},
    {"options", &ig2_options, sizeof ig2_options, EITHER(80, 72), try_ig2_start},
    {"representation", &model, sizeof model, EITHER(48, 40), try_ig2_representation},
    {"references", &set, sizeof set, EITHER(56, 40), try_ig2_references},
    {"options", &idgi_options, sizeof idgi_options, EITHER(48, 40), try_idgi_options},
    {"options", &idgi_options, sizeof idgi_options, EITHER(48, 40), try_idgi_start},
    {"options", &recalibration_options, sizeof recalibration_options, EITHER(64, 56), try_recalibration_options},
    {"options", &recalibration_options, sizeof recalibration_options, EITHER(64, 56), try_recalibration_start},
    {"options", &blur_ig_options, sizeof blur_ig_options, EITHER(72, 56), try_blur_ig_options},
    {"options", &blur_ig_options, sizeof blur_ig_options, EITHER(72, 56), try_blur_ig_start},
    {"options", &layer_options, sizeof layer_options, EITHER(128, 112), try_layer_options},
    {"options", &layer_options, sizeof layer_options, EITHER(128, 112), try_layer_start},
    {"options", &search_options, sizeof search_options, EITHER(48, 48), try_max_entropy},
    {"options", &search_options, sizeof search_options, EITHER(48, 48), try_near_zero},
    {"options", &search_options, sizeof search_options, EITHER(48, 48), try_search_start},
    {"options", &ascent_options, sizeof ascent_options, EITHER(56, 48), try_ascent},
    {"options", &ascent_options, sizeof ascent_options, EITHER(56, 48), try_ascent_start},
    {"options", &noising_options, sizeof noising_options, EITHER(136, 120), try_noising_options},
    {"options", &noising_options, sizeof noising_options, EITHER(136, 120), try_noising_start},
    {"shape", &pixel, sizeof pixel, EITHER(56, 56), try_noising_shape},
    {"options", &interactions_options, sizeof interactions_options, EITHER(56, 48), try_interactions_options},
    {"options", &interactions_options, sizeof interactions_options, EITHER(56, 48), try_interactions_start},
    {"options", &ablation_options, sizeof ablation_options, EITHER(88, 72), try_ablation_options},
    {"options", &ablation_options, sizeof ablation_options, EITHER(88, 72), try_ablation_start},
    {"shape", &pixel, sizeof pixel, EITHER(56, 56), try_ablation_shape},
    {"replacements", &set, sizeof set, EITHER(56, 40), try_ablation_replacements},
    {"options", &diff_id_options, sizeof diff_id_options, EITHER(64, 48), try_diff_id_options},
    {"options", &diff_id_options, sizeof diff_id_options, EITHER(64, 48), try_diff_id_start},
    {"shape", &image, sizeof image, EITHER(56, 56), try_mean_fill},
    {"options", &sensitivity_n_options, sizeof sensitivity_n_options, EITHER(72, 56), try_sensitivity_n_options},
    {"options", &sensitivity_n_options, sizeof sensitivity_n_options, EITHER(72, 56), try_sensitivity_n_start},
    {"shape", &image, sizeof image, EITHER(56, 56), try_sensitivity_n_shape},
    {"options", &information_options, sizeof information_options, EITHER(104, 80), try_information_options},
    {"options", &information_options, sizeof information_options, EITHER(104, 80), try_information_start},
    {"shape", &image, sizeof image, EITHER(56, 56), try_picture_size},
    {"options", &infidelity_options, sizeof infidelity_options, EITHER(104, 88), try_infidelity_options},
    {"options", &infidelity_options, sizeof infidelity_options, EITHER(104, 88), try_infidelity_start},
    {"options", &sensitivity_max_options, sizeof sensitivity_max_options, EITHER(48, 48), try_sensitivity_max_options},
    {"options", &ablate_options, sizeof ablate_options, EITHER(40, 32), try_ablate_options},
    {"options", &retraining_options, sizeof retraining_options, EITHER(80, 64), try_retraining_options},
    {"rows", &set, sizeof set, EITHER(56, 40), try_retraining_rows},
    {"scores", &set, sizeof set, EITHER(56, 40), try_retraining_scores},
    {"options->replacements", &set, sizeof set, EITHER(56, 40), try_retraining_replacements},
    {"path", &path, sizeof path, EITHER(56, 40), try_path},
    {"noise", &noise, sizeof noise, EITHER(72, 64), try_noise},
    {NULL, &noise, sizeof noise, EITHER(72, 64), try_noise_fetch},
    {"set", &set, sizeof set, EITHER(56, 40), try_mean},
    {"shape", &image, sizeof image, EITHER(56, 56), try_image},
    {"shape", &image, sizeof image, EITHER(56, 56), try_blur},
    {"shape", &image, sizeof image, EITHER(56, 56), try_reduce},
    {"shape", &image, sizeof image, EITHER(56, 56), try_blur_ig_shape},
    {"segments", &segments, sizeof segments, EITHER(48, 40), try_segments},
    {"shape", &image, sizeof image, EITHER(56, 56), try_layer_shape},
    {"options", &comparison_options, sizeof comparison_options, EITHER(112, 104), try_comparison_options},
    {"shape", &window, sizeof window, EITHER(56, 56), try_comparison_shape},
    {"options", &localisation_options, sizeof localisation_options, EITHER(24, 24), try_localisation_options},
    {"options", &baseline_report_options, sizeof baseline_report_options, EITHER(56, 48), try_baseline_report_options},
    {"options", &baseline_report_options, sizeof baseline_report_options, EITHER(56, 48), try_baseline_report_start},
    {"subject", &randomisable, sizeof randomisable, EITHER(56, 40), try_randomisable},
    {"options", &randomisation_options, sizeof randomisation_options, EITHER(40, 32), try_randomisation_options},
    {"model", &plain_model, sizeof plain_model, EITHER(48, 40), try_check_model},
    {"options", &check_options, sizeof check_options, EITHER(48, 40), try_check_options},
    {"shape", &image, sizeof image, EITHER(56, 56), try_check_shape},
    {NULL, &context_options, sizeof context_options, EITHER(32, 24), try_context},
    {NULL, &allocator, sizeof allocator, EITHER(40, 24), try_allocator},
};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

/* A block of exactly `size` bytes that begins like the struct and goes on with zeros. */
static unsigned char *block_of(const struct subject *s, uint32_t size) {
  unsigned char *block = calloc(1, size);
  assert_non_null(block);
  memcpy(block, s->proper, size < s->size ? size : s->size);
  memcpy(block, &size, sizeof size);
  return block;
}

static void expect(const struct subject *s, const void *block, attrib_status expected) {
  attrib_status status = s->try(block);
  if (status != expected)
    fail_msg("%s: %s, not %s", s->name == NULL ? "no name" : s->name, attrib_status_name(status),
             attrib_status_name(expected));
  if (shared == NULL || s->name == NULL) return;
  const char *message = attrib_context_error(shared);
  if (expected < 0) {
    assert_non_null(strstr(message, s->name));
    assert_non_null(strstr(message, "struct_size"));
  } else {
    assert_string_equal(message, "");
  }
}

static void proper_and_older_sizes(void **state) {
  (void)state;
  for (int i = 0; i < SUBJECTS; i++)
    for (uint32_t size = sizeof size; size <= subjects[i].size; size++) {
      unsigned char *block = block_of(&subjects[i], size);
      /* Between versions there is no size that a caller could have; those at least as long as the first are read. */
      expect(&subjects[i], block, size < subjects[i].first ? ATTRIB_E_STRUCT : ATTRIB_OK);
      free(block);
    }
}

static void no_size_at_all(void **state) {
  (void)state;
  for (int i = 0; i < SUBJECTS; i++)
    for (uint32_t size = 0; size < 4; size++) {
      unsigned char *block = block_of(&subjects[i], subjects[i].size);
      memcpy(block, &size, sizeof size);
      expect(&subjects[i], block, ATTRIB_E_STRUCT);
      free(block);
    }
}

static void newer_sizes(void **state) {
  (void)state;
  for (int i = 0; i < SUBJECTS; i++)
    for (uint32_t more = 1; more <= 40; more++) {
      uint32_t size = subjects[i].size + more;
      unsigned char *block = block_of(&subjects[i], size);
      expect(&subjects[i], block, ATTRIB_OK);
      for (uint32_t at = subjects[i].size; at < size; at += 7) { /* a field that this library does not know is in use */
        block[at] = 1;
        expect(&subjects[i], block, ATTRIB_E_UNSUPPORTED);
        block[at] = 0;
      }
      block[size - 1] = 0x80;
      expect(&subjects[i], block, ATTRIB_E_UNSUPPORTED);
      free(block);
    }
}

static attrib_status report_call(attrib_report *report) {
  double attributions[N] = {7, 7};
  attrib_status status = attrib_integrated_gradients(shared, &model, input, 0, &set, &options, attributions, report);
  assert_true((status < 0) == (attributions[0] == 7));
  return status;
}

static attrib_status report_differences(attrib_report *report) {
  double attributions[N];
  attrib_model without = model;
  without.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  return attrib_integrated_gradients(shared, &without, input, 0, &set, &options, attributions, report);
}

static attrib_status report_gradient(attrib_report *report) {
  double attributions[N];
  return attrib_gradient(shared, &model, input, 0, NULL, attributions, report);
}

static attrib_status report_expected(attrib_report *report) {
  double attributions[N];
  return attrib_expected_gradients(shared, &model, input, 0, &set, &eg_options, attributions, report);
}

static attrib_status report_smoothgrad(attrib_report *report) {
  double attributions[N];
  return attrib_smoothgrad(shared, &model, input, 0, &smoothgrad_options, attributions, report);
}

static attrib_status report_guided(attrib_report *report) {
  double attributions[N];
  return attrib_guided_integrated_gradients(shared, &model, input, 0, &set, &guided_options, attributions, report);
}

static attrib_status report_agi(attrib_report *report) {
  const attrib_model classes = analytic_model(&two_classes);
  double attributions[N];
  return attrib_agi(shared, &classes, input, 0, &agi_options, attributions, report);
}

static attrib_status report_ig2(attrib_report *report) {
  double attributions[N];
  return attrib_ig2(shared, &model, &model, input, 0, &set, &ig2_options, attributions, report);
}

static attrib_status report_idgi(attrib_report *report) {
  double attributions[N];
  return attrib_idgi(shared, &model, input, 0, &set, &idgi_options, attributions, report);
}

static attrib_status report_recalibrated(attrib_report *report) {
  double attributions[N];
  return attrib_recalibrated_gradients(shared, &model, input, 0, &set, &recalibration_options, attributions, report);
}

static attrib_status report_blur_ig(attrib_report *report) {
  double attributions[N];
  return attrib_blur_integrated_gradients(shared, &model, input, 0, &blur_ig_options, attributions, report);
}

static attrib_status report_layer(attrib_report *report) {
  double attributions[N];
  return attrib_layer_attributions(shared, NULL, &model, input, 0, zeros, &layer_options, attributions, report);
}

static attrib_status report_noising(attrib_report *report) {
  double attributions[N];
  return attrib_adaptive_noising(shared, &model, input, 0, &noising_options, attributions, report);
}

static attrib_status report_interactions(attrib_report *report) {
  double attributions[N];
  return attrib_interactions(shared, &model, input, 0, 0, &set, &interactions_options, attributions, report);
}

static attrib_status report_ablation(attrib_report *report) {
  double values[3];
  return attrib_ablation(shared, &model, input, 0, input, &set, &ablation_options, values, report);
}

static attrib_status report_diff_id(attrib_report *report) {
  double values[6];
  return attrib_diff_id(shared, &model, input, 0, input, &diff_id_options, values, report);
}

static attrib_status report_sensitivity_n(attrib_report *report) {
  double value;
  return attrib_sensitivity_n(shared, &model, input, 0, scores, &set, &sensitivity_n_options, &value, report);
}

static attrib_status report_information(attrib_report *report) {
  double values[2];
  return attrib_information_curve(shared, &model, edge, 0, scores, &information_options, values, report);
}

static attrib_status report_infidelity(attrib_report *report) {
  double value;
  return attrib_infidelity(shared, &model, input, 0, scores, NULL, &infidelity_options, &value, report);
}

static attrib_status report_sensitivity_max(attrib_report *report) {
  double value;
  return attrib_sensitivity_max(shared, ATTRIB_F64, N, input, N, explain_point, NULL, &sensitivity_max_options, &value,
                                report);
}

static attrib_status report_retraining(attrib_report *report) {
  double values[7];
  return attrib_retraining(shared, ATTRIB_F64, N, &set, &set, train, NULL, &retraining_options, values, report);
}

static attrib_status report_path(attrib_report *report) {
  double attributions[N];
  return attrib_path_gradients(shared, &model, 0, &path, &options, attributions, report);
}

static attrib_status report_outputs(attrib_report *report) {
  double outputs[1];
  return attrib_outputs(shared, &model, &set, 0, NULL, outputs, report);
}

static attrib_status report_baselines(attrib_report *report) {
  double values[5];
  return attrib_baseline_report(shared, &model, input, 0, &set, &baseline_report_options, values, report);
}

static attrib_status report_randomisation(attrib_report *report) {
  double values[8];
  return attrib_randomisation_check(shared, &randomisable, input, NULL, values, report);
}

static attrib_status report_pulled(attrib_report *report) {
  attrib_run *run;
  assert_int_equal(attrib_gradient_start(shared, &model, input, 0, NULL, &run), ATTRIB_OK);
  attrib_batch *batch;
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &closed_form)), ATTRIB_OK);
  attrib_status status = attrib_run_result(run, NULL, report);
  attrib_run_destroy(run);
  return status;
}

static attrib_status report_failure(attrib_report *report) {
  attrib_model wrong = model;
  double attributions[N];
  wrong.dtype = 9;
  attrib_status status = attrib_gradient(shared, &wrong, input, 0, NULL, attributions, report);
  assert_true(status == ATTRIB_E_ARGUMENT || status == ATTRIB_E_STRUCT);
  return status == ATTRIB_E_ARGUMENT ? ATTRIB_OK : status;
}

static attrib_status (*const reporters[])(attrib_report *) = {
    report_call,          report_differences,   report_gradient,   report_expected,    report_smoothgrad,
    report_idgi,          report_recalibrated,  report_blur_ig,    report_path,        report_outputs,
    report_pulled,        report_guided,        report_agi,        report_ig2,         report_layer,
    report_noising,       report_interactions,  report_ablation,   report_diff_id,     report_baselines,
    report_randomisation, report_sensitivity_n, report_infidelity, report_information, report_sensitivity_max,
    report_retraining,    report_failure,
};
enum { REPORTERS = sizeof reporters / sizeof reporters[0], FIRST_REPORT = EITHER(248, 232) };

/* A report in a block of exactly `size` bytes, its output fields full of rubbish. */
static unsigned char *report_block(uint32_t size) {
  unsigned char *block = malloc(size);
  assert_non_null(block);
  memset(block, 0xc3, size);
  attrib_report fresh = {.struct_size = size};
  if (size >= offsetof(attrib_report, trace_capacity))
    memcpy(block + offsetof(attrib_report, trace_capacity), (char *)&fresh + offsetof(attrib_report, trace_capacity),
           (size < sizeof fresh ? size : sizeof fresh) - offsetof(attrib_report, trace_capacity));
  memcpy(block, &size, sizeof size);
  return block;
}

static void short_reports_are_left_alone(void **state) {
  (void)state;
  for (int i = 0; i < REPORTERS; i++)
    for (uint32_t size = sizeof size; size < FIRST_REPORT; size++) {
      unsigned char *block = report_block(size), *before = malloc(size);
      assert_non_null(before);
      memcpy(before, block, size);
      assert_int_equal(reporters[i]((attrib_report *)(void *)block), ATTRIB_E_STRUCT);
      assert_memory_equal(block, before, size);
      free(block);
      free(before);
    }
}

static void long_reports_are_filled_as_far_as_known(void **state) {
  (void)state;
  for (int i = 0; i < REPORTERS; i++)
    for (uint32_t size = FIRST_REPORT; size <= sizeof(attrib_report) + 40; size++) {
      unsigned char *block = report_block(size);
      attrib_report *report = (attrib_report *)(void *)block;
      assert_int_equal(reporters[i](report), ATTRIB_OK);
      assert_int_equal(report->struct_size, size);
      uint32_t known = size < sizeof *report ? size : (uint32_t)sizeof *report;
      assert_int_equal(report->filled_size, known);
      for (uint32_t at = report->filled_size; at < size; at++) assert_int_equal(block[at], 0xc3);
      assert_int_equal(report->model_status, 0);
      assert_int_equal(report->stop_reason, reporters[i] == report_failure ? ATTRIB_STOP_ERROR : ATTRIB_STOP_COMPLETE);
      assert_int_equal(report->trace_count, 0);
      assert_true(report->elapsed_seconds >= 0 && report->elapsed_seconds < 1000);
      free(block);
    }
}

/* Trace points may grow as well: the stride is the caller's, and only what is known is written of each. */
static void long_trace_points(void **state) {
  (void)state;
  for (int64_t stride = sizeof(attrib_trace_point); stride < (int64_t)sizeof(attrib_trace_point) + 20; stride++) {
    enum { POINTS = 3 };
    size_t size = (size_t)((POINTS - 1) * stride) + sizeof(attrib_trace_point); /* no slack behind the last one */
    unsigned char *trace = malloc(size);
    assert_non_null(trace);
    memset(trace, 0xc3, size);
    attrib_report report = {
        .struct_size = sizeof report, .trace = trace, .trace_capacity = POINTS, .trace_stride = stride};
    assert_int_equal(report_call(&report), ATTRIB_OK);
    assert_int_equal(report.trace_count, POINTS);
    assert_int_equal(report.trace_stride, stride);
    for (int64_t i = 0; i < POINTS; i++) {
      attrib_trace_point point;
      memcpy(&point, trace + i * stride, sizeof point);
      assert_true(point.alpha == (0.5 + (double)i) / 4);
      assert_int_equal(point.baseline, 0);
      for (int64_t at = (int64_t)sizeof point; at < stride && i + 1 < POINTS; at++)
        assert_int_equal(trace[i * stride + at], 0xc3);
    }
    free(trace);
  }
}

/* Results that are structs of their own, each with its first size. */
static attrib_status fill_comparison(void *result) {
  const double other[N] = {3, 2};
  return attrib_compare_maps(shared, N, ramp, other, NULL, result);
}
static attrib_status fill_localisation(void *result) {
  const uint8_t mask[N] = {0, 1};
  return attrib_localise(shared, N, ramp, mask, NULL, result);
}

static const struct {
  uint32_t size, first;
  attrib_status (*fill)(void *result);
} results[] = {
    {sizeof(attrib_comparison), 104, fill_comparison},
    {sizeof(attrib_localisation), 64, fill_localisation},
};

static void results_of_every_size(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
    for (uint32_t size = sizeof size; size <= results[i].size + 40; size++) {
      unsigned char *block = malloc(size);
      assert_non_null(block);
      memset(block, 0xc3, size);
      memcpy(block, &size, sizeof size);
      const uint32_t filled = size < results[i].first ? sizeof size : size < results[i].size ? size : results[i].size;
      assert_int_equal(results[i].fill(block), size < results[i].first ? ATTRIB_E_STRUCT : ATTRIB_OK);
      for (uint32_t at = filled; at < size; at++) assert_int_equal(block[at], 0xc3);
      uint32_t sizes[2];
      if (size >= results[i].first) {
        memcpy(sizes, block, sizeof sizes);
        assert_true(sizes[0] == size && sizes[1] == filled);
      }
      free(block);
    }
}

static int with_context(void **state) {
  (void)state;
  model = analytic_model(&closed_form);
  body = analytic_model(&closed_pair);
  return attrib_context_create(NULL, &shared) == ATTRIB_OK ? 0 : -1;
}

static int without_context(void **state) {
  (void)state;
  attrib_context_destroy(shared);
  shared = NULL;
  model = analytic_model(&closed_form);
  body = analytic_model(&closed_pair);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(proper_and_older_sizes),
      cmocka_unit_test(no_size_at_all),
      cmocka_unit_test(newer_sizes),
      cmocka_unit_test(short_reports_are_left_alone),
      cmocka_unit_test(long_reports_are_filled_as_far_as_known),
      cmocka_unit_test(long_trace_points),
      cmocka_unit_test(results_of_every_size),
  };
  int failed = cmocka_run_group_tests_name("abi: sizes, with a context", tests, with_context, without_context);
  return failed + cmocka_run_group_tests_name("abi: sizes, without", tests, without_context, without_context);
}
