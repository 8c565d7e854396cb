#include "explanation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bar_chart.h"

static const double *row_of(const explanation *e) {
  return e->table.inputs + e->row * e->net.n_inputs;
}

static bool is_number(const table_net *net, int32_t column) {
  return net->categories[net->first[column]][0] == '\0';
}

/* The input of a column that says what the row holds: the number, or the category that applies. */
static int32_t telling_input(const explanation *e, int32_t column) {
  int32_t input = e->net.first[column];
  while (!is_number(&e->net, column) && row_of(e)[input] == 0) input++;
  return input;
}

void explanation_value(const explanation *e, int32_t column, char *text, size_t size) {
  const int32_t input = telling_input(e, column);
  if (is_number(&e->net, column))
    snprintf(text, size, "%g", row_of(e)[input]);
  else
    snprintf(text, size, "%s", e->net.categories[input]);
}

/* The training rows in a column: their mean, or how many of them hold the same as the row. */
static void typical(const explanation *e, int32_t column, char *text, size_t size) {
  const int32_t input = telling_input(e, column);
  double mean = 0;
  for (int64_t r = 0; r < e->table.training_count; r++) mean += e->table.training[r * e->net.n_inputs + input];
  mean /= (double)e->table.training_count;
  if (is_number(&e->net, column))
    snprintf(text, size, "training rows: %.4g on average", mean);
  else
    snprintf(text, size, "%.0f %% of the training rows", 100 * mean);
}

static const char *score_name(const arguments *a) {
  return a->score == TABLE_NET_LOGIT ? "logit" : "probability";
}

/* A number that may be unknown: one draw says nothing of its error. */
static const char *known(double value, int decimals, const char *unit, char *text, size_t size) {
  if (isnan(value))
    snprintf(text, size, "not known");
  else
    snprintf(text, size, "%.*f%s", decimals, value, unit);
  return text;
}

void explanation_print(const explanation *e, const arguments *a) {
  const attrib_report *r = &e->report;
  char value[64], error[400];
  printf("Expected gradients of the %s of '%s' over the %lld training rows\n", score_name(a), e->net.classes[e->target],
         (long long)e->table.training_count);
  printf("  %-24s %12s %12s  %s\n", "column", "value", "attribution", "standard error");
  for (int32_t c = 0; c < e->net.n_columns; c++) {
    explanation_value(e, c, value, sizeof value);
    printf("  %-24s %12s %+12.5f  %s\n", e->net.columns[c], value, e->attributions[c],
           known(e->standard_errors[c], 5, "", error, sizeof error));
  }
  printf("  f(row) %.5f, mean of f %.5f, sum of attributions %.5f\n", r->output, r->baseline_output,
         r->attribution_sum);
  printf("  completeness error %+.2e, %.2f %% of the difference; error estimate %s\n", r->completeness_error,
         100 * r->completeness_relative, known(100 * r->error_estimate, 2, " %", error, sizeof error));
  printf("  %lld gradient rows, %lld output rows, sampler %s, seed %llu, %.0f ms\n", (long long)r->evaluations,
         (long long)r->output_evaluations, sampler_name(r->sampler), (unsigned long long)r->seed,
         1e3 * r->elapsed_seconds);
}

/* Larger first; what is equal stays in the order of the columns. */
static int by_size(const void *a, const void *b) {
  const bar *x = a, *y = b;
  if (fabs(x->size) != fabs(y->size)) return fabs(x->size) < fabs(y->size) ? 1 : -1;
  return x->place - y->place;
}

int explanation_draw(explanation *e, const arguments *a, const char *prefix) {
  const attrib_report *r = &e->report;
  const char *class_name = e->net.classes[e->target];
  char text[7][256];
  bar bars[TABLE_NET_MAX_COLUMNS];
  for (int32_t c = 0; c < e->net.n_columns; c++) {
    bars[c] = (bar){.size = e->attributions[c], .error = e->standard_errors[c], .place = c};
    snprintf(bars[c].name, sizeof bars[c].name, "%s", e->net.columns[c]);
    explanation_value(e, c, bars[c].value, sizeof bars[c].value);
    typical(e, c, bars[c].typical, sizeof bars[c].typical);
  }
  qsort(bars, (size_t)e->net.n_columns, sizeof *bars, by_size);
  snprintf(text[0], sizeof text[0], "Row %lld of %.60s: why '%s' has %.1f %%", (long long)e->row + 1, e->table_name,
           class_name, 100 * e->probability);
  snprintf(text[1], sizeof text[1], "The table says '%s'; the row was %s training.",
           e->net.classes[e->table.classes[e->row]], e->table.is_training[e->row] ? "used in" : "held out from");
  snprintf(text[2], sizeof text[2], "The %s is %.3f, its mean over the training rows drawn %.3f; the bars sum to %.3f.",
           score_name(a), r->output, r->baseline_output, r->attribution_sum);
  snprintf(text[3], sizeof text[3], "speaks for '%s'", class_name);
  snprintf(text[4], sizeof text[4], "Bar: what the column adds to the %s of '%s', held against the training rows.",
           score_name(a), class_name);
  if (isnan(r->error_estimate))
    snprintf(text[5], sizeof text[5], "No whiskers: one draw does not say how far chance may have moved a bar.");
  else
    snprintf(text[5], sizeof text[5],
             "Whisker: \xc2\xb1 2 standard errors of the %lld draws, how far chance may have moved a bar.",
             (long long)r->samples);
  snprintf(text[6], sizeof text[6], "How far the network itself is right is another question.");
  if (r->stop_reason == ATTRIB_STOP_BUDGET)
    snprintf(text[6], sizeof text[6], "Not converged: the error estimate is %.2g %%, and %.2g %% was asked for.",
             100 * r->error_estimate, 100 * r->tolerance);
  const bar_chart chart = {.title = text[0],
                           .heads = {text[1], text[2]},
                           .positive = text[3],
                           .negative = "speaks against",
                           .notes = {text[4], text[5], text[6]},
                           .bars = bars,
                           .count = e->net.n_columns};
  return bar_chart_write(&chart, prefix, e->message);
}
