/* consumer.c NETWORK - a C program that uses attrib_torch as its users do: integrated gradients of the quadratic
 * network of the tests, along which the midpoint rule is exact. */
#include <attrib/attrib.h>
#include <attrib/torch.h>

#include <math.h>
#include <stdio.h>

int main(int count, char **arguments) {
  const int64_t shape[] = {2, 2, 3};
  const attrib_torch_options options = {.struct_size = sizeof options, .n_dimensions = 3, .shape = shape};
  const float x[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, zeros[12] = {0};
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = zeros};
  const attrib_ig_options rule = {.struct_size = sizeof rule, .rule = ATTRIB_RULE_MIDPOINT, .points = 4};
  attrib_model model = {.struct_size = sizeof model};
  attrib_torch *network;
  char message[300];
  double attributions[12];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  if (count != 2) return 2;
  if (attrib_torch_open(arguments[1], &options, &network, message, sizeof message) < 0) {
    fprintf(stderr, "%s\n", message);
    return 1;
  }
  attrib_status status = attrib_torch_model(network, &model);
  if (status == ATTRIB_OK)
    status = attrib_integrated_gradients(NULL, &model, x, 2, &baselines, &rule, attributions, &report);
  if (status < 0) fprintf(stderr, "%s: %s\n", attrib_status_name(status), message);
  attrib_torch_close(network);
  return status == ATTRIB_OK && fabs(report.completeness_relative) < 1e-5 ? 0 : 1;
}
