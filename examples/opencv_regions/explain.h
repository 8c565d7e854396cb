/* explain.h - the attributions of regions, from a network that gives outputs alone. */
#ifndef OPENCV_REGIONS_EXPLAIN_H
#define OPENCV_REGIONS_EXPLAIN_H

#include <string>
#include <vector>

#include <attrib/attrib.h>

#include "arguments.h"
#include "choose_baseline.h"
#include "onnx_model.h"
#include "regions.h"

/* Attributions and what is said of them; report.message is `message`. */
struct explanation {
  explicit explanation(int64_t regions);
  explanation(const explanation &) = delete; /* the report points into it */
  explanation &operator=(const explanation &) = delete;

  std::vector<double> attributions;
  std::vector<char> message;
  attrib_report report{};
  attrib_status status = ATTRIB_OK;
};

/* What is explained: one output of a network at a picture, against one baseline, over regions. */
struct question {
  const float *picture;
  int64_t target;
  const attrib_baselines *baselines;
  const region_grid *grid;
  const arguments *options;
};

/* Scores of all outputs. Throws std::runtime_error with one line. */
std::vector<double> scores_of(onnx_model &net, const float *picture);

/* Integrated gradients by groups: of a model without gradients by central differences, of one with them by its own.
 * Throws std::runtime_error with one line, the model's failures by `net`'s words where it is given. */
void explain(const attrib_model &model, const question &q, const onnx_model *net, explanation *e);

#endif
