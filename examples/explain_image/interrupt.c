#define _POSIX_C_SOURCE 200809L /* sigaction, pthread_kill */
#include "interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "atomic_file.h"

static volatile sig_atomic_t came, over; /* came: number of the first signal */
static pthread_t main_thread;            /* the one that writes files */

static void end_at_once(void) {
  static const char line[] = "explain_image: interrupted, and ended at once\n";
  atomic_file_remove_temporaries();
  if (over == 0 && write(STDERR_FILENO, line, sizeof line - 1) < 0) _exit(128 + came); /* in any case */
  _exit(128 + came);
}

static void note(int number) {
  const int cause = errno;
  const int again = came != 0 && number != SIGPIPE; /* that one comes of every write to the same closed pipe */
  if (came == 0) came = number;
  if (again && pthread_equal(pthread_self(), main_thread)) end_at_once();
  if (again) (void)pthread_kill(main_thread, number); /* which holds signals back while it renames */
  errno = cause;
}

void interrupt_catch(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM};
  enum { NUMBERS = sizeof numbers / sizeof numbers[0] };
  struct sigaction action = {.sa_flags = SA_RESTART}, ignored = {.sa_flags = 0};
  main_thread = pthread_self();
  action.sa_handler = note;
  ignored.sa_handler = SIG_IGN;
  (void)sigemptyset(&action.sa_mask);
  (void)sigemptyset(&ignored.sa_mask);
  for (int i = 0; i < NUMBERS; i++) (void)sigaddset(&action.sa_mask, numbers[i]);
  for (int i = 0; i < NUMBERS; i++) {
    struct sigaction before;
    if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* as nohup has it */
      (void)sigaction(numbers[i], &action, NULL);
  }
  (void)sigaction(SIGXFSZ, &ignored, NULL);
}

bool interrupted(void) {
  return came != 0;
}

int interrupt_code(void) {
  return came == 0 ? 0 : 128 + (int)came;
}

void interrupt_over(void) {
  over = 1;
}
