/* choose_baseline.h - a baseline by name, for the picture examples. Pixels are in [0, 1]. */
#ifndef EXAMPLES_CHOOSE_BASELINE_H
#define EXAMPLES_CHOOSE_BASELINE_H

#include <stdbool.h>

#include "colour.h"
#include "picture_bank.h"
#include "subject.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the user may say about baselines. */
typedef struct baseline_request {
  const char *name; /* one of BASELINE_NAMES */
  const char *bank; /* training pictures; NULL = the bundled ones */
  double sigma;     /* blur: pixels; gaussian: pixel values; 0 = 5 and 0.5 */
  int64_t samples;  /* rows of the random ones, 0 = 10; training pictures, 0 = all, of other-class 1 */
  int64_t draws;    /* of a method that draws from them: random ones have as many rows; 0 = it does not */
  int64_t target;   /* the class that other-class is not, and that searches are about */
  uint64_t seed;
  bool seeded;                 /* the user gave the seed */
  attrib_progress_fn progress; /* of searches; NULL = none. Where it cancels one, there is no baseline */
  void *progress_user;
} baseline_request;

/* The set that was made; the others are what it points to, so it stays where it was filled. All zero before. */
typedef struct baseline_choice {
  attrib_baselines set;
  attrib_noise noise;
  picture_bank bank;
  float *row;     /* of the network's inputs, where it is one row that was made; NULL else */
  double sigma;   /* of blur and gaussian noise: what was taken; else 0 */
  char text[96];  /* what it is, for people: "black", "10 rows of uniform noise" */
  char found[32]; /* of a search: what it has reached, "entropy 2.30" */
} baseline_choice;

#define BASELINE_NAMES                                                                                         \
  "max-distance, blur, uniform, gaussian, gaussian-truncated, training, other-class, max-entropy, near-zero, " \
  "ascent, a colour (" COLOUR_FORMS ")"

/* Fills choice, anew where it was filled before. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). The
 * subject must outlive the choice. Of another network than the bundled one baselines of its training pictures, and
 * searches for which its logits are not known, are refused. */
int choose_baseline(const baseline_request *request, const subject *s, baseline_choice *choice, char *message);
void choose_baseline_free(baseline_choice *choice);

/* For what fills a choice: gives it a row. 0, or -1 with one line in message. */
int choose_baseline_row(const subject *s, baseline_choice *choice, char *message);

/* Whether it names a baseline: one of BASELINE_NAMES, whole. */
bool is_baseline_name(const char *name);

/* "baseline 'blak' is none of: ...; near to black": what is said of a name that is none. Returns text. */
char *baseline_unknown(const char *name, char *text, size_t capacity);

/* Which of the options sigma, seed and samples say something about a baseline. */
enum { BASELINE_SIGMA = 1, BASELINE_SEED = 2, BASELINE_SAMPLES = 4 };
uint32_t baseline_takes(const char *name);

/* Whether a baseline of that name is of several rows, if --samples does not say otherwise. */
bool is_of_many_rows(const char *name);

/* A line on stdout for each baseline, or for each that is one row: its name and what it is. */
void choose_baseline_list(bool one_row);

#ifdef __cplusplus
}
#endif
#endif
