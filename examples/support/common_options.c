#include "common_options.h"

#include <getopt.h>

#include <attrib/image.h>

#include "command_line.h"
#include "small_net.h"

void common_options_init(common_options *o) {
  *o = (common_options){.score = SMALL_NET_LOGIT, .palette = ATTRIB_PALETTE_DIVERGING, .workers = 1};
}

attrib_ig_options common_options_integral(const common_options *o) {
  return (attrib_ig_options){.struct_size = sizeof(attrib_ig_options),
                             .rule = o->rule,
                             .points = o->points,
                             .max_evaluations = o->max_evaluations,
                             .tolerance = o->tolerance};
}

const char *common_options_clash(const common_options *o) {
  const bool fixed = o->points != 0 || (o->rule != 0 && o->rule != ATTRIB_RULE_ADAPTIVE);
  if (o->rule == ATTRIB_RULE_ADAPTIVE && o->points != 0) return "points";
  if (o->rule == ATTRIB_RULE_TRAPEZOID && o->points == 1) return "points";
  if (!fixed) return NULL;
  return o->tolerance > 0 ? "tolerance" : o->max_evaluations > 0 ? "max-evaluations" : NULL;
}

bool common_options_check(const char *program, const common_options *o) {
  const char *option = common_options_clash(o);
  if (option == NULL) return true;
  if (o->rule == ATTRIB_RULE_ADAPTIVE)
    return usage_error(program, "--rule adaptive takes --tolerance and --max-evaluations, not --points");
  if (option[0] == 'p') return usage_error(program, "--points 1: --rule trapezoid takes both ends, at least 2");
  return usage_error(program, "--%s has no meaning with a fixed rule or --points", option);
}

bool common_options_take(const char *program, int option, common_options *o) {
  static const named_value scores[] = {{"logit", SMALL_NET_LOGIT}, {"probability", SMALL_NET_PROBABILITY}, {NULL, 0}};
  static const named_value palettes[] = {
      {"diverging", ATTRIB_PALETTE_DIVERGING}, {"sequential", ATTRIB_PALETTE_SEQUENTIAL}, {NULL, 0}};
  int64_t number = 0;
  bool ok = true;
  switch (option) {
    case OPTION_RULE: return parse_name(program, "--rule", optarg, rule_names, &o->rule);
    case OPTION_POINTS: return parse_count(program, "--points", optarg, 1, 1000000, &o->points);
    case OPTION_TOLERANCE: return parse_positive(program, "--tolerance", optarg, 1, &o->tolerance);
    case OPTION_MAX_EVALUATIONS:
      return parse_count(program, "--max-evaluations", optarg, 3, 100000000, &o->max_evaluations);
    case OPTION_TARGET: return parse_text(program, "--target", optarg, &o->target);
    case OPTION_SCORE: return parse_name(program, "--score", optarg, scores, &o->score);
    case OPTION_PALETTE: return parse_name(program, "--palette", optarg, palettes, &o->palette);
    case OPTION_SEED:
      ok = parse_count(program, "--seed", optarg, 0, INT64_MAX, &number);
      o->seed = (uint64_t)number;
      o->seeded = true;
      return ok;
    case OPTION_WORKERS:
      ok = parse_count(program, "--workers", optarg, 1, 64, &number);
      o->workers = (uint32_t)number;
      return ok;
    case OPTION_NET: return parse_text(program, "--net", optarg, &o->net);
    case OPTION_OUT: return parse_text(program, "--out", optarg, &o->prefix);
    default: return false;
  }
}
