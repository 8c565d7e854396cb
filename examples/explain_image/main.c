/* explain_image - pictures in; heat maps, overlays, arrays, curves and a record out. */
#include <stdio.h>

#include "arguments.h"
#include "check_model.h"
#include "command_line.h"
#include "interrupt.h"
#include "replay.h"
#include "run.h"

int main(int argc, char **argv) {
  static arguments a; /* large */
  char message[FILE_MESSAGE_CAPACITY] = "";
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  interrupt_catch();
  if (a.replay != NULL)
    code = replay(a.replay, a.settings.common.workers, message);
  else
    code = a.check ? check_model(&a, message) : run(&a, message);
  const bool told = code == EXIT_DONE || code == EXIT_DIFFERENT || code == EXIT_FAULTY; /* what is found is on stdout */
  if (told && finish_output(message, sizeof message) != 0) code = EXIT_FAILED;
  if (code == EXIT_INTERRUPTED && interrupt_code() != 0) code = interrupt_code();
  interrupt_over();
  if (code != EXIT_DONE && message[0] != '\0') error_line("explain_image", message); /* "": it has been said */
  return code;
}
