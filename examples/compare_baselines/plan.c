#include "plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
static void
title(cell *c, int line, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(c->title[line], sizeof c->title[line], format, values);
  va_end(values);
}

int64_t cell_rows(const cell *c) {
  return c->report.evaluations + c->report.output_evaluations;
}

bool cell_is_off(const cell *c) {
  if (c->of != NULL) return method_is_off(c->of, &c->report);
  return c->method != CELL_SMOOTHGRAD && method_is_off(picture_methods, &c->report); /* IG, and over draws */
}

static cell *add(plan *p, cell_method method, const arguments *a, const char *name) {
  cell *c = &p->cells[p->count++];
  *c = (cell){.method = method, .baseline = {.name = name, .seed = a->common.seed}, .kept = (double)NAN};
  if (method == CELL_SMOOTHGRAD) c->unit = UNIT_GRADIENT;
  return c;
}

/* Integrated gradients from one row; samples: 1 of the random ones, else 0. */
static cell *add_single(plan *p, const arguments *a, const char *name, int64_t samples) {
  cell *c = add(p, CELL_IG, a, name);
  c->baseline.samples = samples;
  title(c, 0, "IG from");
  title(c, 1, "%s", name);
  return c;
}

static void add_colour(plan *p, const arguments *a, int i) {
  title(add_single(p, a, a->colour[i], 0), 2, "constant");
}

static void add_blur(plan *p, const arguments *a, double sigma) {
  cell *c = add_single(p, a, "blur", 0);
  c->baseline.sigma = sigma;
  title(c, 2, "sigma %g px", sigma);
}

static void add_gaussian(plan *p, const arguments *a, double sigma) {
  cell *c = add_single(p, a, "gaussian", 1);
  c->baseline.sigma = sigma / 10;
  title(c, 2, "sigma %g", c->baseline.sigma);
}

static void add_training(plan *p, const arguments *a, int64_t bank_count) {
  cell *c = add(p, CELL_IG, a, NULL);
  title(c, 0, "IG from");
  title(c, 1, "training");
  c->picture = (int64_t)(a->common.seed % (uint64_t)bank_count);
  title(c, 2, "picture %lld", (long long)c->picture);
}

static void add_average(plan *p, const arguments *a, int64_t samples) {
  cell *c = add(p, CELL_EXPECTED, a, "uniform");
  c->baseline.samples = samples;
  title(c, 0, "average over");
  title(c, 1, "uniform");
  title(c, 2, "%lld draw%s", (long long)samples, samples == 1 ? "" : "s");
}

static void add_expected(plan *p, const arguments *a, int64_t bank_count, int64_t samples) {
  cell *c = add(p, CELL_EXPECTED, a, NULL);
  c->baseline.samples = samples;
  title(c, 0, "exp. gradients");
  title(c, 1, "training");
  title(c, 2, "%lld draw%s of %lld", (long long)samples, samples == 1 ? "" : "s", (long long)bank_count);
}

static void add_smoothgrad(plan *p, const arguments *a, double sigma, int64_t samples) {
  cell *c = add(p, CELL_SMOOTHGRAD, a, NULL);
  c->baseline.samples = samples;
  c->baseline.sigma = sigma / 10;
  title(c, 1, "SmoothGrad");
}

static void plan_baselines(const arguments *a, int64_t bank_count, plan *p) {
  const double smooth = a->sigma_given ? a->sigma[0] : 0;
  add(p, CELL_PICTURE, a, NULL);
  add_colour(p, a, 0);
  add_single(p, a, "max-distance", 0);
  add_blur(p, a, a->sigma[0]);
  add_single(p, a, "uniform", 1);
  add_gaussian(p, a, a->sigma[0]);
  add_training(p, a, bank_count);
  add_average(p, a, a->sample[0]);
  add_expected(p, a, bank_count, a->sample[0]);
  add_smoothgrad(p, a, smooth, a->sample[0]);
}

static void plan_sigma(const arguments *a, plan *p) {
  add(p, CELL_PICTURE, a, NULL);
  for (int i = 0; i < a->sigmas; i++) add_blur(p, a, a->sigma[i]);
  add(p, CELL_BLANK, a, NULL);
  for (int i = 0; i < a->sigmas; i++) add_gaussian(p, a, a->sigma[i]);
  add(p, CELL_BLANK, a, NULL);
  for (int i = 0; i < a->sigmas; i++) add_smoothgrad(p, a, a->sigma[i], a->sample[0]);
}

static void plan_samples(const arguments *a, int64_t bank_count, plan *p) {
  const double smooth = a->sigma_given ? a->sigma[0] : 0;
  add(p, CELL_PICTURE, a, NULL);
  for (int i = 0; i < a->samples; i++) add_average(p, a, a->sample[i]);
  add(p, CELL_BLANK, a, NULL);
  for (int i = 0; i < a->samples; i++) add_expected(p, a, bank_count, a->sample[i]);
  add(p, CELL_BLANK, a, NULL);
  for (int i = 0; i < a->samples; i++) add_smoothgrad(p, a, smooth, a->sample[i]);
}

/* The baseline of methods that begin at black is the colour that was given. */
static void plan_methods(const arguments *a, plan *p) {
  add(p, CELL_PICTURE, a, NULL);
  for (const picture_method *m = picture_methods; m->name != NULL && p->count < MOST_CELLS; m++) {
    const bool colour = m->baseline != NULL && strcmp(m->baseline, "black") == 0;
    cell *c = add(p, CELL_METHOD, a, colour ? a->colour[0] : m->baseline);
    c->of = m;
    c->unit = m->unit;
    c->baseline.bank = a->bank;
    title(c, 1, "%s", m->label);
    if (m->baseline == NULL)
      title(c, 2, "%s", m->relation);
    else if (strlen(m->relation) + strlen(c->baseline.name) < 16)
      title(c, 2, "%s %s", m->relation, c->baseline.name);
    else
      title(c, 2, "%s", c->baseline.name);
  }
}

static void plan_searched(const arguments *a, plan *p) {
  static const char *const names[] = {"other-class", "max-entropy", "near-zero", "ascent"};
  add(p, CELL_PICTURE, a, NULL);
  add_colour(p, a, 0);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) add_single(p, a, names[i], 0)->baseline.bank = a->bank;
}

/* Random baselines and training pictures are one row each, as in the other strips, unless the method is for several. */
static void plan_against(const arguments *a, plan *p) {
  const bool several = (a->method->takes & TAKES_SAMPLES) != 0 || strcmp(a->method->baseline, "uniform") == 0;
  add(p, CELL_PICTURE, a, NULL);
  for (int i = 0; i < a->baselines; i++) {
    const char *name = a->against[i];
    cell *c = add(p, CELL_AGAINST, a, name);
    c->of = a->method;
    c->unit = a->method->unit;
    c->baseline.bank = a->bank;
    if (is_of_many_rows(name) || (a->method->takes & TAKES_SAMPLES) != 0)
      c->baseline.samples = a->samples > 0 ? a->sample[0] : several ? 0 : 1;
    title(c, 0, "%s", a->method->label);
    title(c, 1, "%s", name);
  }
}

bool plan_needs_bank(const arguments *a) {
  return a->sweep == SWEEP_BASELINES || a->sweep == SWEEP_SAMPLES;
}

void plan_cells(const arguments *a, int64_t bank_count, plan *p) {
  p->count = 0;
  p->columns = (int)a->columns;
  switch (a->sweep) {
    case SWEEP_BASELINES: plan_baselines(a, bank_count, p); break;
    case SWEEP_COLOUR:
      add(p, CELL_PICTURE, a, NULL);
      for (int i = 0; i < a->colours; i++) add_colour(p, a, i);
      break;
    case SWEEP_SIGMA:
      plan_sigma(a, p);
      p->columns = 1 + a->sigmas;
      break;
    case SWEEP_SAMPLES:
      plan_samples(a, bank_count, p);
      p->columns = 1 + a->samples;
      break;
    case SWEEP_METHODS: plan_methods(a, p); break;
    case SWEEP_AGAINST: plan_against(a, p); break;
    case SWEEP_SEARCHED: plan_searched(a, p); break;
  }
  if (p->columns > p->count) p->columns = p->count;
}
