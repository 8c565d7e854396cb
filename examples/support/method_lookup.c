#include <stdio.h>
#include <string.h>

#include "command_line.h"
#include "layer_maps.h"
#include "method_table.h"
#include "markup.h"
#include "nearest_names.h"

enum { METHODS_LISTED = 64, NEAREST = 8 };

const picture_method *method_find(const char *program, const char *name) {
  const char *names[METHODS_LISTED];
  char near[256];
  int64_t count = 0;
  if (strcmp(name, "integrated-gradients") == 0) name = "ig"; /* its longer name */
  for (const picture_method *m = picture_methods; m->name != NULL; m++) {
    if (strcmp(m->name, name) == 0) return m;
    if (count < METHODS_LISTED) names[count++] = m->name;
  }
  near_names(name, names, count, NEAREST, near, sizeof near);
  usage_error(program, "--method '%.60s' is none of --list%s%s", name, near[0] == '\0' ? "" : ", near to ", near);
  return NULL;
}

void method_list(bool curves) {
  printf("Methods (--method), and the rows of the model that each takes when nothing else is asked for:\n");
  for (const picture_method *m = picture_methods; m->name != NULL; m++)
    if (!curves || m->axis != NULL || (m->flags & METHOD_RUNNING_MEAN) != 0)
      printf("  %-22s %7s %4lld  %s\n", m->name, (m->flags & METHOD_AT_MOST) != 0 ? "at most" : "", (long long)m->rows,
             m->what);
  printf("layer-*: of --layer NAME (conv2); rows are of the network up to there, or of what is behind it.\n");
  printf("\nBaselines (--baseline); but for the last three, which are searched for, they take no rows:\n");
  choose_baseline_list(false);
}

bool method_takes_rule(const picture_method *method, uint32_t rule) {
  if (rule == 0) return true;
  if ((method->takes & TAKES_RULE) == 0) return false;
  if ((method->takes & TAKES_ENDS) != 0) return rule == ATTRIB_RULE_TRAPEZOID || rule == ATTRIB_RULE_LEFT;
  return rule != ATTRIB_RULE_ADAPTIVE || (method->takes & TAKES_TOLERANCE) != 0;
}

bool method_settle(const char *program, method_job *job, baseline_request *request) {
  const picture_method *m = job->method;
  const common_options *o = job->options;
  const bool baseline = m->baseline != NULL;
  if (!baseline && request->name != NULL) return usage_error(program, "--method %s looks at no baseline", m->name);
  const struct {
    const char *name;
    bool given, taken;
  } options[] = {{"rule", o->rule != 0, (m->takes & TAKES_RULE) != 0},
                 {"points", o->points != 0, (m->takes & TAKES_POINTS) != 0},
                 {"tolerance", o->tolerance > 0, (m->takes & TAKES_TOLERANCE) != 0},
                 {"max-evaluations", o->max_evaluations > 0, (m->takes & TAKES_TOLERANCE) != 0},
                 {"sigma", request->sigma > 0, baseline || (m->takes & TAKES_SIGMA) != 0},
                 {"samples", request->samples > 0, baseline || (m->takes & TAKES_SAMPLES) != 0},
                 {"pixel", job->pixel != NULL, (m->takes & TAKES_PIXEL) != 0},
                 {"width", job->width > 0, (m->takes & TAKES_PIXEL) != 0},
                 {"layer", job->layer != NULL, (m->takes & TAKES_LAYER) != 0},
                 {"seed", o->seeded, baseline || (m->takes & TAKES_SEED) != 0}};
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (options[i].given && !options[i].taken)
      return usage_error(program, "--method %s takes no --%s", m->name, options[i].name);
  if (!method_takes_rule(m, o->rule))
    return usage_error(program, "--method %s takes %s", m->name,
                       (m->takes & TAKES_ENDS) != 0 ? "--rule trapezoid or left" : "no --rule adaptive");
  if (request->name == NULL) request->name = m->baseline;
  request->seed = o->seed;
  request->seeded = o->seeded && (m->takes & TAKES_SEED) == 0;
  if ((m->takes & TAKES_SIGMA) != 0) {
    job->sigma = request->sigma;
    request->sigma = 0;
  }
  if ((m->takes & TAKES_SAMPLES) != 0) {
    job->samples = request->samples;
    request->draws = o->tolerance > 0 ? INT64_C(1) << 40 : job->samples > 0 ? job->samples : 200; /* no row twice */
    request->samples = 0;
  }
  return true;
}

bool method_is_off(const picture_method *method, const attrib_report *report) {
  return (method->flags & METHOD_IDENTITY) != 0 && report->completeness_relative > 0.1;
}

const char *method_remedy(const picture_method *method) {
  if ((method->takes & TAKES_PIXEL) != 0) return "more --points or a larger --width";
  if ((method->takes & TAKES_SAMPLES) != 0) return "more --samples or a --tolerance";
  if ((method->takes & TAKES_TOLERANCE) != 0) return "a smaller --tolerance or more --points";
  return (method->takes & TAKES_POINTS) != 0 ? "more --points" : "";
}

const char *method_relation(const picture_method *method, const char *baseline, char *text, size_t capacity) {
  snprintf(text, capacity, "%s%s%s", method->relation, method->baseline != NULL ? " " : "",
           method->baseline != NULL ? baseline : "");
  return text;
}

const char *method_job_relation(const method_job *job, const char *baseline, char *text, size_t capacity) {
  char message[FILE_MESSAGE_CAPACITY];
  const char *layer;
  size_t used = 0;
  if ((job->method->flags & METHOD_LAYER) != 0 && job->s->net->bundled != NULL &&
      small_net_layer_info(job->s->net->bundled, layer_find(job->s->net->bundled, job->layer, message), &layer, NULL) ==
          0) {
    snprintf(text, capacity, "at %s ", layer);
    used = strlen(one_line(text));
  }
  method_relation(job->method, baseline, text + used, capacity - used);
  return text;
}

const char *method_job_title(const method_job *job, const char *target, const char *baseline, char *text,
                             size_t capacity) {
  char relation[160];
  snprintf(text, capacity, "%s of &#8216;", job->s->net->score == SMALL_NET_PROBABILITY ? "Probability" : "Logit");
  markup_append(text, capacity, target != NULL ? target : network_class_name(job->s->net, job->target));
  const size_t used = strlen(text);
  snprintf(text + used, capacity - used, "&#8217;, %.56s ", job->method->title);
  return markup_append(text, capacity, method_job_relation(job, baseline, relation, sizeof relation));
}
