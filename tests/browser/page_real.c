/* Real runs of the bundled network, as explain_image would hand them to the page. */
#include <stdio.h>
#include <stdlib.h>

#include "bundled.h"
#include "pages.h"

enum { PICTURES = 3, MAPS = 6, SETTINGS = 5, FACTS = 3, TRACE = 2048, POINTS = 20, TEXT = 96 };
static const int shown[PICTURES] = {9, 5, 7}; /* star_black, heart_red, ring_yellow */

typedef struct one_map {
  double attributions[BUNDLED_N];
  double deletion[POINTS + 1], insertion[POINTS + 1];
  float row[BUNDLED_N];
  char message[256], settings[SETTINGS][TEXT];
  report_pair pairs[SETTINGS];
  alpha_curve curve;
  report_ablation ablation;
  attrib_trace_point *trace;
} one_map;

typedef struct one_picture {
  one_map maps[MAPS];
  report_map shown[MAPS];
  report_pair facts[FACTS];
  char target[TEXT], texts[FACTS][TEXT];
} one_picture;

static const struct {
  const char *method, *baseline;
} plan[MAPS] = {{"Integrated gradients", "black"},        {"Integrated gradients", "white"},
                {"Integrated gradients", "blur"},         {"Guided integrated gradients", "black"},
                {"Guided integrated gradients", "white"}, {"Expected gradients", "training pictures"}};

static attrib_image shape(void) {
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = SMALL_NET_WIDTH,
                        .height = SMALL_NET_HEIGHT,
                        .channels = 3,
                        .x_stride = 1,
                        .y_stride = SMALL_NET_WIDTH,
                        .channel_stride = (int64_t)SMALL_NET_WIDTH * SMALL_NET_HEIGHT};
}

static void expect(attrib_status status, const char *message) {
  if (status < 0) fail(message);
}

/* The baseline of map m: black, white or the picture blurred. */
static attrib_baselines baseline_of(bundled *b, const bundled_picture *picture, int m, float *row) {
  const attrib_image of = shape();
  for (int64_t i = 0; i < BUNDLED_N; i++) row[i] = m == 1 || m == 4 ? 1 : 0;
  if (m == 2) expect(attrib_image_blur(b->context, ATTRIB_F32, &of, picture->image.pixels, 5, row), "blur");
  if (m == 5) return bundled_baselines(b, 96);
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = 1, .rows = row};
}

static attrib_status run(bundled *b, const attrib_model *model, const bundled_picture *picture, int m, one_map *to,
                         attrib_report *report) {
  const attrib_baselines set = baseline_of(b, picture, m, to->row);
  const float *input = picture->image.pixels;
  const attrib_guided_options guided = {.struct_size = sizeof guided, .steps = 100};
  const attrib_eg_options draws = {.struct_size = sizeof draws, .samples = 200, .seed = 1};
  if (m == 5)
    return attrib_expected_gradients(b->context, model, input, picture->target, &set, &draws, to->attributions, report);
  if (m >= 3)
    return attrib_guided_integrated_gradients(b->context, model, input, picture->target, &set, &guided,
                                              to->attributions, report);
  return attrib_integrated_gradients(b->context, model, input, picture->target, &set, NULL, to->attributions, report);
}

static void ablate(bundled *b, const bundled_picture *picture, one_map *to) {
  const attrib_image of = shape();
  const attrib_model model = bundled_model(b, SMALL_NET_PROBABILITY);
  float mean[BUNDLED_N];
  expect(attrib_image_mean_fill(b->context, ATTRIB_F32, &of, picture->image.pixels, mean), "mean");
  const attrib_baselines fill = {.struct_size = sizeof fill, .count = 1, .rows = mean};
  attrib_report report = {.struct_size = sizeof report};
  attrib_ablation_options options = {.struct_size = sizeof options, .points = POINTS, .shape = &of};
  expect(attrib_ablation(b->context, &model, picture->image.pixels, picture->target, to->attributions, &fill, &options,
                         to->deletion, &report),
         "deletion");
  to->ablation = (report_ablation){.response = "probability",
                                   .replacement = "the mean colour",
                                   .points = POINTS + 1,
                                   .deletion = to->deletion,
                                   .insertion = to->insertion,
                                   .deletion_area = report.objective};
  options.order = ATTRIB_ABLATION_INSERTION;
  expect(attrib_ablation(b->context, &model, picture->image.pixels, picture->target, to->attributions, &fill, &options,
                         to->insertion, &report),
         "insertion");
  to->ablation.insertion_area = report.objective;
}

static void describe(one_map *of, int m, const attrib_report *report, report_map *map) {
  static const char *const names[SETTINGS] = {"score", "points", "stopped because", "seed", "workers"};
  snprintf(of->settings[0], TEXT, "logit");
  snprintf(of->settings[1], TEXT, "%lld", (long long)report->points);
  snprintf(of->settings[2], TEXT, "%s",
           report->stop_reason == ATTRIB_STOP_TOLERANCE ? "tolerance met" : "all rows done");
  snprintf(of->settings[3], TEXT, "%llu", (unsigned long long)report->seed);
  snprintf(of->settings[4], TEXT, "2");
  for (int i = 0; i < SETTINGS; i++) of->pairs[i] = (report_pair){names[i], of->settings[i]};
  map->method = plan[m].method;
  map->baseline = plan[m].baseline;
  map->meaning = "The value of a pixel is what it adds to the logit: red raises it, blue lowers it.";
  map->high = "for the target";
  map->low = "against";
  map->channels = SMALL_NET_CHANNELS;
  map->attributions = of->attributions;
  map->axis = m < 5 ? "\xCE\xB1: 0 is the baseline, 1 the picture" : NULL;
  map->curve = m < 5 ? &of->curve : NULL;
  map->ablation = &of->ablation;
  map->settings = of->pairs;
  map->n_settings = SETTINGS;
}

static void make_map(bundled *b, const bundled_picture *picture, int m, one_map *to, report_map *map) {
  const attrib_model model = bundled_model(b, SMALL_NET_LOGIT);
  to->trace = take_memory(TRACE, sizeof *to->trace);
  attrib_report report = {.struct_size = sizeof report,
                          .trace = to->trace,
                          .trace_capacity = TRACE,
                          .message = to->message,
                          .message_capacity = sizeof to->message};
  const attrib_status status = run(b, &model, picture, m, to, &report);
  expect(status, to->message);
  if (m < 5 && alpha_curve_from_trace(&report, false, &to->curve) != 0) fail("out of memory");
  ablate(b, picture, to);
  report_map_numbers(map, status, &report);
  describe(to, m, &report, map);
}

static void make_picture(bundled *b, const bundled_picture *from, one_picture *to, report_picture *picture) {
  const char *name = small_net_class_name(b->net, from->target);
  snprintf(to->target, TEXT, "%s", name);
  snprintf(to->texts[0], TEXT, "%s, %.1f %%", name, 100 * from->probability);
  snprintf(to->texts[1], TEXT, "%d x %d", SMALL_NET_WIDTH, SMALL_NET_HEIGHT);
  to->facts[0] = (report_pair){"prediction", to->texts[0]};
  to->facts[1] = (report_pair){"size", to->texts[1]};
  to->facts[2] = (report_pair){"network", "bundled, ten shapes"};
  for (int m = 0; m < MAPS; m++) {
    make_map(b, from, m, &to->maps[m], &to->shown[m]);
    to->shown[m].target = to->target;
  }
  *picture = (report_picture){.name = from->name,
                              .width = SMALL_NET_WIDTH,
                              .height = SMALL_NET_HEIGHT,
                              .planes = from->image.pixels,
                              .facts = to->facts,
                              .n_facts = FACTS,
                              .maps = to->shown,
                              .n_maps = MAPS};
}

void write_real(const char *path) {
  static bundled b; /* too large for a stack */
  report_picture pictures[PICTURES];
  one_picture *made = take_memory(PICTURES, sizeof *made);
  bundled_open(&b);
  for (int p = 0; p < PICTURES; p++) make_picture(&b, &b.pictures[shown[p]], &made[p], &pictures[p]);
  const report_pair versions[] = {{"libattrib", attrib_version_string()}, {"page", "1"}};
  const report_page page = {.title = "Why the bundled network sees what it sees",
                            .summary = "Three pictures, explained from several baselines by three methods.",
                            .pictures = pictures,
                            .n_pictures = PICTURES,
                            .versions = versions,
                            .n_versions = 2};
  write_page(&page, path);
  for (int p = 0; p < PICTURES; p++)
    for (int m = 0; m < MAPS; m++) {
      free(made[p].maps[m].trace);
      alpha_curve_free(&made[p].maps[m].curve);
    }
  free(made);
  bundled_close(&b);
}
