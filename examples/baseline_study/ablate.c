#include "ablate.h"

#include <math.h>

#include "network.h"

attrib_status measure_fills(measurer *m) {
  const attrib_image shape = network_bundled_shape();
  attrib_status status = attrib_image_mean_fill(m->context, ATTRIB_F32, &shape, m->x, m->mean);
  if (status >= 0) status = attrib_image_blur(m->context, ATTRIB_F32, &shape, m->x, STUDY_SIGMA, m->blurred);
  if (status >= 0) status = attrib_baseline_fill(m->context, ATTRIB_F32, SMALL_NET_INPUTS, 0, m->black);
  return status;
}

/* Published settings: the Distill tests by ratios; deletion to black, insertion into the blur, both of the bare
 * probability (RISE; there in steps of 224 of 50176 pixels, here in twenty). */
attrib_status measure_ablation(measurer *m, measurement *line) {
  const attrib_image shape = network_bundled_shape();
  const test_info *info = plan_test(line->test);
  const bool rise = line->test == TEST_DELETION || line->test == TEST_INSERTION;
  const bool centre = line->test == TEST_CENTRE_MEAN || line->test == TEST_CENTRE_BLUR;
  attrib_ablation_options options = {.struct_size = sizeof options,
                                     .flags = ATTRIB_METRIC_SOFTMAX,
                                     .order = line->test == TEST_INSERTION,
                                     .selection = centre ? ATTRIB_SELECT_CENTRE_EDGE : ATTRIB_SELECT_RANKED,
                                     .curve = rise ? ATTRIB_CURVE_RAW : ATTRIB_CURVE_RATIO,
                                     .points = info->points - 1,
                                     .shape = &shape};
  attrib_noise noise = map_uniform_noise(m->settings);
  attrib_baselines fill = {.struct_size = sizeof fill, .count = 1};
  attrib_report report = measurer_report(m);
  switch (line->test) {
    case TEST_TOP_UNIFORM:
      fill.count = NOISE_FILLS;
      fill.fetch = attrib_noise_fetch;
      fill.fetch_user = &noise;
      break;
    case TEST_TOP_BLUR:
    case TEST_CENTRE_BLUR:
    case TEST_INSERTION: fill.rows = m->blurred; break;
    case TEST_DELETION: fill.rows = m->black; break;
    default: fill.rows = m->mean; break;
  }
  attrib_status status = attrib_ablation(m->context, &m->pictures->model, m->x, picture_class(m->number), m->scores,
                                         &fill, &options, line->value, &report);
  line->score = report.objective;
  return status;
}

attrib_status measure_diff_id(measurer *m, measurement *line) {
  enum { R = 9 };
  double values[3 * R];
  const attrib_diff_id_options options = {.struct_size = sizeof options, .flags = ATTRIB_METRIC_SOFTMAX, .points = R};
  attrib_report report = measurer_report(m);
  attrib_status status = attrib_diff_id(m->context, &m->pictures->model, m->x, picture_class(m->number), m->scores,
                                        &options, values, &report);
  for (int i = 0; i < R; i++) line->value[i] = values[2 * R + i];
  line->score = report.objective;
  return status;
}

attrib_status measure_place(measurer *m, measurement *line) {
  const attrib_image shape = network_bundled_shape();
  const attrib_localisation_options options = {.struct_size = sizeof options};
  attrib_localisation found = {.struct_size = sizeof found};
  attrib_status status = attrib_image_reduce(m->context, &shape, m->scores, ATTRIB_REDUCE_SUM, m->map);
  if (status >= 0) status = attrib_localise(m->context, PIXELS, m->map, m->mask, &options, &found);
  if (status < 0) return status;
  line->score = line->test == TEST_MASS      ? found.absolute_inside
                : line->test == TEST_OVERLAP ? found.intersection_union
                : found.hit >= 0             ? found.hit
                                             : (double)NAN;
  return status;
}
