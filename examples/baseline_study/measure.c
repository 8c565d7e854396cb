#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ablate.h"
#include "atomic_file.h"
#include "faithfulness.h"

int measurer_create(const study_pictures *p, const settings *s, uint32_t workers, measurer **created, char *message) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = workers};
  measurer *m = calloc(1, sizeof *m);
  *created = m;
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory");
  if (m == NULL) return -1;
  m->pictures = p;
  m->settings = s;
  m->message = message;
  attrib_report report = measurer_report(m);
  attrib_status status = attrib_context_create(&options, &m->context);
  if (status == ATTRIB_OK) status = attrib_context_create(&options, &m->outer);
  if (status < 0) snprintf(message, FILE_MESSAGE_CAPACITY, "%u workers: %s", workers, attrib_status_text(status));
  if (status == ATTRIB_OK) status = map_maker_init(&m->maker, p, s, m->context, &report);
  if (status >= 0) return 0;
  measurer_free(m);
  *created = NULL;
  return -1;
}

void measurer_free(measurer *m) {
  if (m == NULL) return;
  attrib_context_destroy(m->outer);
  attrib_context_destroy(m->context);
  free(m);
}

attrib_report measurer_report(const measurer *m) {
  return (attrib_report){
      .struct_size = sizeof(attrib_report), .message = m->message, .message_capacity = FILE_MESSAGE_CAPACITY};
}

map_request measurer_request(const measurer *m, study_map map) {
  return (map_request){
      .map = map, .x = m->x, .number = m->number, .sigma = STUDY_SIGMA, .samples = m->settings->samples};
}

/* One number for a map, or a curve. */
static attrib_status run_test(measurer *m, measurement *line) {
  switch (line->test) {
    case TEST_DIFF_ID: return measure_diff_id(m, line);
    case TEST_MASS:
    case TEST_OVERLAP:
    case TEST_POINTING: return measure_place(m, line);
    case TEST_SENSITIVITY_N: return measure_sensitivity_n(m, line);
    case TEST_INFIDELITY: return measure_infidelity(m, line);
    case TEST_SENSITIVITY_MAX: return measure_sensitivity_max(m, line);
    default: return measure_ablation(m, line);
  }
}

static void clear(measurement *line) {
  line->score = (double)NAN;
  for (int i = 0; i < MOST_POINTS; i++) line->value[i] = (double)NAN;
}

/* All points of a map in a sweep: two lines, of two tests, which see the same maps. */
static attrib_status sweep(measurer *m, measurement *top, measurement *mass) {
  const test_info *info = plan_test(top->test);
  measurement one = {.map = top->map};
  attrib_status status = ATTRIB_OK;
  for (int i = 0; i < info->points && status >= 0; i++) {
    map_request request = measurer_request(m, top->map);
    attrib_report report = measurer_report(m);
    if (top->test == TEST_SIGMA_TOP)
      request.sigma = info->at[i];
    else
      request.samples = (int64_t)info->at[i];
    status = map_make(&m->maker, &request, m->scores, &report);
    one.test = TEST_TOP_MEAN;
    if (status >= 0) status = measure_ablation(m, &one);
    top->value[i] = one.score;
    one.test = TEST_MASS;
    if (status >= 0) status = measure_place(m, &one);
    mass->value[i] = one.score;
  }
  return status;
}

static attrib_status measure(measurer *m, study_part part, measurement *lines, void (*done)(double share)) {
  const int count = plan_lines(part);
  attrib_status status = measure_fills(m);
  for (int i = 0; i < count; i++) {
    plan_line(part, i, &lines[i].map, &lines[i].test);
    clear(&lines[i]);
  }
  for (int i = 0; i < count && status >= 0; i++) {
    if (part == PART_SWEEP) {
      status = sweep(m, &lines[i], &lines[i + 1]);
      i++;
    } else {
      const map_request request = measurer_request(m, lines[i].map);
      attrib_report report = measurer_report(m);
      if (i == 0 || lines[i].map != lines[i - 1].map) status = map_make(&m->maker, &request, m->scores, &report);
      if (status >= 0) status = run_test(m, &lines[i]);
    }
    done((double)(i + 1) / count);
  }
  return status;
}

int measure_unit(measurer *m, study_part part, int64_t number, measurement *lines, void (*done)(double share),
                 char *message) {
  m->number = number;
  m->x = picture_row(m->pictures, number);
  m->message = message;
  message[0] = '\0';
  picture_mask(m->pictures, number, m->mask);
  attrib_status status = measure(m, part, lines, done);
  if (status >= 0) return 0;
  if (message[0] == '\0')
    snprintf(message, FILE_MESSAGE_CAPACITY, "picture %lld: %s", (long long)number, attrib_status_text(status));
  return -1;
}
