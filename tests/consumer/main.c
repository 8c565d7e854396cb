/* A C program that uses the library as its users do: integrated gradients of x1 x2 from the origin to (1, 1). */
#include <attrib/attrib.h>

#include <math.h>
#include <stdio.h>

static int32_t ATTRIB_CALL product(const attrib_batch *batch, void *user) {
  const double *inputs = (const double *)batch->inputs;
  double *gradients = (double *)batch->gradients;
  (void)user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *x = inputs + r * batch->input_stride;
    batch->outputs[r * batch->output_stride] = x[0] * x[1];
    if (gradients == NULL) continue;
    gradients[r * batch->gradient_stride] = x[1];
    gradients[r * batch->gradient_stride + 1] = x[0];
  }
  return 0;
}

int main(void) {
  const double input[2] = {1, 1}, black[2] = {0, 0};
  const attrib_model model = {.struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = 2, .evaluate = product};
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = black};
  const attrib_context_options options = {.struct_size = sizeof options, .workers = 2};
  char message[200];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  attrib_context *context;
  double a[2];

  if (attrib_version() != (ATTRIB_VERSION_MAJOR << 16 | ATTRIB_VERSION_MINOR << 8 | ATTRIB_VERSION_PATCH)) {
    fprintf(stderr, "header and library are of different versions\n");
    return 1;
  }
  if (attrib_context_create(&options, &context) < 0) return 1;
  attrib_status status = attrib_integrated_gradients(context, &model, input, 0, &baselines, NULL, a, &report);
  attrib_context_destroy(context);
  if (status != ATTRIB_OK) {
    fprintf(stderr, "%s: %s\n", attrib_status_name(status), message);
    return 1;
  }
  if (fabs(a[0] - 0.5) > 1e-12 || fabs(a[1] - 0.5) > 1e-12) {
    fprintf(stderr, "(%.17g, %.17g) instead of (1/2, 1/2)\n", a[0], a[1]);
    return 1;
  }
  return 0;
}
