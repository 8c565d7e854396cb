/* The parts of a record that say what was asked for and what the library reported. */
#include "command_line.h"
#include "record.h"

static json_t *triple(const double *values) {
  return json_pack("[f,f,f]", values[0], values[1], values[2]);
}

json_t *record_source(record *r, const settings *s, const network *net, const char *network_digest,
                      const char *labels_digest) {
  const network_source *source = &s->source;
  const bool torch = source->torch.path != NULL;
  json_t *object = json_object();
  record_put(r, object, "kind", json_string(torch ? "torchscript" : "bundled"));
  record_put(r, object, "file", record_bytes(torch ? source->torch.path : source->weights)); /* null: its own weights */
  record_put(r, object, "sha256", json_string(network_digest));
  record_put(r, object, "width", json_integer(net->shape.width));
  record_put(r, object, "height", json_integer(net->shape.height));
  if (torch) record_put(r, object, "mean", triple(source->torch.mean));
  if (torch) record_put(r, object, "deviation", triple(source->torch.deviation));
  record_put(r, object, "classes", json_integer(net->classes));
  record_put(r, object, "labels", record_bytes(source->labels));
  record_put(r, object, "labels_sha256", labels_digest[0] == '\0' ? json_null() : json_string(labels_digest));
  return object;
}

json_t *record_settings(record *r, const settings *s) {
  const common_options *o = &s->common;
  json_t *object = json_object();
  const char *rule = NULL;
  for (const named_value *n = rule_names; n->name != NULL; n++)
    if (n->value == o->rule) rule = n->name;
  record_put(r, object, "score", json_string(o->score == SMALL_NET_PROBABILITY ? "probability" : "logit"));
  record_put(r, object, "rule", rule == NULL ? json_null() : json_string(rule));
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
  record_put(r, object, "workers", json_integer(o->workers));
  return object;
}

json_t *record_report(record *r, const attrib_report *report) {
  json_t *object = json_object();
  const char *rule = NULL;
  for (const named_value *n = rule_names; n->name != NULL; n++)
    if (n->value == report->rule) rule = n->name;
  const struct {
    const char *name;
    double value;
  } numbers[] = {{"output", report->output},
                 {"baseline_output", report->baseline_output},
                 {"attribution_sum", report->attribution_sum},
                 {"completeness_target", report->completeness_target},
                 {"completeness_error", report->completeness_error},
                 {"completeness_relative", report->completeness_relative},
                 {"error_estimate", report->error_estimate},
                 {"tolerance", report->tolerance},
                 {"sigma", report->sigma},
                 {"objective", report->objective},
                 {"unassigned", report->unassigned}};
  record_put(r, object, "rule", rule == NULL ? json_null() : json_string(rule));
  record_put(r, object, "points", json_integer(report->points));
  record_put(r, object, "samples", json_integer(report->samples));
  record_put(r, object, "gradient_rows", json_integer(report->evaluations));
  record_put(r, object, "output_rows", json_integer(report->output_evaluations));
  record_put(r, object, "seed", json_integer((json_int_t)report->seed));
  record_put(r, object, "stop_reason", json_integer(report->stop_reason));
  record_put(r, object, "notes", json_integer(report->notes));
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    record_put(r, object, numbers[i].name, record_number(numbers[i].value));
  record_put(r, object, "seconds", record_number(report->elapsed_seconds));
  record_put(r, object, "peak_bytes", json_integer(report->peak_bytes));
  return object;
}
