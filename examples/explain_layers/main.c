/* explain_layers - one picture, every layer of the network, every form of layer attributions: maps side by side, and
 * how much of the difference each accounts for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer_maps.h"
#include "percent.h"
#include "strip.h"

static void shape_text(const small_net_shape *shape, char *text, size_t capacity) {
  if (shape->height > 0)
    snprintf(text, capacity, "%d x %d x %d", (int)shape->channels, (int)shape->height, (int)shape->width);
  else
    snprintf(text, capacity, "%d", (int)shape->channels);
}

static void print_table(const layer_maps *maps) {
  printf("  %-10s %-12s %-22s %-9s %12s %12s %12s %10s %9s %5s %11s\n", "layer", "shape", "form", "baseline", "sum",
         "T", "error", "relative", "gradients", "body", "full colour");
  for (int32_t k = 0; k < maps->count; k++)
    for (int i = 0; i < maps->forms; i++) {
      const layer_cut *cut = &maps->cuts[k];
      const layer_cell *cell = &cut->cells[i];
      const attrib_report *r = &cell->report;
      char shape[48], name[SMALL_NET_NAME_BYTES], percent[32], scale[32] = "-";
      shape_text(&cut->shape, shape, sizeof shape);
      snprintf(name, sizeof name, "%s", cut->name);
      if (cut->planes) snprintf(scale, sizeof scale, "%.3g", cell->scale);
      printf("  %-10s %-12s %-22s %-9s %12.6g %12.6g %12.3e %10s %9lld %5lld %11s%s\n", one_line(name), shape,
             maps->form[i]->name, layer_implied_baseline(maps->form[i]->form), r->attribution_sum,
             r->completeness_target, r->completeness_error,
             percent_text(r->completeness_relative, percent, sizeof percent), (long long)cell->gradient_rows,
             (long long)cell->body_rows, scale, cell->remark[0] != '\0' ? " !" : "");
    }
  for (int32_t k = 0; k < maps->count; k++)
    for (int i = 0; i < maps->forms; i++)
      if (maps->cuts[k].cells[i].remark[0] != '\0')
        printf("  ! %s, %s: %s\n", maps->cuts[k].name, maps->form[i]->name, maps->cuts[k].cells[i].remark);
  printf(
      "  baseline: the one that a form implies. As given: what the layer makes of --baseline; zero map: a layer\n"
      "  whose activations are 0; none: no baseline makes the form sum to T\n");
}

/* A name from the weights file, which may hold anything, as a field. */
static void write_field(atomic_file *file, const char *text) {
  atomic_file_printf(file, "\"");
  for (; *text != '\0'; text++) atomic_file_printf(file, *text == '"' ? "\"\"" : "%c", *text);
  atomic_file_printf(file, "\",");
}

/* To be committed by the caller; NULL on failure, with one line in message. */
static atomic_file *begin_csv(const char *path, const layer_maps *maps, char *message) {
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return NULL;
  atomic_file_printf(file,
                     "layer,name,channels,height,width,form,sum_of_attributions,target,attribution_error,"
                     "relative,gradient_rows,body_rows,head_output_rows,full_colour,"
                     "implied_baseline\n");
  for (int32_t k = 0; k < maps->count; k++)
    for (int i = 0; i < maps->forms; i++) {
      const layer_cut *cut = &maps->cuts[k];
      const layer_cell *cell = &cut->cells[i];
      const attrib_report *r = &cell->report;
      atomic_file_printf(file, "%d,", (int)k);
      write_field(file, cut->name);
      atomic_file_printf(file, "%d,%d,%d,%s,%.17g,%.17g,%.17g,%.17g,%lld,%lld,%lld,", (int)cut->shape.channels,
                         (int)cut->shape.height, (int)cut->shape.width, maps->form[i]->name, r->attribution_sum,
                         r->completeness_target, r->completeness_error, r->completeness_relative,
                         (long long)cell->gradient_rows, (long long)cell->body_rows, (long long)cell->head_rows);
      if (cut->planes) atomic_file_printf(file, "%.17g", cell->scale);
      atomic_file_printf(file, ",%s\n", layer_implied_baseline(maps->form[i]->form));
    }
  return file;
}

typedef struct paths {
  char strip[4096], csv[4096];
} paths;

/* Where results go, and that they can, before the work. */
static int make_paths(const arguments *a, paths *p, char *message) {
  char prefix[1024];
  default_prefix(a->common.picture, prefix, sizeof prefix);
  const char *begin = a->common.prefix == NULL ? prefix : a->common.prefix;
  const int length = snprintf(p->strip, sizeof p->strip, "%s_layers.png", begin);
  if (length < 0 || (size_t)length >= sizeof p->strip) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %zu bytes", sizeof p->strip - 1);
    return -1;
  }
  snprintf(p->csv, sizeof p->csv, "%s_layers.csv", begin);
  for (int i = 0; i < 2; i++) {
    atomic_file *file = atomic_file_begin(i == 0 ? p->strip : p->csv, message, FILE_MESSAGE_CAPACITY);
    if (file == NULL) return -1;
    atomic_file_abort(file);
  }
  return 0;
}

static int write_files(const layer_maps *maps, const subject *s, const strip_head *head, const paths *p,
                       char *message) {
  canvas c = {0};
  atomic_file *strip = NULL, *csv = NULL;
  int status = strip_draw(maps, s, head, &c, message);
  if (status == 0 && image_begin_png(p->strip, c.width, c.height, 3, c.rgb, &strip, message, FILE_MESSAGE_CAPACITY))
    status = -1;
  canvas_free(&c);
  if (status == 0 && (csv = begin_csv(p->csv, maps, message)) == NULL) status = -1;
  if (status == 0) return atomic_file_commit_pair(strip, csv, message, FILE_MESSAGE_CAPACITY);
  atomic_file_abort(strip);
  return -1;
}

static void fill_head(const arguments *a, const subject *s, int64_t target, const layer_maps *maps, strip_head *head) {
  const attrib_report *r = &maps->cuts[0].cells[0].report;
  default_prefix(a->common.picture, head->name, sizeof head->name);
  snprintf(head->baseline, sizeof head->baseline, "%s", a->baseline.name);
  snprintf(head->found, sizeof head->found, "%s, %.2f %%", network_class_name(s->net, s->best),
           100 * s->probabilities[s->best]);
  snprintf(head->explained, sizeof head->explained, "%s of '%s'",
           a->common.score == SMALL_NET_LOGIT ? "logit" : "probability", network_class_name(s->net, target));
  head->output = r->output;
  head->baseline_output = r->baseline_output;
}

static int run(const arguments *a, const subject *s, layer_maps *maps, char *message) {
  paths p;
  strip_head head;
  int64_t target = a->common.target == NULL ? s->best : subject_find_class(s, a->common.target, message);
  if (target < 0 || make_paths(a, &p, message) != 0) return -1;
  subject_print(s, a->common.picture);
  fflush(stdout);
  if (explain_layers(a, s, target, maps, message) != 0) return -1;
  fill_head(a, s, target, maps, &head);
  if (write_files(maps, s, &head, &p, message) != 0) return -1;
  printf("Layers of the %s against %s: f(picture) %.6g, f(baseline) %.6g, T %.6g\n", head.explained, head.baseline,
         head.output, head.baseline_output, head.output - head.baseline_output);
  print_table(maps);
  printf("  %s, %s\n", one_line(p.strip), one_line(p.csv));
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY] = "out of memory";
  subject s;
  layer_maps *maps = calloc(1, sizeof *maps); /* too large for a stack */
  int status = maps == NULL ? -1 : 0;
  if (status == 0) status = subject_open(&s, a.common.net, a.common.picture, a.common.score, a.common.workers, message);
  if (status == 0) {
    if (message[0] != '\0') printf("%s\n", message); /* a remark on the picture, such as its transparency */
    status = run(&a, &s, maps, message);
    subject_close(&s);
  }
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line("explain_layers", message);
  if (maps != NULL) choose_baseline_free(&maps->baseline);
  free(maps);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
