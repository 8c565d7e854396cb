#include "faithfulness.h"

#include "network.h"

/* All maps are judged by the same question, whatever their own baseline: what happens to the logit when pixels turn to
 * the picture's mean colour. */
static attrib_baselines mean_colour(const measurer *m) {
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = 1, .rows = m->mean};
}

attrib_status measure_sensitivity_n(measurer *m, measurement *line) {
  const attrib_image shape = network_bundled_shape();
  const attrib_baselines fill = mean_colour(m);
  const test_info *info = plan_test(line->test);
  int64_t sizes[MOST_POINTS];
  for (int i = 0; i < info->points; i++) sizes[i] = (int64_t)info->at[i];
  const attrib_sensitivity_n_options options = {.struct_size = sizeof options,
                                                .seed = (uint64_t)m->settings->seed,
                                                .n_sizes = info->points,
                                                .sizes = sizes,
                                                .shape = &shape};
  attrib_report report = measurer_report(m);
  attrib_status status = attrib_sensitivity_n(m->context, &m->pictures->model, m->x, picture_class(m->number),
                                              m->scores, &fill, &options, line->value, &report);
  line->score = report.objective;
  return status;
}

/* Squares of one to ten pixels, 500 of all that there are; scaled, so that maps of other baselines have a chance. */
attrib_status measure_infidelity(measurer *m, measurement *line) {
  const attrib_image shape = network_bundled_shape();
  const attrib_baselines fill = mean_colour(m);
  const attrib_infidelity_options options = {.struct_size = sizeof options,
                                             .flags = ATTRIB_INFIDELITY_SCALED,
                                             .perturbation = ATTRIB_INFIDELITY_SQUARES,
                                             .seed = (uint64_t)m->settings->seed,
                                             .samples = 500,
                                             .shape = &shape};
  attrib_report report = measurer_report(m);
  return attrib_infidelity(m->context, &m->pictures->model, m->x, picture_class(m->number), m->scores, &fill, &options,
                           &line->score, &report);
}

typedef struct explainer {
  measurer *m;
  study_map map;
} explainer;

/* The same draws at every point: the map's seed is that of the settings and of the picture's number. */
static int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  const explainer *e = user;
  map_request request = measurer_request(e->m, e->map);
  request.x = wanted->input;
  return map_make(&e->m->maker, &request, wanted->attributions, wanted->report);
}

attrib_status measure_sensitivity_max(measurer *m, measurement *line) {
  const attrib_sensitivity_max_options options = {
      .struct_size = sizeof options, .seed = (uint64_t)m->settings->seed, .high = 1};
  explainer e = {m, line->map};
  attrib_report report = measurer_report(m);
  return attrib_sensitivity_max(m->outer, ATTRIB_F32, SMALL_NET_INPUTS, m->x, SMALL_NET_INPUTS, explain, &e, &options,
                                &line->score, &report);
}
