/* The parts of a record that say what was asked for, what became of it, and what the library reported. */
#include <stddef.h>

#include "command_line.h"
#include "record.h"

static json_t *triple(const double *values) {
  return json_pack("[f,f,f]", values[0], values[1], values[2]);
}

static json_t *rule_name(uint32_t rule) {
  for (const named_value *n = rule_names; n->name != NULL; n++)
    if (n->value == rule) return json_string(n->name);
  return json_null();
}

json_t *record_source(record *r, const settings *s, const network *net, const char *network_digest,
                      const char *labels_digest) {
  const network_source *source = &s->source;
  const bool torch = source->torch.path != NULL;
  double deviation[3];
  torch_source_deviation(&source->torch, deviation);
  json_t *object = json_object();
  record_put(r, object, "kind", json_string(torch ? "torchscript" : "bundled"));
  record_put(r, object, "file", record_bytes(torch ? source->torch.path : source->weights)); /* null: its own weights */
  record_put(r, object, "sha256", json_string(network_digest));
  if (torch) record_put(r, object, "libtorch", json_string(network_torch_version()));
  record_put(r, object, "width", json_integer(net->shape.width));
  record_put(r, object, "height", json_integer(net->shape.height));
  if (torch) record_put(r, object, "mean", triple(source->torch.mean));
  if (torch) record_put(r, object, "deviation", triple(deviation));
  record_put(r, object, "classes", json_integer(net->classes));
  record_put(r, object, "labels", record_bytes(source->labels));
  record_put(r, object, "labels_sha256", labels_digest[0] == '\0' ? json_null() : json_string(labels_digest));
  return object;
}

json_t *record_options(record *r, const arguments *a) {
  const settings *s = &a->settings;
  const common_options *o = &s->common;
  json_t *object = json_object(), *targets = json_array();
  for (int i = 0; i < a->n_targets; i++)
    if (json_array_append_new(targets, record_bytes(a->targets[i])) != 0) r->failed = true;
  record_put(r, object, "score", json_string(o->score == SMALL_NET_PROBABILITY ? "probability" : "logit"));
  record_put(r, object, "rule", rule_name(o->rule));
  record_put(r, object, "points", json_integer(o->points));
  record_put(r, object, "max_evaluations", json_integer(o->max_evaluations));
  record_put(r, object, "tolerance", json_real(o->tolerance));
  record_put(r, object, "seed", json_integer((json_int_t)o->seed));
  record_put(r, object, "seed_given", json_boolean(o->seeded));
  record_put(r, object, "sigma", json_real(s->sigma));
  record_put(r, object, "samples", json_integer(s->samples));
  record_put(r, object, "grid", json_integer(s->grid));
  record_put(r, object, "pixel",
             s->of_pixel ? json_pack("[I,I]", (json_int_t)s->pixel[0], (json_int_t)s->pixel[1]) : json_null());
  record_put(r, object, "width", json_real(s->width));
  record_put(r, object, "layer", s->layer == NULL ? json_null() : record_bytes(s->layer));
  record_put(r, object, "palette", json_string(o->palette == ATTRIB_PALETTE_SEQUENTIAL ? "sequential" : "diverging"));
  record_put(r, object, "scale", record_number(a->style.scale));
  record_put(r, object, "report", json_boolean(a->report));
  record_put(r, object, "targets", targets);
  record_put(r, object, "workers", json_integer(o->workers));
  return object;
}

json_t *record_resolved(record *r, const resolved *list) {
  json_t *object = json_object();
  for (int i = 0; i < list->count; i++) {
    const resolved_option *option = &list->options[i];
    json_t *value = option->kind == RESOLVED_WORDS     ? record_bytes(option->text)
                    : option->kind == RESOLVED_INTEGER ? json_integer(option->integer)
                                                       : record_number(option->real);
    record_put(r, object, option->key, value);
  }
  return object;
}

/* What is recorded of a report, each member by its own name but those that count rows. */
enum { RULE, INTEGER, UNSIGNED, SEED, REAL };
static const struct {
  const char *key;
  int kind;
  size_t offset;
} members[] = {{"rule", RULE, offsetof(attrib_report, rule)},
               {"points", INTEGER, offsetof(attrib_report, points)},
               {"samples", INTEGER, offsetof(attrib_report, samples)},
               {"gradient_rows", INTEGER, offsetof(attrib_report, evaluations)},
               {"output_rows", INTEGER, offsetof(attrib_report, output_evaluations)},
               {"seed", SEED, offsetof(attrib_report, seed)},
               {"stop_reason", UNSIGNED, offsetof(attrib_report, stop_reason)},
               {"notes", UNSIGNED, offsetof(attrib_report, notes)},
               {"output", REAL, offsetof(attrib_report, output)},
               {"baseline_output", REAL, offsetof(attrib_report, baseline_output)},
               {"attribution_sum", REAL, offsetof(attrib_report, attribution_sum)},
               {"completeness_target", REAL, offsetof(attrib_report, completeness_target)},
               {"completeness_error", REAL, offsetof(attrib_report, completeness_error)},
               {"completeness_relative", REAL, offsetof(attrib_report, completeness_relative)},
               {"error_estimate", REAL, offsetof(attrib_report, error_estimate)},
               {"tolerance", REAL, offsetof(attrib_report, tolerance)},
               {"sigma", REAL, offsetof(attrib_report, sigma)},
               {"objective", REAL, offsetof(attrib_report, objective)},
               {"unassigned", REAL, offsetof(attrib_report, unassigned)},
               {"seconds", REAL, offsetof(attrib_report, elapsed_seconds)},
               {"peak_bytes", INTEGER, offsetof(attrib_report, peak_bytes)}};
enum { MEMBERS = sizeof members / sizeof members[0] };

const char *record_report_key(int i) {
  return i < MEMBERS ? members[i].key : NULL;
}

json_t *record_report(record *r, const attrib_report *report) {
  json_t *object = json_object();
  for (int i = 0; i < MEMBERS; i++) {
    const void *at = (const char *)report + members[i].offset;
    json_t *value = NULL;
    switch (members[i].kind) {
      case RULE: value = rule_name(*(const uint32_t *)at); break;
      case INTEGER: value = json_integer(*(const int64_t *)at); break;
      case UNSIGNED: value = json_integer(*(const uint32_t *)at); break;
      case SEED: value = json_integer((json_int_t) * (const uint64_t *)at); break;
      default: value = record_number(*(const double *)at);
    }
    record_put(r, object, members[i].key, value);
  }
  return object;
}
