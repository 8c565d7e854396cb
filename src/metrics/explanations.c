/* explanations.c - see explanations.h. */
#include "explanations.h"

#include <inttypes.h>
#include <string.h>

#include <attrib/model.h>

#include "../rows/rows.h"

enum { NAME_CAPACITY = 80 };

static void add_up(attrib__explanations *self, const attrib_report *inner) {
  self->report->evaluations += inner->evaluations;
  self->report->output_evaluations += inner->output_evaluations;
  self->report->model_calls += inner->model_calls;
  if (inner->peak_bytes > self->inner_bytes) self->inner_bytes = inner->peak_bytes;
}

static attrib_status check_map(const attrib__explanations *self, const char *name, const double *map) {
  const int64_t bad = attrib__rows_find_nonfinite(ATTRIB_F64, map, self->count);
  if (bad < 0) {
    self->report->failed_row = -1;
    return ATTRIB_OK;
  }
  if (attrib__rows_find_mark(ATTRIB_F64, map, bad, 1) >= 0)
    return attrib__fail(self->context, ATTRIB_E_NONFINITE, "%s left attribution %" PRId64 " of %s unwritten",
                        self->callback, bad, name);
  return attrib__fail(self->context, ATTRIB_E_NONFINITE, "%s: attribution %" PRId64 " of %s is %g", self->callback, bad,
                      name, map[bad]);
}

attrib_status attrib__explanations_ask(attrib__explanations *self, int64_t index, const void *input, double *map) {
  attrib_report inner = {
      .struct_size = sizeof inner, .message = self->message, .message_capacity = ATTRIB__MESSAGE_CAPACITY};
  const attrib_explanation wanted = {.struct_size = sizeof wanted,
                                     .index = index,
                                     .seed = self->seed,
                                     .input = input,
                                     .attributions = map,
                                     .report = &inner};
  char text[NAME_CAPACITY];
  const char *name = self->name(self->namer, index, text, sizeof text);
  self->message[0] = '\0';
  attrib__rows_mark(ATTRIB_F64, map, 0, self->count);
  const int32_t status = self->explain(&wanted, self->user);
  self->message[ATTRIB__MESSAGE_CAPACITY - 1] = '\0';
  const char *colon = self->message[0] == '\0' ? "" : ": ";
  add_up(self, &inner);
  if (status != 0) self->report->model_status = status;
  if (status == ATTRIB_NOT_CONVERGED && self->rough_index < 0) {
    self->rough_index = index;
    memcpy(self->rough, self->message, ATTRIB__MESSAGE_CAPACITY);
  }
  self->report->failed_row = index; /* unless it is found to be good */
  if (status == ATTRIB_OK || status == ATTRIB_NOT_CONVERGED) return check_map(self, name, map);
  if (status == ATTRIB_UNDEFINED)
    return attrib__fail(self->context, ATTRIB_UNDEFINED, "%s has no attributions for %s%s%.200s", self->callback, name,
                        colon, self->message);
  if (status > 0) return ATTRIB_CANCELLED;
  return attrib__fail(self->context, ATTRIB_E_CALLBACK, "%s returned %" PRId32 " for %s%s%.200s", self->callback,
                      status, name, colon, self->message);
}

attrib_status attrib__explanations_judge(const attrib__explanations *self) {
  if (self->rough_index < 0) return ATTRIB_OK;
  char text[NAME_CAPACITY];
  return attrib__fail(self->context, ATTRIB_NOT_CONVERGED, "%s did not converge for %s%s%.200s", self->callback,
                      self->name(self->namer, self->rough_index, text, sizeof text), self->rough[0] == '\0' ? "" : ": ",
                      self->rough);
}
