/* first_size.h - the size of every public struct in its first version, which a caller may still have compiled. Shipped,
 * so never edited: a struct that grows keeps its line here. */
#ifndef ATTRIB_SRC_FIRST_SIZE_H
#define ATTRIB_SRC_FIRST_SIZE_H

#include <stddef.h>

/* Up to and including the member that was the last. */
#define ATTRIB__THROUGH(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

#define ATTRIB__FIRST_MODEL ATTRIB__THROUGH(attrib_model, user)
#define ATTRIB__FIRST_ALLOCATOR ATTRIB__THROUGH(attrib_allocator, reserved)
#define ATTRIB__FIRST_CONTEXT_OPTIONS ATTRIB__THROUGH(attrib_context_options, reserved)
#define ATTRIB__FIRST_BASELINES ATTRIB__THROUGH(attrib_baselines, fetch_user)
#define ATTRIB__FIRST_NOISE ATTRIB__THROUGH(attrib_noise, reserved)
#define ATTRIB__FIRST_PATH ATTRIB__THROUGH(attrib_path, user)
#define ATTRIB__FIRST_IG_OPTIONS ATTRIB__THROUGH(attrib_ig_options, groups)
#define ATTRIB__FIRST_EG_OPTIONS ATTRIB__THROUGH(attrib_eg_options, groups)
#define ATTRIB__FIRST_SMOOTHGRAD_OPTIONS ATTRIB__THROUGH(attrib_smoothgrad_options, high)
#define ATTRIB__FIRST_AGI_OPTIONS ATTRIB__THROUGH(attrib_agi_options, groups)
#define ATTRIB__FIRST_GUIDED_OPTIONS ATTRIB__THROUGH(attrib_guided_options, groups)
#define ATTRIB__FIRST_IG2_OPTIONS ATTRIB__THROUGH(attrib_ig2_options, groups)
#define ATTRIB__FIRST_IDGI_OPTIONS ATTRIB__THROUGH(attrib_idgi_options, groups)
#define ATTRIB__FIRST_LAYER_OPTIONS ATTRIB__THROUGH(attrib_layer_options, reserved)
#define ATTRIB__FIRST_RECALIBRATION_OPTIONS ATTRIB__THROUGH(attrib_recalibration_options, groups)
#define ATTRIB__FIRST_BLUR_IG_OPTIONS ATTRIB__THROUGH(attrib_blur_ig_options, groups)
#define ATTRIB__FIRST_SEARCH_OPTIONS ATTRIB__THROUGH(attrib_search_options, reserved)
#define ATTRIB__FIRST_ASCENT_OPTIONS ATTRIB__THROUGH(attrib_ascent_options, reserved)
#define ATTRIB__FIRST_NOISING_OPTIONS ATTRIB__THROUGH(attrib_noising_options, groups)
#define ATTRIB__FIRST_INTERACTIONS_OPTIONS ATTRIB__THROUGH(attrib_interactions_options, groups)
#define ATTRIB__FIRST_ABLATION_OPTIONS ATTRIB__THROUGH(attrib_ablation_options, reserved)
#define ATTRIB__FIRST_DIFF_ID_OPTIONS ATTRIB__THROUGH(attrib_diff_id_options, reserved)
#define ATTRIB__FIRST_SENSITIVITY_N_OPTIONS (offsetof(attrib_sensitivity_n_options, shape) + sizeof(void *))
#define ATTRIB__FIRST_INFIDELITY_OPTIONS ATTRIB__THROUGH(attrib_infidelity_options, reserved)
#define ATTRIB__FIRST_SENSITIVITY_MAX_OPTIONS ATTRIB__THROUGH(attrib_sensitivity_max_options, high)
#define ATTRIB__FIRST_INFORMATION_OPTIONS ATTRIB__THROUGH(attrib_information_options, reserved)
#define ATTRIB__FIRST_ABLATE_OPTIONS ATTRIB__THROUGH(attrib_ablate_options, groups)
#define ATTRIB__FIRST_RETRAINING_OPTIONS ATTRIB__THROUGH(attrib_retraining_options, groups)
#define ATTRIB__FIRST_REPORT ATTRIB__THROUGH(attrib_report, reserved)
#define ATTRIB__FIRST_TRACE_POINT ATTRIB__THROUGH(attrib_trace_point, row_id)
#define ATTRIB__FIRST_IMAGE ATTRIB__THROUGH(attrib_image, channel_stride)
#define ATTRIB__FIRST_SEGMENTS ATTRIB__THROUGH(attrib_segments, reserved)
#define ATTRIB__FIRST_COMPARISON_OPTIONS ATTRIB__THROUGH(attrib_comparison_options, reserved)
#define ATTRIB__FIRST_COMPARISON ATTRIB__THROUGH(attrib_comparison, largest_difference)
#define ATTRIB__FIRST_LOCALISATION_OPTIONS ATTRIB__THROUGH(attrib_localisation_options, tolerance)
#define ATTRIB__FIRST_LOCALISATION ATTRIB__THROUGH(attrib_localisation, intersection_union)
#define ATTRIB__FIRST_BASELINE_REPORT_OPTIONS ATTRIB__THROUGH(attrib_baseline_report_options, maps)
#define ATTRIB__FIRST_RANDOMISABLE ATTRIB__THROUGH(attrib_randomisable, randomise_user)
#define ATTRIB__FIRST_RANDOMISATION_OPTIONS ATTRIB__THROUGH(attrib_randomisation_options, reserved)
#define ATTRIB__FIRST_CHECK_OPTIONS (offsetof(attrib_check_options, shape) + sizeof(void *))
#define ATTRIB__FIRST_CHECK_FINDING ATTRIB__THROUGH(attrib_check_finding, bound)
#define ATTRIB__FIRST_CHECK_REPORT ATTRIB__THROUGH(attrib_check_report, text)

#endif
