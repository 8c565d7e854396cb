#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty */
#include "work_bar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 30 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void work_bar_begin(work_bar *bar, double total, double done) {
  *bar = (work_bar){.total = total, .done = done, .begun_at = now(), .begun = done};
}

double work_bar_elapsed(const work_bar *bar) {
  return now() - bar->begun_at;
}

char *duration_text(double seconds, char *text, unsigned capacity) {
  if (seconds < 99.5)
    snprintf(text, capacity, "%.0f s", seconds);
  else if (seconds < 99.5 * 60)
    snprintf(text, capacity, "%.0f min", seconds / 60);
  else
    snprintf(text, capacity, "%.1f h", seconds / 3600);
  return text;
}

void work_bar_show(work_bar *bar, double done, const char *what) {
  const double time = now();
  bar->done = done;
  if (!isatty(STDERR_FILENO) || (bar->drawn_at > 0 && time - bar->drawn_at < 0.25)) return;
  bar->drawn_at = time;
  char drawn[WIDTH + 1], left[32] = "?";
  const double behind = done - bar->begun;
  memset(drawn, '.', WIDTH);
  memset(drawn, '#', (size_t)(bar->total > 0 ? WIDTH * (done < bar->total ? done / bar->total : 1) : 0));
  drawn[WIDTH] = '\0';
  if (behind > 0) duration_text((bar->total - done) * (time - bar->begun_at) / behind, left, sizeof left);
  fprintf(stderr, "\r[%s] %.0f %%, %s, %s left\033[K", drawn, bar->total > 0 ? 100 * done / bar->total : 100.0, what,
          left);
  fflush(stderr);
}

void work_bar_end(const work_bar *bar) {
  if (bar->drawn_at > 0) fprintf(stderr, "\r\033[K");
}
