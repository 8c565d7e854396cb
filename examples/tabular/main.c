/* explain_row - one row of a table in, bars that say what each column did out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "explanation.h"
#include "progress_bar.h"

enum { SHOWN = 12 /* rows that the network gets wrong, listed by number */ };

static int load(explanation *e, const arguments *a) {
  const char *path = a->table == NULL ? ATTRIB_EXAMPLES_DATA "/penguins/penguins.csv" : a->table;
  const char *net = a->net == NULL ? ATTRIB_EXAMPLES_DATA "/penguins/table_net.bin" : a->net;
  const char *slash = strrchr(path, '/');
  e->table_name = slash == NULL ? path : slash + 1;
  if (table_net_load(net, &e->net, e->message) != 0) return -1;
  if (table_load(path, &e->net, &e->table, e->message) != 0) return -1;
  if (a->row > e->table.count) {
    snprintf(e->message, sizeof e->message, "row %lld: the table has %lld rows", (long long)a->row,
             (long long)e->table.count);
    return -1;
  }
  e->row = a->row - 1;
  for (int64_t r = 0; r < e->table.count && e->row < 0; r++)
    if (!e->table.is_training[r]) e->row = r;
  if (e->row < 0) e->row = 0; /* all are for training */
  return 0;
}

static int64_t best_class(const explanation *e, const double *probabilities) {
  int64_t best = 0;
  for (int64_t k = 1; k < e->net.n_classes; k++)
    if (probabilities[k] > probabilities[best]) best = k;
  return best;
}

/* Held-out rows that were classified right, and the others by number. */
static void print_accuracy(const explanation *e, const double *probabilities) {
  int64_t held_out = e->table.count - e->table.training_count, wrong = 0;
  char list[256] = "", name[256];
  for (int64_t r = 0; r < e->table.count; r++) {
    if (e->table.is_training[r] || best_class(e, probabilities + r * e->net.n_classes) == e->table.classes[r]) continue;
    size_t used = strlen(list);
    if (wrong++ < SHOWN) snprintf(list + used, sizeof list - used, "%s %lld", used == 0 ? "" : ",", (long long)r + 1);
  }
  snprintf(name, sizeof name, "%s", e->table_name);
  printf("%s: %lld rows for training, %lld held out, of which the network gets %lld right%s%s%s\n", one_line(name),
         (long long)e->table.training_count, (long long)held_out, (long long)(held_out - wrong),
         wrong > 0 ? "; wrong: row" : "", list, wrong > SHOWN ? ", ..." : "");
}

/* Classifies the whole table, which says how far the network is to be trusted, and the row. 0, or -1 with e->message.
 */
static int classify(explanation *e) {
  const attrib_model model = table_net_model(&e->net, TABLE_NET_PROBABILITY);
  const attrib_baselines rows = {.struct_size = sizeof rows, .count = e->table.count, .rows = e->table.inputs};
  attrib_report report = {.struct_size = sizeof report, .message = e->message, .message_capacity = sizeof e->message};
  double *probabilities = calloc((size_t)(e->table.count * e->net.n_classes), sizeof *probabilities);
  if (probabilities == NULL) {
    snprintf(e->message, sizeof e->message, "out of memory for %lld rows", (long long)e->table.count);
    return -1;
  }
  attrib_status status = attrib_outputs(NULL, &model, &rows, ATTRIB_NO_TARGET, NULL, probabilities, &report);
  if (status == ATTRIB_OK) {
    const double *own = probabilities + e->row * e->net.n_classes;
    print_accuracy(e, probabilities);
    e->target = best_class(e, own);
    printf("Row %lld (%s):", (long long)e->row + 1, e->table.is_training[e->row] ? "training" : "held out");
    for (int32_t k = 0; k < e->net.n_classes; k++) printf(" %s %.2f %%,", e->net.classes[k], 100 * own[k]);
    printf(" and the table says %s\n", e->net.classes[e->table.classes[e->row]]);
  }
  free(probabilities);
  return status == ATTRIB_OK ? 0 : -1;
}

/* --target by name or number; without it the most probable class stays. */
static int choose_target(explanation *e, const char *text) {
  if (text == NULL) return 0;
  for (e->target = 0; e->target < e->net.n_classes; e->target++)
    if (strcmp(text, e->net.classes[e->target]) == 0) return 0;
  char *end;
  long number = strtol(text, &end, 10);
  e->target = number;
  if (end != text && *end == '\0' && number >= 0 && number < e->net.n_classes) return 0;
  int used = snprintf(e->message, sizeof e->message, "target '%.60s' is neither 0 to %d nor one of", text,
                      (int)e->net.n_classes - 1);
  for (int32_t k = 0; k < e->net.n_classes && used > 0 && (size_t)used < sizeof e->message; k++)
    used +=
        snprintf(e->message + used, sizeof e->message - (size_t)used, "%s %s", k == 0 ? "" : ",", e->net.classes[k]);
  return -1;
}

static int explain(explanation *e, const arguments *a) {
  const attrib_model model = table_net_model(&e->net, a->score);
  const attrib_baselines training = {
      .struct_size = sizeof training, .count = e->table.training_count, .rows = e->table.training};
  const attrib_eg_options options = {.struct_size = sizeof options,
                                     .sampler = a->sampler,
                                     .seed = a->seed,
                                     .samples = a->samples,
                                     .max_evaluations = a->max_evaluations,
                                     .n_groups = e->net.n_columns,
                                     .tolerance = a->tolerance,
                                     .groups = e->net.groups};
  const attrib_context_options context_options = {.struct_size = sizeof context_options, .workers = a->workers};
  e->report = (attrib_report){.struct_size = sizeof e->report,
                              .message = e->message,
                              .message_capacity = sizeof e->message,
                              .standard_errors = e->standard_errors};
  attrib_context *context;
  attrib_status status = attrib_context_create(&context_options, &context);
  if (status < 0) {
    snprintf(e->message, sizeof e->message, "%u workers: %s", (unsigned)a->workers, attrib_status_text(status));
    return -1;
  }
  status = attrib_context_set_progress(context, progress_bar, NULL);
  if (status == ATTRIB_OK)
    status = attrib_expected_gradients(context, &model, e->table.inputs + e->row * e->net.n_inputs, e->target,
                                       &training, &options, e->attributions, &e->report);
  attrib_context_destroy(context);
  if (status == ATTRIB_NOT_CONVERGED) printf("Not converged: %s\n", e->message);
  return status < 0 ? -1 : 0;
}

static int run(explanation *e, const arguments *a) {
  char prefix[1100];
  if (load(e, a) != 0 || classify(e) != 0 || choose_target(e, a->target) != 0) return -1;
  e->probability =
      table_net_score(&e->net, TABLE_NET_PROBABILITY, e->target, e->table.inputs + e->row * e->net.n_inputs, NULL);
  fflush(stdout);
  if (explain(e, a) != 0) return -1;
  default_prefix(e->table_name, prefix, 1024);
  size_t used = strlen(prefix);
  snprintf(prefix + used, sizeof prefix - used, "_row_%lld", (long long)e->row + 1);
  const char *chosen = a->prefix == NULL ? prefix : a->prefix;
  if (explanation_draw(e, a, chosen) != 0) return -1;
  explanation_print(e, a);
  printf("  %s_bars.svg, %s_bars.csv\n", chosen, chosen);
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  explanation e = {.message = ""};
  int status = run(&e, &a);
  if (status == 0) status = finish_output(e.message, sizeof e.message);
  if (status != 0) error_line("explain_row", e.message);
  table_free(&e.table);
  table_net_free(&e.net);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
