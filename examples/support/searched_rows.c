#include "searched_rows.h"

#include <stdio.h>
#include <string.h>

#include "option_words.h"
#include "training_rows.h"

bool is_searched_row(const char *name) {
  return strcmp(name, "max-entropy") == 0 || strcmp(name, "near-zero") == 0 || strcmp(name, "ascent") == 0;
}

/* From a training picture of another class. */
static attrib_status near_zero(attrib_context *context, const attrib_model *logits, const baseline_request *request,
                               const subject *s, const attrib_search_options *options, baseline_choice *choice,
                               attrib_report *report) {
  baseline_request other = *request;
  other.name = "other-class";
  if (choose_training_rows(&other, s, choice, report->message) != 0) return ATTRIB_E_ARGUMENT;
  attrib_search_options near = *options;
  near.goal = 1e-6; /* many a picture of another class is under 0.001 as it is */
  return attrib_baseline_near_zero(context, logits, choice->bank.rows, request->target, &near, choice->row, report);
}

/* The score explained is the subject's; probabilities are those of its logits. */
static attrib_status search(attrib_context *context, const baseline_request *request, const subject *s,
                            baseline_choice *choice, attrib_report *report) {
  const attrib_search_options options = {.struct_size = sizeof options, .low = 0, .high = 1};
  const attrib_ascent_options ascent = {.struct_size = sizeof ascent, .low = 0, .high = 1};
  if (strcmp(request->name, "ascent") == 0)
    return attrib_baseline_ascent(context, &s->model, s->input.pixels, request->target, &ascent, choice->row, report);
  const attrib_model *logits = &s->net->logits;
  if (strcmp(request->name, "near-zero") == 0) return near_zero(context, logits, request, s, &options, choice, report);
  return attrib_baseline_max_entropy(context, logits, NULL, &options, choice->row, report);
}

int choose_searched_row(const baseline_request *request, const subject *s, baseline_choice *choice, char *message) {
  attrib_context *context;
  if (strcmp(request->name, "ascent") != 0 && s->net->logits.evaluate == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "baseline %s: the network's logits are not known", request->name);
    return -1;
  }
  if (choose_baseline_row(s, choice, message) != 0) return -1;
  attrib_status status = attrib_context_create(NULL, &context);
  if (status < 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "baseline %s: %s", request->name, attrib_status_text(status));
    return -1;
  }
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = FILE_MESSAGE_CAPACITY};
  status = attrib_context_set_progress(context, request->progress, request->progress_user);
  if (status == ATTRIB_OK) status = search(context, request, s, choice, &report);
  attrib_context_destroy(context);
  if (status == ATTRIB_CANCELLED) snprintf(message, FILE_MESSAGE_CAPACITY, "baseline %s: cancelled", request->name);
  if (status == ATTRIB_CANCELLED) return -1;
  option_words(message);
  if (status < 0) return -1;
  choice->set.count = 1;
  choice->set.rows = choice->row;
  const char *reached = strcmp(request->name, "max-entropy") == 0 ? "entropy"
                        : strcmp(request->name, "ascent") == 0    ? "output"
                                                                  : "p";
  snprintf(choice->found, sizeof choice->found, "%s %.3g%s", reached, report.objective,
           status == ATTRIB_NOT_CONVERGED ? " (!)" : "");
  snprintf(choice->text, sizeof choice->text, "%s (%s, model rows: %lld)", request->name, choice->found,
           (long long)report.evaluations + (long long)report.output_evaluations);
  message[0] = '\0';
  return 0;
}
