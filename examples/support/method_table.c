#include "method_table.h"

#include "method_runs.h"

enum {
  LINE = TAKES_RULE | TAKES_POINTS,
  DRAWS = TAKES_SAMPLES | TAKES_SEED | TAKES_TOLERANCE,
  NOISE = DRAWS | TAKES_SIGMA,
  SEARCHED = METHOD_IDENTITY | METHOD_BACKWARDS | METHOD_AT_MOST /* a path that ends early where it has arrived */
};
static const char line_axis[] = "alpha: 0 = baseline, 1 = picture";

/* name, title, label, what, baseline, relation, axis, rows, flags, takes, unit, variant, run. `rows` is held against
 * what a run uses by tests/examples/check_programs.sh. */
const picture_method picture_methods[] = {
    {"ig", "integrated gradients", "IG", "gradients on the straight path from a baseline, times the displacement",
     "black", "against", line_axis, 256, METHOD_IDENTITY | METHOD_AT_MOST, LINE | TAKES_TOLERANCE, UNIT_OUTPUT, 0,
     run_integral},
    {"mean-gradient", "mean gradient", "mean gradient", "the same without the displacement", "black", "against", NULL,
     256, METHOD_AT_MOST, LINE | TAKES_TOLERANCE, UNIT_GRADIENT, ATTRIB_MEAN_GRADIENT, run_integral},
    {"gradient", "gradient", "gradient", "the gradient at the picture", NULL, "", NULL, 1, 0, 0, UNIT_GRADIENT, 0,
     run_gradient},
    {"gradient-times-input", "gradient times input", "gradient x input", "the same times the pixel values", NULL, "",
     NULL, 1, 0, 0, UNIT_OUTPUT, ATTRIB_TIMES_INPUT, run_gradient},
    {"expected-gradients", "expected gradients", "exp. gradients",
     "mean over draws of a baseline and a point on the path from it", "training", "against", NULL, 289,
     METHOD_IDENTITY | METHOD_RUNNING_MEAN, DRAWS, UNIT_OUTPUT, 0, run_expected},
    {"smoothgrad", "SmoothGrad", "SmoothGrad", "mean gradient over noise around the picture", NULL, "under noise", NULL,
     51, 0, NOISE, UNIT_GRADIENT, ATTRIB_SMOOTH_MEAN, run_smoothgrad},
    {"smoothgrad-squared", "SmoothGrad-squared", "SmoothGrad-squared", "mean square of the gradient there", NULL,
     "under noise", NULL, 51, 0, NOISE, UNIT_GRADIENT_SQUARED, ATTRIB_SMOOTH_SQUARED, run_smoothgrad},
    {"vargrad", "VarGrad", "VarGrad", "variance of the gradient there", NULL, "under noise", NULL, 51, 0, NOISE,
     UNIT_GRADIENT_SQUARED, ATTRIB_SMOOTH_VARIANCE, run_smoothgrad},
    {"noised-times-input", "gradient times noised input", "noised grad. x input",
     "mean of noised picture times gradient", NULL, "under noise", NULL, 51, 0, NOISE, UNIT_OUTPUT,
     ATTRIB_SMOOTH_TIMES_INPUT, run_smoothgrad},
    {"smoothtaylor", "SmoothTaylor", "SmoothTaylor",
     "mean of gradient times displacement, from the noised picture back", NULL, "under noise", NULL, 51, 0, NOISE,
     UNIT_OUTPUT, ATTRIB_SMOOTH_TAYLOR, run_smoothgrad},
    {"guided-ig", "guided integrated gradients", "Guided IG", "a path that moves pixels of small gradient first",
     "black", "against", "alpha: 0 = baseline, 1 = picture, by the length of the guided path", 201, METHOD_IDENTITY,
     LINE, UNIT_OUTPUT, 0, run_guided},
    {"blur-ig", "blur integrated gradients", "Blur IG",
     "from the blurred picture, --sigma in pixels (10), to the sharp", NULL, "against itself blurred",
     "alpha: 0 = blurred picture, 1 = picture, by the width of the blur", 102, METHOD_IDENTITY,
     TAKES_POINTS | TAKES_SIGMA, UNIT_OUTPUT, 0, run_blur},
    {"idgi", "IDGI", "IDGI", "gains along the straight path, shared out by squares of the gradient", "black", "against",
     line_axis, 51, METHOD_IDENTITY, TAKES_POINTS, UNIT_OUTPUT, 0, run_idgi},
    {"agi", "adversarial gradient integration", "AGI",
     "paths from the picture up to every other class; published with --score probability", NULL,
     "towards other classes", "steps from the picture up to the other classes", 279, SEARCHED, LINE, UNIT_OUTPUT, 0,
     run_agi},
    {"ig2", "IG2", "IG2", "a path from the picture to training pictures of another class, by what the outputs see",
     "other-class", "towards", "steps from the picture towards the reference", 606, SEARCHED, LINE, UNIT_OUTPUT, 0,
     run_ig2},
    {"recalibrated", "recalibrated attributions", "recalib. points",
     "over several references: the points where gradient and displacement agree in sign", "uniform", "against", NULL,
     50, METHOD_KEEPS, LINE, UNIT_OUTPUT, ATTRIB_RECALIBRATE_VALID_IP, run_recalibrated},
    {"recalibrated-ref", "recalibrated attributions", "recalib. refs", "the same, whole references", "uniform",
     "against", NULL, 50, METHOD_KEEPS, LINE, UNIT_OUTPUT, ATTRIB_RECALIBRATE_VALID_REF, run_recalibrated},
    {"ig-sq", "IG-SQ", "IG-SQ", "squares of mean gradients, times the displacement", "uniform", "against", NULL, 50, 0,
     LINE, UNIT_OUTPUT_TIMES_GRADIENT, RECALIBRATE_SQUARES, run_recalibrated},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, UNIT_OUTPUT, 0, NULL}};
