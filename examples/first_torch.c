/* first_torch.c NETWORK PICTURE [TARGET] - explains what a TorchScript network sees in a picture of its size, from
 * black; TARGET: which output, by default the largest. */
#include <attrib/attrib.h>
#include <attrib/torch.h>
#include <stdio.h>
#include <stdlib.h>

#include "image_io.h" /* of the examples: three planes of values of 0 to 1, as networks have them */

static int explain(const attrib_torch *network, const image_data *picture, const char *chosen) {
  int64_t target = 0;
  char message[400], why[400];
  attrib_model model = {.struct_size = sizeof model};
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  if (attrib_torch_model(network, &model) < 0) return 1;
  float *black = calloc((size_t)model.n_inputs, sizeof *black); /* the baseline is yours to choose */
  double *outputs = calloc((size_t)model.n_outputs, sizeof *outputs);
  double *attributions = calloc((size_t)model.n_inputs, sizeof *attributions);
  attrib_baselines rows = {.struct_size = sizeof rows, .count = 1, .rows = picture->pixels};
  attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = black};
  attrib_ig_options options = {.struct_size = sizeof options, .tolerance = 0.05}; /* 5 % of the map */
  attrib_status status = black == NULL || outputs == NULL || attributions == NULL ? ATTRIB_E_MEMORY : ATTRIB_OK;

  if (status == ATTRIB_OK) status = attrib_outputs(NULL, &model, &rows, ATTRIB_NO_TARGET, NULL, outputs, &report);
  char *end = NULL;
  if (chosen != NULL) target = strtoll(chosen, &end, 10);
  if (end != NULL && (end == chosen || *end != 0)) target = -1; /* refused, as every other number out of range */
  for (int64_t k = 0; k < model.n_outputs && chosen == NULL && status == ATTRIB_OK; k++)
    target = outputs[k] > outputs[target] ? k : target;
  if (status == ATTRIB_OK)
    status =
        attrib_integrated_gradients(NULL, &model, picture->pixels, target, &baselines, &options, attributions, &report);
  if (status < 0) {
    attrib_torch_error(network, why, sizeof why); /* where the network itself failed */
    fprintf(stderr, "%s: %s%s%s\n", attrib_status_name(status), message, *why ? ": " : "", why);
  } else {
    printf("output %lld: %.4f, for black %.4f; attributions sum to %.4f, off by %.1f %%\n", (long long)target,
           report.output, report.baseline_output, report.attribution_sum, 100 * report.completeness_relative);
    printf("error of the map about %.1f %%, after %lld gradients%s\n", 100 * report.error_estimate,
           (long long)report.evaluations, status == ATTRIB_NOT_CONVERGED ? ": not converged" : "");
  }
  free(black);
  free(outputs);
  free(attributions);
  return status < 0;
}

int main(int count, char **arguments) {
  char message[FILE_MESSAGE_CAPACITY];
  image_data picture = {0};
  attrib_torch *network = NULL;
  if (count < 3 || count > 4 || image_load(arguments[2], &picture, message, sizeof message) != 0) {
    fprintf(stderr, "%s\n", count < 3 || count > 4 ? "usage: first_torch NETWORK PICTURE [TARGET]" : message);
    return 1;
  }
  const int64_t shape[] = {3, picture.height, picture.width};
  attrib_torch_options options = {.struct_size = sizeof options, .n_dimensions = 3, .shape = shape};
  int failed = attrib_torch_open(arguments[1], &options, &network, message, sizeof message) < 0;
  if (failed)
    fprintf(stderr, "%s\n", message);
  else
    failed = explain(network, &picture, arguments[3]); /* NULL without one */
  attrib_torch_close(network);
  image_free(&picture);
  return failed;
}
