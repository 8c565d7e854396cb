#include "choose_baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "nearest_names.h"
#include "searched_rows.h"
#include "training_rows.h"

enum { DEFAULT_SAMPLES = 10, NEAREST = 3 };
static const double default_blur_sigma = 5; /* pixels of 64; the literature's 20 of 299 scaled, and a little more */
static const double default_gaussian_sigma = 0.5; /* of [0, 1]; the literature's 1 of [-1, 1] */

static bool is(const baseline_request *request, const char *name) {
  return strcmp(request->name, name) == 0;
}

static uint32_t noise_kind(const baseline_request *request) {
  if (is(request, "uniform")) return ATTRIB_NOISE_UNIFORM;
  if (is(request, "gaussian")) return ATTRIB_NOISE_GAUSSIAN_CLIPPED;
  return is(request, "gaussian-truncated") ? ATTRIB_NOISE_GAUSSIAN_TRUNCATED : 0;
}

static void make_noise(const baseline_request *request, const subject *s, uint32_t kind, baseline_choice *choice) {
  bool gaussian = kind != ATTRIB_NOISE_UNIFORM;
  choice->noise = (attrib_noise){.struct_size = sizeof choice->noise,
                                 .dtype = ATTRIB_F32,
                                 .kind = kind,
                                 .n_inputs = s->net->inputs,
                                 .seed = request->seed,
                                 .low = 0,
                                 .high = 1,
                                 .sigma = !gaussian            ? 0
                                          : request->sigma > 0 ? request->sigma
                                                               : default_gaussian_sigma,
                                 .around = gaussian ? s->input.pixels : NULL};
  choice->sigma = choice->noise.sigma;
  choice->set.count = request->draws > 0 ? request->draws : request->samples > 0 ? request->samples : DEFAULT_SAMPLES;
  choice->set.fetch = attrib_noise_fetch;
  choice->set.fetch_user = &choice->noise;
  snprintf(choice->text, sizeof choice->text, "%lld row%s of %s noise", (long long)choice->set.count,
           choice->set.count == 1 ? "" : "s", gaussian ? "gaussian" : "uniform");
}

/* The baselines that are one row. */
static attrib_status make_row(attrib_context *context, const baseline_request *request, const subject *s, float *row) {
  const attrib_image *shape = &s->net->shape;
  double colour[3];
  if (is(request, "max-distance"))
    return attrib_baseline_max_distance(context, ATTRIB_F32, s->net->inputs, s->input.pixels, 0, 1, row);
  if (is(request, "blur"))
    return attrib_image_blur(context, ATTRIB_F32, shape, s->input.pixels,
                             request->sigma > 0 ? request->sigma : default_blur_sigma, row);
  const char *end = read_colour(request->name, colour);
  if (end == NULL || *end != '\0') return ATTRIB_E_UNSUPPORTED;
  return attrib_image_fill(context, ATTRIB_F32, shape, colour, row);
}

uint32_t baseline_takes(const char *name) {
  const baseline_request request = {.name = name};
  const uint32_t kind = noise_kind(&request);
  if (is(&request, "blur")) return BASELINE_SIGMA;
  if (is(&request, "training") || is(&request, "other-class")) return BASELINE_SAMPLES;
  if (kind == ATTRIB_NOISE_UNIFORM) return BASELINE_SEED | BASELINE_SAMPLES;
  return kind != 0 ? BASELINE_SIGMA | BASELINE_SEED | BASELINE_SAMPLES : 0;
}

char *baseline_unknown(const char *name, char *text, size_t capacity) {
  static const char *const words[] = {"max-distance", "blur",        "uniform",     "gaussian",  "gaussian-truncated",
                                      "training",     "other-class", "max-entropy", "near-zero", "ascent"};
  enum { WORDS = sizeof words / sizeof words[0], COLOURS = 16 };
  const char *names[WORDS + COLOURS];
  char near[128];
  int64_t count = 0;
  for (size_t i = 0; i < COLOURS && colour_name(i) != NULL; i++) names[count++] = colour_name(i);
  for (size_t i = 0; i < WORDS; i++) names[count++] = words[i];
  const bool any = near_names(name, names, count, NEAREST, near, sizeof near)[0] != '\0';
  snprintf(text, capacity, "baseline '%.60s' is none of: " BASELINE_NAMES "%s%s", name, any ? "; near to " : "", near);
  return text;
}

/* Options that say nothing about the baseline are errors, as in the library. */
static int check(const baseline_request *request, char *message) {
  const uint32_t takes = baseline_takes(request->name);
  const char *option = NULL;
  if (request->sigma > 0 && (takes & BASELINE_SIGMA) == 0) option = "sigma";
  if (request->seeded && (takes & BASELINE_SEED) == 0) option = "seed";
  if (request->samples > 0 && (takes & BASELINE_SAMPLES) == 0) option = "samples";
  if (option == NULL) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--%s has no meaning for the baseline '%.60s'", option, request->name);
  return -1;
}

int choose_baseline_row(const subject *s, baseline_choice *choice, char *message) {
  choice->row = calloc((size_t)s->net->inputs, sizeof *choice->row);
  if (choice->row == NULL) snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for a baseline");
  return choice->row == NULL ? -1 : 0;
}

static int choose_row(const baseline_request *request, const subject *s, baseline_choice *choice, char *message) {
  attrib_context *context;
  if (choose_baseline_row(s, choice, message) != 0) return -1;
  attrib_status status = attrib_context_create(NULL, &context);
  if (status == ATTRIB_OK) status = make_row(context, request, s, choice->row);
  if (status == ATTRIB_E_UNSUPPORTED)
    baseline_unknown(request->name, message, FILE_MESSAGE_CAPACITY);
  else if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "baseline %.60s: %s", request->name, attrib_context_error(context));
  attrib_context_destroy(context);
  if (is(request, "blur")) choice->sigma = request->sigma > 0 ? request->sigma : default_blur_sigma;
  choice->set.count = 1;
  choice->set.rows = choice->row;
  snprintf(choice->text, sizeof choice->text, "%.60s", request->name);
  return status < 0 ? -1 : 0;
}

int choose_baseline(const baseline_request *request, const subject *s, baseline_choice *choice, char *message) {
  choose_baseline_free(choice);
  choice->found[0] = '\0';
  choice->sigma = 0;
  choice->set = (attrib_baselines){.struct_size = sizeof choice->set};
  if (check(request, message) != 0) return -1;
  if (is(request, "training") || is(request, "other-class")) return choose_training_rows(request, s, choice, message);
  if (is_searched_row(request->name)) return choose_searched_row(request, s, choice, message);
  const uint32_t kind = noise_kind(request);
  if (kind == 0) return choose_row(request, s, choice, message);
  make_noise(request, s, kind, choice);
  return 0;
}

void choose_baseline_free(baseline_choice *choice) {
  picture_bank_free(&choice->bank);
  free(choice->row);
  choice->row = NULL;
}

bool is_of_many_rows(const char *name) {
  static const char *const several[] = {"uniform", "gaussian", "gaussian-truncated", "training", "other-class"};
  for (size_t i = 0; i < sizeof several / sizeof several[0]; i++)
    if (strcmp(name, several[i]) == 0) return true;
  return false;
}

bool is_baseline_name(const char *name) {
  double unused[3];
  const char *end = read_colour(name, unused);
  return (end != NULL && *end == '\0') || strcmp(name, "max-distance") == 0 || strcmp(name, "blur") == 0 ||
         is_of_many_rows(name) || is_searched_row(name);
}

void choose_baseline_list(bool one_row) {
  static const char *const lines[][2] = {
      {"black, white, grey, ...", "one colour: a name, #rrggbb, or R,G,B each 0 to 1"},
      {"max-distance", "of each channel of each pixel, 0 or 1, whichever is farther away"},
      {"blur", "the picture blurred, --sigma in pixels (default 5)"},
      {"uniform", "noise over all pixel values, --samples rows of it (default 10)"},
      {"gaussian", "noise around the picture, --sigma in pixel values (default 0.5), clipped at 0 and 1"},
      {"gaussian-truncated", "the same, from the part of the gaussian between 0 and 1"},
      {"training", "training pictures, the first --samples of them (default: all)"},
      {"other-class", "training pictures of the most probable class beside the target, --samples (default 1)"},
      {"max-entropy", "a picture of which the network can say nothing, from grey: 90 rows"},
      {"near-zero", "other-class, changed until the target's probability is under 1e-6: 1 row if it is, else 17 to 77"},
      {"ascent", "the picture, every value a step of 0.05 down its gradient: 2 rows"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    if (!one_row || !is_of_many_rows(lines[i][0])) printf("  %-24s %s\n", lines[i][0], lines[i][1]);
}
