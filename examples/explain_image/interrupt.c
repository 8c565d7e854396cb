#define _POSIX_C_SOURCE 200809L /* sigaction */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int number) {
  (void)number;
  came = 1;
}

void interrupt_catch(void) {
  struct sigaction action = {.sa_flags = (int)SA_RESETHAND | SA_RESTART};
  action.sa_handler = note;
  (void)sigemptyset(&action.sa_mask);
  static const int numbers[] = {SIGINT, SIGTERM};
  for (int i = 0; i < 2; i++) {
    struct sigaction before;
    if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* as nohup has it */
      (void)sigaction(numbers[i], &action, NULL);
  }
}

bool interrupted(void) {
  return came != 0;
}
