#include "print.h"

#include <math.h>
#include <stdio.h>

#include "command_line.h"
#include "layer_maps.h"
#include "method_runs.h"
#include "names.h"

static const double great_error = 0.5, near_end = 1.05;

/* f at both ends, and how nearly the attributions sum to their difference. */
static void print_completeness(const picture_method *method, const attrib_report *r) {
  printf("  f(picture) %.4f, f(%s) %.4f, sum of attributions %.4f\n", r->output,
         (method->flags & METHOD_BACKWARDS) != 0 ? "end of the path" : "baseline", r->baseline_output,
         r->attribution_sum);
  printf("  completeness error %+.2e, %.2f %% of the difference\n", r->completeness_error,
         100 * r->completeness_relative);
  if (!isnan(r->unassigned)) printf("  given to no feature: %.2e\n", r->unassigned);
}

/* How much of the difference a form accounts for, and the baseline that it implies. */
static void print_layer(const method_job *job, const attrib_report *r) {
  const uint32_t form = job->method->variant;
  const char *implied = layer_implied_baseline(form);
  printf("  f(picture) %.4f, f(baseline) %.4f, sum of attributions %.4f\n", r->output, r->baseline_output,
         r->attribution_sum);
  printf("  attribution error %+.2e, %.2f %% of the difference (the form's own baseline: %s%s)\n",
         r->completeness_error, 100 * r->completeness_relative, implied,
         form == ATTRIB_LAYER_DIFFERENCE ? ", but it does not look at f" : "");
}

/* The sigma that was found, between which it was searched for, and what speaks against the map. */
static void print_noising(const method_job *job, const attrib_report *r) {
  double low, high;
  noising_bracket(job->s, &low, &high);
  printf("  sigma %.4g, searched for from %.4g to %.4g\n", r->sigma, low, high);
  const bool lowest = r->sigma<low * near_end, highest = r->sigma> high / near_end;
  if (lowest || highest)
    printf("  ! sigma is at the %s end of that, and may have its least beyond it\n", lowest ? "lower" : "upper");
  if (r->error_estimate > great_error)
    printf("  ! most of the map may be noise: its error estimate is above %.0f %%; take more --samples\n",
           100 * great_error);
}

/* What was kept of the weight, on average, and what it and the rest would have summed to. */
static void print_kept(const attrib_report *r, int64_t count) {
  double kept = 0, positive = 0, negative = 0;
  for (int64_t i = 0; i < count; i++) {
    kept += r->kept_weight[i] / (double)count;
    positive += r->positive[i];
    negative += r->negative[i];
  }
  printf("  sum %.4f (kept by sign, so no completeness)\n", r->attribution_sum);
  printf("  kept %.1f %% of the weight; contributions kept %+.4f, dropped %+.4f\n", 100 * kept, positive, negative);
}

/* Whose interactions they are, and how nearly they sum to its attribution. */
static void print_feature(const method_job *job, const attrib_report *r) {
  static const char *const channels[] = {"red", "green", "blue"};
  const int64_t width = job->s->net->shape.width, pixels = width * job->s->net->shape.height;
  const int64_t pixel = *job->feature % pixels;
  printf("  of the %s of pixel %lld,%lld: integrated gradient %.4g, sum of its interactions %.4g\n",
         channels[*job->feature / pixels], (long long)(pixel % width), (long long)(pixel / width),
         r->completeness_target, r->attribution_sum);
  if (r->completeness_target == 0 && r->attribution_sum == 0)
    printf("  it is as in the baseline, so that nothing is attributed to it\n");
  printf("  completeness error %+.2e, %.2f %% of that gradient\n", r->completeness_error,
         100 * r->completeness_relative);
}

static void print_sum(const picture_method *method, const attrib_report *r) {
  printf("  ");
  if (!isnan(r->output)) printf("f(picture) %.4f, ", r->output);
  printf("sum %.4f (%s, so no completeness)\n", r->attribution_sum,
         method->baseline == NULL ? "no baseline" : "no sum of contributions");
}

void print_result(const explanation *e) {
  const method_job *job = &e->job;
  const picture_method *method = job->method;
  const attrib_report *r = &e->report;
  char title[64], relation[160], target[sizeof e->target], remark[sizeof e->remark];
  method_job_relation(job, e->baseline.text, relation, sizeof relation);
  snprintf(title, sizeof title, "%s", method->title);
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = (char)(title[0] - 'a' + 'A');
  printf("%s of the %s of '%s'%s%s\n", title, job->options->score == SMALL_NET_LOGIT ? "logit" : "probability",
         shown_line(e->target, target, sizeof target), relation[0] == '\0' ? "" : " ", one_line(relation));
  if ((method->flags & METHOD_OF_FEATURE) != 0)
    print_feature(job, r);
  else if ((method->flags & METHOD_LAYER) != 0)
    print_layer(job, r);
  else if ((method->flags & METHOD_IDENTITY) != 0)
    print_completeness(method, r);
  else if ((method->flags & METHOD_KEEPS) != 0)
    print_kept(r, job->s->net->inputs);
  else if ((method->flags & METHOD_RANKS) != 0)
    printf("  regions ranked from 1, the first, to 0; f(picture) %.4f, completeness error of the gradients %.2f %%\n",
           r->output, 100 * r->completeness_relative);
  else
    print_sum(method, r);
  if (method_is_off(method, r)) {
    const char *remedy = method_remedy(method);
    printf("  ! the sum is off by more than 10 %%%s%s\n", remedy[0] == '\0' ? "" : ": look again with ", remedy);
  }
  if (method->run == run_noising)
    print_noising(job, r);
  else if (!isnan(r->sigma))
    printf("  %s %.4g\n",
           (method->flags & METHOD_OF_FEATURE) != 0 ? "width"
           : (method->flags & METHOD_LAYER) != 0    ? "smoothed by a sigma, in cells of the layer, of"
                                                    : "sigma",
           r->sigma);
  if (!isnan(r->objective) && (method->flags & METHOD_BACKWARDS))
    printf("  at the end of the path the outputs are %.4g from the reference's\n", r->objective);
  else if (!isnan(r->objective))
    printf("  area under its total variation %.4g, the least that was found\n", r->objective);
  if (!isnan(r->error_estimate)) {
    printf("  error estimate %.2f %% of the %s", 100 * r->error_estimate,
           (method->flags & METHOD_RANKS) != 0 ? "gradients" : "map");
    if (r->tolerance > 0) printf(", %.3g %% asked for", 100 * r->tolerance);
    printf("\n");
  }
  if (e->remark[0] != '\0') printf("  Not converged: %s\n", shown_line(e->remark, remark, sizeof remark));
  printf("  %lld gradient rows, %lld output rows, %.0f ms, %.1f MB\n", (long long)r->evaluations,
         (long long)r->output_evaluations, 1e3 * r->elapsed_seconds, (double)r->peak_bytes / 1e6);
}

void print_files(const output *o, const heat_map_style *style, const char *prefix) {
  char line[PATH_CAPACITY];
  const char *name = shown_line(prefix, line, sizeof line);
  printf("  %s_heat.png, %s_overlay.png, full colour at %.4g\n  %s.npy", name, name, style->scale, name);
  for (int i = 3; i < OUTPUT_FILES; i++)
    if (o->suffixes[i] != NULL) printf(", %s%s", name, o->suffixes[i]);
  printf("\n");
}

void print_record(const char *path) {
  char line[PATH_CAPACITY];
  printf("%s: repeat it with --replay\n", shown_line(path, line, sizeof line));
}

void print_report(const char *path) {
  char line[PATH_CAPACITY];
  printf("%s: open it in a browser\n", shown_line(path, line, sizeof line));
}
