#include "resolved.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "layer_maps.h"
#include "names.h"

/* The library's, where 0 was asked for: see attrib_ig_options and attrib_eg_options. */
enum { ADAPTIVE_MOST = 256, ADAPTIVE_MOST_PER_BASELINE = 16, SAMPLING_MOST = 4096 };

static resolved_option *add(resolved *to, const char *key, const char *title, int kind) {
  resolved_option *option = &to->options[to->count++];
  *option = (resolved_option){.key = key, .title = title, .kind = kind};
  return option;
}

static void add_words(resolved *to, const char *key, const char *title, const char *words) {
  resolved_option *option = add(to, key, title, RESOLVED_WORDS);
  snprintf(option->text, sizeof option->text, "%s", words);
}

static void add_integer(resolved *to, const char *key, const char *title, int64_t value) {
  resolved_option *option = add(to, key, title, RESOLVED_INTEGER);
  option->integer = value;
  snprintf(option->text, sizeof option->text, "%" PRId64, value);
}

/* In as few digits as give the same number again. */
static void write_real(double value, char *text, size_t capacity) {
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, capacity, "%.*g", digits, value);
    if (strtod(text, NULL) == value) return;
  }
}

static void add_real(resolved *to, const char *key, const char *title, double value) {
  resolved_option *option = add(to, key, title, RESOLVED_REAL);
  option->real = value;
  write_real(value, option->text, sizeof option->text);
}

static void add_channels(resolved *to, const char *key, const char *title, const double *values) {
  resolved_option *option = add(to, key, title, RESOLVED_WORDS);
  for (int i = 0; i < 3; i++) {
    const size_t used = strlen(option->text);
    snprintf(option->text + used, sizeof option->text - used, "%s", i == 0 ? "" : ",");
    write_real(values[i], option->text + used + (i > 0), sizeof option->text - used - (i > 0));
  }
}

static void add_network(const network_source *source, const network *net, resolved *to) {
  add_words(to, "network", "network", file_name(source_file(source)));
  if (source->torch.path != NULL) {
    char size[64];
    double deviation[3];
    torch_source_deviation(&source->torch, deviation);
    snprintf(size, sizeof size, "%" PRId64 "x%" PRId64, net->shape.width, net->shape.height);
    add_words(to, "libtorch", "libtorch", network_torch_version());
    add_words(to, "size", "size of its pictures", size);
    add_channels(to, "mean", "mean", source->torch.mean);
    add_channels(to, "deviation", "deviation", deviation);
  }
  if (source->labels != NULL) add_words(to, "labels", "labels", file_name(source->labels));
  add_words(to, "score", "score", net->score == SMALL_NET_PROBABILITY ? "probability" : "logit");
}

/* Whether the rows of the baseline are drawn, one for each draw of the method. */
static bool is_drawn(const pair *p) {
  return (p->method->takes & TAKES_SAMPLES) != 0 && (baseline_takes(p->baseline) & BASELINE_SEED) != 0;
}

static void add_baseline(const pair *p, const explanation *e, resolved *to) {
  if (e->job.baselines == NULL) return;
  add_words(to, "baseline", "baseline", p->baseline);
  if (!is_drawn(p)) add_integer(to, "baseline_rows", "rows of the baseline", e->job.baselines->count);
  if (e->baseline.sigma > 0) add_real(to, "baseline_sigma", "sigma of the baseline", e->baseline.sigma);
}

/* Gradient rows that it was to end with at most; 0 = there was no such end. */
static int64_t most_evaluations(const pair *p, const explanation *e) {
  const int64_t asked = p->options.max_evaluations, paths = e->job.baselines == NULL ? 1 : e->job.baselines->count;
  const bool sampling = (p->method->takes & TAKES_SAMPLES) != 0;
  if ((p->method->takes & TAKES_TOLERANCE) == 0) return 0;
  if (sampling) return p->options.tolerance == 0 ? 0 : asked > 0 ? asked : SAMPLING_MOST;
  if (e->report.rule != ATTRIB_RULE_ADAPTIVE) return 0;
  if (asked > 0) return asked;
  return paths * ADAPTIVE_MOST_PER_BASELINE > ADAPTIVE_MOST ? paths * ADAPTIVE_MOST_PER_BASELINE : ADAPTIVE_MOST;
}

static void add_quadrature(const pair *p, const explanation *e, resolved *to) {
  const attrib_report *report = &e->report;
  const int64_t most = most_evaluations(p, e);
  for (const named_value *name = rule_names; name->name != NULL; name++)
    if (name->value == report->rule) add_words(to, "rule", "rule", name->name);
  const bool adaptive = report->rule == ATTRIB_RULE_ADAPTIVE; /* its points are what it came to */
  if ((p->method->takes & TAKES_POINTS) != 0 && report->points > 0 && !adaptive)
    add_integer(to, "points", "points", report->points);
  if (report->tolerance > 0) add_real(to, "tolerance", "tolerance", report->tolerance);
  if (most > 0) add_integer(to, "max_evaluations", "most gradient rows", most);
}

/* Of which value of which pixel interactions are, and how far from it gradients are compared. */
static void add_feature(const explanation *e, resolved *to) {
  static const char *const channels[] = {"red", "green", "blue"};
  const attrib_image *shape = &e->job.s->net->shape;
  const int64_t pixels = shape->width * shape->height, pixel = e->feature % pixels;
  char text[64];
  snprintf(text, sizeof text, "%" PRId64 ",%" PRId64, pixel % shape->width, pixel / shape->width);
  add_words(to, "pixel", "pixel", text);
  add_words(to, "channel", "channel", channels[e->feature / pixels]);
  add_real(to, "width", "width", e->report.sigma);
}

static void add_layer(const explanation *e, resolved *to) {
  char unused[FILE_MESSAGE_CAPACITY];
  const char *name;
  const small_net *net = e->job.s->net->bundled;
  if (net != NULL && small_net_layer_info(net, layer_find(net, e->job.layer, unused), &name, NULL) == 0)
    add_words(to, "layer", "layer", name);
}

void resolve(const pair *p, const explanation *e, resolved *to) {
  const picture_method *method = p->method;
  const attrib_report *report = &e->report;
  const bool of_feature = (method->flags & METHOD_OF_FEATURE) != 0;
  to->count = 0;
  add_network(p->source, e->job.s->net, to);
  add_words(to, "target", "target", e->target);
  add_baseline(p, e, to);
  add_quadrature(p, e, to);
  if ((method->takes & TAKES_SAMPLES) != 0) add_integer(to, "samples", "samples", report->samples);
  if (!of_feature && report->sigma > 0) add_real(to, "sigma", "sigma", report->sigma);
  if (of_feature) add_feature(e, to);
  if ((method->flags & METHOD_LAYER) != 0) add_layer(e, to);
  if (p->grid > 0) {
    char text[32];
    snprintf(text, sizeof text, "grid:%" PRId64, p->grid);
    add_words(to, "groups", "groups", text);
  }
  const bool random_baseline = e->job.baselines != NULL && (baseline_takes(p->baseline) & BASELINE_SEED) != 0;
  if ((method->takes & TAKES_SEED) != 0 || random_baseline)
    add_integer(to, "seed", "seed", (int64_t)p->options.seed); /* at most INT64_MAX is taken */
  add_integer(to, "workers", "workers (the bits are the same for any number)", p->options.workers);
}

bool resolved_decides(const char *key) {
  static const char *const others[] = {"network", "libtorch", "labels", "workers"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (strcmp(key, others[i]) == 0) return false;
  return true;
}
