/* work_bar.h - long work on a terminal: how far it is and how long it will still take. Silent elsewhere. */
#ifndef EXAMPLES_WORK_BAR_H
#define EXAMPLES_WORK_BAR_H

/* Work is counted in units of cost of the caller's, so that pieces that take longer count for more. */
typedef struct work_bar {
  double total, done;     /* cost; done: what was behind before this run, too */
  double begun_at, begun; /* clock in seconds and cost at the start of this run */
  double drawn_at;        /* the bar is drawn four times a second at most */
} work_bar;

void work_bar_begin(work_bar *bar, double total, double done);

/* Draws on stderr if that is a terminal; what: what is counted there, such as "12 of 200 pictures". */
void work_bar_show(work_bar *bar, double done, const char *what);

/* Wipes the line. */
void work_bar_end(const work_bar *bar);

/* "4 s", "12 min", "2.3 h". Returns text. */
char *duration_text(double seconds, char *text, unsigned capacity);

/* Seconds since work_bar_begin. */
double work_bar_elapsed(const work_bar *bar);

#endif
