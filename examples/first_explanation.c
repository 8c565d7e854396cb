/* first_explanation.c - explains one prediction of a small analytic model with integrated gradients. */
#include <attrib/attrib.h>
#include <stdio.h>

/* price = 50 area + 30 area * quality - 2 age, and its gradient, for every row of the batch. */
static int32_t price(const attrib_batch *batch, void *user) {
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *x = (const double *)batch->inputs + r * batch->input_stride;
    batch->outputs[r * batch->output_stride] = 50 * x[0] + 30 * x[0] * x[1] - 2 * x[2];
    if (batch->gradients == NULL) continue;
    double *gradient = (double *)batch->gradients + r * batch->gradient_stride;
    gradient[0] = 50 + 30 * x[1];
    gradient[1] = 30 * x[0];
    gradient[2] = -2;
  }
  return 0;
}

int main(void) {
  const char *names[3] = {"area", "quality", "age"};
  const double house[3] = {1.2, 0.8, 40}, average[3] = {1.0, 0.5, 30}; /* the baseline is yours to choose */
  double attributions[3];
  char message[256];
  attrib_model model = {
      .struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = 3, .n_outputs = 1, .evaluate = price};
  attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = average};
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};

  attrib_status status = attrib_integrated_gradients(NULL, &model, house, 0, &baselines, NULL, attributions, &report);
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", attrib_status_name(status), message);
    return 1;
  }
  printf("price %.2f against %.2f for the average house, because of\n", report.output, report.baseline_output);
  for (int i = 0; i < 3; i++) printf("  %-8s %+7.2f\n", names[i], attributions[i]);
  printf("sum %+.2f, off by %.0e of it; %lld gradients\n", report.attribution_sum, report.completeness_relative,
         (long long)report.evaluations);
  return 0;
}
