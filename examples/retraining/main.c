/* retrain_and_compare - which map finds the pixels that hold the information: ROAR and DiffROAR, end to end.
 *
 * Pictures, training and all are in C and take about a minute: see --help. What to read off the numbers: a map whose
 * first pixels hold the information makes accuracy fall faster than chance does (ROAR), and is above 0 in DiffROAR. The
 * edge detector may do well without knowing the network: where the information is at edges, both are right. */
#include <stdio.h>

#include "command_line.h"
#include "chart.h"
#include "results.h"

static const char program[] = "retrain_and_compare";

/* That the results can be written is tried before the work. */
static int check_output(const arguments *a, char *message) {
  static const char *const endings[] = {"_retraining.csv", "_retraining.svg"};
  for (int i = 0; i < 2; i++) {
    atomic_file *file = chart_open(a->prefix, endings[i], message);
    if (file == NULL) return -1;
    atomic_file_abort(file);
  }
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY];
  int status = check_output(&a, message);
  if (status == 0) {
    study s;
    status = study_run(&s, &a, message);
    if (status == 0) status = results_write(&s, message);
    if (status == 0) {
      results_print(&s);
      printf("%s_retraining.csv, %s_retraining.svg\n", a.prefix, a.prefix);
    }
    study_free(&s);
  }
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line(program, message);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
