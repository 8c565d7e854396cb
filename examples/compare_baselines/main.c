/* compare_baselines - one picture, many baselines or many methods: the maps side by side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "sheet.h"

static void fill_head(const arguments *a, const subject *s, int64_t target, const plan *p, sheet_head *head) {
  default_prefix(a->common.picture, head->name, sizeof head->name);
  snprintf(head->score, sizeof head->score, "%s", a->common.score == SMALL_NET_LOGIT ? "logit" : "probability");
  snprintf(head->found, sizeof head->found, "%s %.2f %%", network_class_name(s->net, s->best),
           100 * s->probabilities[s->best]);
  snprintf(head->explained, sizeof head->explained, "%s of %s", head->score, network_class_name(s->net, target));
  head->output = p->cells[1].report.output; /* every map explains it, and the first is never blank */
  float logits[SMALL_NET_CLASSES];
  double scores[SMALL_NET_CLASSES];
  if (isnan(head->output) &&
      small_net_forward(s->net->bundled, 0, s->input.pixels, logits) == 0) { /* not every method asks */
    small_net_softmax(logits, scores);
    head->output = a->common.score == SMALL_NET_LOGIT ? (double)logits[target] : scores[target];
  }
}

/* "-" for NaN. Returns text. */
static char *number(double value, char *text, size_t capacity) {
  snprintf(text, capacity, isnan(value) ? "-" : "%.6g", value);
  return text;
}

/* What a mark after the completeness error means, once. */
static void print_remedy(const plan *p) {
  for (int i = 0; i < p->count; i++)
    if (p->cells[i].method != CELL_BLANK && p->cells[i].method != CELL_PICTURE && cell_is_off(&p->cells[i])) {
      printf(
          "  ! these are off by more than a tenth of what they should sum to: look again with more points or\n"
          "  samples, or a smaller tolerance; of interactions with a larger width, too (explain_image --width)\n");
      return;
    }
}

/* The strip as text. */
static void print_cells(const plan *p) {
  printf("  %-42s %12s %12s %12s %10s %6s %11s\n", "", "f(baseline)", "sum", "completeness", "error", "rows",
         "full colour");
  for (int i = 0; i < p->count; i++) {
    const cell *c = &p->cells[i];
    const attrib_report *r = &c->report;
    char name[160], baseline[32], completeness[32], error[32];
    if (c->method == CELL_BLANK || c->method == CELL_PICTURE) continue;
    snprintf(name, sizeof name, "%s %s %s", c->title[0], c->title[1], c->title[2]);
    printf("  %-42s %12s %12.6g %12s %10s %6lld %11.3g\n", name, number(r->baseline_output, baseline, sizeof baseline),
           r->attribution_sum, sheet_completeness(c, completeness, sizeof completeness),
           sheet_error(r, error, sizeof error), (long long)cell_rows(c), c->scale);
  }
  print_remedy(p);
}

static int make_path(const arguments *a, char *path, size_t capacity, char *message) {
  char prefix[1024];
  default_prefix(a->common.picture, prefix, sizeof prefix);
  int length =
      snprintf(path, capacity, "%s_%s.png", a->common.prefix == NULL ? prefix : a->common.prefix, sweep_name(a->sweep));
  if (length >= 0 && (size_t)length < capacity) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", capacity - 1);
  return -1;
}

static int run(const arguments *a, const subject *s, const picture_bank *bank, plan *p, char *message) {
  char path[4096], name[256];
  sheet_head head;
  int64_t target = a->common.target == NULL ? s->best : subject_find_class(s, a->common.target, message);
  if (target < 0 || make_path(a, path, sizeof path, message) != 0 || sheet_check(path, message) != 0) return -1;
  subject_print(s, a->common.picture);
  fflush(stdout);
  plan_cells(a, bank->count, p);
  if (explain_cells(a, s, bank, target, p, message) != 0) return -1;
  fill_head(a, s, target, p, &head);
  if (sheet_write(p, s, &head, a->common.palette, path, message) != 0) return -1;
  printf("%s of '%s', f(picture) %.6g\n", head.score, shown_line(network_class_name(s->net, target), name, sizeof name),
         head.output);
  print_cells(p);
  printf("  %s\n", one_line(path));
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY] = "out of memory";
  subject s;
  picture_bank bank = {0};
  plan *p = calloc(1, sizeof *p); /* too large for a stack */
  int status = p == NULL ? -1 : 0;
  if (status == 0 && plan_needs_bank(&a)) status = picture_bank_load(a.bank, &bank, message);
  if (status == 0) status = subject_open(&s, a.common.net, a.common.picture, a.common.score, a.common.workers, message);
  if (status == 0) {
    if (message[0] != '\0') printf("%s\n", message); /* a remark on the picture, such as its transparency */
    status = run(&a, &s, &bank, p, message);
    subject_close(&s);
  }
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line("compare_baselines", message);
  picture_bank_free(&bank);
  free(p);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
