#include "pairs.h"

#include <stdio.h>
#include <string.h>

#include "command_line.h"

/* What a pair takes of what a baseline takes. */
static uint32_t takes_of(const picture_method *method, const char *baseline) {
  uint32_t takes = method->takes;
  const uint32_t of = method->baseline == NULL ? 0 : baseline_takes(baseline);
  if ((of & BASELINE_SIGMA) != 0) takes |= TAKES_SIGMA;
  if ((of & BASELINE_SEED) != 0) takes |= TAKES_SEED;
  if ((of & BASELINE_SAMPLES) != 0) takes |= TAKES_SAMPLES;
  return takes;
}

/* Leaves out the options that say nothing about the pair. */
static void keep(pair *p, uint32_t takes) {
  if ((takes & TAKES_RULE) == 0) p->options.rule = 0;
  if ((takes & TAKES_POINTS) == 0) p->options.points = 0;
  if ((takes & TAKES_TOLERANCE) == 0) {
    p->options.tolerance = 0;
    p->options.max_evaluations = 0;
  }
  if ((takes & TAKES_SIGMA) == 0) p->sigma = 0;
  if ((takes & TAKES_SAMPLES) == 0) p->samples = 0;
  if ((takes & TAKES_SEED) == 0) p->options.seeded = false;
  if ((takes & TAKES_GROUPS) == 0) p->grid = 0;
  if ((takes & TAKES_LAYER) == 0) p->layer = NULL;
  if ((takes & TAKES_PIXEL) == 0) {
    p->of_pixel = false;
    p->width = 0;
  }
}

void pair_job(const pair *p, method_job *job, baseline_request *request) {
  *job = (method_job){.method = p->method, .options = &p->options, .sigma = 0, .width = p->width, .layer = p->layer};
  *request =
      (baseline_request){.name = p->baseline[0] == '\0' ? NULL : p->baseline, .sigma = p->sigma, .samples = p->samples};
}

/* False: the baseline's name is too long. */
static bool fill(const settings *s, const picture_method *method, const char *baseline, bool strict, pair *p) {
  *p = (pair){.method = method,
              .source = &s->source,
              .options = s->common,
              .sigma = s->sigma,
              .width = s->width,
              .samples = s->samples,
              .grid = s->grid,
              .of_pixel = s->of_pixel,
              .layer = s->layer};
  const char *name = baseline[0] == '\0' && method->baseline != NULL ? method->baseline : baseline;
  snprintf(p->baseline, sizeof p->baseline, "%s", name);
  if (!strict) keep(p, takes_of(method, name));
  return strlen(name) < sizeof p->baseline;
}

const char *pair_clash(const settings *s, const picture_method *method, const char *baseline, const char **why) {
  pair p;
  *why = "is longer than a value can be";
  if (!fill(s, method, baseline, false, &p)) return "baseline";
  *why = "is none that the method takes";
  if (!method_takes_rule(method, p.options.rule)) return "rule";
  *why = "does not go with rule and points";
  const char *option = common_options_clash(&p.options);
  return option != NULL && strcmp(option, "max-evaluations") == 0 ? "max_evaluations" : option;
}

bool pair_make(const char *program, const settings *s, const picture_method *method, const char *baseline, bool strict,
               pair *p) {
  static const int64_t any = 0;
  method_job job;
  baseline_request request;
  if (!fill(s, method, baseline, strict, p))
    return usage_error(program, "--baseline '%.60s': longer than a value can be", baseline);
  pair_job(p, &job, &request);
  job.pixel = p->of_pixel ? &any : NULL;
  if (p->grid > 0 && (method->takes & TAKES_GROUPS) == 0)
    return usage_error(program, "--method %s takes no --groups", method->name);
  return method_settle(program, &job, &request) && common_options_check(program, &p->options);
}

/* Rows of a baseline from which a layer, or what else has one end, is explained. */
static bool is_one_row(const pair *p) {
  if (!is_of_many_rows(p->baseline)) return true;
  return p->samples == 1 || (p->samples == 0 && strcmp(p->baseline, "other-class") == 0);
}

bool pair_is_possible(const char *program, const settings *s, const pair *p) {
  const char *name = p->method->name, *from = p->baseline;
  const bool layer = (p->method->flags & METHOD_LAYER) != 0, near_zero = strcmp(from, "near-zero") == 0;
  if (layer && s->source.torch.path != NULL)
    return usage_error(program, "--method %s looks at the layers of the bundled network: a --model shows none", name);
  if (layer && !is_one_row(p))
    return usage_error(program, "--method %s: layers are explained from one row: give --samples 1", name);
  if (s->source.torch.path == NULL) return true;
  if (near_zero || strcmp(from, "training") == 0 || strcmp(from, "other-class") == 0)
    return usage_error(
        program, "--method %s from %s takes training pictures, which --model has none of: give another --baseline",
        name, from);
  if (strcmp(from, "max-entropy") == 0 && s->common.score == SMALL_NET_PROBABILITY)
    return usage_error(program,
                       "--baseline max-entropy is searched for by logits, of a --model without --score "
                       "probability");
  return true;
}

bool pairs_take_all(const char *program, const settings *s, const pair *pairs, int count) {
  uint32_t takes = 0;
  for (int i = 0; i < count; i++) takes |= takes_of(pairs[i].method, pairs[i].baseline);
  const struct {
    const char *name;
    bool given;
    uint32_t option;
  } options[] = {{"rule", s->common.rule != 0, TAKES_RULE},
                 {"points", s->common.points != 0, TAKES_POINTS},
                 {"tolerance", s->common.tolerance > 0, TAKES_TOLERANCE},
                 {"max-evaluations", s->common.max_evaluations > 0, TAKES_TOLERANCE},
                 {"sigma", s->sigma > 0, TAKES_SIGMA},
                 {"samples", s->samples > 0, TAKES_SAMPLES},
                 {"seed", s->common.seeded, TAKES_SEED},
                 {"groups", s->grid > 0, TAKES_GROUPS},
                 {"pixel", s->of_pixel, TAKES_PIXEL},
                 {"width", s->width > 0, TAKES_PIXEL},
                 {"layer", s->layer != NULL, TAKES_LAYER}};
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (options[i].given && (takes & options[i].option) == 0)
      return count == 1
                 ? usage_error(program, "--%s has no meaning for --method %s%s%s", options[i].name, pairs->method->name,
                               pairs->baseline[0] == '\0' ? "" : " from ", pairs->baseline)
                 : usage_error(program, "--%s has no meaning for any of these methods and baselines", options[i].name);
  return true;
}
