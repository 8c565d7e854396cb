/* layout.c - what programs compiled against these headers rely on: the size of every struct, the place of every member,
 * the values of enumerators, the types of functions. A shipped line is never edited: members and enumerators are
 * appended, and so are lines here; only a SIZE may grow.
 *
 * Compiled, never linked or run, as C and as C++, for 64-bit and 32-bit pointers, with -Wpadded -Werror: no struct has
 * padding, tail included, since a size must tell two versions apart. */
#include <attrib/attrib.h>
#include <attrib/torch.h>

#ifdef __cplusplus
#  define CHECK(condition, text) static_assert(condition, text)
#else
#  define CHECK(condition, text) _Static_assert(condition, text)
#endif

/* The second of two numbers where pointers have 4 bytes. */
#define EITHER(lp64, ilp32) (sizeof(void *) == 8 ? (lp64) : (ilp32))
#define AT(type, member, lp64, ilp32) \
  CHECK(offsetof(attrib_##type, member) == EITHER(lp64, ilp32), "attrib_" #type "." #member " has moved");
#define SIZE(type, lp64, ilp32)                                                                    \
  CHECK(sizeof(attrib_##type) == EITHER(lp64, ilp32), "the size of attrib_" #type " has changed"); \
  CHECK(offsetof(attrib_##type, struct_size) == 0, "attrib_" #type " must begin with its size");
#define VALUE(name, value) CHECK(ATTRIB_##name == (value), "ATTRIB_" #name " has changed");
/* Passed in buffers of the caller's with a stride, so it has no size inside. */
#define SIZE_OF_ELEMENT(type, lp64, ilp32) CHECK(sizeof(attrib_##type) == EITHER(lp64, ilp32), #type);

/* clang-format off */
AT(batch, struct_size, 0, 0) AT(batch, flags, 4, 4) AT(batch, rows, 8, 8) AT(batch, n_inputs, 16, 16)
AT(batch, n_outputs, 24, 24) AT(batch, target, 32, 32) AT(batch, input_stride, 40, 40)
AT(batch, gradient_stride, 48, 48) AT(batch, output_stride, 56, 56) AT(batch, row_ids, 64, 64)
AT(batch, inputs, 72, 68) AT(batch, outputs, 80, 72) AT(batch, gradients, 88, 76) AT(batch, target_weights, 96, 80)
AT(batch, reserved, 104, 84) AT(batch, dtype, 112, 88) AT(batch, worker, 116, 92) SIZE(batch, 120, 96)

AT(model, struct_size, 0, 0) AT(model, flags, 4, 4) AT(model, dtype, 8, 8) AT(model, max_rows, 12, 12)
AT(model, n_inputs, 16, 16) AT(model, n_outputs, 24, 24) AT(model, evaluate, 32, 32) AT(model, user, 40, 36)
SIZE(model, 48, 40)

AT(torch_options, struct_size, 0, 0) AT(torch_options, flags, 4, 4) AT(torch_options, dtype, 8, 8)
AT(torch_options, layout, 12, 12) AT(torch_options, score, 16, 16) AT(torch_options, threads, 20, 20)
AT(torch_options, output, 24, 24) AT(torch_options, block_rows, 32, 32) AT(torch_options, n_dimensions, 40, 40)
AT(torch_options, low, 48, 48) AT(torch_options, high, 56, 56) AT(torch_options, shape, 64, 64)
AT(torch_options, mean, 72, 68) AT(torch_options, deviation, 80, 72) AT(torch_options, output_name, 88, 76)
SIZE(torch_options, 96, 80)

AT(allocator, struct_size, 0, 0) AT(allocator, reserved0, 4, 4) AT(allocator, allocate, 8, 8)
AT(allocator, release, 16, 12) AT(allocator, user, 24, 16) AT(allocator, reserved, 32, 20) SIZE(allocator, 40, 24)

AT(context_options, struct_size, 0, 0) AT(context_options, workers, 4, 4) AT(context_options, in_flight, 8, 8)
AT(context_options, reserved0, 12, 12) AT(context_options, allocator, 16, 16) AT(context_options, reserved, 24, 20)
SIZE(context_options, 32, 24)

AT(progress, struct_size, 0, 0) AT(progress, phase, 4, 4) AT(progress, evaluations, 8, 8)
AT(progress, planned, 16, 16) AT(progress, error_estimate, 24, 24) SIZE(progress, 32, 32)

AT(baselines, struct_size, 0, 0) AT(baselines, flags, 4, 4) AT(baselines, count, 8, 8) AT(baselines, stride, 16, 16)
AT(baselines, rows, 24, 24) AT(baselines, weights, 32, 28) AT(baselines, fetch, 40, 32)
AT(baselines, fetch_user, 48, 36) SIZE(baselines, 56, 40)

AT(noise, struct_size, 0, 0) AT(noise, flags, 4, 4) AT(noise, dtype, 8, 8) AT(noise, kind, 12, 12)
AT(noise, n_inputs, 16, 16) AT(noise, seed, 24, 24) AT(noise, low, 32, 32) AT(noise, high, 40, 40)
AT(noise, sigma, 48, 48) AT(noise, around, 56, 56) AT(noise, reserved, 64, 60) SIZE(noise, 72, 64)

AT(path, struct_size, 0, 0) AT(path, flags, 4, 4) AT(path, knots, 8, 8) AT(path, stride, 16, 16)
AT(path, rows, 24, 24) AT(path, reserved, 32, 28) AT(path, at, 40, 32) AT(path, user, 48, 36) SIZE(path, 56, 40)

AT(trace_point, alpha, 0, 0) AT(trace_point, weight, 8, 8) AT(trace_point, output, 16, 16)
AT(trace_point, slope, 24, 24) AT(trace_point, error, 32, 32) AT(trace_point, baseline, 40, 40)
AT(trace_point, row_id, 48, 48) SIZE_OF_ELEMENT(trace_point, 56, 56)

AT(report, struct_size, 0, 0) AT(report, filled_size, 4, 4) AT(report, model_status, 8, 8) AT(report, rule, 12, 12)
AT(report, stop_reason, 16, 16) AT(report, round_rows, 20, 20) AT(report, points, 24, 24)
AT(report, evaluations, 32, 32) AT(report, output_evaluations, 40, 40) AT(report, model_calls, 48, 48)
AT(report, failed_row, 56, 56) AT(report, samples, 64, 64) AT(report, peak_bytes, 72, 72) AT(report, seed, 80, 80)
AT(report, output, 88, 88) AT(report, baseline_output, 96, 96) AT(report, attribution_sum, 104, 104)
AT(report, completeness_target, 112, 112) AT(report, completeness_error, 120, 120)
AT(report, completeness_relative, 128, 128) AT(report, error_estimate, 136, 136) AT(report, error_from, 144, 144)
AT(report, error_to, 152, 152) AT(report, tolerance, 160, 160) AT(report, sigma, 168, 168)
AT(report, elapsed_seconds, 176, 176) AT(report, trace_capacity, 184, 184) AT(report, trace_count, 192, 192)
AT(report, trace_stride, 200, 200) AT(report, message_capacity, 208, 208) AT(report, trace, 216, 216)
AT(report, standard_errors, 224, 220) AT(report, message, 232, 224) AT(report, reserved, 240, 228)
AT(report, sampler, 248, 232) AT(report, notes, 252, 236) AT(report, objective, 256, 240)
AT(report, unassigned, 264, 248) AT(report, positive, 272, 256) AT(report, negative, 280, 260)
AT(report, kept_weight, 288, 264) AT(report, kept, 296, 268)
AT(report, difference_step, 304, 272) AT(report, output_noise, 312, 280) AT(report, truncation_error, 320, 288)
AT(report, roundoff_error, 328, 296) AT(report, difference_nodes, 336, 304) SIZE(report, 344, 312)

AT(ig_options, struct_size, 0, 0) AT(ig_options, flags, 4, 4) AT(ig_options, rule, 8, 8)
AT(ig_options, round_rows, 12, 12) AT(ig_options, points, 16, 16) AT(ig_options, max_evaluations, 24, 24)
AT(ig_options, max_vectors, 32, 32) AT(ig_options, n_groups, 40, 40) AT(ig_options, tolerance, 48, 48)
AT(ig_options, completeness_threshold, 56, 56) AT(ig_options, deadline_seconds, 64, 64)
AT(ig_options, target_weights, 72, 72) AT(ig_options, groups, 80, 76)
AT(ig_options, absolute_tolerance, 88, 80) AT(ig_options, difference_step, 96, 88) SIZE(ig_options, 104, 96)

AT(eg_options, struct_size, 0, 0) AT(eg_options, flags, 4, 4) AT(eg_options, sampler, 8, 8)
AT(eg_options, round_rows, 12, 12) AT(eg_options, seed, 16, 16) AT(eg_options, samples, 24, 24)
AT(eg_options, max_evaluations, 32, 32) AT(eg_options, max_vectors, 40, 40) AT(eg_options, n_groups, 48, 48)
AT(eg_options, tolerance, 56, 56) AT(eg_options, completeness_threshold, 64, 64)
AT(eg_options, deadline_seconds, 72, 72) AT(eg_options, target_weights, 80, 80) AT(eg_options, groups, 88, 84)
AT(eg_options, absolute_tolerance, 96, 88) AT(eg_options, difference_step, 104, 96) SIZE(eg_options, 112, 104)

AT(smoothgrad_options, struct_size, 0, 0) AT(smoothgrad_options, flags, 4, 4) AT(smoothgrad_options, form, 8, 8)
AT(smoothgrad_options, round_rows, 12, 12) AT(smoothgrad_options, seed, 16, 16)
AT(smoothgrad_options, samples, 24, 24) AT(smoothgrad_options, max_evaluations, 32, 32)
AT(smoothgrad_options, n_groups, 40, 40) AT(smoothgrad_options, sigma, 48, 48)
AT(smoothgrad_options, sigma_fraction, 56, 56) AT(smoothgrad_options, tolerance, 64, 64)
AT(smoothgrad_options, deadline_seconds, 72, 72) AT(smoothgrad_options, target_weights, 80, 80)
AT(smoothgrad_options, groups, 88, 84) AT(smoothgrad_options, low, 96, 88) AT(smoothgrad_options, high, 104, 96)
AT(smoothgrad_options, absolute_tolerance, 112, 104) SIZE(smoothgrad_options, 120, 112)

AT(guided_options, struct_size, 0, 0) AT(guided_options, flags, 4, 4) AT(guided_options, rule, 8, 8)
AT(guided_options, reserved0, 12, 12) AT(guided_options, steps, 16, 16) AT(guided_options, n_groups, 24, 24)
AT(guided_options, fraction, 32, 32) AT(guided_options, max_distance, 40, 40)
AT(guided_options, completeness_threshold, 48, 48) AT(guided_options, reserved1, 56, 56)
AT(guided_options, target_weights, 64, 64) AT(guided_options, groups, 72, 68) SIZE(guided_options, 80, 72)

AT(agi_options, struct_size, 0, 0) AT(agi_options, flags, 4, 4) AT(agi_options, rule, 8, 8)
AT(agi_options, mode, 12, 12) AT(agi_options, steps, 16, 16) AT(agi_options, n_classes, 24, 24)
AT(agi_options, n_groups, 32, 32) AT(agi_options, step, 40, 40) AT(agi_options, low, 48, 48)
AT(agi_options, high, 56, 56) AT(agi_options, completeness_threshold, 64, 64) AT(agi_options, classes, 72, 72)
AT(agi_options, reserved, 80, 76) AT(agi_options, target_weights, 88, 80) AT(agi_options, groups, 96, 84)
SIZE(agi_options, 104, 88)

AT(ig2_options, struct_size, 0, 0) AT(ig2_options, flags, 4, 4) AT(ig2_options, rule, 8, 8)
AT(ig2_options, reserved0, 12, 12) AT(ig2_options, steps, 16, 16) AT(ig2_options, n_groups, 24, 24)
AT(ig2_options, step, 32, 32) AT(ig2_options, low, 40, 40) AT(ig2_options, high, 48, 48)
AT(ig2_options, completeness_threshold, 56, 56) AT(ig2_options, target_weights, 64, 64)
AT(ig2_options, groups, 72, 68) SIZE(ig2_options, 80, 72)
AT(idgi_options, struct_size, 0, 0) AT(idgi_options, flags, 4, 4) AT(idgi_options, points, 8, 8)
AT(idgi_options, n_groups, 16, 16) AT(idgi_options, completeness_threshold, 24, 24)
AT(idgi_options, target_weights, 32, 32) AT(idgi_options, groups, 40, 36) SIZE(idgi_options, 48, 40)
AT(interactions_options, struct_size, 0, 0) AT(interactions_options, flags, 4, 4)
AT(interactions_options, points, 8, 8) AT(interactions_options, n_groups, 16, 16)
AT(interactions_options, width, 24, 24) AT(interactions_options, completeness_threshold, 32, 32)
AT(interactions_options, target_weights, 40, 40) AT(interactions_options, groups, 48, 44)
SIZE(interactions_options, 56, 48)
AT(ablate_options, struct_size, 0, 0) AT(ablate_options, flags, 4, 4) AT(ablate_options, part, 8, 8)
AT(ablate_options, reserved0, 12, 12) AT(ablate_options, n_groups, 16, 16) AT(ablate_options, shape, 24, 24)
AT(ablate_options, groups, 32, 28) SIZE(ablate_options, 40, 32)
AT(retraining_set, struct_size, 0, 0) AT(retraining_set, flags, 4, 4) AT(retraining_set, dtype, 8, 8)
AT(retraining_set, part, 12, 12) AT(retraining_set, count, 16, 16) AT(retraining_set, n_inputs, 24, 24)
AT(retraining_set, training, 32, 32) AT(retraining_set, trainings, 40, 40) AT(retraining_set, repeat, 48, 48)
AT(retraining_set, seed, 56, 56) AT(retraining_set, fraction, 64, 64) AT(retraining_set, library, 72, 72)
AT(retraining_set, reserved, 80, 76) SIZE(retraining_set, 88, 80)
AT(retraining_options, struct_size, 0, 0) AT(retraining_options, flags, 4, 4) AT(retraining_options, test, 8, 8)
AT(retraining_options, reserved0, 12, 12) AT(retraining_options, seed, 16, 16)
AT(retraining_options, repeats, 24, 24) AT(retraining_options, n_fractions, 32, 32)
AT(retraining_options, n_groups, 40, 40) AT(retraining_options, fractions, 48, 48)
AT(retraining_options, replacements, 56, 52) AT(retraining_options, shape, 64, 56)
AT(retraining_options, groups, 72, 60) SIZE(retraining_options, 80, 64)

AT(layer_options, struct_size, 0, 0) AT(layer_options, flags, 4, 4) AT(layer_options, form, 8, 8)
AT(layer_options, rule, 12, 12) AT(layer_options, round_rows, 16, 16) AT(layer_options, reserved0, 20, 20)
AT(layer_options, points, 24, 24) AT(layer_options, max_evaluations, 32, 32) AT(layer_options, max_vectors, 40, 40)
AT(layer_options, n_groups, 48, 48) AT(layer_options, tolerance, 56, 56)
AT(layer_options, completeness_threshold, 64, 64) AT(layer_options, deadline_seconds, 72, 72)
AT(layer_options, absolute_tolerance, 80, 80) AT(layer_options, sigma, 88, 88)
AT(layer_options, target_weights, 96, 96) AT(layer_options, groups, 104, 100) AT(layer_options, shape, 112, 104)
AT(layer_options, reserved, 120, 108) SIZE(layer_options, 128, 112)
AT(recalibration_options, struct_size, 0, 0) AT(recalibration_options, flags, 4, 4)
AT(recalibration_options, mode, 8, 8) AT(recalibration_options, rule, 12, 12)
AT(recalibration_options, point_factor, 16, 16) AT(recalibration_options, reserved0, 20, 20)
AT(recalibration_options, seed, 24, 24) AT(recalibration_options, points, 32, 32)
AT(recalibration_options, n_groups, 40, 40) AT(recalibration_options, target_weights, 48, 48)
AT(recalibration_options, groups, 56, 52) SIZE(recalibration_options, 64, 56)
AT(blur_ig_options, struct_size, 0, 0) AT(blur_ig_options, flags, 4, 4) AT(blur_ig_options, steps, 8, 8)
AT(blur_ig_options, n_groups, 16, 16) AT(blur_ig_options, max_sigma, 24, 24)
AT(blur_ig_options, completeness_threshold, 32, 32) AT(blur_ig_options, shape, 40, 40)
AT(blur_ig_options, reserved, 48, 44) AT(blur_ig_options, target_weights, 56, 48)
AT(blur_ig_options, groups, 64, 52) SIZE(blur_ig_options, 72, 56)

AT(search_options, struct_size, 0, 0) AT(search_options, flags, 4, 4) AT(search_options, max_evaluations, 8, 8)
AT(search_options, low, 16, 16) AT(search_options, high, 24, 24) AT(search_options, goal, 32, 32)
AT(search_options, reserved, 40, 40) SIZE(search_options, 48, 48)

AT(ascent_options, struct_size, 0, 0) AT(ascent_options, flags, 4, 4) AT(ascent_options, steps, 8, 8)
AT(ascent_options, step, 16, 16) AT(ascent_options, low, 24, 24) AT(ascent_options, high, 32, 32)
AT(ascent_options, target_weights, 40, 40) AT(ascent_options, reserved, 48, 44) SIZE(ascent_options, 56, 48)
AT(noising_options, struct_size, 0, 0) AT(noising_options, flags, 4, 4) AT(noising_options, search, 8, 8)
AT(noising_options, objective, 12, 12) AT(noising_options, seed, 16, 16) AT(noising_options, samples, 24, 24)
AT(noising_options, max_sigmas, 32, 32) AT(noising_options, windows, 40, 40) AT(noising_options, window_side, 48, 48)
AT(noising_options, fills, 56, 56) AT(noising_options, n_groups, 64, 64) AT(noising_options, sigma_low, 72, 72)
AT(noising_options, sigma_high, 80, 80) AT(noising_options, low, 88, 88) AT(noising_options, high, 96, 96)
AT(noising_options, shape, 104, 104) AT(noising_options, reserved, 112, 108)
AT(noising_options, target_weights, 120, 112) AT(noising_options, groups, 128, 116) SIZE(noising_options, 136, 120)

AT(ablation_options, struct_size, 0, 0) AT(ablation_options, flags, 4, 4) AT(ablation_options, order, 8, 8)
AT(ablation_options, selection, 12, 12) AT(ablation_options, curve, 16, 16) AT(ablation_options, summary, 20, 20)
AT(ablation_options, seed, 24, 24) AT(ablation_options, step, 32, 32) AT(ablation_options, points, 40, 40)
AT(ablation_options, n_groups, 48, 48) AT(ablation_options, target_weights, 56, 56) AT(ablation_options, groups, 64, 60)
AT(ablation_options, shape, 72, 64) AT(ablation_options, reserved, 80, 68) SIZE(ablation_options, 88, 72)
AT(diff_id_options, struct_size, 0, 0) AT(diff_id_options, flags, 4, 4) AT(diff_id_options, seed, 8, 8)
AT(diff_id_options, points, 16, 16) AT(diff_id_options, n_groups, 24, 24) AT(diff_id_options, target_weights, 32, 32)
AT(diff_id_options, groups, 40, 36) AT(diff_id_options, shape, 48, 40) AT(diff_id_options, reserved, 56, 44)
SIZE(diff_id_options, 64, 48)
AT(sensitivity_n_options, struct_size, 0, 0) AT(sensitivity_n_options, flags, 4, 4)
AT(sensitivity_n_options, seed, 8, 8) AT(sensitivity_n_options, subsets, 16, 16)
AT(sensitivity_n_options, n_sizes, 24, 24) AT(sensitivity_n_options, n_groups, 32, 32)
AT(sensitivity_n_options, sizes, 40, 40) AT(sensitivity_n_options, target_weights, 48, 44)
AT(sensitivity_n_options, groups, 56, 48) AT(sensitivity_n_options, shape, 64, 52) SIZE(sensitivity_n_options, 72, 56)

AT(information_options, struct_size, 0, 0) AT(information_options, flags, 4, 4) AT(information_options, seed, 8, 8)
AT(information_options, n_thresholds, 16, 16) AT(information_options, shown, 24, 24)
AT(information_options, least_output, 32, 32) AT(information_options, low, 40, 40) AT(information_options, high, 48, 48)
AT(information_options, target_weights, 56, 56) AT(information_options, thresholds, 64, 60)
AT(information_options, shape, 72, 64) AT(information_options, size, 80, 68) AT(information_options, size_user, 88, 72)
AT(information_options, reserved, 96, 76) SIZE(information_options, 104, 80)

AT(infidelity_options, struct_size, 0, 0) AT(infidelity_options, flags, 4, 4)
AT(infidelity_options, perturbation, 8, 8) AT(infidelity_options, largest_side, 12, 12)
AT(infidelity_options, seed, 16, 16) AT(infidelity_options, samples, 24, 24) AT(infidelity_options, n_groups, 32, 32)
AT(infidelity_options, sigma, 40, 40) AT(infidelity_options, fraction, 48, 48) AT(infidelity_options, low, 56, 56)
AT(infidelity_options, high, 64, 64) AT(infidelity_options, target_weights, 72, 72)
AT(infidelity_options, groups, 80, 76) AT(infidelity_options, shape, 88, 80) AT(infidelity_options, reserved, 96, 84)
SIZE(infidelity_options, 104, 88)

AT(explanation, struct_size, 0, 0) AT(explanation, flags, 4, 4) AT(explanation, index, 8, 8)
AT(explanation, seed, 16, 16) AT(explanation, input, 24, 24) AT(explanation, attributions, 32, 28)
AT(explanation, report, 40, 32) AT(explanation, reserved, 48, 36) SIZE(explanation, 56, 40)

AT(sensitivity_max_options, struct_size, 0, 0) AT(sensitivity_max_options, flags, 4, 4)
AT(sensitivity_max_options, seed, 8, 8) AT(sensitivity_max_options, samples, 16, 16)
AT(sensitivity_max_options, radius, 24, 24) AT(sensitivity_max_options, low, 32, 32)
AT(sensitivity_max_options, high, 40, 40) SIZE(sensitivity_max_options, 48, 48)

AT(image, struct_size, 0, 0) AT(image, flags, 4, 4) AT(image, width, 8, 8) AT(image, height, 16, 16)
AT(image, channels, 24, 24) AT(image, x_stride, 32, 32) AT(image, y_stride, 40, 40) AT(image, channel_stride, 48, 48)
SIZE(image, 56, 56)

AT(segments, struct_size, 0, 0) AT(segments, flags, 4, 4) AT(segments, count, 8, 8) AT(segments, dilation, 16, 16)
AT(segments, min_pixels, 24, 24) AT(segments, labels, 32, 32) AT(segments, reserved, 40, 36) SIZE(segments, 48, 40)

AT(comparison_options, struct_size, 0, 0) AT(comparison_options, flags, 4, 4) AT(comparison_options, top_count, 8, 8)
AT(comparison_options, top_fraction, 16, 16) AT(comparison_options, noise, 24, 24) AT(comparison_options, range, 32, 32)
AT(comparison_options, min_rank_correlation, 40, 40) AT(comparison_options, min_absolute_rank_correlation, 48, 48)
AT(comparison_options, min_top_overlap, 56, 56) AT(comparison_options, max_sign_flips, 64, 64)
AT(comparison_options, min_ssim, 72, 72) AT(comparison_options, max_relative_difference, 80, 80)
AT(comparison_options, max_difference, 88, 88) AT(comparison_options, shape, 96, 96)
AT(comparison_options, reserved, 104, 100) SIZE(comparison_options, 112, 104)

AT(comparison, struct_size, 0, 0) AT(comparison, filled_size, 4, 4) AT(comparison, failed, 8, 8)
AT(comparison, undefined, 12, 12) AT(comparison, top_count, 16, 16) AT(comparison, sign_count, 24, 24)
AT(comparison, largest_index, 32, 32) AT(comparison, rank_correlation, 40, 40)
AT(comparison, absolute_rank_correlation, 48, 48) AT(comparison, top_overlap, 56, 56) AT(comparison, sign_flips, 64, 64)
AT(comparison, ssim, 72, 72) AT(comparison, range, 80, 80) AT(comparison, relative_difference, 88, 88)
AT(comparison, largest_difference, 96, 96) SIZE(comparison, 104, 104)

AT(localisation_options, struct_size, 0, 0) AT(localisation_options, flags, 4, 4) AT(localisation_options, width, 8, 8)
AT(localisation_options, tolerance, 16, 16) SIZE(localisation_options, 24, 24)

AT(localisation, struct_size, 0, 0) AT(localisation, filled_size, 4, 4) AT(localisation, hit, 8, 8)
AT(localisation, reserved, 12, 12) AT(localisation, largest, 16, 16) AT(localisation, mask_count, 24, 24)
AT(localisation, mask_share, 32, 32) AT(localisation, positive_inside, 40, 40) AT(localisation, absolute_inside, 48, 48)
AT(localisation, intersection_union, 56, 56) SIZE(localisation, 64, 64)

AT(baseline_report_options, struct_size, 0, 0) AT(baseline_report_options, flags, 4, 4)
AT(baseline_report_options, map_length, 8, 8) AT(baseline_report_options, tolerance, 16, 16)
AT(baseline_report_options, low, 24, 24) AT(baseline_report_options, high, 32, 32)
AT(baseline_report_options, target_weights, 40, 40) AT(baseline_report_options, maps, 48, 44)
SIZE(baseline_report_options, 56, 48)

AT(randomisable, struct_size, 0, 0) AT(randomisable, flags, 4, 4) AT(randomisable, map_length, 8, 8)
AT(randomisable, layers, 16, 16) AT(randomisable, explain, 24, 24) AT(randomisable, explain_user, 32, 28)
AT(randomisable, randomise, 40, 32) AT(randomisable, randomise_user, 48, 36) SIZE(randomisable, 56, 40)

AT(randomisation_options, struct_size, 0, 0) AT(randomisation_options, flags, 4, 4)
AT(randomisation_options, order, 8, 8) AT(randomisation_options, reserved0, 12, 12)
AT(randomisation_options, seed, 16, 16) AT(randomisation_options, shape, 24, 24)
AT(randomisation_options, reserved, 32, 28) SIZE(randomisation_options, 40, 32)

AT(check_finding, check, 0, 0) AT(check_finding, verdict, 4, 4) AT(check_finding, cause, 8, 8)
AT(check_finding, reserved, 12, 12) AT(check_finding, element, 16, 16) AT(check_finding, measured, 24, 24)
AT(check_finding, bound, 32, 32) SIZE_OF_ELEMENT(check_finding, 40, 40)
AT(check_options, struct_size, 0, 0) AT(check_options, flags, 4, 4) AT(check_options, seed, 8, 8)
AT(check_options, max_evaluations, 16, 16) AT(check_options, tolerance, 24, 24)
AT(check_options, target_weights, 32, 32) AT(check_options, shape, 40, 36) SIZE(check_options, 48, 40)
AT(check_report, struct_size, 0, 0) AT(check_report, filled_size, 4, 4) AT(check_report, verdict, 8, 8)
AT(check_report, failed, 12, 12) AT(check_report, skipped, 16, 16) AT(check_report, stop_reason, 20, 20)
AT(check_report, model_status, 24, 24) AT(check_report, reserved0, 28, 28) AT(check_report, evaluations, 32, 32)
AT(check_report, output_evaluations, 40, 40) AT(check_report, model_calls, 48, 48) AT(check_report, peak_bytes, 56, 56)
AT(check_report, output, 64, 64) AT(check_report, baseline_output, 72, 72) AT(check_report, noise, 80, 80)
AT(check_report, elapsed_seconds, 88, 88) AT(check_report, finding_capacity, 96, 96)
AT(check_report, finding_count, 104, 104) AT(check_report, finding_stride, 112, 112)
AT(check_report, text_capacity, 120, 120) AT(check_report, text_length, 128, 128) AT(check_report, reserved1, 136, 136)
AT(check_report, findings, 144, 144) AT(check_report, text, 152, 148) SIZE(check_report, 160, 152)

VALUE(OK, 0) VALUE(CANCELLED, 1) VALUE(NOT_CONVERGED, 2) VALUE(UNDEFINED, 3) VALUE(E_ARGUMENT, -1)
VALUE(E_STRUCT, -2) VALUE(E_MEMORY, -3) VALUE(E_CALLBACK, -4) VALUE(E_NONFINITE, -5) VALUE(E_OVERFLOW, -6)
VALUE(E_BUSY, -7) VALUE(E_UNSUPPORTED, -8) VALUE(F32, 1) VALUE(F64, 2) VALUE(BATCH_OUTPUTS, 1)
VALUE(BATCH_GRADIENTS, 2) VALUE(BATCH_ALL_OUTPUTS, 4) VALUE(BATCH_SECOND_MODEL, 8) VALUE(MODEL_CONCURRENT, 1) VALUE(MODEL_TARGET_WEIGHTS, 2)
VALUE(MODEL_ALL_OUTPUTS, 4) VALUE(MODEL_NO_GRADIENTS, 8) VALUE(NOISE_UNIFORM, 1) VALUE(NOISE_GAUSSIAN_CLIPPED, 2)
VALUE(NOISE_GAUSSIAN_TRUNCATED, 3) VALUE(STOP_NONE, 0) VALUE(STOP_COMPLETE, 1) VALUE(STOP_TOLERANCE, 2)
VALUE(STOP_BUDGET, 3) VALUE(STOP_DEADLINE, 4) VALUE(STOP_CANCEL, 5) VALUE(STOP_PROGRESS, 6) VALUE(STOP_CALLBACK, 7)
VALUE(STOP_ERROR, 8) VALUE(RULE_DEFAULT, 0) VALUE(RULE_LEFT, 1) VALUE(RULE_RIGHT, 2) VALUE(RULE_MIDPOINT, 3)
VALUE(RULE_TRAPEZOID, 4) VALUE(RULE_GAUSS_LEGENDRE, 5) VALUE(RULE_ADAPTIVE, 6) VALUE(MEAN_GRADIENT, 1)
VALUE(TIMES_INPUT, 2) VALUE(REDUCE_SUM, 1) VALUE(REDUCE_ABS_SUM, 2) VALUE(REDUCE_SUM_ABS, 3) VALUE(REDUCE_MAX_ABS, 4)
VALUE(SIGN_BOTH, 1) VALUE(SIGN_POSITIVE, 2) VALUE(SIGN_NEGATIVE, 3) VALUE(SIGN_ABSOLUTE, 4)
VALUE(PALETTE_SEQUENTIAL, 1) VALUE(PALETTE_DIVERGING, 2)
VALUE(NO_TARGET, -1) VALUE(SAMPLER_DEFAULT, 0) VALUE(SAMPLER_IID, 1) VALUE(SAMPLER_STRATIFIED, 2)
VALUE(SAMPLER_LATTICE, 3) VALUE(SAMPLER_POOLED, 4) VALUE(SMOOTH_MEAN, 0) VALUE(SMOOTH_SQUARED, 1)
VALUE(SMOOTH_VARIANCE, 2) VALUE(SMOOTH_TIMES_INPUT, 3) VALUE(SMOOTH_TAYLOR, 4) VALUE(SMOOTH_INDEPENDENT, 1)
VALUE(NOTE_CONSTANT_INPUT, 1) VALUE(NOTE_WITHIN_ERRORS, 2) VALUE(NOTE_SIGMA_AT_END, 4) VALUE(NOTE_NO_STEP, 8)
VALUE(BLUR_EQUAL_STEPS, 1) VALUE(SEARCH_PROBABILITIES, 1) VALUE(LAYER_LINE, 0) VALUE(LAYER_PATH, 1) VALUE(LAYER_TIMES_ACTIVATION, 2)
VALUE(LAYER_TAYLOR, 3) VALUE(LAYER_GRADIENT, 4) VALUE(LAYER_CAM, 5) VALUE(LAYER_ODAM, 6) VALUE(LAYER_DIFFERENCE, 7)
VALUE(NOTE_CONSTANT_INPUT, 1)
VALUE(RECALIBRATE_DEFAULT, 0) VALUE(RECALIBRATE_VANILLA, 1) VALUE(RECALIBRATE_VALID_REF, 2)
VALUE(RECALIBRATE_VALID_IP, 3) VALUE(RECALIBRATE_STRICT, 1) VALUE(RECALIBRATE_NORM_ALL, 2)
VALUE(RECALIBRATE_SQUARED, 4) VALUE(RECALIBRATE_RANDOM_ALPHA, 8) VALUE(POINT_FACTOR_PATH, 0)
VALUE(POINT_FACTOR_TO_INPUT, 1) VALUE(POINT_FACTOR_FROM_REFERENCE, 2)
VALUE(NOISING_BRACKETED, 0) VALUE(NOISING_PUBLISHED, 1) VALUE(NOISING_AUPC, 0) VALUE(NOISING_AUTVC, 1)
VALUE(NOISING_CLIP, 2)
VALUE(METRIC_SOFTMAX, 1) VALUE(METRIC_ACCURACY, 2) VALUE(METRIC_ABSOLUTE, 4) VALUE(METRIC_UNIT_SCORES, 8)
VALUE(METRIC_LOWEST_FIRST, 16) VALUE(METRIC_RANDOM, 32) VALUE(ABLATION_DELETION, 0) VALUE(ABLATION_INSERTION, 1)
VALUE(SELECT_RANKED, 0) VALUE(SELECT_CENTRE_EDGE, 1) VALUE(SELECT_CENTRE_AREA, 2) VALUE(CURVE_RAW, 0)
VALUE(CURVE_RATIO, 1) VALUE(CURVE_MINMAX, 2) VALUE(SUMMARY_AREA, 0) VALUE(SUMMARY_AOPC, 1)
VALUE(DISAGREE, 4) VALUE(METRIC_ABSOLUTE, 4) VALUE(COMPARE_RANKS, 1)
VALUE(COMPARE_ABSOLUTE_RANKS, 2) VALUE(COMPARE_TOP, 4) VALUE(COMPARE_SIGNS, 8) VALUE(COMPARE_SSIM, 16)
VALUE(COMPARE_RELATIVE, 32) VALUE(COMPARE_LARGEST, 64)
VALUE(BASELINE_OUTPUT, 0) VALUE(BASELINE_BLIND, 1) VALUE(BASELINE_OUTSIDE, 2) VALUE(BASELINE_DISTANCE, 3)
VALUE(BASELINE_LARGEST, 4)
VALUE(RANDOMISE_LAYER, 1) VALUE(RANDOMISE_RESTORE, 2) VALUE(SANITY_CASCADING, 0) VALUE(SANITY_INDEPENDENT, 1)
VALUE(SANITY_RANKS, 0) VALUE(SANITY_ABSOLUTE_RANKS, 1) VALUE(SANITY_SSIM, 2) VALUE(SANITY_DIFFERENCE, 3)
VALUE(SENSITIVITY_N_COINS, 256) VALUE(INFIDELITY_GAUSSIAN, 0) VALUE(INFIDELITY_NOISY, 1) VALUE(INFIDELITY_SQUARES, 2)
VALUE(INFORMATION_AS_IT_IS, 512) VALUE(INFIDELITY_SUBSETS, 3) VALUE(INFIDELITY_SCALED, 256) VALUE(INFIDELITY_LOCAL, 512)
VALUE(ABLATE_REPLACE_FIRST, 0) VALUE(ABLATE_KEEP_FIRST, 1) VALUE(RETRAIN_ROAR, 0) VALUE(RETRAIN_KAR, 1)
VALUE(RETRAIN_DIFF, 2) VALUE(TORCH_UNPADDED, 1) VALUE(TORCH_CHANNELS_FIRST, 0) VALUE(TORCH_CHANNELS_LAST, 1)
VALUE(TORCH_RAW, 0) VALUE(TORCH_SOFTMAX, 1) VALUE(TORCH_LOG_SOFTMAX, 2) VALUE(TORCH_FAILED, -7001)
VALUE(CHECK_WRITES, 1) VALUE(CHECK_STRIDES, 2) VALUE(CHECK_INPUTS, 3) VALUE(CHECK_FINITE, 4) VALUE(CHECK_REPEAT, 5)
VALUE(CHECK_BATCH, 6) VALUE(CHECK_ORDER, 7) VALUE(CHECK_FORWARD, 8) VALUE(CHECK_TARGET, 9) VALUE(CHECK_WEIGHTS, 10)
VALUE(CHECK_ALL_OUTPUTS, 11) VALUE(CHECK_WORKERS, 12) VALUE(CHECK_ZERO, 13) VALUE(CHECK_GRADIENT, 14)
VALUE(CHECK_PRECISION, 15) VALUE(CHECK_PASSED, 1) VALUE(CHECK_FAILED, 2) VALUE(CHECK_SKIPPED, 3)
VALUE(CAUSE_UNKNOWN, 0) VALUE(CAUSE_UNWRITTEN, 1) VALUE(CAUSE_ADDED, 2) VALUE(CAUSE_STALE, 3)
VALUE(CAUSE_INPUT_STRIDE, 4) VALUE(CAUSE_GAP, 5) VALUE(CAUSE_BEYOND, 6) VALUE(CAUSE_NONFINITE, 7)
VALUE(CAUSE_RANDOM, 8) VALUE(CAUSE_SHARED, 9) VALUE(CAUSE_BATCH_SIZE, 10) VALUE(CAUSE_OTHER_ROWS, 11)
VALUE(CAUSE_SIGN, 12) VALUE(CAUSE_FACTOR, 13) VALUE(CAUSE_CHANNELS, 14) VALUE(CAUSE_LAYOUT, 15)
VALUE(CAUSE_OTHER_TARGET, 16) VALUE(CAUSE_SCORE, 17)

    /* clang-format on */

    CHECK(sizeof(attrib_status) == 4 && (attrib_status)-1 < 0, "attrib_status is int32_t");

/* Redeclared: a different type does not compile. */
#ifdef __cplusplus
extern "C" {
#endif
const char *attrib_status_name(attrib_status status);
const char *attrib_status_text(attrib_status status);
uint32_t attrib_version(void);
const char *attrib_version_string(void);
attrib_status attrib_context_create(const attrib_context_options *options, attrib_context **context);
void attrib_context_destroy(attrib_context *context);
attrib_status attrib_context_set_progress(attrib_context *context, attrib_progress_fn fn, void *user);
void attrib_context_cancel(attrib_context *context);
const char *attrib_context_error(const attrib_context *context);
int64_t attrib_context_memory(const attrib_context *context);
attrib_status attrib_model_check(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                 const void *baseline, const attrib_check_options *options,
                                 attrib_check_report *report);
int32_t ATTRIB_CALL attrib_noise_fetch(int64_t index, void *row, void *noise);
attrib_status attrib_noise_check(attrib_context *context, const attrib_noise *noise);
attrib_status attrib_baseline_fill(attrib_context *context, uint32_t dtype, int64_t n, double value, void *row);
attrib_status attrib_baseline_max_distance(attrib_context *context, uint32_t dtype, int64_t n, const void *input,
                                           double low, double high, void *row);
attrib_status attrib_baseline_mean(attrib_context *context, uint32_t dtype, int64_t n, const attrib_baselines *set,
                                   void *row);
attrib_status attrib_gradient(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                              const attrib_ig_options *options, double *attributions, attrib_report *report);
attrib_status attrib_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                          int64_t target, const attrib_baselines *baselines,
                                          const attrib_ig_options *options, double *attributions,
                                          attrib_report *report);
attrib_status attrib_path_gradients(attrib_context *context, const attrib_model *model, int64_t target,
                                    const attrib_path *path, const attrib_ig_options *options, double *attributions,
                                    attrib_report *report);
attrib_status attrib_outputs(attrib_context *context, const attrib_model *model, const attrib_baselines *rows,
                             int64_t target, const double *target_weights, double *outputs, attrib_report *report);
attrib_status attrib_gradient_start(attrib_context *context, const attrib_model *model, const void *input,
                                    int64_t target, const attrib_ig_options *options, attrib_run **run);
attrib_status attrib_integrated_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                                int64_t target, const attrib_baselines *baselines,
                                                const attrib_ig_options *options, attrib_run **run);
attrib_status attrib_path_gradients_start(attrib_context *context, const attrib_model *model, int64_t target,
                                          const attrib_path *path, const attrib_ig_options *options, attrib_run **run);
attrib_status attrib_expected_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                        int64_t target, const attrib_baselines *baselines,
                                        const attrib_eg_options *options, double *attributions, attrib_report *report);
attrib_status attrib_expected_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                              int64_t target, const attrib_baselines *baselines,
                                              const attrib_eg_options *options, attrib_run **run);
attrib_status attrib_smoothgrad(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const attrib_smoothgrad_options *options, double *attributions, attrib_report *report);
attrib_status attrib_smoothgrad_start(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const attrib_smoothgrad_options *options, attrib_run **run);
attrib_status attrib_guided_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                                 int64_t target, const attrib_baselines *baselines,
                                                 const attrib_guided_options *options, double *attributions,
                                                 attrib_report *report);
attrib_status attrib_guided_integrated_gradients_start(attrib_context *context, const attrib_model *model,
                                                       const void *input, int64_t target,
                                                       const attrib_baselines *baselines,
                                                       const attrib_guided_options *options, attrib_run **run);
attrib_status attrib_agi(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                         const attrib_agi_options *options, double *attributions, attrib_report *report);
attrib_status attrib_agi_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                               const attrib_agi_options *options, attrib_run **run);
attrib_status attrib_ig2(attrib_context *context, const attrib_model *model, const attrib_model *representation,
                         const void *input, int64_t target, const attrib_baselines *references,
                         const attrib_ig2_options *options, double *attributions, attrib_report *report);
attrib_status attrib_ig2_start(attrib_context *context, const attrib_model *model, const attrib_model *representation,
                               const void *input, int64_t target, const attrib_baselines *references,
                               const attrib_ig2_options *options, attrib_run **run);
attrib_status attrib_idgi(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                          const attrib_baselines *baselines, const attrib_idgi_options *options, double *attributions,
                          attrib_report *report);
attrib_status attrib_idgi_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const attrib_baselines *baselines, const attrib_idgi_options *options,
                                attrib_run **run);
attrib_status attrib_layer_attributions(attrib_context *context, const attrib_model *body, const attrib_model *head,
                                        const void *input, int64_t target, const void *baseline,
                                        const attrib_layer_options *options, double *attributions,
                                        attrib_report *report);
attrib_status attrib_layer_attributions_start(attrib_context *context, const attrib_model *body,
                                              const attrib_model *head, const void *input, int64_t target,
                                              const void *baseline, const attrib_layer_options *options,
                                              attrib_run **run);
attrib_status attrib_recalibrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                            int64_t target, const attrib_baselines *baselines,
                                            const attrib_recalibration_options *options, double *attributions,
                                            attrib_report *report);
attrib_status attrib_recalibrated_gradients_start(attrib_context *context, const attrib_model *model, const void *input,
                                                  int64_t target, const attrib_baselines *baselines,
                                                  const attrib_recalibration_options *options, attrib_run **run);
attrib_status attrib_blur_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                               int64_t target, const attrib_blur_ig_options *options,
                                               double *attributions, attrib_report *report);
attrib_status attrib_blur_integrated_gradients_start(attrib_context *context, const attrib_model *model,
                                                     const void *input, int64_t target,
                                                     const attrib_blur_ig_options *options, attrib_run **run);
attrib_status attrib_baseline_max_entropy(attrib_context *context, const attrib_model *model, const void *start,
                                          const attrib_search_options *options, void *row, attrib_report *report);
attrib_status attrib_baseline_max_entropy_start(attrib_context *context, const attrib_model *model, const void *start,
                                                const attrib_search_options *options, attrib_run **run);
attrib_status attrib_baseline_near_zero(attrib_context *context, const attrib_model *model, const void *start,
                                        int64_t target, const attrib_search_options *options, void *row,
                                        attrib_report *report);
attrib_status attrib_baseline_near_zero_start(attrib_context *context, const attrib_model *model, const void *start,
                                              int64_t target, const attrib_search_options *options, attrib_run **run);
attrib_status attrib_baseline_ascent(attrib_context *context, const attrib_model *model, const void *input,
                                     int64_t target, const attrib_ascent_options *options, void *row,
                                     attrib_report *report);
attrib_status attrib_baseline_ascent_start(attrib_context *context, const attrib_model *model, const void *input,
                                           int64_t target, const attrib_ascent_options *options, attrib_run **run);
attrib_status attrib_adaptive_noising(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const attrib_noising_options *options, double *attributions,
                                      attrib_report *report);
attrib_status attrib_adaptive_noising_start(attrib_context *context, const attrib_model *model, const void *input,
                                            int64_t target, const attrib_noising_options *options, attrib_run **run);
attrib_status attrib_interactions(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                  int64_t feature, const attrib_baselines *baselines,
                                  const attrib_interactions_options *options, double *attributions,
                                  attrib_report *report);
attrib_status attrib_interactions_start(attrib_context *context, const attrib_model *model, const void *input,
                                        int64_t target, int64_t feature, const attrib_baselines *baselines,
                                        const attrib_interactions_options *options, attrib_run **run);
attrib_status attrib_ablation(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                              const double *scores, const attrib_baselines *replacements,
                              const attrib_ablation_options *options, double *values, attrib_report *report);
attrib_status attrib_ablation_start(attrib_context *context, const attrib_model *model, const void *input,
                                    int64_t target, const double *scores, const attrib_baselines *replacements,
                                    const attrib_ablation_options *options, attrib_run **run);
attrib_status attrib_diff_id(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                             const double *scores, const attrib_diff_id_options *options, double *values,
                             attrib_report *report);
attrib_status attrib_diff_id_start(attrib_context *context, const attrib_model *model, const void *input,
                                   int64_t target, const double *scores, const attrib_diff_id_options *options,
                                   attrib_run **run);
attrib_status attrib_picture_size(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                  const void *picture, double low, double high, double *bytes);
attrib_status attrib_information_curve(attrib_context *context, const attrib_model *model, const void *input,
                                       int64_t target, const double *scores, const attrib_information_options *options,
                                       double *values, attrib_report *report);
attrib_status attrib_information_curve_start(attrib_context *context, const attrib_model *model, const void *input,
                                             int64_t target, const double *scores,
                                             const attrib_information_options *options, attrib_run **run);
attrib_status attrib_sensitivity_n(attrib_context *context, const attrib_model *model, const void *input,
                                   int64_t target, const double *scores, const attrib_baselines *baselines,
                                   const attrib_sensitivity_n_options *options, double *values, attrib_report *report);
attrib_status attrib_sensitivity_n_start(attrib_context *context, const attrib_model *model, const void *input,
                                         int64_t target, const double *scores, const attrib_baselines *baselines,
                                         const attrib_sensitivity_n_options *options, attrib_run **run);
attrib_status attrib_infidelity(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const double *scores, const attrib_baselines *baselines,
                                const attrib_infidelity_options *options, double *values, attrib_report *report);
attrib_status attrib_infidelity_start(attrib_context *context, const attrib_model *model, const void *input,
                                      int64_t target, const double *scores, const attrib_baselines *baselines,
                                      const attrib_infidelity_options *options, attrib_run **run);
attrib_status attrib_sensitivity_max(attrib_context *context, uint32_t dtype, int64_t n_inputs, const void *input,
                                     int64_t n_attributions, attrib_explain_fn explain, void *user,
                                     const attrib_sensitivity_max_options *options, double *value,
                                     attrib_report *report);
attrib_status attrib_ablate_row(attrib_context *context, uint32_t dtype, int64_t n_inputs, const void *input,
                                const double *scores, const void *replacement, double fraction,
                                const attrib_ablate_options *options, void *row);
attrib_status attrib_retraining_row(const attrib_retraining_set *set, int64_t index, void *row);
attrib_status attrib_retraining(attrib_context *context, uint32_t dtype, int64_t n_inputs, const attrib_baselines *rows,
                                const attrib_baselines *scores, attrib_train_fn train, void *user,
                                const attrib_retraining_options *options, double *values, attrib_report *report);
attrib_status attrib_run_set_trace(attrib_run *run, void *trace, int64_t capacity, int64_t stride);
attrib_status attrib_run_next(attrib_run *run, attrib_batch **batch);
attrib_status attrib_run_submit(attrib_run *run, attrib_batch *batch, int32_t model_status);
int32_t attrib_run_done(const attrib_run *run);
attrib_status attrib_run_result(attrib_run *run, double *attributions, attrib_report *report);
attrib_status attrib_run_extend(attrib_run *run, double tolerance, int64_t max_evaluations, double deadline_seconds);
const char *attrib_run_error(const attrib_run *run);
void attrib_run_destroy(attrib_run *run);
attrib_status attrib_image_fill(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                const double *values, void *row);
attrib_status attrib_image_mean_fill(attrib_context *context, uint32_t dtype, const attrib_image *shape,
                                     const void *input, void *row);
attrib_status attrib_image_blur(attrib_context *context, uint32_t dtype, const attrib_image *shape, const void *input,
                                double sigma, void *row);
attrib_status attrib_image_reduce(attrib_context *context, const attrib_image *shape, const double *attributions,
                                  uint32_t mode, double *map);
attrib_status attrib_image_scale(attrib_context *context, int64_t count, double percentile, uint32_t mode,
                                 const double *map, double *scale);
attrib_status attrib_image_normalise(attrib_context *context, int64_t count, double percentile, uint32_t mode,
                                     double fixed_scale, double *map);
attrib_status attrib_image_regions(attrib_context *context, int64_t width, int64_t height, const double *map,
                                   const attrib_segments *segments, int32_t *order, double *gains, int64_t *regions);
attrib_status attrib_image_colorize(attrib_context *context, int64_t count, const double *map, uint32_t palette,
                                    uint8_t *rgba);
attrib_status attrib_image_overlay(attrib_context *context, int64_t count, const uint8_t *photo_rgba, double opacity,
                                   uint8_t *rgba);
attrib_status attrib_compare_maps(attrib_context *context, int64_t count, const double *a, const double *b,
                                  const attrib_comparison_options *options, attrib_comparison *comparison);
attrib_status attrib_localise(attrib_context *context, int64_t count, const double *map, const uint8_t *mask,
                              const attrib_localisation_options *options, attrib_localisation *localisation);
attrib_status attrib_baseline_report(attrib_context *context, const attrib_model *model, const void *input,
                                     int64_t target, const attrib_baselines *baselines,
                                     const attrib_baseline_report_options *options, double *values,
                                     attrib_report *report);
attrib_status attrib_baseline_report_start(attrib_context *context, const attrib_model *model, const void *input,
                                           int64_t target, const attrib_baselines *baselines,
                                           const attrib_baseline_report_options *options, attrib_run **run);
attrib_status attrib_randomisation_check(attrib_context *context, const attrib_randomisable *subject, const void *input,
                                         const attrib_randomisation_options *options, double *values,
                                         attrib_report *report);
attrib_status attrib_torch_open(const char *path, const attrib_torch_options *options, attrib_torch **network,
                                char *message, int64_t message_capacity);
attrib_status attrib_torch_model(const attrib_torch *network, attrib_model *model);
int64_t attrib_torch_error(const attrib_torch *network, char *message, int64_t capacity);
void attrib_torch_close(attrib_torch *network);

int32_t ATTRIB_CALL layout_model(const attrib_batch *batch, void *user);
int32_t ATTRIB_CALL layout_baseline(int64_t index, void *row, void *user);
int32_t ATTRIB_CALL layout_path(double alpha, void *point, void *tangent, void *user);
int32_t ATTRIB_CALL layout_explain(const attrib_explanation *wanted, void *user);
int32_t ATTRIB_CALL layout_size(const void *picture, double *size, void *user);
int32_t ATTRIB_CALL layout_progress(const attrib_progress *progress, void *user);
int32_t ATTRIB_CALL layout_randomise(uint32_t action, int64_t layer, uint64_t seed, void *user);
int32_t ATTRIB_CALL layout_train(const attrib_retraining_set *set, double *accuracy, void *user);
void *ATTRIB_CALL layout_allocate(size_t size, size_t alignment, void *user);
void ATTRIB_CALL layout_release(void *block, size_t size, void *user);

/* Callbacks of these types fit. */
void layout_assign(attrib_allocator *allocator, attrib_baselines *set, attrib_path *path, attrib_model *model);
void layout_assign(attrib_allocator *allocator, attrib_baselines *set, attrib_path *path, attrib_model *model) {
  attrib_progress_fn progress = layout_progress;
  attrib_explain_fn explain = layout_explain;
  attrib_size_fn size = layout_size;
  attrib_randomise_fn randomise = layout_randomise;
  attrib_train_fn train = layout_train;
  allocator->allocate = layout_allocate;
  allocator->release = layout_release;
  set->fetch = layout_baseline;
  set->fetch = attrib_noise_fetch;
  path->at = layout_path;
  model->evaluate = layout_model;
  (void)progress;
  (void)explain;
  (void)size;
  (void)randomise;
  (void)train;
}
#ifdef __cplusplus
}
#endif
