#include "check_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/check.h>

#include "command_line.h"
#include "interrupt.h"
#include "progress.h"
#include "targets.h"

enum { SENTENCES = 8192 };

/* The row that the picture is held against. NULL after a message. */
static float *make_row(const arguments *a, const subject *s, const target_choice *target, char *message) {
  const size_t bytes = (size_t)s->net->inputs * sizeof(float);
  baseline_choice choice = {.row = NULL};
  method_job job;
  baseline_request request;
  pair_job(&a->pairs[0], &job, &request);
  const bool settled = method_settle("explain_image", &job, &request); /* it has been settled before */
  if (request.name == NULL) request = (baseline_request){.name = "black"};
  request.target = target->classes[0];
  float *row = settled ? malloc(bytes) : NULL;
  int status = row == NULL ? -1 : choose_baseline(&request, s, &choice, message);
  if (row == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a baseline");
  if (status == 0 && choice.set.rows != NULL) memcpy(row, choice.set.rows, bytes);
  if (status == 0 && choice.set.rows == NULL && choice.set.fetch(0, row, choice.set.fetch_user) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the baseline cannot be made");
    status = -1;
  }
  choose_baseline_free(&choice);
  if (status == 0) return row;
  free(row);
  return NULL;
}

/* "  text" for each of the lines. */
static void print_lines(char *text) {
  for (char *line = text, *end; *line != '\0'; line = end) {
    end = line + strcspn(line, "\n");
    if (*end != '\0') *end++ = '\0';
    printf("  %s\n", one_line(line));
  }
}

static attrib_status call(const arguments *a, const subject *s, const target_choice *target, const float *row,
                          attrib_check_report *report, char *message) {
  progress bar;
  attrib_context *context;
  const attrib_context_options workers = {.struct_size = sizeof workers, .workers = a->settings.common.workers};
  attrib_check_options options = {
      .struct_size = sizeof options, .seed = a->settings.common.seed, .shape = &s->net->shape};
  double *weights = calloc((size_t)s->net->classes, sizeof *weights);
  attrib_status status = weights == NULL ? ATTRIB_E_MEMORY : attrib_context_create(&workers, &context);
  if (status == ATTRIB_OK) {
    const int64_t class_number = target_weights(s->net, target, weights, &options.target_weights);
    progress_begin(&bar, 1, 1);
    progress_map(&bar, 1);
    status = attrib_context_set_progress(context, progress_show, &bar);
    if (status == ATTRIB_OK)
      status = attrib_model_check(context, &s->model, s->input.pixels, class_number, row, &options, report);
    progress_end(&bar);
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_context_error(context));
    attrib_context_destroy(context);
  }
  if (status < 0 && message[0] == '\0')
    snprintf(message, FILE_MESSAGE_CAPACITY, "the check: %s", attrib_status_text(status));
  free(weights);
  return status;
}

static int check_picture(const arguments *a, const subject *s, const char *picture, const target_choice *target,
                         char *message) {
  char text[512], sentences[SENTENCES] = "";
  attrib_check_report report = {.struct_size = sizeof report, .text = sentences, .text_capacity = sizeof sentences};
  float *row = make_row(a, s, target, message);
  if (row == NULL) return EXIT_FAILED;
  const attrib_status status = call(a, s, target, row, &report, message);
  free(row);
  if (status == ATTRIB_CANCELLED) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted");
    return EXIT_INTERRUPTED;
  }
  if (status < 0) return EXIT_FAILED;
  subject_print(s, picture);
  printf("Check of the network for '%s', %lld rows with gradient and %lld without\n",
         one_line(target_text(s->net, target, text, sizeof text)), (long long)report.evaluations,
         (long long)report.output_evaluations);
  print_lines(sentences);
  fflush(stdout);
  return report.verdict == ATTRIB_CHECK_FAILED ? EXIT_FAULTY : EXIT_DONE;
}

static int open_and_check(const arguments *a, const network *net, const char *picture, char *message) {
  target_choice targets[TARGETS_MOST];
  int count = 0;
  subject s;
  if (subject_open_with(&s, net, picture, message) != 0) return EXIT_FAILED;
  int code = EXIT_FAILED;
  if (targets_find(&s, a->n_targets > 0 ? a->targets[0] : NULL, targets, &count, message) == 0)
    code = check_picture(a, &s, picture, &targets[0], message);
  subject_close(&s);
  return code;
}

int check_model(arguments *a, char *message) {
  network net;
  int worst = EXIT_DONE;
  char failure[FILE_MESSAGE_CAPACITY] = "";
  if (source_open(&a->settings.source, &a->settings.common, &net, message) != 0) return EXIT_FAILED;
  for (int i = 0; i < a->n_pictures && worst != EXIT_FAILED && worst != EXIT_INTERRUPTED; i++) {
    const int code = open_and_check(a, &net, a->pictures[i], message);
    if (code == EXIT_FAULTY) snprintf(failure, sizeof failure, "%s", message);
    if (code != EXIT_DONE) worst = code;
  }
  network_close(&net);
  if (worst == EXIT_FAULTY) snprintf(message, FILE_MESSAGE_CAPACITY, "%s", failure);
  return worst;
}
