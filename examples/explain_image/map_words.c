#include "map_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "layer_maps.h"

static const char adds[] = "what it adds to the %s of \xe2\x80\x98%s\xe2\x80\x99: red raises it, blue lowers it.",
                  about_adds[] =
                      "about what it adds to the %s of \xe2\x80\x98%s\xe2\x80\x99, to the first order, so "
                      "that the values need not add up: red raises it, blue lowers it.",
                  adds_kept[] =
                      "what it adds to the %s of \xe2\x80\x98%s\xe2\x80\x99, of which only what raises it "
                      "was kept: nothing can speak against.",
                  rises[] =
                      "how much the %s of \xe2\x80\x98%s\xe2\x80\x99 rises with it, for each unit: red where it "
                      "rises, blue where it falls. That is how sensitive it is, not what the pixel contributes.",
                  reacts[] =
                      "how strongly the %s of \xe2\x80\x98%s\xe2\x80\x99 reacts to it, squared: whichever way, "
                      "so that it is never below 0 and says nothing of for and against.",
                  varies[] =
                      "how much the slope of the %s of \xe2\x80\x98%s\xe2\x80\x99 there varies under the noise: "
                      "never below 0, and nothing of for and against.",
                  brighter[] =
                      "the squared slope of the %s of \xe2\x80\x98%s\xe2\x80\x99 times how far the pixel is "
                      "from the references: red where it is brighter, blue where it is darker, which is not "
                      "for and against.",
                  ranked[] =
                      "the rank of its region by how much it speaks for the %s of \xe2\x80\x98%s\xe2\x80\x99, "
                      "from 1, the first, to 0, the last. A rank is no share of the output, and none is against.",
                  cam[] =
                      "activation times what of the slope of the %s of \xe2\x80\x98%s\xe2\x80\x99 is above 0: "
                      "nothing can speak against, and blue could only be an activation below 0.",
                  changes[] =
                      "how far the layer's activations are above the baseline's, red, or below, blue, whatever "
                      "the %s of \xe2\x80\x98%s\xe2\x80\x99 makes of it.";

typedef struct kind {
  const char *format, *high, *low; /* format: of the score and the target */
} kind;

static kind kind_of(const picture_method *m) {
  static const char pro[] = "for the target", contra[] = "against";
  switch (m->unit) {
    case UNIT_GRADIENT: return (kind){rises, "f rises", "f falls"};
    case UNIT_GRADIENT_SQUARED:
      return (kind){m->variant == ATTRIB_SMOOTH_VARIANCE ? varies : reacts, "strongest", "below 0"};
    case UNIT_OUTPUT_TIMES_GRADIENT: return (kind){brighter, "brighter", "darker"};
    case UNIT_RANK: return (kind){ranked, "ranked first", "below 0"};
    case UNIT_ACTIVATION: return (kind){changes, "above the baseline", "below it"};
    default: break;
  }
  if ((m->flags & METHOD_LAYER) != 0 && m->variant == ATTRIB_LAYER_CAM) return (kind){cam, pro, "activation below 0"};
  if ((m->flags & METHOD_KEEPS) != 0) return (kind){adds_kept, pro, contra};
  return (kind){(m->flags & METHOD_IDENTITY) != 0 ? adds : about_adds, pro, contra};
}

static void name_feature(const explanation *e, char *text, size_t capacity) {
  static const char *const channels[] = {"red", "green", "blue"};
  const attrib_image *shape = &e->job.s->net->shape;
  const int64_t pixels = (int64_t)shape->width * shape->height, pixel = e->feature % pixels;
  snprintf(text, capacity, "%s of pixel %lld,%lld", channels[e->feature / pixels % 3],
           (long long)(pixel % shape->width), (long long)(pixel / shape->width));
}

static void append(char *text, size_t capacity, const char *more) {
  const size_t used = strlen(text);
  snprintf(text + used, capacity - used, "%s", more);
}

static void say_meaning(const pair *p, const explanation *e, map_words *to) {
  const picture_method *m = e->job.method;
  const char *score = e->job.s->net->score == SMALL_NET_PROBABILITY ? "probability" : "logit";
  const kind k = kind_of(m);
  char more[160];
  snprintf(to->meaning, sizeof to->meaning, "%s: ", m->title);
  if (to->meaning[0] >= 'a' && to->meaning[0] <= 'z') to->meaning[0] = (char)(to->meaning[0] - 'a' + 'A');
  const size_t used = strlen(to->meaning);
  to->high = k.high;
  to->low = k.low;
  if ((m->flags & METHOD_OF_FEATURE) != 0) {
    snprintf(to->meaning + used, sizeof to->meaning - used,
             "what of the integrated gradient of the %s is due to each pixel: red raises it, blue lowers it. The %s "
             "itself is not shared out here.",
             to->feature, score);
    to->high = "raises that gradient";
    to->low = "lowers it";
  } else {
    append(to->meaning, sizeof to->meaning, "the value of a pixel is ");
    const size_t begun = strlen(to->meaning);
    snprintf(to->meaning + begun, sizeof to->meaning - begun - 200, k.format, score, e->target);
  }
  if ((m->flags & METHOD_LAYER) != 0)
    append(to->meaning, sizeof to->meaning, " Each pixel shows the cell of the layer that lies there.");
  snprintf(more, sizeof more, " Each pixel shows the value of its whole square of %lld by %lld.", (long long)p->grid,
           (long long)p->grid);
  if (p->grid > 0) append(to->meaning, sizeof to->meaning, more);
}

static double kept_share(const explanation *e) {
  const int64_t count = e->job.s->net->inputs;
  double share = 0;
  for (int64_t i = 0; i < count; i++) share += e->report.kept_weight[i] / (double)count;
  return share;
}

static void say_note(const explanation *e, map_words *to) {
  const picture_method *m = e->job.method;
  const attrib_report *r = &e->report;
  char *note = to->note;
  note[0] = '\0';
  if ((m->flags & METHOD_OF_FEATURE) != 0)
    snprintf(note, NOTE_TEXT, "Should sum to the integrated gradient of the %s, %.4g.", to->feature,
             r->completeness_target);
  else if ((m->flags & METHOD_LAYER) != 0 && (m->flags & METHOD_IDENTITY) == 0)
    snprintf(note, NOTE_TEXT, "This form need not add up: off by is its attribution error (baseline of its own: %s%s).",
             layer_implied_baseline(m->variant),
             m->variant == ATTRIB_LAYER_DIFFERENCE ? "; it does not look at f" : "");
  else if ((m->flags & METHOD_IDENTITY) != 0 && !isnan(r->unassigned))
    snprintf(note, NOTE_TEXT, "Given to no feature: %.4g.", r->unassigned);
  else if ((m->flags & (METHOD_IDENTITY | METHOD_BACKWARDS)) == (METHOD_IDENTITY | METHOD_BACKWARDS))
    snprintf(note, NOTE_TEXT, "f at the baseline is that at the end of the path.");
  else if ((m->flags & METHOD_KEEPS) != 0)
    snprintf(note, NOTE_TEXT, "Kept by sign, %.1f %% of the weight, so no completeness.", 100 * kept_share(e));
  else if ((m->flags & METHOD_RANKS) != 0)
    snprintf(note, NOTE_TEXT, "Ranks have no sum: off by and the error estimate are of the gradients behind them.");
  else if ((m->flags & METHOD_IDENTITY) == 0)
    snprintf(note, NOTE_TEXT, "%s, so no completeness.",
             m->baseline == NULL ? "No baseline" : "No sum of contributions");
}

void map_words_find(const pair *p, const explanation *e, map_words *to) {
  to->feature[0] = '\0';
  if ((e->job.method->flags & METHOD_OF_FEATURE) != 0) name_feature(e, to->feature, sizeof to->feature);
  say_meaning(p, e, to);
  say_note(e, to);
}

void map_words_limit(const picture_method *method, report_map *map) {
  const uint32_t flags = method->flags;
  if ((flags & METHOD_OF_FEATURE) != 0) {
    map->output = map->baseline_output = NAN;
    return;
  }
  if ((flags & (METHOD_LAYER | METHOD_IDENTITY)) != 0) return;
  map->baseline_output = map->completeness_error = NAN;
  if ((flags & METHOD_RANKS) != 0)
    map->attribution_sum = NAN;
  else
    map->completeness_relative = NAN;
  if ((flags & METHOD_KEEPS) != 0) map->output = NAN;
}
